// Strongly monotone F: the distance to the only solution falls by a constant factor in each step.
import type { TheoremKey } from './theorems.js';
import {
  named,
  noBound,
  exact,
  type Bound,
  type KnownFacts,
  type NoBound,
  type Says,
  type StepOnly,
} from './types.js';

/** ‖z_k − z*‖² ≤ qᵏ‖z₀ − z*‖². */
function geometric(key: TheoremKey, statement: string, γ: number, q: number, { D }: KnownFacts): Bound {
  return named(key, {
    statement: `${statement}; here q = ${exact(q)}`,
    measure: 'last ‖z − z*‖²',
    measured: { quantity: '‖z − z*‖²', when: 'last', stepSize: γ },
    at: (k) => q ** k * D * D,
  });
}

const notStrong = (): NoBound =>
  noBound('F is not known to be strongly monotone: the game states no stronglyMonotone constant');

/**
 * gda, F μ-strongly monotone and (1/ℓ)-cocoercive, γ < 2/ℓ; Δz = z − z*, ΔF = F(z) − F(z*):
 *   ‖Tz − z*‖² ≤ ‖Δz − γΔF‖² = ‖Δz‖² − 2γ⟨ΔF, Δz⟩ + γ²‖ΔF‖² ≤ ‖Δz‖² − (2γ − γ²ℓ)⟨ΔF, Δz⟩ ≤ (1 − μγ(2 −
 *     γℓ))‖Δz‖²
 * With L alone γ²‖ΔF‖² ≤ γ²L²‖Δz‖², and γ < 2μ/L².
 * Source: the method is that of Arrow, Hurwicz, Uzawa 1958.
 */
export const linearGda: Says<StepOnly> = ({ stepSize: γ }, known) => {
  const { μ, L, cocoercive } = known;
  if (μ === undefined || !(μ > 0)) return notStrong();
  const best = Math.min(
    1 - 2 * γ * μ + (γ * L) ** 2,
    cocoercive !== undefined && cocoercive > 0 ? 1 - μ * γ * (2 - γ / cocoercive) : Infinity,
  );
  if (!(best < 1))
    return noBound(`γ = ${exact(γ)} is below neither 2/ℓ nor 2μ/L² = ${exact((2 * μ) / L ** 2)}`);
  return geometric(
    'gda-linear',
    'μ-strongly monotone, and cocoercive with ℓ or L-Lipschitz: ‖z_k − z*‖² ≤ qᵏ‖z₀ − z*‖², q = 1 − μγ(2 − γℓ) or 1 − 2γμ + γ²L²',
    γ,
    Math.max(0, best),
    known,
  );
};

/**
 * Extragradient and forward–backward–forward, γ < 1/L: Korpelevich's inequality with the strong monotonicity
 * at w,
 *   ‖z⁺ − z*‖² ≤ ‖z − z*‖² − (1 − γ²L²)‖z − w‖² − 2γμ‖w − z*‖²,
 * and ‖z − z*‖² ≤ (1 + b/a)‖z − w‖² + (1 + a/b)‖w − z*‖² with a = 1 − γ²L², b = 2γμ: q = 1 − ab/(a + b).
 * Source: the methods are those of Korpelevich 1976 and Tseng 2000.
 */
export const linearExtragradient: Says<StepOnly> = ({ stepSize: γ }, known) => {
  const { μ } = known;
  if (μ === undefined || !(μ > 0)) return notStrong();
  const [a, b] = [1 - (γ * known.L) ** 2, 2 * γ * μ];
  if (!(a > 0)) return noBound(`γ = ${exact(γ)} is not below 1/L = ${exact(1 / known.L)}`);
  return geometric(
    'extragradient-linear',
    'μ-strongly monotone, γ < 1/L: ‖z_k − z*‖² ≤ qᵏ‖z₀ − z*‖², q = 1 − ab/(a + b), a = 1 − γ²L², b = 2γμ',
    γ,
    1 - (a * b) / (a + b),
    known,
  );
};
