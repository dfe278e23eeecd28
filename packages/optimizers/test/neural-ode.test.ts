import { describe, expect, it } from 'vitest';
import { distance, eigh, normal, type Game, type Vector } from '@stillpoint/operators';
import {
  maximumPrincipleResidual,
  problemFrom,
  neuralOde,
  neuralOdeShooting,
  type Shooting,
} from '@stillpoint/problems';
import { gda, km, lbfgs, solve } from '../src/index.js';
import { methodFrom } from '../src/registry.js';

const costAt = (game: Game, θ: Vector): number => {
  const out = new Float64Array(1);
  game.losses!(θ, out);
  return out[0]!;
};
/** The authors' relaxation, (1 − r)θ + rS(θ). */
const relaxed = (weight: number) => km({ stepSize: 1, innerSteps: 1, weight });
const T = (game: Shooting, θ: Vector): Float64Array => {
  const out = new Float64Array(game.dim);
  game.shoot(θ, out);
  return out;
};
/** The eigenvalues of F's Jacobian at a solution, from H^(−1/2) (∇²f/dt) H^(−1/2), which is symmetric. */
function eigenvaluesAt(game: Shooting, θ: Vector): Float64Array {
  const { cost, dim: n } = game;
  const [column, DF] = [new Float64Array(n), new Float64Array(n)];
  const unit = (j: number): Float64Array => Float64Array.from({ length: n }, (_, i) => Number(i === j));
  const hessian = new Float64Array(n * n);
  const H = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    cost.jacobianVector!(θ, unit(j), column, false);
    for (let i = 0; i < n; i++) hessian[i * n + j] = column[i]! / cost.dt;
    game.jacobianVector!(θ, unit(j), DF, false);
    H[j] = hessian[j * n + j]! / DF[j]!; // DF = H⁻¹∇²f/dt
    for (let i = 0; i < j; i++)
      expect(Math.abs(DF[i]! * H[i]! - hessian[i * n + j]!)).toBeLessThan(1e-9 * Math.abs(H[i]!));
  }
  const scaled = hessian.map((entry, at) => entry / Math.sqrt(H[Math.floor(at / n)]! * H[at % n]!));
  return Float64Array.from(eigh(scaled, { vectors: false }).values);
}

describe('shooting for the maximum principle, Bonnet, Cipriani, Fornasier, Huang 2021', () => {
  it('km with γ = 1 and one inner step is the relaxation, and gda the same at half of the calls', () => {
    const game = neuralOdeShooting({ particles: 20 });
    let θ = Float64Array.from(game.start!);
    for (let t = 0; t < 7; t++) {
      const next = T(game, θ);
      θ = θ.map((at, k) => 0.7 * at + 0.3 * next[k]!);
    }
    const [by, plain] = [relaxed(0.3), gda({ stepSize: 0.3 })].map((method) =>
      solve(game, method, { steps: 7, tolerance: 1e-300 }),
    );
    // seven steps, each of a few roundings of numbers below 2
    expect(distance(by!.z, θ)).toBeLessThan(1e-14);
    expect(distance(plain!.z, θ)).toBeLessThan(1e-14);
    expect([by!.calls, plain!.calls]).toEqual([14, 7]);
  });

  it.each([0.1, 1])(
    'λ = %f: from θ = 0, 1 and 3 the same control and cost, and a residual below 1e-8',
    (λ) => {
      const ends = [0, 1, 3].map((control) => {
        const game = neuralOdeShooting({ regularisation: λ, control });
        return { game, θ: solve(game, relaxed(0.5), { steps: 40, tolerance: 1e-14 }).z };
      });
      for (const { game, θ } of ends) {
        expect(maximumPrincipleResidual(game.cost, θ)).toBeLessThan(1e-8);
        expect(Math.abs(costAt(game.cost, θ) - costAt(game.cost, ends[0]!.θ))).toBeLessThan(1e-6);
        expect(distance(θ, ends[0]!.θ)).toBeLessThan(1e-6);
        // θ falls: early layers do more
        θ.slice(1).forEach((at, k) => expect(at).toBeLessThan(θ[k]!));
      }
      const descent = solve(ends[0]!.game.cost, lbfgs(), { steps: 100, tolerance: 1e-10 });
      expect(distance(descent.z, ends[0]!.θ)).toBeLessThan(1e-6);
    },
  );

  it('λ = 1: T is a contraction, between any two controls that were tried, and needs no relaxation', () => {
    const game = neuralOdeShooting({ regularisation: 1, particles: 30 });
    const draw = (call: number): Float64Array =>
      normal(new Float64Array(game.dim), { seed: 1, purpose: 'controls', call }, 0, 2);
    for (let call = 0; call < 50; call++) {
      const [a, b] = [draw(2 * call), draw(2 * call + 1)];
      expect(distance(T(game, a), T(game, b))).toBeLessThan(distance(a, b));
    }
    const { z } = solve(game, gda({ stepSize: 1 }), { steps: 80, tolerance: 1e-14 });
    expect(maximumPrincipleResidual(game.cost, z)).toBeLessThan(1e-8);
  });

  it('its Jacobian at a solution is H⁻¹∇²f/dt, whose largest eigenvalue says how much may be relaxed', () => {
    const game = neuralOdeShooting({ particles: 30 });
    const solution = solve(game, relaxed(0.5), { steps: 60, tolerance: 1e-14 }).z;
    const values = eigenvaluesAt(game, solution);
    const most = values.at(-1)!;
    expect(values[0]).toBeGreaterThan(0);
    const near = Float64Array.from(solution, (at) => at + 1e-4);
    const after = (stepSize: number): number =>
      distance(solve(game, gda({ stepSize }), { steps: 40, start: near, tolerance: 1e-300 }).z, solution) /
      distance(near, solution);
    expect(after(1.9 / most)).toBeLessThan(1);
    expect(after(2.2 / most)).toBeGreaterThan(1); // 1.2⁴⁰ along an eigenvector that is a part of the error
  });

  it('the control is Lipschitz in time: finer steps do not make it steeper', () => {
    const steepest = [10, 20, 40, 80].map((steps) => {
      const game = neuralOdeShooting({ steps, particles: 30 });
      const { z } = solve(game, relaxed(0.5), { steps: 60, tolerance: 1e-12 });
      return Math.max(...Array.from(z.slice(1), (at, k) => Math.abs(at - z[k]!) * steps));
    });
    // Euler's error is of the order of dt: each halving changes the slope by about half as much as the last
    const changes = steepest.slice(1).map((slope, i) => Math.abs(slope - steepest[i]!));
    expect(changes[0]! / steepest[0]!).toBeLessThan(0.1);
    changes.slice(1).forEach((change, i) => {
      expect(change / changes[i]!).toBeGreaterThan(0.4);
      expect(change / changes[i]!).toBeLessThan(0.6);
    });
  });

  it('small λ with overlapping classes: several solutions, and cycles without relaxation', () => {
    const ends = [-3, 0, 3].map((control) => {
      const game = neuralOdeShooting({ regularisation: 0.001, radius: 1.5, particles: 50, control });
      const { z } = solve(game, relaxed(0.1), { steps: 400, tolerance: 1e-12 });
      // the cost has a minimum beside each
      const { z: θ } = solve(game.cost, lbfgs(), { start: z, steps: 2000, tolerance: 1e-9 });
      expect(maximumPrincipleResidual(game.cost, θ)).toBeLessThan(1e-6);
      return costAt(game.cost, θ);
    });
    expect(Math.max(...ends) - Math.min(...ends)).toBeGreaterThan(0.01);
    const game = neuralOdeShooting({ regularisation: 0.01 });
    const cycle = solve(game, gda({ stepSize: 1 }), { steps: 200, tolerance: 1e-6 });
    expect(cycle.status).toBe('budget');
    expect(maximumPrincipleResidual(game.cost, cycle.z)).toBeGreaterThan(0.01);
  });
});

describe('the minimisation neural-ode', () => {
  it.each([
    'lbfgs',
    'gda(stepSize=1)',
    'adam(stepSize=0.05)',
    'nesterov(stepSize=1)',
    'heavy-ball(stepSize=1)',
    'extragradient(stepSize=1)',
    'saga(stepSize=0.3)',
    'normalised-gradient(stepSize={kind=cosine, from=0.3, to=0, steps=600})',
  ])('%s comes to the cost of shooting', (spec) => {
    const options = { particles: 10 };
    const shooting = neuralOdeShooting(options);
    const { z } = solve(shooting, relaxed(0.5), { steps: 60, tolerance: 1e-13 });
    const least = costAt(shooting.cost, z);
    const end = solve(neuralOde(options), methodFrom(spec), { calls: 600, tolerance: 1e-7 }).z;
    expect(costAt(shooting.cost, end) - least).toBeLessThan(1e-4 * least);
  });
  it('takes batches of its particles', () => {
    const { exact, problem: batched } = problemFrom('neural-ode(particles=20, batch=5)');
    const method = methodFrom('gda(stepSize={kind=cosine, from=1, to=0.001, steps=500})');
    const { z } = solve(batched, method, { steps: 500 });
    const least = costAt(exact, solve(exact, lbfgs(), { steps: 100, tolerance: 1e-9 }).z);
    expect(costAt(exact, z) / least - 1).toBeLessThan(0.01);
  });
});

describe('the finite-sample gap', () => {
  it('falls as about N^(−1/2)', () => {
    const test = neuralOde({ particles: 5000, seed: 1000 });
    const seeds = 24;
    const gaps = [5, 50, 500].map((particles) => {
      let sum = 0;
      for (let seed = 1; seed <= seeds; seed++) {
        const train = neuralOde({ particles, seed });
        const { z } = solve(train, lbfgs(), { steps: 50, tolerance: 1e-7 });
        sum += Math.abs(costAt(train, z) - costAt(test, z)) / seeds;
      }
      return sum;
    });
    expect(gaps[0]).toBeGreaterThan(gaps[1]!);
    expect(gaps[1]).toBeGreaterThan(gaps[2]!);
    // the mean of |normal| over 24 seeds has a relative deviation of 0.756/√24 = 0.154, so the slope over
    // two decades has one of √2·0.154/ln 100 = 0.047: four of these
    const slope = Math.log(gaps[2]! / gaps[0]!) / Math.log(100);
    expect(Math.abs(slope + 0.5)).toBeLessThan(0.19);
  });
});
