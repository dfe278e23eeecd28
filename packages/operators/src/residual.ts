import type { Game, Vector } from './contracts.js';
import { distance, isFiniteVector, waxpy } from './vectors.js';

/**
 * The natural residual ‖z − J_A(z − F(z))‖ with step 1: zero exactly at the solutions of 0 ∈ F(z) + A(z).
 * Without constraints it is ‖F(z)‖. One call of F; `scratch` (of z's length) is overwritten.
 */
export function naturalResidual(game: Game, z: Vector, scratch: Vector): number {
  game.operator(z, scratch);
  waxpy(scratch, z, -1, scratch);
  game.resolve?.(scratch, 1);
  const residual = distance(z, scratch);
  if (Number.isFinite(residual) || !isFiniteVector(scratch)) return residual;
  let largest = 0; // only the squares overflowed
  for (let i = 0; i < z.length; i++) largest = Math.max(largest, Math.abs(z[i]! - scratch[i]!));
  return largest * distance(Array.from(z, (x) => x / largest), Array.from(scratch, (x) => x / largest));
}
