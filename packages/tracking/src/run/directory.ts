import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, isFiniteVector, shown, shortened, type Vector } from '@stillpoint/operators';
import { openEvents, type EventFile } from '../files/events.js';
import { settle, wholeName, writePieces, writeWhole } from '../files/whole.js';
import type { EventValue } from '../tensorboard/event.js';
import { histogramOf } from '../tensorboard/histogram.js';
import { pngHead } from '../tensorboard/image.js';
import { asCheckpointAt, withEntry, type CheckpointAt } from './entry.js';
import { isObject } from './json.js';
import { FILES, FOLDERS, INDEX, LATEST, PICTURES, part, pictureName, stepOf } from './layout.js';
import { hasLock, type Lock } from './lock.js';
import { ledger } from './ledger.js';
import type { About, RunRecord } from './record.js';
import { writeTable } from './table.js';
import {
  asAt,
  asNote,
  asPictureLine,
  asRow,
  checkStep,
  type At,
  type MetricsRow,
  type RunNote,
} from './rows.js';
import { entries, fileName, isWhole, markName, rotated, scan, stepOfMark, type Stored } from './store.js';

/** A run's folder, to write; one process at a time has it. */
export interface RunDirectory extends RunRecord {
  /**
   * Goes back to a step: drops the rows, pictures and checkpoints after it, and in TensorBoard the events.
   * The run goes on from there, and would otherwise be resumed from a checkpoint that is no longer its own.
   * `start` drops those of step 0, too, for a run that begins again. Notes stay.
   */
  rewind(step: number | 'start'): void;
  /** Adds a row to `metrics.jsonl`, and its values to TensorBoard's scalars. */
  record(row: MetricsRow): void;
  /** Adds a note to `notes.jsonl`. */
  note(note: RunNote): void;
  /** Adds a PNG file of these sizes to `samples`, and to TensorBoard's images. */
  picture(at: At, png: Uint8Array, size: { readonly width: number; readonly height: number }): void;
  /** Replaces `samples/latest.png`. */
  live(png: Uint8Array): void;
  /** Adds TensorBoard histograms; a tensor that is empty or not finite is left out. */
  histograms(step: number, tensors: { readonly [name: string]: Vector }): void;
  /**
   * Flushes all rows to the disk, then writes a checkpoint (the bytes of `encodeCheckpoint`), then removes
   * older ones: all but the last `keep`, the best and the last good.
   */
  checkpoint(bytes: Uint8Array, at: CheckpointAt): void;
  /** Marks the newest checkpoint of at most this step as good; nothing if there is none. */
  good(step: number): void;
  /** Flushes all to the disk, writes `metrics.csv` and lets other processes write the run. */
  close(): void;
}

/** Removes what killed processes have left: partial files, and marks of checkpoints that are gone. */
function tidy(root: string, stored: readonly Stored[]): void {
  const steps = new Set(stored.map(({ step }) => step));
  for (const folder of [[], [FILES.samples], [FILES.checkpoints]]) {
    const path = part(root, 'folder', ...folder);
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const { name } = entry;
      const mark = stepOfMark(name);
      // a partial lock is of a process that is about to see that this one writes the run
      if (entry.isDirectory() || hasLock([name])) continue;
      if (wholeName(name) !== name || (mark !== undefined && !steps.has(mark)))
        rmSync(join(path, name), { force: true });
    }
  }
}

/**
 * A run's folder to write, of which this process has the lock.
 */
export function writing(record: RunRecord, about: About, lock: Lock): RunDirectory {
  const { path: root } = record;
  // a program that copied the run may have left out folders that were empty
  for (const folder of FOLDERS) mkdirSync(part(root, 'folder', folder), { recursive: true });
  let stored = scan(root);
  tidy(root, stored);
  const rows = ledger(part(root, 'file', FILES.metrics), asRow);
  const notes = ledger(part(root, 'file', FILES.notes), asNote);
  const pictures = ledger(part(root, 'file', FILES.samples, PICTURES), asPictureLine);
  const ledgers = [rows, notes, pictures];
  let events: EventFile | undefined;
  let open = true;

  const check = (): void => {
    if (!open) throw new Error(`the run ${root} is closed: nothing can be written`);
    if (!lock.held())
      throw new Error(
        `the run ${root} no longer belongs to this process, whose lock was removed, as another process does after minutes without a sign of life: nothing is written`,
      );
  };
  const eventFile = (from?: number): EventFile =>
    (events ??= openEvents(part(root, 'folder', FILES.events), {
      wallTime: Date.now() / 1000,
      ...(from === undefined ? {} : { from }),
    }));
  const forget = (): void => {
    const file = events;
    events = undefined;
    file?.close();
  };
  const event = (step: number, values: { readonly [tag: string]: EventValue }): void => {
    if (Object.keys(values).length === 0) return;
    const file = eventFile();
    try {
      file.write({ wallTime: Date.now() / 1000, step, values });
    } catch (error) {
      if (!(error instanceof InputError)) {
        events = undefined; // accepts no more: the next event begins another
        try {
          file.close();
        } catch {
          // the error above says more
        }
      }
      throw error;
    }
  };
  const flush = (): void => {
    for (const file of [...ledgers, ...(events ? [events] : [])]) file.flush();
  };
  const writeIndex = (list: readonly Stored[]): void => {
    const checkpoints = entries(list, about.best);
    const text = `${JSON.stringify({ format: 1, checkpoints }, undefined, 2)}\n`;
    writeWhole({ [part(root, 'file', FILES.checkpoints, INDEX)]: text });
  };
  /** Removes checkpoints; what is left is in the index before the first is removed. */
  const remove = (steps: readonly number[]): void => {
    const left = stored.filter(({ step }) => !steps.includes(step));
    writeIndex(left);
    const folder = part(root, 'folder', FILES.checkpoints);
    for (const step of steps.toReversed())
      for (const name of [fileName(step), markName(step)]) {
        const path = join(folder, name);
        // of a link, the link itself; a folder is none of the run's
        if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) rmSync(path, { force: true });
      }
    stored = left;
    settle(folder);
  };

  const removed = [rows, notes, pictures].map((file) => file.removed).filter((text) => text !== undefined);
  writeIndex(stored);
  const now = new Date().toISOString();
  for (const message of removed)
    notes.write({ step: rows.last()?.step ?? 0, kind: 'warning', message, time: now });

  return {
    ...record,
    rewind(to) {
      check();
      const step = to === 'start' ? -1 : to;
      if (to !== 'start') checkStep(step);
      // checkpoints first: after a kill, the run goes on from the newest, and goes back to its step again
      const late = stored.filter((file) => file.step > step).map((file) => file.step);
      if (late.length > 0) remove(late);
      rows.drop((row) => row.step <= step);
      pictures.drop((line) => line.step <= step);
      for (const name of readdirSync(part(root, 'folder', FILES.samples)))
        if ((stepOf(name, pictureName) ?? -1) > step) rmSync(join(root, FILES.samples, name));
      forget();
      eventFile(step + 1);
    },
    record(given) {
      check();
      const row = asRow(given);
      const last = rows.last();
      if (last !== undefined && row.step < last.step)
        throw new InputError(
          `a row of step ${row.step} after one of step ${last.step}; expected rows in order: rewind(${row.step}) drops what comes after it`,
        );
      rows.write(row);
      event(
        row.step,
        Object.fromEntries(Object.entries(row.values).map(([name, value]) => [name, value ?? NaN])),
      );
    },
    note(note) {
      check();
      notes.write(asNote(note));
    },
    picture(given, png, size) {
      check();
      const at = asAt(given, 'the picture’s first argument');
      const { width, height } = pngHead('picture', png);
      if (!isObject(size) || size['width'] !== width || size['height'] !== height)
        throw new InputError(
          `the picture’s size is ${shown(size)}; expected { width: ${width}, height: ${height} }, as the PNG states`,
        );
      writeWhole({ [part(root, 'file', FILES.samples, pictureName(at.step))]: png });
      pictures.write({ ...at, width, height });
      event(at.step, { samples: { png } });
    },
    live(png) {
      check();
      pngHead('live picture', png);
      writeWhole({ [part(root, 'file', FILES.samples, LATEST)]: png });
    },
    histograms(step, tensors) {
      check();
      checkStep(step);
      if (!isObject(tensors))
        throw new InputError(`tensors are ${shown(tensors)}; expected vectors by name, as { weights }`);
      const found = Object.entries(tensors).flatMap(([name, tensor]) => {
        if (!(tensor instanceof Float32Array || tensor instanceof Float64Array))
          throw new InputError(
            `the tensor ${shortened(name)} is ${shown(tensor)}; expected a Float32Array or a Float64Array`,
          );
        const drawn = tensor.length > 0 && isFiniteVector(tensor);
        return drawn ? [[name, histogramOf(tensor)] as const] : [];
      });
      event(step, Object.fromEntries(found));
    },
    checkpoint(bytes, given) {
      check();
      const at = asCheckpointAt(given, 'the checkpoint’s second argument');
      const [head, tensors] = withEntry(bytes, at);
      const newest = stored.filter(isWhole).at(-1)?.step ?? 0;
      if (at.step < newest)
        throw new InputError(
          `a checkpoint of step ${at.step} after one of step ${newest}; expected them in order: rewind(${at.step}) drops what comes after it`,
        );
      flush();
      const path = part(root, 'file', FILES.checkpoints, fileName(at.step));
      writePieces(path, (append) => {
        append(head);
        append(tensors);
      });
      // the file is there, whatever happens to the index
      stored = scan(root);
      remove(rotated(stored, about.keep, about.best));
    },
    good(step) {
      check();
      checkStep(step);
      const newest = stored.filter(isWhole).findLast((file) => file.step <= step);
      if (newest === undefined || newest.good) return;
      const mark = part(root, 'file', FILES.checkpoints, markName(newest.step));
      writeWhole({ [mark]: `${newest.head.checksum}\n` });
      stored = stored.map((file) => (file === newest ? { ...file, good: true } : file));
      writeIndex(stored);
    },
    close() {
      if (!open) return;
      open = false;
      const failed: unknown[] = [];
      for (const act of [
        flush,
        forget,
        () => lock.held() && writeTable(root),
        ...ledgers.map((file) => file.close),
        () => lock.release(),
      ]) {
        try {
          act();
        } catch (error) {
          failed.push(error);
        }
      }
      if (failed.length > 0) throw failed[0];
    },
  };
}
