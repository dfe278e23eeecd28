import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { problemFromLosses } from '@stillpoint/networks';
import * as tf from '@stillpoint/networks/tf';
import type { Section } from '@stillpoint/tracking';
import { readRun } from '@stillpoint/tracking/run';
import { folder } from '../../../testing/folder.js';
import { compareOnProblem, type ProblemComparison } from '../src/problem-comparison.js';

const options: ProblemComparison = {
  title: 'mine.mjs',
  methods: [
    'lookahead(ema(alternating-adam(stepSize=0.002, beta1=0.5), decay=0.9), steps=7)',
    'extra-adam(stepSize=0.002)',
  ],
  seeds: 1,
  calls: 60,
};
const rows = Array.from({ length: 12 }, (_, i) => [Math.cos(i), Math.sin(3 * i), 1]);
/** A player fits rows, in batches; another moves each target against it. */
const own = (batch = 4) =>
  problemFromLosses({
    name: 'mine',
    players: { fit: { w: [3, 1] }, foe: { v: [3, 1] } },
    data: { rows },
    batch,
    losses: ({ fit, foe }, data) => {
      const miss = tf.sub(tf.matMul(data.rows!, fit.w!), tf.matMul(data.rows!, foe.v!));
      const value = tf.sub(tf.mean(tf.square(miss)), tf.mul(3, tf.sum(tf.square(foe.v!))));
      return { fit: value, foe: tf.neg(value) };
    },
    engine: 'cpu',
  });

/** A section without seconds, which no two runs share. */
const withoutSeconds = (section: Section): object => ({
  ...section,
  runs: section.runs.map(({ seconds: _, ...run }) => run),
});

it('a comparison on a problem of one’s own that is stopped again and again is the one that was not', async () => {
  const problem = await own();
  const whole = withoutSeconds(await compareOnProblem(problem, options));
  const trials = join(folder(), 'trials');
  let stops = 0;
  for (const share of [0.1, 0.4, 0.6, 0.9]) {
    const stop = new AbortController();
    const section = await compareOnProblem(problem, {
      ...options,
      folder: trials,
      checkpointSeconds: 0.05,
      signal: stop.signal,
      onProgress(records) {
        const done = records.reduce((sum, { growing }) => sum + (growing['loss fit']?.x.length ?? 0), 0);
        if (done >= share * 60 * records.length) stop.abort();
      },
    });
    if (section.runs.some(({ status }) => status === 'stopped')) stops++;
  }
  expect(stops).toBeGreaterThanOrEqual(3);
  expect(withoutSeconds(await compareOnProblem(problem, { ...options, folder: trials }))).toEqual(whole);
  const names = readdirSync(trials);
  expect(names).toHaveLength(2);
  for (const name of names) expect(readRun(join(trials, name)).notes().at(-1)?.kind).toBe('ended');
  // read, not run again: nothing is written
  const before = names.map((name) => readRun(join(trials, name)).notes().length);
  expect(withoutSeconds(await compareOnProblem(problem, { ...options, folder: trials }))).toEqual(whole);
  expect(names.map((name) => readRun(join(trials, name)).notes().length)).toEqual(before);
  // another problem, method or budget has folders of its own
  const other = await own(5);
  await compareOnProblem(other, { ...options, seeds: 1, folder: trials });
  await compareOnProblem(problem, { ...options, seeds: 1, calls: 10, folder: trials });
  expect(readdirSync(trials)).toHaveLength(6);
  await problem.dispose();
  await other.dispose();
});
