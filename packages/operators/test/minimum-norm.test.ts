import { describe, expect, it } from 'vitest';
import { InputError, dot, minimumNorm, norm, normal } from '../src/index.js';

const times = (A: Float64Array, V: Float64Array, n: number, p: number): Float64Array => {
  const q = V.length / p;
  return Float64Array.from({ length: n * q }, (_, at) => {
    const [i, o] = [Math.floor(at / q), at % q];
    let sum = 0;
    for (let k = 0; k < p; k++) sum += A[i * p + k]! * V[k * q + o]!;
    return sum;
  });
};
const draw = (length: number, purpose: string): Float64Array =>
  normal(new Float64Array(length), { seed: 4, purpose });

describe('minimumNorm', () => {
  // 30 examples of 8 numbers, 100 rectified features, 3 outputs
  const [n, d, p, q] = [30, 8, 100, 3];
  const [X, W, V] = [draw(n * d, 'x'), draw(d * p, 'w'), draw(p * q, 'v')];
  const hidden = times(X, W, n, d);
  const A = hidden.map((x) => Math.max(0, x));
  const least = minimumNorm(A, V, { rows: n, columns: p });

  it('keeps the outputs to rounding, and has a smaller norm', () => {
    const [before, after] = [times(A, V, n, p), times(A, least.V, n, p)];
    // outputs of size ‖A‖‖V‖ < 500; the svd's error is a multiple of 2⁻⁵² of that
    for (const [i, x] of after.entries()) expect(Math.abs(x - before[i]!)).toBeLessThan(1e-10);
    expect(norm(least.V)).toBeLessThan(0.8 * norm(V));
    expect(least.rank).toBe(n);
  });
  it('is a projection: what it takes away is orthogonal to all it keeps, and a second one changes nothing', () => {
    const away = V.map((x, i) => x - least.V[i]!);
    expect(Math.abs(dot(away, least.V))).toBeLessThan(1e-11);
    expect(norm(V) ** 2).toBeCloseTo(norm(least.V) ** 2 + norm(away) ** 2, 10);
    const twice = minimumNorm(A, least.V, { rows: n, columns: p }).V;
    for (const [i, x] of twice.entries()) expect(Math.abs(x - least.V[i]!)).toBeLessThan(1e-12);
  });
  it('lowers the Gauss–Newton trace of the network: Σ ‖∂z/∂V‖² stays, Σ ‖∂z/∂W‖² is less', () => {
    // ∂z_o/∂W = 1[h > 0]·x ⊗ V_o
    const trace = (weights: Float64Array): number => {
      let sum = 0;
      for (let i = 0; i < n; i++)
        for (let k = 0; k < p; k++) {
          sum += q * A[i * p + k]! ** 2;
          if (hidden[i * p + k]! > 0)
            sum += norm(weights, k * q, (k + 1) * q) ** 2 * norm(X, i * d, (i + 1) * d) ** 2;
        }
      return sum;
    };
    expect(trace(least.V)).toBeLessThan(0.75 * trace(V));
  });
  it('leaves out directions that A does not see, of dependent rows too, and nothing where the rank is full', () => {
    const rows = Float64Array.of(1, 0, 0, 2, 0, 0); // twice the same direction
    expect(Array.from(minimumNorm(rows, Float64Array.of(3, 4, 5), { rows: 2, columns: 3 }).V)).toEqual([
      3, 0, 0,
    ]);
    expect(minimumNorm(rows, Float64Array.of(3, 4, 5), { rows: 2, columns: 3 }).rank).toBe(1);
    const tall = draw(12, 'tall');
    const any = Float64Array.of(0.1, 0.2);
    expect(minimumNorm(tall, any, { rows: 6, columns: 2 })).toEqual({ V: any, rank: 2 });
    expect(Array.from(minimumNorm(new Float64Array(4), any, { rows: 2, columns: 2 }).V)).toEqual([0, 0]);
  });
  it('refuses lengths that do not fit', () => {
    expect(() => minimumNorm(A, draw(101, 'v'), { rows: n, columns: p })).toThrow(
      "V has 101 numbers; expected a multiple of 100, A's columns",
    );
    expect(() => minimumNorm(A, V, { rows: 7, columns: p })).toThrow(InputError);
  });
});
