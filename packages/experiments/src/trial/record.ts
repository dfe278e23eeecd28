import { emptyLedger, type Ledger, type Prices } from '@stillpoint/operators';
import type { Arrow, Run, RunStatus, Snapshot } from '@stillpoint/tracking';
import type { Trial, TrialEvent } from './trial.js';

type Growing = { readonly x: number[]; readonly y: (number | null)[] };

/** A trial with what it has reported so far. */
export interface TrialRecord<T extends Trial = Trial> {
  readonly trial: T;
  /** The seed of the trial that was run, if this is a copy of its record. */
  readonly copyOf?: number;
  engine: string;
  version: string;
  /** The engine that runs it, in one line. */
  about: string;
  /** The prices of what it asked, and the terms of the problem, as far as the trial has reported them. */
  prices?: Partial<Prices>;
  terms?: number;
  fraction: number;
  status: RunStatus | 'waiting' | 'running';
  message: string;
  ledger: Ledger;
  calls: number;
  seconds: number | null;
  values: Run['values'];
  figures?: Run['figures'];
  /** Series that are reported whole. */
  whole: Run['series'];
  /** Series that are reported point by point. */
  readonly growing: { [name: string]: Growing };
  claims: Run['claims'];
  /** The latest picture of the run's samples, a PNG in base64. */
  picture?: { readonly calls: number; readonly png: string };
  readonly pictures: Snapshot[];
  /** The arrows of a `field` trial. */
  arrows: readonly Arrow[];
  /** The checkpoint of a `local` trial, in base64. */
  local?: string;
}

/** The record of a trial that has not begun. */
export function recordOf<T extends Trial>(trial: T): TrialRecord<T> {
  return {
    trial,
    engine: '',
    version: '',
    about: '',
    fraction: 0,
    status: 'waiting',
    message: '',
    ledger: emptyLedger(0),
    calls: 0,
    seconds: null,
    values: {},
    whole: {},
    growing: {},
    claims: [],
    pictures: [],
    arrows: [],
  };
}

/**
 * The records of every method with every seed, of those of the trials that were run: all methods with seed 1,
 * then those that draw with each other seed. A method that does not draw has its run's record, as a copy.
 */
export function forEverySeed<T extends Trial & { readonly seed: number | null }>(
  records: readonly TrialRecord<T>[],
  draws: readonly boolean[],
): readonly TrialRecord<T>[] {
  if (records.length <= draws.length) return records;
  const every: TrialRecord<T>[] = [];
  let next = 0;
  for (let seed = 1; next < records.length; seed++)
    for (const [i, draw] of draws.entries()) {
      const own = seed === 1 || draw ? records[next++] : undefined;
      const first = records[i]!;
      every.push(own ?? { ...first, trial: { ...first.trial, seed }, copyOf: 1 });
    }
  return every;
}

/** All series of a record. */
export const seriesOf = ({ whole, growing }: TrialRecord): Run['series'] => ({ ...whole, ...growing });

/** Whether a trial has ended, in whatever way. */
export const ended = ({ status }: TrialRecord): boolean => status !== 'waiting' && status !== 'running';

/** How a trial ended. One that is still running counts as stopped: a report may be all that is left of it. */
export function endOf({ status, message }: TrialRecord): {
  readonly status: RunStatus;
  readonly message: string;
} {
  return status === 'waiting' || status === 'running'
    ? { status: 'stopped', message: 'Had not ended when this was written.' }
    : { status, message };
}

/** Enters a trial's event into its record. */
export function enter(record: TrialRecord, event: TrialEvent): void {
  switch (event.kind) {
    case 'begin': {
      const { engine, version, about, terms } = event;
      return void Object.assign(record, { engine, version, about, terms });
    }
    case 'prices':
      return void (record.prices = event.prices);
    case 'progress': {
      const { fraction, ledger, calls, seconds } = event;
      return void Object.assign(record, { fraction, ledger, calls, seconds });
    }
    case 'points': {
      for (const [name, value] of Object.entries(event.values)) {
        const series = (record.growing[name] ??= { x: [], y: [] });
        series.x.push(event.calls);
        series.y.push(value);
      }
      return;
    }
    case 'picture':
      return void (record.picture = { calls: event.calls, png: event.png });
    case 'snapshot':
      return void record.pictures.push(event.snapshot);
    case 'course': {
      const { values, series, claims } = event.course;
      return void Object.assign(record, { values, whole: series, claims });
    }
    case 'kept':
      return; // whoever runs the trial keeps it
    case 'local':
      return void (record.local = event.checkpoint);
    case 'arrows':
      return void (record.arrows = event.arrows);
    case 'end': {
      const { kind: _, ...end } = event;
      Object.assign(record, { fraction: 1, ...end });
    }
  }
}
