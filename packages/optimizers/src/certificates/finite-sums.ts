// Finite sums F = (1/n) Σ Fᵢ whose terms are evaluated one by one at random: what holds in the mean of all
// runs, and with high probability in each.
import type { OptionsOf } from '../method.js';
import type { saga } from '../methods/finite-sums/saga.js';
import type { ConstantStep } from './rule.js';
import { exact, named, noBound, type Says } from './types.js';

/** The bounds hold all along a run with this probability at least. */
const CERTAINTY = 0.99;

/**
 * SAGA, D = ‖z − z*‖², H = (1/n) Σ ‖yᵢ − Fᵢ(z*)‖², V = D + cH, c = β(1 + β)γ²n, β > 1: E V⁺ ≤ (1 − δ)V.
 * With g = Fᵢ(z) − yᵢ + ȳ, i drawn uniformly, and G = (1/n) Σ ‖Fᵢ(z) − Fᵢ(z*)‖²,
 *   E‖g − F(z*)‖² ≤ (1 + β)G + (1 + 1/β)H       (a variance is at most the second moment)
 *   E D⁺ ≤ D − 2γ⟨F(z) − F(z*), z − z*⟩ + γ²E‖g − F(z*)‖²       ((I + γA)⁻¹ is nonexpansive)
 *   E H⁺ = (1 − 1/n)H + G/n.
 * The share of H in E V⁺ is then c(1 − (1 − β⁻²)/n), and that of G is γ²(1 + β) + c/n = γ²(1 + β)². Of terms
 * that are L-Lipschitz G ≤ L²D, and ⟨ΔF, Δz⟩ ≥ μD: that of D is 1 − 2γμ + γ²L²(1 + β)². Of convex terms also
 * ⟨ΔF, Δz⟩ ≥ G/L: with θ = γL(1 + β)²/2 ≤ 1 of this and 1 − θ of the other, 1 − 2γμ(1 − θ). So
 *   δ = min{ 2γμ − γ²ML(1 + β)²,  (1 − β⁻²)/n },   M = μ of convex terms, else L.
 * V/(1 − δ)ᵏ is a supermartingale ≥ 0, so by Ville 1939 it never exceeds V₀/p in a run, but with probability
 * p; and y = 0 makes V₀ = ‖z₀ − z*‖² + cσ², σ² = (1/n) Σ ‖Fᵢ(z*)‖².
 * Source: the method is that of Defazio, Bach, Lacoste-Julien 2014, for games Palaniappan, Bach 2016.
 */
export const sagaLinear: Says<ConstantStep<OptionsOf<typeof saga>>> = (options, known) => {
  const { stepSize: γ, normalise } = options;
  const { μ, D, sum } = known;
  if (normalise !== 'n') return noBound('nothing is proven where sums are divided by the terms seen so far');
  if (sum === undefined)
    return noBound('the problem is no finite sum that states termLipschitz and termVariance');
  if (μ === undefined || !(μ > 0))
    return noBound('F is not known to be strongly monotone: the problem states no stronglyMonotone constant');
  const { n, L, convex, variance } = sum;
  const M = convex ? μ : L;
  const best = bestOf(
    (β) => 2 * γ * μ - γ ** 2 * M * L * (1 + β) ** 2,
    (β) => (1 - β ** -2) / n,
  );
  if (best === undefined)
    return noBound(
      convex
        ? `γ = ${exact(γ)} is not below 1/(2L) = ${exact(1 / (2 * L))}, L of the terms`
        : `γ = ${exact(γ)} is not below μ/(2L²) = ${exact(μ / (2 * L * L))}, L of the terms, which are not known to be convex`,
    );
  const { β, δ } = best;
  const [q, V] = [1 - δ, D * D + β * (1 + β) * γ ** 2 * n * variance];
  return named('saga-linear', {
    statement: `${convex ? 'convex' : 'L-Lipschitz'} terms, F μ-strongly monotone: with probability ${CERTAINTY}, all along the run, ‖z_k − z*‖² ≤ ${Math.round(1 / (1 - CERTAINTY))}·qᵏ(‖z₀ − z*‖² + cσ²); without the factor in the mean of all runs; here q = ${exact(q)}`,
    measure: 'last ‖z − z*‖²',
    measured: { quantity: '‖z − z*‖²', when: 'last', stepSize: γ },
    at: (k) => (q ** k * V) / (1 - CERTAINTY),
  });
};

/**
 * β > 1 at which the lesser of a falling and a rising rate is largest; undefined where the falling one is
 * nowhere above 0.
 */
function bestOf(
  falling: (β: number) => number,
  rising: (β: number) => number,
): { readonly β: number; readonly δ: number } | undefined {
  if (!(falling(1) > 0)) return undefined;
  let [low, high] = [1, 2];
  while (rising(high) < falling(high) && high < 2 ** 40) high *= 2; // falling falls below any bound
  for (let i = 0; i < 60; i++) {
    const β = (low + high) / 2;
    if (rising(β) < falling(β)) low = β;
    else high = β;
  }
  return { β: high, δ: Math.min(falling(high), rising(high)) };
}
