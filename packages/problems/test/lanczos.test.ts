import { expect, it } from 'vitest';
import { denseMatrix, normal, svd } from '@stillpoint/operators';
import { lanczosNorm } from '../src/games/linear-algebra.js';

// The decomposition is backward stable: its ‖M‖₂ is right to a few n·2⁻⁵².
it.each([
  [1, 1],
  [3, 7],
  [40, 40],
  [120, 60],
  [60, 150],
])('‖M‖₂ of a random %i by %i matrix by Lanczos is that of its decomposition', (m, n) => {
  const M = normal(new Float64Array(m * n), { seed: 4, purpose: 'matrix' });
  const exact = svd(M, m, n).values[0] ?? NaN;
  expect(Math.abs(lanczosNorm(denseMatrix(M, m, n)) / exact - 1)).toBeLessThan(1e-12);
});
it('of a diagonal matrix its largest entry, of zeros 0, of rank one the product of the norms', () => {
  expect(lanczosNorm(denseMatrix(Float64Array.of(3, 0, 0, 0, -7, 0, 0, 0, 2), 3, 3))).toBeCloseTo(7, 13);
  expect(lanczosNorm(denseMatrix(new Float64Array(6), 2, 3))).toBe(0);
  expect(lanczosNorm(denseMatrix(Float64Array.of(3, 6, 4, 8), 2, 2))).toBeCloseTo(5 * Math.sqrt(5), 13);
});
it('scales exactly with powers of 2', () => {
  const M = normal(new Float64Array(30 * 20), { seed: 5, purpose: 'matrix' });
  expect(
    lanczosNorm(
      denseMatrix(
        M.map((x) => x * 2 ** -30),
        30,
        20,
      ),
    ),
  ).toBe(lanczosNorm(denseMatrix(M, 30, 20)) * 2 ** -30);
});
it('neither overflows nor underflows, and clustered singular values do not stop it early', () => {
  const M = normal(new Float64Array(130 * 110), { seed: 6, purpose: 'matrix' });
  const norm = lanczosNorm(denseMatrix(M, 130, 110));
  for (const unit of [2 ** -500, 2 ** 500])
    expect(
      lanczosNorm(
        denseMatrix(
          M.map((x) => x * unit),
          130,
          110,
        ),
      ) / unit,
    ).toBe(norm);
  const n = 120;
  const diagonal = Float64Array.from({ length: n * n }, (_, at) =>
    at % (n + 1) === 0 ? 1 - 1e-7 * Math.min(20, at / (n + 1)) : 0,
  );
  expect(Math.abs(lanczosNorm(denseMatrix(diagonal, n, n)) - 1)).toBeLessThan(1e-8);
});
