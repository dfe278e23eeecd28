import type { Data, Player, State, Vector } from './data.js';
import type { Block, Constraint, Regulariser } from './problem.js';
import type { Asking } from './question.js';

/** The random numbers of one (seed, purpose, counter), from the first on. All counters share one object. */
export interface Random {
  /** In [0, 1). */
  uniform(): number;
  /** A whole number in [0, n). */
  below(n: number): number;
  /** Fills `out` with independent N(0, 1). */
  normals(out: Vector): Vector;
}

/**
 * What a run lends a method: the shape of its problem, and memory. Scratch vectors do not keep their values
 * from one step to the next.
 */
export interface Space {
  readonly dim: number;
  readonly players: readonly Player[];
  /** n, if the problem is a finite sum. */
  readonly terms?: number;
  /** m, if the problem has a residual. */
  readonly residuals?: number;
  /** λh, where the problem adds it to ½‖r‖². */
  readonly regulariser?: Regulariser;
  /** Where the problem has losses. */
  readonly losses?: true;
  readonly constraint?: Constraint;
  /** The tensors inside z, if the problem names them. */
  readonly blocks?: readonly Block[];
  /**
   * A zero vector of `dim` entries (default: the problem's), in the precision of the run. Its `buffer` may
   * hold other vectors as well.
   */
  vector(dim?: number): Vector;
  /** A copy of z in the run's memory. */
  copy(z: Vector): Vector;
  /** The constraint's prox, in place; does nothing if the problem has no constraint. */
  prox(z: Vector, stepSize: number, player?: number): void;
  /**
   * The function counter ↦ numbers, a pure function of (the run's seed, purpose, counter). Call `random` in
   * `begin`; keep the counter in the state.
   */
  random(purpose: string): (counter: number) => Random;
  /**
   * Counts an event that the user should know about, for instance that an inner solver ran out of iterations.
   * `what` completes the sentence "3 times in 40 steps, …", which the run's `warnings` then contain.
   */
  note(what: string): void;
}

/**
 * The function that begins one step on a state. It is declared in method syntax, which TypeScript checks
 * bivariantly, so that methods with different states fit one `Method<State>[]`.
 */
export type Step<S> = {
  /** Begins one step. */
  step(state: S): Asking;
}['step'];

/** How a method’s own rule ended a run: as it should, or because the method cannot go on. */
export interface MethodEnd {
  /** `ended`: the method’s stopping rule holds. `diverged`: the problem is none that it can solve. */
  readonly status: 'ended' | 'diverged';
  /** One sentence: what was found. */
  readonly message: string;
}

/**
 * A method. It is written as in its paper, and reaches the problem only through the questions that its steps
 * yield.
 */
export interface Method<S extends State> {
  readonly name: string;
  readonly options: Data;
  /** The state of a run that begins at z₀. */
  init(space: Space, z0: Vector): S;
  /** Called once per run. The returned closure holds scratch only; everything else is in the state. */
  begin(space: Space): Step<S>;
  /** Moves every live point to z; gradients, moments and counters stay. Wrappers call it. */
  restart(state: S, z: Vector): void;
  /** Points worth evaluating besides z, by name: last, slow, average. */
  points?(state: S): { readonly [name: string]: Vector };
  /** What the method counted, by name: how many times a clip engaged, the norm before it. */
  figures?(state: S): { readonly [name: string]: number };
  /**
   * For a method with a stopping rule of its own: how the run ended, undefined while it goes on. Called
   * before each step. A run of such a method is not judged by its residual: only this rule, a residual that
   * diverges or the budget ends it.
   */
  ended?(state: S): MethodEnd | undefined;
  /**
   * Whether its steps differ in cost. If so, a driver keeps a copy of the state at each step's start, so that
   * a budget is never exceeded.
   */
  readonly uneven?: boolean;
  /**
   * It draws points from a distribution, around which they go on spreading: no residual tells how good they
   * are, and a run of it ends with its budget.
   */
  readonly sampler?: boolean;
}
