import * as tf from '@tensorflow/tfjs-core';
import { InputError, shown, sizeOf, type Vector } from '@stillpoint/operators';
import { float32, type CompiledProblem, type EngineProblem } from './compiled.js';
import { computerFor, type Body, type Tensors } from './computer.js';
import { costOf, dynamicsOf, type ControlTensors, type NeuralOdeProblemOptions } from './neural-ode.js';
import { product, tied } from './products.js';
import type { NamedDense, NamedNumbers } from './samples.js';
import { separateMinima, type SearchEnd, type SearchLimits } from './separate-minima.js';
import { sourceOf } from './source.js';
import { tensorsOf } from './tensors.js';

/** Options of {@link shootingProblem}. */
export interface ShootingOptions<
  P extends ControlTensors,
  D extends NamedNumbers & { readonly x: unknown },
> extends NeuralOdeProblemOptions<P, D> {
  /** Of the equations of each time. Default: 20 Newton steps at most, to 1e-5. */
  readonly inner?: Partial<SearchLimits>;
}

/** S(θ), and how the search for it ended. */
export interface Shot {
  readonly next: Float32Array;
  /**
   * `converged`: every time’s equation is solved; `stalled`: no step lowers a Hamiltonian that is not at its
   * minimum; `rounds`: the Newton steps ran out.
   */
  readonly ended: SearchEnd;
  /** Newton steps. */
  readonly rounds: number;
}

/** The maximum principle as a fixed-point problem, with the minimisation that it solves. */
export interface ShootingProblem extends EngineProblem<NamedDense> {
  readonly start: Float32Array;
  /** As those of {@link neuralOdeProblem}. */
  readonly tensors: CompiledProblem['tensors'];
  /** The cost over θ. It is freed with this problem. */
  readonly cost: CompiledProblem;
  /** S(θ). The operator is θ less this. */
  readonly shoot: (θ: Vector) => Promise<Shot>;
  /** How often the searches of all questions so far ended in each way. */
  readonly searches: () => { readonly [end in SearchEnd]: number };
}

/**
 * The maximum principle of {@link neuralOdeProblem} as a fixed-point problem of one player,
 *   F(θ) = θ − S(θ),  S(θ)_k = argmin_τ λ|τ|² + Σ p_{k+1}·σ(x_k, τ)
 * with particles x forward and costates p backward under θ. The minimum is a local one, found from θ_k by
 * damped Newton steps. With λ large enough there is one solution. `km` with stepSize=1, innerSteps=1 and
 * weight=r makes θ⁺ = (1 − r)θ + rS(θ). F is no gradient: methods that ask for losses or transposed products
 * belong on `cost`. It takes all data at once.
 * @throws InputError as `neuralOdeProblem`, for draws and batches, and for limits that are not valid.
 */
export async function shootingProblem<
  const P extends ControlTensors,
  D extends NamedNumbers & { readonly x: unknown },
>(options: ShootingOptions<P, D>): Promise<ShootingProblem> {
  const dynamics = dynamicsOf('shootingProblem', options, ['inner']);
  const { owner, regularisation: λ, steps, layout, atTimes, field, terminal, forward } = dynamics;
  const { rounds = 20, tolerance = 1e-5 } = options.inner ?? {};
  if (!(Number.isSafeInteger(rounds) && rounds >= 1 && tolerance > 0))
    throw new InputError(
      `${owner}: inner is ${shown(options.inner)}; expected { rounds, tolerance } with a whole number > 0 and a number > 0`,
    );
  const source = sourceOf(owner, options);
  if (source.draw !== undefined || source.whole === undefined)
    throw new InputError(
      `${owner} has draws or batches; shooting takes all particles at once, as data without batch`,
    );
  const data = source.whole;
  const shape = data['x']!.shape;
  const length = steps * sizeOf(shape);
  const { engine = 'auto', threads = 1 } = options;
  const computer = computerFor(layout, source, { engine, threads }, { states: length, costates: length });

  const controlsOf = (z: tf.Tensor): readonly Tensors[] => atTimes(tensorsOf(layout, 0, z));
  /** x_0 … x_{K−1} and p_1 … p_K. */
  const sweep: Body = ({ z = [] }, sample) => {
    const θ = controlsOf(z[0]!);
    const x = forward(sample['x']!, θ);
    const p = [tf.grad((at) => tied(terminal(at, sample), [at]))(x[steps]!)];
    for (let k = steps - 1; k > 0; k--) {
      const later = p[0]!;
      const pulled = tf.grad((at) => tied(tf.sum(tf.mul(field(at, θ[k]!), later)), [at]))(x[k]!);
      p.unshift(tf.add(later, tf.mul(pulled, dynamics.dt)));
    }
    return { states: flat(x.slice(0, steps)), costates: flat(p) };
  };
  const hamiltonians = (τ: tf.Tensor, states: tf.Tensor, costates: tf.Tensor): readonly tf.Scalar[] => {
    const [x, p] = [split(states, steps, shape), split(costates, steps, shape)];
    return controlsOf(τ).map((now, k) => {
      const squares = Object.values(now).map((tensor) => tf.sum(tf.square(tensor)));
      return tf.sum(tf.add(tf.mul(tf.addN(squares), λ), tf.sum(tf.mul(field(x[k]!, now), p[k]!))));
    });
  };
  const total = (τ: tf.Tensor, states: tf.Tensor, costates: tf.Tensor): tf.Scalar =>
    tf.sum(tf.stack([...hamiltonians(τ, states, costates)]));
  const values: Body = ({ z = [], states = [], costates = [] }) => ({
    values: tf.stack([...hamiltonians(z[0]!, states[0]!, costates[0]!)]),
    gradient: tf.grad((τ) => total(τ, states[0]!, costates[0]!))(z[0]!),
  });
  const hessian: Body = ({ z = [], v = [], states = [], costates = [] }) => ({
    product: product([([τ]) => total(τ!, states[0]!, costates[0]!)], z, v),
  });

  const groupOf = new Int32Array(layout.dim);
  for (const { offset, shape: all } of layout.blocks)
    for (let j = 0; j < sizeOf(all); j++) groupOf[offset + j] = Math.floor(j / sizeOf(all.slice(1)));
  const counts: { [end in SearchEnd]: number } = { converged: 0, stalled: 0, rounds: 0 };
  const shoot = async (θ: Vector): Promise<Shot> => {
    const swept = await computer.run(sweep, data, { z: float32(owner, θ) });
    const [states, costates] = [swept['states']!.slice(), swept['costates']!.slice()];
    const next = Float32Array.from(θ);
    const found = await separateMinima(
      {
        groups: steps,
        groupOf,
        curvature: 2 * λ,
        async at(z) {
          const made = await computer.run(values, data, { z, states, costates });
          return { values: made['values']!, gradient: made['gradient']! };
        },
        product: async (z, v) => (await computer.run(hessian, data, { z, v, states, costates }))['product']!,
      },
      next,
      { rounds, tolerance },
    );
    counts[found.ended]++;
    return { next, ...found };
  };
  const cost = await costOf(dynamics, options);
  const { name, dim, players, blocks, start, about, initialise, tensors } = cost;
  return {
    name,
    identity: { shooting: cost.identity ?? null, rounds, tolerance },
    engine: cost.engine,
    about,
    dim,
    players,
    start,
    ...(blocks && { blocks }),
    initialise,
    tensors,
    async operator(θ, out) {
      const { next } = await shoot(θ);
      for (let j = 0; j < dim; j++) out[j] = θ[j]! - next[j]!;
    },
    cost,
    shoot,
    searches: () => ({ ...counts }),
    async dispose() {
      await Promise.all([computer.dispose(), cost.dispose()]);
    },
  };
}

const flat = (tensors: readonly tf.Tensor[]): tf.Tensor => tf.reshape(tf.stack([...tensors]), [-1]);
const split = (all: tf.Tensor, count: number, shape: readonly number[]): readonly tf.Tensor[] =>
  // tfjs has no gradient of a split into one part
  (count === 1 ? [all] : tf.split(all, count)).map((part) => tf.reshape(part, [...shape]));
