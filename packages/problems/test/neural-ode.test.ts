import { describe, expect, it } from 'vitest';
import { naturalResidual, normal, type Game, type Vector } from '@stillpoint/operators';
import {
  gameFrom,
  maximumPrincipleResidual,
  problemFrom,
  neuralOde,
  neuralOdeShooting,
} from '../src/index.js';

const F = (game: Game, θ: Vector, sample?: readonly number[]): Float64Array => {
  const out = new Float64Array(game.dim);
  game.operator(θ, out, { sample });
  return out;
};
const cost = (game: Game, θ: Vector): number => {
  const out = new Float64Array(1);
  game.losses!(θ, out);
  return out[0]!;
};
const control = (steps: number): Float64Array =>
  normal(new Float64Array(steps), { seed: 4, purpose: 'control' }, 0.5, 1);
const moved = (z: Float64Array, i: number, by: number): Float64Array =>
  z.map((x, j) => (i === j ? x + by : x));

describe('neural-ode', () => {
  const own = { inputs: [0.7, -1.1, 0.2], targets: [2, -2, 0.5], horizon: 2, steps: 7, regularisation: 0.3 };

  it('has the adjoint as its gradient: differences of order 4 agree to 1e-11', () => {
    for (const problem of [neuralOde(own), neuralOde({ particles: 100 }), neuralOde({ steps: 1 })]) {
      const θ = control(problem.dim);
      const gradient = F(problem, θ);
      const h = 2 ** -9; // h⁴/30 = 5e-13 of the fifth derivative, and 2⁻⁵³ of costs below 10, over h: 6e-13
      for (let i = 0; i < problem.dim; i++) {
        const [a, b] = [1, 2].map(
          (k) => cost(problem, moved(θ, i, k * h)) - cost(problem, moved(θ, i, -k * h)),
        );
        expect(Math.abs((8 * a! - b!) / (12 * h) - gradient[i]!)).toBeLessThan(1e-11);
      }
    }
  });
  it('is the cost of Euler’s particles and of the control, written out', () => {
    const problem = neuralOde(own);
    const θ = control(7);
    let sum = 0;
    own.inputs.forEach((start, i) => {
      let x = start;
      for (const at of θ) x += (2 / 7) * Math.tanh(at * x);
      sum += (x - own.targets[i]!) ** 2 / 3;
    });
    for (const at of θ) sum += 0.3 * (2 / 7) * at * at;
    expect(cost(problem, θ)).toBeCloseTo(sum, 13);
    const paths = problem.trajectories(θ);
    expect([paths.length, Array.from(paths[0]!)]).toEqual([8, own.inputs]);
    paths
      .slice(1)
      .forEach((x, k) =>
        x.forEach((xi, i) =>
          expect(xi).toBeCloseTo(paths[k]![i]! + (2 / 7) * Math.tanh(θ[k]! * paths[k]![i]!), 14),
        ),
      );
  });
  it('reads the maximum principle off its gradient: it is ∇f/dt, and the residual its largest entry', () => {
    const problem = neuralOde(own);
    const θ = control(7);
    const scaled = Array.from(F(problem, θ), (entry) => entry / (2 / 7));
    problem.maximumPrinciple(θ).forEach((entry, k) => expect(entry).toBeCloseTo(scaled[k]!, 14));
    expect(maximumPrincipleResidual(problem, θ)).toBeCloseTo(Math.max(...scaled.map(Math.abs)), 14);
  });
  it('has exact products with its Hessian, of all particles and of some', () => {
    const problem = neuralOde(own);
    const [θ, v, h] = [control(7), control(7).toReversed(), 2 ** -17]; // h² and 2⁻⁵³/h
    for (const sample of [undefined, [2, 0]]) {
      const product = new Float64Array(7);
      problem.jacobianVector!(θ, v, product, false, { sample });
      const at = (t: number): Float64Array =>
        F(
          problem,
          θ.map((x, i) => x + t * v[i]!),
          sample,
        );
      const [up, down] = [at(h), at(-h)];
      product.forEach((entry, i) => expect((up[i]! - down[i]!) / (2 * h)).toBeCloseTo(entry, 7));
    }
  });
  it('draws its clusters around 1 and −1, no farther than R, each seed others', () => {
    const { inputs, targets } = neuralOde({ particles: 500, radius: 0.3 });
    expect(inputs).toHaveLength(1000);
    inputs.forEach((x, i) => {
      const side = i < 500 ? 1 : -1;
      expect(Math.abs(x - side)).toBeLessThanOrEqual(0.3);
      expect(targets[i]).toBe(2 * side);
    });
    // nearly uniform: the mean of 500 deviates by √(R²/3/500) = 0.0077; four times that
    for (const half of [inputs.slice(0, 500), inputs.slice(500)])
      expect(Math.abs(Math.abs(half.reduce((sum, x) => sum + x / 500, 0)) - 1)).toBeLessThan(0.031);
    expect(neuralOde({ seed: 2 }).inputs).not.toEqual(neuralOde().inputs);
    // cut off at R = 4 a normal law is one, of variance 1, to 1e-3
    const wide = neuralOde({ particles: 2000, radius: 4 }).inputs.slice(0, 2000);
    const variance = wide.reduce((sum, x) => sum + (x - 1) ** 2 / 2000, 0);
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 2000));
  });
  it('names what is wrong with particles of one’s own', () => {
    expect(() => neuralOde({ inputs: [1] })).toThrow(
      'inputs and targets go together; expected both, or none',
    );
    expect(() => neuralOde({ inputs: [1], targets: [1, 2] })).toThrow('2 targets for 1 inputs');
    expect(() => neuralOde({ regularisation: 0 })).toThrow('regularisation is 0; expected a number > 0');
    expect(() => problemFrom('neural-ode(step=3)')).toThrow('did you mean steps?');
  });
});

describe('neural-ode-shooting', () => {
  it('solves the equation of each time, with particles and costates of θ', () => {
    for (const spec of ['', 'regularisation=1', 'regularisation=0.01, steps=3, particles=7, radius=1.5']) {
      const shooting = neuralOdeShooting({});
      const game = spec === '' ? shooting : gameFrom(`neural-ode-shooting(${spec})`);
      const { exact } = problemFrom(`neural-ode(${spec})`);
      const θ = control(game.dim);
      const next = F(game, θ).map((away, k) => θ[k]! - away);
      // by brute force: p from the definition, and the equation at what was found
      const λ = spec.includes('0.01') ? 0.01 : spec === '' ? 0.1 : 1;
      const cases = neuralOde({
        regularisation: λ,
        steps: game.dim,
        ...(spec.includes('1.5') && { particles: 7, radius: 1.5 }),
      });
      const x = cases.trajectories(θ);
      const n = cases.inputs.length;
      const dt = 1 / game.dim;
      let p = x[game.dim]!.map((end, i) => 2 * (end - cases.targets[i]!));
      for (let k = game.dim - 1; k >= 0; k--) {
        const [xk, τ] = [x[k]!, next[k]!];
        let [equation, size] = [2 * λ * τ, Math.abs(2 * λ * τ)];
        xk.forEach((xi, i) => {
          equation += (p[i]! * xi * (1 - Math.tanh(τ * xi) ** 2)) / n;
          size += Math.abs(p[i]! * xi) / n;
        });
        // rounding of the sum, and of τ times the slope of the equation, which is below 2λ + 2E|p|x²
        expect(Math.abs(equation)).toBeLessThan(1e-12 * (1 + size) * (1 + Math.abs(τ)));
        p = p.map((pi, i) => pi * (1 + dt * θ[k]! * (1 - Math.tanh(θ[k]! * xk[i]!) ** 2)));
      }
      expect(exact.dim).toBe(game.dim);
    }
  });
  it('vanishes exactly where the gradient of the cost does, and counts its evaluations', () => {
    const game = neuralOdeShooting();
    const θ = Float64Array.from(game.start!);
    const next = new Float64Array(game.dim);
    for (let t = 0; t < 60; t++) {
      expect(game.shoot(θ, next)).toBeGreaterThanOrEqual(1);
      θ.forEach((at, k) => (θ[k] = (at + next[k]!) / 2));
    }
    // H of each time is below 1 here, so that |∇f/dt| is below |θ − S(θ)|
    expect(naturalResidual(game, θ, new Float64Array(game.dim))).toBeLessThan(1e-12);
    expect(maximumPrincipleResidual(game.cost, θ)).toBeLessThan(1e-12);
  });
});
