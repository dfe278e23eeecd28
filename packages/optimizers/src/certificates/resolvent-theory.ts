// What rapp, km, proximal-point and double-loop-halpern have in common: the resolvent J = (I + γ(A + F))⁻¹,
// and the error with which they compute it.

/**
 * If A + F is ρ-comonotone and γ > −ρ, J = (1 − α)I + αN with N nonexpansive and this α = γ/(2(γ + ρ)):
 * "α-conically nonexpansive". α ≤ 1, so that J is nonexpansive, exactly for γ ≥ −2ρ; α = ½ for ρ = 0. From
 * ‖Δx‖² − ‖Δu‖² = 2γ⟨Δu, Δv⟩ + γ²‖Δv‖² ≥ (1 + 2ρ/γ)‖Δx − Δu‖², u = Jx, v = (x − u)/γ. The range ρ > −1/L that
 * this allows: Alacaoglu, Kim, Wright 2024, arXiv 2402.05071.
 */
export function conicity(γ: number, ρ: number): number {
  return γ / (2 * (γ + ρ));
}

/**
 * The error of τ steps w ← (I + γA)⁻¹(z − γF(w)) from w = z: ‖w − Jz‖ ≤ (γL)^τ‖z − Jz‖: a contraction by γL
 * with fixed point Jz.
 */
export function resolventError(γL: number, τ: number): number {
  return γL ** τ;
}

/**
 * How many inner steps of `resolvent` make its certified error ‖r‖ at most σ‖w − z‖. With G(w) = w − z +
 * γF(w), μ-strongly monotone (μ = 1, or 1 + γρL² for ρ < 0) and (1 + γL)-Lipschitz, its step η ≥ min(1,
 * 0.63/(1 + γL)) and ν = 0.9:
 *   ‖w⁺ − Jz‖² ≤ ‖w − Jz‖² − p‖w − w̄‖² − h‖w̄ − Jz‖² ≤ (1 − ph/(p + h))‖w − Jz‖²,  p = 1 − ν², h = 2ημ
 *   ‖r‖ ≤ (1 + ν)/η·‖w − w̄‖ ≤ M‖w − Jz‖,  ‖w̄ − z‖ ≥ ‖Jz − z‖ − N‖w − Jz‖,  M = (1 + ν)/(η√p), N = 1 + 1/√p
 * Infinity if μ ≤ 0.
 */
export function innerStepsFor(γ: number, L: number, ρ: number, σ: number): number {
  const μ = 1 + γ * Math.min(ρ, 0) * L * L;
  if (!(μ > 0)) return Infinity;
  const ν = 0.9;
  const η = Math.min(1, (0.7 * ν) / (1 + γ * L));
  const [p, h] = [1 - ν * ν, 2 * η * μ];
  const [M, N] = [(1 + ν) / (η * Math.sqrt(p)), 1 + 1 / Math.sqrt(p)];
  const shrink = -Math.log(1 - (p * h) / (p + h));
  return 1 + Math.ceil((2 * Math.log((M + σ * N) / σ)) / shrink);
}
