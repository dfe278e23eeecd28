import { existsSync, lstatSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  InputError,
  decodeCheckpoint,
  encodeCheckpoint,
  messageOf,
  type Checkpoint,
  type Data,
  type State,
} from '@stillpoint/operators';
import type { Measure } from '@stillpoint/tracking';
import {
  createRun,
  openRun,
  readRun,
  takeLock,
  type Beginning,
  type RunDirectory,
  type RunRecord,
} from '@stillpoint/tracking/run';
import { readEvents } from './messages.js';
import { enter, recordOf, type TrialRecord } from './record.js';
import type { Keep, Trial, TrialEvent } from './trial.js';

// A trial's folder is a run directory. Each of its checkpoints holds the events that were reported before it:
// to read a trial is to report them again, and to continue one is to do that and then to go on.

/** The file of what the trial's numbers depend on; a run's own identity is that of its problem. */
const IDENTITY = 'trial.json';

/** Where in a trial something is. */
export interface At {
  readonly step: number;
  readonly calls: number;
  readonly seconds: number;
}

/** Measured values by name. */
export type RunValues = { readonly [name: string]: Measure };

/** What a trial kept with its last checkpoint. */
interface Kept {
  readonly from: Checkpoint<State>;
  readonly events: readonly TrialEvent[];
  readonly seconds: number;
  /** What the players' record held. */
  readonly record: Data | undefined;
  /** All that it kept, by name. */
  readonly more: { readonly [key: string]: Data | undefined };
}

/** What keeps a trial: a folder, or who runs it. */
export interface TrialFolder {
  /** What was kept before; undefined if the trial begins. */
  readonly before: Kept | undefined;
  /** Keeps an event that is part of the trial's record. */
  keep(event: TrialEvent, at: At): void;
  /** Keeps values of the trial that none of its events has. */
  values(at: At, values: RunValues): void;
  /** Keeps a picture of what the trial generates. */
  picture(at: At, png: Uint8Array, size: { readonly width: number; readonly height: number }): void;
  /** Whether it is time for a checkpoint. */
  due(): boolean;
  /** Writes a checkpoint with all events so far. */
  save(checkpoint: Checkpoint<State>, at: At, record: Data): void;
  /** Why nothing is kept any more, as after a full disk, which ends no trial; undefined while all is kept. */
  lost(): string | undefined;
  close(): void;
}

/** What a checkpoint of a trial holds; undefined if it is damaged, and the trial is to be run again. */
export function keptAs(checkpoint: () => Uint8Array): Kept | undefined {
  try {
    const from = decodeCheckpoint(checkpoint());
    const more: { readonly [key: string]: Data | undefined } = Object(from.run);
    const { events, seconds, record } = more;
    if (typeof events !== 'string' || typeof seconds !== 'number') return undefined;
    return { from, events: readEvents(events), seconds, record, more };
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** The newest checkpoint of a run with its events; undefined if there is none that is whole. */
function keptIn({ checkpoints }: RunRecord): Kept | undefined {
  try {
    return checkpoints.list().length === 0 ? undefined : keptAs(() => checkpoints.latest().bytes);
  } catch (error) {
    if (error instanceof InputError) return undefined; // something else lies in the place of its files
    throw error;
  }
}

/** The run in a trial's folder, to read; undefined if there is none, or it is damaged or of another trial. */
function runAt({ path, identity }: Keep): RunRecord | undefined {
  if (!existsSync(join(path, 'run.json'))) return undefined;
  try {
    const file = join(path, IDENTITY);
    return existsSync(file) && readFileSync(file, 'utf8') === identity ? readRun(path) : undefined;
  } catch (error) {
    // EISDIR: a folder in its place
    if (error instanceof InputError || isSystemError(error)) return undefined;
    throw error;
  }
}

/** Whether an error, or what caused it, is one of the system's, as ENOSPC. */
const isSystemError = (error: unknown): boolean =>
  error instanceof Error && (('code' in error && 'syscall' in error) || isSystemError(error.cause));

/** Whether a trial's folder holds a run of that trial. */
export const isRunOf = (keep: Keep): boolean => runAt(keep) !== undefined;

/** The record of a trial that has ended, as its folder holds it; undefined if it has not. */
export function endedTrial<T extends Trial>(trial: T, keep: Keep): TrialRecord<T> | undefined {
  const run = runAt(keep);
  const kept = run && keptIn(run);
  if (kept?.events.at(-1)?.kind !== 'end') return undefined;
  const record = recordOf(trial);
  for (const event of kept.events) enter(record, event);
  return record;
}

/**
 * The trial's run, to write, with what it holds to go on from; undefined if there is no such run, or it is
 * damaged. @throws InputError if another process writes it.
 */
function opened(keep: Keep): { readonly run: RunDirectory; readonly before: Kept | undefined } | undefined {
  if (runAt(keep) === undefined) return undefined;
  for (const name of ['checkpoints', 'samples', 'tensorboard'])
    if (lstatSync(join(keep.path, name), { throwIfNoEntry: false })?.isDirectory() === false)
      return undefined;
  const run = openRun(keep.path);
  const before = keptIn(run);
  run.rewind(before?.from.ledger.steps ?? 'start');
  return { run, before };
}

/**
 * Removes what lies in the place of a trial's folder. It is moved away first, so that a process that is
 * killed leaves nothing there that is half removed. @throws InputError if another process writes it.
 */
function clearTrial({ path }: Keep): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  const lock = found.isDirectory() ? takeLock(path) : undefined;
  try {
    const aside = `${path}.removed`;
    rmSync(aside, { recursive: true, force: true });
    renameSync(path, aside);
    rmSync(aside, { recursive: true, force: true });
  } finally {
    lock?.release();
  }
}

/** What keeps nothing, and says why. */
function keepingNothing(why: string): TrialFolder {
  const nothing = (): void => {};
  return {
    before: undefined,
    keep: nothing,
    values: nothing,
    picture: nothing,
    due: () => false,
    save: nothing,
    lost: () => why,
    close: nothing,
  };
}

/** Seconds between two checkpoints. */
const EVERY_SECONDS = 30;

/**
 * Opens a trial's folder, and begins the trial anew where it holds nothing to continue from. If it cannot be
 * written, as on a full disk, nothing is kept.
 * @throws InputError if another process writes it.
 */
export function openTrial(keep: Keep, beginning: Beginning): TrialFolder {
  let run: RunDirectory | undefined;
  try {
    const found = opened(keep);
    run = found?.run ?? newRun(keep, beginning);
    const before = found?.before;
    const to = writingTo(run);
    if (before === undefined) to.begun(0, 'A run of a comparison.');
    else to.resumed(before.from.ledger.steps, 'The comparison went on.');
    return keeping(before, keep.everySeconds, to);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    try {
      run?.close(); // gives its lock back
    } catch {
      // as full as before
    }
    return keepingNothing(messageOf(error));
  }
}

/** A new folder of a trial, in the place of what is there. */
export function newRun(keep: Keep, beginning: Beginning): RunDirectory {
  clearTrial(keep);
  return createRun(keep.path, { ...beginning, files: { [IDENTITY]: keep.identity } }, { keep: 1 });
}

/** Writes what a trial keeps to a run directory. */
export function writingTo(run: RunDirectory): Writing & {
  readonly begun: (step: number, message: string) => void;
  readonly resumed: (step: number, message: string) => void;
} {
  const note = (kind: 'begun' | 'resumed' | 'ended', step: number, message: string, data?: object): void =>
    run.note({ step, kind, message, time: new Date().toISOString(), ...(data && { data }) });
  return {
    begun: (step, message) => note('begun', step, message),
    resumed: (step, message) => note('resumed', step, message),
    note(event, { step, calls, seconds }) {
      if (event.kind === 'points') run.record({ step, calls, seconds, values: event.values });
      if (event.kind === 'end') note('ended', step, event.message, { status: event.status });
    },
    values: (at, values) => run.record({ ...at, values }),
    picture: ({ step, calls }, png, size) => run.picture({ step, calls }, png, size),
    more: () => ({}),
    checkpoint: (bytes, { step, calls }) => run.checkpoint(bytes, { step, calls, values: {} }),
    close: () => run.close(),
  };
}

/** Where what is kept is written to. */
interface Writing {
  note(event: TrialEvent, at: At): void;
  values: TrialFolder['values'];
  picture: TrialFolder['picture'];
  /** What else a checkpoint holds. */
  more(): { readonly [name: string]: Data };
  checkpoint(bytes: Uint8Array, at: At): void;
  close(): void;
}

/** What a trial reports only while it runs, and is no part of its record. */
export const passing: readonly TrialEvent['kind'][] = ['picture', 'progress', 'kept'];

/** Keeps a trial’s events, all of them with each checkpoint. */
export function keeping(
  before: Kept | undefined,
  everySeconds: number | undefined,
  writing: Writing,
): TrialFolder {
  const events = [...(before?.events ?? [])];
  let [saved, cost] = [performance.now(), 0];
  let lost: string | undefined;
  /** Writes, unless that failed before. An InputError is a mistake of the caller's, not of the disk. */
  const attempt = (write: () => void): void => {
    if (lost !== undefined) return;
    try {
      write();
    } catch (error) {
      if (error instanceof InputError) throw error;
      lost = messageOf(error);
    }
  };
  return {
    before,
    keep: (event, at) =>
      attempt(() => {
        if (passing.includes(event.kind)) return;
        events.push(event);
        writing.note(event, at);
      }),
    values: (at, values) => attempt(() => writing.values(at, values)),
    picture: (at, png, size) => attempt(() => writing.picture(at, png, size)),
    due: () => performance.now() - saved >= Math.max(1000 * (everySeconds ?? EVERY_SECONDS), 100 * cost),
    save: (checkpoint, at, record) =>
      attempt(() => {
        const begun = performance.now();
        const run = { ...writing.more(), seconds: at.seconds, record, events: JSON.stringify(events) };
        writing.checkpoint(encodeCheckpoint({ ...checkpoint, run }), at);
        saved = performance.now();
        cost = saved - begun;
      }),
    lost: () => lost,
    close() {
      try {
        writing.close();
      } catch (error) {
        lost ??= messageOf(error); // all that matters is in the checkpoints
      }
    },
  };
}

/** What passes a trial’s events on, and keeps those that are part of its record. */
export interface Reporting {
  readonly report: (event: TrialEvent) => void;
  /** Ends the keeping: what is measured after a stop is no part of the run that goes on. */
  release(): void;
  /** Why the folder holds less than the trial, in words; empty if it holds all. */
  lost(): readonly string[];
  /** Writes the checkpoint with which the trial ended, unless it was released. */
  end(checkpoint: Checkpoint<State>, record: Data): void;
}

/** Reports what a folder held before, and then keeps what is reported. @param at where the trial is. */
export function reporting(
  folder: TrialFolder | undefined,
  pass: (event: TrialEvent) => void,
  at: () => At,
): Reporting {
  let kept = folder;
  for (const event of folder?.before?.events ?? []) pass(event);
  return {
    report(event) {
      kept?.keep(event, at());
      pass(event);
    },
    release() {
      kept = undefined;
    },
    lost() {
      const why = folder?.lost();
      return why === undefined ? [] : [`its folder could not be written, so that it cannot go on: ${why}`];
    },
    end: (checkpoint, record) => kept?.save(checkpoint, at(), record),
  };
}
