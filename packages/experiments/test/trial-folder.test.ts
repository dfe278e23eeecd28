import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import type { Section } from '@stillpoint/tracking';
import { readRun } from '@stillpoint/tracking/run';
import { folder } from '../../../testing/folder.js';
import { compareOnGan, inlineWorker, type GanComparison, type GanPreset } from '../src/index.js';
import { onRing, ring, unneeded, withoutSeconds } from './small-ring.js';

const options: GanComparison = { ...onRing, processes: 1, worker: inlineWorker() };

/** The rows of a run directory, without seconds. */
const rowsIn = (path: string): object =>
  readRun(path)
    .metrics()
    .map(({ seconds: _, values: { seconds: __, ...values }, ...row }) => ({ ...row, values }));

/** Runs until the trials have used this share of their budget, then stops. */
async function stoppedAt(share: number, trials: string, more: GanComparison = {}): Promise<Section> {
  const stop = new AbortController();
  return compareOnGan(ring, {
    ...options,
    ...more,
    folder: trials,
    signal: stop.signal,
    onProgress(records) {
      const done = records.reduce((sum, { growing }) => sum + (growing['loss D']?.x.length ?? 0), 0);
      if (done >= share * 60 * records.length) stop.abort();
    },
  });
}

it('a comparison that is stopped again and again is the one that was not, but for the seconds', async () => {
  const trials = join(folder(), 'trials');
  const whole = withoutSeconds(await compareOnGan(ring, options));
  let stops = 0;
  for (let share = 0.15; share < 1; share += 0.2) {
    const section = await stoppedAt(share, trials);
    if (section.runs.some(({ status }) => status === 'stopped')) stops++;
  }
  expect(stops).toBeGreaterThanOrEqual(4);
  expect(withoutSeconds(await compareOnGan(ring, { ...options, folder: trials }))).toEqual(whole);
  // all have ended: nothing is run again
  const read = await compareOnGan(ring, { ...options, folder: trials, worker: unneeded });
  expect(withoutSeconds(read)).toEqual(whole);
  const [first] = readdirSync(trials);
  expect(first).toMatch(/^ring-extra-adam-seed-1-[0-9a-f]{12}$/);
  expect(readRun(join(trials, first!)).notes().at(-1)).toMatchObject({ kind: 'ended', step: 150 });
});

it('a process that is killed goes on from its last checkpoint, bit for bit', async () => {
  const trials = join(folder(), 'trials');
  const copies: string[] = [];
  const whole = await compareOnGan(ring, {
    ...options,
    folder: trials,
    checkpointSeconds: 0,
    onProgress([record]) {
      const [made, name] = [record!.growing['loss D']?.x.length ?? 0, record!.trial.keep!.path];
      if (!existsSync(join(name, 'checkpoints')) || made < 15 * (copies.length + 1)) return;
      // a copy is what a killed process leaves: its lock does not hold
      copies.push(join(folder(), 'trials'));
      cpSync(trials, copies.at(-1)!, { recursive: true });
    },
  });
  expect(copies.length).toBeGreaterThanOrEqual(3);
  for (const copy of copies.slice(0, 3)) {
    const again = await compareOnGan(ring, { ...options, folder: copy });
    expect(withoutSeconds(again)).toEqual(withoutSeconds(whole));
    const [extra, lookahead] = readdirSync(copy).map((name) => readRun(join(copy, name)));
    expect(extra!.notes().map(({ kind }) => kind)).toEqual(['begun', 'ended']);
    expect(lookahead!.notes().map(({ kind }) => kind)).toEqual(['begun', 'resumed', 'ended']);
    expect(rowsIn(lookahead!.path)).toEqual(rowsIn(join(trials, basename(lookahead!.path))));
  }
});

it.each<[string, Partial<GanPreset>, GanComparison]>([
  ['a step size', {}, { methods: ['extra-adam(stepSize=0.003)'] }],
  ['the budget', {}, { calls: 303 }],
  ['the batch', { batch: 9 }, {}],
  ['the networks', {}, { model: 'mlp(latent=2, generator=[8], discriminator=[9])' }],
  ['the loss', {}, { loss: 'hinge' }],
  ['the data', {}, { data: 'ring(modes=7)' }],
  ['the samples', { samples: 65 }, {}],
  ['the engine', {}, { engine: 'cpu' }],
])('with another value of %s a trial is run, in a folder of its own', async (_, preset, more) => {
  const trials = join(folder(), 'trials');
  const few = { ...options, methods: ['extra-adam(stepSize=0.002)'], calls: 20, folder: trials };
  await compareOnGan(ring, few);
  expect(readdirSync(trials)).toHaveLength(1);
  const { runs } = await compareOnGan({ ...ring, ...preset }, { ...few, ...more });
  expect(runs[0]!.status).toBe('budget');
  expect(readdirSync(trials)).toHaveLength(2);
});

it('what is damaged is run again; words that decide no number change nothing', async () => {
  const trials = join(folder(), 'trials');
  const few = { ...options, methods: ['extra-adam(stepSize=0.002)'], calls: 20, folder: trials };
  const whole = await compareOnGan(ring, few);
  const other = { ...ring, title: 'another title', about: 'other words' };
  const read = await compareOnGan(other, { ...few, worker: unneeded });
  expect(read.runs).toEqual(whole.runs);
  const [name] = readdirSync(trials);
  const [checkpoint] = readdirSync(join(trials, name!, 'checkpoints')).filter((one) => one.endsWith('rs'));
  const path = join(trials, name!, 'checkpoints', checkpoint!);
  const bytes = readFileSync(path);
  bytes[bytes.length - 5]! ^= 1;
  writeFileSync(path, bytes);
  expect(withoutSeconds(await compareOnGan(ring, few))).toEqual(withoutSeconds(whole));
  writeFileSync(join(trials, name!, 'run.json'), '{');
  expect(withoutSeconds(await compareOnGan(ring, few))).toEqual(withoutSeconds(whole));
});

it('a folder that is deleted meanwhile ends no trial: it says that nothing is kept', async () => {
  const trials = join(folder(), 'trials');
  let deleted = false;
  const { runs } = await compareOnGan(ring, {
    ...options,
    folder: trials,
    methods: ['extra-adam(stepSize=0.002)'],
    checkpointSeconds: 0,
    onProgress([record]) {
      if (deleted || (record!.growing['loss D']?.x.length ?? 0) < 20) return;
      rmSync(trials, { recursive: true });
      deleted = true;
    },
  });
  const whole = await compareOnGan(ring, { ...options, methods: ['extra-adam(stepSize=0.002)'] });
  expect(runs[0]!.status).toBe('budget');
  expect(runs[0]!.message).toContain('Note: its folder could not be written, so that it cannot go on: ');
  expect(runs[0]!.values['reverseKl']).toBe(whole.runs[0]!.values['reverseKl']);
});
