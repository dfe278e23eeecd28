import { ring } from '@stillpoint/datasets';
import { ganGame } from '@stillpoint/gans';
import { modeCoverage } from '@stillpoint/metrics';
import { mlp, problemFromLosses } from '@stillpoint/networks';
import { contentHash } from '@stillpoint/operators';
import { alternatingAdam, extragradient, solve, solveAsync, train } from '@stillpoint/optimizers';
import { bilinear } from '@stillpoint/problems';

/** A hash of a vector's bits. */
const hash = (vector) => contentHash(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));

/** Trains the small GAN of the preset `ring` for 60 steps, on wasm. */
async function gan() {
  const data = ring();
  const game = await ganGame({
    generator: mlp({ sizes: [2, 64, 64, 2] }),
    discriminator: mlp({ sizes: [2, 64, 64, 1] }),
    data,
    batch: 128,
    seed: 1,
    engine: 'wasm',
  });
  const start = game.initialise(1);
  const losses = [];
  const method = alternatingAdam({ stepSize: 0.002, beta1: 0.5 });
  const { z, status, ledger } = await train(game, method, {
    start,
    steps: 60,
    observe: (step) => losses.push(Array.from(step.losses)),
  });
  const examples = await game.sample(z, 500, 1);
  await game.dispose();
  return {
    engine: game.engine,
    status,
    ledger,
    start: hash(start),
    end: hash(z),
    losses: losses.at(-1),
    allLosses: hash(Float64Array.from(losses.flat())),
    examples: hash(examples),
    quality: modeCoverage(examples, data),
  };
}

/** Solves min over x, max over y of ½x² + 3xy − ½y² + x, written as losses in tfjs code. */
async function fromLosses() {
  const half = (v) => v.square().sum().mul(0.5);
  const problem = await problemFromLosses({
    players: { x: { x: [1] }, y: { y: [1] } },
    losses: ({ x: { x }, y: { y } }) => {
      const loss = half(x).add(x.mul(y).sum().mul(3)).sub(half(y)).add(x.sum());
      return { x: loss, y: loss.neg() };
    },
    engine: 'wasm',
  });
  const { z, status, steps } = await solveAsync(problem, extragradient({ stepSize: 0.2 }), {
    tolerance: 1e-5,
  });
  await problem.dispose();
  return { status, steps, solution: Array.from(z), bits: hash(z) };
}

/** What a page and Node compute, each with the same code. */
export async function results() {
  const { z, status, steps } = solve(bilinear(), extragradient({ stepSize: 0.5 }));
  return {
    game: { status, steps, bits: hash(z) },
    losses: await fromLosses(),
    gan: await gan(),
  };
}
