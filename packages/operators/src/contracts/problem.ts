import type { Data, Player, Vector } from './data.js';
import type { Facts } from './facts.js';
import type { Prices } from './ledger.js';

/** What a problem returns: nothing, or a promise where an engine is asynchronous. */
export type Done = void | Promise<void>;

/** What the oracle remembers between steps, by name. */
export type Buffers = { readonly [name: string]: Vector };

/** The part of a question that a problem must know besides the point. One object per oracle, reused. */
export interface Asked<Sample = unknown> {
  /** Only this player's slice need be written. */
  readonly player: number | undefined;
  /** Absent: the whole problem, without sampling. */
  readonly sample: Sample | undefined;
  /**
   * Memory for the losses that the same forward pass yields anyway: one per player. It arrives as NaN; a
   * problem that computes none leaves it alone.
   */
  readonly losses: Vector | undefined;
  /** What the problem remembers; a question never changes it. */
  readonly buffers: Buffers;
}

/** A finite sum, F = (1/count) Σ Fᵢ. */
export interface Terms<Sample> {
  readonly count: number;
  /**
   * How many of them one fresh draw holds, so that a draw and a term are priced alike; needed beside `draw`.
   */
  readonly drawn?: number;
  /** The sample made of these terms; their mean is what the operator then returns. */
  sample(indices: readonly number[]): Sample;
}

/** Least squares: the residual r(z), of its own length, and its Jacobian J_r. */
export interface Residual<Sample = unknown> {
  /** m, the length of r on one draw. */
  readonly length: number;
  /** Writes r(z), of `length` entries. */
  value(z: Vector, out: Vector, asked: Asked<Sample>): Done;
  /** Writes J_r·v (v of dim entries, out of `length`), or J_rᵀ·v (v of `length` entries, out of dim). */
  product(z: Vector, v: Vector, out: Vector, transposed: boolean, asked: Asked<Sample>): Done;
}

/** A constraint, or any proximal function g, as an object: A = ∂g. A bare projection has `prox` alone. */
export interface Constraint {
  /** z ← prox_γg(z) = (I + γA)⁻¹z in place; of one player's slice, the others held fixed, if one is named. */
  prox(z: Vector, stepSize: number, player?: number): void;
  /**
   * It ties the players together (a ball around all of them): with a step size per player it is applied once,
   * at the largest, which is right for a set. Default: a product of one constraint per player.
   */
  readonly joint?: boolean;
  /** g(z), or one player's part of it. */
  value?(z: Vector, player?: number): number;
  /** out ← argmin ⟨g, s⟩ over a bounded set. */
  lmo?(g: Vector, out: Vector): void;
  /** inf { t > 0 : z ∈ t·set }. */
  gauge?(z: Vector): number;
  /** sup ⟨z, s⟩ over the set. */
  support?(z: Vector): number;
}

/** A tensor inside z. */
export interface Block {
  readonly name: string;
  readonly offset: number;
  readonly shape: readonly number[];
  /** Whose it is: an index of `players`. */
  readonly player: number;
}

/**
 * A problem: F(z) stacks the gradient of each player's own loss; a minimisation has one player. One interface
 * for exact and sampled problems: where `draw` is absent, F is exact. Each part beyond `operator` is optional
 * and says what it enables.
 */
export interface Problem<Sample = unknown> {
  /** Plain data that decides whether a checkpoint fits: spec, data, networks, losses; never prose. */
  readonly identity?: Data;
  /** What computes it, where that may change the last bits: name, version, threads. */
  readonly engine?: Data;
  /** For people. */
  readonly name: string;
  readonly dim: number;
  /** In the order in which they move when they alternate. */
  readonly players: readonly Player[];
  /** The default start of a run. */
  readonly start?: readonly number[];
  /** The tensors inside z: which of them is not finite, what a safetensors file calls them. */
  readonly blocks?: readonly Block[];
  /** Writes F(z) to `out`. */
  operator(z: Vector, out: Vector, asked: Asked<Sample>): Done;
  /**
   * A sample: a pure function of (call, player, worker), so a run's randomness is its counters. A draw
   * without a player gives each player's loss what that player would draw alone at the same call. Absent: F
   * is exact.
   */
  draw?(call: number, player?: number, worker?: number): Sample;
  /** A finite sum: methods may ask for any set of its terms. */
  readonly terms?: Terms<Sample>;
  /** The exact problem whose F is the expectation of this one's: what a sampled run is judged by. */
  readonly mean?: Game;
  /** Writes one loss per player. */
  losses?(z: Vector, out: Vector, asked: Asked<Sample>): Done;
  /**
   * Writes J(z)v, or J(z)ᵀv. Default: central differences; transposed only where `facts.zeroSum` of an exact
   * problem.
   */
  jacobianVector?(z: Vector, v: Vector, out: Vector, transposed: boolean, asked: Asked<Sample>): Done;
  readonly residual?: Residual<Sample>;
  readonly constraint?: Constraint;
  /** What the oracle remembers between steps (spectral-norm vectors). Saved and restored with a run. */
  readonly buffers?: readonly {
    readonly name: string;
    readonly length: number;
    /** Default: zeros. */
    readonly start?: readonly number[];
  }[];
  /** Moves the buffers, once per step, at the last point where a gradient was asked. */
  advance?(z: Vector, buffers: Buffers): Done;
  /**
   * A gap at z, given F(z): ≥ 0, and 0 exactly at solutions; in the unit of the losses, so that it says how
   * much the players could gain. A run is judged by it beside its residual.
   */
  gap?(z: Vector, F: Vector): number;
  /** Where answers cost something else than usual (`defaultPrices`). */
  readonly prices?: Partial<Prices>;
  readonly facts?: Facts;
}

/** A problem that is asked on samples. */
export interface SampledProblem<Sample = unknown> extends Problem<Sample> {
  draw(call: number, player?: number, worker?: number): Sample;
}

/** An exact problem that returns at once: what certificates and direct measurements take. */
export interface Game extends Problem {
  readonly draw?: never;
  operator(z: Vector, out: Vector, asked?: Partial<Asked>): void;
  losses?(z: Vector, out: Vector, asked?: Partial<Asked>): void;
  jacobianVector?(z: Vector, v: Vector, out: Vector, transposed: boolean, asked?: Partial<Asked>): void;
}
