import type { Data, Player, Vector } from './data.js';
import type { Facts } from './facts.js';
import type { Prices } from './ledger.js';

/** What a problem returns: nothing, or a promise if its engine is asynchronous. */
export type Done = void | Promise<void>;

/** What the oracle remembers between steps, by name. */
export type Buffers = { readonly [name: string]: Vector };

/** The part of a question that a problem must know besides the point. One object per oracle, reused. */
export interface Asked<Sample = unknown> {
  /** If given, only this player's slice must be written. */
  readonly player: number | undefined;
  /** Absent: the whole problem, without sampling. */
  readonly sample: Sample | undefined;
  /**
   * Memory for the losses, one entry per player, which the same forward pass computes anyway. Its entries are
   * NaN before; a problem that computes no losses leaves them so.
   */
  readonly losses: Vector | undefined;
  /** What the problem remembers; a question never changes it. */
  readonly buffers: Buffers;
}

/** A finite sum, F = (1/count) Σ Fᵢ. */
export interface Terms<Sample> {
  readonly count: number;
  /**
   * How many terms one fresh draw holds, so that a draw and a term are priced alike. Required if the problem
   * has `draw`.
   */
  readonly drawn?: number;
  /** The sample made of these terms. On it, the operator returns their mean. */
  sample(indices: readonly number[]): Sample;
}

/** A smooth convex h(z), a sum of functions of one entry each. */
export interface SeparableSmooth {
  /** h(z). */
  value(z: Vector): number;
  /** out ← ∇h(z). */
  gradient(z: Vector, out: Vector): void;
  /** out ← the diagonal of ∇²h(z), each entry > 0. */
  curvature(z: Vector, out: Vector): void;
  /** |h‴| ≤ constant·(h″)^(order/2) of each entry's function: what damped Newton steps are chosen by. */
  readonly selfConcordance: { readonly order: number; readonly constant: number };
}

/** λ·h(z), added to ½‖r(z)‖². */
export interface Regulariser {
  /** λ > 0. */
  readonly weight: number;
  readonly h: SeparableSmooth;
}

/**
 * Least squares: the residual r(z), of its own length, and its Jacobian J_r. It is scaled so that the
 * operator is F = J_rᵀr + λ∇h, and the loss ½‖r‖² + λh: every method then minimises the same objective.
 */
export interface Residual<Sample = unknown> {
  /** Default: none, λ = 0. */
  readonly regulariser?: Regulariser;
  /** m, the length of r on one draw. */
  readonly length: number;
  /** Writes r(z), of `length` entries. */
  value(z: Vector, out: Vector, asked: Asked<Sample>): Done;
  /** Writes J_r·v (v of dim entries, out of `length`), or J_rᵀ·v (v of `length` entries, out of dim). */
  product(z: Vector, v: Vector, out: Vector, transposed: boolean, asked: Asked<Sample>): Done;
}

/** A constraint, or any proximal function g, as an object: A = ∂g. A bare projection has `prox` alone. */
export interface Constraint {
  /** What messages call it: the functions that it was made of, in the players' order. */
  readonly name?: string;
  /**
   * z ← prox_γg(z) = (I + γA)⁻¹z in place. If a player is named, only that player's slice moves. `note` is
   * called if an iteration inside ended before its tolerance.
   */
  prox(z: Vector, stepSize: number, player?: number, note?: (what: string) => void): void;
  /**
   * Whether it ties the players together, such as a ball around all of them. With one step size per player it
   * is then applied once, with the largest, which is exact for a set. Default: false, a product of one
   * constraint per player.
   */
  readonly joint?: boolean;
  /** g(z), or one player's part of it. */
  value?(z: Vector, player?: number): number;
  /** out ← argmin ⟨g, s⟩ over a bounded set; of a function h, argmin ⟨g, s⟩ + h(s). */
  lmo?(g: Vector, out: Vector): void;
  /** inf { t > 0 : z ∈ t·set }. */
  gauge?(z: Vector): number;
  /** sup ⟨z, s⟩ over the set. */
  support?(z: Vector): number;
  /** The largest distance between two points of a bounded set. */
  readonly diameter?: number;
  /** Of a set that is the hull of atoms, or of a function of its gauge. */
  readonly atoms?: Atoms;
}

/** All vectors of length `norm` whose entries are 0 outside [start, end). */
export interface AtomGroup {
  readonly start: number;
  readonly end: number;
  readonly norm: number;
}

/**
 * The atoms of which a set is the hull, one group for each block of entries; no two blocks overlap. Its gauge
 * is κ(z) = Σ c_g over the groups, c_g = ‖z_g‖/norm_g.
 */
export interface Atoms {
  readonly groups: readonly AtomGroup[];
  /** ρ of the penalty ½ρκ². Absent: the set κ ≤ 1 itself. */
  readonly weight?: number;
}

/** A tensor inside z. */
export interface Block {
  readonly name: string;
  readonly offset: number;
  readonly shape: readonly number[];
  /** The player to which it belongs, as an index of `players`. */
  readonly player: number;
}

/**
 * A problem: F(z) stacks the gradient of each player's own loss; a minimisation has one player. One interface
 * for exact and sampled problems: if `draw` is absent, F is exact. Each part beyond `operator` is optional
 * and says what it enables.
 */
export interface Problem<Sample = unknown> {
  /** Plain data that decides whether a checkpoint fits: spec, data, networks, losses; never prose. */
  readonly identity?: Data;
  /** What computes F, if that may change the last bits: name, version, threads. */
  readonly engine?: Data;
  /** Its name in messages and reports. */
  readonly name: string;
  readonly dim: number;
  /** In the order in which they move when they alternate. */
  readonly players: readonly Player[];
  /** The default start of a run: in float32 if it is a Float32Array, else in float64. */
  readonly start?: readonly number[] | Float32Array;
  /**
   * The tensors inside z. Messages name the tensor that is not finite, and safetensors files use these names.
   */
  readonly blocks?: readonly Block[];
  /** Writes F(z) to `out`. */
  operator(z: Vector, out: Vector, asked: Asked<Sample>): Done;
  /**
   * Draws a sample. It is a pure function of (call, player, worker), so that counters are the only state of a
   * run's randomness. A draw without a player gives each player's loss the sample that this player would draw
   * alone at the same call. Absent: F is exact.
   */
  draw?(call: number, player?: number, worker?: number): Sample;
  /** A finite sum: methods may ask for any set of its terms. */
  readonly terms?: Terms<Sample>;
  /** The exact problem whose F is the expectation of this one's. A sampled run is judged by it. */
  readonly mean?: Game;
  /** Writes one loss per player. */
  losses?(z: Vector, out: Vector, asked: Asked<Sample>): Done;
  /**
   * Writes J(z)v, or J(z)ᵀv. Default: central differences, which give the transposed product only on an exact
   * problem with `facts.zeroSum`.
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
  /** The prices that differ from `defaultPrices`. */
  readonly prices?: Partial<Prices>;
  readonly facts?: Facts;
}

/** A problem that is evaluated on samples. */
export interface SampledProblem<Sample = unknown> extends Problem<Sample> {
  draw(call: number, player?: number, worker?: number): Sample;
}

/** An exact problem without promises. Certificates and direct measurements take one. */
export interface Game extends Problem {
  readonly draw?: never;
  readonly start?: readonly number[];
  operator(z: Vector, out: Vector, asked?: Partial<Asked>): void;
  losses?(z: Vector, out: Vector, asked?: Partial<Asked>): void;
  jacobianVector?(z: Vector, v: Vector, out: Vector, transposed: boolean, asked?: Partial<Asked>): void;
}
