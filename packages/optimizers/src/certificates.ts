import type { Data, Facts, Method, State } from '@stillpoint/operators';

/** What a bound is a bound of; H = I − γF, z̄ = (I + γA)⁻¹(Hz), T the forward–backward map; k counts steps. */
export type Bounded = 'best ‖Hz̄ − Hz‖²' | 'best ‖z̄ − z‖²' | 'best ‖F(z)‖²' | 'mean ‖F(z̄)‖²' | 'last ‖F(z)‖²' | 'last ‖z − Tz‖²';

/** A theorem with its numbers filled in: after k steps the quantity is at most `at(k)`. */
export interface Bound {
  readonly theorem: string;
  readonly measure: Bounded;
  at(k: number): number;
  readonly source: string;
}
/** Why there is none. */
export interface NoBound {
  readonly reason: string;
}

interface Known {
  readonly L: number;
  /** Weak Minty, and comonotonicity. */
  readonly ρ: number;
  readonly comonotone: number;
  readonly D2: number;
}
type Rule = (numbers: (name: string) => number, known: Known) => Bound | NoBound;

const no = (reason: string): NoBound => ({ reason });
const within = (what: string, x: number, low: number, high: number): string | undefined => (x > low && x <= high ? undefined : `${what} = ${x} lies outside (${low}, ${high}]`);
const pethick = 'Pethick, Latafat, Patrinos, Fercoq, Cevher 2022, arXiv 2302.09831; elementary proof';
const recalled = 'constant recalled, consistent with random instances here';

const relaxed: Rule = (numbers, { L, ρ, D2 }) => {
  const [γ, ᾱ] = [numbers('stepSize'), numbers('relaxation')];
  const outside = within('γ', γ, Math.max(0, -2 * ρ), 1 / L) ?? (ᾱ < 1 + (2 * ρ) / γ ? undefined : `ᾱ = ${ᾱ} is not below 1 + 2ρ/γ = ${1 + (2 * ρ) / γ}`);
  if (outside !== undefined) return no(outside);
  const share = ᾱ * (1 + (2 * Math.min(ρ, 0)) / γ - ᾱ);
  return share > 0 ? { theorem: 'T5', measure: 'best ‖Hz̄ − Hz‖²', at: (k) => D2 / (k * share), source: pethick } : no(`ᾱ = ${ᾱ} leaves ᾱ(1 + 2ρ/γ − ᾱ) = ${share}`);
};
const korpelevich: Rule = (numbers, { L, ρ, D2 }) => {
  const γ = numbers('stepSize');
  if (ρ < 0) return no(`F is not monotone: ρ = ${ρ}`);
  return γ * L < 1 ? { theorem: 'Korpelevich', measure: 'best ‖z̄ − z‖²', at: (k) => D2 / (k * (1 - (γ * L) ** 2)), source: 'Korpelevich 1976; Tseng 2000' } : no(`γ = ${γ} is not below 1/L = ${1 / L}`);
};

const rules: { readonly [method: string]: Rule } = {
  'gda': (numbers, { comonotone, D2 }) => {
    const γ = numbers('stepSize');
    return γ < 2 * comonotone ? { theorem: 'T7', measure: 'best ‖F(z)‖²', at: (k) => D2 / (k * γ * (2 * comonotone - γ)), source: 'elementary: ‖z⁺ − z*‖² ≤ ‖z − z*‖² − γ(2/ℓ − γ)‖F(z)‖²' } : no(`γ = ${γ} is not below 2/ℓ = ${2 * comonotone}`);
  },
  'extragradient': korpelevich, 'forward-backward-forward': korpelevich, 'eg-plus': relaxed, 'ceg-plus': relaxed,
  'halpern': (numbers, { comonotone, D2 }) => (numbers('stepSize') <= 2 * comonotone ? { theorem: 'Halpern', measure: 'last ‖z − Tz‖²', at: (k) => (4 * D2) / (k + 1) ** 2, source: 'Lieder 2021, as in PEPit' } : no(`γ = ${numbers('stepSize')} is above 2/ℓ = ${2 * comonotone}`)),
  'eag-c': (numbers, { L, ρ, D2 }) => (ρ >= 0 && Math.abs(8 * numbers('stepSize') * L - 1) < 1e-12 ? { theorem: 'EAG-C', measure: 'last ‖F(z)‖²', at: (k) => (260 * L * L * D2) / (k + 1) ** 2, source: `Yoon, Ryu 2021, arXiv 2102.07922; ${recalled}` } : no(`EAG-C's bound is for monotone F with γ = 1/(8L) = ${1 / (8 * L)}`)),
  'feg': (numbers, { L, comonotone, D2 }) => {
    const ρ = numbers('comonotone');
    if (!(comonotone > -1 / (2 * L)) || ρ > comonotone || Math.abs(numbers('stepSize') * L - 1) > 1e-12 || ρ <= -1 / (2 * L)) return no(`FEG's bound is for γ = 1/L = ${1 / L} and −1/(2L) < ρ ≤ ${comonotone}`);
    return { theorem: 'FEG', measure: 'last ‖F(z)‖²', at: (k) => (4 * D2) / ((1 / L + 2 * ρ) ** 2 * k * k), source: `Lee, Kim 2021, arXiv 2106.02326; ${recalled}` };
  },
};

/**
 * What theory says of a method on a game without constraints: `bound(method, facts, distance).at(k)`, or why it says nothing.
 * @param distance ‖z₀ − z*‖.
 */
export function bound({ name, options }: Pick<Method<State>, 'name' | 'options'>, facts: Facts, distance: number): Bound | NoBound {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (rule === undefined) return no(`no bound is implemented for ${name}; there are some for ${Object.keys(rules).join(', ')}`);
  const { lipschitz: L, comonotone, weakMinty = comonotone } = facts;
  if (L === undefined || weakMinty === undefined) return no(`the game states no ${L === undefined ? 'lipschitz' : 'weakMinty'}`);
  const given: { readonly [key: string]: Data } = options !== null && typeof options === 'object' && !Array.isArray(options) && !ArrayBuffer.isView(options) ? Object.fromEntries(Object.entries(options)) : {};
  if (typeof given['stepSize'] !== 'number') return no('the step size is not one constant number');
  return rule((key) => (typeof given[key] === 'number' ? given[key] : NaN), { L, ρ: weakMinty, comonotone: comonotone ?? -Infinity, D2: distance * distance });
}
