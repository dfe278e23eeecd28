import type { Vector } from './data.js';

/**
 * The sample on which a question is asked. `fresh`: a new draw, or the whole problem if F is exact. `same`:
 * the sample last drawn. `all`: every term of a finite sum, or the mean problem. Otherwise a set of terms.
 */
export type SampleRule = 'fresh' | 'same' | 'all' | { readonly terms: readonly number[] };

/** Asks for F(at). */
export interface GradientQuestion {
  readonly want: 'gradient';
  readonly at: Vector;
  /** Asks for this player's slice only; the rest of the answer is undefined. */
  readonly player?: number;
  /** Default: fresh. */
  readonly sample?: SampleRule;
  /** Memory of one entry per player, which receives the losses at the same point. */
  readonly losses?: Vector;
}
/** Asks for one loss per player at `at`. */
export interface LossesQuestion {
  readonly want: 'losses';
  readonly at: Vector;
  /** Default: fresh. */
  readonly sample?: SampleRule;
}
/** Asks for J(at)·along, or J(at)ᵀ·along. */
export interface ProductQuestion {
  readonly want: 'product';
  readonly at: Vector;
  readonly along: Vector;
  readonly transposed?: boolean;
  /** Default: same. */
  readonly sample?: SampleRule;
}
/** Asks for r(at), of the residual's own length. */
export interface ResidualQuestion {
  readonly want: 'residual';
  readonly at: Vector;
  /** Default: same. */
  readonly sample?: SampleRule;
}
/** Asks for J_r(at)·along, or J_r(at)ᵀ·along. */
export interface ResidualProductQuestion {
  readonly want: 'residual-product';
  readonly at: Vector;
  readonly along: Vector;
  readonly transposed?: boolean;
  /** Default: same. */
  readonly sample?: SampleRule;
}

/**
 * What a method may ask. A bare vector asks for the gradient at that point on a fresh sample. `at` and
 * `along` must not be the vector in which the previous answer was returned.
 */
export type Question =
  | Vector
  | GradientQuestion
  | LossesQuestion
  | ProductQuestion
  | ResidualQuestion
  | ResidualProductQuestion;

/**
 * A generator that yields questions: a step, an inner solver or a probe. It may read and overwrite each
 * answer until its next question.
 */
export type Asking<R = void> = Generator<Question, R, Vector>;
