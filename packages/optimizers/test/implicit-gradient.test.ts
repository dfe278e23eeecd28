import { describe, expect, it } from 'vitest';
import { distance, dot, type Game, type Problem, type Vector } from '@stillpoint/operators';
import { problemFrom } from '@stillpoint/problems';
import { gda, implicitGradient, iterate, sgdMomentum, solve, train } from '../src/index.js';

const lossAt = (problem: Game, z: Vector): number => {
  const out = new Float64Array(1);
  problem.losses?.(z, out);
  return out[0]!;
};

/** ½‖Az − b‖² with A of these rows, and its residual. */
function leastSquares(A: readonly (readonly number[])[], b: readonly number[]): Game {
  const [m, n] = [A.length, A[0]!.length];
  const r = new Float64Array(m);
  const value = (z: Vector, out: Vector): void =>
    A.forEach((row, i) => (out[i] = row.reduce((sum, a, j) => sum + a * z[j]!, 0) - b[i]!));
  const transposed = (v: Vector, out: Vector): void => {
    out.fill(0);
    A.forEach((row, i) => row.forEach((a, j) => (out[j] = out[j]! + a * v[i]!)));
  };
  return {
    name: 'least squares',
    dim: n,
    players: [{ name: 'x', start: 0, end: n }],
    start: Array<number>(n).fill(1),
    operator(z, out) {
      value(z, r);
      transposed(r, out);
    },
    losses(z, out) {
      value(z, r);
      out[0] = dot(r, r) / 2;
    },
    residual: {
      length: m,
      value,
      product(_, v, out, t) {
        if (t) transposed(v, out);
        else A.forEach((row, i) => (out[i] = row.reduce((sum, a, j) => sum + a * v[j]!, 0)));
      },
    },
  };
}

describe('implicit-gradient', () => {
  it.each(['gauss-newton', 'lbfgs'] as const)(
    'on one row of least squares it is x − η(aᵀx − b)a/(1 + η‖a‖²), with solver=%s',
    (solver) => {
      const [a, b] = [[3, -1, 0.5], 2] as const;
      const game = leastSquares([a], [b]);
      for (const η of [1e-3, 1, 1e6]) {
        const { z } = solve(game, implicitGradient({ stepSize: η, solver, tolerance: 1e-12 }), { steps: 1 });
        const [miss, square] = [a[0] + a[1] + a[2] - b, dot(Float64Array.from(a), Float64Array.from(a))];
        // a relative gradient of 1e-12, in a problem whose condition is η‖a‖² at most 1e7
        a.forEach((aj, j) =>
          expect(z[j]).toBeCloseTo(1 - (η * miss * aj) / (1 + η * square), solver === 'lbfgs' ? 5 : 10),
        );
      }
    },
  );

  it('on linear residuals s⁺ = (I + ηAAᵀ)⁻¹s, for every η', () => {
    // AAᵀ = diag(4, 0.01): each entry of s = (2x₁ − 1, 0.1x₂ + 1) falls by 1/(1 + ηλ)
    const game = leastSquares(
      [
        [2, 0, 0],
        [0, 0.1, 0],
      ],
      [1, -1],
    );
    for (const η of [1e-2, 1, 1e2, 1e6]) {
      const { z } = solve(game, implicitGradient({ stepSize: η }), { steps: 3 });
      const s = [2 * z[0]! - 1, 0.1 * z[1]! + 1];
      // exact but for rounding of z, whose entries are near 1 and 10
      expect(s[0]).toBeCloseTo(1 / (1 + 4 * η) ** 3, 12);
      expect(s[1]).toBeCloseTo(1.1 / (1 + 0.01 * η) ** 3, 12);
    }
  });

  it.each([
    ['two-layer-pinn(width=50)', 'gauss-newton'],
    ['two-layer-pinn(width=50, equation=helmholtz, layers=both)', 'lbfgs'],
    ['silu-teacher(examples=20, units=10)', 'gauss-newton'],
    ['power(start=10)', 'lbfgs'],
  ] as const)('f(z⁺) + ‖z⁺ − z‖²/(2η) ≤ f(z) in every step: %s, solver=%s', (spec, solver) => {
    const { exact: game } = problemFrom(spec);
    for (const η of [1e-2, 1, 1e2, 1e6]) {
      let z: Vector = Float64Array.from(game.start!);
      let [before, k] = [lossAt(game, z), 0];
      for (const state of iterate(game, implicitGradient({ stepSize: η, solver, innerSteps: 20 }))) {
        const after = lossAt(game, state.z);
        const moved = distance(state.z, z) ** 2;
        expect(after + moved / (2 * η)).toBeLessThanOrEqual(before * (1 + 1e-12));
        [z, before] = [state.z.slice(), after];
        if (++k === 5) break;
      }
    }
  });

  it('learns Poisson’s equation with a step size with which gradient descent diverges', () => {
    const { exact: game } = problemFrom('two-layer-pinn(width=400)');
    const start = lossAt(game, Float64Array.from(game.start!));
    const implicit = solve(game, implicitGradient({ stepSize: 100, innerSteps: 200 }), { steps: 25 });
    const explicit = solve(game, gda({ stepSize: 100 }), { steps: 25 });
    expect(lossAt(game, implicit.z) / start).toBeLessThan(1e-20);
    expect(lossAt(game, explicit.z) / start).not.toBeLessThan(0.5);
    expect(implicit.figures).toMatchObject({ 'steps not taken': 0 });
    // at rest to rounding, which is no failure of the solver
    expect(implicit.warnings).toEqual([]);
  });

  it('is implicit SGD on single rows: any η is stable, where SGD overflows', async () => {
    const { problem, exact } = problemFrom('stiff-regression(batch=1, seed=2)');
    const passes = 20;
    const first = lossAt(exact, Float64Array.from(exact.start!));
    const after = async (method: Parameters<typeof train>[1]): Promise<number> => {
      const { z } = await train(problem, method, { steps: 500 * passes });
      return lossAt(exact, z) / first;
    };
    for (const η of [1, 10, 100]) {
      expect(await after(implicitGradient({ stepSize: η }))).toBeLessThan(1e-5);
      expect(Number.isFinite(await after(sgdMomentum({ stepSize: η, momentum: 0 })))).toBe(false);
    }
  });

  it('says what a problem lacks', () => {
    const nothing: Problem = {
      name: 'bare',
      dim: 1,
      players: [{ name: 'x', start: 0, end: 1 }],
      start: [1],
      operator: (z, out) => void (out[0] = z[0]!),
    };
    expect(() => solve(nothing, implicitGradient({ stepSize: 1 }))).toThrow('needs a problem with losses');
    expect(() => solve(nothing, implicitGradient({ stepSize: 1, solver: 'gauss-newton' }))).toThrow(
      'needs a problem with residuals',
    );
  });
});
