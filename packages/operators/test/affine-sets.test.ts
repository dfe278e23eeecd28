import { describe, expect, it } from 'vitest';
import { affineSet, dot } from '../src/index.js';
import { close, proxAt } from './prox-helpers.js';

describe('affine sets', () => {
  it('drop equations that follow from others, and refuse contradictions', () => {
    const twice = affineSet({
      matrix: [
        [1, 1, 0],
        [2, 2, 0],
        [0, 0, 0],
        [0, 1, 1],
        [1, 2, 1],
      ],
      values: [1, 2, 0, 3, 4],
    });
    close(
      proxAt(twice, [0, 0, 0]),
      proxAt(
        affineSet({
          matrix: [
            [1, 1, 0],
            [0, 1, 1],
          ],
          values: [1, 3],
        }),
        [0, 0, 0],
      ),
    );
    expect(() =>
      affineSet({
        matrix: [
          [1, 1],
          [2, 2],
        ],
        values: [1, 3],
      }),
    ).toThrow('affine: row 1 contradicts the others, which imply 2; values[1] is 3');
    expect(() => affineSet({ matrix: [[0, 0]], values: [3] })).toThrow(
      'row 0 contradicts the others, which imply 0; values[0] is 3',
    );
    expect(() =>
      affineSet({
        matrix: [
          [1, 0],
          [0, 1],
          [1, 1],
        ],
        values: [1, 1, 2.001],
      }),
    ).toThrow('contradicts');
  });
  it('satisfy equations that are nearly dependent, and of any size', () => {
    // κ(A) is about 1e7, and the error of Az − b in each row a few roundings of ‖row‖·‖z‖, not κ times as
    // much.
    const z = Float64Array.from(
      proxAt(
        affineSet({
          matrix: [
            [1, 1, 1],
            [1, 1, 1 + 1e-7],
          ],
          values: [3, 3 + 1e-7],
        }),
        [5, -2, 0],
      ),
    );
    for (const [row, b] of [
      [[1, 1, 1], 3],
      [[1, 1, 1 + 1e-7], 3 + 1e-7],
    ] as const)
      expect(Math.abs(dot(Float64Array.from(row), z) - b)).toBeLessThanOrEqual(16 * 2 ** -53 * 10);
    for (const size of [1e-150, 1e150])
      close(
        proxAt(affineSet({ matrix: [[size, 2 * size, 2 * size]], values: [9 * size] }), [0, 0, 0]),
        [1, 2, 2],
      );
  });
});
