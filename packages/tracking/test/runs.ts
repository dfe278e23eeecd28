import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeCheckpoint, emptyLedger, encodeCheckpoint } from '@stillpoint/operators';
import { folder } from '../../../testing/folder.js';
import { imageGrid, type Picture } from '../src/png.js';
import {
  createRun,
  readRun,
  type RunDirectory,
  type Beginning,
  type CheckpointEntry,
  type FoundCheckpoint,
} from '../src/run.js';
import { withFaults } from './faults.js';

/** What the runs of the tests begin with. */
export const beginning: Beginning = {
  config: { method: 'gda(stepSize=0.1)', steps: 9, ['__proto__']: { nested: [1, 'a', null] } },
  environment: { node: 'v20' },
  identity: { game: 'bilinear', matrix: Float64Array.of(1, -0, NaN), sizes: [2, 2] },
};

/** The bytes of a checkpoint of a step, whose point is `z`. */
export const bytesOf = (step: number, z = step): Uint8Array =>
  encodeCheckpoint({
    game: 'bilinear',
    method: 'gda',
    options: { stepSize: 0.1 },
    seed: 0,
    state: { z: Float64Array.of(z, NaN, -0), average: Float32Array.of(z / 3) },
    ledger: { ...emptyLedger(2), steps: step },
    draws: [step],
    last: null,
    buffers: {},
    run: { z },
  });

/** The point that {@link bytesOf} was given. */
export function pointOf({ bytes }: Pick<FoundCheckpoint, 'bytes'>): number {
  const { state } = decodeCheckpoint(bytes);
  return state.z[0]!;
}

/** A PNG whose pixels depend on a number. */
export const pictureOf = (n: number): Picture =>
  imageGrid(
    Float32Array.from({ length: 16 }, (_, i) => Math.sin(n * i)),
    { shape: [2, 2], columns: 2 },
  );

/** The list of checkpoints as `[step, good, best]`, and the checks that hold for every run. */
export function listed(path: string): readonly (readonly [number, boolean, boolean])[] {
  const list: readonly CheckpointEntry[] = readRun(path).checkpoints.list();
  return list.map(({ step, good, best }) => [step, good, best] as const);
}

/** The content of `checkpoints/index.json`. */
export const indexOf = (path: string): unknown =>
  JSON.parse(readFileSync(join(path, 'checkpoints', 'index.json'), 'utf8'));

/** All names in a run's folder and the folders in it. */
export const namesIn = (path: string): readonly string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();

/**
 * Makes the locks in a folder, and what is not whole of one, those of a process that has ended: no process
 * has so large a number.
 */
export function orphan(path: string): void {
  for (const name of readdirSync(path)) {
    const partial = /^lock\..*\.partial-/.exec(name)?.[0];
    if (partial !== undefined) renameSync(join(path, name), join(path, `${partial}${2 ** 30}`));
    if (!/^lock\.[^/]*\.\d+$/.test(name)) continue;
    const lock: object = JSON.parse(readFileSync(join(path, name), 'utf8'));
    writeFileSync(join(path, name), JSON.stringify({ ...lock, process: 2 ** 30 }));
  }
}

/** When every note of the tests was written. */
export const time = '2026-01-02T03:04:05.678Z';
/** A path where nothing is yet. */
export const fresh = (): string => join(folder(), 'run');
/** The text of a file. */
export const text = (...path: readonly string[]): string => readFileSync(join(...path), 'utf8');
/** The row of a step. */
export const row = (step: number): Parameters<RunDirectory['record']>[0] => ({
  step,
  calls: 2 * step,
  seconds: step / 4,
  values: { 'loss/d': step === 2 ? null : -step, fid: Math.abs(step - 3) },
});

/** A run of so many steps, with a checkpoint and a picture at each; closed. */
export function made(path: string, steps: number, good: readonly number[] = []): string {
  return withFaults(
    () => undefined,
    () => makeRun(path, steps, good),
  );
}

function makeRun(path: string, steps: number, good: readonly number[]): string {
  const run = createRun(path, beginning, { keep: 2, best: { metric: 'fid', better: 'lower' } });
  run.note({ step: 0, kind: 'begun', message: 'It began.', time });
  for (let step = 1; step <= steps; step++) {
    run.record(row(step));
    const { png, ...size } = pictureOf(step);
    run.picture({ step, calls: 2 * step }, png, size);
    run.checkpoint(bytesOf(step), { step, calls: 2 * step, values: row(step).values });
    if (good.includes(step)) run.good(step);
  }
  run.close();
  return path;
}
