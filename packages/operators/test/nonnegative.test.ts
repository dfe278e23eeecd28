import { describe, expect, it } from 'vitest';
import {
  conicNorm,
  dot,
  l1Norm,
  nonnegativeLeastSquares,
  nonnegativeOrthant,
  norm,
  normal,
  polyhedralCone,
  secondOrderCone,
  shortestWithin,
} from '../src/index.js';

const draw = (n: number, call: number): Float64Array =>
  normal(new Float64Array(n), { seed: 9, purpose: 'nonnegative', call });

describe('nonnegativeLeastSquares', () => {
  it.each([
    [3, 5],
    [5, 3],
    [4, 40],
  ])('of %i equations in %i unknowns is optimal: x ≥ 0, Aᵀr ≤ 0, and 0 where x > 0', (k, m) => {
    for (let call = 0; call < 20; call++) {
      const [A, b] = [draw(k * m, 2 * call), draw(k, 2 * call + 1)];
      const { x, residual } = nonnegativeLeastSquares(A, b);
      const tolerance = 64 * k * 2 ** -53 * norm(b) * 4; // columns are shorter than 4·√k here
      for (let j = 0; j < m; j++) {
        const along = dot(A.subarray(j * k, (j + 1) * k), residual);
        expect(x[j]).toBeGreaterThanOrEqual(0);
        expect(along).toBeLessThanOrEqual(tolerance);
        if (x[j]! > 0) expect(along).toBeGreaterThanOrEqual(-tolerance);
      }
      const again = b.slice();
      for (let j = 0; j < m; j++) for (let i = 0; i < k; i++) again[i]! -= x[j]! * A[j * k + i]!;
      const size = norm(x) * norm(A) + norm(b);
      again.forEach((r, i) =>
        expect(Math.abs(r - residual[i]!)).toBeLessThanOrEqual(64 * m * 2 ** -53 * size),
      );
    }
  });
  it('takes columns that are alike, that are 0 and that cancel', () => {
    const A = Float64Array.of(1, 0, 1, 0, 0, 0, -1, 0, 0, 1);
    expect(Array.from(nonnegativeLeastSquares(A, Float64Array.of(2, 3)).residual)).toEqual([0, 0]);
    expect(() => nonnegativeLeastSquares(new Float64Array(5), new Float64Array(2))).toThrow('columns of 2');
  });
});

describe('shortestWithin', () => {
  it('is the point of {v₁ ≥ 1, v₁ + v₂ ≥ 3} nearest to 0', () => {
    const v = shortestWithin(Float64Array.of(1, 0, 1, 1), Float64Array.of(1, 3))!;
    v.forEach((x) => expect(x).toBeCloseTo(1.5, 13));
  });
  it('does not exist for v ≥ 1 and v ≤ −1', () =>
    expect(shortestWithin(Float64Array.of(1, -1), Float64Array.of(1, 1))).toBeUndefined());
});

describe('polyhedral-cone', () => {
  it('with the axes as normals, of any length, is the nonnegative orthant', () => {
    const normals = [[3, 0, 0], [0, 1e-9, 0], [0, 0, 7], [1, 1, 0]]; // prettier-ignore
    const cone = polyhedralCone({ normals });
    for (let call = 0; call < 20; call++) {
      const [z, expected] = [draw(3, call), draw(3, call)];
      cone.prox(z, 1);
      nonnegativeOrthant().prox(expected, 1);
      z.forEach((x, i) => expect(Math.abs(x - expected[i]!)).toBeLessThanOrEqual(8 * 2 ** -53 * 4));
      expect(cone.value(z)).toBe(0);
    }
  });
  it('sends its polar to 0 exactly, and scales with z', () => {
    const cone = polyhedralCone({ normals: [[1, 0.3], [0.2, 1]] }); // prettier-ignore
    const inPolar = Float64Array.of(-1.1, -0.7);
    cone.prox(inPolar, 1);
    expect(Array.from(inPolar)).toEqual([0, 0]);
    for (const size of [2 ** -900, 1, 2 ** 900]) {
      const z = Float64Array.of(-1.2 * size, 2 * size);
      cone.prox(z, 1);
      // onto the ray of (−0.3, 1): ⟨z, d⟩ d/‖d‖² = 2.36/1.09·d
      expect(z[0]! / size).toBeCloseTo((-0.3 * 2.36) / 1.09, 14);
      expect(z[1]! / size).toBeCloseTo(2.36 / 1.09, 14);
    }
  });
  it('refuses rows of different lengths', () =>
    expect(() => polyhedralCone({ normals: [[1, 0], [1]] })).toThrow('row 1'));
});

describe('conic-norm', () => {
  it('shortens the projection: on the nonnegative orthant (3, 4, −1) becomes (1 − 2/5)(3, 4, 0)', () => {
    const f = conicNorm(nonnegativeOrthant(), { weight: 2 });
    const z = Float64Array.of(3, 4, -1);
    expect(f.value(z)).toBe(Infinity);
    f.prox(z, 1);
    z.forEach((x, i) => expect(x).toBeCloseTo([1.8, 2.4, 0][i]!, 15));
    expect(f.value(z)).toBeCloseTo(6, 14);
    expect(f.conjugateValue(Float64Array.of(-9, 2, 0))).toBe(0);
    expect(f.conjugateValue(Float64Array.of(0.1, 2, 0))).toBe(Infinity);
  });
  it('takes cones only', () => {
    expect(() => conicNorm(l1Norm())).toThrow('conic-norm of l1; expected a cone');
    expect(() => conicNorm(secondOrderCone(), { weight: -1 })).toThrow('weight is -1');
  });
});
