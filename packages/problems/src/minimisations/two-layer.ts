import {
  InputError,
  dot,
  norm,
  normal,
  randomFrom,
  scale,
  type Full,
  type Game,
  type Residual,
  type SeparableSmooth,
  type Vector,
} from '@stillpoint/operators';
import * as option from '../options.js';

/** The problem of `twoLayerRelu` and `twoLayerTanh`, with its data. */
export interface TwoLayer extends Game {
  /** x₁ … x_n. */
  readonly inputs: readonly (readonly number[])[];
  /** y₁ … y_n. */
  readonly targets: readonly number[];
  readonly residual: Residual;
}

/** The largest number of weights. */
const MOST_WEIGHTS = 10_000_000;

/** Options of both networks: what is accepted, and the defaults. */
export const twoLayerTable = {
  width: option.integer({ about: 'hidden units', symbol: 'm', from: 1, to: MOST_WEIGHTS, default: 200 }),
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

/** Options of both networks, each with its value. */
export type TwoLayerOptions = Full<typeof twoLayerTable>;

/** What a hidden unit makes of its input t. */
export interface Activation {
  /** σ(t). */
  readonly value: (t: number) => number;
  /** σ′(t). */
  readonly slope: (t: number) => number;
}

/**
 * Least squares with a network of one hidden layer, h(x) = m^(−1/2) Σ aᵣ·σ(wᵣᵀx):  f(z) = ½ Σ (h(xᵢ) − yᵢ)² +
 * (λ/2)‖z‖². At the start w is N(0, I), and aᵣ is 1 or −1, each with probability ½. z is W, unit after unit,
 * and with `layers=both` then a, which is otherwise fixed.
 */
export function twoLayer(name: string, activation: Activation, options: TwoLayerOptions): TwoLayer {
  const { width: m, layers, decay: λ, seed } = options;
  const inputs = options.inputs ?? unitRows(options.examples, options.dimension, seed);
  const [n, p] = [inputs.length, inputs[0]!.length];
  const targets = options.targets ?? Array.from(normal(new Float64Array(n), { seed, purpose: 'targets' }));
  if (targets.length !== n)
    throw new InputError(`${name}: ${targets.length} targets for ${n} inputs; expected one for each`);
  const both = layers === 'both';
  const dim = m * (both ? p + 1 : p);
  if (dim > MOST_WEIGHTS)
    throw new InputError(
      `${name}: width=${m} with ${p} entries of an input make ${dim} weights; expected at most ${MOST_WEIGHTS}`,
    );
  const random = randomFrom({ seed, purpose: 'output weights' })(0);
  const signs = Float64Array.from({ length: m }, () => (random.uniform() < 0.5 ? -1 : 1));
  const hidden = normal(new Float64Array(m * p), { seed, purpose: 'hidden weights' });
  const x = inputs.map((row) => Float64Array.from(row));
  const at = (z: Vector): Network => network(activation, z, both ? z.subarray(m * p) : signs, m, p, both);

  const t = new Float64Array(m); // wᵣᵀx of the units, of one input
  const residual: Residual = {
    length: n,
    ...(λ > 0 && { regulariser: { weight: λ, h: halfSquare } }),
    value(z, out) {
      const { preActivations, output } = at(z);
      x.forEach((xi, i) => (out[i] = output(preActivations(xi, t)) - targets[i]!));
    },
    product(z, v, out, transposed) {
      const { preActivations, along, addGradient } = at(z);
      if (transposed) out.fill(0);
      x.forEach((xi, i) => {
        if (!transposed) out[i] = along(xi, preActivations(xi, t), v);
        else if (v[i] !== 0) addGradient(xi, preActivations(xi, t), v[i]!, out);
      });
    },
  };
  const r = new Float64Array(n);
  return {
    name,
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
      const { preActivations, output, addGradient } = at(z);
      for (let i = 0; i < dim; i++) out[i] = λ * z[i]!;
      x.forEach((xi, i) => addGradient(xi, preActivations(xi, t), output(t) - targets[i]!, out));
    },
    losses(z, out) {
      void residual.value(z, r, { player: undefined, sample: undefined, losses: undefined, buffers: {} });
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
  /** t ← wᵣᵀx of every unit; returns t. */
  readonly preActivations: (x: Vector, t: Vector) => Vector;
  /** h(x), from the units' wᵣᵀx. */
  readonly output: (t: Vector) => number;
  /** The derivative of h(x) along v. */
  readonly along: (x: Vector, t: Vector, v: Vector) => number;
  /** out ← out + c·∇h(x). */
  readonly addGradient: (x: Vector, t: Vector, c: number, out: Vector) => void;
}

/** h with the hidden weights W, the start of a vector, and the output weights a. */
function network(
  { value, slope }: Activation,
  W: Vector,
  a: Vector,
  m: number,
  p: number,
  both: boolean,
): Network {
  const κ = 1 / Math.sqrt(m);
  const input = (r: number, x: Vector, w: Vector): number => {
    let sum = 0;
    for (let j = 0, k = r * p; j < p; j++, k++) sum += w[k]! * x[j]!;
    return sum;
  };
  return {
    preActivations(x, t) {
      for (let r = 0; r < m; r++) t[r] = input(r, x, W);
      return t;
    },
    output(t) {
      let sum = 0;
      for (let r = 0; r < m; r++) sum += a[r]! * value(t[r]!);
      return κ * sum;
    },
    along(x, t, v) {
      let sum = 0;
      for (let r = 0; r < m; r++) {
        const steep = slope(t[r]!);
        if (steep !== 0) sum += a[r]! * steep * input(r, x, v);
        if (both) sum += v[m * p + r]! * value(t[r]!);
      }
      return κ * sum;
    },
    addGradient(x, t, c, out) {
      for (let r = 0; r < m; r++) {
        const by = c * κ * a[r]! * slope(t[r]!);
        if (by !== 0) for (let j = 0, k = r * p; j < p; j++, k++) out[k] = out[k]! + by * x[j]!;
        if (both) out[m * p + r] = out[m * p + r]! + c * κ * value(t[r]!);
      }
    },
  };
}
