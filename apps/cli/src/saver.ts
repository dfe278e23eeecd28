import { ended, type TrialRecord } from '@stillpoint/experiments';
import { messageOf } from '@stillpoint/operators';
import { say } from './say.js';

/** Writes results on the way. */
export interface Saver<T> {
  /** How far all is. `value` is what would be written. */
  now(records: readonly TrialRecord[], value: T): void;
  /** Nothing more is written. */
  end(): void;
}

/**
 * Milliseconds between two versions while runs only go on; at least so many also where one ends after
 * another.
 */
const EVERY_MS = 3000;
const LEAST_MS = 1000;

/**
 * Writes results on the way, so that a program that is killed leaves what it did: soon after a run has ended,
 * and now and then while runs go on. Never for more than a twentieth of the time. What cannot be written is
 * said once; the end tries again.
 */
export function saver<T>(write: (value: T) => void): Saver<T> {
  let [at, cost, done] = [performance.now(), 0, -1];
  let failed = false;
  let latest: { readonly count: number; readonly value: T } | undefined;
  const look = (): void => {
    if (latest === undefined) return;
    const { count, value } = latest;
    const begun = performance.now();
    if (begun - at < Math.max(count === done ? EVERY_MS : LEAST_MS, 20 * cost)) return;
    try {
      write(value);
    } catch (error) {
      if (!failed)
        say(`${process.stderr.isTTY ? '\r\x1b[2K' : ''}Not saved on the way: ${messageOf(error)}\n`);
      failed = true;
    }
    at = performance.now();
    [cost, done] = [at - begun, count];
  };
  const timer = setInterval(look, LEAST_MS).unref(); // a run may report nothing for long
  return {
    now(records, value) {
      latest = { count: records.filter(ended).length, value };
      look();
    },
    end: () => clearInterval(timer),
  };
}
