import {
  InputError,
  dot,
  norm,
  normal,
  parseOptions,
  randomFrom,
  scale,
  shown,
  type Game,
  type OptionTable,
  type Residual,
  type SeparableSmooth,
  type Vector,
} from '@stillpoint/operators';
import type { ReluUnit } from '../convex-networks/relu-network.js';
import * as option from '../options.js';

/** Options of {@link twoLayerRelu}. */
export interface TwoLayerReluOptions {
  /** m, the hidden units. */
  readonly width: number;
  /** n, the number of seeded examples. */
  readonly examples: number;
  /** p, the entries of a seeded input. */
  readonly dimension: number;
  /** Which weights are learnt. */
  readonly layers: 'first' | 'both';
  /** λ, the weight of ½‖z‖²; >= 0. */
  readonly decay: number;
  /** Inputs x₁ … x_n as rows; null: seeded ones of length 1. */
  readonly inputs: readonly (readonly number[])[] | null;
  /** y₁ … y_n; null: seeded, standard normal. */
  readonly targets: readonly number[] | null;
  readonly seed: number;
}

/** The problem of {@link twoLayerRelu}, with its data. */
export interface TwoLayerRelu extends Game {
  /** x₁ … x_n. */
  readonly inputs: readonly (readonly number[])[];
  /** y₁ … y_n. */
  readonly targets: readonly number[];
  readonly residual: Residual;
}

/** The largest number of weights. */
const MOST = 10_000_000;

/** Options of {@link twoLayerRelu}: what is accepted, and the defaults. */
export const twoLayerReluTable: OptionTable<TwoLayerReluOptions> = {
  width: option.integer({ about: 'hidden units', symbol: 'm', from: 1, to: MOST, default: 200 }),
  examples: option.integer({
    about: 'examples: entries of the residual; those of `inputs` if these are given',
    symbol: 'n',
    from: 1,
    to: 10_000,
    default: 10,
  }),
  dimension: option.integer({
    about: 'entries of an input; those of `inputs` if these are given',
    symbol: 'p',
    from: 1,
    to: 10_000,
    default: 20,
  }),
  layers: option.choice({ about: 'which weights are learnt', among: ['first', 'both'], default: 'first' }),
  decay: option.number({ about: 'weight decay: λ‖z‖²/2 is added', symbol: 'λ', from: 0, default: 0 }),
  inputs: option.matrix({
    about: 'the inputs, row by row',
    symbol: 'x',
    default: null,
    otherwise: 'seeded ones of length 1',
  }),
  targets: option.numbers({
    about: 'the targets',
    symbol: 'y',
    default: null,
    otherwise: 'seeded, standard normal',
  }),
  seed: option.seed({ default: 1 }),
};

/**
 * Least squares with a network of one hidden layer of rectified units:
 *   f(x) = m^(−1/2) Σ aᵣ·max(0, wᵣᵀx),   L = ½ Σ (f(xᵢ) − yᵢ)² + (λ/2)‖z‖²
 * At the start w is N(0, I), and aᵣ is 1 or −1, each with probability ½. z is W, unit after unit, and with
 * `layers=both` then a, which is else fixed. The derivative of max(0, t) at t = 0 is taken to be 1. Where no
 * wᵣᵀxᵢ is 0 the residual is smooth, and linear there if the first layer alone is learnt.
 *
 * As m grows, the residuals Δ of the first layer follow the linear recursions of `limitKernel`: in gradient
 * descent Δ⁺ = Δ − sHΔ. Setting of Du, Zhai, Poczos, Singh 2019, arXiv 1810.02054, and of Bu, Xu, Chen 2021,
 * arXiv 2010.13165.
 *
 * With `layers=both` and a decay λ > 0 the global optimum over all widths is known: that of `convexRelu` with
 * β = λ√m, of which `reluUnits` is the network with α = aᵣ·m^(−1/4) and w = wᵣ·m^(−1/4). `neuronsOf` gives these.
 */
export function twoLayerRelu(options: Partial<TwoLayerReluOptions> = {}): TwoLayerRelu {
  const parsed = parseOptions('minimisation two-layer-relu', twoLayerReluTable, options);
  const { width: m, layers, decay: λ, seed } = parsed;
  const inputs = parsed.inputs ?? unitRows(parsed.examples, parsed.dimension, seed);
  const [n, p] = [inputs.length, inputs[0]!.length];
  const targets = parsed.targets ?? Array.from(normal(new Float64Array(n), { seed, purpose: 'targets' }));
  if (targets.length !== n)
    throw new InputError(`two-layer-relu: ${targets.length} targets for ${n} inputs; expected one for each`);
  const both = layers === 'both';
  const dim = m * (both ? p + 1 : p);
  if (dim > MOST)
    throw new InputError(
      `two-layer-relu: width=${m} with ${p} entries of an input make ${dim} weights; expected at most ${MOST}`,
    );
  const random = randomFrom({ seed, purpose: 'output weights' })(0);
  const signs = Float64Array.from({ length: m }, () => (random.uniform() < 0.5 ? -1 : 1));
  const hidden = normal(new Float64Array(m * p), { seed, purpose: 'hidden weights' });
  const x = inputs.map((row) => Float64Array.from(row));
  const at = (z: Vector): Network => network(z, both ? z.subarray(m * p) : signs, m, p, both);

  const residual: Residual = {
    length: n,
    ...(λ > 0 && { regulariser: { weight: λ, h: halfSquare } }),
    value(z, out) {
      const { output } = at(z);
      x.forEach((xi, i) => (out[i] = output(xi) - targets[i]!));
    },
    product(z, v, out, transposed) {
      const { along, addGradient } = at(z);
      if (transposed) out.fill(0);
      x.forEach((xi, i) => {
        if (!transposed) out[i] = along(xi, v);
        else if (v[i] !== 0) addGradient(xi, v[i]!, out);
      });
    },
  };
  const r = new Float64Array(n);
  return {
    name: 'two-layer-relu',
    dim,
    players: [{ name: 'w', start: 0, end: dim }],
    start: Array.from(both ? [...hidden, ...signs] : hidden),
    blocks: [
      { name: 'hidden.weight', offset: 0, shape: [m, p], player: 0 },
      ...(both ? [{ name: 'output.weight', offset: m * p, shape: [1, m], player: 0 }] : []),
    ],
    inputs,
    targets,
    residual,
    operator(z, out) {
      const { output, addGradient } = at(z);
      for (let i = 0; i < dim; i++) out[i] = λ * z[i]!;
      x.forEach((xi, i) => addGradient(xi, output(xi) - targets[i]!, out));
    },
    losses(z, out) {
      const { output } = at(z);
      x.forEach((xi, i) => (r[i] = output(xi) - targets[i]!));
      out[0] = dot(r, r) / 2 + (λ === 0 ? 0 : (λ / 2) * dot(z, z));
    },
  };
}

/** ½‖z‖². */
const halfSquare: SeparableSmooth = {
  value: (z) => dot(z, z) / 2,
  gradient: (z, out) => out.set(z),
  curvature: (_, out) => out.fill(1),
  selfConcordance: { order: 3, constant: 0 },
};

/**
 * The units of a point of `twoLayerRelu` with both layers learnt, as `reluObjective` and `reluOptimality` take them:
 * Σ output·max(0, weights·x) is the network, and with β = λ√m its regulariser is that of the decay λ. @throws InputError
 * for a problem of which the first layer alone is learnt.
 */
export function neuronsOf({ dim, inputs, blocks }: TwoLayerRelu, z: Vector): readonly ReluUnit[] {
  const p = inputs[0]!.length;
  if (blocks?.length !== 2)
    throw new InputError(
      'neuronsOf a problem of which the first layer alone is learnt; expected layers=both',
    );
  if (z?.length !== dim) throw new InputError(`neuronsOf ${shown(z)}; expected a point of ${dim} entries`);
  const m = dim / (p + 1);
  const by = m ** -0.25;
  return Array.from({ length: m }, (_, r) => ({
    weights: Array.from(z.subarray(r * p, (r + 1) * p), (w) => w * by),
    output: z[m * p + r]! * by,
  }));
}

/** n seeded rows of p entries, of length 1. */
function unitRows(n: number, p: number, seed: number): readonly (readonly number[])[] {
  const X = normal(new Float64Array(n * p), { seed, purpose: 'inputs' });
  return Array.from({ length: n }, (_, i) => {
    const row = X.subarray(i * p, (i + 1) * p);
    scale(row, 1 / norm(row));
    return Array.from(row);
  });
}

interface Network {
  readonly output: (x: Vector) => number;
  /** The derivative of f(x) along v. */
  readonly along: (x: Vector, v: Vector) => number;
  /** out ← out + c·∇f(x). */
  readonly addGradient: (x: Vector, c: number, out: Vector) => void;
}

/** f with the hidden weights W, the start of a vector, and the output weights a. */
function network(W: Vector, a: Vector, m: number, p: number, both: boolean): Network {
  const κ = 1 / Math.sqrt(m);
  const input = (r: number, x: Vector, w: Vector = W): number => {
    let sum = 0;
    for (let j = 0, k = r * p; j < p; j++, k++) sum += w[k]! * x[j]!;
    return sum;
  };
  return {
    output(x) {
      let sum = 0;
      for (let r = 0; r < m; r++) sum += a[r]! * Math.max(0, input(r, x));
      return κ * sum;
    },
    along(x, v) {
      let sum = 0;
      for (let r = 0; r < m; r++) {
        const t = input(r, x);
        if (t >= 0) sum += a[r]! * input(r, x, v) + (both ? v[m * p + r]! * t : 0);
      }
      return κ * sum;
    },
    addGradient(x, c, out) {
      for (let r = 0; r < m; r++) {
        const t = input(r, x);
        if (!(t >= 0)) continue;
        const by = c * κ * a[r]!;
        for (let j = 0, k = r * p; j < p; j++, k++) out[k] = out[k]! + by * x[j]!;
        if (both) out[m * p + r] = out[m * p + r]! + c * κ * t;
      }
    },
  };
}
