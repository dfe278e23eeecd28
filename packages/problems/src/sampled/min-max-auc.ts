import {
  InputError,
  norm,
  normal,
  randomFrom,
  subset,
  type Game,
  type Player,
  type Terms,
  type Vector,
} from '@stillpoint/operators';
import { indicesOf, type Indices } from '../minimisations/finite-sum.js';
import { rowTimes } from '../minimisations/least-squares-data.js';
import * as option from '../options.js';
import { affineGame } from '../games/affine.js';
import { sampledGame, type Sampled } from '../kinds/sampled-game.js';

/** Examples with their classes. */
export interface LabelledRows {
  readonly count: number;
  /** `[count, d]`, row by row. */
  readonly features: Float64Array;
  /** 1 positive, 0 negative. */
  readonly labels: Uint8Array;
}

/** The game, and what its points are worth to a user: the AUC of their scores. */
export interface MinMaxAuc extends Sampled<Indices> {
  /** wᵀx of each row. */
  readonly scores: (z: Vector, rows: LabelledRows) => Float64Array;
  /** The AUC of z’s scores over the whole distribution: Φ(δ·cos∠(w, μ)/√2); ½ at w = 0. */
  readonly auc: (z: Vector) => number;
  /** Φ(δ/√2), the largest that any scores have. */
  readonly bestAuc: number;
  /** This many examples that are in no part, of the same share of positives. */
  readonly heldOut: (count: number) => LabelledRows;
}

/**
 * The min-max form of the AUC with a squared loss, for linear scores h = wᵀx of examples (x, y); p is the
 * share of y = 1. min over v = (w, a, b), max over α of the mean over the examples of
 *   f = (1 − p)(h − a)²·1[y = 1] + p(h − b)²·1[y = 0]
 *       + 2α(p(1 − p) + p·h·1[y = 0] − (1 − p)·h·1[y = 1]) − p(1 − p)α²
 * For every w, min over a, b and max over α give p(1 − p) times the mean of (1 − (h₊ − h₋))² over all pairs
 * of a positive and a negative example, at a and b the classes’ mean scores and α = 1 + b − a: a mean over
 * pairs becomes one over examples, of which batches can be drawn. α is free; the margin loss, which needs
 * α ≥ 0, differs.
 *
 * Examples are N(0, I) for y = 0 and N(μ, I) for y = 1, ‖μ‖ = δ. F is affine and monotone: L and the solution
 * are computed. z is w, a, b, then α; terms are examples. Its draws are batches of `batch` different examples
 * of the worker’s part, the same for both players.
 * Source: Ying, Wen, Lyu, "Stochastic online AUC maximization", 2016; Guo, Liu, Yuan, Shen, Liu, Yang,
 * "Communication-efficient distributed stochastic AUC maximization with deep neural networks", 2020, arXiv
 * 2005.02426.
 * @throws InputError if a part has no positive or no negative example, or fewer than `batch` examples.
 */
export const minMaxAuc = sampledGame({
  name: 'min-max-auc',
  about: 'the AUC of linear scores on two unequal classes in its min-max form; draws are examples',
  reference: 'Guo et al. 2020, arXiv 2005.02426',
  options: {
    dimension: option.integer({ about: 'entries of an example', symbol: 'd', from: 1, to: 100, default: 20 }),
    examples: option.integer({
      about: 'examples in each part',
      symbol: 'n',
      from: 2,
      to: 20_000,
      default: 2000,
    }),
    positives: option.number({
      about: 'share of positive examples',
      symbol: 'p',
      above: 0,
      below: 1,
      default: 0.1,
    }),
    separation: option.number({
      about: 'distance between the means of the two classes, in standard deviations',
      symbol: 'δ',
      from: 0,
      default: 1.56,
    }),
    parts: option.integer({
      about: 'parts of the data: worker w draws from part w mod parts',
      symbol: 'K',
      from: 1,
      to: 32,
      default: 1,
    }),
    batch: option.integer({ about: 'examples in a draw', symbol: 'B', from: 1, to: 20_000, default: 32 }),
    seed: option.seed({ default: 1 }),
  },
  make(given): MinMaxAuc {
    const { dimension: d, examples, separation: δ, parts, batch, seed } = given;
    const positive = Math.round(given.positives * examples);
    if (positive < 1 || positive >= examples)
      throw new InputError(
        `min-max-auc: positives=${given.positives} of examples=${examples} are ${positive}; expected at least one example of each class`,
      );
    if (batch > examples)
      throw new InputError(
        `min-max-auc: batch is ${batch}; expected at most examples = ${examples}, those of a part`,
      );
    const direction = normal(new Float64Array(d), { seed, purpose: 'direction of the mean' });
    const μ = direction.map((x) => (δ * x) / norm(direction));
    const rows = (purpose: string, count: number, positives: (i: number) => boolean): LabelledRows => {
      const features = normal(new Float64Array(count * d), { seed, purpose });
      const labels = Uint8Array.from({ length: count }, (_, i) => (positives(i) ? 1 : 0));
      for (let i = 0; i < count; i++)
        if (labels[i] === 1) for (let j = 0; j < d; j++) features[i * d + j]! += μ[j]!;
      return { count, features, labels };
    };
    const data = rows('examples', parts * examples, (i) => i % examples < positive);
    const p = positive / examples;
    const { gradient, loss } = termsOf(data, d, p);
    const players: readonly Player[] = [
      { name: 'v', start: 0, end: d + 2 },
      { name: 'alpha', start: d + 2, end: d + 3 },
    ];
    const sum: Game = affineGame({
      name: 'min-max-auc',
      players,
      ...affineParts(d + 3, gradient),
      start: Array<number>(d + 3).fill(0),
      losses: (z, out) => out.set(loss(z, undefined)),
      facts: { zeroSum: true },
    });
    const terms: Terms<Indices> = { count: data.count, sample: (indices) => indices };
    const expected: Game = {
      ...sum,
      terms,
      operator: (z, out, asked) =>
        asked?.sample === undefined ? sum.operator(z, out) : gradient(z, out, indicesOf(asked.sample)),
      losses: (z, out, asked) => out.set(loss(z, indicesOf(asked?.sample))),
      jacobianVector(z, v, out, transposed, asked) {
        const of = indicesOf(asked?.sample);
        if (of === undefined) return sum.jacobianVector!(z, v, out, transposed);
        // a term is affine: Jv = F(v) − F(0); v and α couple with opposite signs: Jᵀ = SJS, S = diag(I, −1)
        const at = v.slice();
        if (transposed) at[d + 2] = -at[d + 2]!;
        const F0 = new Float64Array(d + 3);
        gradient(F0.slice(), F0, of);
        gradient(at, out, of);
        for (let i = 0; i < d + 3; i++) out[i] = out[i]! - F0[i]!;
        if (transposed) out[d + 2] = -out[d + 2]!;
      },
    };
    const scores = (z: Vector, { count, features }: LabelledRows): Float64Array =>
      Float64Array.from({ length: count }, (_, i) => rowTimes(features, d, i, z));
    return {
      expected,
      game: {
        ...expected,
        mean: expected,
        terms: { ...terms, drawn: batch },
        draw: (call, _player, worker = 0) => {
          const first = (worker % parts) * examples;
          return subset(examples, batch, randomFrom({ seed, purpose: 'batch', worker })(call)).map(
            (i) => first + i,
          );
        },
      },
      scores,
      auc(z) {
        const length = norm(z, 0, d);
        return length === 0 ? 1 / 2 : normalCdf(rowTimes(μ, d, 0, z) / (length * Math.SQRT2));
      },
      bestAuc: normalCdf(δ / Math.SQRT2),
      heldOut: (count) => rows('held-out examples', count, (i) => i < Math.round(p * count)),
    };
  },
});

/** The mean of the terms' gradients and losses over some examples, or all. */
function termsOf({ count: n, features, labels }: LabelledRows, d: number, p: number) {
  const q = 1 - p;
  /** f of one example, its derivative by its score, and those by a, b and α. */
  const at = (z: Vector, i: number) => {
    const [a, b, α] = [z[d]!, z[d + 1]!, z[d + 2]!];
    const h = rowTimes(features, d, i, z);
    const dual = p * q * (2 * α - α * α);
    return labels[i] === 1
      ? {
          f: q * (h - a) ** 2 - 2 * α * q * h + dual,
          h: 2 * q * (h - a - α),
          a: -2 * q * (h - a),
          b: 0,
          α: 2 * p * q * (1 - α) - 2 * q * h,
        }
      : {
          f: p * (h - b) ** 2 + 2 * α * p * h + dual,
          h: 2 * p * (h - b + α),
          a: 0,
          b: -2 * p * (h - b),
          α: 2 * p * q * (1 - α) + 2 * p * h,
        };
  };
  return {
    /** F = (∇_v f, −∇_α f). */
    gradient: (z: Vector, out: Vector, of?: Indices): void => {
      const count = of?.length ?? n;
      const sum = new Float64Array(d + 3); // out may be z
      for (let k = 0; k < count; k++) {
        const i = of?.[k] ?? k;
        const slope = at(z, i);
        for (let j = 0; j < d; j++) sum[j]! += (slope.h / count) * features[i * d + j]!;
        sum[d]! += slope.a / count;
        sum[d + 1]! += slope.b / count;
        sum[d + 2]! -= slope.α / count;
      }
      out.set(sum);
    },
    /** [f, −f]. */
    loss: (z: Vector, of: Indices): readonly [number, number] => {
      const count = of?.length ?? n;
      let sum = 0;
      for (let k = 0; k < count; k++) sum += at(z, of?.[k] ?? k).f / count;
      return [sum, -sum];
    },
  };
}

/** M and q of an operator that is Mz + q. */
function affineParts(
  n: number,
  operator: (z: Vector, out: Vector) => void,
): { readonly M: Float64Array; readonly q: Float64Array } {
  const [q, z, column] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  operator(z, q);
  const M = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    z[j] = 1;
    operator(z, column);
    z[j] = 0;
    for (let i = 0; i < n; i++) M[i * n + j] = column[i]! - q[i]!;
  }
  return { M, q };
}

/**
 * Φ(x) = ½ + φ(x)(x + x³/3 + x⁵/(3·5) + …), to rounding.
 * Source: Marsaglia, "Evaluating the normal distribution", 2004.
 */
function normalCdf(x: number): number {
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0; // 1 to rounding
  let [term, sum] = [x, x];
  for (let k = 3; Math.abs(term) > 2 ** -53 * Math.abs(sum); k += 2) sum += term *= (x * x) / k;
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
