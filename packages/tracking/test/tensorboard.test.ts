import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { folder } from '../../../testing/folder.js';
import { openEvents } from '../src/files.js';
import { imageGrid } from '../src/png.js';
import { createRun, openRun, type RunDirectory } from '../src/run.js';
import { histogramOf } from '../src/tensorboard.js';
import { records } from './records.js';

// A Python that has the package tensorboard: the one that this variable names, or the machine's.
const python = process.env['STILLPOINT_TENSORBOARD_PYTHON'] ?? 'python3';
const reader = fileURLToPath(new URL('read-events.py', import.meta.url));
const available = spawnSync(python, ['-c', 'import tensorboard']).status === 0;
if (!available)
  process.stderr.write(
    `Skipped: tensorboard reads event files. ${python} has no package tensorboard; STILLPOINT_TENSORBOARD_PYTHON names another Python.\n`,
  );

/** What tensorboard reads in each folder. */
function read(...folders: readonly string[]): ReturnType<typeof JSON.parse> {
  const { status, stdout, stderr } = spawnSync(python, [reader, ...folders], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** A number as its 8 bytes, highest first, in hexadecimal. */
function exact(x: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const START = 1_700_000_000;

describe.skipIf(!available)('tensorboard', () => {
  it('reads scalars: time, step and value, NaN and ±∞ too', () => {
    const place = folder();
    const file = openEvents(place, { wallTime: START });
    const values = [0.1, 0, -0, 1 / 3, 1e-45, 3e38, -7, NaN, Infinity, -Infinity, 1e300];
    const steps = [0, 1, 127, 128, 16_384, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 40, 2 ** 52, 2 ** 53 - 1];
    for (const [i, value] of values.entries())
      file.write({ wallTime: START + i / 8, step: steps[i]!, values: { 'loss/générateur 1': value, b: i } });
    file.close();
    const [{ scalars, pages }] = read(place);
    expect(scalars['loss/générateur 1']).toEqual(
      values.map((value, i) => [exact(START + i / 8), steps[i], exact(Math.fround(value))]),
    );
    expect(scalars.b).toEqual(values.map((_, i) => [exact(START + i / 8), steps[i], exact(i)]));
    expect(pages['loss/générateur 1']).toEqual({
      plugin: 'scalars',
      tensors: values.map((value, i) => [steps[i], [], [exact(Math.fround(value))]]),
    });
  });

  it('reads images: height, width and the PNG file byte for byte', () => {
    const { images: fixture } = JSON.parse(
      readFileSync(new URL('fixtures/events.json', import.meta.url), 'utf8'),
    );
    const grid = imageGrid(
      Float32Array.from({ length: 60_000 }, (_, i) => Math.sin(i * i)),
      { shape: [20, 300, 1], columns: 2 },
    );
    const place = folder();
    const file = openEvents(place, { wallTime: START });
    const colour = new Uint8Array(Buffer.from(fixture.colour, 'base64'));
    file.write({
      wallTime: START,
      step: 3,
      values: { 'samples/grid': grid, 'samples/colour': { png: colour } },
    });
    file.close();
    expect(grid.png.length).toBeGreaterThan(1 << 14); // its length takes three bytes
    const [{ images, pages }] = read(place);
    expect(images).toEqual({
      'samples/grid': [[3, grid.height, grid.width, base64(grid.png)]],
      'samples/colour': [[3, 4, 5, fixture.colour]],
    });
    const bytes = (x: number): string => base64(Buffer.from(String(x)));
    expect(pages['samples/grid']).toEqual({
      plugin: 'images',
      tensors: [[3, [3], [bytes(grid.width), bytes(grid.height), base64(grid.png)]]],
    });
  });

  it('reads histograms: limits and counts', () => {
    const waves = histogramOf(Float64Array.from({ length: 5000 }, (_, i) => Math.sin(i * i)));
    const equal = histogramOf([0.1, 0.1]);
    const place = folder();
    const file = openEvents(place, { wallTime: START });
    file.write({ wallTime: START, step: 0, values: { weights: waves } });
    file.write({ wallTime: START, step: 9, values: { weights: equal } });
    file.close();
    const [{ histograms, pages }] = read(place);
    const expected = [waves, equal].map(({ min, max, sum, sumSquares, limits, counts }, i) => ({
      step: [0, 9][i],
      num: [5000, 2][i],
      min: exact(min),
      max: exact(max),
      sum: exact(sum),
      sumSquares: exact(sumSquares),
      limits: limits.map(exact),
      counts,
    }));
    expect(histograms).toEqual({ weights: expected });
    // the page's tensor [buckets, 3]: where each bucket starts and ends, and its count, in float32
    const rows = ({ min, limits, counts }: typeof waves): readonly string[] =>
      limits.flatMap((limit, i) =>
        [limits[i - 1] ?? min, limit, counts[i]!].map((x) => exact(Math.fround(x))),
      );
    expect(pages.weights).toEqual({
      plugin: 'histograms',
      tensors: [
        [0, [30, 3], rows(waves)],
        [9, [1, 3], rows(equal)],
      ],
    });
  });

  it('reads the whole events of a file that is cut at any byte, then those of the next file', () => {
    const place = folder();
    const first = openEvents(place, { wallTime: START });
    for (const step of [0, 1, 2]) first.write({ wallTime: START, step, values: { loss: step } });
    first.close();
    const whole = readFileSync(first.path);
    const cuts = Array.from({ length: whole.length + 1 }, (_, cut) => {
      const run = join(place, `cut-${cut}`);
      mkdirSync(run);
      writeFileSync(join(run, first.path.slice(place.length + 1)), whole.subarray(0, cut));
      const next = openEvents(run, { wallTime: START });
      next.write({ wallTime: START, step: 8, values: { loss: 8 } });
      next.close();
      return run;
    });
    const found: readonly { scalars: { loss: [string, number, string][] } }[] = read(...cuts);
    expect(found.map(({ scalars }) => scalars.loss.map(([, step]) => step))).toEqual(
      cuts.map((_run, cut) => [
        ...[0, 1, 2].slice(0, Math.max(0, records(whole.subarray(0, cut)).length - 1)),
        8,
      ]),
    );
  });

  it('shows each step once when a run goes on from an earlier step', () => {
    const place = folder();
    const losses = (steps: readonly number[], value: number, from?: number): void => {
      const file = openEvents(place, { wallTime: START, ...(from === undefined ? {} : { from }) });
      for (const step of steps) file.write({ wallTime: START, step, values: { loss: value } });
    }; // not closed, as in a process that is killed
    losses([0, 1, 2, 3, 4], 10);
    losses([3, 4, 5], 20, 3);
    const [{ scalars }] = read(place);
    expect(scalars.loss.map(([, step, value]: [string, number, string]) => [step, value])).toEqual([
      ...[0, 1, 2].map((step) => [step, exact(10)]),
      ...[3, 4, 5].map((step) => [step, exact(20)]),
    ]);
  });

  it('reads a run that was gone back in and gone on with: each step once, by the tags of its values', () => {
    const path = join(folder(), 'run');
    const weights = Float32Array.of(1, 2, 4);
    const grid = imageGrid(new Float32Array(4), { shape: [2, 2], columns: 1 });
    const write = (run: RunDirectory, steps: readonly number[], value: number): void => {
      for (const step of steps) {
        run.record({ step, calls: step, seconds: 0, values: { 'loss/d': value, lost: null } });
        run.histograms(step, { weights, bad: Float32Array.of(NaN) });
      }
    };
    const first = createRun(path, { config: {}, environment: {}, identity: 1 });
    write(first, [1, 2, 3], 10);
    first.picture({ step: 2, calls: 2 }, grid.png, grid);
    first.rewind(1);
    write(first, [2], 20);
    first.close();
    const next = openRun(path);
    next.rewind(2);
    write(next, [3, 4], 30);
    next.picture({ step: 4, calls: 4 }, grid.png, grid);
    next.close();
    const [{ scalars, images, histograms }] = read(join(path, 'tensorboard'));
    const shown = (tag: string): readonly unknown[] =>
      scalars[tag].map(([, step, value]: readonly unknown[]) => [step, value]);
    const values = [10, 20, 30, 30].map((value, i) => [i + 1, exact(value)]);
    expect(shown('loss/d')).toEqual(values);
    expect(shown('lost')).toEqual(values.map(([step]) => [step, exact(NaN)]));
    expect(Object.keys(scalars).sort()).toEqual(['loss/d', 'lost']);
    expect(images).toEqual({ samples: [[4, grid.height, grid.width, base64(grid.png)]] });
    expect(Object.keys(histograms)).toEqual(['weights']);
    expect(histograms.weights.map(({ step, num }: { step: number; num: number }) => [step, num])).toEqual(
      [1, 2, 3, 4].map((step) => [step, 3]),
    );
  });
});
