import { decodeCheckpoint, type Checkpoint, type State } from '@stillpoint/operators';
import type { RunSink } from '@stillpoint/experiments';
import type { RunDirectory } from '@stillpoint/tracking/run';

const nameIn = (data: unknown): readonly string[] => {
  const { name }: { readonly name?: unknown } = Object(data);
  return typeof name === 'string' ? [name] : [];
};

/** A run directory as what a training run writes to. */
export function sinkOf(directory: RunDirectory): RunSink {
  return {
    rows: () => directory.metrics(),
    warned: () => directory.notes().flatMap(({ kind, data }) => (kind === 'warning' ? nameIn(data) : [])),
    record: (row) => directory.record(row),
    note: (note) => directory.note(note),
    picture: (at, png, size) => directory.picture(at, png, size),
    live: (png) => directory.live(png),
    histograms: (step, tensors) => directory.histograms(step, tensors),
    checkpoint: (bytes, at) => directory.checkpoint(bytes, at),
    good: (step) => directory.good(step),
    lastGood: (): Checkpoint<State> | undefined => {
      if (directory.checkpoints.isEmpty()) return undefined;
      return decodeCheckpoint(directory.checkpoints.lastGood().bytes);
    },
    rewind: (step) => directory.rewind(step),
  };
}
