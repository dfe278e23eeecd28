import type { Game, Problem, Vector } from '../contracts/index.js';
import { distance, norm, waxpy } from '../vectors/vectors.js';

type Constrained = Pick<Problem, 'constraint' | 'facts'>;

/** What the natural residual is measured with: γ = 1/L where the game states L > 0, otherwise 1. */
export function residualStep({ facts }: Pick<Problem, 'facts'>): number {
  const L = facts?.lipschitz ?? 0;
  return L > 0 ? 1 / L : 1;
}

/**
 * The natural residual r(z) = ‖z − J(z − γF(z))‖/γ, J = (I + γA)⁻¹: zero exactly at the solutions of 0 ∈ F(z)
 * + A(z), in the unit of F. Without constraints it is ‖F(z)‖, whatever γ.
 * @param scratch of z's length; holds F(z) afterwards. One call of F.
 * @param stepSize γ > 0. Default: 1/L where the game states L, otherwise 1. Without constraints it is not
 *   read.
 */
export function naturalResidual(game: Game, z: Vector, scratch: Vector, stepSize?: number): number {
  game.operator(z, scratch);
  return residualOf(game, z, scratch, stepSize);
}

/** `naturalResidual` where F(z) is known. @param work of z's length; overwritten. */
export function residualOf(
  game: Constrained,
  z: Vector,
  F: Vector,
  stepSize?: number,
  work?: Vector,
): number {
  return game.constraint === undefined ? norm(F) : moved(game, z, F, stepSize ?? residualStep(game), work);
}

/** ‖z − J(z − γF)‖/|γ|; a negative γ steps against the direction of F. */
function moved(
  game: Pick<Problem, 'constraint'>,
  z: Vector,
  F: Vector,
  γ: number,
  w: Vector = F.slice(),
): number {
  waxpy(w, z, -γ, F);
  game.constraint?.prox(w, Math.abs(γ));
  const length = distance(z, w);
  return length / Math.abs(γ);
}

/**
 * The size of F at z as far as it can move z: the larger of ‖z − J(z − γF)‖/γ and ‖z − J(z + γF)‖/γ, and ‖F‖
 * without constraints. On simplices a constant added to F does not change it; at a corner it is the size of
 * what holds z there.
 */
export function movingSize(game: Constrained, z: Vector, F: Vector, stepSize?: number): number {
  if (game.constraint === undefined) return norm(F);
  const γ = stepSize ?? residualStep(game);
  return Math.max(moved(game, z, F, γ), moved(game, z, F, -γ));
}

/** The unit roundoff of a vector's numbers: 2⁻⁵³ in float64 and 2⁻²⁴ in float32. */
export function roundoff(z: Vector): number {
  return z instanceof Float32Array ? 2 ** -24 : 2 ** -53;
}
