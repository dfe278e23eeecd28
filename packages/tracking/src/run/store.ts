import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, decodeCheckpoint, messageOf } from '@stillpoint/operators';
import { headOfBytes, readHead, type CheckpointAt, type Head } from './entry.js';
import { FILES, checkpointName, part, stepOf } from './layout.js';

/** By which value of a row the best checkpoint is chosen. */
export interface Best {
  readonly metric: string;
  readonly better: 'lower' | 'higher';
}

/** A checkpoint of a run. */
export interface CheckpointEntry extends CheckpointAt {
  /** Its path within the run: `checkpoints/step-000000123.safetensors`. */
  readonly file: string;
  /** Whether it was marked as good. */
  readonly good: boolean;
  /** Whether it is the best of all by the run's metric. Of equal ones the first is. */
  readonly best: boolean;
}

/** A checkpoint that was read. */
export interface FoundCheckpoint {
  /** The content of its file, for `decodeCheckpoint`. */
  readonly bytes: Uint8Array;
  readonly entry: CheckpointEntry;
  /** The checkpoints that would have been returned instead if they were not damaged, in words. */
  readonly damaged: readonly string[];
}

/**
 * The checkpoints of a run, to read. What is found was decoded: sizes, names and checksum are right. The
 * functions that find one throw an InputError if there is none that is not damaged.
 */
export interface CheckpointStore {
  /** Whether there is no file of a checkpoint, not even a damaged one. */
  isEmpty(): boolean;
  /** All, in the order of steps; those whose header is damaged are left out. */
  list(): readonly CheckpointEntry[];
  /** The newest. */
  latest(): FoundCheckpoint;
  /** The best by the run's metric; if that is damaged, the next best. */
  best(): FoundCheckpoint;
  /**
   * The newest that was marked as good. If there is none, then the newest of those before one that was
   * marked, or else of all; its `entry.good` is false.
   */
  lastGood(): FoundCheckpoint;
  /** The one of this step. */
  at(step: number): FoundCheckpoint;
}

/** A file in the folder of checkpoints. */
export interface Stored {
  readonly step: number;
  /** What its header says; the reason as text if it is damaged. */
  readonly head: Head | string;
  readonly good: boolean;
}

const ENDING = '.safetensors';
const MARK = '.good';
/** The name of a checkpoint's file. */
export const fileName = (step: number): string => checkpointName(step) + ENDING;
/** The name of the file that marks a checkpoint as good. It holds the checkpoint's checksum. */
export const markName = (step: number): string => checkpointName(step) + MARK;
/** The step of a mark's name; undefined if the name is none. */
export const stepOfMark = (name: string): number | undefined => stepOf(name, markName);

/** A mark holds for one content: not for another that has taken its place at the same step. */
function isMarked(root: string, step: number, checksum: string): boolean {
  try {
    const path = part(root, 'file', FILES.checkpoints, markName(step));
    return lstatSync(path).size < 100 && readFileSync(path, 'utf8').trim() === checksum;
  } catch {
    return false; // there is none, or it is a folder or a link
  }
}

/** The checkpoints on the disk, in the order of steps. The files alone say what there is. */
export function scan(root: string): Stored[] {
  const folder = part(root, 'folder', FILES.checkpoints);
  if (!lstatSync(folder, { throwIfNoEntry: false })) return [];
  return readdirSync(folder)
    .map((name) => stepOf(name, fileName))
    .filter((step) => step !== undefined)
    .sort((a, b) => a - b)
    .map((step): Stored => {
      try {
        const path = part(root, 'file', FILES.checkpoints, fileName(step));
        const head = readHead(path);
        if (head.step !== step)
          throw new InputError(`${path}: it is the checkpoint of step ${head.step}, by another name`);
        return { step, head, good: isMarked(root, step, head.checksum) };
      } catch (cause) {
        return { step, head: messageOf(cause), good: false };
      }
    });
}

/** Whether a stored file's header is whole. */
export const isWhole = (stored: Stored): stored is Stored & { readonly head: Head } =>
  typeof stored.head !== 'string';

/** The steps of whole checkpoints whose metric is a number, the best first; of equal ones, the first made. */
function byMetric(stored: readonly Stored[], best: Best | undefined): readonly number[] {
  if (best === undefined) return [];
  const sign = best.better === 'lower' ? 1 : -1;
  return stored
    .filter(isWhole)
    .flatMap(({ step, head: { values } }) => {
      const value = Object.hasOwn(values, best.metric) ? values[best.metric] : undefined;
      return typeof value === 'number' ? [{ step, value: sign * value }] : [];
    })
    .sort((a, b) => a.value - b.value || a.step - b.step)
    .map(({ step }) => step);
}

/** The steps of checkpoints that rotation removes: all but the last `keep`, the best and the last good. */
export function rotated(stored: readonly Stored[], keep: number, best: Best | undefined): readonly number[] {
  const whole = stored.filter(isWhole);
  const kept = new Set([
    ...whole.slice(-keep).map(({ step }) => step),
    ...byMetric(whole, best).slice(0, 1),
    ...whole
      .filter(({ good }) => good)
      .slice(-1)
      .map(({ step }) => step),
  ]);
  return whole.map(({ step }) => step).filter((step) => !kept.has(step));
}

/** What was stored as a list of whole checkpoints. */
export function entries(stored: readonly Stored[], best: Best | undefined): CheckpointEntry[] {
  const [first] = byMetric(stored, best);
  return stored.filter(isWhole).map(({ step, head: { calls, values }, good }) => ({
    step,
    calls,
    values,
    file: `${FILES.checkpoints}/${fileName(step)}`,
    good,
    best: step === first,
  }));
}

/** The checkpoints of the run in a folder, to read. */
export function storeOf(root: string, best: Best | undefined): CheckpointStore {
  const folder = join(root, FILES.checkpoints);
  /** The first of these steps that decodes. `what` says in an error what was looked for. */
  const first = (stored: readonly Stored[], steps: readonly number[], what: string): FoundCheckpoint => {
    const damaged: string[] = [];
    for (const step of steps) {
      const found = stored.find((file) => file.step === step);
      if (found === undefined) continue;
      if (typeof found.head === 'string') {
        damaged.push(found.head);
        continue;
      }
      try {
        const path = part(root, 'file', FILES.checkpoints, fileName(step));
        const bytes = readFileSync(path);
        headOfBytes(bytes, path); // it may have been replaced since the scan
        decodeCheckpoint(bytes, path);
        const entry = entries(stored, best).find((one) => one.step === step);
        if (entry !== undefined) return { bytes, entry, damaged };
      } catch (cause) {
        damaged.push(messageOf(cause));
      }
    }
    const there = stored.map(({ step }) => step).slice(-8);
    const why =
      damaged.length > 0
        ? `; what there is is damaged: ${damaged.slice(0, 3).join('; ')}`
        : there.length === 0
          ? ': it has none yet'
          : `; there are those of the steps ${there.join(', ')}`;
    throw new InputError(`${folder} has no ${what}${why}`);
  };
  const newest = (stored: readonly Stored[]): readonly number[] =>
    stored.map(({ step }) => step).toReversed();
  return {
    isEmpty: () => scan(root).length === 0,
    list: () => entries(scan(root), best),
    latest() {
      const stored = scan(root);
      return first(stored, newest(stored), 'checkpoint');
    },
    best() {
      if (best === undefined)
        throw new InputError(`${root}: the run has no metric by which a checkpoint is best; expected one`);
      const stored = scan(root);
      return first(stored, byMetric(stored, best), `checkpoint with a number as ${best.metric}`);
    },
    lastGood() {
      const stored = scan(root);
      const good = stored.filter((file) => file.good);
      const last = good.at(-1)?.step ?? Infinity;
      const rank = ({ step, good: marked }: Stored): number => (marked ? 0 : step < last ? 1 : 2);
      const order = stored.toSorted((a, b) => rank(a) - rank(b) || b.step - a.step);
      return first(
        stored,
        order.map(({ step }) => step),
        'checkpoint',
      );
    },
    at(step) {
      return first(scan(root), [step], `checkpoint of step ${step}`);
    },
  };
}
