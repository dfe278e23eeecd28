import type { Vector } from './data.js';

/**
 * On what F is asked: a new draw (everything, where F is exact), the sample last drawn, every term of a
 * finite sum (or the mean problem), or a set of terms.
 */
export type SampleRule = 'fresh' | 'same' | 'all' | { readonly terms: readonly number[] };

/** F(at). */
export interface GradientQuestion {
  readonly want: 'gradient';
  readonly at: Vector;
  /** Only this player's slice is wanted; the rest of the answer is not to be read. */
  readonly player?: number;
  /** Default: fresh. */
  readonly sample?: SampleRule;
  /** Memory of one entry per player, which receives the losses at the same point. */
  readonly losses?: Vector;
}
/** One loss per player at `at`. */
export interface LossesQuestion {
  readonly want: 'losses';
  readonly at: Vector;
  /** Default: fresh. */
  readonly sample?: SampleRule;
}
/** J(at)·along, or J(at)ᵀ·along. */
export interface ProductQuestion {
  readonly want: 'product';
  readonly at: Vector;
  readonly along: Vector;
  readonly transposed?: boolean;
  /** Default: same. */
  readonly sample?: SampleRule;
}
/** r(at), of the residual's own length. */
export interface ResidualQuestion {
  readonly want: 'residual';
  readonly at: Vector;
  /** Default: same. */
  readonly sample?: SampleRule;
}
/** J_r(at)·along, or J_r(at)ᵀ·along. */
export interface ResidualProductQuestion {
  readonly want: 'residual-product';
  readonly at: Vector;
  readonly along: Vector;
  readonly transposed?: boolean;
  /** Default: same. */
  readonly sample?: SampleRule;
}

/**
 * What a method may ask. A vector yielded bare is `gradient` on a fresh sample. `at` and `along` may not be
 * the memory of the answer before.
 */
export type Question =
  | Vector
  | GradientQuestion
  | LossesQuestion
  | ProductQuestion
  | ResidualQuestion
  | ResidualProductQuestion;

/**
 * Something under way that asks: a step, an inner solver, a probe. Each answer is its own to read and
 * overwrite until its next question.
 */
export type Asking<R = void> = Generator<Question, R, Vector>;
