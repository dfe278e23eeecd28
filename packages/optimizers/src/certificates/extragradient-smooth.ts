// Extragradient, clipped or not, on games without constraints with ‖J(z)‖ ≤ L₀ + L₁‖F(z)‖ everywhere.
//
// A step has the size h = γ·min(1, c/G), G = ‖F(z)‖, w = z − hF(z), z⁺ = z − ᾱhF(w); plain extragradient has
// c = ∞, ᾱ = 1. Along the line from z to w, d(t) = ‖F(z − tF(z)) − F(z)‖ has d′ ≤ (L₀ + L₁(G + d))G, so
//   ‖F(w) − F(z)‖ ≤ (L₀ + L₁G)(exp(L₁hG) − 1)/L₁ = q(G)·G
// by Grönwall. q(G) grows up to G = c, where h = γ, and falls beyond, where hG = γc. With weak Minty at w,
// ⟨F(w), w − z*⟩ ≥ ρ‖F(w)‖², with 2⟨F(w), F(z)⟩ = ‖F(w)‖² + G² − ‖F(w) − F(z)‖², and m = 1 + 2ρ/h − ᾱ,
//   ‖z⁺ − z*‖² = ‖z − z*‖² − 2ᾱh⟨F(w), w − z* + hF(z)⟩ + ᾱ²h²‖F(w)‖²
//              ≤ ‖z − z*‖² − ᾱh²((1 − q²)G² + m‖F(w)‖²)
// and (1 − q)G ≤ ‖F(w)‖ ≤ (1 + q)G, so that
//   ‖z⁺ − z*‖² ≤ ‖z − z*‖² − s·h²G²,  s = ᾱ(1 − q² + m(1 − q)²) if m ≥ 0, else ᾱ(1 − q² + m(1 + q)²).
// As long as no step led away, ‖z − z*‖ ≤ D, and the first inequality from z*, where F = 0, gives
//   G ≤ Γ = L₀(exp(L₁D) − 1)/L₁.
// So q = q(min(c, Γ)) and h ≥ γ·min(1, c/Γ) bound s from below, and if s > 0 no step leads away. Over k steps
// D² ≥ Σ sγ²·min(G, c)²: the least G is at most D/(γ√(sk)) once that is below c.
import type { Facts } from '@stillpoint/operators';
import type { OptionsOf } from '../method.js';
import { clippedExtragradient } from '../methods/clipping/clipped-extragradient.js';
import { extragradient } from '../methods/monotone/extragradient.js';
import { statedPair } from './generalised-smooth.js';
import { aboutConstantStep, type ConstantStep, type Rule } from './rule.js';
import { exact, named, noBound, type Bound, type NoBound } from './types.js';

/** What is known of F. */
export interface KnownPair {
  readonly L0: number;
  readonly L1: number;
  /** Weak-Minty constant. */
  readonly ρ: number;
  /** ‖z₀ − z*‖. */
  readonly D: number;
}

/** What the facts of a game state of F; an L is the pair (L, 0). @param distance undefined if not known. */
export function pairOf(
  facts: Facts,
  distance: number | undefined,
  constrained: boolean,
): KnownPair | NoBound {
  if (constrained) return noBound('its theory is without constraints');
  const { comonotone, weakMinty = comonotone } = facts;
  const pair = statedPair(facts);
  if (pair === undefined)
    return noBound('the game states neither (L₀, L₁) (facts.generalisedSmooth) nor lipschitz');
  if (pair.below !== undefined)
    return noBound(
      `(L₀, L₁) is stated where f ≤ ${exact(pair.below)} only, and its points may lie elsewhere`,
    );
  if (weakMinty === undefined) return noBound('the game states neither weakMinty nor comonotone');
  if (distance === undefined) return noBound('the game states no solution to take the distance to');
  return { L0: pair.L0, L1: pair.L1, ρ: weakMinty, D: distance };
}

/** (exp(L₁t) − 1)/L₁. */
const stretched = (L1: number, t: number): number => (L1 > 0 ? Math.expm1(L1 * t) / L1 : t);

/** s, the share of h²G² by which ‖z − z*‖² falls in a step of size h at least. */
const shareOf = (q: number, ᾱ: number, m: number): number =>
  ᾱ * (1 - q * q + m * (m >= 0 ? 1 - q : 1 + q) ** 2);

function bound(
  { stepSize: γ, threshold: c, relaxation: ᾱ }: ConstantStep<OptionsOf<typeof clippedExtragradient>>,
  { L0, L1, ρ, D }: KnownPair,
): Bound | NoBound {
  const Γ = L0 * stretched(L1, D);
  const steepest = Math.min(c, Γ);
  const q = Γ === 0 ? 0 : ((L0 + L1 * steepest) * stretched(L1, γ * steepest)) / steepest;
  if (!(q < 1))
    return noBound(
      `q = (L₀ + L₁G)(exp(L₁γG) − 1)/(L₁G) = ${exact(q)} is not below 1 for G = ${exact(steepest)}, the smaller of c and Γ = ${exact(Γ)}`,
    );
  const h = Γ > c ? (γ * c) / Γ : γ;
  const m = 1 + Math.min(0, (2 * ρ) / h) - ᾱ;
  const s = shareOf(q, ᾱ, m);
  if (!(s > 0))
    return noBound(
      `ρ = ${exact(ρ)} is too far below 0 for the shortest step, h = ${exact(h)}: s = ${exact(s)}, with m = 1 + 2ρ/h − ᾱ = ${exact(m)}, is not above 0`,
    );
  return named('extragradient-generalised-smooth', {
    statement: `‖J‖ ≤ L₀ + L₁‖F‖, ${ρ < 0 ? 'weak Minty' : 'Minty (ρ ≥ 0)'}, q < 1: ‖z − z*‖² falls by s·h²G² in each step, G = ‖F(z)‖, so min G² ≤ D²/(sγ²k) once that is below c², and G ≤ Γ; here q = ${exact(q)}, s = ${exact(s)}`,
    measure: 'best ‖F(z)‖²',
    measured: { quantity: '‖F(z)‖²', when: 'best', stepSize: γ },
    at(k) {
      const least = k === 0 ? Infinity : D / (γ * Math.sqrt(s * k));
      return Math.min(Γ, least < c ? least : Infinity) ** 2;
    },
  });
}

/** The rules about (L₀, L₁)-smooth F. */
export const pairRules: readonly Rule<KnownPair, Bound>[] = [
  aboutConstantStep(clippedExtragradient, bound),
  aboutConstantStep(extragradient, ({ stepSize }, known) =>
    bound({ stepSize, threshold: Infinity, relaxation: 1 }, known),
  ),
];
