import type { Data, Player, State, Vector } from './data.js';
import type { Block, Constraint } from './problem.js';
import type { Asking } from './question.js';

/** The random numbers of one (seed, purpose, counter), from their first. The same object each time. */
export interface Random {
  /** In [0, 1). */
  uniform(): number;
  /** A whole number in [0, n). */
  below(n: number): number;
  /** Fills `out` with independent N(0, 1). */
  normals(out: Vector): Vector;
}

/** What a run lends a method: the shape of its problem, and memory. Scratch does not outlive a step. */
export interface Space {
  readonly dim: number;
  readonly players: readonly Player[];
  /** n, where the problem is a finite sum. */
  readonly terms?: number;
  /** m, where the problem has a residual. */
  readonly residuals?: number;
  /** Where the problem has losses. */
  readonly losses?: true;
  readonly constraint?: Constraint;
  /** The tensors inside z, where the problem names them. */
  readonly blocks?: readonly Block[];
  /**
   * A zero vector of `dim` entries (default: the problem's), in the precision of the run. Its `buffer` may
   * hold others, too.
   */
  vector(dim?: number): Vector;
  /** A copy of z in the run's memory. */
  copy(z: Vector): Vector;
  /** The constraint's prox; does nothing where the problem has none. */
  prox(z: Vector, stepSize: number, player?: number): void;
  /**
   * counter ↦ numbers: a pure function of (the run's seed, purpose, counter). Bind it in `begin`; keep the
   * counter in the state.
   */
  random(purpose: string): (counter: number) => Random;
  /**
   * Counts something a user should know of, in words that follow "3 times in 40 steps, ": that an inner
   * solver ran out of iterations. The run's `warnings` hold it.
   */
  note(what: string): void;
}

/**
 * Begins one step on a state. Method syntax on purpose: bivariant, so that a list of methods is a
 * `Method<State>[]`.
 */
export type Step<S> = {
  /** Begins one step. */
  step(state: S): Asking;
}['step'];

/** A method, written once, as its paper writes it, against an oracle it can only ask. */
export interface Method<S extends State> {
  readonly name: string;
  readonly options: Data;
  /** The state of a run that begins at z₀. */
  init(space: Space, z0: Vector): S;
  /** Once per run: the closure is scratch, the state is everything else. */
  begin(space: Space): Step<S>;
  /** Every live point moves to z; gradients, moments and counters stay. What wrappers call. */
  restart(state: S, z: Vector): void;
  /** Points worth evaluating besides z, by name: last, slow, average. */
  points?(state: S): { readonly [name: string]: Vector };
  /** What the run should be read with, by name: how often a clip engaged, the norm before it. */
  figures?(state: S): { readonly [name: string]: number };
  /**
   * Its steps differ in cost: a driver then keeps a copy at each step's start, so that a budget is never
   * exceeded.
   */
  readonly uneven?: boolean;
}
