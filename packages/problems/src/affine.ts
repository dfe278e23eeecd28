import { denseMatrix, type Facts, type Game, type Player } from '@stillpoint/operators';
import { comonotonicity, solveLinear, spectralNorm } from './linear-algebra.js';

/** A game whose F is affine. */
export interface AffineParts {
  readonly name: string;
  readonly players: readonly Player[];
  /** `[n, n]`, row after row. */
  readonly M: Float64Array;
  /** `[n]`. */
  readonly q: Float64Array;
  readonly start: readonly number[];
  readonly losses?: Game['losses'];
  readonly resolve?: Game['resolve'];
  /** Beside or instead of what M alone says. */
  readonly facts?: Facts;
}

/**
 * F(z) = Mz + q.  L = ‖M‖₂;  ρ = λ_min(sym M⁻¹), which is also the weak-Minty constant;  without constraints the solution is −M⁻¹q.
 * Where M is singular and monotone, ρ = 0 and no solution is stated.
 */
export function affineGame({ name, players, M, q, start, losses, resolve, facts = {} }: AffineParts): Game {
  const n = q.length;
  const matrix = denseMatrix(M, n, n);
  const ρ = comonotonicity(M, n);
  const solution = resolve === undefined ? solveLinear(M, q.map((x) => -x)) : undefined;
  return {
    name, dim: n, players, start, ...(losses ? { losses } : {}), ...(resolve ? { resolve } : {}),
    operator(z, out) {
      matrix.times(out, 0, z, 0);
      for (let i = 0; i < n; i++) out[i] = out[i]! + q[i]!;
    },
    jacobianVector(_, v, out, transposed) {
      if (transposed) matrix.transposedTimes(out, 0, v, 0);
      else matrix.times(out, 0, v, 0);
    },
    facts: { lipschitz: spectralNorm(matrix), ...(ρ === undefined ? {} : { comonotone: ρ, weakMinty: ρ }), ...(solution ? { solution: Array.from(solution, (x) => x + 0) } : {}), ...facts },
  };
}

/** Players of the given sizes, one after another. */
export function playersOf(sizes: { readonly [name: string]: number }): readonly Player[] {
  let at = 0;
  return Object.entries(sizes).map(([name, size]) => ({ name, start: at, end: (at += size) }));
}
