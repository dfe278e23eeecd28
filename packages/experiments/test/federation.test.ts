import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { federate } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { folder } from '../../../testing/folder.js';
import {
  federateTrials,
  inlineWorker,
  playedFrom,
  type FederatedTrials,
  type OpenWorker,
} from '../src/index.js';

const spec = 'min-max-auc(dimension=3, examples=60, batch=4)';
const method = 'coda(stepSize=0.3, steps=10)';
const rounds = { workers: 3, every: 5, rounds: 4 };

it('is federate, bit for bit, with workers that are opened once', async () => {
  const { game, sampled = game } = playedFrom(spec);
  const means: number[][] = [];
  const whole = await federate(sampled, methodFrom(method, sampled.facts ?? {}), {
    ...rounds,
    onRound: (_, mean) => means.push([...mean]),
  });
  let opened = 0;
  const inline = inlineWorker({ opened: new Map() });
  const counted: OpenWorker = (on) => {
    opened++;
    return inline(on);
  };
  const seen: number[][] = [];
  const result = await federateTrials({
    problem: { spec },
    method,
    ...rounds,
    worker: counted,
    onRound: (_, mean) => seen.push([...mean]),
  });
  expect(result).toEqual(whole);
  expect(seen).toEqual(means);
  expect(result.ledgers.map(({ steps }) => steps)).toEqual([20, 20, 20]);
  expect(opened).toBe(3);
});

it('says which worker overflowed, and ends after that round', async () => {
  const diverging: FederatedTrials = {
    problem: { spec: 'bilinear' },
    method: 'gda(stepSize=1e200)',
    workers: 2,
    every: 3,
    rounds: 5,
    worker: inlineWorker(),
  };
  const { status, message, ledgers } = await federateTrials(diverging);
  expect(status).toBe('non-finite');
  expect(message).toMatch(/^worker 0 in round 1: /);
  expect(ledgers[0]!.steps).toBeLessThanOrEqual(3);
});

it('takes a file with networks of one’s own; what a worker throws ends it in words', async () => {
  const file = join(folder(), 'own.mjs');
  writeFileSync(
    file,
    `export default ({ problemFromLosses, tf }) => problemFromLosses({
      players: { w: { w: { shape: [2], fill: (values) => values.set([1, -2]) } } },
      losses: ({ w }) => ({ w: tf.sum(tf.square(w.w)) }),
      engine: 'cpu',
    });`,
  );
  const module = pathToFileURL(file).href;
  const run: FederatedTrials = {
    problem: { module, name: 'own.mjs' },
    method: 'gda(stepSize=0.25)',
    workers: 2,
    every: 1,
    rounds: 3,
    start: Float32Array.of(1, -2),
    worker: inlineWorker({ opened: new Map() }),
  };
  const { z } = await federateTrials(run);
  expect([...z]).toEqual([1 / 8, -2 / 8]); // (1 − 2·¼)³ of the start
  await expect(federateTrials({ ...run, start: Float32Array.of(1) })).rejects.toThrow(/start/);
  const broken: OpenWorker = (on) => {
    queueMicrotask(() => on({ kind: 'ready' }));
    return {
      start: () => on({ kind: 'exit', reason: 'Its process ended with SIGKILL.' }),
      stop() {},
      leave() {},
      kill() {},
    };
  };
  await expect(federateTrials({ ...run, worker: broken })).rejects.toThrow(
    'worker 0, up to its step 1: Its process ended with SIGKILL.',
  );
});
