import { describe, expect, it } from 'vitest';
import { dot, type Game } from '@stillpoint/operators';
import { leastEigenvalue, problemFrom, siluTeacher, twoLayerRelu } from '@stillpoint/problems';
import { empiricalKernel, gda, iterate, probeAsync, probed } from '../src/index.js';

/** Hᵢⱼ = (1/m) xᵢᵀxⱼ Σ 1{wᵣᵀxᵢ ≥ 0, wᵣᵀxⱼ ≥ 0}, by its formula. */
function byFormula(inputs: readonly (readonly number[])[], z: ArrayLike<number>, m: number): number[] {
  const p = inputs[0]!.length;
  const active = inputs.map((x) =>
    Array.from({ length: m }, (_, r) => x.reduce((sum, xj, j) => sum + z[r * p + j]! * xj, 0) >= 0),
  );
  return inputs.flatMap((x, i) =>
    inputs.map((y, j) => {
      const both = active[i]!.filter((on, r) => on && active[j]![r]).length;
      return (dot(Float64Array.from(x), Float64Array.from(y)) * both) / m;
    }),
  );
}

describe('empiricalKernel', () => {
  const game = twoLayerRelu({ width: 60, examples: 7, dimension: 4 });
  it('is the formula of two-layer-relu, along a run; ½‖∇f‖² ≥ λf at every point', () => {
    const F = new Float64Array(game.dim);
    const loss = new Float64Array(1);
    let k = 0;
    for (const { z } of iterate(game, gda({ stepSize: 0.5 }))) {
      const K = probed(game, z, empiricalKernel(z));
      byFormula(game.inputs, z, 60).forEach((h, at) => expect(K[at]).toBeCloseTo(h, 13));
      game.operator(z, F);
      game.losses!(z, loss);
      const λ = leastEigenvalue(K);
      expect(λ).toBeGreaterThan(0.01);
      expect(dot(F, F) / 2).toBeGreaterThanOrEqual(λ * loss[0]! * (1 - 1e-12));
      if (++k === 20) break;
    }
  });
  it('costs two products for each residual', async () => {
    const z = Float64Array.from(game.start!);
    const { ledger } = await probeAsync(game, z, empiricalKernel(z));
    expect([ledger.residualProducts, ledger.residuals]).toEqual([14, 0]);
  });
  it('refuses a problem without residuals, or with a regulariser', () => {
    const ask = (problem: Game): Float64Array => {
      const z = Float64Array.from(problem.start!);
      return probed(problem, z, empiricalKernel(z));
    };
    expect(() => ask(problemFrom('power').exact)).toThrow(/needs residuals.*has none/);
    expect(() => ask(siluTeacher({ units: 3 }))).toThrow(/no regulariser beside them; silu-teacher has one/);
  });
});
