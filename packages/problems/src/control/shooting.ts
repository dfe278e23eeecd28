import type { Game, Vector } from '@stillpoint/operators';
import { game } from '../kinds/game.js';
import { controlled, costOf, neuralOdeTable, type Controlled, type NeuralOde } from './neural-ode.js';

/** A solution of the equation of one time, and in how many rounds it was found. */
interface Root {
  readonly τ: number;
  /** Evaluations of the equation, each over all particles. */
  readonly rounds: number;
}

/**
 * A root of g(τ) = 2λτ + E[p_{k+1} ∂σ/∂θ(x_k, τ)], σ = tanh(θx), where g changes sign from − to +: a minimum
 * of the Hamiltonian λτ² + E[p_{k+1} σ(x_k, τ)]. Newton's method from θ_k inside a bracket that always
 * shrinks: |τ| ≤ E|p_{k+1}x_k|/2λ at every root. It ends where a step no longer changes τ, to rounding. Of
 * several roots it is the one that these steps find.
 */
function rootAt({ particle, regularisation: λ, inputs }: Controlled, k: number, start: number): Root {
  const [x, p] = [particle.x[k]!, particle.p[k + 1]!];
  const reach = x.reduce((sum, xi, i) => sum + Math.abs(xi * p[i]!), 0) / inputs.length / (2 * λ);
  let [low, high, τ] = [-reach, reach, Math.max(-reach, Math.min(reach, start))];
  let [step, before] = [2 * reach, 2 * reach];
  for (let rounds = 1; ; rounds++) {
    const { value, slope } = particle.force(k, τ);
    const [g, curvature] = [2 * λ * τ + value, 2 * λ + slope];
    if (g < 0) low = τ;
    else high = τ;
    const newton = τ - g / curvature;
    // Newton's step, where it stays inside and is at most half of that before the last
    const good = curvature > 0 && newton >= low && newton <= high && Math.abs(newton - τ) <= before / 2;
    const next = good ? newton : (low + high) / 2;
    before = step;
    step = Math.abs(next - τ);
    τ = next;
    if (g === 0 || step <= 2 ** -52 * Math.max(Math.abs(τ), 2 ** -20 * reach)) return { τ, rounds };
  }
}

/** The fixed-point problem of shooting, with the minimisation that it solves. */
export interface Shooting extends Game {
  /** The cost over θ, with the residual of the maximum principle. */
  readonly cost: NeuralOde;
  /** out ← S(θ). Returns how often the equations were evaluated, in passes over all particles and times. */
  readonly shoot: (θ: Vector, out: Vector) => number;
}

/**
 * The maximum principle of {@link neuralOde} as a fixed-point problem: particles forward, costates backward,
 * then the equation of each time alone,
 *   F(θ) = θ − S(θ),  τ = S(θ)_k:  2λτ + E[p_{k+1} ∂σ/∂θ(x_k, τ)] = 0
 * with x and p of θ. F vanishes exactly where the maximum principle holds. For large λ, S is a contraction:
 * one solution, Lipschitz in time. With a step size of 1 and one inner step,
 *   km(stepSize=1, innerSteps=1, weight=r):  θ⁺ = (1 − r)θ + rS(θ)
 * is the authors' relaxation, and gda(stepSize=r) makes the same points at half of the calls. At a
 * solution the Jacobian of F is H⁻¹∇²f/dt, where H_k = 2λ + E[p_{k+1} ∂²σ/∂θ²], so that shooting is
 * gradient descent scaled by the curvature of the Hamiltonian; near a strict minimum with H > 0 it
 * converges for every small r, and for r = 1 only if no eigenvalue exceeds 2. For small λ there may be
 * several solutions, S may jump from one root to another, and no step be short enough. Products with the
 * Jacobian are exact where S does not jump.
 * Source: as {@link neuralOde}.
 */
export const neuralOdeShooting = game({
  name: 'neural-ode-shooting',
  about: 'one player: the maximum principle of neural-ode as a fixed-point problem, θ − S(θ) = 0',
  reference: 'Bonnet, Cipriani, Fornasier, Huang 2021, arXiv 2107.08707',
  options: neuralOdeTable,
  make(options): Shooting {
    const own = controlled('game neural-ode-shooting', options);
    const { particle, steps, regularisation: λ, control } = own;
    const shoot = (θ: Vector, out: Vector): number => {
      particle.forward(θ);
      particle.backward(θ);
      let rounds = 0;
      for (let k = 0; k < steps; k++) {
        const root = rootAt(own, k, θ[k]!);
        out[k] = root.τ;
        rounds += root.rounds / steps;
      }
      return rounds;
    };
    return {
      name: 'neural-ode-shooting',
      dim: steps,
      players: [{ name: 'θ', start: 0, end: steps }],
      start: Array<number>(steps).fill(control),
      operator(θ, out) {
        shoot(θ, out);
        for (let k = 0; k < steps; k++) out[k] = θ[k]! - out[k]!;
      },
      jacobianVector(θ, v, out, transposed) {
        const τ = new Float64Array(steps);
        shoot(θ, τ);
        const curvature = τ.map((at, k) => 2 * λ + particle.force(k, at).slope);
        // S moves by −along/curvature
        if (transposed) {
          particle.back(
            θ,
            curvature.map((c, k) => v[k]! / c),
            τ,
            out,
          );
          for (let k = 0; k < steps; k++) out[k] = v[k]! + out[k]!;
        } else {
          particle.along(θ, v, τ, out);
          for (let k = 0; k < steps; k++) out[k] = v[k]! + out[k]! / curvature[k]!;
        }
      },
      cost: costOf(own),
      shoot,
    };
  },
});
