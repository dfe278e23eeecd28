import { dot, eigh, normal, svd, uniform, type Game, type Vector } from '@stillpoint/operators';

/** What makes a random finite sum of n terms Fᵢ(z) = Mᵢz + qᵢ of 4 entries. */
export interface LinearSum {
  /** Terms of rank 2 that are convex; a game whose terms are not monotone; that game on the box ‖z‖∞ ≤ 1. */
  readonly kind: 'convex' | 'game' | 'boxed';
  /** The largest ‖Mᵢ‖. */
  readonly L: number;
  readonly seed: number;
  /** μ/L of a game. */
  readonly μL?: number;
}

const d = 4;
const numbers = (seed: number, purpose: string, count: number): Float64Array =>
  normal(new Float64Array(count), { seed, purpose });
const meanOf = (rows: readonly Float64Array[]): Float64Array =>
  rows[0]!.map((_, k) => rows.reduce((total, row) => total + row[k]! / rows.length, 0));
const largest = (M: Float64Array): number => svd(M, d, d).values[0]!;

/** B of d·2 entries: BBᵀ. */
const square = (B: Float64Array): Float64Array =>
  new Float64Array(d * d).map((_, k) =>
    dot(
      B.subarray(2 * Math.floor(k / d), 2 * Math.floor(k / d) + 2),
      B.subarray(2 * (k % d), 2 * (k % d) + 2),
    ),
  );

/** Terms with the largest norm L, and μ of their mean. */
function matricesOf({ kind, L, seed, μL = 0.2 }: LinearSum, n: number): [Float64Array[], number] {
  const random = Array.from({ length: n }, (_, i) => numbers(seed, `matrix ${i}`, d * d));
  if (kind === 'convex') {
    const squares = random.map((M) => square(M.subarray(0, 2 * d)));
    const unit = L / Math.max(...squares.map(largest));
    const matrices = squares.map((M) => M.map((x) => x * unit));
    return [matrices, eigh(meanOf(matrices)).values[0]!];
  }
  // the symmetric parts add up to 0: the mean is skew
  const centre = meanOf(random);
  const free = random.map((M) =>
    M.map((x, k) => x - (centre[k]! + centre[(k % d) * d + Math.floor(k / d)]!) / 2),
  );
  const plus = (s: number): Float64Array[] =>
    free.map((M) => M.map((x, k) => s * x + (k % (d + 1) === 0 ? μL * L : 0)));
  let [low, high] = [0, 2 * L]; // s at which the largest norm is L
  for (let i = 0; i < 60; i++) {
    const s = (low + high) / 2;
    if (Math.max(...plus(s).map(largest)) < L) low = s;
    else high = s;
  }
  return [plus(low), μL * L];
}

/** A sum with exact facts and a known solution. */
export function linearSum(given: LinearSum): Game {
  const { kind, L, seed } = given;
  const n = 4 + (seed % 3);
  const [matrices, μ] = matricesOf(given, n);
  const M = meanOf(matrices);
  const noise = Array.from({ length: n }, (_, i) => numbers(seed, `offset ${i}`, d));
  const centre = meanOf(noise);
  const push = uniform(new Float64Array(d), { seed, purpose: 'push' });
  const solution = numbers(seed, 'solution', d).map((x) =>
    kind === 'boxed' ? Math.max(-1, Math.min(1, 2 * x)) : x,
  );
  const times = (A: Float64Array, z: Vector, j: number): number => dot(A.subarray(j * d, (j + 1) * d), z);
  // on the box F pushes outwards where the solution is at a bound
  const offsets = noise.map((e) =>
    e.map((x, j) => {
      const outwards =
        kind === 'boxed' && Math.abs(solution[j]!) === 1 ? Math.sign(solution[j]!) * push[j]! : 0;
      return x - centre[j]! - times(M, solution, j) - outwards;
    }),
  );
  const all = Array.from({ length: n }, (_, i) => i);
  const operator = (z: Vector, out: Vector, of: readonly number[]): void => {
    for (let j = 0; j < d; j++)
      out[j] = of.reduce((sum, i) => sum + (times(matrices[i]!, z, j) + offsets[i]![j]!) / of.length, 0);
  };
  const variance = all.reduce((sum, i) => {
    const F = new Float64Array(d);
    operator(solution, F, [i]);
    return sum + dot(F, F) / n;
  }, 0);
  const one = [{ name: 'x', start: 0, end: d }];
  return {
    name: `sum of ${kind} terms`,
    dim: d,
    players:
      kind === 'convex'
        ? one
        : [
            { name: 'x', start: 0, end: 2 },
            { name: 'y', start: 2, end: d },
          ],
    start: Array<number>(d).fill(0),
    terms: { count: n, sample: (indices) => indices },
    operator: (z, out, { sample } = {}) => operator(z, out, Array.isArray(sample) ? sample : all),
    ...(kind === 'boxed' && {
      constraint: { prox: (z: Vector) => z.forEach((x, j) => (z[j] = Math.max(-1, Math.min(1, x)))) },
    }),
    facts: {
      lipschitz: L,
      stronglyMonotone: μ,
      termLipschitz: L,
      convexTerms: kind === 'convex',
      termVariance: variance,
      solution: Array.from(solution),
      where: 'everywhere',
    },
  };
}
