import { describe, expect, it } from 'vitest';
import { pseudoHuber, type Vector } from '../src/index.js';

const points = Float64Array.of(-40, -3, -0.7, -1e-9, 0, 1e-3, 0.4, 2, 9);
const written = (write: (z: Vector, out: Vector) => void, z: Float64Array): Float64Array => {
  const out = new Float64Array(z.length);
  write(z, out);
  return out;
};

describe.each([
  { weight: 1, smoothing: 1 },
  { weight: 2.5, smoothing: 0.3 },
])('pseudoHuber, %o', ({ weight, smoothing: μ }) => {
  const f = pseudoHuber({ weight, smoothing: μ });
  const gradient = (z: Float64Array) => written((at, out) => f.gradient(at, out), z);
  const curvature = (z: Float64Array) => written((at, out) => f.curvature(at, out), z);
  const one = (x: number): number => f.value(Float64Array.of(x));

  it('is √(μ² + x²) − μ, also where that cancels', () => {
    for (const x of points) expect(one(x)).toBeCloseTo(weight * (Math.sqrt(μ * μ + x * x) - μ), 12);
    expect(one(1e-12)).toBeCloseTo((weight * 1e-24) / (2 * μ), 38);
    expect(Math.abs(one(1e-12) / ((weight * 1e-24) / (2 * μ)) - 1)).toBeLessThan(1e-14);
  });
  it('has the gradient x/√(μ² + x²) and the curvature μ²(μ² + x²)^(−3/2), and differences agree', () => {
    const [g, c] = [gradient(points), curvature(points)];
    points.forEach((x, i) => {
      expect(g[i]).toBeCloseTo((weight * x) / Math.sqrt(μ * μ + x * x), 13);
      expect(c[i]).toBeCloseTo(weight * μ * μ * (μ * μ + x * x) ** -1.5, 12);
      const h = 1e-5; // h² and 2⁻⁵³/h: both some 1e-10
      expect(Math.abs((one(x + h) - one(x - h)) / (2 * h) - g[i]!)).toBeLessThan(1e-8);
      const [above, below] = [x + h, x - h].map((at) => gradient(Float64Array.of(at))[0]!);
      expect(Math.abs((above! - below!) / (2 * h) - c[i]!)).toBeLessThan(1e-8 * (1 + weight / μ ** 3));
    });
  });
  it('is self-concordant of the order 2.6 with 1.27 times the source’s constant, and no less', () => {
    const { order, constant } = f.selfConcordance;
    let most = 0;
    for (let x = 0.01; x < 20; x += 0.001) {
      const q = Math.hypot(μ, μ * x);
      const third = (3 * weight * μ ** 2 * (μ * x)) / q ** 5; // |h‴|
      const second = (weight * μ ** 2) / q ** 3;
      most = Math.max(most, third / (constant * second ** (order / 2)));
    }
    // sup 3t(1 + t²)^(−0.55) is at t² = 10
    expect(most).toBeCloseTo((3 * Math.sqrt(10) * 11 ** -0.55) / 2, 6);
  });
  it('refuses a smoothing or weight that is not > 0', () => {
    for (const bad of [0, -1, NaN, Infinity]) {
      expect(() => pseudoHuber({ smoothing: bad })).toThrow('pseudo-huber: smoothing is');
      expect(() => pseudoHuber({ weight: bad })).toThrow('pseudo-huber: weight is');
    }
  });
});
