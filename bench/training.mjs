// What a training run costs beside its steps: the guard that looks at every loss, parameter and moment after
// every step, and checkpoints.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fashionMnist, ring } from '@stillpoint/datasets';
import { dcganDiscriminator, dcganGenerator, mlp } from '@stillpoint/networks';
import { ganGame } from '@stillpoint/gans';
import { encodeCheckpoint } from '@stillpoint/operators';
import { alternatingAdam, train, trainGuarded } from '@stillpoint/optimizers';
import { createRun } from '@stillpoint/tracking/run';
import { median } from './median.mjs';

export const about =
  'CPU time of guarded steps to that of steps, the least of both over rounds; checkpoints as part of the default interval, 30 s';

const ROUNDS = 21;
const INTERVAL_MS = 30_000;
const hundredths = (share) => `${(100 * share).toFixed(2)} %`;

/** CPU milliseconds of this process, all threads: other programs on the machine do not count. */
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

async function timed(act) {
  const before = cpu();
  await act();
  return cpu() - before;
}

/** The ratio of guarded to plain steps of a GAN, and its checkpoint's cost. */
async function rowsOf(name, game, steps) {
  const method = alternatingAdam({ stepSize: 1e-4, beta1: 0.5 });
  const start = game.initialise(1);
  const plain = () => train(game, method, { start, steps });
  const guarded = () => trainGuarded(game, method, { start, steps });
  await plain();
  await guarded();
  // other work on the machine only adds time, several times as much as what is measured here
  let [leastPlain, leastGuarded] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round++) {
    leastPlain = Math.min(leastPlain, await timed(plain));
    leastGuarded = Math.min(leastGuarded, await timed(guarded));
  }
  const ratio = leastGuarded / leastPlain;
  const { checkpoint } = await plain();
  const folder = mkdtempSync(join(tmpdir(), 'stillpoint-bench-'));
  const run = createRun(join(folder, 'run'), { config: {}, environment: {}, identity: {} });
  const costs = [];
  let bytes = 0;
  for (let i = 1; i <= ROUNDS; i++) {
    const before = performance.now();
    const content = encodeCheckpoint({ ...checkpoint, ledger: { ...checkpoint.ledger, steps: i } });
    run.checkpoint(content, { step: i, calls: i, values: {} });
    costs.push(performance.now() - before);
    bytes = content.length;
  }
  run.close();
  rmSync(folder, { recursive: true });
  await game.dispose();
  const cost = median(costs);
  return [
    {
      case: `${name}, guard`,
      figure: `${hundredths(ratio - 1)} of a step`,
      ratio,
      versus: 'unguarded',
      bar: { atMost: 1.01 },
    },
    {
      case: `${name}, checkpoint of ${(bytes / 2 ** 20).toFixed(1)} MiB`,
      figure: `${cost.toFixed(1)} ms, ${hundredths(cost / INTERVAL_MS)} of 30 s`,
      ratio: 1 + cost / INTERVAL_MS,
      versus: 'no checkpoints',
      bar: { atMost: 1.02 },
    },
  ];
}

/** Measures both GANs. */
export async function run() {
  const { train: images } = await fashionMnist();
  return [
    ...(await rowsOf(
      'ring, MLP of 2 × 64',
      await ganGame({
        generator: mlp({ sizes: [2, 64, 64, 2] }),
        discriminator: mlp({ sizes: [2, 64, 64, 1], activation: 'leaky-relu' }),
        data: ring(),
        batch: 128,
        seed: 1,
      }),
      1000,
    )),
    ...(await rowsOf(
      'Fashion-MNIST, DCGAN of 16 channels',
      await ganGame({
        generator: dcganGenerator({ channels: 16 }),
        discriminator: dcganDiscriminator({ channels: 16 }),
        data: images,
        batch: 32,
        seed: 1,
      }),
      100,
    )),
  ];
}
