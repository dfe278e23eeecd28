import { InputError } from '../specs/errors.js';
import { dot, norm } from '../vectors/vectors.js';

/** What {@link nonnegativeLeastSquares} returns. */
export interface NonnegativeFit {
  /** x ≥ 0, one number per column. */
  readonly x: Float64Array;
  /** b − Ax: at right angles to the columns in use, to rounding. */
  readonly residual: Float64Array;
}

/**
 * min ‖Ax − b‖₂ over x ≥ 0 by active sets: the column along which the residual falls fastest joins the
 * columns in use, least squares are solved on these, and columns whose x would become negative leave. It
 * ends after finitely many steps, with an x that is exact to rounding. Least squares are solved by
 * Gram–Schmidt with every projection made twice. Source: Lawson, Hanson, "Solving Least Squares Problems",
 * 1974, chapter 23.
 * @param A `[m, k]`: the m columns of k entries, one after another. @param b k entries.
 * @throws InputError if the entries of A are not whole columns.
 */
export function nonnegativeLeastSquares(A: Float64Array, b: Float64Array): NonnegativeFit {
  return nonnegativeSolver(A, b.length)(b);
}

/**
 * {@link nonnegativeLeastSquares} for many b: what depends on A alone is made once. @throws InputError if the
 * entries of A are not whole columns of k.
 */
export function nonnegativeSolver(A: Float64Array, k: number): (b: Float64Array) => NonnegativeFit {
  const m = A.length / k;
  if (!Number.isInteger(m))
    throw new InputError(
      `nonnegativeLeastSquares: A has ${A.length} entries; expected columns of ${k}, the entries of b`,
    );
  const columns = Array.from({ length: m }, (_, j) => A.subarray(j * k, (j + 1) * k));
  const lengths = columns.map((a) => norm(a));
  return (b) => solve(columns, lengths, b);
}

function solve(
  columns: readonly Float64Array[],
  lengths: readonly number[],
  b: Float64Array,
): NonnegativeFit {
  const [m, k] = [columns.length, b.length];
  const column = (j: number): Float64Array => columns[j]!;
  // an inner product below its rounding is 0
  const rounding = 8 * k * 2 ** -53 * norm(b);
  const x = new Float64Array(m);
  const refused = new Set<number>();
  let used: readonly number[] = [];
  let residual: Float64Array = b.slice();
  for (let round = 0; round < 10 * (m + k); round++) {
    let [next, most] = [-1, 0];
    for (let j = 0; j < m; j++) {
      if (used.includes(j) || refused.has(j) || !(lengths[j]! > 0)) continue;
      const falls = dot(columns[j]!, residual) / lengths[j]!;
      if (falls > rounding && falls > most) [next, most] = [j, falls];
    }
    if (next < 0) break;
    let trial = [...used, next];
    let fit = leastSquares(trial.map(column), b);
    // a column that depends on the others, or enters with the wrong sign, does so by rounding alone
    if (fit === undefined || !(fit.x.at(-1)! > 0)) {
      refused.add(next);
      continue;
    }
    const before = x.slice();
    while (fit !== undefined && fit.x.some((s) => !(s > 0))) {
      const from = trial.map((j) => x[j]!);
      const to = fit.x;
      // the share of the way to the fit at which a column's x becomes 0
      const shares = from.map((at, i) => (to[i]! > 0 ? Infinity : at / (at - to[i]!)));
      const share = Math.min(...shares);
      for (const [i, j] of trial.entries())
        x[j] = shares[i] === share ? 0 : Math.max(0, from[i]! + share * (to[i]! - from[i]!));
      trial = trial.filter((_, i) => shares[i] !== share);
      fit = leastSquares(trial.map(column), b);
    }
    if (fit === undefined) {
      x.set(before);
      refused.add(next);
      continue;
    }
    used = trial;
    refused.clear();
    x.fill(0);
    for (const [i, j] of used.entries()) x[j] = fit.x[i]!;
    residual = fit.residual;
  }
  return { x, residual };
}

/** min ‖Ax − b‖ for independent columns; undefined if they are dependent to rounding. */
function leastSquares(columns: readonly Float64Array[], b: Float64Array): NonnegativeFit | undefined {
  const count = columns.length;
  const Q: Float64Array[] = [];
  const R = new Float64Array(count * count);
  for (const [j, a] of columns.entries()) {
    const q = a.slice();
    for (let pass = 0; pass < 2; pass++)
      for (let i = 0; i < j; i++) R[i * count + j] = R[i * count + j]! + takeOut(q, Q[i]!);
    const length = norm(q);
    if (!(length > 1e-13 * norm(a))) return undefined;
    R[j * count + j] = length;
    Q.push(q.map((entry) => entry / length));
  }
  const residual = b.slice();
  const x = new Float64Array(count);
  for (let pass = 0; pass < 2; pass++) for (const [i, q] of Q.entries()) x[i] = x[i]! + takeOut(residual, q);
  for (let i = count - 1; i >= 0; i--) {
    for (let j = i + 1; j < count; j++) x[i] = x[i]! - R[i * count + j]! * x[j]!;
    x[i] = x[i]! / R[i * count + i]!;
  }
  return { x, residual };
}

/** v ← v − ⟨q, v⟩q; returns ⟨q, v⟩. */
function takeOut(v: Float64Array, q: Float64Array): number {
  const along = dot(v, q);
  for (let i = 0; i < v.length; i++) v[i] = v[i]! - along * q[i]!;
  return along;
}

/**
 * The shortest v with Gv ≥ c, or undefined if there is none: with the columns (gⱼ, cⱼ) and the target (0, …,
 * 0, 1) nonnegative least squares leave a residual s, and v = −(s₁ … s_d)/‖s‖²; s = 0 means that no v
 * exists. Source: Lawson, Hanson 1974, chapter 23. `undefined` is also returned where the shortest v is
 * longer than about 10¹² times what the rows of G and c, of about one size, would make it.
 * @param G `[m, d]`, row after row. @param c m entries.
 */
export function shortestWithin(G: Float64Array, c: Float64Array): Float64Array | undefined {
  const m = c.length;
  const d = G.length / m;
  const E = new Float64Array(m * (d + 1));
  for (let j = 0; j < m; j++) {
    E.set(G.subarray(j * d, (j + 1) * d), j * (d + 1));
    E[j * (d + 1) + d] = c[j]!;
  }
  const target = new Float64Array(d + 1);
  target[d] = 1;
  const { residual } = nonnegativeLeastSquares(E, target);
  const square = dot(residual, residual);
  return square > 1e-24 ? residual.subarray(0, d).map((s) => -s / square) : undefined;
}
