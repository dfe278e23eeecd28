import type { GanRun, RunStatus } from '@stillpoint/tracking';
import type { Arrow, Course, Trial, TrialEvent } from './trial.js';

/** A trial with what it has reported so far. */
export interface TrialRecord<T extends Trial = Trial> {
  readonly trial: T;
  engine: string;
  version: string;
  /** Which engine runs it, in one line. */
  about: string;
  fraction: number;
  status: RunStatus | 'waiting' | 'running';
  message: string;
  steps: number;
  oracleCalls: number;
  seconds: number | null;
  readonly measures: GanRun['measures'][number][];
  readonly players: GanRun['players'][number][];
  /** The latest picture of its samples, a PNG in base64. */
  picture?: { readonly calls: number; readonly png: string };
  readonly snapshots: GanRun['snapshots'][number][];
  /** Of a game: how far it has come. */
  course?: Course;
  /** Of a field. */
  arrows: readonly Arrow[];
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
    steps: 0,
    oracleCalls: 0,
    seconds: null,
    measures: [],
    players: [],
    snapshots: [],
    arrows: [],
  };
}

/** Whether a trial has ended, in whatever way. */
export const ended = ({ status }: TrialRecord): boolean => status !== 'waiting' && status !== 'running';

/** How a trial that has begun ended; one that still runs, as what it is if nothing more is heard of it. */
export function endOf({ status, message }: TrialRecord): {
  readonly status: RunStatus;
  readonly message: string;
} {
  return status === 'waiting' || status === 'running'
    ? { status: 'stopped', message: 'Had not ended when this was written.' }
    : { status, message };
}

/** Enters what a trial reports into its record. */
export function enter(record: TrialRecord, event: TrialEvent): void {
  switch (event.kind) {
    case 'begin': {
      const { engine, version, about } = event;
      return void Object.assign(record, { engine, version, about });
    }
    case 'progress': {
      const { fraction, steps, oracleCalls, seconds } = event;
      return void Object.assign(record, { fraction, steps, oracleCalls, seconds });
    }
    case 'measure':
      return void record.measures.push({ calls: event.calls, values: event.values });
    case 'players': {
      const { calls, losses, gradientNorms, rotations } = event;
      return void record.players.push({ calls, losses, gradientNorms, rotations });
    }
    case 'picture':
      return void (record.picture = { calls: event.calls, png: event.png });
    case 'snapshot':
      return void record.snapshots.push(event.snapshot);
    case 'course':
      return void (record.course = event.course);
    case 'arrows':
      return void (record.arrows = event.arrows);
    case 'end': {
      const { status, message, steps, oracleCalls, seconds } = event;
      Object.assign(record, { fraction: 1, status, message, steps, oracleCalls, seconds });
    }
  }
}
