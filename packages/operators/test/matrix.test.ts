import { describe, expect, it } from 'vitest';
import { denseMatrix, dot, matrixOf, normal } from '../src/index.js';

describe('matrices', () => {
  const m = matrixOf([[1, 2, 3], [4, 5, 6]]);
  it('multiply slices, by hand, and touch nothing else', () => {
    expect([m.rows, m.columns, Array.from(m.entries)]).toEqual([2, 3, [1, 2, 3, 4, 5, 6]]);
    const out = new Float64Array(5).fill(9);
    m.times(out, 1, Float64Array.of(7, 7, 1, 0, -1), 2);
    expect(Array.from(out)).toEqual([9, -2, -2, 9, 9]);
    m.times(out, 1, Float64Array.of(7, 7, 1, 0, -1), 2, -0.5);
    expect(Array.from(out)).toEqual([9, 1, 1, 9, 9]);
    m.transposedTimes(out, 2, Float64Array.of(7, 1, -1), 1);
    expect(Array.from(out)).toEqual([9, 1, -3, -3, -3]);
    m.transposedTimes(out, 0, Float64Array.of(7, 1, -1), 1, 2);
    expect(Array.from(out)).toEqual([-6, -6, -6, -3, -3]);
    const vector = new Float64Array(5).fill(1);
    m.times(vector, 0, vector, 2); // slices of one vector that do not overlap
    expect(Array.from(vector)).toEqual([6, 15, 1, 1, 1]);
  });
  it('are adjoint: ⟨Mv, w⟩ = ⟨v, Mᵀw⟩, in both precisions', () => {
    const a = denseMatrix(normal(new Float64Array(35), { seed: 1, purpose: 'm' }), 5, 7);
    for (const [make, u] of [[(n: number) => new Float64Array(n), 2 ** -53], [(n: number) => new Float32Array(n), 2 ** -24]] as const) {
      const [v, w, av, aw] = [normal(make(7), { seed: 1, purpose: 'v' }), normal(make(5), { seed: 1, purpose: 'w' }), make(5), make(7)];
      a.times(av, 0, v, 0, 3);
      a.transposedTimes(aw, 0, w, 0, 3);
      const size = dot(v.map(Math.abs), v.map(Math.abs)) + dot(w, w) + dot(a.entries, a.entries);
      // 35 products in each, each rounded to u at most 7 times while sums grow.
      expect(Math.abs(dot(av, w) - dot(v, aw))).toBeLessThanOrEqual(3 * 35 * 7 * u * size);
      expect(Math.abs(dot(av, w))).toBeGreaterThan(0.01); // of these draws: the test is not about zeros
    }
  });
  it('keep the entries they are made of, not a copy', () => {
    const entries = Float64Array.of(1, 0, 0, 1);
    const identity = denseMatrix(entries, 2, 2);
    entries[0] = 5;
    const out = new Float64Array(2);
    identity.times(out, 0, Float64Array.of(1, 1), 0);
    expect(Array.from(out)).toEqual([5, 1]);
  });
  it('refuse what is none', () => {
    expect(() => matrixOf([])).toThrow('the matrix is empty; expected rows of numbers, as [[1,2],[3,4]]');
    expect(() => matrixOf([[]])).toThrow('the matrix is empty');
    expect(() => matrixOf([[1, 2], [3]])).toThrow('row 1 of the matrix has 1 entries; expected 2, as row 0 has');
    expect(() => matrixOf([[1, 2], [3, NaN]])).toThrow('entry [1][1] of the matrix is NaN; expected a finite number');
    expect(() => denseMatrix(new Float64Array(5), 2, 3)).toThrow('a 2 by 3 matrix has 6 entries; found 5');
  });
});
