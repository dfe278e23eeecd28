import { describe, expect, it } from 'vitest';
import { InputError, randomFrom, uniform } from '@stillpoint/operators';
import { boxCounting } from '../src/index.js';

/** Random points of the set of digits 0 … base − 1 of which only some may occur, in each coordinate. */
function digits(
  base: number,
  allowed: readonly (readonly number[])[],
  count: number,
): Float64Array<ArrayBuffer> {
  const dim = allowed[0]!.length;
  const points = new Float64Array(count * dim);
  const random = randomFrom({ seed: 3, purpose: 'digits' });
  for (let i = 0; i < count; i++) {
    const draw = random(i);
    for (let k = 1; k <= 30; k++) {
      const digit = allowed[draw.below(allowed.length)]!;
      for (let j = 0; j < dim; j++) points[i * dim + j]! += digit[j]! * base ** -k;
    }
    // the middle of the smallest box, so that rounding moves no point to another one
    for (let j = 0; j < dim; j++) points[i * dim + j]! += base ** -30 / 2;
  }
  return points;
}
const unit = { width: 1 } as const;

describe('boxCounting', () => {
  it('of the Cantor set in boxes of base 3 is log 2/log 3: 2^k boxes to level 7', () => {
    const points = digits(3, [[0], [2]], 20_000);
    const { counts, dimension, deviation } = boxCounting(points, {
      dim: 1,
      base: 3,
      finest: 7,
      origin: [0],
      ...unit,
    });
    expect(counts.map(({ boxes }) => boxes)).toEqual([2, 4, 8, 16, 32, 64, 128]);
    expect(dimension).toBeCloseTo(Math.log(2) / Math.log(3), 14);
    expect(deviation).toBeLessThan(1e-13);
  });
  it('of a Sierpiński triangle in the plane is log 3/log 2, of a carpet log 8/log 3', () => {
    const triangle = digits(
      2,
      [
        [0, 0],
        [1, 0],
        [0, 1],
      ],
      60_000,
    );
    const found = boxCounting(triangle, { dim: 2, finest: 6, origin: [0, 0], ...unit });
    expect(found.counts.map(({ boxes }) => boxes)).toEqual([3, 9, 27, 81, 243, 729]);
    expect(found.dimension).toBeCloseTo(Math.log(3) / Math.log(2), 14);
    const ring = Array.from({ length: 9 }, (_, i) => [i % 3, Math.floor(i / 3)]).filter((_, i) => i !== 4);
    const carpet = boxCounting(digits(3, ring, 60_000), {
      dim: 2,
      base: 3,
      finest: 3,
      origin: [0, 0],
      ...unit,
    });
    expect(carpet.counts.map(({ boxes }) => boxes)).toEqual([8, 64, 512]);
  });
  it('of points all over a box is the dimension of the space, and 0 of one point', () => {
    for (const dim of [1, 2, 3]) {
      const points = uniform(new Float64Array(dim * 40_000), { seed: 1, purpose: 'box' });
      const { dimension, counts } = boxCounting(points, { dim, finest: 3 });
      // 2^(dim·k) boxes, 78 points in each: none is empty, but with a chance of 512·e⁻⁷⁸
      expect(counts.map(({ boxes }) => boxes)).toEqual([1, 2, 3].map((k) => 2 ** (dim * k)));
      expect(dimension).toBeCloseTo(dim, 13);
    }
    expect(boxCounting(new Float64Array(200).fill(7), { dim: 2 }).dimension).toBe(0);
  });
  it('depends on neither the unit of the points nor where they are', () => {
    const points = digits(3, [[0], [2]], 5000);
    const { dimension, counts } = boxCounting(points, { dim: 1 });
    for (const unitOf of [2 ** -60, 2 ** 60])
      expect(
        boxCounting(
          points.map((x) => unitOf * x),
          { dim: 1 },
        ).counts.map(({ boxes }) => boxes),
      ).toEqual(counts.map(({ boxes }) => boxes));
    expect(
      boxCounting(
        points.map((x) => x + 4),
        { dim: 1, finest: 6 },
      ).counts,
    ).toHaveLength(6);
    expect(dimension).toBeGreaterThan(0);
  });
  it('goes as fine as ten points for each box allow, and refuses to go finer', () => {
    const points = digits(3, [[0], [2]], 700);
    const of = (finest?: number) =>
      boxCounting(points, { dim: 1, base: 3, origin: [0], ...unit, ...(finest && { finest }) });
    expect(of().counts.at(-1)).toMatchObject({ level: 6, boxes: 64 });
    expect(() => of(7)).toThrow(/700 points are in 1\d\d boxes of level 7; expected 10 points/);
    expect(() => of(7)).toThrow('or finest <= 6');
    expect(() => boxCounting(points.slice(0, 30), { dim: 1 })).toThrow(InputError);
    expect(() => boxCounting(points.slice(0, 30), { dim: 1, base: 3 })).toThrow('30 points are in');
  });
  it('refuses options that are not of their kind', () => {
    const points = uniform(new Float64Array(100), { seed: 1, purpose: 'x' });
    expect(() => boxCounting(points, { dim: 1, base: 1 })).toThrow('base is 1; expected a number > 1');
    expect(() => boxCounting(points, { dim: 1, finest: 2 })).toThrow(
      'finest is 2; expected a whole number >= 3',
    );
    expect(() => boxCounting(points, { dim: 1, width: 0 })).toThrow('width is 0; expected a number > 0');
    expect(() => boxCounting(points, { dim: 1, width: 1e9 })).toThrow(
      /all would be in one box; expected a width of about /,
    );
    expect(() => boxCounting(points, { dim: 2, origin: [0] })).toThrow('expected 2 finite numbers');
    expect(() => boxCounting(points, { dim: 3 })).toThrow('expected a multiple of 3');
  });
});
