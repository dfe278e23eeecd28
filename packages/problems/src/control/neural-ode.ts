import { InputError, dot, randomFrom, type Full, type Vector } from '@stillpoint/operators';
import { minimisationWithBatches } from '../kinds/minimisation.js';
import { finiteSum, indicesOf, type FiniteSumGame } from '../minimisations/finite-sum.js';
import * as option from '../options.js';
import { particlesOf, type Particles } from './particles.js';

/** Options of {@link neuralOde} and {@link neuralOdeShooting}: what is accepted, and the defaults. */
export const neuralOdeTable = {
  regularisation: option.number({ about: 'weight of ∫θ²', symbol: 'λ', above: 0, default: 0.1 }),
  particles: option.integer({
    about: 'particles of each of the two clusters',
    symbol: 'N',
    from: 1,
    to: 100_000,
    default: 100,
  }),
  radius: option.number({
    about: 'half of the width of a cluster',
    symbol: 'R',
    above: 0,
    to: 4,
    default: 0.2,
  }),
  horizon: option.number({
    about: 'final time',
    symbol: 'T',
    above: 0,
    default: 1,
  }),
  steps: option.integer({
    about: 'Euler’s steps: entries of θ',
    symbol: 'K',
    from: 1,
    to: 10_000,
    default: 10,
  }),
  control: option.number({ about: 'θ at the start, at every time', default: 0 }),
  inputs: option.numbers({ about: 'where particles start', otherwise: 'two seeded clusters', default: null }),
  targets: option.numbers({
    about: 'where they should end',
    otherwise: 'those of the clusters',
    default: null,
  }),
  seed: option.seed({ default: 1 }),
};

/** Options of {@link neuralOde} and {@link neuralOdeShooting}, each with its value. */
export type NeuralOdeOptions = Full<typeof neuralOdeTable>;

/** A control problem of particles, as a minimisation over the control θ. */
export interface NeuralOde extends FiniteSumGame {
  readonly inputs: readonly number[];
  readonly targets: readonly number[];
  /** Euler’s step, T/K. */
  readonly dt: number;
  /** x_0 … x_K under the control θ, an entry for every particle. */
  readonly trajectories: (θ: Vector) => readonly Float64Array[];
  /**
   * 2λθ_k + E[p_{k+1} ∂σ/∂θ(x_k, θ_k)] for each k, σ(x, θ) = tanh(θx): 0 where the maximum principle holds.
   */
  readonly maximumPrinciple: (θ: Vector) => Float64Array;
}

/**
 * The largest absolute value of 2λθ_k + E[p_{k+1} ∂σ/∂θ(x_k, θ_k)] over k: how far θ is from the maximum
 * principle.
 */
export const maximumPrincipleResidual = ({ maximumPrinciple }: NeuralOde, θ: Vector): number =>
  maximumPrinciple(θ).reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);

/** The options, and particles with their costates. */
export interface Controlled extends NeuralOdeOptions {
  readonly inputs: readonly number[];
  readonly targets: readonly number[];
  readonly dt: number;
  readonly particle: Particles;
}

/** N numbers of a normal law that is cut off at ±R. */
function cutNormals(count: number, radius: number, seed: number, purpose: string): readonly number[] {
  const random = randomFrom({ seed, purpose })(0);
  return Array.from({ length: count }, () => {
    for (;;) {
      const x = radius * (2 * random.uniform() - 1);
      if (random.uniform() <= Math.exp((-x * x) / 2)) return x;
    }
  });
}

/** The particles of options. @throws InputError for inputs without targets. */
export function controlled(owner: string, options: NeuralOdeOptions): Controlled {
  const { particles, radius, horizon, steps, seed } = options;
  if ((options.inputs === null) !== (options.targets === null))
    throw new InputError(`${owner}: inputs and targets go together; expected both, or none`);
  const sides = [1, -1] as const;
  const inputs =
    options.inputs ??
    sides.flatMap((side) => cutNormals(particles, radius, seed, `cluster ${side}`).map((x) => side + x));
  const targets = options.targets ?? sides.flatMap((side) => Array<number>(particles).fill(2 * side));
  if (inputs.length !== targets.length)
    throw new InputError(
      `${owner}: ${targets.length} targets for ${inputs.length} inputs; expected one for each`,
    );
  const dt = horizon / steps;
  const particle = particlesOf(Float64Array.from(inputs), Float64Array.from(targets), steps, dt);
  return { ...options, inputs, targets, dt, particle };
}

/**
 * A residual network as a control problem (NeurODE): particles follow x′ = σ(x, θ(t)), σ(x, θ) = tanh(θx),
 * up to the time T, and should end at their targets y,
 *   f(θ) = E|x_K − y|² + λ dt Σ θ_k²,  x_{k+1} = x_k + dt·σ(x_k, θ_k)
 *   ∇f_k = dt(2λθ_k + E[p_{k+1} ∂σ/∂θ(x_k, θ_k)]),  p_K = 2(x_K − y),  p_k = p_{k+1}(1 + dt ∂σ/∂x(x_k, θ_k))
 * by the adjoint, exact for these steps. Entry k in brackets vanishes where the maximum principle holds, so
 * that ‖∇f‖/√dt is its residual in L²(0, T), and `maximumPrincipleResidual` the largest |entry| in brackets.
 *
 * It is a finite sum over particles. By default they are N of each of two clusters, around ±1 with the
 * targets ±2, of a normal law cut off at ±R, as in the authors' code. Source: Bonnet, Cipriani, Fornasier,
 * Huang, "A measure theoretical approach to the mean-field maximum principle for training NeurODEs", 2021,
 * arXiv 2107.08707.
 */
export const neuralOde = minimisationWithBatches({
  name: 'neural-ode',
  about:
    'particles that a control moves to their targets in time, a finite sum: a residual network by layers',
  reference: 'Bonnet, Cipriani, Fornasier, Huang 2021, arXiv 2107.08707',
  shown: { method: 'lbfgs' },
  options: neuralOdeTable,
  make: (options): NeuralOde => costOf(controlled('minimisation neural-ode', options)),
});

/** The minimisation of {@link neuralOde}. */
export function costOf({ particle, inputs, targets, dt, steps, ...rest }: Controlled): NeuralOde {
  const { regularisation: λ, control } = rest;
  const principle = (θ: Vector, out: Vector, some?: readonly number[]): void => {
    particle.forward(θ, some);
    particle.backward(θ, some);
    for (let k = 0; k < steps; k++) out[k] = 2 * λ * θ[k]! + particle.force(k, θ[k]!, some).value;
  };
  const scaled = (out: Vector): void => {
    for (let k = 0; k < steps; k++) out[k] = dt * out[k]!;
  };
  return {
    ...finiteSum({
      name: 'neural-ode',
      dim: steps,
      terms: inputs.length,
      start: Array<number>(steps).fill(control),
      gradient(θ, out, some) {
        principle(θ, out, some);
        scaled(out);
      },
      loss: (θ, some) => particle.forward(θ, some) + λ * dt * dot(θ, θ),
    }),
    jacobianVector(θ, v, out, _transposed, asked) {
      const some = indicesOf(asked?.sample);
      particle.forward(θ, some);
      particle.backward(θ, some);
      particle.along(θ, v, θ, out, some);
      for (let k = 0; k < steps; k++)
        out[k] = out[k]! + (2 * λ + particle.force(k, θ[k]!, some).slope) * v[k]!;
      scaled(out);
    },
    inputs,
    targets,
    dt,
    trajectories(θ) {
      particle.forward(θ);
      return particle.x.map((x) => x.slice());
    },
    maximumPrinciple(θ) {
      const out = new Float64Array(steps);
      principle(θ, out);
      return out;
    },
  };
}
