import { describe, expect, it } from 'vitest';
import { dot, eigh, normal } from '../src/index.js';

const matrix = (n: number, entry: (i: number, j: number) => number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, at) => entry(Math.floor(at / n), at % n));
const symmetric = (n: number, call: number): Float64Array => {
  const g = normal(new Float64Array(n * n), { seed: 7, purpose: 'test', call });
  return matrix(n, (i, j) => g[i * n + j]! + g[j * n + i]!);
};
const row = (v: Float64Array, i: number, n: number): Float64Array => v.subarray(i * n, (i + 1) * n);

// Backward stable: every error below is a small multiple of n·2⁻⁵³·‖A‖ in theory; the constant 8 is our
// choice.
const bound = (n: number, norm: number): number => 8 * n * 2 ** -53 * norm;

describe('eigh', () => {
  it('has the closed forms', () => {
    expect([...eigh(Float64Array.of(-3)).values, ...eigh(Float64Array.of(-3)).vectors]).toEqual([-3, 1]);
    const { values, vectors } = eigh(Float64Array.of(2, 1, 1, 2));
    expect(values[0]).toBeCloseTo(1, 14);
    expect(values[1]).toBeCloseTo(3, 14);
    expect(Math.abs(vectors[2]! + vectors[3]!)).toBeCloseTo(Math.SQRT2, 14);
    for (const n of [3, 10, 77]) {
      // The path's adjacency matrix: 2 cos(πk/(n + 1)).
      const path = eigh(matrix(n, (i, j) => (Math.abs(i - j) === 1 ? 1 : 0))).values;
      path.forEach((value, m) =>
        expect(Math.abs(value - 2 * Math.cos((Math.PI * (n - m)) / (n + 1)))).toBeLessThan(bound(n, 2)),
      );
      // All ones: n, and 0 otherwise.
      const ones = eigh(matrix(n, () => 1)).values;
      ones.forEach((value, m) => expect(Math.abs(value - (m === n - 1 ? n : 0))).toBeLessThan(bound(n, n)));
    }
  });

  it('finds the nearly equal eigenvalues of Wilkinson’s W₂₁⁺', () => {
    const { values } = eigh(
      matrix(21, (i, j) => (i === j ? Math.abs(i - 10) : Math.abs(i - j) === 1 ? 1 : 0)),
    );
    // As LAPACK's symmetric solver gives them; the two largest differ by 7e−14.
    expect(values[20]).toBeCloseTo(10.7461941829034, 12);
    expect(values[19]).toBeCloseTo(10.7461941829033, 12);
    expect(values[0]).toBeCloseTo(-1.12544152211998, 12);
  });

  it.each([1, 2, 3, 5, 16, 61])('finds A v = λ v with orthogonal unit rows, in order (n = %i)', (n) => {
    for (const a of [
      symmetric(n, n),
      matrix(n, (i, j) => 1 / (i + j + 1)),
      matrix(n, (i, j) => [i, 1][Math.abs(i - j)] ?? 1e-8),
      matrix(n, (i, j) => (i === j ? 10 ** -i : 0)),
      new Float64Array(n * n),
    ]) {
      const before = a.slice();
      const { values, vectors } = eigh(a);
      expect(a).toEqual(before);
      const norm = Math.max(...values.map(Math.abs));
      expect([...values].sort((x, y) => x - y)).toEqual([...values]);
      for (let m = 0; m < n; m++) {
        const v = row(vectors, m, n);
        for (let i = 0; i < n; i++) {
          expect(Math.abs(dot(row(a, i, n), v) - values[m]! * v[i]!)).toBeLessThanOrEqual(bound(n, norm));
          expect(Math.abs(dot(row(vectors, i, n), v) - (i === m ? 1 : 0))).toBeLessThanOrEqual(bound(n, 1));
        }
      }
      expect(eigh(a, { vectors: false })).toEqual({ values, vectors: new Float64Array(0) });
    }
  });

  it('scales with the matrix, however small or large', () => {
    const a = symmetric(12, 99);
    for (const unit of [2 ** -1000, 2 ** 990])
      expect(eigh(a.map((x) => unit * x)).values).toEqual(eigh(a).values.map((x) => unit * x));
  });

  it('reads the lower triangle only', () => {
    const a = symmetric(6, 5);
    expect(eigh(a.map((x, at) => (at % 6 > Math.floor(at / 6) ? 0 : x))).values).toEqual(eigh(a).values);
  });

  it('refuses values that are not a square matrix', () => {
    expect(() => eigh(new Float64Array(3))).toThrow(
      'a matrix of 3 numbers; expected a square number of them, such as 4',
    );
    expect(() => eigh(new Float64Array(0))).toThrow('a matrix of 0 numbers');
    expect(() => eigh(Float64Array.of(1, 0, 0, Number.NaN))).toThrow(
      'a matrix with an entry of size NaN; expected finite numbers only',
    );
    expect(() => eigh(Float64Array.of(Infinity))).toThrow('an entry of size Infinity');
  });
});
