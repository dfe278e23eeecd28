import { dot, normal, randomFrom, type Game, type Vector } from '@stillpoint/operators';
import * as option from '../options.js';
import { minimisation } from '../kinds/minimisation.js';

/** A solution u* on [0, 1], and k² of its equation. */
interface Equation {
  readonly k2: number;
  readonly u: (x: number) => number;
  /** u*″. */
  readonly second: (x: number) => number;
}

/** Σ c·sin(ωx). */
const sines = (k2: number, ...waves: readonly (readonly [c: number, ω: number])[]): Equation => ({
  k2,
  u: (x) => waves.reduce((sum, [c, ω]) => sum + c * Math.sin(ω * x), 0),
  second: (x) => waves.reduce((sum, [c, ω]) => sum - c * ω * ω * Math.sin(ω * x), 0),
});

const equations = {
  poisson: (_: number) => sines(0, [1, Math.PI]),
  'two-scale': (_: number) => sines(0, [1, 2 * Math.PI], [0.1, 50 * Math.PI]),
  helmholtz: (k: number) => sines(k * k, [1, 4 * Math.PI]),
};

/**
 * A physics-informed network of one hidden layer for an equation on [0, 1] with u = 0 at both ends:
 *   u(x) = m^(−1/2) Σ aᵣ·tanh(wᵣx + bᵣ),   f(z) = ½‖s‖²,
 *   s = (u″ + k²u − g at n₁ points inside, over √n₁;  u at 0 and 1, over √2)
 * with u* = sin πx (`poisson`), sin 2πx + 0.1·sin 50πx (`two-scale`) or sin 4πx (`helmholtz`). w and b are
 * N(0, scale²) at the start, aᵣ is 1 or −1. z is w₁ b₁ w₂ b₂ …, and with `layers=both` then a. Derivatives
 * of all orders are exact, in float64. A two-layer network as in Xu et al. 2024, arXiv 2407.02827; equations
 * and points are Stillpoint’s.
 */
export const twoLayerPinn = minimisation({
  name: 'two-layer-pinn',
  about: 'a physics-informed network of one hidden layer for an equation on [0, 1], with exact derivatives',
  reference: 'Xu, Du, Kong, Shan, Li, Huang 2024, arXiv 2407.02827',
  options: {
    equation: option.choice({
      about: 'the equation: u″ = g with one scale or with two, or u″ + k²u = g',
      among: ['poisson', 'two-scale', 'helmholtz'],
      default: 'poisson',
    }),
    width: option.integer({ about: 'hidden units', symbol: 'm', from: 1, to: 1_000_000, default: 200 }),
    interior: option.integer({
      about: 'points inside, equally far apart',
      symbol: 'n₁',
      from: 1,
      to: 10_000,
      default: 4,
    }),
    wave: option.number({ about: 'wave number of Helmholtz’s equation', symbol: 'k', above: 0, default: 10 }),
    scale: option.number({
      about: 'standard deviation of the hidden weights at the start',
      above: 0,
      default: 3,
    }),
    layers: option.choice({ about: 'which weights are learnt', among: ['first', 'both'], default: 'first' }),
    seed: option.seed({ default: 1 }),
  },
  make(parsed): Game {
    const { equation, width: m, interior, wave, scale, layers, seed } = parsed;
    const { k2, u, second } = equations[equation](wave);
    const both = layers === 'both';
    const dim = m * (both ? 3 : 2);
    const random = randomFrom({ seed, purpose: 'output weights' })(0);
    const signs = Float64Array.from({ length: m }, () => (random.uniform() < 0.5 ? -1 : 1));
    const hidden = normal(new Float64Array(2 * m), { seed, purpose: 'hidden weights' }, 0, scale);
    const inside = Array.from({ length: interior }, (_, i) => (i + 1) / (interior + 1));
    /** Each entry is (c₀u + c₂u″ − target) at x. */
    const rows = [
      ...inside.map((x) => {
        const c = 1 / Math.sqrt(interior);
        return { x, c0: c * k2, c2: c, target: c * (second(x) + k2 * u(x)) };
      }),
      ...[0, 1].map((x) => ({ x, c0: Math.SQRT1_2, c2: 0, target: Math.SQRT1_2 * u(x) })),
    ];
    const κ = 1 / Math.sqrt(m);
    const a = (z: Vector): Vector => (both ? z.subarray(2 * m) : signs);

    const value = (z: Vector, out: Vector): void => {
      rows.forEach(({ x, c0, c2, target }, i) => {
        let sum = 0;
        for (let r = 0; r < m; r++) {
          const w = z[2 * r]!;
          const t = Math.tanh(w * x + z[2 * r + 1]!);
          sum += a(z)[r]! * (c0 * t - c2 * w * w * 2 * t * (1 - t * t));
        }
        out[i] = κ * sum - target;
      });
    };
    /** Calls `each` with the derivatives of a row’s entry by wᵣ, bᵣ and aᵣ. */
    const derivatives = (
      z: Vector,
      { x, c0, c2 }: (typeof rows)[number],
      each: (r: number, byW: number, byB: number, byA: number) => void,
    ): void => {
      for (let r = 0; r < m; r++) {
        const w = z[2 * r]!;
        const t = Math.tanh(w * x + z[2 * r + 1]!);
        const first = 1 - t * t; // tanh′; then tanh″ and tanh‴
        const [two, three] = [-2 * t * first, first * (6 * t * t - 2)];
        const by = κ * a(z)[r]!;
        each(
          r,
          by * (c0 * x * first + c2 * (2 * w * two + w * w * x * three)),
          by * (c0 * first + c2 * w * w * three),
          κ * (c0 * t + c2 * w * w * two),
        );
      }
    };
    /** out ← Jᵀv. */
    const transposed = (z: Vector, v: Vector, out: Vector): void => {
      out.fill(0);
      rows.forEach((row, i) =>
        derivatives(z, row, (r, byW, byB, byA) => {
          out[2 * r] = out[2 * r]! + v[i]! * byW;
          out[2 * r + 1] = out[2 * r + 1]! + v[i]! * byB;
          if (both) out[2 * m + r] = out[2 * m + r]! + v[i]! * byA;
        }),
      );
    };
    /** out ← Jv. */
    const along = (z: Vector, v: Vector, out: Vector): void => {
      rows.forEach((row, i) => {
        let sum = 0;
        derivatives(z, row, (r, byW, byB, byA) => {
          sum += byW * v[2 * r]! + byB * v[2 * r + 1]! + (both ? byA * v[2 * m + r]! : 0);
        });
        out[i] = sum;
      });
    };
    const s = new Float64Array(rows.length);
    return {
      name: 'two-layer-pinn',
      dim,
      players: [{ name: 'w', start: 0, end: dim }],
      start: Array.from(both ? [...hidden, ...signs] : hidden),
      blocks: [
        { name: 'hidden', offset: 0, shape: [m, 2], player: 0 },
        ...(both ? [{ name: 'output.weight', offset: 2 * m, shape: [1, m], player: 0 }] : []),
      ],
      residual: {
        length: rows.length,
        value,
        product: (z, v, out, back) => (back ? transposed : along)(z, v, out),
      },
      operator(z, out) {
        value(z, s);
        transposed(z, s, out);
      },
      losses(z, out) {
        value(z, s);
        out[0] = dot(s, s) / 2;
      },
    };
  },
});
