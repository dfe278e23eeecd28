import { describe, expect, it } from 'vitest';
import {
  activation,
  batchNorm,
  conv,
  dense,
  dropout,
  flatten,
  mlp,
  pool,
  sequential,
  spectralNorm,
  type Network,
} from '@stillpoint/networks';
import { normal, type Asked, type Buffers } from '@stillpoint/operators';
import { alternatingAdam, greedyAdam, pricesOf, pricing, train } from '@stillpoint/optimizers';
import {
  ganGame,
  lossFrom,
  nonSaturating,
  r1,
  regularised,
  saddle,
  unrolled,
  wasserstein,
  type GanGame,
  type GanLoss,
  type GanOptions,
  type GanSample,
} from '../src/index.js';

// Vectors of PyTorch, with networks of several kinds, are in objectives.test.ts.

const real = Float32Array.of(1.5, -0.25, 0.75, 2);
const noise = Float32Array.of(0.5, -1, 1.25, 0.25);
const line: GanOptions['data'] = { name: 'line', shape: [1], batch: () => real };
const everything = { player: undefined, losses: undefined };

/** F of a game at z. */
async function field(game: GanGame, z: Float32Array, asked: Asked<GanSample>): Promise<Float32Array> {
  const out = new Float32Array(game.dim);
  await game.operator(z, out, asked);
  return out;
}

/** A game of D(x) = wx + b and G(z) = θz + c. */
const linear = (loss: GanLoss, engine: GanOptions['engine'] = 'cpu'): Promise<GanGame> =>
  ganGame({
    discriminator: mlp({ sizes: [1, 1] }),
    generator: mlp({ sizes: [1, 1] }),
    data: line,
    batch: 4,
    loss,
    seed: 1,
    engine,
  });
const at = Float32Array.of(0.7, -0.3, 1.1, 0.4); // w, b, θ, c
const sample: GanSample = { D: { real, noise }, G: { real, noise } };
const asked: Asked<GanSample> = { ...everything, sample, buffers: {} };

describe('one gradient step ahead, on D(x) = wx + b and G(z) = θz + c', () => {
  const η = 0.6;
  const σ = (t: number): number => 1 / (1 + Math.exp(-t));
  const mean = (f: (x: number, z: number) => number): number =>
    real.reduce((sum, x, i) => sum + f(x, noise[i]!), 0) / real.length;
  const [w = 0, b = 0, θ = 0, c = 0] = at;
  const y = (z: number): number => θ * z + c;
  // L_D = E softplus(−(wx + b)) + E softplus(wy + b), and d₁ = d − η∇L_D
  const w1 = w - η * mean((x, z) => -σ(-(w * x + b)) * x + σ(w * y(z) + b) * y(z));
  const b1 = b - η * mean((x, z) => -σ(-(w * x + b)) + σ(w * y(z) + b));
  // L_G = −E softplus(w₁y + b₁): through y, and through w₁ and b₁
  const s1 = (z: number): number => -σ(w1 * y(z) + b1);
  const [ofW, ofB] = [mean((_, z) => s1(z) * y(z)), mean((_, z) => s1(z))];
  const gradient = (dy: (z: number) => number): number => {
    const curve = (z: number): number => σ(w * y(z) + b) * (1 - σ(w * y(z) + b));
    const dw1 = -η * mean((_, z) => (curve(z) * w * y(z) + σ(w * y(z) + b)) * dy(z));
    const db1 = -η * mean((_, z) => curve(z) * w * dy(z));
    return mean((_, z) => s1(z) * w1 * dy(z)) + ofW * dw1 + ofB * db1;
  };

  it.each(['native', 'wasm', 'cpu'] as const)('G’s gradient is that of hand (%s)', async (engine) => {
    const game = await linear(unrolled(saddle, { steps: 1, stepSize: η }), engine);
    const found = await field(game, at, asked);
    // a few dozen roundings of 2⁻²⁴ of numbers below 2
    expect(Math.abs(found[2]! - gradient((z) => z))).toBeLessThan(2 ** -18);
    expect(Math.abs(found[3]! - gradient(() => 1))).toBeLessThan(2 ** -18);
    const losses = new Float32Array(2);
    await game.losses!(at, losses, asked);
    expect(Math.abs(losses[1]! + mean((_, z) => Math.log1p(Math.exp(w1 * y(z) + b1))))).toBeLessThan(
      2 ** -18,
    );
    await game.dispose();
  });
  it('D’s gradient and loss are those of the plain loss, to the bit; G’s are not', async () => {
    const [plain, ahead] = [await linear(saddle), await linear(unrolled(saddle, { steps: 3, stepSize: η }))];
    const [F, U] = [await field(plain, at, asked), await field(ahead, at, asked)];
    expect(U.subarray(0, 2)).toEqual(F.subarray(0, 2));
    expect(Math.abs(U[2]! - F[2]!)).toBeGreaterThan(0.01);
    const alone = new Float32Array(4);
    for (const player of [0, 1]) await ahead.operator(at, alone, { ...asked, player });
    expect(alone).toEqual(U);
    await plain.dispose();
    await ahead.dispose();
  });
  it('no step is the loss itself, and tiny steps come to it', async () => {
    expect(unrolled(saddle, { steps: 0 })).toBe(saddle);
    expect(lossFrom('unrolled(hinge, steps=0)')).toBe(lossFrom('hinge'));
    const [plain, ahead] = [
      await linear(saddle),
      await linear(unrolled(saddle, { steps: 5, stepSize: 1e-6 })),
    ];
    const [F, U] = [await field(plain, at, asked), await field(ahead, at, asked)];
    // 5 steps of 1e-6 along second derivatives below 2, and a few roundings
    U.forEach((x, i) => expect(Math.abs(x - F[i]!)).toBeLessThan(2e-5));
    await plain.dispose();
    await ahead.dispose();
  });
});

describe('G’s gradient is the slope of its unrolled loss', () => {
  const smooth = activation({ of: 'tanh' });
  const images = { shape: [4, 4, 1], size: 16 };
  const points = { shape: [2], size: 2 };
  const kinds: { readonly [kind: string]: { of: typeof points; loss: GanLoss; D: Network } } = {
    'spectral norm': {
      of: points,
      loss: wasserstein,
      D: spectralNorm(mlp({ sizes: [2, 6, 1], activation: 'tanh' })),
    },
    'batch norm and dropout': {
      of: points,
      loss: nonSaturating,
      D: sequential({
        inputs: 2,
        layers: [dense({ units: 6 }), batchNorm(), smooth, dropout({ rate: 0.3 }), dense({ units: 1 })],
      }),
    },
    'a convolution, a mean of windows and R1': {
      of: images,
      loss: regularised(saddle, [r1({ weight: 2 })]),
      D: sequential({
        inputs: [4, 4, 1],
        layers: [conv({ filters: 3, size: 3 }), smooth, pool({ of: 'mean' }), flatten(), dense({ units: 1 })],
      }),
    },
  };
  it.each(Object.entries(kinds))('with a D of %s', async (_, { of: { shape, size }, loss, D }) => {
    const game = await ganGame({
      discriminator: D,
      generator: mlp({ sizes: [3, 5, size], activation: 'tanh' }),
      data: {
        name: 'normal',
        shape,
        batch: (n, { call }) => normal(new Float32Array(n * size), { seed: 1, purpose: 'x', call }),
      },
      batch: 8,
      loss: unrolled(loss, { steps: 3, stepSize: 0.2 }),
      seed: 1,
      engine: 'cpu',
    });
    const z = game.initialise(3);
    const buffers: Buffers = Object.fromEntries(
      (game.buffers ?? []).map(({ name, start = [] }) => [name, Float32Array.from(start)]),
    );
    const here: Asked<GanSample> = { ...everything, sample: game.draw(4), buffers };
    const F = await field(game, z, here);
    const { start } = game.players[1]!;
    // along the gradient itself, of length 1
    const ofG = F.map((x, i) => (i < start ? 0 : x));
    const length = Math.hypot(...ofG);
    const loss2 = async (h: number): Promise<number> => {
      const out = new Float32Array(2);
      await game.losses!(
        z.map((x, i) => x + (h * ofG[i]!) / length),
        out,
        here,
      );
      return out[1]!;
    };
    const h = 2 ** -6;
    const slope = ((await loss2(h)) - (await loss2(-h))) / (2 * h);
    // h² of third derivatives, and values rounded by 2⁻²² or so divided by 2h
    expect(Math.abs(slope - length)).toBeLessThan(2e-3 * Math.max(1, length));
    expect(length).toBeGreaterThan(0.02);
    await game.dispose();
  });
});

it('costs what its graphs say, and trains', async () => {
  const options = (loss: GanLoss): GanOptions => ({
    discriminator: mlp({ sizes: [2, 32, 32, 1], activation: 'leaky-relu' }),
    generator: mlp({ sizes: [2, 32, 32, 2] }),
    data: {
      name: 'normal',
      shape: [2],
      batch: (n, stream) => normal(new Float32Array(2 * n), { ...stream, purpose: 'x' }),
    },
    batch: 32,
    loss,
    seed: 1,
  });
  const plain = await ganGame(options(saddle));
  expect(pricesOf(plain).shares).toEqual([0.5, 0.5]);
  const cost = [];
  for (const steps of [1, 2, 3]) {
    const game = await ganGame(options(unrolled(saddle, { steps })));
    const [ofD = 0, ofG = 0] = pricesOf(game).shares;
    expect(ofD + ofG).toBeCloseTo(1, 12);
    cost.push(ofG / ofD);
    const run = await train(game, alternatingAdam({ stepSize: 0.01 }), {
      start: game.initialise(1),
      steps: 3,
    });
    expect(run.status).toBe('budget');
    expect(pricing(game)(run.ledger)).toBeCloseTo(3, 12);
    await game.dispose();
  }
  // A gradient of D is about three passes of D on both sets and one of G. A step is that, and its derivative.
  const [one = 0, two = 0, three = 0] = cost;
  expect(two - one).toBeCloseTo(three - two, 1);
  expect(two - one).toBeGreaterThan(1.5);
  expect(two - one).toBeLessThan(4);
  expect(one).toBeGreaterThan(2);

  const game = await ganGame(options(unrolled(saddle, { steps: 2 })));
  expect(game.operations() / plain.operations()).toBeGreaterThan(2);
  const method = greedyAdam({ stepSize: [0.01, 0.01], ascentSteps: 2 });
  const run = () => train(game, method, { start: game.initialise(1), steps: 4, seed: 3 });
  const [first, again] = [await run(), await run()];
  expect(first.ledger.gradients).toEqual([8, 4]);
  expect(first.z).toEqual(again.z);
  await game.dispose();
  await plain.dispose();
});

describe('unrolled', () => {
  it('is named by its spec, and identified by the loss within and both options', () => {
    const loss = unrolled(regularised(saddle, [r1({ weight: 4 })]), { steps: 6, stepSize: 0.3 });
    expect(loss.name).toBe('unrolled(saddle(penalties=[r1(weight=4)]), steps=6, stepSize=0.3)');
    expect(lossFrom(loss.name).name).toBe(loss.name);
    expect(lossFrom(loss.name).identity).toEqual(loss.identity);
    expect(lossFrom('unrolled(wasserstein)').unbounded).toBe(true);
    const identities = ['saddle', 'hinge'].flatMap((inner) =>
      ['steps=2', 'steps=3', 'stepSize=0.2'].map((option) =>
        JSON.stringify(lossFrom(`unrolled(${inner}, ${option})`).identity),
      ),
    );
    expect(new Set(identities).size).toBe(6);
  });
  it('refuses what it cannot unroll', () => {
    const loose = (...given: readonly unknown[]): unknown => Reflect.apply(unrolled, undefined, given);
    expect(() => loose('saddle')).toThrow(
      'unrolled: "saddle" is no loss; expected one, as saddle or lossFrom(\'hinge\')',
    );
    expect(() => loose(null)).toThrow('unrolled: null is no loss');
    expect(() => unrolled(saddle, { steps: 1.5 })).toThrow(
      'unrolled: steps is 1.5; expected a whole number from 0 to 100',
    );
    expect(() => unrolled(saddle, { steps: 101 })).toThrow('unrolled: steps is 101; expected');
    expect(() => unrolled(saddle, { stepSize: 0 })).toThrow('unrolled: stepSize is 0; expected a number > 0');
    expect(() => unrolled(unrolled(saddle))).toThrow(
      'unrolled: unrolled(saddle, steps=5, stepSize=0.1) is unrolled already; expected a plain loss, with more steps',
    );
    expect(() => regularised(unrolled(saddle), [r1()])).toThrow(
      'regularised: unrolled(saddle, steps=5, stepSize=0.1) is unrolled already; expected its penalties within',
    );
    expect(() => lossFrom('unrolled')).toThrow(
      'loss unrolled takes one loss; found 0: unrolled(saddle, steps=5, stepSize=0.1)',
    );
  });
});
