/** One flat vector of parameters: Float64 for mathematical games, Float32 for networks. */
export type Vector = Float32Array | Float64Array;

/** Plain data: what options and states are made of, so that everything can be saved, compared and printed. */
export type Data =
  | number
  | string
  | boolean
  | null
  | Vector
  | readonly Data[]
  | { readonly [key: string]: Data };

/** A method's state. Declare states with `type`, not `interface`: only aliases match the index signature. */
export type State = { readonly z: Vector; readonly [key: string]: Data };

/** A player owns the slice [start, end) of the flat vector. */
export interface Player {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/**
 * What is known about a game, for step sizes, certificates and reports: exact or proven constants only. Each
 * may be a getter that computes it when it is first read (`lazyFacts`), so read only what is needed.
 */
export interface Facts {
  /** Lipschitz constant L >= 0 of F, where `where` says. */
  readonly lipschitz?: number | undefined;
  /** L of F from the norm of the mirror map `mirror` to its dual norm; what mirror methods take 1/L of. */
  readonly mirrorLipschitz?: number | undefined;
  /** Weak-Minty constant ρ of A + F: ⟨F(z), z − z*⟩ ≥ ρ‖F(z)‖² for all z. Pethick's sign and scale. */
  readonly weakMinty?: number | undefined;
  /**
   * Comonotonicity ρ of A + F: ⟨F(z) − F(z′), z − z′⟩ ≥ ρ‖F(z) − F(z′)‖² for all pairs. 0: monotone; < 0:
   * |ρ|-cohypomonotone. Under constraints it is never above 0. Implies weakMinty.
   */
  readonly comonotone?: number | undefined;
  /** Cocoercivity 1/ℓ of F alone, without its constraints: ⟨ΔF, Δz⟩ ≥ (1/ℓ)‖ΔF‖² for all pairs; > 0. */
  readonly cocoercive?: number | undefined;
  /** Strong monotonicity μ of F alone: ⟨ΔF, Δz⟩ ≥ μ‖Δz‖² for all pairs; > 0. */
  readonly stronglyMonotone?: number | undefined;
  /**
   * Where L, ρ, 1/ℓ and μ hold: at every point, or only on the set that the constraints describe. Default:
   * `everywhere` without constraints, `on the set` with them.
   */
  readonly where?: 'everywhere' | 'on the set' | undefined;
  /** A solution z*, used for the distance in results. */
  readonly solution?: readonly number[] | undefined;
  /** The mirror map that suits the constraints: `entropy` where each player chooses from a simplex. */
  readonly mirror?: MirrorName | undefined;
  /** Two players whose losses add up to zero: then Jᵀv = S J S v with S = diag(I, −I). */
  readonly zeroSum?: boolean | undefined;
}

/** Mirror maps by name: `euclidean` is the ordinary step. */
export type MirrorName = 'euclidean' | 'entropy';

/** What deterministic and stochastic games share. */
export interface GameShape {
  readonly name: string;
  readonly dim: number;
  /** In the order in which they move when they alternate. */
  readonly players: readonly Player[];
  /** Number of terms of a finite sum, F = (1/terms) Σ F_i. */
  readonly terms?: number;
  /**
   * What the oracle remembers between questions: kept, saved and restored by the driver, never changed by a
   * question.
   */
  readonly buffers?: readonly { readonly name: string; readonly length: number; readonly player: number }[];
  /** The default start of a run. */
  readonly start?: readonly number[];
  /**
   * The constraints tie the players together (a ball): with a step size per player all are resolved at once.
   * Default: a product of sets.
   */
  readonly coupled?: boolean;
  /** The resolvent (I + γA)⁻¹, in place; of one player's slice, the others held fixed, if one is named. */
  resolve?(z: Vector, stepSize: number, player?: number): void;
}

/** A deterministic game: F(z) stacks the gradient of each player's own loss. */
export interface Game extends GameShape {
  /** Writes F(z) to `out`; with `player`, only that player's slice need be written. */
  operator(z: Vector, out: Vector, player?: number): void;
  /** Writes one loss per player. */
  losses?(z: Vector, out: Vector): void;
  /** Writes J(z)v, or J(z)ᵀv. */
  jacobianVector?(z: Vector, v: Vector, out: Vector, transposed: boolean): void;
  /**
   * A gap at z, given F(z): ≥ 0, and 0 exactly at solutions; in the unit of the losses, so that it says how
   * much the players could gain. A run is judged by it beside its residual.
   */
  gap?(z: Vector, F: Vector): number;
  readonly facts?: Facts;
}

/** What a stochastic oracle is lent with each question. */
export interface Context {
  readonly buffers: { readonly [name: string]: Vector };
  /** Receives the losses that the same forward pass yields anyway: one per player, NaN where not computed. */
  readonly losses: Vector;
}

/**
 * A game whose oracle needs a sample. `draw` is a pure function of (call, player, worker), so a run's
 * randomness is its counters. A draw without a player hands each player's loss what that player would draw
 * alone at the same call.
 */
export interface StochasticGame<Sample> extends GameShape {
  /** The sample of a call: of one player, or the samples of all. */
  draw(call: number, player?: number, worker?: number): Sample;
  /** The sample that is one term of the finite sum alone. */
  term?(index: number): Sample;
  /** Writes F(z) on a sample to `out`; with `player`, only that player’s slice need be written. */
  operator(
    z: Vector,
    out: Vector,
    sample: Sample,
    player: number | undefined,
    context: Context,
  ): void | Promise<void>;
  /** Writes one loss per player on a sample. */
  losses?(z: Vector, out: Vector, sample: Sample): void | Promise<void>;
  /**
   * Writes J(z)v, or J(z)ᵀv, on a sample. Default: central differences; transposed then only where
   * `facts.zeroSum` is stated.
   */
  jacobianVector?(
    z: Vector,
    v: Vector,
    out: Vector,
    transposed: boolean,
    sample: Sample,
  ): void | Promise<void>;
  readonly facts?: Facts;
}

/**
 * A question that says more than "F here, please". A vector yielded bare is `{ at }` with a fresh sample.
 * `at` may not be the previous answer's memory.
 */
export interface Ask {
  readonly at: Vector;
  /** Only this player's gradient is wanted. */
  readonly player?: number;
  /** `same`: the sample this worker was last asked with. */
  readonly sample?: 'fresh' | 'same' | { readonly term: number };
  /** Answer the players' losses instead of F. */
  readonly losses?: boolean;
  /** Answer J(at)·along instead of F; Jᵀ if `transposed`. */
  readonly along?: Vector;
  readonly transposed?: boolean;
  readonly worker?: number;
}

/** What a method may yield: a vector, or a question that says more. */
export type Query = Vector | Ask;

/**
 * A step under way: it yields questions; each answer is the method's to read and overwrite until its next
 * yield.
 */
export type Asking = Generator<Query, void, Vector>;

/** What a run lends a method: the shape of its game, and memory. Scratch does not outlive a step. */
export interface Space {
  readonly dim: number;
  readonly players: readonly Player[];
  readonly terms?: number;
  /** As of the game: the constraints tie the players together. */
  readonly coupled?: boolean;
  /** Whether the game has constraints; without, `resolve` does nothing. */
  readonly constrained: boolean;
  /**
   * A zero vector of `dim` entries (default: the game's), in the precision of the run. Its `buffer` may hold
   * others, too.
   */
  vector(dim?: number): Vector;
  /** A copy of z in the run’s memory. */
  copy(z: Vector): Vector;
  /** The game's resolvent; does nothing where the game has none. */
  resolve(z: Vector, stepSize: number, player?: number): void;
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
  /**
   * Where steps differ in cost: the most oracle calls that one can take. A driver then never exceeds a
   * budget.
   */
  readonly mostCalls?: number;
}
