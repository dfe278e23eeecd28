import { finished, type RunStatus } from '@stillpoint/tracking';
import { listed } from '../labels.js';

/** A run as a sentence needs it. Runs on a game have no seed. */
export interface Named {
  readonly label: string;
  readonly seed?: number;
}
interface Ended extends Named {
  readonly status: RunStatus;
  readonly message: string;
}

const numerals = ['no', 'one', 'two', 'three', 'four'];
const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** `Two runs`, `One seed`. */
export const count = (n: number, noun: string): string =>
  capital(`${numerals[n] ?? n} ${noun}${n === 1 ? '' : 's'}`);

/** `adam (seeds 1 and 2) and gda (seed 1)`; labels alone where there are no seeds. */
export function named(runs: readonly Named[]): string {
  const labels = [...new Set(runs.map(({ label }) => label))];
  return listed(
    labels.map((label) => {
      const seeds = runs.flatMap((run) =>
        run.label === label && run.seed !== undefined ? [String(run.seed)] : [],
      );
      return seeds.length === 0 ? label : `${label} (seed${seeds.length === 1 ? '' : 's'} ${listed(seeds)})`;
    }),
  );
}

/** Sentences on the runs that say nothing about their methods: failed, stopped, or never begun. */
export function unfinished(runs: readonly Ended[], waiting: readonly Named[] = []): string[] {
  const failed = runs.filter(({ status }) => status === 'failed');
  const stopped = runs.filter(({ status }) => status === 'stopped');
  const each = failed.map(
    ({ label, seed, message }) => `${label}${seed === undefined ? '' : `, seed ${seed}`} (${bare(message)})`,
  );
  const were = (list: readonly Named[]): string =>
    `${count(list.length, 'run')} ${list.length === 1 ? 'was' : 'were'}`;
  return [
    ...(failed.length > 0 ? [`${count(failed.length, 'run')} did not finish: ${listed(each)}.`] : []),
    ...(stopped.length > 0 ? [`${were(stopped)} stopped before the end: ${named(stopped)}.`] : []),
    ...(waiting.length > 0 ? [`${were(waiting)} never begun: ${named(waiting)}.`] : []),
  ];
}
const bare = (message: string): string => message.replace(/\.$/, '');

/** Whether any run failed, was stopped or never began. */
export const incomplete = (runs: readonly Ended[], waiting: readonly Named[]): boolean =>
  waiting.length > 0 || !runs.every(finished);
