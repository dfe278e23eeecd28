// Bounds on the last iterate of gda and extragradient, and on methods that remember a gradient.
import type { OptionsOf } from '../method.js';
import { forwardReflectedBackward } from '../methods/single-call/forward-reflected-backward.js';
import { ogda } from '../methods/single-call/ogda.js';
import { pastExtragradient } from '../methods/single-call/past-extragradient.js';
import { ogdaPlus } from '../methods/weak-minty/ogda-plus.js';
import { averagedness } from './descent.js';
import { aboutConstantStep, type ConstantStep, type Rule } from './rule.js';
import type { TheoremKey } from './theorems.js';
import {
  named,
  noBound,
  exact,
  unknownρ,
  type Bound,
  type KnownFacts,
  type NoBound,
  type Quantity,
  type Says,
  type StepOnly,
} from './types.js';

type Make = (
  key: TheoremKey,
  quantity: Quantity,
  stepSize: number,
  statement: string,
  at: (k: number) => number,
) => Bound;
const of =
  (when: 'last' | 'best'): Make =>
  (key, quantity, stepSize, statement, at) =>
    named(key, { statement, measure: `${when} ${quantity}`, measured: { quantity, when, stepSize }, at });
/** Makes a bound on the present point. */
export const last: Make = of('last');
/** Makes a bound on the least value so far. */
const best = of('best');

/** The factor by which a step size may exceed its limit: both are quotients, which round differently. */
export const ROUNDED: number = 1 + 1e-12;

/**
 * The reason why A + F is not known to be monotone; undefined if it is. With constraints, `instead` says what
 * there is for them; absent: the theory covers constraints.
 */
export function notMonotone(known: KnownFacts, instead?: string): NoBound | undefined {
  if (known.constrained && instead !== undefined)
    return noBound(`its theory is without constraints; ${instead}`);
  if (known.comonotone === undefined) return noBound(unknownρ(known, 'comonotone'));
  return known.comonotone >= 0 ? undefined : noBound(`F is not monotone: ρ = ${exact(known.comonotone)}`);
}

/**
 * Krasnosel'skii–Mann: T = (1 − a)I + aN with N nonexpansive, a in (0, 1): ‖z_k − Tz_k‖² ≤ a²·D²/(a(1 − a)(k
 * + 1)), and where ½ ≤ a ≤ ½(1 + √(k/(k + 1))) better by (k/(k + 1))^k. That factor is taken from PEPit's
 * documentation and not proved here; in test/worst-cases.test.ts it is the exact worst case.
 * Source: Krasnosel'skii 1955; Mann 1953; Goujaud et al. 2024, arXiv 2201.04040.
 */
function mann(a: number, D: number, k: number): number {
  const tight = k > 0 && a >= 0.5 && a <= 0.5 * (1 + Math.sqrt(k / (k + 1))) ? (k / (k + 1)) ** k : 1;
  return (tight * a * D * D) / ((1 - a) * (k + 1));
}

/**
 * gda: T is averaged, so ‖z − Tz‖ falls, too (`mann`).
 * Source: Krasnosel'skii 1955; Mann 1953.
 */
export const gdaLast: Says<StepOnly> = ({ stepSize: γ }, known) => {
  const a = averagedness(γ, known);
  if (typeof a !== 'number') return a;
  return last(
    'forward-backward-averaged',
    '‖z − Tz‖²',
    γ,
    `F cocoercive with ℓ, γ < 2/ℓ, T = (1 − a)I + aN, a = ${exact(a)}: ‖z − Tz‖² ≤ a‖z₀ − z*‖²/((1 − a)(k + 1)), times (k/(k + 1))^k where ½ ≤ a ≤ ½(1 + √(k/(k + 1)))`,
    (k) => mann(a, known.D, k),
  );
};

/**
 * Extragradient without constraints, w = z − γF(z), γL ≤ 1. Monotone between z and z⁺, Lipschitz between w
 * and z⁺:
 *   ⟨F(z) − F(z⁺), F(w)⟩ ≥ 0,   ‖F(z⁺) − F(w)‖² ≤ γ²L²‖F(z) − F(w)‖²,   so
 *   ‖F(z)‖² − ‖F(z⁺)‖² ≥ ‖F(z) − F(w)‖² − ‖F(z⁺) − F(w)‖² ≥ 0
 * ‖F(z)‖ falls, and each step comes nearer by γ²(1 − γ²L²)‖F(z)‖², as shown in certificates/descent.ts.
 * Source: Gorbunov, Loizou, Gidel 2022, arXiv 2110.04261.
 */
export const extragradientLast: Says<StepOnly> = ({ stepSize: γ }, known) => {
  const wrong = notMonotone(known, 'take the best iterate’s');
  if (wrong) return wrong;
  const q = γ * known.L;
  if (!(q < 1)) return noBound(`γ = ${exact(γ)} is not below 1/L = ${exact(1 / known.L)}`);
  return last(
    'extragradient-last-iterate',
    '‖F(z)‖²',
    γ,
    'monotone, γ < 1/L: ‖F(z)‖² ≤ ‖z₀ − z*‖²/(γ²(1 − γ²L²)(k + 1))',
    (k) => known.D ** 2 / (γ * γ * (1 - q * q) * (k + 1)),
  );
};

/**
 * Past extragradient with g₋₁ = 0 and q = γL < ½. From z − w = γF(w₋), with f_k = ‖F(w_k)‖², d_k = ‖F(w_k) −
 * F(w_{k−1})‖² ≤ 2q²(f_{k−1} + d_{k−1}), d₀ = f₀:
 *   ‖z⁺ − z*‖² ≤ ‖z − z*‖² − γ²f_{k−1} + γ²d_k,  Σd ≤ (f₀ + 2q²Σf)/(1 − 2q²),  γ²f₀ ≤ q²D²,  so  Σ_{j<K} f_j
 *     ≤ D²(1 − q²)/(γ²(1 − 4q²))
 * Source: the method is that of Popov 1980.
 */
const pastExtragradientBest: Says<StepOnly> = ({ stepSize: γ }, known) => {
  const { L, ρ, D } = known;
  if (known.constrained)
    return noBound('its theory here is without constraints; with them take forward-reflected-backward');
  if (ρ === undefined) return noBound(unknownρ(known, 'weakMinty'));
  if (ρ < 0) return noBound(`not even Minty holds: ρ = ${exact(ρ)} is below 0`);
  const q2 = (γ * L) ** 2;
  if (!(q2 < 0.25)) return noBound(`γ = ${exact(γ)} is not below 1/(2L) = ${exact(1 / (2 * L))}`);
  return best(
    'past-extragradient',
    '‖F(w)‖²',
    γ,
    'Minty (ρ ≥ 0), γ < 1/(2L): min ‖F(w)‖² ≤ ‖z₀ − z*‖²(1 − γ²L²)/(γ²(1 − 4γ²L²)k)',
    (k) => (k < 1 ? Infinity : (D * D * (1 - q2)) / (γ * γ * (1 - 4 * q2) * k)),
  );
};

/**
 * Forward–reflected–backward with z₋₁ = z₀: with s_k = ‖z_k − z_{k−1}‖² and E = ‖z − z*‖² + 2γ⟨F(z) − F(z₋),
 * z* − z⟩,
 *   E⁺ + (1 − γL)s⁺ ≤ E + γLs,  E_K ≥ (1 − γL)‖z_K − z*‖² − γLs_K,  so  Σ_{k ≤ K} s_k ≤ D²/(1 − 2γL)
 * Source: the method is that of Malitsky, Tam 2020, arXiv 1808.04162.
 */
const reflected: Says<StepOnly> = ({ stepSize: γ }, known) => {
  const wrong = notMonotone(known);
  if (wrong) return wrong;
  const q = γ * known.L;
  if (!(q < 0.5)) return noBound(`γ = ${exact(γ)} is not below 1/(2L) = ${exact(1 / (2 * known.L))}`);
  return best(
    'forward-reflected-backward',
    '‖z − z₋‖²',
    γ,
    'monotone, γ < 1/(2L): min ‖z − z₋‖² ≤ ‖z₀ − z*‖²/((1 − 2γL)k)',
    (k) => (k < 1 ? Infinity : known.D ** 2 / ((1 - 2 * q) * k)),
  );
};

/**
 * OGDA+ with z₋₁ = z₀ and u = z + γF(z₋), so that u⁺ = u − ᾱγF(z) and ‖u₁ − z*‖ ≤ (1 + (1 − ᾱ)γL)D. With s
 * = γ + 2ρ, f_k = ‖F(z_k)‖², d_k = ‖F(z_k) − F(z_{k−1})‖², q = γL and R = ᾱq/(1 − q):
 *   ‖u⁺ − z*‖² ≤ ‖u − z*‖² − ᾱγ((s − ᾱγ)f_k + γf_{k−1} − γd_k),  by weak Minty at z
 *   √d_{k+1} ≤ q(ᾱ√f_k + √d_k) and d₀ = 0,  so  Σ_{j ≤ k} d_j ≤ R²Σ_{j < k} f_j
 * Where s ≥ ᾱγ this is summed over steps 1 to k, and the f_j of k − 1 of them are left with the factor
 *   ᾱγ(s + γ(1 − ᾱ − R²)) ≥ ᾱγs,  for R ≤ (1 − ᾱ)/2 by the limit on γ
 * Else it is summed over 1 to k − 1, and at the end
 *   ‖u_k − z*‖² ≥ 2s⟨F(z_k), u_k − z*⟩ − s²f_k ≥ sγ(f_{k−1} − d_k)
 * so that f_{k−1} has the factor γ(s(1 + ᾱ) − ᾱγ(ᾱ + R²)), which must not be below 0; the k − 1 before it
 * count.
 * Source: the method is that of Böhm 2022, arXiv 2201.12247.
 */
const ogdaPlusBest: Says<ConstantStep<OptionsOf<typeof ogdaPlus>>> = (
  { stepSize: γ, relaxation: ᾱ },
  known,
) => {
  const { L, ρ, D } = known;
  if (known.constrained) return noBound('its theory is without constraints');
  if (ρ === undefined) return noBound(unknownρ(known, 'weakMinty'));
  const most = (1 - ᾱ) / ((1 + ᾱ) * L);
  if (!(γ <= most * ROUNDED)) return noBound(`γ = ${exact(γ)} is above (1 − ᾱ)/((1 + ᾱ)L) = ${exact(most)}`);
  if (!(γ > -2 * ρ)) return noBound(`γ = ${exact(γ)} is not above −2ρ = ${exact(-2 * ρ)}`);
  const R2 = ((ᾱ * γ * L) / (1 - γ * L)) ** 2;
  const least = (ᾱ * γ * (ᾱ + R2)) / (1 + ᾱ);
  if (!(γ + 2 * ρ >= least))
    return noBound(
      `γ + 2ρ = ${exact(γ + 2 * ρ)} is below ᾱγ(ᾱ + R²)/(1 + ᾱ) = ${exact(least)}, R = ᾱγL/(1 − γL)`,
    );
  const first = (1 + (1 - ᾱ) * γ * L) * D;
  return best(
    'ogda-plus',
    '‖F(z)‖²',
    γ,
    'weak Minty, γ ≤ (1 − ᾱ)/((1 + ᾱ)L), γ + 2ρ ≥ ᾱγ(ᾱ + R²)/(1 + ᾱ) with R = ᾱγL/(1 − γL): min ‖F(z)‖² ≤ (1 + (1 − ᾱ)γL)²‖z₀ − z*‖²/(γᾱ(γ + 2ρ)(k − 1))',
    (k) => (k < 2 ? Infinity : first ** 2 / (γ * ᾱ * (γ + 2 * ρ) * (k - 1))),
  );
};

/** With optimism 1 OGDA is forward–reflected–backward. */
const ogdaBest: Says<ConstantStep<OptionsOf<typeof ogda>>> = (options, known) =>
  options.optimism === 1
    ? reflected(options, known)
    : noBound(`its theory is for optimism = 1; found ${exact(options.optimism)}`);

/** The rules about methods that remember a gradient. */
export const iterateRules: readonly Rule<KnownFacts, Bound>[] = [
  aboutConstantStep(ogda, ogdaBest),
  aboutConstantStep(pastExtragradient, pastExtragradientBest),
  aboutConstantStep(forwardReflectedBackward, reflected),
  aboutConstantStep(ogdaPlus, ogdaPlusBest),
];
