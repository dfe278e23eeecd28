import { describe, expect, it } from 'vitest';
import { dot, eigh, normal, svd } from '../src/index.js';

const gaussian = (rows: number, columns: number, call: number): Float64Array =>
  normal(new Float64Array(rows * columns), { seed: 3, purpose: 'svd', call });
const matrix = (rows: number, columns: number, entry: (i: number, j: number) => number): Float64Array =>
  Float64Array.from({ length: rows * columns }, (_, at) => entry(Math.floor(at / columns), at % columns));
const row = (v: Float64Array, i: number, n: number): Float64Array => v.subarray(i * n, (i + 1) * n);

// Backward stable: errors are small multiples of n·2⁻⁵³·‖A‖ in theory, n the longer side; the constant 8 is
// our choice.
const bound = (n: number, norm: number): number => 8 * n * 2 ** -53 * norm;

describe('svd', () => {
  it('has the closed forms', () => {
    expect(svd(Float64Array.of(-3), 1, 1)).toEqual({
      values: Float64Array.of(3),
      left: Float64Array.of(1),
      right: Float64Array.of(-1),
    });
    expect(Array.from(svd(Float64Array.of(3, 4), 1, 2).values)).toEqual([5]);
    expect(Array.from(svd(Float64Array.of(3, 4), 2, 1).values)).toEqual([5]);
    expect(Array.from(svd(Float64Array.of(2, 0, 0, 0, 0, -7), 2, 3).values)).toEqual([7, 2]);
    const [golden, less] = svd(Float64Array.of(1, 1, 0, 1), 2, 2).values; // the golden ratio and its inverse
    expect(golden).toBeCloseTo((1 + Math.sqrt(5)) / 2, 14);
    expect(less).toBeCloseTo((Math.sqrt(5) - 1) / 2, 14);
    for (const n of [2, 5, 30]) {
      // The lower triangle of ones: 1/(2 sin((2k − 1)π/(4n + 2))), since its Gram matrix’s inverse is a
      // second difference.
      svd(
        matrix(n, n, (i, j) => (j <= i ? 1 : 0)),
        n,
        n,
      ).values.forEach((σ, k) => {
        const exact = 1 / (2 * Math.sin(((2 * k + 1) * Math.PI) / (4 * n + 2)));
        expect(Math.abs(σ - exact)).toBeLessThan(bound(n, n));
      });
    }
  });

  it.each([
    [1, 1],
    [1, 4],
    [4, 1],
    [3, 3],
    [5, 2],
    [2, 9],
    [16, 16],
    [40, 25],
  ] as const)(
    'takes %i×%i matrices apart: A v = σ u, Aᵀ u = σ v, orthonormal rows, values downwards',
    (rows, columns) => {
      const k = Math.min(rows, columns);
      const n = Math.max(rows, columns);
      const plain = gaussian(rows, columns, rows);
      // rank 2 at most
      const lowRank = matrix(rows, columns, (i, j) => (i + 1) * (j + 2) - 3 * ((i % 2) - 0.5) * (j % 3));
      for (const a of [
        plain,
        lowRank,
        matrix(rows, columns, () => 1),
        matrix(rows, columns, (i, j) => plain[i * columns + j]! * 10 ** -j),
        matrix(rows, columns, (i, j) => (i === j ? 1 : 0)),
        new Float64Array(rows * columns),
      ]) {
        const before = a.slice();
        const { values, left, right } = svd(a, rows, columns);
        expect(a).toEqual(before);
        expect([values.length, left.length, right.length]).toEqual([k, k * rows, k * columns]);
        expect([...values].sort((x, y) => y - x)).toEqual([...values]);
        expect(values[k - 1]).toBeGreaterThanOrEqual(0);
        for (let m = 0; m < k; m++) {
          const [u, v] = [row(left, m, rows), row(right, m, columns)];
          for (let i = 0; i < rows; i++)
            expect(Math.abs(dot(row(a, i, columns), v) - values[m]! * u[i]!)).toBeLessThanOrEqual(
              bound(n, values[0]!),
            );
          for (let j = 0; j < columns; j++)
            expect(
              Math.abs(u.reduce((sum, x, i) => sum + x * a[i * columns + j]!, 0) - values[m]! * v[j]!),
            ).toBeLessThanOrEqual(bound(n, values[0]!));
          for (let other = 0; other <= m; other++)
            for (const [w, length] of [
              [left, rows],
              [right, columns],
            ] as const) {
              expect(
                Math.abs(dot(row(w, other, length), row(w, m, length)) - (other === m ? 1 : 0)),
              ).toBeLessThanOrEqual(bound(n, 1));
            }
        }
      }
    },
  );

  it('agrees with the eigenvalues of AᵀA and with ‖A‖F', () => {
    for (let call = 0; call < 20; call++) {
      const a = gaussian(7, 4, 100 + call);
      const { values } = svd(a, 7, 4);
      const gram = matrix(4, 4, (i, j) =>
        Array.from({ length: 7 }, (_, r) => a[r * 4 + i]! * a[r * 4 + j]!).reduce((x, y) => x + y, 0),
      );
      eigh(gram).values.forEach((λ, m) =>
        expect(Math.abs(λ - values[3 - m]! ** 2)).toBeLessThanOrEqual(bound(7, values[0]! ** 2)),
      );
      expect(Math.abs(dot(values, values) - dot(a, a))).toBeLessThanOrEqual(bound(28, dot(a, a)));
    }
  });

  it('finds small singular values to full relative accuracy if rows differ in scale, unlike QR', () => {
    // D·B with B = I + ones: det B = 5, so the product of the values is 5·det D to rounding.
    for (const scales of [
      [0, -17, -34, -51],
      [0, -17, -470, -470],
    ]) {
      const a = matrix(4, 4, (i, j) => 2 ** scales[i]! * (i === j ? 2 : 1));
      const product = svd(a, 4, 4).values.reduce((x, y, m) => x * y * 2 ** -scales[m]!, 1);
      // four factors, each off by n·2⁻⁵³ times B’s condition (5)
      expect(Math.abs(product / 5 - 1)).toBeLessThanOrEqual(4 * bound(4, 5));
    }
  });

  it('returns tiny values as 0, and still returns orthonormal rows', () => {
    expect(svd(Float64Array.of(1, 0, 0, 0, 1e-200, 1e-200), 2, 3)).toEqual({
      values: Float64Array.of(1, 0),
      left: Float64Array.of(1, 0, 0, 1),
      right: Float64Array.of(1, 0, 0, 0, 1, 0),
    });
    expect(
      Array.from(svd(Float64Array.of(1, 0, 0, 0, 1e-161, 1e-161, 0, 1e-161, 5e-162), 3, 3).values),
    ).toEqual([1, 0, 0]); // squares that underflow in part
  });

  it('scales with the matrix, however small or large', () => {
    const a = gaussian(5, 3, 9);
    for (const unit of [2 ** -1000, 2 ** 990])
      expect(
        svd(
          a.map((x) => unit * x),
          5,
          3,
        ).values,
      ).toEqual(svd(a, 5, 3).values.map((x) => unit * x));
  });

  it('refuses values that are not a matrix', () => {
    expect(() => svd(new Float64Array(5), 2, 3)).toThrow('a matrix of 5 numbers; expected 2×3 = 6');
    expect(() => svd(new Float64Array(0), 0, 3)).toThrow('a matrix of 0 numbers');
    expect(() => svd(Float64Array.of(1, NaN), 1, 2)).toThrow(
      'a matrix with an entry of size NaN; expected finite numbers only',
    );
    expect(() => svd(Float64Array.of(1, -Infinity), 1, 2)).toThrow('an entry of size Infinity');
  });
});
