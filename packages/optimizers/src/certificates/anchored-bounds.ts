// Bounds on the last iterate of methods that are pulled back to their start, without constraints. Each proof
// is a potential V_k that never rises; F_k = F(z_k), G = F(w), n = k + 1, Δ = z_{k+1} − z_k. Each proof ends
// with ⟨F_k, z₀ − z_k⟩ ≤ ⟨F_k, z₀ − z*⟩ − (the term from monotonicity at z*).
import type { OptionsOf } from '../method.js';
import { eagC } from '../methods/anchored/eag-c.js';
import { eagV } from '../methods/anchored/eag-v.js';
import { feg } from '../methods/anchored/feg.js';
import { halpern } from '../methods/anchored/halpern.js';
import { ROUNDED, last, notMonotone } from './iterate-bounds.js';
import { aboutConstantStep, type Rule } from './rule.js';
import { noBound, exact, unknownρ, type Bound, type KnownFacts, type Says, type StepOnly } from './types.js';

/**
 * Halpern on the nonexpansive T; G = (z − Tz)/2 is firmly nonexpansive, (n + 1)z⁺ = z₀ + nz − 2nG:
 *   V_k = n(n − 1)‖G_k‖² − n⟨G_k, z₀ − z_k⟩
 *   V_k − V_{k+1} = n(n + 1)(⟨G⁺ − G, Δ⟩ − ‖G⁺ − G‖²) ≥ 0,   V₀ = 0,   so n²‖G_k‖² ≤ n‖G_k‖D
 * Source: Halpern 1967; this rate: Lieder 2021, theorem 2.1, as PEPit (Goujaud et al. 2024) cites it.
 */
const halpernLast: Says<StepOnly> = ({ stepSize: γ }, { cocoercive: ρ, D }) => {
  if (ρ === undefined)
    return noBound('F is not known to be cocoercive: the game states no cocoercive constant');
  if (!(γ <= 2 * ρ)) return noBound(`γ = ${exact(γ)} is above 2/ℓ = 2ρ = ${exact(2 * ρ)}`);
  return last(
    'halpern',
    '‖z − Tz‖²',
    γ,
    'F cocoercive with ℓ, γ ≤ 2/ℓ: ‖z − Tz‖ ≤ 2‖z₀ − z*‖/(k + 1)',
    (k) => ((2 * D) / (k + 1)) ** 2,
  );
};

/**
 * EAG, β = 1/(n + 1): z⁺ − w = γ(F − G), and with V_k = A_k‖F_k‖² − n⟨F_k, z₀ − z_k⟩
 *   V_k − V_{k+1} = n(n + 1)⟨F⁺ − F, Δ⟩ + A_k‖F‖² − A_{k+1}‖F⁺‖² − γn(n + 1)⟨F, G⟩ + γ(n + 1)²⟨F⁺, G⟩
 * EAG-C: A_k = (γ/2)(n² + (n + 1)/2). For γL ≤ 1/8 and τ = (γ/2)((n + 1)² + (n + 2)/2 + 7n²) the rest above,
 * less τ(γ²L²‖F − G‖² − ‖F⁺ − G‖²) ≥ 0, is a positive semidefinite form in (F, G, F⁺): its Schur complement
 * on G is γ/2 times
 *   1/2 − (n/2 + 1)²/(7n²) − ((n − 1)/2)²/(2A_k/γ − 2γL²τ) ≥ 1/2 − 9/28 > 0,   2A_k/γ − 2γL²τ ≥ 7n²/8
 * So V_k ≤ V₀ = γ‖F₀‖² ≤ D²/(64γ), and x = n‖F_k‖/D has γx²/2 − x ≤ 1/(64γ): γx ≤ 1 + √(33/32), 64γ²x² < 260.
 * Source: Yoon, Ryu 2021, arXiv 2102.07922.
 */
const eagCLast: Says<StepOnly> = ({ stepSize: γ }, known) => {
  const { L, D } = known;
  const wrong = notMonotone(known, 'with them none is implemented');
  if (wrong) return wrong;
  if (!(γ <= (1 / (8 * L)) * ROUNDED))
    return noBound(`γ = ${exact(γ)} is above 1/(8L) = ${exact(1 / (8 * L))}`);
  return last(
    'eag-c',
    '‖F(z)‖²',
    γ,
    'monotone, γ ≤ 1/(8L): ‖F(z)‖² ≤ 260‖z₀ − z*‖²/(8γ(k + 1))²',
    (k) => 260 * (D / (8 * γ * (k + 1))) ** 2,
  );
};

/**
 * EAG-V: as EAG-C with A_k = γ_kn(n + 1)/2 and τ = A_k/(γ_kL)²: the largest A_{k+1} for which the form is
 * positive semidefinite is γ_{k+1}(n + 1)(n + 2)/2 with γ_{k+1} as the method has it. So
 *   γ_kn(n + 1)‖F_k‖²/2 − n‖F_k‖D ≤ γ₀‖F₀‖² ≤ γ₀L²D²,   so
 *   γ_kLy²/2 − y ≤ γ₀L   with y = √(n(n + 1))‖F_k‖/(LD)
 * From γ₀L = 0.618 the γ_kL fall to no less than 0.4365 (test/anchored-bounds.test.ts sums them), and
 *   y² ≤ ((1 + √(1 + 2·0.4365·0.618))/0.4365)² < 27.
 * Source: Yoon, Ryu 2021, arXiv 2102.07922.
 */
const eagVLast: Says<OptionsOf<typeof eagV>> = ({ stepSize: γ, lipschitz: given }, known) => {
  const { L, D } = known;
  const wrong = notMonotone(known, 'with them none is implemented');
  if (wrong) return wrong;
  if (!(given >= L))
    return noBound(`the option lipschitz = ${exact(given)} is below the game’s L = ${exact(L)}`);
  if (!(Math.abs(γ * given - 0.618) <= 1e-12))
    return noBound(`γ₀ = ${exact(γ)} is not 0.618/L = ${exact(0.618 / given)}`);
  return last(
    'eag-v',
    '‖F(z)‖²',
    γ,
    'monotone, γ₀ = 0.618/L: ‖F(z)‖² ≤ 27L²‖z₀ − z*‖²/((k + 1)(k + 2))',
    (k) => (27 * (given * D) ** 2) / ((k + 1) * (k + 2)),
  );
};

/**
 * FEG, β = 1/n: z⁺ − w = γ((1 − β)F − G), and with V_k = (k²(γ/2 + ρ) − kρ)‖F_k‖² − k⟨F_k, z₀ − z_k⟩
 *   V_k − V_{k+1} = kn(⟨F⁺ − F, Δ⟩ − ρ‖F⁺ − F‖²) + (γ/2)n²(‖(1 − β)F − G‖² − ‖F⁺ − G‖²) ≥ 0   for γL ≤ 1
 * V₀ = 0, and ⟨F_k, z_k − z*⟩ ≥ ρ‖F_k‖²: k²(γ/2 + ρ)‖F_k‖² ≤ k‖F_k‖D.
 * Source: Lee, Kim 2021, arXiv 2106.02326.
 */
const fegLast: Says<OptionsOf<typeof feg>> = ({ stepSize: γ, comonotone: ρ }, known) => {
  const { L, D } = known;
  if (known.constrained) return noBound('its theory is without constraints; with them none is implemented');
  if (known.comonotone === undefined) return noBound(unknownρ(known, 'comonotone'));
  if (!(γ <= (1 / L) * ROUNDED)) return noBound(`γ = ${exact(γ)} is above 1/L = ${exact(1 / L)}`);
  if (!(ρ <= known.comonotone))
    return noBound(`the option comonotone = ${exact(ρ)} is above the game’s ρ = ${exact(known.comonotone)}`);
  if (!(ρ > -γ / 2)) return noBound(`ρ = ${exact(ρ)} is not above −γ/2 = ${exact(-γ / 2)}`);
  return last(
    'feg',
    '‖F(z)‖²',
    γ,
    'comonotone, −γ/2 < ρ, γ ≤ 1/L: ‖F(z)‖² ≤ 4‖z₀ − z*‖²/((γ + 2ρ)²k²)',
    (k) => (k < 1 ? Infinity : (4 * D * D) / ((γ + 2 * ρ) * k) ** 2),
  );
};

/** The rules about the last iterate of these methods. */
export const anchoredRules: readonly Rule<KnownFacts, Bound>[] = [
  aboutConstantStep(halpern, halpernLast),
  aboutConstantStep(feg, fegLast),
  aboutConstantStep(eagC, eagCLast),
  aboutConstantStep(eagV, eagVLast),
];
