import type { Game, Problem, Vector } from '../contracts/index.js';
import { distance, norm, waxpy } from '../vectors/vectors.js';

type Constrained = Pick<Problem, 'constraint' | 'facts'>;

/** The step size γ of the natural residual: 1/L if the game states L > 0, otherwise 1. */
function residualStep({ facts }: Pick<Problem, 'facts'>): number {
  const L = facts?.lipschitz ?? 0;
  return L > 0 ? 1 / L : 1;
}

/**
 * The natural residual r(z) = ‖z − J(z − γF(z))‖/γ, J = (I + γA)⁻¹: zero exactly at the solutions of 0 ∈ F(z)
 * + A(z), in the unit of F. Without constraints it is ‖F(z)‖ for every γ. Calls F once.
 * @param scratch of z's length; holds F(z) afterwards.
 * @param stepSize γ > 0. Default: 1/L if the game states L > 0, otherwise 1. Without constraints it is not
 *   read.
 */
export function naturalResidual(game: Game, z: Vector, scratch: Vector, stepSize?: number): number {
  game.operator(z, scratch);
  return residualOf(game, z, scratch, stepSize);
}

/**
 * `naturalResidual` for a known F(z): F is not called.
 * @param work of z's length; overwritten. Default: a new vector.
 */
export function residualOf(
  game: Constrained,
  z: Vector,
  F: Vector,
  stepSize?: number,
  work?: Vector,
): number {
  return game.constraint === undefined ? norm(F) : moved(game, z, F, stepSize ?? residualStep(game), work);
}

/** ‖z − J(z − γF)‖/|γ| with J = (I + |γ|A)⁻¹; a negative γ steps along F. */
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
 * The size of the part of F that can move z: the larger of ‖z − J(z − γF)‖/γ and ‖z − J(z + γF)‖/γ, and ‖F‖
 * without constraints. A constant added to F on a simplex does not change it. At a corner it is the size of
 * the part of F that keeps z there.
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
