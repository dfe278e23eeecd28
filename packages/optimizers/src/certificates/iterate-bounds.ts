// Bounds on the last iterate of anchored methods and of maps that are known exactly, and on methods that
// remember a gradient.
import { averagedness } from './descent.js';
import {
  no,
  told,
  unknownρ,
  type Bound,
  type Known,
  type NoBound,
  type Quantity,
  type Rule,
} from './types.js';

const recalled = 'constant recalled, consistent with the random instances of certificates.test.ts';
const last = (
  theorem: string,
  quantity: Quantity,
  stepSize: number,
  statement: string,
  source: string,
  at: (k: number) => number,
): Bound => ({
  theorem,
  statement,
  measure: `last ${quantity}`,
  measured: { quantity, when: 'last', stepSize },
  at,
  source,
});
const best = (
  theorem: string,
  quantity: Quantity,
  stepSize: number,
  statement: string,
  source: string,
  at: (k: number) => number,
): Bound => ({
  theorem,
  statement,
  measure: `best ${quantity}`,
  measured: { quantity, when: 'best', stepSize },
  at,
  source,
});

/** What a step size may exceed its limit by: both are quotients, rounded differently. */
const ROUNDED = 1 + 1e-12;

/** Why A + F is not known to be monotone, for theory that needs no constraints. */
function notMonotone(known: Known, instead?: string): NoBound | undefined {
  if (known.constrained && instead !== undefined) return no(`its theory is without constraints; ${instead}`);
  if (Number.isNaN(known.comonotone)) return no(unknownρ(known, 'comonotone'));
  return known.comonotone >= 0 ? undefined : no(`F is not monotone: ρ = ${told(known.comonotone)}`);
}

/**
 * Krasnosel'skii–Mann: T = (1 − a)I + aN with N nonexpansive, a in (0, 1): ‖z_k − Tz_k‖² ≤ a²·D²/(a(1 − a)(k
 * + 1)), and where ½ ≤ a ≤ ½(1 + √(k/(k + 1))) better by (k/(k + 1))^k, which is tight.
 */
export function mann(a: number, D: number, k: number): number {
  const tight = k > 0 && a >= 0.5 && a <= 0.5 * (1 + Math.sqrt(k / (k + 1))) ? (k / (k + 1)) ** k : 1;
  return (tight * a * D * D) / ((1 - a) * (k + 1));
}

/** gda: T is averaged, so ‖z − Tz‖ falls, too. */
const gda: Rule = (numbers, known) => {
  const γ = numbers('stepSize');
  const a = averagedness(γ, known);
  if (typeof a !== 'number') return a;
  return last(
    'Krasnosel’skii–Mann for the forward–backward step',
    '‖z − Tz‖²',
    γ,
    `F cocoercive with ℓ, γ < 2/ℓ, T = (1 − a)I + aN, a = ${told(a)}: ‖z − Tz‖² ≤ a‖z₀ − z*‖²/((1 − a)(k + 1)), times (k/(k + 1))^k where ½ ≤ a ≤ ½(1 + √(k/(k + 1)))`,
    'Krasnosel’skii, Mann; the tight constant as in PEPit',
    (k) => mann(a, known.D, k),
  );
};

/** Extragradient without constraints where ‖F(z)‖ falls. */
export const extragradientLast: Rule = (numbers, known) => {
  const γ = numbers('stepSize');
  const wrong = notMonotone(known, 'take the best iterate’s');
  if (wrong) return wrong;
  const q = γ * known.L;
  if (!(q <= Math.SQRT1_2)) return no(`γ = ${told(γ)} is above 1/(√2L) = ${told(Math.SQRT1_2 / known.L)}`);
  return last(
    'EG, last iterate',
    '‖F(z)‖²',
    γ,
    'monotone, γ ≤ 1/(√2L): ‖F(z)‖² ≤ ‖z₀ − z*‖²/(γ²(1 − γ²L²)(k + 1))',
    `Gorbunov, Loizou, Gidel 2022, arXiv 2110.04261; ${recalled}`,
    (k) => known.D ** 2 / (γ * γ * (1 - q * q) * (k + 1)),
  );
};

const halpern: Rule = (numbers, { cocoercive: ρ, D }) => {
  const γ = numbers('stepSize');
  if (Number.isNaN(ρ)) return no('F is not known to be cocoercive: the game states no cocoercive constant');
  if (!(γ <= 2 * ρ)) return no(`γ = ${told(γ)} is above 2/ℓ = 2ρ = ${told(2 * ρ)}`);
  return last(
    'Halpern',
    '‖z − Tz‖²',
    γ,
    'F cocoercive with ℓ, γ ≤ 2/ℓ: ‖z − Tz‖ ≤ 2‖z₀ − z*‖/(k + 1)',
    'Lieder 2021, as in PEPit; tight',
    (k) => ((2 * D) / (k + 1)) ** 2,
  );
};

const eagC: Rule = (numbers, known) => {
  const γ = numbers('stepSize');
  const { L, D } = known;
  const wrong = notMonotone(known, 'with them none is implemented');
  if (wrong) return wrong;
  if (!(γ <= (1 / (8 * L)) * ROUNDED)) return no(`γ = ${told(γ)} is above 1/(8L) = ${told(1 / (8 * L))}`);
  return last(
    'EAG-C',
    '‖F(z)‖²',
    γ,
    'monotone, γ ≤ 1/(8L): ‖F(z)‖² ≤ 260‖z₀ − z*‖²/(8γ(k + 1))²',
    `Yoon, Ryu 2021, arXiv 2102.07922; ${recalled}`,
    (k) => 260 * (D / (8 * γ * (k + 1))) ** 2,
  );
};

const eagV: Rule = (numbers, known) => {
  const [γ, given] = [numbers('stepSize'), numbers('lipschitz')];
  const { L, D } = known;
  const wrong = notMonotone(known, 'with them none is implemented');
  if (wrong) return wrong;
  if (!(given >= L)) return no(`the option lipschitz = ${told(given)} is below the game’s L = ${told(L)}`);
  if (!(Math.abs(γ * given - 0.618) <= 1e-12))
    return no(`γ₀ = ${told(γ)} is not 0.618/L = ${told(0.618 / given)}`);
  return last(
    'EAG-V',
    '‖F(z)‖²',
    γ,
    'monotone, γ₀ = 0.618/L: ‖F(z)‖² ≤ 27L²‖z₀ − z*‖²/((k + 1)(k + 2))',
    `Yoon, Ryu 2021, arXiv 2102.07922; ${recalled}`,
    (k) => (27 * (given * D) ** 2) / ((k + 1) * (k + 2)),
  );
};

const feg: Rule = (numbers, known) => {
  const [γ, ρ] = [numbers('stepSize'), numbers('comonotone')];
  const { L, D } = known;
  if (known.constrained) return no('its theory is without constraints; with them none is implemented');
  if (Number.isNaN(known.comonotone)) return no(unknownρ(known, 'comonotone'));
  if (!(γ <= (1 / L) * ROUNDED)) return no(`γ = ${told(γ)} is above 1/L = ${told(1 / L)}`);
  if (!(ρ <= known.comonotone))
    return no(`the option comonotone = ${told(ρ)} is above the game’s ρ = ${told(known.comonotone)}`);
  if (!(ρ > -γ / 2)) return no(`ρ = ${told(ρ)} is not above −γ/2 = ${told(-γ / 2)}`);
  return last(
    'FEG',
    '‖F(z)‖²',
    γ,
    'comonotone, −1/(2L) < ρ, γ ≤ 1/L: ‖F(z)‖² ≤ 4‖z₀ − z*‖²/((γ + 2ρ)²k²)',
    `Lee, Kim 2021, arXiv 2106.02326; ${recalled}`,
    (k) => (k < 1 ? Infinity : (4 * D * D) / ((γ + 2 * ρ) * k) ** 2),
  );
};

/**
 * Past extragradient with g₋₁ = 0 and q = γL < ½. From z − w = γF(w₋), with f_k = ‖F(w_k)‖², d_k = ‖F(w_k) −
 * F(w_{k−1})‖² ≤ 2q²(f_{k−1} + d_{k−1}), d₀ = f₀:
 *   ‖z⁺ − z*‖² ≤ ‖z − z*‖² − γ²f_{k−1} + γ²d_k,  Σd ≤ (f₀ + 2q²Σf)/(1 − 2q²),  γ²f₀ ≤ q²D²,  so  Σ_{j<K} f_j
 *     ≤ D²(1 − q²)/(γ²(1 − 4q²))
 */
const pastExtragradient: Rule = (numbers, known) => {
  const γ = numbers('stepSize');
  const { L, ρ, D } = known;
  if (known.constrained)
    return no('its theory here is without constraints; with them take forward-reflected-backward');
  if (Number.isNaN(ρ)) return no(unknownρ(known, 'weakMinty'));
  if (ρ < 0) return no(`not even Minty holds: ρ = ${told(ρ)} is below 0`);
  const q2 = (γ * L) ** 2;
  if (!(q2 < 0.25)) return no(`γ = ${told(γ)} is not below 1/(2L) = ${told(1 / (2 * L))}`);
  return best(
    'Popov',
    '‖F(w)‖²',
    γ,
    'Minty (ρ ≥ 0), γ < 1/(2L): min ‖F(w)‖² ≤ ‖z₀ − z*‖²(1 − γ²L²)/(γ²(1 − 4γ²L²)k)',
    'elementary; the rate is classical (Popov 1980)',
    (k) => (k < 1 ? Infinity : (D * D * (1 - q2)) / (γ * γ * (1 - 4 * q2) * k)),
  );
};

/**
 * Forward–reflected–backward with z₋₁ = z₀: with s_k = ‖z_k − z_{k−1}‖² and E = ‖z − z*‖² + 2γ⟨F(z) − F(z₋),
 * z* − z⟩,
 *   E⁺ + (1 − γL)s⁺ ≤ E + γLs,  E_K ≥ (1 − γL)‖z_K − z*‖² − γLs_K,  so  Σ_{k ≤ K} s_k ≤ D²/(1 − 2γL)
 */
const reflected: Rule = (numbers, known) => {
  const γ = numbers('stepSize');
  const wrong = notMonotone(known);
  if (wrong) return wrong;
  const q = γ * known.L;
  if (!(q < 0.5)) return no(`γ = ${told(γ)} is not below 1/(2L) = ${told(1 / (2 * known.L))}`);
  return best(
    'Malitsky–Tam',
    '‖z − z₋‖²',
    γ,
    'monotone, γ < 1/(2L): min ‖z − z₋‖² ≤ ‖z₀ − z*‖²/((1 − 2γL)k)',
    'Malitsky, Tam 2020, arXiv 1808.04162; elementary proof',
    (k) => (k < 1 ? Infinity : known.D ** 2 / ((1 - 2 * q) * k)),
  );
};

/**
 * OGDA+ with z₋₁ = z₀ and u = z + γF(z₋): u⁺ = u − ᾱγF(z), ‖u₁ − z*‖ ≤ (1 + (1 − ᾱ)γL)D. The constant is
 * recalled; for 2ρ ≥ −(1 − ᾱ)γ the same steps as for Popov prove it.
 */
const ogdaPlus: Rule = (numbers, known) => {
  const [γ, ᾱ] = [numbers('stepSize'), numbers('relaxation')];
  const { L, ρ, D } = known;
  if (known.constrained) return no('its theory is without constraints');
  if (Number.isNaN(ρ)) return no(unknownρ(known, 'weakMinty'));
  const most = (1 - ᾱ) / ((1 + ᾱ) * L);
  if (!(γ <= most * ROUNDED)) return no(`γ = ${told(γ)} is above (1 − ᾱ)/((1 + ᾱ)L) = ${told(most)}`);
  if (!(γ > -2 * ρ)) return no(`γ = ${told(γ)} is not above −2ρ = ${told(-2 * ρ)}`);
  const first = (1 + (1 - ᾱ) * γ * L) * D;
  return best(
    'OGDA+',
    '‖F(z)‖²',
    γ,
    'weak Minty, −2ρ < γ ≤ (1 − ᾱ)/((1 + ᾱ)L): min ‖F(z)‖² ≤ (1 + (1 − ᾱ)γL)²‖z₀ − z*‖²/(γᾱ(γ + 2ρ)(k − 1))',
    `Böhm 2022, arXiv 2201.12247; ${recalled}`,
    (k) => (k < 2 ? Infinity : first ** 2 / (γ * ᾱ * (γ + 2 * ρ) * (k - 1))),
  );
};

const ogda: Rule = (numbers, known) =>
  numbers('optimism') === 1
    ? reflected(numbers, known)
    : no(`its theory is for optimism = 1; found ${told(numbers('optimism'))}`);

export const iterateRules: { readonly [method: string]: Rule } = {
  gda,
  halpern,
  feg,
  ogda,
  'eag-c': eagC,
  'eag-v': eagV,
  'past-extragradient': pastExtragradient,
  'forward-reflected-backward': reflected,
  'ogda-plus': ogdaPlus,
};
