import { describe, expect, it } from 'vitest';
import { eigenvalues, normal, svd } from '../src/index.js';

const matrix = (n: number, entry: (i: number, j: number) => number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, at) => entry(Math.floor(at / n), at % n));
const random = (length: number, call: number): Float64Array =>
  normal(new Float64Array(length), { seed: 3, purpose: 'test', call });
// backward stable: eigenvalues of a normal matrix move by no more than the matrix did; the constant is ours
const bound = (n: number, norm: number): number => 8 * n * 2 ** -52 * norm;

/** The largest distance from an eigenvalue to the nearest one that is expected, each taken once. */
function off(
  found: ReturnType<typeof eigenvalues>,
  expected: readonly (readonly [number, number])[],
): number {
  const left = [...expected];
  expect(found.re.length).toBe(left.length);
  let worst = 0;
  for (const [k, re] of found.re.entries()) {
    const distances = left.map(([x, y]) => Math.hypot(re - x, found.im[k]! - y));
    const nearest = distances.indexOf(Math.min(...distances));
    worst = Math.max(worst, distances[nearest]!);
    left.splice(nearest, 1);
  }
  return worst;
}

describe('eigenvalues', () => {
  it('has those of small matrices', () => {
    expect([...eigenvalues(Float64Array.of(-3)).re]).toEqual([-3]);
    expect(eigenvalues(new Float64Array(0)).re.length).toBe(0);
    expect([...eigenvalues(new Float64Array(9)).re]).toEqual([0, 0, 0]);
    // the linear game with L = 1: b ± ia
    const [a, b] = [0.8, -0.6];
    expect(
      off(eigenvalues(Float64Array.of(b, a, -a, b)), [
        [b, a],
        [b, -a],
      ]),
    ).toBeLessThan(bound(2, 1));
    const triangular = eigenvalues(Float64Array.of(1, 5, 7, 0, -4, 2, 0, 0, 3));
    expect([...triangular.re]).toEqual([-4, 3, 1]);
    expect([...triangular.im]).toEqual([0, 0, 0]);
  });

  it('has the roots of unity of a cyclic shift', () => {
    for (const n of [2, 3, 8, 41]) {
      const shift = eigenvalues(matrix(n, (i, j) => (i === (j + 1) % n ? 1 : 0)));
      const roots = Array.from(
        { length: n },
        (_, k) => [Math.cos((2 * Math.PI * k) / n), Math.sin((2 * Math.PI * k) / n)] as const,
      );
      expect(off(shift, roots)).toBeLessThan(bound(n, 1));
    }
  });

  it('has ±iσ of a bilinear game, σ the singular values of its matrix', () => {
    const [m, n] = [7, 12];
    const A = random(m * n, 1);
    const { values } = svd(A, m, n);
    const d = m + n;
    const M = matrix(d, (i, j) =>
      i < m && j >= m ? A[i * n + j - m]! : i >= m && j < m ? -A[j * n + i - m]! : 0,
    );
    const expected = [
      ...Array.from(values, (σ) => [0, σ] as const),
      ...Array.from(values, (σ) => [0, -σ] as const),
      ...Array.from({ length: n - m }, () => [0, 0] as const),
    ];
    expect(off(eigenvalues(M), expected)).toBeLessThan(bound(d, values[0]!));
  });

  it('keeps trace and sum of squares, at any unit, and conjugate pairs', () => {
    for (const n of [5, 30, 64]) {
      const A = random(n * n, n);
      const { re, im } = eigenvalues(A);
      let [trace, squares, norm2] = [0, 0, 0];
      for (let i = 0; i < n; i++) {
        trace += A[i * n + i]!;
        for (let j = 0; j < n; j++) {
          squares += A[i * n + j]! * A[j * n + i]!;
          norm2 += A[i * n + j]! ** 2;
        }
      }
      const norm = Math.sqrt(norm2);
      const sum = (x: Float64Array): number => x.reduce((s, y) => s + y, 0);
      expect(Math.abs(sum(re) - trace)).toBeLessThan(n * bound(n, norm));
      expect(Math.abs(sum(im))).toBeLessThan(n * bound(n, norm));
      expect(Math.abs(sum(re.map((x, k) => x * x - im[k]! ** 2)) - squares)).toBeLessThan(
        n * bound(n, norm2),
      );
      const unit = 2 ** 500;
      const scaled = eigenvalues(A.map((x) => x * unit));
      expect(scaled.re.map((x) => x / unit)).toEqual(re);
      expect(scaled.im.map((x) => x / unit)).toEqual(im);
    }
  });

  it('finds a Jordan block to the root of rounding that its condition allows', () => {
    const n = 4;
    const block = eigenvalues(matrix(n, (i, j) => (i === j ? 1 : j === i + 1 ? 1 : 0)));
    expect(
      off(
        block,
        Array.from({ length: n }, () => [1, 0] as const),
      ),
    ).toBeLessThan(bound(n, 2) ** (1 / n));
    // the same in another basis, so that it is not triangular already
    const full = eigenvalues(matrix(3, (i, j) => [3, -1, 1, 2, 0, 1, -1, 1, 2][i * 3 + j]!));
    expect(full.re.reduce((s, x) => s + x, 0)).toBeCloseTo(5, 12);
  });

  it('names what is no matrix of numbers', () => {
    expect(() => eigenvalues(new Float64Array(6))).toThrow('6 entries are no square matrix');
    expect(() => eigenvalues(Float64Array.of(1, NaN, 0, 1))).toThrow('NaN; expected finite numbers');
  });
});
