import * as tf from '@tensorflow/tfjs-core';
import { InputError, contentHash, normal, type Stream, sizeOf } from '@stillpoint/operators';
import { initialiserFrom } from '../initialise/registry.js';
import { normaliseByBatch } from '../layers/batch-norm.js';
import type { Context, Network } from '../network.js';

/** How a parameter starts: its shape, and the function that fills it from a stream of random numbers. */
export interface Start {
  readonly shape: readonly number[];
  /** Writes the starting values, a pure function of the stream. */
  readonly fill: (values: Float32Array, stream: Stream) => void;
}

/** Ways to start a parameter. */
export const start: {
  /** N(mean, deviation²). */
  readonly normal: (shape: readonly number[], deviation: number, mean?: number) => Start;
  /** Every entry the same. */
  readonly constant: (shape: readonly number[], value: number) => Start;
  /** By the spec of an initialiser, such as `he-normal` or `orthogonal(gain=1.4)`. */
  readonly by: (shape: readonly number[], spec: string) => Start;
} = {
  normal: (shape, deviation, mean = 0) => ({
    shape,
    fill: (values, stream) => void normal(values, stream, mean, deviation),
  }),
  constant: (shape, value) => ({ shape, fill: (values) => void values.fill(value) }),
  by: (shape, spec) => {
    const fill = initialiserFrom(spec);
    return { shape, fill: (values, stream) => fill(values, shape, stream) };
  },
};

/** Functions that a network's `apply` may call besides tfjs. */
export interface Help {
  /** Batch normalisation by `normaliseByBatch`; call it once for each entry of `normalised`, in order. */
  readonly batchNorm: (h: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor) => tf.Tensor;
}

/** Options of {@link network}. */
export interface NetworkOptions<P extends string> {
  /** A short description for reports. Default `own network`. */
  readonly describe?: string;
  /** The shape of one input or output example: 64, or [28, 28, 1]. */
  readonly inputs: number | readonly number[];
  readonly outputs: number | readonly number[];
  /** As in `Network`: channels of each layer that normalises by its batch. Default: no such layer. */
  readonly normalised?: readonly number[];
  /** As in `Network`: whether each output depends on its own example alone. Default false. */
  readonly independent?: boolean;
  /** Every parameter, by name, and how it starts. */
  readonly parameters: () => { readonly [name in P]: Start };
  /** The network's output [batch, ...outputs] for x [batch, ...inputs], in tfjs code that can be traced. */
  readonly apply: (parameters: { readonly [name in P]: tf.Tensor }, x: tf.Tensor, help: Help) => tf.Tensor;
}

const listOf = (shape: number | readonly number[]): readonly number[] =>
  typeof shape === 'number' ? [shape] : shape;

function complete<P extends string>(
  record: { [name: string]: tf.Tensor },
  names: readonly P[],
): record is { [name in P]: tf.Tensor } {
  return names.every((name) => Object.hasOwn(record, name));
}

/** The record's keys, with the type that its declaration gives them. */
function namesOf<P extends string>(record: { readonly [name in P]: unknown }): readonly P[] {
  const names: P[] = [];
  for (const name in record) if (Object.hasOwn(record, name)) names.push(name);
  return names;
}

/**
 * Makes a network from two functions of yours: one names the parameters and says how they start, the other
 * applies them.
 * @throws InputError for invalid shapes and if there are no parameters; when applied, for an output of
 * another shape.
 */
export function network<P extends string>({
  describe = 'own network',
  inputs,
  outputs,
  normalised = [],
  independent = false,
  parameters,
  apply,
}: NetworkOptions<P>): Network {
  const starts = parameters();
  const names = namesOf(starts);
  const [from, to] = [listOf(inputs), listOf(outputs)];
  for (const [what, shape] of [
    ['inputs', from],
    ['outputs', to],
    ...names.map((name) => [`parameter ${name}`, starts[name].shape] as const),
  ] as const) {
    if (!shape.every((d) => Number.isSafeInteger(d) && d > 0))
      throw new InputError(`${describe}: ${what} of shape [${shape.join(',')}]; expected whole numbers > 0`);
  }
  if (names.length === 0) throw new InputError(`${describe} has no parameters; nothing could be trained`);
  return {
    describe,
    identity: {
      kind: 'own network',
      inputs: from,
      outputs: to,
      normalised,
      parameters: names.map((name) => ({ name, shape: starts[name].shape })),
      functions: { parameters: contentHash(String(parameters)), apply: contentHash(String(apply)) },
    },
    normalised,
    independent,
    inputs: sizeOf(from),
    outputs: sizeOf(to),
    parameters: names.map((name) => ({ name, shape: starts[name].shape })),
    initialise({ name }, values, stream) {
      const found = names.find((own) => own === name);
      if (found === undefined) throw new InputError(`${describe} has no parameter ${name}`);
      starts[found].fill(values, stream);
    },
    apply(tensors, x, context: Context) {
      const named: { [name: string]: tf.Tensor } = {};
      for (const [i, tensor] of tensors.entries()) named[names[i] ?? ''] = tensor;
      if (!complete(named, names))
        throw new InputError(`${describe} got ${tensors.length} parameters; expected ${names.length}`);
      const batch = x.shape[0] ?? 1;
      let layer = 0;
      const y = apply(named, tf.reshape(x, [batch, ...from]), {
        batchNorm: (h, scale, offset) => normaliseByBatch(h, scale, offset, layer++, context),
      });
      if (layer !== normalised.length)
        throw new InputError(
          `${describe} called batchNorm ${layer} times; its \`normalised\` has ${normalised.length} entries`,
        );
      if (y.size !== batch * sizeOf(to) || y.shape[0] !== batch)
        throw new InputError(
          `${describe} returned [${y.shape.join(',')}]; expected [${[batch, ...to].join(',')}]`,
        );
      return tf.reshape(y, [batch, sizeOf(to)]);
    },
  };
}
