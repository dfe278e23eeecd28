import { normal, type Option, type Vector } from '@stillpoint/operators';
import * as option from '../options.js';

/** Rows of data a₁ … aₙ with targets b, a pure function of the seed. */
export interface RegressionData {
  readonly rows: number;
  readonly columns: number;
  /** `[rows, columns]`, row by row. */
  readonly A: Float64Array;
  readonly b: Float64Array;
}

/** The option of how many examples a regression has. */
export const examplesOption = (examples: number, about = 'examples: terms of the sum'): Option<number> =>
  option.integer({ about, symbol: 'n', from: 1, to: 100_000, default: examples });

/** The option of how many entries x has. */
export const entriesOption = (entries: number, most = 2000): Option<number> =>
  option.integer({ about: 'entries of x', symbol: 'd', from: 1, to: most, default: entries });

/**
 * Normal rows of ‖aᵢ‖ = `length`, and targets b = Ax̂ + noise·ξ of a hidden x̂ ~ N(0, I/columns), ξ standard
 * normal.
 */
export function regressionData(
  rows: number,
  columns: number,
  {
    seed,
    length = 1,
    noise = 0.1,
  }: { readonly seed: number; readonly length?: number; readonly noise?: number },
): RegressionData {
  const A = normal(new Float64Array(rows * columns), { seed, purpose: 'rows' });
  for (let i = 0; i < rows; i++) {
    const row = A.subarray(i * columns, (i + 1) * columns);
    const scale = length / Math.hypot(...row);
    row.forEach((x, j) => (row[j] = x * scale));
  }
  const hidden = normal(new Float64Array(columns), { seed, purpose: 'hidden' }, 0, 1 / Math.sqrt(columns));
  const ξ = normal(new Float64Array(rows), { seed, purpose: 'noise' });
  const b = ξ.map((x, i) => rowTimes(A, columns, i, hidden) + noise * x);
  return { rows, columns, A, b };
}

/** aᵢᵀx. */
export function rowTimes(A: Float64Array, columns: number, i: number, x: Vector): number {
  let sum = 0;
  for (let j = 0; j < columns; j++) sum += A[i * columns + j]! * x[j]!;
  return sum;
}
