import { describe, expect, it } from 'vitest';
import { gameFrom } from '../src/index.js';

// L of minimax-f3, proven: interval arithmetic on a cover of the plane.

/** An interval. Its ends are not rounded outwards: the errors, below 1e-9 of the values, are allowed for. */
type Interval = readonly [low: number, high: number];
const plus = (...terms: readonly Interval[]): Interval => [
  terms.reduce((sum, [low]) => sum + low, 0),
  terms.reduce((sum, [, high]) => sum + high, 0),
];
const times = ([a, b]: Interval, [c, d]: Interval): Interval => {
  const ends = [a * c, a * d, b * c, b * d];
  return [Math.min(...ends), Math.max(...ends)];
};
const by = (c: number, [a, b]: Interval): Interval => (c < 0 ? [c * b, c * a] : [c * a, c * b]);
const square = ([a, b]: Interval): Interval => {
  const [low, high] = [Math.min(a * a, b * b), Math.max(a * a, b * b)];
  return [a <= 0 && b >= 0 ? 0 : low, high];
};
const one = (c: number): Interval => [c, c];

/** A bound of ‖J‖ on a rectangle: |m| + r, m half the trace of ∇²f and ±r its eigenvalues around m. */
function boundOn(x: Interval, y: Interval): number {
  const [xx, yy] = [square(x), square(y)];
  const cubic = times(x, plus(one(-3), by(0.05, xx))); // u = y − 3x + x³/20
  const u = plus(y, cubic);
  const ux = plus(one(-3), by(0.15, xx));
  const p = plus(by(4, xx), by(-1, square(u)), by(-0.1, square(yy)));
  const px = plus(by(8, x), by(-2, times(u, ux)));
  const py = plus(by(-2, u), by(-0.4, times(y, yy)));
  const [a, b] = [by(-0.02, x), by(-0.02, y)];
  const xxPart = plus(
    one(8),
    by(-2, square(ux)),
    by(-0.6, times(x, u)),
    by(2, times(a, px)),
    times(plus(square(a), one(-0.02)), p),
  );
  const yyPart = plus(one(-2), by(-1.2, yy), by(2, times(b, py)), times(plus(square(b), one(-0.02)), p));
  const xyPart = plus(by(-2, ux), times(a, py), times(b, px), times(times(a, b), p));
  const e = Math.exp(-0.01 * (xx[0] + yy[0]));
  const size = ([low, high]: Interval): number => Math.max(Math.abs(low), Math.abs(high)) * e;
  const half = plus(by(0.5, xxPart), by(-0.5, yyPart));
  return size(plus(by(0.5, xxPart), by(0.5, yyPart))) + Math.hypot(size(half), size(xyPart));
}

describe('minimax-f3', () => {
  const game = gameFrom('minimax-f3');
  it('has ‖J‖ ≤ 108 on |x|, |y| ≤ 60, and so everywhere', () => {
    const L = (game.facts?.lipschitz ?? NaN) * (1 - 1e-6);
    // f(−x, −y) = f(x, y), so x ≥ 0 is enough
    const open: (readonly [Interval, Interval])[] = [
      [
        [0, 60],
        [-60, 60],
      ],
    ];
    for (let box = open.pop(); box !== undefined; box = open.pop()) {
      const [x, y] = box;
      if (boundOn(x, y) <= L) continue;
      if (x[1] - x[0] < 2 ** -30) throw new Error(`not bounded at ${x[0]}, ${y[0]}`);
      const [mx, my] = [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
      for (const half of [
        [x[0], mx],
        [mx, x[1]],
      ] as const)
        for (const other of [
          [y[0], my],
          [my, y[1]],
        ] as const)
          open.push([half, other]);
    }
    expect(L).toBeLessThan(108);
  });
  it('has a tiny J outside', () => {
    // With r = max(|x|, |y|) ≥ 60: |u| ≤ 0.06r³, |u_x| ≤ 0.16r², |p| ≤ 0.004r⁶, |p_x| ≤ 0.02r⁵,
    // |p_y| ≤ 0.6r³, |p_xx| ≤ 0.1r⁴, |p_xy| ≤ 0.4r², |p_yy| ≤ 2r², so each second derivative
    // is at most 2e-6·r⁸e^(−r²/100), which falls from r = 20 on.
    const [r, c] = [60, 0.02];
    const p = 0.004 * r ** 6;
    const largest = Math.max(
      0.1 * r ** 4 + 2 * c * r * 0.02 * r ** 5 + (c * c * r * r + c) * p,
      0.4 * r ** 2 + c * r * (0.6 * r ** 3 + 0.02 * r ** 5) + c * c * r * r * p,
      2 * r ** 2 + 2 * c * r * 0.6 * r ** 3 + (c * c * r * r + c) * p,
    );
    expect(largest).toBeLessThan(2e-6 * r ** 8);
    expect(2 * 2e-6 * r ** 8 * Math.exp((-r * r) / 100)).toBeLessThan(1e-6);
  });
  it('has a J nearly as large: the bound is within 0.6 % of the largest', () => {
    const z = Float64Array.of(-17.82, -0.16);
    const [first, second] = [new Float64Array(2), new Float64Array(2)];
    game.jacobianVector?.(z, Float64Array.of(1, 0), first, false);
    game.jacobianVector?.(z, Float64Array.of(0, 1), second, false);
    expect(Math.max(Math.hypot(...first), Math.hypot(...second))).toBeGreaterThan(108 * 0.994);
  });
  it('has the curvatures at 0 that make it a local minimax point', () => {
    const [first, second] = [new Float64Array(2), new Float64Array(2)];
    game.jacobianVector?.(new Float64Array(2), Float64Array.of(1, 0), first, false);
    game.jacobianVector?.(new Float64Array(2), Float64Array.of(0, 1), second, false);
    // J = [[f_xx, f_xy], [−f_xy, −f_yy]]
    const [fxx, fyy, fxy] = [first[0]!, -second[1]!, second[0]!];
    expect([fyy, fxx - (fxy * fxy) / fyy]).toEqual([-2, 8]);
  });
});

describe('the quadratic ones and xy-box', () => {
  const losses = (name: string, x: number, y: number): readonly number[] => {
    const out = new Float64Array(2);
    gameFrom(name).losses?.(Float64Array.of(x, y), out);
    return Array.from(out, (v) => v + 0); // −0 + 0 = 0
  };
  it.each([
    ['minimax-f1', (x: number, y: number) => -3 * x * x - y * y + 4 * x * y],
    ['minimax-f2', (x: number, y: number) => 3 * x * x + y * y + 4 * x * y],
    ['xy-box', (x: number, y: number) => x * y],
  ] as const)('%s has the f of its paper, exact in whole numbers', (name, f) => {
    for (const x of [-3, 0, 2, 5])
      for (const y of [-4, 0, 1, 5]) expect(losses(name, x, y)).toEqual([f(x, y) + 0, 0 - f(x, y)]);
  });
});
