// Extragradient on games without constraints with ‖J(z)‖ ≤ L₀ + L₁‖F(z)‖ everywhere: clipped, with the step
// size that follows from (L₀, L₁) and ‖F(z)‖, or plain.
//
// G = ‖F(z)‖, w = z − hF(z), z⁺ = z − ᾱhF(w). clipped-extragradient has h = γ·min(1, c/G); extragradient is
// the same with c = ∞, ᾱ = 1. Along the line from z to w, d(t) = ‖F(z − tF(z)) − F(z)‖ has
// d′ ≤ (L₀ + L₁(G + d))G, so by Grönwall’s inequality
//   ‖F(w) − F(z)‖ ≤ (L₀ + L₁G)(exp(L₁hG) − 1)/L₁ = q(G)·G.
// If clipped, q(G) grows up to G = c, where h = γ, and falls beyond, where hG = γc. Weak Minty at w,
// ⟨F(w), w − z*⟩ ≥ ρ‖F(w)‖², and 2⟨F(w), F(z)⟩ = ‖F(w)‖² + G² − ‖F(w) − F(z)‖² give with m = 1 + 2ρ/h − ᾱ
//   ‖z⁺ − z*‖² = ‖z − z*‖² − 2ᾱh⟨F(w), w − z* + hF(z)⟩ + ᾱ²h²‖F(w)‖²
//              ≤ ‖z − z*‖² − ᾱh²((1 − q²)G² + m‖F(w)‖²)
// and (1 − q)G ≤ ‖F(w)‖ ≤ (1 + q)G, so that
//   ‖z⁺ − z*‖² ≤ ‖z − z*‖² − s·h²G²,  s = ᾱ(1 − q² + m(1 − q)²) if m ≥ 0, else ᾱ(1 − q² + m(1 + q)²).
// As long as no step led away, ‖z − z*‖ ≤ D, and the first inequality from z*, where F = 0, gives
//   G ≤ Γ = L₀(exp(L₁D) − 1)/L₁.
// So the largest q(G) and the smallest h for G ≤ Γ bound s from below, and if s > 0 no step leads away. Over
// k steps D² ≥ Σ s(hG)²: the least hG is at most D/√(sk). If clipped, hG = γ·min(G, c).
import type { Facts } from '@stillpoint/operators';
import type { OptionsOf } from '../method.js';
import { clippedExtragradient } from '../methods/clipping/clipped-extragradient.js';
import { generalisedSmoothExtragradient } from '../methods/clipping/generalised-smooth-extragradient.js';
import { extragradient } from '../methods/monotone/extragradient.js';
import { statedPair } from './generalised-smooth.js';
import { ROUNDED } from './iterate-bounds.js';
import { about, aboutConstantStep, type ConstantStep, type Rule } from './rule.js';
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

/** How the steps are chosen: what is known of all steps from points where G ≤ Γ. */
interface Steps {
  /** The largest q(G). */
  readonly q: number;
  /** The point at which it is the largest, in words. */
  readonly where: string;
  /** The smallest h. */
  readonly h: number;
  readonly ᾱ: number;
  /** The largest G for which hG is at most a length. */
  readonly within: (length: number) => number;
}

function bound({ q, where, h, ᾱ, within }: Steps, Γ: number, { ρ, D }: KnownPair): Bound | NoBound {
  if (!(q < 1)) return noBound(`q = ${exact(q)} is not below 1${where}`);
  const m = 1 + Math.min(0, (2 * ρ) / h) - ᾱ;
  const s = shareOf(q, ᾱ, m);
  if (!(s > 0))
    return noBound(
      `ρ = ${exact(ρ)} is too far below 0 for the shortest step, h = ${exact(h)}: s = ${exact(s)}, with m = 1 + 2ρ/h − ᾱ = ${exact(m)}, is not above 0`,
    );
  return named('extragradient-generalised-smooth', {
    statement: `‖J‖ ≤ L₀ + L₁‖F‖, ${ρ < 0 ? 'weak Minty' : 'Minty (ρ ≥ 0)'}, q < 1: ‖z − z*‖² falls by s·h²G² in each step, G = ‖F(z)‖, so min hG ≤ D/√(sk), and G ≤ Γ; here q = ${exact(q)}, s = ${exact(s)}`,
    measure: 'best ‖F(z)‖²',
    measured: { quantity: '‖F(z)‖²', when: 'best', stepSize: h },
    at: (k) => Math.min(Γ, k === 0 ? Infinity : within(D / Math.sqrt(s * k))) ** 2,
  });
}

/** Γ, the most that ‖F‖ can be within D of z*. */
const steepest = ({ L0, L1, D }: KnownPair): number => L0 * stretched(L1, D);

const clipped = (
  { stepSize: γ, threshold: c, relaxation: ᾱ }: ConstantStep<OptionsOf<typeof clippedExtragradient>>,
  known: KnownPair,
): Bound | NoBound => {
  const { L0, L1 } = known;
  const Γ = steepest(known);
  const G = Math.min(c, Γ);
  return bound(
    {
      q: G === 0 ? 0 : ((L0 + L1 * G) * stretched(L1, γ * G)) / G,
      where: `: it is (L₀ + L₁G)(exp(L₁γG) − 1)/(L₁G) for G = ${exact(G)}, the smaller of c and Γ = ${exact(Γ)}`,
      h: Γ > c ? (γ * c) / Γ : γ,
      ᾱ,
      within: (length) => (length < γ * c ? length / γ : Infinity),
    },
    Γ,
    known,
  );
};

/**
 * h is the one for which q(G) is q. hG = ln(1 + qL₁G/(L₀ + L₁G))/L₁ grows with G up to ln(1 + q)/L₁, and
 * hG = t at G = L₀e/(q − L₁e), e = (exp(L₁t) − 1)/L₁. Larger (L₀, L₁) than the problem’s are as true.
 */
const following = (
  { L0, L1, change: q, relaxation: ᾱ }: OptionsOf<typeof generalisedSmoothExtragradient>,
  known: KnownPair,
): Bound | NoBound => {
  if (!(known.L0 <= L0 * ROUNDED && known.L1 <= L1 * ROUNDED))
    return noBound(
      `its options (L0, L1) = (${exact(L0)}, ${exact(L1)}) are not both at least the problem’s (${exact(known.L0)}, ${exact(known.L1)})`,
    );
  const Γ = steepest(known);
  return bound(
    {
      q,
      where: '',
      h: L1 * Γ > 0 ? Math.log1p((q * L1 * Γ) / (L0 + L1 * Γ)) / (L1 * Γ) : q / L0,
      ᾱ,
      within(length) {
        const e = stretched(L1, length);
        return q > L1 * e ? (L0 * e) / (q - L1 * e) : Infinity;
      },
    },
    Γ,
    known,
  );
};

/** The rules about (L₀, L₁)-smooth F. */
export const pairRules: readonly Rule<KnownPair, Bound>[] = [
  aboutConstantStep(clippedExtragradient, clipped),
  about(generalisedSmoothExtragradient, following),
  aboutConstantStep(extragradient, ({ stepSize }, known) =>
    clipped({ stepSize, threshold: Infinity, relaxation: 1 }, known),
  ),
];
