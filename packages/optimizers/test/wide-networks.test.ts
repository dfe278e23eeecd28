import { describe, expect, it } from 'vitest';
import { distance, dot, eigh, type Game, type Method, type State, type Vector } from '@stillpoint/operators';
import { limitKernel, twoLayerRelu, type TwoLayer } from '@stillpoint/problems';
import { heavyBall, iterate, nesterov } from '../src/index.js';
import { steps } from '../../../testing/long.js';

// A wide network trained by a method beside the same method on the linear game of its limit kernel, F(Δ) =
// HΔ.

const [n, p, s, made] = [10, 20, 0.05, 100];
const methods: readonly Method<State>[] = [
  heavyBall({ stepSize: s, momentum: 0.75 }),
  nesterov({ stepSize: s }),
];

const linear = (H: Float64Array, Δ0: Float64Array): Game => ({
  name: 'kernel recursion',
  dim: n,
  players: [{ name: 'Δ', start: 0, end: n }],
  start: Array.from(Δ0),
  operator(Δ, out) {
    for (let i = 0; i < n; i++) {
      out[i] = 0;
      for (let j = 0; j < n; j++) out[i] = out[i]! + H[i * n + j]! * Δ[j]!;
    }
  },
});
const residualAt = ({ residual }: TwoLayer, z: Vector): Float64Array => {
  const out = new Float64Array(n);
  void residual.value(z, out, { player: undefined, sample: undefined, losses: undefined, buffers: {} });
  return out;
};
const half = (Δ: Vector): number => dot(Δ, Δ) / 2;

/** How far the loss is from that of the recursion at most, as a share of the first; and how far W went. */
function along(game: TwoLayer, method: Method<State>) {
  const start = Float64Array.from(game.start!);
  const Δ0 = residualAt(game, start);
  const H = limitKernel(game.inputs);
  const [trained, recursion] = [iterate(game, method, start), iterate(linear(H, Δ0), method)];
  let [apart, end] = [0, start];
  for (let k = 1; k <= made; k++) {
    const [{ z }, { z: Δ }] = [trained.next().value, recursion.next().value];
    if (k % 4 !== 0) continue; // a loss takes as long as a third of a step
    apart = Math.max(apart, Math.abs(half(residualAt(game, z)) - half(Δ)) / half(Δ0));
    if (k === made) end = Float64Array.from(z);
  }
  // the linear dynamics end at W₀ − Jᵀ(JJᵀ)⁻¹Δ₀, at the distance √(Δ₀ᵀH⁻¹Δ₀) from W₀
  const { values, vectors } = eigh(H);
  const shares = Array.from(values, (_, m) => Δ0.reduce((sum, x, i) => sum + x * vectors[m * n + i]!, 0));
  const limit = Math.sqrt(shares.reduce((sum, share, m) => sum + share ** 2 / values[m]!, 0));
  const units = Array.from({ length: game.dim / p }, (_, r) =>
    distance(end.subarray(r * p, (r + 1) * p), start.subarray(r * p, (r + 1) * p)),
  );
  return { apart, moved: distance(end, start) / limit, farthest: Math.max(...units) / limit };
}

const network = (width: number, seed: number): TwoLayer =>
  twoLayerRelu({ width, examples: n, dimension: p, seed });

describe.each(methods.map((method) => [method.name, method] as const))(
  'a wide network, by %s',
  (_, method) => {
    it('the wider, the closer its loss is to that of the kernel recursion, within 1/√m', () => {
      for (let seed = 1; seed <= steps(1, 3); seed++) {
        const apart = [512, 2048, 8192].map((width) => along(network(width, seed), method).apart);
        expect(apart).toEqual(apart.toSorted((a, b) => b - a));
        apart.forEach((share, i) => expect(share * Math.sqrt(512 * 4 ** i)).toBeLessThan(1));
      }
    });
  },
);

describe('how far weights move', () => {
  const widths = [128, 512, 2048];
  const runs = [1, 2, 3, 4, 5, 6].map((seed) =>
    widths.map((width) => along(network(width, seed), methods[0]!)),
  );
  it('all together as far as the kernel says, a distance that does not depend on m', () => {
    // off by 1/√m as the kernel is: measured 0.7/√m at most, twice that is allowed
    for (const ofSeed of runs)
      ofSeed.forEach(({ moved }, i) => expect(Math.abs(moved - 1)).toBeLessThan(1.4 / Math.sqrt(widths[i]!)));
  });
  it('so the one that moves farthest as m^−½: the slope of the logarithms, within three standard errors', () => {
    const slopes = runs.map(([first, , last]) => Math.log(last!.farthest / first!.farthest) / Math.log(16));
    const mean = slopes.reduce((sum, x) => sum + x / slopes.length, 0);
    const variance = slopes.reduce((sum, x) => sum + (x - mean) ** 2 / (slopes.length - 1), 0);
    expect(Math.sqrt(variance)).toBeLessThan(0.05); // so that the test can fail
    expect(Math.abs(mean + 0.5)).toBeLessThan(3 * Math.sqrt(variance / slopes.length));
  });
});
