import * as tf from '@tensorflow/tfjs-core';
import { compile, type EngineName } from '@stillpoint/engine';
import {
  InputError,
  distance,
  minimumNorm,
  norm,
  shown,
  sizeOf,
  unknownName,
  type Vector,
} from '@stillpoint/operators';
import { countBuffers, countParameters, unflatten, type Network } from '../network.js';

/** What {@link optimumShift} and {@link optimumShifter} have in common. */
interface SharedOptions {
  readonly network: Network;
  /** Examples on which the network's outputs are compared, flat [m, inputs]. Default: `examples`. */
  readonly guard?: Float32Array;
  /** The largest relative change of the outputs on `guard` that is accepted. Default 0.01. */
  readonly tolerance?: number;
  /** The layer's matrix, [inputs, outputs], by its name. Default: the last matrix. */
  readonly layer?: string;
  /**
   * What the layer is given, [n, its inputs], from all parameters and examples [n, inputs], in tfjs code.
   * Default: it is found by forward passes, which takes a layer in which the network's outputs are linear.
   */
  readonly features?: (parameters: readonly tf.Tensor[], x: tf.Tensor) => tf.Tensor;
  readonly engine?: EngineName | 'auto';
  /** Default 1. */
  readonly threads?: number;
}

/** Options of {@link optimumShift}. */
export interface OptimumShiftOptions extends SharedOptions {
  /** Its parameters, as a point of its problem. */
  readonly z: Float32Array;
  /**
   * The examples on which the layer's outputs stay, flat [n, inputs]; n below the layer's inputs, or nothing
   * can move.
   */
  readonly examples: Float32Array;
}

/** Options of {@link optimumShifter}. */
export interface OptimumShifterOptions extends SharedOptions {
  /** n, the examples of a batch. */
  readonly batch: number;
}

/** Makes stochastic optimum shifts while a network is trained. */
export interface OptimumShifter {
  /**
   * Parameters with the layer's matrix of least norm for a batch of examples, flat [n, inputs]; those given
   * if outputs on the guard would change too much. z as training has it, which must be in float32.
   */
  readonly shift: (z: Vector, examples: Float32Array) => Promise<OptimumShift>;
  /** Frees the engine's memory. */
  readonly dispose: () => Promise<void>;
}

/** What {@link optimumShift} returns. */
export interface OptimumShift {
  /** The parameters with the layer's matrix of least norm; those given if it was not accepted. */
  readonly z: Float32Array;
  readonly accepted: boolean;
  /** ‖new − old outputs‖/‖old outputs‖ on `guard`, of the matrix of least norm. */
  readonly change: number;
  /** ‖V‖ before, and of least norm. */
  readonly norm: readonly [before: number, after: number];
  /** The rank of the layer's inputs on `examples`. */
  readonly rank: number;
}

/** A matrix among the parameters: V of [rows, columns], at `offset` of z. */
interface Matrix {
  readonly name: string;
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
}

/** @throws InputError if there is no such matrix. */
function matrixOf({ describe, parameters }: Network, layer: string | undefined): Matrix {
  const matrices: Matrix[] = [];
  let offset = 0;
  for (const { name, shape } of parameters) {
    const [rows = 0, columns = 0] = shape;
    if (shape.length === 2) matrices.push({ name, offset, rows, columns });
    offset += sizeOf(shape);
  }
  const found = layer === undefined ? matrices.at(-1) : matrices.find(({ name }) => name === layer);
  if (found !== undefined) return found;
  if (layer === undefined)
    throw new InputError(
      `optimumShift: the network ${describe} has no matrix among its parameters; expected a linear layer`,
    );
  throw unknownName(
    'linear layer of the network',
    layer,
    matrices.map(({ name }) => name),
  );
}

/** ‖a − b‖/‖b‖. */
function relativeChange(a: Float32Array, b: Float32Array): number {
  const [change, size] = [distance(a, b), norm(b)];
  return size > 0 ? change / size : change > 0 ? Infinity : 0;
}
/** Relative change of outputs that counts as rounding, in float32 and over a layer's sums. */
const ROUNDING = 1e-3;

/**
 * Optimum shifting: replaces the matrix V of a linear layer by the one of least norm that gives the same
 * outputs,
 *   V* = A⁺(AV) = Aᵀ(AAᵀ)⁻¹AV for A of full row rank, A [n, p] what the layer is given on n < p examples
 * The loss on these examples stays; the bound on the trace of its Hessian, which grows with ‖V‖², falls. It
 * has no step size. On a batch outputs on other examples change unless their features are near those of the
 * batch, as after neural collapse: so it is accepted only if outputs on `guard` change by `tolerance` at
 * most. Batch norm has the moments of the examples that it is given. {@link optimumShifter} does it while a
 * network is trained.
 *
 * Cost: p/outputs forward passes without `features`, and some 50·n·p·min(n, p) operations.
 * Source: Zhou, Li, Feng, Huang, "Improving generalization of deep neural networks by optimum shifting",
 * 2024, arXiv 2405.14111.
 * @throws InputError for lengths that do not fit, a network that takes labels or keeps numbers between steps
 *   (spectral normalisation does), an unknown layer, and a layer in which the outputs are not
 *   linear where no `features` are given.
 */
export async function optimumShift({ z, examples, ...rest }: OptimumShiftOptions): Promise<OptimumShift> {
  checkExamples('examples', examples, rest.network);
  const shifter = await optimumShifter({ ...rest, batch: examples.length / rest.network.inputs });
  try {
    return await shifter.shift(z, examples);
  } finally {
    await shifter.dispose();
  }
}

/**
 * Stochastic optimum shifting: {@link optimumShift} with another batch each time, compiled once. With `train`
 * it is the option `moves`:
 *   moves: { every: 100, to: async (z, steps) => (await shifter.shift(z, batchOf(steps))).z }
 * Its forward passes are not calls of the problem: they are not in the run's ledger.
 * @throws InputError as {@link optimumShift} does.
 */
export async function optimumShifter(options: OptimumShifterOptions): Promise<OptimumShifter> {
  const { network, batch: n, guard, tolerance = 0.01, layer, features } = options;
  const { engine = 'auto', threads = 1 } = options;
  const { describe, inputs, outputs } = network;
  if (network.classes !== undefined || countBuffers(network) > 0)
    throw new InputError(
      `optimumShift: the network ${describe} ${network.classes === undefined ? 'keeps numbers between steps' : 'takes labels'}; expected one whose outputs are a function of its parameters and examples alone`,
    );
  if (!Number.isSafeInteger(n) || n < 1)
    throw new InputError(`optimumShifter: batch is ${shown(n)}; expected a whole number > 0, such as 20`);
  if (guard !== undefined) checkExamples('guard', guard, network);
  if (!(tolerance >= 0))
    throw new InputError(`optimumShift: tolerance is ${shown(tolerance)}; expected a number >= 0`);
  const size = countParameters(network);
  const matrix = matrixOf(network, layer);
  const { name, offset, rows: p, columns: q } = matrix;
  if (features === undefined && q !== outputs) throw notLinear(name, network);
  const forward = await forwardOf(network, features, n, { engine, threads });
  const guarded = guard && (await forwardOf(network, undefined, guard.length / inputs, { engine, threads }));

  /** A [n, p], what the layer is given on these examples. */
  async function given(z: Float32Array, x: Float32Array, withMatrix: Replaced): Promise<Float64Array> {
    if (features !== undefined) {
      const found = await forward.features(z, x);
      if (found.length !== n * p)
        throw new InputError(
          `optimumShift: features returned ${found.length} numbers for ${n} examples; expected ${p} each, the inputs of ${name}`,
        );
      return Float64Array.from(found);
    }
    const A = await probedFeatures(matrix, n, (values) => forward.outputs(withMatrix(values), x));
    const bias = (await forward.outputs(withMatrix(new Float32Array(p * q)), x)).slice();
    const expected = bias.map((b, at) => {
      const [i, o] = [Math.floor(at / q), at % q];
      let sum = b;
      for (let k = 0; k < p; k++) sum += A[i * p + k]! * z[offset + k * q + o]!;
      return sum;
    });
    if (relativeChange(expected, await forward.outputs(z, x)) > ROUNDING) throw notLinear(name, network);
    return A;
  }

  return {
    async shift(z, examples) {
      if (!(z instanceof Float32Array && z.length === size))
        throw new InputError(
          `optimumShift: z is ${shown(z)}; expected a Float32Array of the ${size} parameters of ${describe}`,
        );
      checkExamples('examples', examples, network, n);
      const withMatrix: Replaced = (values) => {
        const moved = z.slice();
        moved.set(values, offset);
        return moved;
      };
      const V = z.slice(offset, offset + p * q);
      const seen = (at: Float32Array): Promise<Float32Array> =>
        guarded === undefined ? forward.outputs(at, examples) : guarded.outputs(at, guard!);
      const old = (await seen(z)).slice();
      const { V: least, rank } = minimumNorm(await given(z, examples, withMatrix), Float64Array.from(V), {
        rows: n,
        columns: p,
        rounding: 2 ** -23,
      });
      const moved = withMatrix(least);
      const change = relativeChange(await seen(moved), old);
      const accepted = change <= tolerance;
      return { z: accepted ? moved : z.slice(), accepted, change, norm: [norm(V), norm(least)], rank };
    },
    async dispose() {
      await Promise.all([forward.dispose(), guarded?.dispose()]);
    },
  };
}

/** Parameters with other numbers in the layer's matrix. */
type Replaced = (values: ArrayLike<number>) => Float32Array;

/** @throws InputError if these are not examples of the network, or not `count` of them. */
function checkExamples(name: string, given: Float32Array, { inputs }: Network, count?: number): void {
  const whole = given instanceof Float32Array && given.length > 0 && given.length % inputs === 0;
  if (!whole || (count !== undefined && given.length !== count * inputs))
    throw new InputError(
      `optimumShift: ${name} is ${shown(given)}; expected a Float32Array of ${count === undefined ? '' : `${count} `}examples with ${inputs} numbers each`,
    );
}

const notLinear = (name: string, { describe }: Network): InputError =>
  new InputError(
    `optimumShift: the outputs of ${describe} are not linear in ${name}; expected the last linear layer, or features, a function that returns what this layer is given`,
  );

/** The compiled network on n examples, and what a layer is given. */
async function forwardOf(
  network: Network,
  features: SharedOptions['features'],
  n: number,
  of: { readonly engine: EngineName | 'auto'; readonly threads: number },
) {
  const inputs = { z: [countParameters(network)], x: [n, network.inputs] };
  type Given = { readonly [name in 'z' | 'x']: tf.Tensor };
  const whole = await compile(
    ({ z, x }: Given) => ({ outputs: network.apply(unflatten(z, network), x, {}) }),
    { inputs, ...of },
  );
  const part =
    features &&
    (await compile(({ z, x }: Given) => ({ found: features(unflatten(z, network), x) }), { inputs, ...of }));
  return {
    outputs: async (z: Float32Array, x: Float32Array) => (await whole.run({ z, x })).outputs,
    features: async (z: Float32Array, x: Float32Array) => (await part!.run({ z, x })).found,
    dispose: () => Promise.all([whole.dispose(), part?.dispose()]),
  };
}

/** A [n, p] of outputs AV + b: column k is what V = e_k adds to b, as many at a time as there are outputs. */
async function probedFeatures(
  { rows: p, columns: q }: Matrix,
  n: number,
  outputsWith: (V: Float32Array) => Promise<Float32Array>,
): Promise<Float64Array> {
  const V = new Float32Array(p * q);
  const bias = (await outputsWith(V)).slice();
  const A = new Float64Array(n * p);
  for (let first = 0; first < p; first += q) {
    const some = Math.min(q, p - first);
    V.fill(0);
    for (let o = 0; o < some; o++) V[(first + o) * q + o] = 1;
    const found = await outputsWith(V);
    for (let i = 0; i < n; i++)
      for (let o = 0; o < some; o++) A[i * p + first + o] = found[i * q + o]! - bias[i * q + o]!;
  }
  return A;
}
