import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { folder } from '../../../testing/folder.js';
import { steps as length } from '../../../testing/long.js';
import { wholeName } from '../src/files.js';
import { createRun, openRun, readRun, type RunDirectory } from '../src/run.js';
import { withFaults } from './faults.js';
import { beginning, bytesOf, indexOf, namesIn, pictureOf, pointOf, time } from './runs.js';

/** What a run holds, as it should. */
export interface Model {
  readonly rows: readonly number[];
  readonly notes: number;
  readonly pictures: readonly number[];
  /** Checkpoints that may be there, by step: their point. Rotation is a matter of its own test. */
  readonly points: { readonly [step: number]: number };
  /** Steps of checkpoints marked as good. */
  readonly good: readonly number[];
}

/** The row of a step. */
export const row = (step: number): Parameters<RunDirectory['record']>[0] => ({
  step,
  calls: step,
  seconds: step,
  values: { fid: Math.abs(3 - step) },
});
/** A run at its beginning. */
export const empty: Model = { rows: [], notes: 0, pictures: [], points: {}, good: [] };

type Act = readonly [act: (run: RunDirectory) => void, after: (model: Model) => Model];
const record = (step: number): Act => [
  (run) => run.record(row(step)),
  (model) => ({ ...model, rows: [...model.rows, step] }),
];
const note = (step: number): Act => [
  (run) => run.note({ step, kind: 'warning', message: 'w'.repeat(step), time }),
  (model) => ({ ...model, notes: model.notes + 1 }),
];
const picture = (step: number): Act => [
  (run) => {
    const { png, ...size } = pictureOf(step);
    run.picture({ step, calls: step }, png, size);
    run.live(png);
    run.histograms(step, { png: Float32Array.from(png) });
  },
  (model) => ({ ...model, pictures: [...model.pictures, step] }),
];
const checkpoint = (step: number, point = step): Act => [
  (run) => run.checkpoint(bytesOf(step, point), { step, calls: step, values: row(step).values }),
  (model) => ({
    ...model,
    points: { ...model.points, [step]: point },
    good: model.good.filter((one) => one !== step),
  }),
];
const good = (step: number): Act => [
  (run) => run.good(step),
  (model) => ({ ...model, good: [...model.good, step] }),
];
const rewind = (step: number): Act => [
  (run) => run.rewind(step),
  (model) => ({
    ...model,
    rows: model.rows.filter((one) => one <= step),
    pictures: model.pictures.filter((one) => one <= step),
    points: Object.fromEntries(Object.entries(model.points).filter(([one]) => Number(one) <= step)),
    good: model.good.filter((one) => one <= step),
  }),
];

/** A run in which everything happens: rotation, a way back, the same steps again with other points. */
export const history: readonly Act[] = [
  [note(0), record(1), picture(1), checkpoint(1), good(1)],
  [record(2), checkpoint(2), record(3), picture(3), checkpoint(3), good(3)],
  [record(4), checkpoint(4), record(5), picture(5), checkpoint(5), note(5)],
  [rewind(3), note(3), record(4), picture(4), checkpoint(4, 40), good(4)],
  [checkpoint(4, 41), record(5), checkpoint(5, 50), record(6), checkpoint(6, 60)],
].flat();

/** Makes the run of the history until something throws; returns what must be there, and what may be. */
export function lived(path: string): { readonly before: Model | undefined; readonly after: Model } {
  let [before, after]: [Model | undefined, Model] = [undefined, empty];
  try {
    const run = createRun(path, beginning, { keep: 2, best: { metric: 'fid', better: 'lower' } });
    before = empty;
    for (const [act, then] of history) {
      after = then(before);
      act(run);
      before = after;
    }
    run.close();
  } catch {
    // killed, or a full disk
  }
  return { before, after };
}

const stepsOf = (points: { readonly [step: number]: number }): readonly number[] =>
  Object.keys(points).map(Number);

/** Checks what is found against what must be there and what may be. */
export function checkFound(path: string, before: Model, after: Model): void {
  const run = readRun(path);
  expect([before.rows, after.rows]).toContainEqual(run.metrics().map(({ step }) => step));
  expect(run.metrics()).toEqual(run.metrics().map(({ step }) => row(step)));
  expect([before.notes, after.notes]).toContain(run.notes().length);
  const shown = run.pictures().map(({ step }) => step);
  expect([before.pictures, after.pictures]).toContainEqual(shown);
  for (const { step, png } of run.pictures()) expect(png).toEqual(Buffer.from(pictureOf(step).png));
  const list = run.checkpoints.list();
  for (const entry of list) {
    const point = pointOf(run.checkpoints.at(entry.step));
    expect([before.points[entry.step], after.points[entry.step]]).toContain(point);
    expect([entry.calls, entry.values]).toEqual([entry.step, row(entry.step).values]);
    if (entry.good) {
      const marked = [before, after].filter((model) => model.good.includes(entry.step));
      expect(marked.map((model) => model.points[entry.step])).toContain(point);
    }
  }
  const newest = (model: Model): number => Math.max(...stepsOf(model.points));
  if (stepsOf(before.points).length === 0) return;
  const least = Math.min(newest(before), newest(after));
  const { entry, damaged } = run.checkpoints.latest();
  expect(entry.step).toBeGreaterThanOrEqual(least);
  expect(damaged).toEqual([]);
  if (before.good.length > 0 && after.good.length > 0) {
    const found = run.checkpoints.lastGood().entry;
    expect(found.good).toBe(true);
    expect(found.step).toBeGreaterThanOrEqual(Math.min(before.good.at(-1)!, after.good.at(-1)!));
  }
  const best = list.find((one) => one.best)!;
  for (const { step } of list)
    expect(row(best.step).values['fid']).toBeLessThanOrEqual(row(step).values['fid']!);
}

/** Goes on with a run as a program would, and checks that everything is in order. */
export function goOn(path: string): void {
  const run = openRun(path);
  const from = run.checkpoints.list().at(-1)?.step ?? 0;
  run.rewind(from);
  run.record(row(from + 1));
  run.checkpoint(bytesOf(from + 1), { step: from + 1, calls: from + 1, values: {} });
  run.good(from + 1);
  run.close();
  const found = readRun(path);
  expect(found.metrics().map(({ step }) => step)).toEqual(Array.from({ length: from + 1 }, (_, i) => i + 1));
  expect(found.checkpoints.lastGood().entry).toMatchObject({ step: from + 1, good: true });
  expect(indexOf(path)).toEqual({ format: 1, checkpoints: found.checkpoints.list() });
  for (const name of namesIn(path)) expect([name, name.startsWith('lock')]).toEqual([wholeName(name), false]);
  const marks = namesIn(path).filter((name) => name.endsWith('.good'));
  for (const mark of marks) expect(existsSync(join(path, mark.replace('.good', '.safetensors')))).toBe(true);
}

/** In milliseconds. */
export const timeout = length(60_000, 3_600_000);

/** Every call is the last one in the long form; each seventh otherwise, so that all kinds of calls are. */
export const stride = length(7, 1);

/** How many changing calls the whole history makes. */
export const callsOf = (): number => {
  let calls = 0;
  withFaults(
    (call) => void (calls = call),
    () => lived(join(folder(), 'run')),
  );
  return calls;
};
