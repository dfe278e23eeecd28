// Methods whose every step comes nearer to every solution, at least by this: ‖z⁺ − z*‖² ≤ ‖z − z*‖² −
// share·m(z).
import type { Described } from '../described.js';
import type { OptionsOf } from '../method.js';
import { gda } from '../methods/baseline/gda.js';
import { extragradient } from '../methods/monotone/extragradient.js';
import { forwardBackwardForward } from '../methods/monotone/forward-backward-forward.js';
import { app } from '../methods/proximal-point/app.js';
import { rapp } from '../methods/proximal-point/rapp.js';
import { adaptiveEgPlus } from '../methods/weak-minty/adaptive-eg-plus.js';
import { cegPlus } from '../methods/weak-minty/ceg-plus.js';
import { egPlus } from '../methods/weak-minty/eg-plus.js';
import { aboutConstantStep, ruleFor, type ConstantStep, type Rule } from './rule.js';
import type { TheoremKey } from './theorems.js';
import {
  noBound,
  exact,
  unknownρ,
  type Descent,
  type KnownFacts,
  type NoBound,
  type Says,
  type StepOnly,
} from './types.js';

/** Why γ is not in (low, 1/L], or not in (low, 1/L) unless `closed`. */
function outside(γ: number, low: number, L: number, closed: boolean): string | undefined {
  const inside = γ > low && (closed ? γ <= 1 / L : γ < 1 / L);
  return inside
    ? undefined
    : `γ = ${exact(γ)} lies outside (${low > 0 ? '−2ρ' : '0'}, 1/L${closed ? ']' : ')'} = (${exact(low)}, ${exact(1 / L)}${closed ? ']' : ')'}`;
}

/**
 * F cocoercive with ℓ = 1/ρ, γ < 2ρ, so that T = (I + γA)⁻¹(I − γF) is averaged: (1 − a)I + aN, N
 * nonexpansive, a = γ/(2ρ), or 2ρ/(4ρ − γ) under constraints; the share is (1 − a)/a. A weight λ makes it λa:
 * share (1/(λa) − 1), of λ²‖z − Tz‖².
 * Source: Krasnosel'skii 1955; Mann 1953.
 */
export function averagedness(γ: number, { cocoercive: ρ, constrained }: KnownFacts): number | NoBound {
  if (ρ === undefined)
    return noBound('F is not known to be cocoercive: the game states no cocoercive constant');
  if (!(γ > 0 && γ < 2 * ρ)) return noBound(`γ = ${exact(γ)} is not below 2/ℓ = 2ρ = ${exact(2 * ρ)}`);
  return constrained ? (2 * ρ) / (4 * ρ - γ) : γ / (2 * ρ);
}

const cocoercive = (γ: number, λ: number, known: KnownFacts): Descent | NoBound => {
  // without constraints the weight only shortens the step
  const a = averagedness(known.constrained ? γ : λ * γ, known);
  if (typeof a !== 'number') return a;
  const share = known.constrained ? λ * (1 / a - λ) : λ * λ * (1 / a - 1);
  return {
    key: 'forward-backward-averaged',
    condition: 'F cocoercive with ℓ, γ < 2/ℓ',
    share,
    quantity: '‖z − Tz‖²',
    stepSize: γ,
  };
};

/**
 * Extragradient and forward–backward–forward, w = (I + γA)⁻¹(z − γF(z)):
 *   ‖z⁺ − z*‖² ≤ ‖z − z*‖² − ‖z − w‖² + γ²‖F(w) − F(z)‖² ≤ ‖z − z*‖² − (1 − γ²L²)‖z − w‖²
 * Source: Korpelevich 1976; Tseng 2000.
 */
export const korpelevich =
  (key: TheoremKey): Says<StepOnly, Descent> =>
  ({ stepSize: γ }, known) => {
    const { L, ρ } = known;
    if (ρ === undefined) return noBound(unknownρ(known, 'weakMinty'));
    if (ρ < 0) return noBound(`not even Minty holds: ρ = ${exact(ρ)} is below 0`);
    const wrong = outside(γ, 0, L, false);
    if (wrong !== undefined) return noBound(wrong);
    return {
      key,
      condition: 'Minty (ρ ≥ 0), γ < 1/L',
      share: 1 - (γ * L) ** 2,
      quantity: '‖z − Tz‖²',
      stepSize: γ,
    };
  };

/**
 * EG+ and CEG+, z⁺ = z + ᾱ(Hz̄ − Hz). (Hz − Hz̄)/γ is in (A + F)(z̄), so weak Minty at z̄ and, for γL ≤ 1,
 * ⟨z̄ − z, Hz̄ − Hz⟩ ≥ ½‖Hz̄ − Hz‖² give ⟨Hz̄ − Hz, z − z*⟩ ≤ −(ρ/γ + ½)‖Hz̄ − Hz‖², and
 *   ‖z⁺ − z*‖² ≤ ‖z − z*‖² − ᾱ(1 + 2ρ/γ − ᾱ)‖Hz̄ − Hz‖²
 * Source: Diakonikolas, Daskalakis, Jordan 2021, arXiv 2011.00364; this range: Pethick et al. 2022,
 * arXiv 2302.09831.
 */
function relaxed(γ: number, ᾱ: number, known: KnownFacts): Descent | NoBound {
  const { L, ρ } = known;
  if (ρ === undefined) return noBound(unknownρ(known, 'weakMinty'));
  const wrong = outside(γ, Math.max(0, -2 * ρ), L, true);
  if (wrong !== undefined) return noBound(wrong);
  const most = 1 + (2 * ρ) / γ;
  if (!(ᾱ > 0 && ᾱ < most))
    return noBound(`ᾱ = ${exact(ᾱ)} lies outside (0, 1 + 2ρ/γ) = (0, ${exact(most)})`);
  return {
    key: known.constrained ? 'ceg-plus-weak-minty' : 'eg-plus-weak-minty',
    condition: 'weak Minty, −2ρ < γ ≤ 1/L, ᾱ < 1 + 2ρ/γ',
    share: ᾱ * (most - ᾱ),
    quantity: '‖Hz̄ − Hz‖²',
    stepSize: γ,
  };
}

/**
 * rapp with τ ≥ 3 inner steps without constraints, under weak Minty alone: its step is g = z − w^τ = γF(x), x
 * = w^{τ−1}, so that
 *   ⟨g, z − z*⟩ ≥ (ρ/γ)‖g‖² + ⟨z − w^τ, z − w^{τ−1}⟩ ≥ (ρ/γ + κ)‖g‖²
 * With q = γL < 1, Q = q^{τ−1}, s = ‖z − w^τ‖ = 1, m = ‖z − w^{τ−1}‖ and d = ‖w^τ − w^{τ−1}‖: d ≤ Q‖z − w¹‖ ≤
 * Q(1 + qm) and |1 − m| ≤ d, and the inner product is ½(1 + m² − d²) ≥ ½(1 + m² − Q²(1 + qm)²), whose least
 * value over the m ≥ (1 − Q)/(1 + Qq) that are possible is κ.
 * Source: the method is that of Pethick, Xie, Cevher 2023, arXiv 2310.13459.
 */
export function alignment(q: number, τ: number): number {
  const Q = q ** (τ - 1);
  const nearest = (1 - Q) / (1 + Q * q);
  const convex = 1 - (Q * q) ** 2;
  return (Q * Q * q) / convex <= nearest ? nearest : (1 - (Q * Q) / convex) / 2;
}

/** The descent of rapp with τ inner steps: τ = 1 is a forward–backward step, τ = 2 is EG+. */
export const approximate = (γ: number, τ: number, λ: number, known: KnownFacts): Descent | NoBound => {
  const { L, ρ, constrained } = known;
  if (τ === 1) return cocoercive(γ, λ, known);
  if (constrained) return noBound(`with constraints and τ = ${τ} no descent is known`);
  if (τ === 2) return relaxed(γ, λ, known);
  if (ρ === undefined) return noBound(unknownρ(known, 'weakMinty'));
  if (!(γ * L < 1)) return noBound(`γ = ${exact(γ)} lies outside (0, 1/L) = (0, ${exact(1 / L)})`);
  const most = 2 * (alignment(γ * L, τ) + ρ / γ);
  if (!(λ < most))
    return noBound(
      `λ = ${exact(λ)} is not below 2(κ + ρ/γ) = ${exact(most)}, κ the least alignment of step and extrapolation for γL = ${exact(γ * L)}, τ = ${τ}`,
    );
  return {
    key: 'rapp-weak-minty',
    condition: 'weak Minty, γ < 1/L, λ < 2(κ + ρ/γ)',
    share: λ * (most - λ),
    quantity: '‖z − w‖²',
    stepSize: γ,
    innerSteps: τ,
  };
};

/**
 * AdaptiveEG+, as EG+ with ᾱ = λα, α = σ/γ + ⟨z̄ − z, Hz̄ − Hz⟩/‖Hz̄ − Hz‖² ≥ σ/γ + ½: weak Minty with σ ≤ ρ
 * gives
 *   ‖z⁺ − z*‖² ≤ ‖z − z*‖² − λ(2 − λ)α²‖Hz̄ − Hz‖²
 * Source: Pethick et al. 2022, arXiv 2302.09831.
 */
export const adaptive: Says<OptionsOf<typeof adaptiveEgPlus>, Descent> = (options, known) => {
  const { L, ρ } = known;
  const { stepSize: γ, weight: λ, weakMinty } = options;
  const σ = weakMinty ?? (-0.99 * γ) / 2;
  if (ρ === undefined) return noBound(unknownρ(known, 'weakMinty'));
  if (!(γ * L <= 1)) return noBound(`γ = ${exact(γ)} lies outside (0, 1/L] = (0, ${exact(1 / L)}]`);
  if (!(σ > -γ / 2 && σ <= ρ))
    return noBound(`σ = ${exact(σ)} lies outside (−γ/2, ρ] = (${exact(-γ / 2)}, ${exact(ρ)}]`);
  if (!(λ > 0 && λ < 2)) return noBound(`λ = ${exact(λ)} lies outside (0, 2)`);
  return {
    key: 'adaptive-eg-plus-weak-minty',
    condition: 'weak Minty with ρ ≥ σ > −γ/2, γ ≤ 1/L, so that α ≥ ½ + σ/γ',
    share: λ * (2 - λ) * (0.5 + σ / γ) ** 2,
    quantity: '‖Hz̄ − Hz‖²',
    stepSize: γ,
  };
};

/** The descent of CEG+, with and without constraints: Pethick et al. 2022. */
export const cegPlusDescent: Says<ConstantStep<OptionsOf<typeof cegPlus>>, Descent> = (options, known) =>
  relaxed(options.stepSize, options.relaxation, known);
/** The descent of EG+, which is CEG+ without constraints: Diakonikolas, Daskalakis, Jordan 2021. */
export const egPlusDescent: Says<ConstantStep<OptionsOf<typeof egPlus>>, Descent> = (options, known) =>
  known.constrained
    ? noBound(`its theory is without constraints; with them take ${cegPlus.row.name}`)
    : cegPlusDescent(options, known);

const rules: readonly Rule<KnownFacts, Descent>[] = [
  aboutConstantStep(gda, ({ stepSize }, known) => cocoercive(stepSize, 1, known)),
  aboutConstantStep(extragradient, korpelevich('korpelevich')),
  aboutConstantStep(forwardBackwardForward, korpelevich('tseng')),
  aboutConstantStep(egPlus, egPlusDescent),
  aboutConstantStep(cegPlus, cegPlusDescent),
  aboutConstantStep(adaptiveEgPlus, adaptive),
  aboutConstantStep(rapp, ({ stepSize, innerSteps, weight }, known) =>
    approximate(stepSize, innerSteps, weight, known),
  ),
  aboutConstantStep(app, ({ stepSize, innerSteps }, known) => approximate(stepSize, innerSteps, 1, known)),
];

/** The descent of a method's steps towards every solution, or the reason why none is known. */
export function descentOf(method: Described, known: KnownFacts): Descent | NoBound {
  const rule = ruleFor(rules, method);
  return rule === undefined ? noBound(`no descent in every step is known for ${method.name}`) : rule(known);
}

/**
 * lookahead(gda, τ = 2) without constraints, under weak Minty: the share of the mean ‖Hz̄ − Hz‖² over slow
 * points, or the condition that fails.
 * Source: Pethick, Xie, Cevher 2023, arXiv 2310.13459, section 7.
 */
export function twoStepLookahead(γ: number, λ: number, known: KnownFacts): Descent | NoBound {
  const { L, ρ, constrained } = known;
  if (constrained) return noBound('its theory is without constraints');
  if (ρ === undefined) return noBound(unknownρ(known, 'weakMinty'));
  const rest = (1 - 2 * λ) * γ + 2 * ρ;
  if (!(rest > 0))
    return noBound(`2ρ = ${exact(2 * ρ)} is not above −(1 − 2λ)γ = ${exact(-(1 - 2 * λ) * γ)}`);
  const least = λ * γ - (1 - λ) * γ * (1 - (γ * L) ** 2);
  if (!(2 * ρ >= least))
    return noBound(`2ρ = ${exact(2 * ρ)} is below λγ − (1 − λ)γ(1 − γ²L²) = ${exact(least)}`);
  return {
    key: 'two-step-lookahead',
    condition: 'weak Minty, 2ρ > −(1 − 2λ)γ, 2ρ ≥ λγ − (1 − λ)γ(1 − γ²L²)',
    share: (λ * rest) / γ,
    quantity: '‖Hz̄ − Hz‖²',
    stepSize: γ,
  };
}

/**
 * lookahead around a method that descends: ‖·‖² is convex, so the slow point keeps the share λ of what τ fast
 * steps gained.
 * Source: Pethick, Xie, Cevher 2023, section 7; Zhang et al. 2019.
 */
export function slowed(inner: Descent, λ: number): Descent | NoBound {
  if (!(λ > 0 && λ <= 1)) return noBound(`λ = ${exact(λ)} lies outside (0, 1]`);
  return {
    ...inner,
    key: inner.key === 'forward-backward-averaged' ? inner.key : 'lookahead-descent',
    condition: `${inner.condition} (for the fast steps), λ ≤ 1`,
    share: λ * inner.share,
  };
}
