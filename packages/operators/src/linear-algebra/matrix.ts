import type { Vector } from '../contracts/index.js';
import { InputError, shown } from '../specs/errors.js';
import { matrixMemory } from '../vectors/memory.js';

/**
 * out[outStart …] = M(a·v), v = z[start …]: a·v first, then each entry's products added one by one, in
 * float64, rounded when stored. a is 1 by default.
 */
export type Product = (out: Vector, outStart: number, z: Vector, start: number, a?: number) => void;

/** A dense matrix that multiplies slices of flat vectors. The slices do not overlap. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** `[rows, columns]`, row after row. Must not be changed, since products may work on a copy. */
  readonly entries: Float64Array;
  /** out[outStart …] = M(a·v), v = z[start …] of `columns` entries. */
  readonly times: Product;
  /** out[outStart …] = Mᵀ(a·v), v = z[start …] of `rows` entries. */
  readonly transposedTimes: Product;
}

/** @param rows of equal length. @throws InputError if they are not, or an entry is not finite. */
export function matrixOf(rows: readonly (readonly number[])[]): Matrix {
  if (!Array.isArray(rows))
    throw new InputError(`the matrix is ${shown(rows)}; expected rows of numbers, as [[1,2],[3,4]]`);
  const columns = rows[0]?.length ?? 0;
  if (columns === 0) throw new InputError('the matrix is empty; expected rows of numbers, as [[1,2],[3,4]]');
  Array.from(rows, (row, i) => {
    // unlike `forEach`, `from` visits holes
    if (!Array.isArray(row))
      throw new InputError(`row ${i} of the matrix is ${shown(row)}; expected numbers, as [1,2]`);
    if (row.length !== columns)
      throw new InputError(
        `row ${i} of the matrix has ${row.length} entries; expected ${columns}, as row 0 has`,
      );
    Array.from(row, (x, j) => {
      if (!Number.isFinite(x))
        throw new InputError(`entry [${i}][${j}] of the matrix is ${shown(x)}; expected a finite number`);
    });
  });
  return denseMatrix(Float64Array.from(rows.flat()), rows.length, columns);
}

/** Matrices of fewer entries are multiplied in a loop: copying into SIMD memory and back takes as long. */
export const SIMD_FROM = 36;

/**
 * Makes a dense matrix. From 36 entries on its products run in SIMD; with fewer entries, or without SIMD,
 * they run in a loop. Both give the same bits. Both work on a copy of the entries in the order in which they
 * read them; each kind of product makes its copy when it is first called.
 * @param entries `[rows, columns]`, row after row; the array is kept, not copied.
 * @throws InputError if there are not rows·columns entries.
 */
export function denseMatrix(entries: Float64Array, rows: number, columns: number): Matrix {
  if (!(entries instanceof Float64Array))
    throw new InputError(`the entries of the matrix are ${shown(entries)}; expected a Float64Array`);
  if (entries.length !== rows * columns)
    throw new InputError(
      `a ${rows} by ${columns} matrix has ${rows * columns} entries; found ${entries.length}`,
    );
  const productOf = (outputs: Axis, inputs: Axis): Product =>
    (entries.length < SIMD_FROM ? undefined : inSimd(entries, outputs, inputs)) ??
    inLoop(entries, outputs, inputs);
  const [down, right] = [
    { count: rows, stride: columns },
    { count: columns, stride: 1 },
  ];
  let [times, transposedTimes]: (Product | undefined)[] = [];
  return {
    rows,
    columns,
    entries,
    times(out, outStart, z, start, a) {
      (times ??= productOf(down, right))(out, outStart, z, start, a);
    },
    transposedTimes(out, outStart, z, start, a) {
      (transposedTimes ??= productOf(right, down))(out, outStart, z, start, a);
    },
  };
}

/** One direction through the entries: how many there are, and the stride between them. */
interface Axis {
  readonly count: number;
  readonly stride: number;
}

/**
 * Copies the entries into panels, one after another. A panel holds `width` outputs side by side, input after
 * input. Padding is not written.
 */
function pack(
  into: Float64Array,
  entries: Float64Array,
  outputs: Axis,
  inputs: Axis,
  width: number,
  length: number,
): void {
  for (let o = 0; o < outputs.count; o++) {
    const at = (o - (o % width)) * length + (o % width);
    for (let i = 0; i < inputs.count; i++)
      into[at + i * width] = entries[o * outputs.stride + i * inputs.stride]!;
  }
}

/**
 * The product in a loop, with four sums side by side, since a single sum would wait for each of its
 * additions.
 */
function inLoop(entries: Float64Array, outputs: Axis, inputs: Axis): Product {
  const [m, n] = [outputs.count, inputs.count];
  const panels = new Float64Array(4 * Math.ceil(m / 4) * n);
  pack(panels, entries, outputs, inputs, 4, n);
  return (out, outStart, z, start, a = 1) => {
    for (let o = 0, at = 0; o < m; o += 4) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let i = 0; i < n; i++, at += 4) {
        const x = a * z[start + i]!;
        s0 += panels[at]! * x;
        s1 += panels[at + 1]! * x;
        s2 += panels[at + 2]! * x;
        s3 += panels[at + 3]! * x;
      }
      const to = outStart + o;
      out[to] = s0;
      if (o + 1 < m) out[to + 1] = s1;
      if (o + 2 < m) out[to + 2] = s2;
      if (o + 3 < m) out[to + 3] = s3;
    }
  };
}

/** From this many entries on it is faster to copy them at once than one by one. */
const BLOCK = 40;

/**
 * The product in SIMD, in a memory of its own: v is copied in, the sums are copied out. Undefined if there is
 * no SIMD. The kernel needs an even number of inputs and whole panels of eight outputs.
 */
function inSimd(entries: Float64Array, outputs: Axis, inputs: Axis): Product | undefined {
  const [m, n] = [outputs.count, inputs.count];
  const [even, count] = [n + (n % 2), Math.ceil(m / 8)];
  const [sumsAt, panelsAt] = [8 * even, 8 * (even + 8 * count)];
  const memory = matrixMemory(panelsAt + 8 * 8 * even * count);
  if (memory === undefined) return undefined;
  const { buffer, product } = memory;
  pack(new Float64Array(buffer, panelsAt), entries, outputs, inputs, 8, even);
  const x = new Float64Array(buffer, 0, n);
  const sums = new Float64Array(buffer, sumsAt, m);
  return (out, outStart, z, start, a = 1) => {
    if (a === 1 && n >= BLOCK && start + n <= z.length)
      x.set(start === 0 && z.length === n ? z : z.subarray(start, start + n));
    else for (let i = 0; i < n; i++) x[i] = a * z[start + i]!;
    product(sumsAt, panelsAt, 0, even, count);
    if (m >= BLOCK && outStart + m <= out.length) out.set(sums, outStart);
    else for (let o = 0; o < m; o++) out[outStart + o] = sums[o]!;
  };
}
