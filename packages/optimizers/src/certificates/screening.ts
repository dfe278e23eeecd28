import type { Vector } from '@stillpoint/operators';

/**
 * The coordinates that a solution of min f + h may have beside 0, h a function of the ℓ₁ norm: a ball or a
 * penalty ½ρ‖·‖₁². Coordinate i is 0 in every solution where
 *   |gᵢ| < max |g| − 2√(2L·gap),   g = ∇f(z)
 * since gap ≥ ‖g − g*‖²/(2L) for f convex and L-smooth, so that |gᵢ| and max |g| are each known to √(2L·gap),
 * and a solution has only coordinates where |g*ᵢ| is the largest. gap is `linearGap` at z. Source: Sun, Bach,
 * "Screening for a reweighted penalized conditional gradient method", 2022.
 */
export function keptCoordinates(gradient: Vector, gap: number, lipschitz: number): readonly number[] {
  const most = Array.from(gradient, Math.abs).reduce((size, x) => Math.max(size, x), 0);
  const least = most - 2 * Math.sqrt(2 * lipschitz * gap);
  return Array.from(gradient.keys()).filter((i) => !(Math.abs(gradient[i]!) < least));
}
