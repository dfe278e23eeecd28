import { InputError, denseMatrix, shown, type Facts, type Game, type Player } from '@stillpoint/operators';
import { comonotonicity, isMonotone, solveLinear, spectralNorm } from './linear-algebra.js';

/** A game whose F is affine. */
export interface AffineParts {
  readonly name: string;
  readonly players: readonly Player[];
  /** `[n, n]`, row after row. */
  readonly M: Float64Array;
  /** `[n]`. */
  readonly q: Float64Array;
  readonly start: readonly number[];
  /** One loss per player, where they are known. */
  readonly losses?: Game['losses'];
  /** The constraints. */
  readonly resolve?: Game['resolve'];
  /** Beside or instead of what M alone says. */
  readonly facts?: Facts;
}

/**
 * F(z) = Mz + q.  L = ‖M‖₂.  Without constraints ρ = λ_min(sym M⁻¹) (M⁺ on the range where M is singular), which is also the weak-Minty
 * constant, and the solution is −M⁻¹q, stated where there is one only. With constraints A a ρ of F says nothing of A + F, whose values
 * at one point differ, unless F is monotone: then A + F is, with ρ = 0 and no better. What `facts` states is not computed.
 */
export function affineGame(parts: AffineParts): Game {
  checkParts(parts);
  const { name, players, M, q, start, losses, resolve, facts = {} } = parts;
  const n = q.length;
  const matrix = denseMatrix(M, n, n);
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
    facts: { ...stretch(facts.lipschitz ?? spectralNorm(matrix)), ...constant(facts.comonotone ?? (resolve ? (isMonotone(M, n) ? 0 : undefined) : comonotonicity(M, n))), ...(facts.solution || resolve ? {} : solved(M, q)), ...facts },
  };
}

/** For callers without types. */
function checkParts(parts: AffineParts): void {
  const bad = (what: string, value: unknown, expected: string): InputError =>
    new InputError(`affineGame: ${what} is ${shown(value)}; expected ${expected}`);
  const given: unknown = parts;
  if (given === null || typeof given !== 'object')
    throw bad('its argument', given, 'an object with name, players, M, q and start');
  const { name, players, M, q, start }: { readonly [K in keyof AffineParts]?: unknown } = given;
  if (typeof name !== 'string') throw bad('name', name, 'a string');
  if (!(q instanceof Float64Array) || q.length === 0)
    throw bad('q', q, 'a Float64Array with an entry for each of the players’ entries');
  const n = q.length;
  if (!(M instanceof Float64Array) || M.length !== n * n)
    throw bad('M', M, `a Float64Array of ${n * n} entries, row after row`);
  if (!Array.isArray(players)) throw bad('players', players, "[{ name: 'x', start: 0, end: 1 }, …]");
  if (!Array.isArray(start) || start.length !== n) throw bad('start', start, `${n} numbers`);
}

/** L, where a step size can be made of it. */
export const stretch = (L: number): Facts => (L > 0 ? { lipschitz: L } : {});
const constant = (ρ: number | undefined): Facts => (ρ === undefined ? {} : { comonotone: ρ, weakMinty: ρ });
function solved(M: Float64Array, q: Float64Array): Facts {
  const solution = solveLinear(M, q.map((x) => -x));
  return solution ? { solution: Array.from(solution, (x) => x + 0) } : {}; // + 0: no −0
}

/** Players of the given sizes, one after another. */
export function playersOf(sizes: { readonly [name: string]: number }): readonly Player[] {
  let at = 0;
  return Object.entries(sizes).map(([name, size]) => ({ name, start: at, end: (at += size) }));
}
