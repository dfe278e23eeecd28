import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normal, randomFrom } from '@stillpoint/operators';
import { greedy, greedyAdam, localEquilibrium, probeAsync, train } from '@stillpoint/optimizers';
import { mlp } from '@stillpoint/networks';
import { ganGame, type GanGame, type GanOptions } from '../src/index.js';

// Greedy min-max on a GAN, beside the same rule written in plain loops.

/** Two far Gaussians. */
const data: GanOptions['data'] = {
  name: 'pair',
  shape: [2],
  batch: (size, { seed, call, worker = 0 }) =>
    normal(new Float32Array(2 * size), { seed, purpose: 'pair', call, worker }).map(
      (x, i) => 0.1 * x + (i % 4 < 2 ? 1 : -1),
    ),
};
let gan: GanGame;
let start: Float32Array;
beforeAll(async () => {
  gan = await ganGame({
    generator: mlp({ sizes: [2, 16, 2] }),
    discriminator: mlp({ sizes: [2, 16, 1], activation: 'leaky-relu' }),
    data,
    batch: 16,
    seed: 3,
  });
  start = gan.initialise(1);
});
afterAll(() => gan.dispose());

interface Settings {
  readonly stepSize: readonly [ofD: number, ofG: number];
  readonly ascentSteps: number;
  readonly rate: number;
  readonly horizon: number | null;
  readonly reference: 'kept' | 'fresh';
  readonly restoreMoments: boolean;
}

/** Adam’s state of both players, in float64: it is compared within float32’s rounding. */
interface Moments {
  m: Float64Array;
  v: Float64Array;
  t: number[];
}

/** The rule, step by step: which steps were accepted, and z after them. */
async function byHand(
  { stepSize, ascentSteps, rate, horizon, reference, restoreMoments }: Settings,
  steps: number,
  seed: number,
): Promise<{ readonly accepted: readonly boolean[]; readonly z: Float32Array }> {
  const [D, G] = [0, 1];
  const draws = [0, 0];
  const uniforms = randomFrom({ seed, purpose: 'greedy acceptance' });
  let z: Float32Array = start.slice();
  let moments: Moments = { m: new Float64Array(z.length), v: new Float64Array(z.length), t: [0, 0] };
  const gradient = async (at: Float32Array, player: number): Promise<Float32Array> => {
    const out = new Float32Array(z.length);
    const sample = gan.draw(draws[player]!, player);
    draws[player]!++;
    await gan.operator(at, out, { sample, player, losses: undefined, buffers: {} });
    return out;
  };
  const adam = async (at: Float32Array, player: number, { m, v, t }: Moments): Promise<Float32Array> => {
    const g = await gradient(at, player);
    const { start: first, end } = gan.players[player]!;
    t[player]!++;
    const next = at.slice();
    for (let i = first; i < end; i++) {
      m[i] = 0.9 * m[i]! + 0.1 * g[i]!;
      v[i] = 0.999 * v[i]! + 0.001 * g[i]! ** 2;
      const [mHat, vHat] = [m[i]! / (1 - 0.9 ** t[player]!), v[i]! / (1 - 0.999 ** t[player]!)];
      next[i] = at[i]! - stepSize[player]! * (mHat / (Math.sqrt(vHat) + 1e-8));
    }
    return next;
  };
  const nextBatch = (): ReturnType<GanGame['draw']> => {
    const call = Math.max(...draws);
    draws.fill(call + 1);
    return gan.draw(call);
  };
  const f = async (at: Float32Array, sample: ReturnType<GanGame['draw']>): Promise<number> => {
    const losses = new Float32Array(2);
    await gan.losses?.(at, losses, { sample, player: undefined, losses: undefined, buffers: {} });
    return -losses[D]!;
  };
  const accepted: boolean[] = [];
  let kept = Infinity;
  for (let i = 0; i < steps; i++) {
    const before: Moments = { m: moments.m.slice(), v: moments.v.slice(), t: [...moments.t] };
    let w = await adam(z, G, moments);
    for (let k = 0; k < ascentSteps; k++) w = await adam(w, D, moments);
    const batch = nextBatch();
    const old = i === 0 ? Infinity : reference === 'fresh' ? await f(z, batch) : kept;
    const value = await f(w, batch);
    const chance = 1 / (horizon === null ? rate : rate - 1 + Math.exp((i / horizon) ** 2));
    const yes = value <= old || uniforms(i).uniform() < chance;
    if (yes) [z, kept] = [w, value];
    else if (restoreMoments) moments = before;
    accepted.push(yes);
  }
  return { accepted, z };
}

const plain: Settings = {
  stepSize: [0.02, 0.01],
  ascentSteps: 2,
  rate: 4,
  horizon: null,
  reference: 'kept',
  restoreMoments: false,
};

describe('greedy-adam on a small GAN', () => {
  it.each<[string, Partial<Settings>]>([
    ['as it is by default', {}],
    ['compared on a fresh batch', { reference: 'fresh' }],
    ['with moments taken back', { restoreMoments: true }],
    [
      'with both, six steps of D and a falling chance',
      {
        reference: 'fresh',
        restoreMoments: true,
        ascentSteps: 6,
        rate: 2,
        horizon: 10,
      },
    ],
  ])('%s: accepts and rejects as the rule written in plain loops', async (_, changed) => {
    const settings = { ...plain, ...changed };
    const steps = 40;
    const accepted: boolean[] = [];
    let before = 0;
    const made = await train(gan, greedyAdam(settings), {
      start,
      steps,
      seed: 7,
      observe({ state, ledger }) {
        if (ledger.steps > 0) accepted.push(state.accepted > before);
        before = state.accepted;
      },
    });
    const own = await byHand(settings, steps, 7);
    expect(accepted).toEqual(own.accepted);
    // both answers occur, or the comparison would show nothing
    expect(new Set(accepted).size).toBe(2);
    expect(made.figures).toMatchObject({ accepted: own.accepted.filter(Boolean).length });
    // float32 against float64 in Adam: a relative 1e-7 in each of at most 280 moves of 0.02
    made.z.forEach((x, i) => expect(Math.abs(x - own.z[i]!)).toBeLessThan(1e-3));
    // what a step asks for
    const { ascentSteps: k, reference } = settings;
    expect(made.ledger.gradients).toEqual([k * steps, steps]);
    expect(made.ledger.losses).toBe(steps * (reference === 'fresh' ? 2 : 1));
  });

  it('continues from a checkpoint bit for bit', async () => {
    const method = greedyAdam({ ...plain, restoreMoments: true });
    const options = { start, seed: 2 };
    const whole = await train(gan, method, { ...options, steps: 21 });
    const half = await train(gan, method, { ...options, steps: 9 });
    const rest = await train(gan, method, { ...options, steps: 21, from: half.checkpoint });
    expect(rest.checkpoint).toEqual(whole.checkpoint);
  });
});

describe('the paper’s form and its equilibrium on the same GAN', () => {
  it('greedy proposes moves of G, and D answers until its gradient is small', async () => {
    const method = greedy({
      stepSize: 0.2,
      proposal: 'adam(stepSize=0.01)',
      proposer: 1,
      tolerance: 0.1,
      decrease: 0.001,
      rejections: 5,
      ascentSteps: 1000,
    });
    const { status, figures, ledger } = await train(gan, method, { start, steps: 40 });
    expect(status).toBe('ended');
    expect(figures?.['accepted']).toBeGreaterThan(1);
    expect(figures?.['gradient']).toBeLessThanOrEqual(0.1);
    expect(ledger.gradients[1]).toBe(ledger.steps - 1);
  });
  it('an untrained GAN is none: many a step of Adam lowers f, whatever D answers', async () => {
    const { value } = await probeAsync(
      gan,
      start,
      localEquilibrium(start, {
        stepSize: 0.2,
        proposer: 1,
        proposal: 'adam(stepSize=0.05)',
        samples: 20,
        tolerance: 0.1,
        decrease: 0,
        ascentSteps: 1000,
      }),
    );
    expect(value.gradient).toBeGreaterThan(0.05);
    expect(value.stationary).toBe(false);
    expect(value.omega.atLeast).toBeGreaterThan(0.2);
    expect(value.unfinished).toBe(0);
    expect(value.unbounded).toBe(0);
  });
});
