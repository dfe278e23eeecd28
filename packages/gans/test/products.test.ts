import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { distance, dot, norm, normal, type Asked, type Vector } from '@stillpoint/operators';
import { gda, pricesOf, train } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { mlp, network, start, type Network } from '@stillpoint/networks';
import {
  ganGame,
  lossFrom,
  wasserstein,
  type GanGame,
  type GanOptions,
  type GanSample,
} from '../src/index.js';

// Products with the Jacobian of a GAN's F, against JAX (bench/gan/products_jax.py) and central differences.
// tanh is smooth: across a kink of ReLU a difference sees the jump, which the Jacobian does not have.

function smooth(sizes: readonly [number, number, number]): Network {
  const [a, b, c] = sizes;
  return network({
    describe: `${sizes.join('-')} tanh`,
    inputs: a,
    outputs: c,
    independent: true,
    parameters: () => ({
      w0: start.normal([a, b], 0.7),
      b0: start.normal([b], 0.3),
      w1: start.normal([b, c], 0.7),
      b1: start.normal([c], 0.3),
    }),
    apply: (p, x) => tf.add(tf.matMul(tf.tanh(tf.add(tf.matMul(x, p.w0), p.b0)), p.w1), p.b1),
  });
}
const BATCH = 4;
const sines = (size: number): Float32Array =>
  Float32Array.from({ length: 2 * size }, (_, i) => Math.sin(1.1 * i));
const make = (batch = sines, loss = 'non-saturating'): Promise<GanGame> =>
  ganGame({
    loss: lossFrom(loss),
    discriminator: smooth([2, 5, 1]),
    generator: smooth([3, 4, 2]),
    data: { name: 'sines', shape: [2], batch },
    batch: BATCH,
    seed: 1,
  });
const sample: GanSample = {
  D: {
    real: sines(BATCH),
    noise: Float32Array.from({ length: 3 * BATCH }, (_, i) => Math.cos(0.9 * i)),
  },
  G: { noise: Float32Array.from({ length: 3 * BATCH }, (_, i) => Math.cos(0.5 * i + 2)) },
};
const asked: Asked<GanSample> = { sample, player: undefined, losses: undefined, buffers: {} };
const along = (game: GanGame, f: (i: number) => number): Float32Array =>
  Float32Array.from({ length: game.dim }, (_, i) => f(i));
async function product(
  game: GanGame,
  z: Vector,
  v: Vector,
  transposed: boolean,
  question = asked,
): Promise<Float32Array> {
  const out = new Float32Array(game.dim);
  await game.jacobianVector!(z, v, out, transposed, question);
  return out;
}
async function F(game: GanGame, z: Vector, question = asked): Promise<Float32Array> {
  const out = new Float32Array(game.dim);
  await game.operator(z, out, question);
  return out;
}
interface Vectors {
  readonly F: readonly number[];
  readonly forward: readonly number[];
  readonly transposed: readonly number[];
}
const jax: Vectors = JSON.parse(readFileSync(new URL('fixtures/products.json', import.meta.url), 'utf8'));
/** Some hundred float32 operations, each of 2⁻²⁴ of the size of what it adds up. */
const close = (found: Vector, expected: readonly number[]): void =>
  expect(distance(Float64Array.from(found), Float64Array.from(expected))).toBeLessThan(
    200 * 2 ** -24 * norm(Float64Array.from(expected)),
  );

describe('a GAN’s products', () => {
  it('equal JAX’s jvp and vjp of the same F on the same sample', async () => {
    const game = await make();
    const [z, v] = [along(game, (i) => Math.cos(1.3 * i) / 2), along(game, (i) => Math.sin(0.7 * i + 1))];
    close(await F(game, z), jax.F);
    close(await product(game, z, v, false), jax.forward);
    close(await product(game, z, v, true), jax.transposed);
    await game.dispose();
  });
  it.each([
    'non-saturating',
    'wasserstein(penalties=[gradient-penalty])',
    'wasserstein(penalties=[zero-centred])',
    'non-saturating(penalties=[dragan(weight=1)])',
    'r3gan',
    'relativistic-average',
    'relativistic(function=least-squares)',
    'saddle(smoothing=0.1, penalties=[lecam])',
  ])('equal central differences, and ⟨Jv, u⟩ = ⟨v, Jᵀu⟩, for %s', async (loss) => {
    const game = await make(sines, loss);
    const question = { ...asked, sample: game.draw(3), buffers: { logits: Float32Array.of(0.25, -0.5, 7) } };
    const [z, v] = [game.initialise(4), along(game, (i) => Math.sin(2.3 * i))];
    const h = 2 ** -7 / norm(v); // h² against 2⁻²⁴/h: both about 2⁻¹⁵
    const [plus, minus] = [
      await F(
        game,
        z.map((x, i) => x + h * v[i]!),
        question,
      ),
      await F(
        game,
        z.map((x, i) => x - h * v[i]!),
        question,
      ),
    ];
    const forward = await product(game, z, v, false, question);
    const differences = plus.map((x, i) => (x - minus[i]!) / (2 * h));
    expect(distance(forward, differences)).toBeLessThan(2 ** -9 * norm(forward));
    const u = along(game, (i) => Math.cos(0.4 * i));
    const backward = await product(game, z, u, true, question);
    expect(Math.abs(dot(forward, u) - dot(v, backward))).toBeLessThan(2 ** -17 * norm(forward) * norm(u));
    const turned = u.map((x, i) => (i < game.players[0]!.end ? x : -x)); // SJSu
    const bySigns = (await product(game, z, turned, false, question)).map((x, i) =>
      i < game.players[0]!.end ? x : -x,
    );
    expect(distance(bySigns, backward)).toBeGreaterThan(0.1 * norm(backward));
    await game.dispose();
  });
  it.each([
    'consensus(stepSize=0.05, penalty=0.1)',
    'symplectic-adjustment(stepSize=0.02)',
    'competitive-gradient(stepSize=0.02)',
    'follow-the-ridge(stepSize=0.001)',
  ])('train it by %s, each product counted, and again to the bit', async (spec) => {
    const game = await make();
    const run = () => train(game, methodFrom(spec), { start: game.initialise(1), steps: 6 });
    const [once, again] = [await run(), await run()];
    expect(once.status).toBe('budget');
    expect(once.ledger.gradients).toEqual([6, 6]);
    expect(once.ledger.products + once.ledger.transposedProducts).toBeGreaterThanOrEqual(6);
    expect(once.z).toEqual(again.z);
    expect(distance(once.z, game.initialise(1))).toBeGreaterThan(0);
    await game.dispose();
  });
});

describe('a GAN’s blocks', () => {
  it('tile the vector in order, and name what is not finite', async () => {
    const game = await make();
    let offset = 0;
    for (const block of game.blocks) {
      expect(block.offset).toBe(offset);
      offset += block.shape.reduce((a, b) => a * b, 1);
      expect(block.name.startsWith(`${game.players[block.player]!.name}.`)).toBe(true);
    }
    expect(offset).toBe(game.dim);
    await game.dispose();
    const broken = await make((size) => new Float32Array(2 * size).fill(NaN)); // real examples reach D alone
    const { status, message } = await train(broken, gda({ stepSize: 0.1 }), {
      start: broken.initialise(1),
      steps: 5,
    });
    expect(status).toBe('non-finite');
    expect(message).toContain('state.z[0] (D.w0[0]; G is still finite)');
    await broken.dispose();
  });
});

const normals = (size: number): GanOptions['data'] => ({
  name: 'normal',
  shape: [size],
  batch: (n, stream) => normal(new Float32Array(size * n), { ...stream, purpose: 'x' }),
});
it('prices products and losses by the floating-point operations of their graphs', async () => {
  // For a layer y = xW of n examples, the gradient is three products of 2nio operations (forward, in W, in
  // x) and J·v about twice that; D and G see it alike, so that all products cost between 2 and 3 gradients.
  const game = await ganGame({
    generator: mlp({ sizes: [8, 64, 64, 8] }),
    discriminator: mlp({ sizes: [8, 64, 64, 1] }),
    data: normals(8),
    batch: 32,
    seed: 1,
  });
  const { losses, product, transposedProduct } = pricesOf(game);
  expect(losses).toBeGreaterThan(1 / 4);
  expect(losses).toBeLessThan(1 / 2);
  for (const price of [product, transposedProduct]) {
    expect(price).toBeGreaterThan(2);
    expect(price).toBeLessThan(3);
  }
  await game.dispose();
});

it('prices a product with J below one with its transpose where second derivatives vanish', async () => {
  // The loss is linear in what D says, D and G are linear but for kinks: less is left of J·v than of Jᵀ·v.
  const game = await ganGame({
    generator: mlp({ sizes: [2, 8, 2] }),
    discriminator: mlp({ sizes: [2, 6, 1] }),
    loss: wasserstein,
    data: normals(2),
    batch: 4,
    seed: 1,
    engine: 'cpu',
  });
  const { product, transposedProduct } = pricesOf(game);
  expect(transposedProduct).toBeGreaterThan(1.05 * product);
  expect(transposedProduct).toBeLessThan(1.25 * product);
  await game.dispose();
});
