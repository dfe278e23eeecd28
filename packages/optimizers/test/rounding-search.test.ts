import { describe, expect, it } from 'vitest';
import { norm, normal, type Game, type Vector } from '@stillpoint/operators';
import { implicitGradient, lbfgs, solve } from '../src/index.js';

const [ROWS, COLUMNS] = [40, 20];
const u = 2 ** -24;
const round = Math.fround;
const A = normal(new Float32Array(ROWS * COLUMNS), { seed: 5, purpose: 'matrix' });
const noise = normal(new Float32Array(ROWS), { seed: 5, purpose: 'noise' });
const row = (i: number): Float32Array => A.subarray(i * COLUMNS, (i + 1) * COLUMNS);
/** The entries of b are sums of terms near 10, which cancel to a residual near 1. */
const b = Float32Array.from(noise, (e, i) => row(i).reduce((sum, a, j) => sum + a * (10 + j), 0) + e);

/** ½‖Az − b‖², each operation rounded to float32. */
const rounded: Game = {
  name: 'least squares in float32',
  dim: COLUMNS,
  players: [{ name: 'x', start: 0, end: COLUMNS }],
  operator(z, out) {
    out.fill(0);
    for (let i = 0; i < ROWS; i++) {
      const r = residual(z, i);
      row(i).forEach((a, j) => (out[j] = round(out[j]! + round(a * r))));
    }
  },
  losses(z, out) {
    let sum = 0;
    for (let i = 0; i < ROWS; i++) sum = round(sum + round(residual(z, i) ** 2));
    out[0] = sum / 2;
  },
};
function residual(z: Vector, i: number): number {
  return row(i).reduce((sum, a, j) => round(sum + round(a * z[j]!)), -b[i]!);
}
/**
 * ‖∇f(z)‖ in float64, and the size that rounding can have in it: the operations' errors are at most u times
 * their results; taken as independent, their squares add up.
 */
function steepness(z: Vector): { readonly exact: number; readonly rounding: number } {
  const [g, errors] = [new Float64Array(COLUMNS), new Float64Array(COLUMNS)];
  for (let i = 0; i < ROWS; i++) {
    let [r, error] = [-b[i]!, 0];
    row(i).forEach((a, j) => {
      r += a * z[j]!;
      error += (a * z[j]!) ** 2 + r ** 2;
    });
    row(i).forEach((a, j) => {
      g[j] = g[j]! + a * r;
      errors[j] = errors[j]! + a ** 2 * error + (a * r) ** 2 + g[j]! ** 2;
    });
  }
  return { exact: norm(g), rounding: u * Math.sqrt(errors.reduce((sum, e) => sum + e, 0)) };
}

describe('a search where rounding in float32 hides the decrease', () => {
  it('goes on by slopes in lbfgs, to what rounding leaves of the gradient', () => {
    const run = solve(rounded, lbfgs(), { start: new Float32Array(COLUMNS), steps: 60 });
    const { exact, rounding } = steepness(run.z);
    expect(exact).toBeLessThan(rounding);
    expect(run.warnings).toEqual([]);
  });
  it('does so in an implicit step too, which is then taken', () => {
    const run = solve(rounded, implicitGradient({ stepSize: 100, solver: 'lbfgs' }), {
      start: new Float32Array(COLUMNS),
      steps: 4,
    });
    const { exact, rounding } = steepness(run.z);
    expect(exact).toBeLessThan(rounding);
    expect(run.figures).toMatchObject({ 'steps not taken': 0 });
  });
  it('takes no step up where the slope stays steep: there f rose by more than rounding', () => {
    // a ridge of 10⁻³ lies across the way down, which √u|f| = 2.4·10⁻⁴ does not hide
    const ridge: Game = {
      name: 'a step on a slope',
      dim: 1,
      players: [{ name: 'x', start: 0, end: 1 }],
      operator: (_, out) => void (out[0] = -1e-6),
      losses: (z, out) => void (out[0] = 1 - 1e-6 * z[0]! + (z[0]! > 0.25 ? 1e-3 : 0)),
    };
    const run = solve(ridge, lbfgs(), { start: Float32Array.of(0), steps: 5 });
    expect(run.z[0]).toBeLessThanOrEqual(0.25);
    expect(run.warnings).not.toEqual([]);
  });
});
