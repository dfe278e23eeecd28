import {
  randomFrom,
  subset,
  type Facts,
  type Game,
  type SampledProblem,
  type Vector,
} from '@stillpoint/operators';

/** The indices of some terms; undefined means all terms. */
export type Indices = readonly number[] | undefined;

/** The parts of a finite sum (1/n) Σ fᵢ. */
export interface FiniteSum {
  readonly name: string;
  readonly dim: number;
  /** n, the number of terms. */
  readonly terms: number;
  readonly start: readonly number[];
  /** Writes the mean of ∇fᵢ over these terms. */
  readonly gradient: (x: Vector, out: Vector, of: Indices) => void;
  /** The mean of fᵢ over these terms. */
  readonly loss: (x: Vector, of: Indices) => number;
  readonly facts?: Facts;
}

/** A problem that states its terms. */
export interface FiniteSumGame extends Game {
  readonly terms: NonNullable<Game['terms']>;
}

/** The signature is a cast: samples come from `terms.sample` below alone, and that returns indices. */
export function indicesOf(sample: unknown): Indices;
export function indicesOf(sample: unknown): unknown {
  return sample;
}

/** A minimisation over a finite sum, as a problem whose samples are indices of terms. */
export function finiteSum({ name, dim, terms, start, gradient, loss, facts }: FiniteSum): FiniteSumGame {
  return {
    name,
    dim,
    players: [{ name: 'x', start: 0, end: dim }],
    start,
    terms: { count: terms, sample: (indices) => indices },
    operator: (x, out, asked) => gradient(x, out, indicesOf(asked?.sample)),
    losses(x, out, asked) {
      out[0] = loss(x, indicesOf(asked?.sample));
    },
    ...(facts && { facts }),
  };
}

/**
 * The finite sum as a sampled problem: a fresh draw is a batch of `batch` different terms, a pure function of
 * (seed, call, worker).
 */
export function inBatches(game: FiniteSumGame, batch: number, seed: number): SampledProblem {
  const { terms } = game;
  const draw = (call: number, _player?: number, worker = 0): unknown =>
    terms.sample(subset(terms.count, batch, randomFrom({ seed, purpose: 'batch', worker })(call)));
  const { residual } = game;
  return {
    ...game,
    draw,
    terms: { ...terms, drawn: batch },
    ...(residual && { residual: { ...residual, length: batch } }),
  };
}
