import { describe, expect, it } from 'vitest';
import { dot, type Game, type Method, type State } from '@stillpoint/operators';
import {
  alongEigenvectors,
  gda,
  gradientMode,
  heavyBall,
  heavyBallMode,
  iterate,
  nesterov,
  nesterovMode,
  type Mode,
} from '../src/index.js';
import { normalisedBessel } from '../src/limits/bessel.js';

describe('Bessel functions', () => {
  it('of orders ½ and 3/2 are sines and cosines', () => {
    for (const x of [0.3, 1, 7, 40, 333, 2000]) {
      // the error is x·2⁻⁵³ of the size of the oscillation, 1/x and 3/x²; a few times that
      expect(Math.abs(normalisedBessel(0.5, x) - Math.sin(x) / x)).toBeLessThan(8 * 2 ** -53 * (1 + 1 / x));
      const exact = (3 * (Math.sin(x) / x - Math.cos(x))) / x ** 2;
      expect(Math.abs(normalisedBessel(1.5, x) - exact)).toBeLessThan(2 ** -49 * (1 + 1 / x + 1 / x ** 2));
    }
  });
  it('of orders 0 and 1 have their tabulated values and zeros', () => {
    // Abramowitz, Stegun, tables 9.1 and 9.5
    for (const [x, J0, J1] of [
      [1, 0.7651976865579666, 0.44005058574],
      [5, -0.1775967713143383, -0.3275791376],
      [10, -0.2459357644513483, 0.0434727462],
    ] as const) {
      expect(normalisedBessel(0, x)).toBeCloseTo(J0, 14);
      expect((x / 2) * normalisedBessel(1, x)).toBeCloseTo(J1, 10);
    }
    expect(Math.abs(normalisedBessel(0, 2.404825557695773))).toBeLessThan(1e-15);
    expect(Math.abs(normalisedBessel(1, 3.8317059702075125))).toBeLessThan(1e-15);
  });
  it.each([-0.25, 0, 0.5, 1, 2.5, 3.5, 20, 49.5])('of order %f are their power series for small x', (ν) => {
    expect(normalisedBessel(ν, 0)).toBe(1);
    for (const x of [1e-200, 1e-5, 0.1, 1, 3]) {
      let [term, sum] = [1, 1];
      for (let k = 1; k < 60; k++) sum += term *= (-x * x) / 4 / (k * (ν + k));
      expect(normalisedBessel(ν, x)).toBeCloseTo(sum, 13); // terms are < 10
    }
  });
  it('of neighbouring orders obey Λ_(ν−1) + x²/(4ν(ν + 1))·Λ_(ν+1) = Λ_ν', () => {
    for (const ν of [0.75, 1, 2.5, 8])
      for (const x of [0.5, 9, 100, 1000]) {
        const [below, at, above] = [ν - 1, ν, ν + 1].map((order) => normalisedBessel(order, x));
        const coupling = (x * x) / (4 * ν * (ν + 1));
        expect(Math.abs(below! + coupling * above! - at!)).toBeLessThan(
          1e-12 * (1 + coupling * Math.abs(above!)),
        );
      }
  });
});

/** Δ at the time t by Runge–Kutta's method of order 4, for Δ″ + damping(t)·Δ′ + λΔ = 0 from a point. */
function integrated(
  λ: number,
  damping: (t: number) => number,
  from: { readonly t: number; readonly Δ: number; readonly slope: number },
  to: number,
  steps: number,
): number {
  const h = (to - from.t) / steps;
  const slopeAt = (t: number, [x, v]: readonly [number, number]) => [v, -damping(t) * v - λ * x] as const;
  let y: readonly [number, number] = [from.Δ, from.slope];
  const moved = (c: number, k: readonly [number, number]) => [y[0] + c * k[0], y[1] + c * k[1]] as const;
  for (let i = 0; i < steps; i++) {
    const t = from.t + i * h;
    const a = slopeAt(t, y);
    const b = slopeAt(t + h / 2, moved(h / 2, a));
    const c = slopeAt(t + h / 2, moved(h / 2, b));
    const d = slopeAt(t + h, moved(h, c));
    y = moved(h / 6, [a[0] + 2 * b[0] + 2 * c[0] + d[0], a[1] + 2 * b[1] + 2 * c[1] + d[1]]);
  }
  return y[0];
}

describe('the exact modes solve their equations, by Runge–Kutta', () => {
  it.each([
    [1, 0],
    [1, 0.5],
    [1, 2], // critical
    [0.2, 3],
    [0, 1],
    [3, 0.1],
  ])('the heavy ball, λ = %f, b = %f', (λ, b) => {
    const mode = heavyBallMode(λ, b);
    for (const t of [0.7, 5, 12]) {
      const found = integrated(λ, () => b, { t: 0, Δ: 1, slope: 0 }, t, 6000);
      expect(mode(t)).toBeCloseTo(found, 9); // h⁴ = 1.6e-11
    }
  });
  it.each([
    [1, 2],
    [1, 3],
    [0.4, 6],
    [2, 8],
    [0, 3],
    [1, 4.5],
  ])('Nesterov’s, λ = %f, d = %f', (λ, d) => {
    const mode = nesterovMode(λ, d);
    // from t₀ = 0.01 by the series Δ = 1 − λt²/(2(d + 1)) + λ²t⁴/(8(d + 1)(d + 3)) − …
    const t0 = 0.01;
    const Δ = 1 - (λ * t0 ** 2) / (2 * (d + 1)) + (λ ** 2 * t0 ** 4) / (8 * (d + 1) * (d + 3));
    const slope = -(λ * t0) / (d + 1) + (λ ** 2 * t0 ** 3) / (2 * (d + 1) * (d + 3));
    for (const t of [0.7, 5, 12])
      expect(mode(t)).toBeCloseTo(
        integrated(λ, (at) => d / at, { t: t0, Δ, slope }, t, 12_000),
        8,
      );
  });
  it('heavily damped ones keep their digits: the slow exponent is λ/b there', () => {
    expect(heavyBallMode(1e-12, 1)(1e12)).toBeCloseTo(Math.exp(-1), 11);
  });
});

describe('rates of the limits', () => {
  it('the heavy ball with b = 2√λ₀: |Δ| ≤ e^(−√λ₀t)(1 + √λ₀t) for every λ ≥ λ₀, with equality at λ₀', () => {
    const least = 0.3;
    const root = Math.sqrt(least);
    for (let t = 0; t <= 40; t += 0.25) {
      const bound = Math.exp(-root * t) * (1 + root * t);
      for (const λ of [least, 0.31, 0.5, 2, 50])
        expect(Math.abs(heavyBallMode(λ, 2 * root)(t))).toBeLessThanOrEqual(bound * (1 + 1e-12));
      expect(heavyBallMode(least, 2 * root)(t) / bound).toBeCloseTo(1, 6); // √ of rounding, in ω
    }
  });
  /** The largest values of y over windows of a period, with the t of each. */
  function envelope(y: readonly number[], period: number, step: number): (readonly [number, number])[] {
    const found: (readonly [number, number])[] = [];
    for (let from = 0; from + period <= y.length; from += period) {
      const window = y.slice(from, from + period);
      const most = Math.max(...window);
      found.push([(from + window.indexOf(most)) * step, most]);
    }
    return found;
  }
  /** The slope of log y over log t, by least squares. */
  function slopeOf(points: readonly (readonly [number, number])[]): number {
    const logs = points.map(([t, y]) => [Math.log(t), Math.log(y)] as const);
    const mean = (pick: 0 | 1): number => logs.reduce((sum, at) => sum + at[pick], 0) / logs.length;
    const [x, y] = [mean(0), mean(1)];
    const over = logs.reduce((sum, at) => sum + (at[0] - x) * (at[1] - y), 0);
    return over / logs.reduce((sum, at) => sum + (at[0] - x) ** 2, 0);
  }
  /**
   * Relatively, the envelope differs from t^−d by ((d − 1)² − 1)/(8t²), the next term of Hankel's expansion,
   * and its maxima from the envelope by (d/(2t))²: together by less than c/t², c = 3d²/8. So a local slope is
   * off by 2c/t² at most, and the slope of all, a mean of these, by 2c/20².
   */
  const allowed = (d: number): number => (2 * (3 / 8) * d * d) / 20 ** 2;
  const inWindow = ([t]: readonly [number, number]): boolean => t >= 20 && t <= 200;
  it.each([2, 3, 6, 8])('Nesterov’s limit with d = %d: the largest losses fall as t^−d', (d) => {
    const mode = nesterovMode(1, d);
    const losses = Array.from({ length: 20_100 }, (_, i) => mode(i / 100) ** 2);
    const slope = slopeOf(envelope(losses, 314, 1 / 100).filter(inWindow));
    expect(Math.abs(slope + d)).toBeLessThan(allowed(d));
  });
  it.each([2, 3, 6])('the method with d = %d: as k^−d(1 − sλ)ᵏ, and so faster than the limit', (d) => {
    const [s, λ] = [1e-4, 1];
    const states = iterate(bowl(λ), nesterov({ stepSize: s, friction: d }));
    const losses = [1, ...Array.from({ length: 20_100 }, () => states.next().value.z[0]! ** 2)];
    const points = envelope(losses, 314, Math.sqrt(s)).filter(inWindow);
    const without = points.map(([t, y]) => [t, y / (1 - s * λ) ** (t / Math.sqrt(s))] as const);
    expect(Math.abs(slopeOf(without) + d)).toBeLessThan(allowed(d));
    // λ√s·t grows from 0.2 to 2 in the window: far from a power of t
    expect(slopeOf(points)).toBeLessThan(-d - 0.6);
  });
});

/** f(z) = ½λz². */
function bowl(λ: number): Game {
  return {
    name: 'bowl',
    dim: 1,
    players: [{ name: 'z', start: 0, end: 1 }],
    start: [1],
    operator(z, out) {
      out[0] = λ * z[0]!;
    },
  };
}
/** The largest distance of a run on ½z² from its limit, up to the time `until`. */
function farthest(method: Method<State>, mode: Mode, unit: number, until: number): number {
  const states = iterate(bowl(1), method);
  let most = 0;
  for (let k = 1; k * unit <= until; k++)
    most = Math.max(most, Math.abs(states.next().value.z[0]! - mode(k * unit)));
  return most;
}

describe('runs approach their limits', () => {
  const sizes = [1e-2, 1e-3, 1e-4, 1e-5];
  it.each([
    [
      'heavy-ball',
      0.5,
      (s: number) =>
        farthest(
          heavyBall({ stepSize: s, momentum: 1 - 1.2 * Math.sqrt(s) }),
          heavyBallMode(1, 1.2),
          Math.sqrt(s),
          20,
        ),
    ],
    [
      'nesterov',
      0.5,
      (s: number) => farthest(nesterov({ stepSize: s }), nesterovMode(1, 3), Math.sqrt(s), 20),
    ],
    ['gda', 1, (s: number) => farthest(gda({ stepSize: s }), gradientMode(1), s, 5)],
  ] as const)('%s with an error of order s^%f', (_, order, errorAt) => {
    const errors = sizes.slice(0, order === 1 ? 3 : 4).map(errorAt);
    const orders = errors.slice(1).map((error, i) => Math.log10(errors[i]! / error));
    // the error is c·s^order(1 + O(s^order)): at s = 1e-3 and below the order is seen to some percents
    orders.slice(1).forEach((found) => expect(Math.abs(found - order)).toBeLessThan(0.02));
    expect(Math.abs(orders[0]! - order)).toBeLessThan(0.1);
  });
});

describe('alongEigenvectors', () => {
  it('adds the modes of the eigenvectors', () => {
    // eigenvalues 3 and 1 along (1, 1) and (1, −1)
    const at = alongEigenvectors(Float64Array.of(2, 1, 1, 2), Float64Array.of(3, -1), gradientMode);
    const [x = NaN, y = NaN] = at(0.4);
    expect(x).toBeCloseTo(Math.exp(-1.2) + 2 * Math.exp(-0.4), 14);
    expect(y).toBeCloseTo(Math.exp(-1.2) - 2 * Math.exp(-0.4), 14);
    const start = at(0);
    expect(dot(start, start)).toBeCloseTo(10, 13);
  });
  it('keeps what lies in the kernel’s null space; refuses what is no such matrix', () => {
    const at = alongEigenvectors(Float64Array.of(1, 1, 1, 1), Float64Array.of(1, -1), (λ) =>
      nesterovMode(λ, 3),
    );
    at(50).forEach((x, i) => expect(x).toBeCloseTo([1, -1][i]!, 6)); // x = √λ·t of a λ of 1e-16
    const zero = Float64Array.of(0, 0);
    expect(() => alongEigenvectors(Float64Array.of(1, 2, 2, 1), zero, gradientMode)).toThrow('none below 0');
    expect(() => alongEigenvectors(Float64Array.of(1, 2), zero, gradientMode)).toThrow('2 numbers for 2');
  });
  it('the modes refuse what is no such number, and name it', () => {
    expect(() => gradientMode(-1)).toThrow('eigenvalue is -1');
    expect(() => heavyBallMode(1, NaN)).toThrow('damping is NaN; expected a finite number >= 0');
    expect(() => nesterovMode(4, 3)(1e8)).toThrow('√λ·t is 200000000; expected at most 10000000');
    for (const mode of [gradientMode(1), heavyBallMode(1, 1), heavyBallMode(1, 9), nesterovMode(1, 3)])
      for (const t of [-1, NaN, Infinity])
        expect(() => mode(t)).toThrow(`t is ${t}; expected a finite number`);
    expect(() => nesterovMode(1, 101)).toThrow('friction is 101; expected at most 100');
  });
});
