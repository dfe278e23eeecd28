import type { Vector } from './contracts.js';
import { InputError } from './errors.js';

/** A dense matrix that multiplies slices of flat vectors. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** `[rows, columns]`, row after row. */
  readonly entries: Float64Array;
  /** out[outStart …] = a·Mv, v = z[start …] of `columns` entries. `out` and `z` do not overlap there. */
  times(out: Vector, outStart: number, z: Vector, start: number, a?: number): void;
  /** out[outStart …] = a·Mᵀv, v = z[start …] of `rows` entries. */
  transposedTimes(out: Vector, outStart: number, z: Vector, start: number, a?: number): void;
}

/** @param rows of equal length. @throws InputError if they are not, or an entry is not finite. */
export function matrixOf(rows: readonly (readonly number[])[]): Matrix {
  const columns = rows[0]?.length ?? 0;
  if (columns === 0) throw new InputError('the matrix is empty; expected rows of numbers, as [[1,2],[3,4]]');
  rows.forEach((row, i) => {
    if (row.length !== columns) throw new InputError(`row ${i} of the matrix has ${row.length} entries; expected ${columns}, as row 0 has`);
    row.forEach((x, j) => { if (!Number.isFinite(x)) throw new InputError(`entry [${i}][${j}] of the matrix is ${x}; expected a finite number`); });
  });
  return denseMatrix(Float64Array.from(rows.flat()), rows.length, columns);
}

/** @param entries `[rows, columns]`, row after row; kept, not copied. */
export function denseMatrix(entries: Float64Array, rows: number, columns: number): Matrix {
  if (entries.length !== rows * columns) throw new InputError(`a ${rows} by ${columns} matrix has ${rows * columns} entries; found ${entries.length}`);
  return {
    rows, columns, entries,
    times(out, outStart, z, start, a = 1) {
      for (let i = 0, at = 0; i < rows; i++) {
        let sum = 0;
        for (let j = 0; j < columns; j++, at++) sum += entries[at]! * z[start + j]!;
        out[outStart + i] = a * sum;
      }
    },
    transposedTimes(out, outStart, z, start, a = 1) {
      for (let j = 0; j < columns; j++) out[outStart + j] = 0;
      for (let i = 0, at = 0; i < rows; i++) {
        const x = a * z[start + i]!;
        for (let j = 0; j < columns; j++, at++) out[outStart + j] = out[outStart + j]! + entries[at]! * x;
      }
    },
  };
}
