import { eigh, norm, svd, type Game, type Vector } from '@stillpoint/operators';
import { checkGame, checkPoint } from '../drivers/door.js';
import { affineParts } from './gap.js';
import { noBound, exact, type NoBound } from './types.js';

/** How far a point can be from the solution. */
export interface ErrorBound {
  /** ‖z − z*‖ is at most this. */
  readonly distance: number;
  /** In symbols, with the numbers filled in. */
  readonly statement: string;
}

/** The most entries: the decomposition of a larger matrix may take longer than a run. */
const LARGEST = 200;

/**
 * A bound on ‖z − z*‖ from values at z alone, for affine F(u) = Mu + q. Without constraints, M invertible:
 *   ‖z − z*‖ ≤ ‖F(z)‖/σ,  σ the least singular value of M
 * With constraints, F strongly monotone with μ = λ_min(sym M) > 0, r the natural residual with step 1:
 *   μ‖z − z*‖² ≤ ⟨F(z) − F(z*), z − z*⟩ ≤ (1 + ‖M‖)·r·‖z − z*‖,   so  ‖z − z*‖ ≤ (1 + ‖M‖)r/μ
 * Source: elementary; under constraints as in Facchinei, Pang 2003.
 */
export function errorBound(game: Game, z: Vector): ErrorBound | NoBound {
  checkGame('errorBound', game);
  checkPoint('errorBound', game, z);
  const n = game.dim;
  if (n > LARGEST) return noBound(`it is computed up to ${LARGEST} entries`);
  const affine = affineParts(game, z, 1);
  if (affine === undefined) return noBound('F is not affine');
  const { M } = affine;
  const F = new Float64Array(n);
  game.operator(z, F);
  const { values } = svd(M, n, n);
  const [largest, least] = [values[0] ?? 0, values.at(-1) ?? 0];
  if (game.constraint === undefined) {
    if (!(least > 1e-12 * n * largest))
      return noBound('the matrix of F is singular: there may be other solutions, or none');
    const distance = norm(F) / least;
    return {
      distance,
      statement: `‖z − z*‖ ≤ ‖F(z)‖/σ = ${exact(norm(F))}/${exact(
        least,
      )}, σ the least singular value of F’s matrix`,
    };
  }
  const symmetric = Float64Array.from(M, (x, at) => (x + M[(at % n) * n + Math.floor(at / n)]!) / 2);
  const μ = eigh(symmetric, { vectors: false }).values[0] ?? 0;
  if (!(μ > 1e-12 * n * largest)) return noBound('F is not strongly monotone');
  const w = Float64Array.from(z, (x, i) => x - F[i]!);
  game.constraint.prox(w, 1);
  const r = norm(Float64Array.from(z, (x, i) => x - w[i]!));
  const statement = `‖z − z*‖ ≤ (1 + ‖M‖)r/μ = (1 + ${exact(largest)})·${exact(r)}/${exact(
    μ,
  )}, F strongly monotone with μ`;
  return { distance: ((1 + largest) * r) / μ, statement };
}
