import type { Game, Vector } from './contracts.js';
import { distance, norm, waxpy } from './vectors.js';

type Resolvable = Pick<Game, 'resolve' | 'facts'>;

/** What the natural residual is measured with: γ = 1/L where the game states L > 0, otherwise 1. */
export function residualStep({ facts }: Pick<Game, 'facts'>): number {
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
export function residualOf(game: Resolvable, z: Vector, F: Vector, stepSize?: number, work?: Vector): number {
  return game.resolve === undefined ? norm(F) : moved(game, z, F, stepSize ?? residualStep(game), work);
}

/** ‖z − J(z − γF)‖/|γ|; a negative γ steps against the direction of F. */
function moved(game: Pick<Game, 'resolve'>, z: Vector, F: Vector, γ: number, w: Vector = F.slice()): number {
  waxpy(w, z, -γ, F);
  game.resolve?.(w, Math.abs(γ));
  const length = distance(z, w);
  return length / Math.abs(γ);
}

/**
 * The size of F at z as far as it can move z: the larger of ‖z − J(z − γF)‖/γ and ‖z − J(z + γF)‖/γ, and ‖F‖
 * without constraints. On simplices a constant added to F does not change it; at a corner it is the size of
 * what holds z there.
 */
export function movingSize(game: Resolvable, z: Vector, F: Vector, stepSize?: number): number {
  if (game.resolve === undefined) return norm(F);
  const γ = stepSize ?? residualStep(game);
  return Math.max(moved(game, z, F, γ), moved(game, z, F, -γ));
}

/** The unit roundoff of a vector's numbers: 2⁻⁵³ in float64 and 2⁻²⁴ in float32. */
export function roundoff(z: Vector): number {
  return z instanceof Float32Array ? 2 ** -24 : 2 ** -53;
}

/**
 * What rounding may leave of the residual at z, given F(z): twice what F changes by when each entry of z
 * moves by four roundings of its own, some up and some down; four roundings of F; and under constraints,
 * where r compares z with J(z − γF), four roundings of z over γ. A residual below it says nothing more. One
 * call of F.
 * @param work of z's length; overwritten.
 */
export function roundingOf(
  game: Pick<Game, 'operator' | 'resolve'>,
  z: Vector,
  F: Vector,
  stepSize: number,
  work: Vector = z.slice(),
): number {
  const u = roundoff(z);
  // signs without a pattern of F's
  const moved = z.map((x, i) => x + (Math.cos(1 + 0.7 * i) > 0 ? 4 : -4) * u * x);
  let change = 0;
  try {
    game.operator(moved, work);
    change = distance(work, F);
  } catch {
    // F need not be defined beside z
  }
  return (
    2 * (Number.isFinite(change) ? change : 0) +
    4 * u * (norm(F) + (game.resolve === undefined ? 0 : norm(z) / stepSize))
  );
}
