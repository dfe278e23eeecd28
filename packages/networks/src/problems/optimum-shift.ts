import * as tf from '@tensorflow/tfjs-core';
import { compile, type EngineName } from '@stillpoint/engine';
import { InputError, distance, minimumNorm, norm, shown, sizeOf, unknownName } from '@stillpoint/operators';
import { countBuffers, countParameters, unflatten, type Network } from '../network.js';

/** Options of {@link optimumShift}. */
export interface OptimumShiftOptions {
  readonly network: Network;
  /** Its parameters, as a point of its problem. */
  readonly z: Float32Array;
  /**
   * The examples on which the layer's outputs stay, flat [n, inputs]; n below the layer's inputs, or nothing
   * can move. A batch is the stochastic form.
   */
  readonly examples: Float32Array;
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
 * has no step size. On a batch (stochastic optimum shifting) outputs on other examples change unless their
 * features are near those of the batch, as after neural collapse: so it is accepted only if outputs on
 * `guard` change by `tolerance` at most. Batch norm has the moments of the examples that it is given.
 *
 * Cost: p/outputs forward passes without `features`, and some 50·n·p·min(n, p) operations.
 * Source: Zhou, Li, Feng, Huang, "Improving generalization of deep neural networks by optimum shifting",
 * 2024, arXiv 2405.14111.
 * @throws InputError for lengths that do not fit, a network that takes labels or keeps numbers between steps
 *   (spectral normalisation does), an unknown layer, and a layer in which the outputs are not
 *   linear where no `features` are given.
 */
export async function optimumShift(options: OptimumShiftOptions): Promise<OptimumShift> {
  const { network, z, examples, guard = examples, tolerance = 0.01, engine = 'auto', threads = 1 } = options;
  const { layer, features } = options;
  const { describe, inputs, outputs } = network;
  if (network.classes !== undefined || countBuffers(network) > 0)
    throw new InputError(
      `optimumShift: the network ${describe} ${network.classes === undefined ? 'keeps numbers between steps' : 'takes labels'}; expected one whose outputs are a function of its parameters and examples alone`,
    );
  const size = countParameters(network);
  if (!(z instanceof Float32Array && z.length === size))
    throw new InputError(
      `optimumShift: z is ${shown(z)}; expected a Float32Array of the ${size} parameters of ${describe}`,
    );
  for (const [name, given] of Object.entries({ examples, guard }))
    if (!(given instanceof Float32Array && given.length > 0 && given.length % inputs === 0))
      throw new InputError(
        `optimumShift: ${name} is ${shown(given)}; expected a Float32Array of examples with ${inputs} numbers each`,
      );
  if (!(tolerance >= 0))
    throw new InputError(`optimumShift: tolerance is ${shown(tolerance)}; expected a number >= 0`);
  const matrix = matrixOf(network, layer);
  const { name, offset, rows: p, columns: q } = matrix;
  const n = examples.length / inputs;
  const withMatrix = (values: ArrayLike<number>): Float32Array => {
    const moved = z.slice();
    moved.set(values, offset);
    return moved;
  };
  const V = z.slice(offset, offset + p * q);
  const forward = await forwardOf(network, features, examples, { engine, threads });
  const same = guard === examples;
  const guarded = same ? forward : await forwardOf(network, undefined, guard, { engine, threads });
  try {
    const old = (await guarded.outputs(z)).slice();
    let A: Float64Array;
    if (features === undefined) {
      if (q !== outputs) throw notLinear(name, network);
      A = await probedFeatures(matrix, n, (values) => forward.outputs(withMatrix(values)));
      const bias = (await forward.outputs(withMatrix(new Float32Array(p * q)))).slice();
      const expected = bias.map((b, at) => {
        const [i, o] = [Math.floor(at / q), at % q];
        let sum = b;
        for (let k = 0; k < p; k++) sum += A[i * p + k]! * V[k * q + o]!;
        return sum;
      });
      if (relativeChange(expected, await forward.outputs(z)) > ROUNDING) throw notLinear(name, network);
    } else {
      const found = await forward.features(z);
      if (found.length !== n * p)
        throw new InputError(
          `optimumShift: features returned ${found.length} numbers for ${n} examples; expected ${p} each, the inputs of ${name}`,
        );
      A = Float64Array.from(found);
    }
    const { V: least, rank } = minimumNorm(A, Float64Array.from(V), {
      rows: n,
      columns: p,
      rounding: 2 ** -23,
    });
    const moved = withMatrix(least);
    const change = relativeChange(await guarded.outputs(moved), old);
    const accepted = change <= tolerance;
    return { z: accepted ? moved : z.slice(), accepted, change, norm: [norm(V), norm(least)], rank };
  } finally {
    await Promise.all([forward.dispose(), ...(same ? [] : [guarded.dispose()])]);
  }
}

const notLinear = (name: string, { describe }: Network): InputError =>
  new InputError(
    `optimumShift: the outputs of ${describe} are not linear in ${name}; expected the last linear layer, or features, a function that returns what this layer is given`,
  );

/** The compiled network on these examples, and what a layer is given. */
async function forwardOf(
  network: Network,
  features: OptimumShiftOptions['features'],
  examples: Float32Array,
  of: { readonly engine: EngineName | 'auto'; readonly threads: number },
) {
  const inputs = { z: [countParameters(network)], x: [examples.length / network.inputs, network.inputs] };
  type Given = { readonly [name in 'z' | 'x']: tf.Tensor };
  const whole = await compile(
    ({ z, x }: Given) => ({ outputs: network.apply(unflatten(z, network), x, {}) }),
    { inputs, ...of },
  );
  const part =
    features &&
    (await compile(({ z, x }: Given) => ({ found: features(unflatten(z, network), x) }), { inputs, ...of }));
  return {
    outputs: async (z: Float32Array) => (await whole.run({ z, x: examples })).outputs,
    features: async (z: Float32Array) => (await part!.run({ z, x: examples })).found,
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
