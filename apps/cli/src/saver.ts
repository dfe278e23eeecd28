import { ended, type TrialRecord } from '@stillpoint/experiments';
import { messageOf } from '@stillpoint/operators';
import { say } from './say.js';

/** Writes results while runs go on. */
export interface Saver<T> {
  /** To be called on progress; `value` is what is written if it is time. */
  now(records: readonly TrialRecord[], value: T): void;
  /** Stops writing. */
  end(): void;
}

/** Milliseconds between two versions while no run ends, and the least between two versions if runs do. */
const EVERY_MS = 3000;
const LEAST_MS = 1000;

/**
 * Writes results while runs go on, so that a program that is killed leaves what was done: soon after a run
 * has ended, and every three seconds otherwise, but for at most a twentieth of the time. An error is reported
 * once; the end of the comparison writes again.
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
  const timer = setInterval(look, LEAST_MS).unref(); // a run may report nothing for a long time
  return {
    now(records, value) {
      latest = { count: records.filter(ended).length, value };
      look();
    },
    end: () => clearInterval(timer),
  };
}
