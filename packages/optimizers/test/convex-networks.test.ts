import { describe, expect, it } from 'vitest';
import { dot, normal, type Game } from '@stillpoint/operators';
import {
  coneDecomposition,
  convexRelu,
  neuronsOf,
  reluObjective,
  reluOptimality,
  reluResidual,
  reluUnits,
  shatteredThreshold,
  thresholdLasso,
  thresholdObjective,
  thresholdUnits,
  twoLayerRelu,
  type ConvexProgram,
} from '@stillpoint/problems';
import { admm, augmentedLagrangian, gda, nesterov, solve } from '../src/index.js';

// Networks solved as convex programs, with the values that an independent program measured on the same data:
// standard normal inputs, a column of ones, standard normal targets.

const relu = {
  inputs: [
    [0.345584192064786, 1],
    [0.8216181435011584, 1],
    [0.33043707618338714, 1],
    [-1.303157231604361, 1],
    [0.9053558666731177, 1],
    [0.4463745723640113, 1],
  ],
  targets: [
    -0.5369532353602852, 0.5811181041963531, 0.36457239618607573, 0.294132496655526, 0.02842224131579679,
    0.5467129866124469,
  ],
  regularisation: 0.05,
};
const MEASURED = 0.4326205;
const threshold = {
  inputs: [
    [0.1257302210933933, -0.1321048632913019, 1],
    [0.6404226504432821, 0.10490011715303971, 1],
    [-0.535669373161111, 0.36159505490948474, 1],
    [1.3040000451301372, 0.9470809631292422, 1],
    [-0.7037352358069926, -1.2654214710460525, 1],
    [-0.6232744625373522, 0.0413259793472436, 1],
    [-2.3250307746388343, -0.21879166393254573, 1],
    [-1.2459109472530652, -0.7322673547034516, 1],
  ],
  targets: [
    -0.5442589828573099, -0.31630015636915454, 0.4116305363741328, 1.0425133694426776, -0.12853466294403426,
    1.3664634705496859, -0.6651946734866135, 0.3515100700930197,
  ],
  regularisation: 0.1,
};
const fista = (program: ConvexProgram, steps: number): Float64Array =>
  Float64Array.from(solve(program, nesterov({ stepSize: 1 / program.facts!.lipschitz! }), { steps }).z);
const gapAt = (program: Game, z: Float64Array): number => program.gap!(z, new Float64Array(program.dim));

describe('convex-relu', () => {
  const program = convexRelu(relu);
  const z = fista(program, 4000);
  const units = reluUnits(program, z);

  it('has the measured optimum, inside its cones, and its gap proves it', () => {
    expect(program.patterns.active).toHaveLength(12);
    expect(Math.abs(program.objective(z) - MEASURED)).toBeLessThan(5e-8); // its last digit
    expect(program.constraint!.value!(z)).toBeLessThan(Infinity);
    expect(gapAt(program, z)).toBeLessThan(1e-9);
  });
  it('is a network of the same objective, which passes the test of global optimality', () => {
    expect(Math.abs(reluObjective(relu, units) - program.objective(z))).toBeLessThan(1e-8);
    const { optimal, certificate } = reluOptimality(relu, units);
    expect([optimal, certificate <= 0.05 * (1 + 1e-6)]).toEqual([true, true]);
    const worse = units.map(({ weights, output }) => ({ weights, output: 1.01 * output }));
    expect(reluOptimality(relu, worse).optimal).toBe(false);
  });
  it('is solved as well by proximal gradient steps, by admm, and by the augmented Lagrangian in few steps', () => {
    const L = program.facts!.lipschitz!;
    const { z: slow } = solve(program, gda({ stepSize: 1 / L }), { steps: 3000 });
    expect(gapAt(program, Float64Array.from(slow))).toBeLessThan(1e-3);
    const { z: split, warnings } = solve(program, admm({ stepSize: 10 / L }), { steps: 1000 });
    // least squares are solved by one inner step, to rounding
    expect(warnings).toEqual([]);
    expect(gapAt(program, Float64Array.from(split))).toBeLessThan(1e-9);
    const multipliers = solve(program, augmentedLagrangian({ stepSize: 10 / L }), { steps: 100 });
    expect(gapAt(program, Float64Array.from(multipliers.z))).toBeLessThan(1e-8);
  });
  it('is below what gradient descent on wide networks finds, from any start', () => {
    const least = program.objective(z) - gapAt(program, z);
    const { regularisation, ...data } = relu;
    const decay = regularisation / Math.sqrt(30);
    for (const seed of [1, 2, 3, 4, 5]) {
      const game = twoLayerRelu({ ...data, width: 30, layers: 'both', decay, seed });
      const { z: weights } = solve(game, gda({ stepSize: 0.1 }), { steps: 3000 });
      const loss = new Float64Array(1);
      game.losses!(weights, loss);
      expect(loss[0]).toBeGreaterThanOrEqual(least);
      expect(loss[0]).toBeLessThan(MEASURED + 0.05);
      expect(Math.abs(reluObjective(relu, neuronsOf(game, weights)) - loss[0]!)).toBeLessThan(1e-14 * 30);
    }
  });
  it('gated units fit no worse, and their cone decomposition is a network with the same residuals', () => {
    const gated = convexRelu({ ...relu, activation: 'gated' });
    const w = fista(gated, 4000);
    expect(gapAt(gated, w)).toBeLessThan(1e-9);
    expect(gated.objective(w)).toBeLessThan(program.objective(z));
    const split = coneDecomposition(gated, w);
    const r = reluResidual(relu, reluUnits(program, split));
    const own = new Float64Array(6);
    void gated.residual.value(w, own, {
      player: undefined,
      sample: undefined,
      losses: undefined,
      buffers: {},
    });
    r.forEach((x, i) => expect(Math.abs(x + own[i]!)).toBeLessThan(1e-10));
    expect(program.objective(split)).toBeGreaterThan(program.objective(z));
  });
});

describe('threshold-lasso', () => {
  const program = thresholdLasso(threshold);
  const w = fista(program, 6000);

  it('has the measured optimum, which its gap proves, and its network has the same objective', () => {
    expect(program.dim).toBe(58);
    expect(Math.abs(program.objective(w) - 0.2727427)).toBeLessThan(5e-8);
    expect(gapAt(program, w)).toBeLessThan(1e-12);
    expect(
      Math.abs(thresholdObjective(threshold, thresholdUnits(program, w)) - program.objective(w)),
    ).toBeLessThan(1e-12);
  });
  it('is below random networks with the best output layer', () => {
    let best = Infinity;
    for (let call = 0; call < 50; call++) {
      const g = normal(new Float64Array(60), { seed: 2, purpose: 'networks', call });
      const columns = Array.from({ length: 20 }, (_, j) => {
        const weights = g.subarray(3 * j, 3 * j + 3);
        return threshold.inputs.map((x) => Number(dot(Float64Array.from(x), weights) >= 0));
      });
      // its output layer is a LASSO over its own columns: the program with these patterns alone
      const own = program.patterns.active.map((pattern) => columns.some((c) => c.join() === pattern.join()));
      const restricted: Game = {
        ...program,
        operator(z, out) {
          program.operator(z, out);
          own.forEach((used, j) => {
            if (!used) out[j] = 0;
          });
        },
      };
      const { z } = solve(restricted, nesterov({ stepSize: 1 / program.facts!.lipschitz! }), { steps: 300 });
      best = Math.min(best, program.objective(z));
    }
    expect(best).toBeGreaterThanOrEqual(program.objective(w) - 1e-12);
  });
  it('on shattered data is the closed form, as measured', () => {
    const inputs = threshold.targets.map((_, i) => threshold.targets.map((__, j) => Number(i === j)));
    const shattered = thresholdLasso({ ...threshold, inputs });
    expect(shattered.dim).toBe(256);
    const { objective, outputs } = shatteredThreshold(threshold.targets, 0.1);
    expect(Math.abs(objective - 0.1931658144)).toBeLessThan(5e-11);
    const z = fista(shattered, 1500);
    expect(Math.abs(shattered.objective(z) - objective)).toBeLessThan(1e-9);
    const r = new Float64Array(8);
    void shattered.residual.value(z, r, {
      player: undefined,
      sample: undefined,
      losses: undefined,
      buffers: {},
    });
    // ½‖δ − y‖² is 1-strongly convex in δ: an objective within 1e-9 has δ within √(2e-9)
    r.forEach((x, i) => expect(Math.abs(x + threshold.targets[i]! - outputs[i]!)).toBeLessThan(4.5e-5));
  });
});
