import type { Matrix } from '@stillpoint/operators';
import { solveLinear } from './linear-algebra.js';

/** In a tableau whose entries are near 1, values below this may be rounding alone. */
const TINY = 1e-10;

/**
 * A simplex tableau of `width` columns. The last column holds the values of the basic variables; row 0 is the
 * objective.
 */
interface Tableau {
  readonly entries: Float64Array;
  readonly width: number;
  /** The basic variable of each row, row 0 excepted. */
  readonly basis: number[];
}

/**
 * Solves max Σw with Bᵀw ≤ 1, w ≥ 0, for B > 0, `[m, n]`. Variables 0 … m − 1 are w, m … m + n − 1 the
 * slacks. It is the simplex method from w = 0 with Bland's rule, which never returns to a basis. Undefined if
 * rounding keeps it from ending. Source: Dantzig 1951; Bland, "New finite pivoting rules for the simplex
 * method", 1977.
 */
function optimum(B: Float64Array, m: number, n: number): Tableau | undefined {
  const width = m + n + 1;
  const entries = new Float64Array((n + 1) * width);
  entries.fill(-1, 0, m);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < m; i++) entries[(j + 1) * width + i] = B[i * n + j]!;
    entries[(j + 1) * width + m + j] = 1;
    entries[(j + 1) * width + m + n] = 1;
  }
  const basis = Array.from({ length: n }, (_, j) => m + j);
  for (let pivots = 0; pivots < 50 * (m + n); pivots++) {
    let enters = 0;
    while (enters < m + n && !(entries[enters]! < -TINY)) enters++;
    if (enters === m + n) return { entries, width, basis };
    let leaves = 0;
    let least = Infinity;
    for (let row = 1; row <= n; row++) {
      const slope = entries[row * width + enters]!;
      if (!(slope > TINY)) continue;
      const ratio = entries[row * width + m + n]! / slope;
      if (ratio < least - TINY || (ratio < least + TINY && basis[row - 1]! < basis[leaves - 1]!))
        [leaves, least] = [row, ratio];
    }
    if (leaves === 0) return undefined;
    const pivot = entries[leaves * width + enters]!;
    for (let at = leaves * width; at < (leaves + 1) * width; at++) entries[at] = entries[at]! / pivot;
    for (let row = 0; row <= n; row++) {
      const factor = entries[row * width + enters]!;
      if (row === leaves || factor === 0) continue;
      for (let k = 0; k < width; k++)
        entries[row * width + k] = entries[row * width + k]! - factor * entries[leaves * width + k]!;
    }
    basis[leaves - 1] = enters;
  }
  return undefined;
}

/**
 * The equilibrium (x, y) of min over x, max over y of xᵀAy on simplices if it is unique, otherwise undefined.
 * With B = A shifted and scaled into [1, 2], x ∝ w of `optimum`, y ∝ its dual. The tableau says which choices
 * have positive weight; the weights are solved from B's square submatrix on these choices, so that they are
 * exact to rounding. The equilibrium is unique if all these weights are positive and every other choice is
 * strictly worse (strict complementarity), which is checked. Source: Shapley, Snow, "Basic solutions of
 * discrete games", 1950.
 */
export function onlyEquilibrium({ entries: A, rows: m, columns: n }: Matrix): readonly number[] | undefined {
  const [least, most] = A.reduce(([low, high], a) => [Math.min(low, a), Math.max(high, a)] as const, [
    Infinity,
    -Infinity,
  ] as const);
  // a constant matrix: all points are equilibria
  if (!(most > least)) return m * n === 1 ? [1, 1] : undefined;
  const B = A.map((a) => 1 + (a - least) / (most - least));
  const end = optimum(B, m, n);
  if (end === undefined) return undefined;
  const rows = end.basis.filter((variable) => variable < m).sort((p, q) => p - q);
  const columns = Array.from({ length: n }, (_, j) => j).filter((j) => !end.basis.includes(m + j));
  const k = rows.length;
  const weights = (
    from: readonly number[],
    over: readonly number[],
    entry: (f: number, o: number) => number,
  ): Float64Array | undefined => {
    const solved = solveLinear(
      Float64Array.from({ length: k * k }, (_, at) => entry(from[Math.floor(at / k)]!, over[at % k]!)),
      Array<number>(k).fill(1),
    );
    const sum = solved?.reduce((total, weight) => total + weight, 0) ?? NaN;
    return solved?.map((weight) => weight / sum);
  };
  const x = weights(columns, rows, (j, i) => B[i * n + j]!);
  const y = weights(rows, columns, (i, j) => B[i * n + j]!);
  if (x === undefined || y === undefined || ![...x, ...y].every((weight) => weight > TINY)) return undefined;
  const cost = (i: number): number => columns.reduce((sum, j, q) => sum + B[i * n + j]! * y[q]!, 0);
  const gain = (j: number): number => rows.reduce((sum, i, p) => sum + B[i * n + j]! * x[p]!, 0);
  const value = cost(rows[0]!);
  for (let i = 0; i < m; i++) if (!rows.includes(i) && !(cost(i) > value + TINY)) return undefined;
  for (let j = 0; j < n; j++) if (!columns.includes(j) && !(gain(j) < value - TINY)) return undefined;
  const solution = Array<number>(m + n).fill(0);
  rows.forEach((i, p) => {
    solution[i] = x[p]!;
  });
  columns.forEach((j, q) => {
    solution[m + j] = y[q]!;
  });
  return solution;
}
