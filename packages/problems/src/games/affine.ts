import {
  InputError,
  denseMatrix,
  lazyFacts,
  shown,
  type Facts,
  type Game,
  type Player,
  type Constraint,
} from '@stillpoint/operators';
import { comonotonicity, isMonotone, leastSymmetric, solveLinear, spectralNorm } from './linear-algebra.js';

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
  readonly constraint?: Constraint;
  /** Beside or instead of what M alone says. */
  readonly facts?: Facts;
}

/**
 * F(z) = Mz + q.  L = ‖M‖₂, μ = λ_min(sym M), 1/ℓ = λ_min(sym M⁻¹) (M⁺ on the range where M is singular),
 * each stated where it is positive. Without constraints ρ = λ_min(sym M⁻¹), which is also the weak-Minty
 * constant, and the solution is −M⁻¹q, stated where there is one only. With constraints A a ρ of F says
 * nothing of A + F, whose values at one point differ, unless F is monotone: then A + F is, with ρ = 0 and no
 * better. All of it holds everywhere, and is computed when it is first read; what `facts` states is not
 * computed.
 */
export function affineGame(parts: AffineParts): Game {
  checkParts(parts);
  const { name, players, M, q, start, losses, constraint, facts = {} } = parts;
  const n = q.length;
  const matrix = denseMatrix(M, n, n);
  let inverse: { readonly ρ: number | undefined } | undefined;
  const ofInverse = (): number | undefined => (inverse ??= { ρ: comonotonicity(M, n) }).ρ;
  const comonotone = (): number | undefined =>
    facts.comonotone ?? (constraint ? (isMonotone(M, n) ? 0 : undefined) : ofInverse());
  /** Constants of less than a billionth of L or 1/L may be rounding, and would say nothing. */
  const beyond = (x: number | undefined, unit: number): number | undefined =>
    x !== undefined && x > 1e-9 * unit ? x : undefined;
  const L = (): number => facts.lipschitz ?? (norm ??= spectralNorm(matrix));
  let norm: number | undefined;
  return {
    name,
    dim: n,
    players,
    start,
    ...(losses ? { losses } : {}),
    ...(constraint ? { constraint } : {}),
    prices: { product: 1, transposedProduct: 1 }, // as many multiplications as F
    operator(z, out) {
      matrix.times(out, 0, z, 0);
      for (let i = 0; i < n; i++) out[i] = out[i]! + q[i]!;
    },
    jacobianVector(_, v, out, transposed) {
      if (transposed) matrix.transposedTimes(out, 0, v, 0);
      else matrix.times(out, 0, v, 0);
    },
    facts: lazyFacts({
      lipschitz: L,
      comonotone,
      weakMinty: () => facts.weakMinty ?? comonotone(),
      cocoercive: () => facts.cocoercive ?? beyond(ofInverse(), 1 / L()),
      stronglyMonotone: () => facts.stronglyMonotone ?? beyond(leastSymmetric(M, n), L()),
      where: () => 'everywhere',
      solution: () => facts.solution ?? (constraint ? undefined : solved(M, q)),
      ...(facts.zeroSum === undefined ? {} : { zeroSum: () => facts.zeroSum }),
      ...(facts.mirror === undefined ? {} : { mirror: () => facts.mirror }),
    }),
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

function solved(M: Float64Array, q: Float64Array): readonly number[] | undefined {
  const solution = solveLinear(
    M,
    q.map((x) => -x),
  );
  return solution && Array.from(solution, (x) => x + 0); // + 0: no −0
}

/** Players of the given sizes, one after another. */
export function playersOf(sizes: { readonly [name: string]: number }): readonly Player[] {
  let at = 0;
  return Object.entries(sizes).map(([name, size]) => ({ name, start: at, end: (at += size) }));
}
