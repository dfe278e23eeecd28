import { InputError, shown, type Facts } from '@stillpoint/operators';
import { theoremName, theoremSource, type TheoremKey } from './theorems.js';

/**
 * The quantities of which there are bounds; H = I − γF, z̄ = (I + γA)⁻¹(Hz) = Tz, J = (I + γ(A + F))⁻¹.
 *   ‖F(z)‖²         ‖z − Tz‖²       ‖Hz̄ − Hz‖²  with (Hz − Hz̄)/γ in (A + F)(z̄)    ‖z − Jz‖²
 *   ‖z − w‖²        w the last of rapp's inner points, from z
 *   ‖z − z₋‖²       the length of the step that led to z
 *   ‖z − z*‖²       the distance to the stated solution
 *   ‖F(w)‖²         the last gradient that past-extragradient asked for
 *   f(z) − f*       one player: how far its loss is above the stated optimum
 */
export type Quantity =
  | '‖F(z)‖²'
  | '‖z − Tz‖²'
  | '‖Hz̄ − Hz‖²'
  | '‖z − Jz‖²'
  | '‖z − w‖²'
  | '‖z − z₋‖²'
  | '‖z − z*‖²'
  | '‖F(w)‖²'
  | 'f(z) − f*';

/**
 * `last`: at the present point. `best`: the least so far. `mean`: over all points before the present one.
 */
export type When = 'last' | 'best' | 'mean';

/**
 * How the quantity is computed. Under lookahead, `best` is over the fast points and `mean` over the slow
 * ones.
 */
export interface Measured {
  readonly quantity: Quantity;
  readonly when: When;
  /** γ. */
  readonly stepSize: number;
  /** τ, of ‖z − w‖². */
  readonly innerSteps?: number;
  /** Steps from one slow point to the next; default 1. */
  readonly period?: number;
  /** The vector of the state that z stands for. Default: z. */
  readonly point?: 'w';
}

/** A theorem with its numbers filled in: after k steps the quantity is at most `at(k)`. */
export interface Bound {
  /** Its entry in `theorems`. */
  readonly key: TheoremKey;
  /** The theorem's name, with authors and year: `EAG-C, last iterate, Yoon, Ryu 2021`. */
  readonly theorem: string;
  /** The conditions and the bound, in symbols. */
  readonly statement: string;
  /** What is bounded, in words: `best ‖Hz̄ − Hz‖²`. */
  readonly measure: `${When} ${Quantity}`;
  readonly measured: Measured;
  /** The bound after k of the method's own steps; Infinity for a k about which the theorem says nothing. */
  at(k: number): number;
  /** The publications with their identifiers, and where the proof is. */
  readonly source: string;
}

/** A bound without its theorem's key, name and source. */
export type Unnamed = Omit<Bound, 'key' | 'theorem' | 'source'>;

/** The bound of a theorem, with its name and source. */
export const named = (key: TheoremKey, bound: Unnamed): Bound => ({
  key,
  theorem: theoremName(key),
  source: theoremSource(key),
  ...bound,
});

/** The reason why there is no bound. */
export interface NoBound {
  readonly reason: string;
}

/**
 * ‖z⁺ − z*‖² ≤ ‖z − z*‖² − share·m(z) in every step. So the best m is at most D²/(share·K), also under
 * lookahead.
 */
export interface Descent {
  readonly key: TheoremKey;
  readonly condition: string;
  readonly share: number;
  readonly quantity: Quantity;
  readonly stepSize: number;
  readonly innerSteps?: number;
}

/** What is known of the problem 0 ∈ A(z) + F(z); undefined if its facts state nothing. */
export interface KnownFacts {
  /** F is L-Lipschitz. */
  readonly L: number;
  readonly constrained: boolean;
  /** Weak-Minty constant of A + F. With constraints it is at most 0. */
  readonly ρ: number | undefined;
  /** Comonotonicity of A + F. With constraints it is at most 0. */
  readonly comonotone: number | undefined;
  /** Cocoercivity 1/ℓ of F alone. */
  readonly cocoercive: number | undefined;
  /** Strong monotonicity μ of F alone. */
  readonly μ: number | undefined;
  /** ‖z₀ − z*‖. */
  readonly D: number;
  /** The largest distance between two points of the constraint's set. */
  readonly diameter: number | undefined;
  /** Of a finite sum, where enough is stated of it. */
  readonly sum: KnownSum | undefined;
}

/** What is known of the terms of F = (1/n) Σ Fᵢ. */
export interface KnownSum {
  readonly n: number;
  /** Every term is L-Lipschitz. */
  readonly L: number;
  /** Every term is the gradient of a convex function that is L-smooth everywhere. */
  readonly convex: boolean;
  /** (1/n) Σ ‖Fᵢ(z*)‖². */
  readonly variance: number;
}

/** What a theorem says about a method with these options, given what is known. */
export type Says<O, R = Bound> = (options: O, known: KnownFacts) => R | NoBound;
/** The options of methods that have a step size only. */
export interface StepOnly {
  readonly stepSize: number;
}

/** A reason, as a result. */
export const noBound = (reason: string): NoBound => ({ reason });
/** A number with enough digits to show on which side of a limit it lies. */
export const exact = (x: number): string => String(Number(x.toPrecision(12)));
/** Whether a result is a reason. */
export const isNoBound = (outcome: object): outcome is NoBound => 'reason' in outcome;

/**
 * What the facts of a game state. With constraints, ρ < 0 of F says nothing about A + F, and ρ of A + F is at
 * most 0. @throws InputError for a fact that is not a number.
 */
export function knownOf(
  facts: Facts,
  distance: number,
  constrained: boolean,
  { terms, diameter }: { readonly terms?: number | undefined; readonly diameter?: number | undefined } = {},
): KnownFacts | NoBound {
  const { lipschitz, comonotone, weakMinty = comonotone } = facts;
  if (lipschitz === undefined) return noBound('the game states no lipschitz');
  if (!(distance >= 0 && Number.isFinite(distance)))
    return noBound(`the distance from the start to a solution is ${distance}`);
  const { cocoercive, stronglyMonotone } = facts;
  const numbers = { lipschitz, comonotone, weakMinty, cocoercive, stronglyMonotone };
  for (const [name, value] of Object.entries(numbers))
    if (value !== undefined && (typeof value !== 'number' || Number.isNaN(value)))
      throw new InputError(`bound: facts.${name} is ${shown(value)}; expected a number`);
  const whole = (ρ: number | undefined): number | undefined => {
    if (ρ === undefined || !constrained) return ρ;
    return ρ >= 0 ? 0 : undefined;
  };
  return {
    L: lipschitz,
    constrained,
    ρ: whole(weakMinty),
    comonotone: whole(comonotone),
    cocoercive: cocoercive ?? (comonotone !== undefined && comonotone > 0 ? comonotone : undefined),
    μ: stronglyMonotone,
    D: distance,
    get sum() {
      return terms === undefined ? undefined : sumOf(facts, constrained, terms);
    },
    diameter,
  };
}

/** Only on request: the facts of terms may be costly. */
function sumOf(facts: Facts, constrained: boolean, n: number): KnownSum | undefined {
  const { termLipschitz: L, termVariance: variance, convexTerms, where } = facts;
  if (L === undefined || variance === undefined) return undefined;
  return { n, L, variance, convex: convexTerms === true && (!constrained || where === 'everywhere') };
}

/** Why weak Minty or comonotonicity of A + F is not known, in words. */
export function unknownρ({ constrained }: KnownFacts, what: 'weakMinty' | 'comonotone'): string {
  return constrained
    ? `the game has constraints, and only ${what} ≥ 0 of F says something about F with constraints`
    : `the game states no ${what}`;
}
/** A number with few digits, for reading. */
const read = (x: number): string => String(Number(x.toPrecision(4)));
/** A bound from a descent; `period` is lookahead's τ. */
export function descentBound(
  { key, condition, share, quantity, stepSize, innerSteps }: Descent,
  D: number,
  period = 1,
): Bound {
  return named(key, {
    measure: `best ${quantity}`,
    measured: {
      quantity,
      when: 'best',
      stepSize,
      ...(innerSteps === undefined ? {} : { innerSteps }),
      period,
    },
    statement: `${condition}: ‖z⁺ − z*‖² ≤ ‖z − z*‖² − ${read(share)}·${period > 1 ? `Σ${quantity}` : quantity}, so min ${quantity} ≤ ‖z₀ − z*‖²/(${read(share)}·k)`,
    at(k) {
      const points = period * Math.floor(k / period);
      return points === 0 ? Infinity : D ** 2 / (share * points);
    },
  });
}
