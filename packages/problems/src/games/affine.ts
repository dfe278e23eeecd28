import {
  InputError,
  comonotonicity,
  denseMatrix,
  isMonotone,
  lazyFacts,
  leastSymmetric,
  shown,
  type Facts,
  type Game,
  type Player,
  type Constraint,
} from '@stillpoint/operators';
import { solveLinear, spectralNorm } from './linear-algebra.js';

/** The parts of a game whose F(z) = Mz + q is affine. */
export interface AffineParts {
  readonly name: string;
  readonly players: readonly Player[];
  /** `[n, n]`, row by row. */
  readonly M: Float64Array;
  /** `[n]`. */
  readonly q: Float64Array;
  readonly start: readonly number[];
  /** Writes one loss per player. Absent if they are not known. */
  readonly losses?: Game['losses'];
  readonly constraint?: Constraint;
  /** Facts that M does not determine, or that are known better than they can be computed from M. */
  readonly facts?: Facts;
}

/**
 * The game F(z) = Mz + q. L = ‖M‖₂, μ = λ_min(sym M), 1/ℓ = λ_min(sym M⁻¹) (M⁺ on the range if M is
 * singular); μ and 1/ℓ are stated if they are positive. Without constraints ρ = λ_min(sym M⁻¹), which is also
 * the weak-Minty constant, and the solution is −M⁻¹q, stated if it is unique. With constraints A, a ρ of F
 * does not carry over to A + F, which has several values at one point. Only if F is monotone is A + F so too:
 * then ρ = 0, and no larger ρ holds. All of it holds everywhere and is computed when it is first read; what
 * `facts` states is not computed. @throws InputError for parts of another shape.
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
  /** x if it is more than a billionth of L or 1/L (`unit`): a smaller constant may be rounding alone. */
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

/** Checks the parts for callers without types. */
function checkParts(parts: AffineParts): void {
  const bad = (what: string, value: unknown, expected: string): InputError =>
    new InputError(`affineGame: ${what} is ${shown(value)}; expected ${expected}`);
  const given: unknown = parts;
  if (given === null || typeof given !== 'object')
    throw bad('its argument', given, 'an object with name, players, M, q and start');
  const { name, players, M, q, start }: { readonly [K in keyof AffineParts]?: unknown } = given;
  if (typeof name !== 'string') throw bad('name', name, 'a string');
  if (!(q instanceof Float64Array) || q.length === 0)
    throw bad('q', q, 'a Float64Array, as long as all players together');
  const n = q.length;
  if (!(M instanceof Float64Array) || M.length !== n * n)
    throw bad('M', M, `a Float64Array of ${n * n} entries, row by row`);
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

/** Players of the given sizes; each starts where the one before ends. */
export function playersOf(sizes: { readonly [name: string]: number }): readonly Player[] {
  let at = 0;
  return Object.entries(sizes).map(([name, size]) => ({ name, start: at, end: (at += size) }));
}
