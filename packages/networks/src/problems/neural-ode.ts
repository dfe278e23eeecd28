import * as tf from '@tensorflow/tfjs-core';
import { InputError, contentHash, shown } from '@stillpoint/operators';
import type { Shape } from '../layers/layer.js';
import type { Start } from '../user/functions.js';
import { ownerOf, sharedOptions, type CompiledProblem, type FromOptions } from './compiled.js';
import type { Tensors } from './computer.js';
import { problemFromLosses } from './from-losses.js';
import type { NamedNumbers } from './samples.js';
import { layoutOf, settled, strictly, type Layout } from './tensors.js';

/** The tensors of the control at one time: a shape, or a shape with its start. */
export type ControlTensors = { readonly [tensor: string]: Shape | Start };

/** Options of {@link neuralOdeProblem} and {@link shootingProblem}. */
export interface NeuralOdeProblemOptions<
  P extends ControlTensors,
  D extends NamedNumbers & { readonly x: unknown },
> extends FromOptions<D> {
  /**
   * θ at one time, as the tensors of a player of {@link problemFromLosses}. The control has one of these for
   * each step; all start alike.
   */
  readonly parameters: P;
  /** σ(x, θ), of the shape of x [particles, …], in tfjs code that can be traced. */
  readonly field: (x: tf.Tensor, θ: { readonly [tensor in keyof P]: tf.Tensor }) => tf.Tensor;
  /**
   * The loss at the time T, a scalar, of the particles and of a sample, or of all data. `data.x` is where
   * particles start. If it is a mean over particles, methods may ask for any of them.
   */
  readonly terminal: (x: tf.Tensor, sample: { readonly [name in keyof D]: tf.Tensor }) => tf.Tensor;
  /** λ > 0, the weight of ∫|θ|². */
  readonly regularisation: number;
  /** T. Default 1. */
  readonly horizon?: number;
  /** K, Euler’s steps. Default 10. */
  readonly steps?: number;
}

const ownOptions = ['parameters', 'field', 'terminal', 'regularisation', 'horizon', 'steps'] as const;

/** The options, checked, and how particles move. */
export interface Dynamics {
  readonly owner: string;
  readonly regularisation: number;
  readonly steps: number;
  /** Euler’s step, T/K. */
  readonly dt: number;
  /** The control of all times, as tensors of problemFromLosses. */
  readonly control: { readonly [tensor: string]: Start };
  /** Where its tensors lie. */
  readonly layout: Layout;
  /** θ_0 … θ_{K−1} of the tensors of all times. */
  readonly atTimes: (control: Tensors) => readonly Tensors[];
  readonly field: (x: tf.Tensor, θ: Tensors) => tf.Tensor;
  readonly terminal: (x: tf.Tensor, sample: Tensors) => tf.Scalar;
  /** x_0 … x_K. */
  readonly forward: (x: tf.Tensor, θ: readonly Tensors[]) => readonly tf.Tensor[];
}

/** Reads the options. @throws InputError that names what is wrong. */
export function dynamicsOf<P extends ControlTensors, D extends NamedNumbers & { readonly x: unknown }>(
  caller: string,
  options: NeuralOdeProblemOptions<P, D>,
  more: readonly string[] = [],
): Dynamics {
  const owner = ownerOf(caller, options, [...sharedOptions, ...ownOptions, ...more]);
  const { field, terminal, regularisation, horizon = 1, steps = 10, parameters, data, draw } = options;
  for (const [name, given, example] of [
    ['field', field, '(x, { w }) => tf.tanh(tf.matMul(x, w))'],
    ['terminal', terminal, '(x, { y }) => tf.mean(tf.square(tf.sub(x, y)))'],
  ] as const)
    if (typeof given !== 'function')
      throw new InputError(`${owner}: ${name} is ${shown(given)}; expected a function, as ${example}`);
  for (const [name, given] of Object.entries({ regularisation, horizon }))
    if (!(Number.isFinite(given) && given > 0))
      throw new InputError(`${owner}: ${name} is ${shown(given)}; expected a number > 0`);
  if (!(Number.isSafeInteger(steps) && steps >= 1))
    throw new InputError(`${owner}: steps is ${shown(steps)}; expected a whole number > 0`);
  if (draw === undefined && (data === undefined || !('x' in data)))
    throw new InputError(
      `${owner}: data is ${shown(data)}; expected arrays of which x is where particles start, as { x: [[1, 0], [0, 1]], y: … }`,
    );
  const once = layoutOf(owner, { control: parameters });
  const dt = horizon / steps;
  const control = Object.fromEntries(
    once.blocks.map(({ tensor, shape, start }) => [tensor, sameAtTimes(steps, shape, start)]),
  );
  const fieldAt = (x: tf.Tensor, θ: Tensors): tf.Tensor => {
    const made = settled(
      owner,
      'field',
      Reflect.apply(field, undefined, [x, strictly(`parameter of ${owner}`, θ)]),
    );
    if (!(made instanceof tf.Tensor) || String(made.shape) !== String(x.shape))
      throw new InputError(
        `${owner}: field returns ${made instanceof tf.Tensor ? `a tensor of shape [${made.shape.join(',')}]` : shown(made)}; expected one of the shape of x, [${x.shape.join(',')}]`,
      );
    return made;
  };
  return {
    owner,
    regularisation,
    steps,
    dt,
    control,
    layout: layoutOf(owner, { control }),
    atTimes(tensors) {
      const each = Object.entries(tensors).map(([name, tensor]): readonly [string, readonly tf.Tensor[]] => [
        name,
        // tfjs has no gradient of a split into one part
        (steps === 1 ? [tensor] : tf.split(tensor, steps)).map((part) =>
          tf.reshape(part, tensor.shape.slice(1)),
        ),
      ]);
      return Array.from({ length: steps }, (_, k) =>
        Object.fromEntries(each.map(([name, parts]) => [name, parts[k]!])),
      );
    },
    field: fieldAt,
    terminal(x, sample) {
      const loss = settled(
        owner,
        'terminal',
        Reflect.apply(terminal, undefined, [x, strictly(`data of ${owner}`, sample)]),
      );
      if (!(loss instanceof tf.Tensor) || loss.size !== 1)
        throw new InputError(
          `${owner}: terminal returns ${loss instanceof tf.Tensor ? `a tensor of shape [${loss.shape.join(',')}]` : shown(loss)}; expected a scalar, as tf.mean(…) returns`,
        );
      return tf.reshape(loss, []);
    },
    forward(x, θ) {
      const all = [x];
      for (const now of θ) {
        const at = all.at(-1)!;
        all.push(tf.add(at, tf.mul(fieldAt(at, now), dt)));
      }
      return all;
    },
  };
}

/** The start of a tensor with an entry for each time: that of one time, repeated. */
const sameAtTimes = (steps: number, shape: Shape, start: Start): Start => ({
  shape: [steps, ...shape],
  fill(values, stream) {
    const size = values.length / steps;
    start.fill(values.subarray(0, size), stream);
    for (let k = 1; k < steps; k++) values.copyWithin(k * size, 0, size);
  },
});

/**
 * A residual network as a control problem (NeurODE) with a field of your own, x′ = σ(x, θ(t)) up to T, as a
 * minimisation over the controls of all times:
 *   f(θ) = terminal(x_K) + λ dt Σ |θ_k|²,  x_{k+1} = x_k + dt·σ(x_k, θ_k)
 * ∇f is the adjoint of these steps, exact for them. Each entry of ∇f/dt is one of 2λθ_k + E[p_{k+1} ∂σ/∂θ],
 * which is 0 where the maximum principle holds. Every method for one player runs on it; otherwise as
 * {@link problemFromLosses}. {@link shootingProblem} is its maximum principle.
 * Source: Bonnet, Cipriani, Fornasier, Huang, "A measure theoretical approach to the mean-field maximum
 * principle for training NeurODEs", 2021, arXiv 2107.08707.
 * @throws InputError for options that are not valid, a field of another shape than x, a terminal loss that is
 *   no scalar.
 */
export async function neuralOdeProblem<
  const P extends ControlTensors,
  D extends NamedNumbers & { readonly x: unknown },
>(options: NeuralOdeProblemOptions<P, D>): Promise<CompiledProblem> {
  return costOf(dynamicsOf('neuralOdeProblem', options), options);
}

/** The minimisation of {@link neuralOdeProblem}. */
export async function costOf<D extends NamedNumbers>(
  dynamics: Dynamics,
  options: FromOptions<D> & { readonly field: unknown; readonly terminal: unknown },
): Promise<CompiledProblem> {
  const { owner, regularisation: λ, steps, dt, control, atTimes, forward, terminal } = dynamics;
  const { data, batch, draw, seed, facts, engine, threads, field, terminal: ending } = options;
  const problem = await problemFromLosses({
    name: owner,
    ...(data && { data }),
    ...(batch !== undefined && { batch }),
    ...(draw && { draw }),
    ...(seed !== undefined && { seed }),
    ...(facts && { facts }),
    ...(engine && { engine }),
    ...(threads !== undefined && { threads }),
    players: { control },
    losses({ control: tensors }, sample: Tensors) {
      const end = forward(sample['x']!, atTimes(tensors)).at(-1)!;
      const size = Object.values(tensors).map((tensor) => tf.sum(tf.square(tensor)));
      return { control: tf.add(terminal(end, sample), tf.mul(tf.addN(size), λ * dt)) };
    },
  });
  return {
    ...problem,
    identity: {
      of: problem.identity ?? null,
      code: [contentHash(String(field)), contentHash(String(ending))],
      regularisation: λ,
      steps,
      dt,
    },
  };
}
