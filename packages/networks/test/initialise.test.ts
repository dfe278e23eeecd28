import { normal } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import { fans, initialiserFrom, initialisers, start } from '../src/index.js';

const filled = (spec: string, shape: readonly number[]): Float32Array => {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  initialiserFrom(spec)(values, shape, { seed: 4, purpose: 'start' });
  return values;
};
const mean = (v: ArrayLike<number>): number => Array.from(v).reduce((sum, x) => sum + x / v.length, 0);

describe('initialisers', () => {
  it('read fan-in and fan-out off a shape: rows and columns of a matrix, times the window of a kernel', () => {
    expect(fans([5, 7])).toEqual({ in: 5, out: 7 });
    expect(fans([3, 4, 2, 8])).toEqual({ in: 24, out: 96 });
    expect(fans([6])).toEqual({ in: 6, out: 6 });
  });
  // [spec, variance, limit] for a kernel [4, 4, 30, 20]: fan-in 480, fan-out 320
  it.each([
    ['normal(deviation=0.5, mean=0)', 0.25, Infinity],
    ['uniform(lower=-2, upper=2)', 4 / 3, 2],
    ['glorot-uniform', 2 / 800, Math.sqrt(6 / 800)],
    ['glorot-uniform(gain=2)', 8 / 800, 2 * Math.sqrt(6 / 800)],
    ['glorot-normal', 2 / 800, Infinity],
    ['he-uniform', 2 / 480, Math.sqrt(6 / 480)],
    ['he-uniform(gain=0.5773502691896258)', 1 / 3 / 480, Math.sqrt(1 / 480)],
    ['he-normal', 2 / 480, Infinity],
  ])('%s has variance %d and keeps its limit', (spec, variance, limit) => {
    const values = filled(spec, [4, 4, 30, 20]);
    const n = values.length;
    const own = mean(values.map((x) => x * x));
    // five standard errors: the fourth moment of a normal number is 3, of a uniform one 9/5 variances squared
    const kurtosis = limit === Infinity ? 3 : 9 / 5;
    expect(Math.abs(own / variance - 1)).toBeLessThan(5 * Math.sqrt((kurtosis - 1) / n));
    expect(Math.abs(mean(values))).toBeLessThan(5 * Math.sqrt(variance / n));
    const largest = Math.max(...values.map(Math.abs));
    expect(largest).toBeLessThanOrEqual(Math.fround(limit));
    if (limit < Infinity) expect(largest).toBeGreaterThan(0.99 * limit);
  });
  it.each([
    ['tall', [7, 3]],
    ['wide', [3, 7]],
    ['a kernel', [2, 2, 2, 5]],
  ] as const)('orthogonal: %s has orthonormal rows or columns, times gain', (_, shape) => {
    const columns = shape.at(-1)!;
    const values = filled('orthogonal(gain=1.5)', shape);
    const rows = values.length / columns;
    const at = (i: number, j: number): number =>
      rows <= columns ? values[i * columns + j]! : values[j * columns + i]!;
    const [few, many] = [Math.min(rows, columns), Math.max(rows, columns)];
    for (let i = 0; i < few; i++)
      for (let k = 0; k < few; k++) {
        let product = 0;
        for (let j = 0; j < many; j++) product += at(i, j) * at(k, j);
        // entries are rounded to float32: 2⁻²⁴ of 1.5, for each of two factors
        expect(Math.abs(product - (i === k ? 2.25 : 0))).toBeLessThan(2.25 * 2 ** -22);
      }
  });
  it('are pure functions of the stream, and name what is wrong', () => {
    for (const { name } of initialisers) expect(filled(name, [3, 4])).toEqual(filled(name, [3, 4]));
    expect(filled('constant(value=2)', [3])).toEqual(Float32Array.of(2, 2, 2));
    expect(() => initialiserFrom('he-norml')).toThrow('did you mean he-normal?');
    expect(() => initialiserFrom('normal(deviation=0)')).toThrow('expected a number > 0');
  });
  it('start the parameters of a network of one’s own', () => {
    const stream = { seed: 1, purpose: 'weights' };
    const values = new Float32Array(12);
    start.by([3, 4], 'normal(deviation=0.5)').fill(values, stream);
    expect(values).toEqual(normal(new Float32Array(12), stream, 0, 0.5));
  });
});
