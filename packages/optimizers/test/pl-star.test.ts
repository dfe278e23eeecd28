import { describe, expect, it } from 'vitest';
import { eigh, type Game, type Residual } from '@stillpoint/operators';
import { bilinear, problemFrom, siluTeacher, twoLayerTanh } from '@stillpoint/problems';
import {
  empiricalKernel,
  gda,
  plStarAlong,
  plStarRadius,
  plStarRate,
  probed,
  solve,
  type PlStar,
  type PlStarOptions,
} from '../src/index.js';
import { scaled } from './helpers.js';

/** Gradient descent, and what is measured along it. */
async function measured(
  game: Game,
  stepSize: number,
  steps: number,
  options?: PlStarOptions,
): Promise<PlStar> {
  const along = plStarAlong(game, options);
  solve(game, gda({ stepSize }), { steps, observe: along.observe });
  return along.measure();
}

/** f = ½‖Ax − b‖², A = [[2, 0], [0, 1], [0, 0]] with the last residual fixed at 3: f* = 4.5. */
const bare: Game = {
  name: 'line',
  dim: 2,
  players: [{ name: 'x', start: 0, end: 2 }],
  start: [1, 1],
  facts: { optimum: 4.5 },
  operator: (z, out) => void ((out[0] = 4 * z[0]!), (out[1] = z[1]!)),
};
const residual: Residual = {
  length: 3,
  value: (z, out) => void ((out[0] = 2 * z[0]!), (out[1] = z[1]!), (out[2] = 3)),
  product(_, v, out, transposed) {
    out[0] = 2 * v[0]!;
    out[1] = v[1]!;
    if (!transposed) out[2] = 0;
  },
};
const line: Game = {
  ...bare,
  residual,
  losses: (z, out) => void (out[0] = 2 * z[0]! ** 2 + z[1]! ** 2 / 2 + 4.5),
};

describe('plStarAlong', () => {
  it('is the formulas on a quadratic, with the problem’s own f*', async () => {
    const { points, ratio } = await measured(line, 1 / 4, 20);
    points.forEach(({ step, loss, ratio: here, moved }) => {
      // x₁ is 0 after a step, x₂ is (3/4)ᵏ; all but the loss are exact powers
      const [x, y] = [step === 0 ? 1 : 0, 0.75 ** step];
      const f = 2 * x * x + (y * y) / 2;
      expect(Math.abs(loss - f)).toBeLessThan(2 ** -49);
      expect(Math.abs(here / ((16 * x * x + y * y) / 2 / f) - 1)).toBeLessThan(2 ** -47 / f);
      expect(moved).toBeCloseTo(Math.hypot(1 - x, 1 - y), 14);
    });
    expect(ratio).toBeCloseTo(1, 12); // the least eigenvalue of the Hessian
  });
  it('asks for the kernel only if told to, and keeps every so many points', async () => {
    const plain = await measured(line, 1 / 4, 20, { every: 8 });
    expect(plain.points.map(({ step }) => step)).toEqual([0, 8, 16]);
    expect([plain.eigenvalue, plain.points[0]!.eigenvalues]).toEqual([undefined, undefined]);
    // K = AAᵀ = diag(4, 1, 0): no constant of PL* follows from a residual that nothing moves
    const { points, eigenvalue, calls } = await measured(line, 1 / 4, 4, { kernel: true });
    for (const { eigenvalues } of points) expect(eigenvalues).toEqual([0, 4]);
    expect(eigenvalue).toBe(0);
    expect(calls).toBeGreaterThan(5 * (1 + 6)); // of 5 points a gradient, 6 products and a loss
  });
  it('a unit of f scales the ratio, and nothing else', async () => {
    const base = await measured(line, 1 / 4, 12);
    const other = await measured(scaled(line, 2 ** 20), 2 ** -22, 12);
    base.points.forEach(({ ratio, moved }, k) => {
      expect(other.points[k]!.ratio / 2 ** 20).toBe(ratio);
      expect(other.points[k]!.moved).toBe(moved);
    });
  });
  it('a loss that is f* but for rounding has no ratio', async () => {
    const { points, ratio } = await measured({ ...line, start: [2 ** -30, 0] }, 1 / 4, 2);
    expect(points.map(({ ratio: here }) => here)).toEqual([NaN, NaN, NaN]);
    expect(ratio).toBeNaN();
  });
  it('the ratio of a run that ends in the higher of two minima falls to 0, that of the other does not', async () => {
    const from = (start: number): Promise<PlStar> =>
      measured(problemFrom(`polynomial(start=${start})`).exact, 0.01, 1000, { every: 100 });
    const [stuck, free] = [await from(3), await from(-2)];
    expect(stuck.ratio).toBeLessThan(1e-20);
    expect(stuck.points.at(-1)!.loss).toBeGreaterThan(0.9);
    // near x* the ratio tends to f″(x*) = 12x*² − 4 = 9.4 at the root x* = −1.057 of 4x³ − 4x + ½
    expect(free.ratio).toBeGreaterThan(9.4);
    expect(free.points.at(-1)!.loss).toBeLessThan(1e-14);
  });
  it('refuses what it cannot measure, with what was expected', async () => {
    expect(() => plStarAlong(bilinear())).toThrow('the loss of one player; bilinear has x, y');
    expect(() => plStarAlong(problemFrom('power').exact, { kernel: true })).toThrow(
      /expected false for power.*no residuals/,
    );
    expect(() => plStarAlong(siluTeacher({ units: 3 }), { kernel: true })).toThrow('a regulariser beside');
    expect(() => plStarAlong(line, { every: 0 })).toThrow('every is 0; expected a whole number >= 1');
    expect(() => plStarAlong(line, { optimum: NaN })).toThrow('expected a finite number');
    await expect(plStarAlong(line).measure()).rejects.toThrow('nothing was observed');
    await expect(measured(line, 0.1, 1, { optimum: 8 })).rejects.toThrow('below f* = 8');
    expect(() => plStarAlong(bare)).toThrow('neither losses nor residuals');
  });
  it('takes ½‖r‖² where a problem has residuals alone', async () => {
    const [one, other] = [await measured(line, 0.2, 5), await measured({ ...bare, residual }, 0.2, 5)];
    other.points.forEach(({ loss }, k) =>
      expect(Math.abs(loss - one.points[k]!.loss)).toBeLessThan(2 ** -49),
    );
  });
});

describe('two-layer tanh networks, gradient descent with η = 1/λ_max(K₀)', () => {
  const runs = [20, 100, 1000].map(async (width) => {
    const game = twoLayerTanh({ width, examples: 20, dimension: 10, seed: 3 });
    const K = probed(game, Float64Array.from(game.start!), empiricalKernel(Float64Array.from(game.start!)));
    const stepSize = 1 / eigh(K, { vectors: false }).values.at(-1)!;
    return { stepSize, ...(await measured(game, stepSize, 300, { kernel: true, every: 20 })) };
  });
  it('½‖∇f‖² ≥ λf at every point, and f ≤ (1 − ημ)ᵏf₀ with μ the least λ of the path', async () => {
    for (const { stepSize, points, eigenvalue, ratio } of await Promise.all(runs)) {
      expect(eigenvalue).toBeGreaterThan(0.01);
      for (const point of points)
        expect(point.ratio).toBeGreaterThanOrEqual(point.eigenvalues![0] * (1 - 1e-9));
      expect(ratio).toBeGreaterThanOrEqual(eigenvalue! * (1 - 1e-9));
      const share = plStarRate({ stepSize, constant: eigenvalue! });
      for (const { step, loss } of points)
        expect(loss).toBeLessThanOrEqual(share(step) * points[0]!.loss * (1 + 1e-9));
    }
  });
  it('no point leaves the ball, by far; the wider, the less the kernel moves', async () => {
    const all = await Promise.all(runs);
    for (const { points, eigenvalue } of all) {
      const radius = plStarRadius({ loss: points[0]!.loss, constant: eigenvalue! });
      const far = Math.max(...points.map(({ moved }) => moved));
      expect(far).toBeGreaterThan(1); // so that the next line can fail
      expect(far).toBeLessThan(radius / 2);
    }
    const drift = all.map(({ points, eigenvalue }) => 1 - eigenvalue! / points[0]!.eigenvalues![0]);
    expect(drift).toEqual(drift.toSorted((a, b) => b - a));
    expect(drift[2]).toBeLessThan(0.02);
  });
});

describe('what follows from PL*', () => {
  // f = ½Σλᵢxᵢ² has PL* with μ = λ_min everywhere, β = λ_max
  it.each([
    [1, 1],
    [1, 4],
    [0.01, 1],
  ])('gradient descent on ½(%d·x₁² + %d·x₂²) stays in the ball, and below the rate', (μ, β) => {
    const f = (x: number, y: number): number => (μ * x * x + β * y * y) / 2;
    let [x, y] = [3, -2];
    const radius = plStarRadius({ loss: f(x, y), constant: μ });
    const share = plStarRate({ stepSize: 1 / β, constant: μ });
    let length = 0;
    for (let k = 1; k <= 400; k++) {
      const [dx, dy] = [(μ / β) * x, y];
      length += Math.hypot(dx, dy);
      [x, y] = [x - dx, y - dy];
      expect(length).toBeLessThanOrEqual(radius);
      expect(f(x, y)).toBeLessThanOrEqual(share(k) * f(3, -2) * (1 + 1e-12));
    }
  });
  it('the radius is at least √(2f₀/μ), the distance to a minimum', () => {
    expect(plStarRadius({ loss: 2, constant: 4 })).toBe(2);
    expect(plStarRadius({ loss: 0, constant: 4 })).toBe(0);
  });
  it('refuse numbers that are none', () => {
    expect(() => plStarRadius({ loss: -1, constant: 1 })).toThrow(
      'loss is -1; expected a finite number >= 0',
    );
    expect(() => plStarRadius({ loss: 1, constant: 0 })).toThrow(
      'constant is 0; expected a finite number > 0',
    );
    expect(() => plStarRate({ stepSize: 0, constant: 1 })).toThrow('stepSize is 0');
    expect(() => plStarRate({ stepSize: 3, constant: 0.5 })).toThrow('expected at most 1/constant = 2');
  });
});
