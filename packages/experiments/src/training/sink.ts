import type { Checkpoint, State, Vector } from '@stillpoint/operators';
import type { Row } from './monitors.js';

/** Something that happened in a run. */
export interface Note {
  readonly step: number;
  readonly kind:
    | 'begun'
    | 'scaled'
    | 'resumed'
    | 'stopped'
    | 'ended'
    | 'warning'
    | 'incident'
    | 'checkpoint-damaged';
  readonly message: string;
  /** ISO 8601. */
  readonly time: string;
  /** Details, as plain JSON. */
  readonly data?: unknown;
}

/** Where in a run something is. */
interface At {
  readonly step: number;
  readonly calls: number;
}

/** Where a training run writes; a run directory of @stillpoint/tracking is one behind it. */
export interface RunSink {
  /** The rows so far, of the run that continues. */
  rows(): readonly Row[];
  /** The names of the warnings so far: none is given twice. */
  warned(): readonly string[];
  /** Adds a row. */
  record(row: Row): void;
  /** Adds a note. */
  note(note: Note): void;
  /** Adds a PNG file of generated examples. */
  picture(at: At, png: Uint8Array, size: { readonly width: number; readonly height: number }): void;
  /** A picture that replaces the one before. */
  live(png: Uint8Array): void;
  /** Adds the distributions of the values of tensors, by name. */
  histograms(step: number, tensors: { readonly [name: string]: Vector }): void;
  /** Keeps the bytes of `encodeCheckpoint`; `values` are what was measured there. */
  checkpoint(bytes: Uint8Array, at: At & Pick<Row, 'values'>): void;
  /** Marks the checkpoint of that step: the run was finite for long enough after it. */
  good(step: number): void;
  /** The newest checkpoint that was marked as good, or else the newest; undefined if there is none. */
  lastGood(): Checkpoint<State> | undefined;
  /** Drops what was recorded after a step, since the run goes on from there. */
  rewind(step: number): void;
}
