import { decodeCheckpoint, type Checkpoint, type State } from '@stillpoint/operators';
import type { Note, Row, RunSink } from '../src/index.js';

/** A run's records in memory. */
export interface MemorySink extends RunSink {
  readonly kept: {
    readonly rows: Row[];
    readonly notes: Note[];
    readonly pictures: { readonly step: number; readonly png: Uint8Array }[];
    readonly checkpoints: { readonly step: number; readonly bytes: Uint8Array; good: boolean }[];
  };
  latest(): Checkpoint<State>;
}

/** A sink that keeps everything, with the rows and notes of another one up to its last checkpoint. */
export function memorySink(before?: MemorySink): MemorySink {
  const step = before?.kept.checkpoints.at(-1)?.step ?? -1;
  const kept: MemorySink['kept'] = {
    rows: before?.kept.rows.filter((row) => row.step <= step) ?? [],
    notes: [...(before?.kept.notes ?? [])],
    pictures: before?.kept.pictures.filter((picture) => picture.step <= step) ?? [],
    checkpoints: [...(before?.kept.checkpoints ?? [])],
  };
  const name = (data: unknown): readonly string[] => {
    const { name: found }: { readonly name?: unknown } = Object(data);
    return typeof found === 'string' ? [found] : [];
  };
  return {
    kept,
    rows: () => kept.rows.slice(),
    warned: () => kept.notes.flatMap(({ data }) => name(data)),
    record: (row) => void kept.rows.push(row),
    note: (note) => void kept.notes.push(note),
    picture: ({ step: at }, png) => void kept.pictures.push({ step: at, png }),
    live() {},
    histograms() {},
    checkpoint: (bytes, at) => void kept.checkpoints.push({ step: at.step, bytes, good: false }),
    good(at) {
      const found = kept.checkpoints.findLast((one) => one.step <= at);
      if (found) found.good = true;
    },
    lastGood() {
      const found = kept.checkpoints.findLast(({ good }) => good);
      return found && decodeCheckpoint(found.bytes);
    },
    rewind(at) {
      kept.rows.splice(kept.rows.findLastIndex((row) => row.step <= at) + 1);
    },
    latest: () => decodeCheckpoint(kept.checkpoints.at(-1)!.bytes),
  };
}
