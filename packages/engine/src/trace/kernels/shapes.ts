import * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '@stillpoint/operators';
import type { Constant, DType, Shape, Value } from '../../graph.js';
import type { Call, Kernel, Kernels } from '../kernel.js';

/** An axis counted from the front. */
export const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** A constant of a given shape with equal elements, as tfjs makes it for zeros, ones and fill. */
function filled({ build }: Call, constant: number, shape: Shape, dtype: DType): Value {
  return build.constant(constant, shape, dtype);
}

function reshape({ build, input, attributes }: Call): Value {
  const x = input('x');
  const wanted = attributes.numbers('shape');
  const known = sizeOf(wanted.filter((d) => d !== -1));
  return build.add({ op: 'Reshape', shape: wanted.map((d) => (d === -1 ? sizeOf(x.shape) / known : d)) }, x);
}

function expandDims({ build, input, attributes }: Call): Value {
  const x = input('input');
  const shape = [...x.shape];
  shape.splice(axisOf(attributes.number('dim'), x.shape.length + 1), 0, 1);
  return build.add({ op: 'Reshape', shape }, x);
}

function transpose({ build, input, attributes }: Call): Value {
  return build.add({ op: 'Transpose', permutation: [...attributes.numbers('perm')] }, input('x'));
}

function concat({ build, inputs, attributes }: Call): Value {
  const [first] = inputs;
  if (first === undefined) throw new Error('Concat of nothing');
  return build.add({ op: 'Concat', axis: axisOf(attributes.number('axis'), first.shape.length) }, ...inputs);
}

/** Stacking is joining along a new axis of size 1. */
function pack({ build, inputs, attributes }: Call): Value {
  const [first] = inputs;
  if (first === undefined) throw new Error('Pack of nothing');
  const axis = axisOf(attributes.number('axis'), first.shape.length + 1);
  const shape = [...first.shape.slice(0, axis), 1, ...first.shape.slice(axis)];
  return build.add({ op: 'Concat', axis }, ...inputs.map((x) => build.add({ op: 'Reshape', shape }, x)));
}

function unpack({ build, input, attributes }: Call): readonly Value[] {
  const x = input('value');
  const axis = axisOf(attributes.number('axis'), x.shape.length);
  const shape = x.shape.filter((_, i) => i !== axis);
  const parts = build.addMany({ op: 'Split', axis, sizes: Array.from({ length: x.shape[axis]! }, () => 1) }, [
    x,
  ]);
  return parts.map((part) => build.add({ op: 'Reshape', shape }, part));
}

/** A number is the number of equal parts; one -1 in a list of sizes stands for the remaining elements. */
function split({ build, input, attributes }: Call): readonly Value[] {
  const x = input('x');
  const axis = axisOf(attributes.number('axis'), x.shape.length);
  const whole = x.shape[axis]!;
  const given = attributes.numbers('numOrSizeSplits');
  const count = given[0]!;
  const sizes = attributes.isList('numOrSizeSplits')
    ? given
    : Array.from({ length: count }, () => whole / count);
  const rest = whole - sizes.reduce((sum, size) => sum + Math.max(0, size), 0);
  const filledIn = sizes.map((size) => (size === -1 ? rest : size));
  if (
    filledIn.some((size) => !Number.isInteger(size)) ||
    filledIn.reduce((sum, size) => sum + size, 0) !== whole
  ) {
    throw new Error(
      `cannot split ${whole} elements of axis ${axis} into ${attributes.isList('numOrSizeSplits') ? `[${given.join(',')}]` : `${count} equal parts`}`,
    );
  }
  return build.addMany({ op: 'Split', axis, sizes: filledIn }, [x]);
}

function slice({ build, input, attributes }: Call): Value {
  const x = input('x');
  const [begin = [], size = []] = tf.slice_util.parseSliceParams(
    { dataId: {}, dtype: x.dtype, shape: [...x.shape] },
    [...attributes.numbers('begin')],
    attributes.has('size') ? [...attributes.numbers('size')] : undefined,
  );
  const end = begin.map((first, i) => first + size[i]!);
  return build.add({ op: 'Slice', begin, end, strides: begin.map(() => 1) }, x);
}

function pad({ build, input, attributes }: Call): Value {
  const rows = attributes.rows('paddings');
  const value = attributes.has('constantValue') ? attributes.number('constantValue') : 0;
  return build.add(
    { op: 'Pad', before: rows.map((r) => r[0]!), after: rows.map((r) => r[1]!), value },
    input('x'),
  );
}

/** Repeats x along its axes. Repeating an axis of size 1 is a broadcast, which passes can often remove. */
function tile({ build, input, attributes }: Call): Value {
  const x = input('x');
  const repeats = attributes.numbers('reps');
  const broadcasts = x.shape.every((d, i) => d === 1 || repeats[i] === 1);
  if (broadcasts) return build.add({ op: 'Expand', shape: x.shape.map((d, i) => d * repeats[i]!) }, x);
  return build.add({ op: 'Tile', repeats: [...repeats] }, x);
}

const identity: Kernel = ({ input }) => input('x');
const zerosLike: Kernel = (call) => filled(call, 0, call.input('x').shape, call.input('x').dtype);
const onesLike: Kernel = (call) => filled(call, 1, call.input('x').shape, call.input('x').dtype);

function fill(call: Call): Value {
  const { attributes } = call;
  const dtype = attributes.has('dtype') ? attributes.text('dtype') : 'float32';
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool')
    throw new Error(`Fill with ${dtype}; a graph holds float32, int32 and bool`);
  return filled(
    call,
    dtype === 'float32' ? Math.fround(attributes.number('value')) : attributes.number('value'),
    attributes.numbers('shape'),
    dtype,
  );
}

/**
 * Makes a graph's constant of host data: an array of the graph's type, or one number if all elements are
 * equal.
 */
export function constantOf(values: ArrayLike<number | boolean>, dtype: DType): Constant {
  const n = values.length;
  const data =
    dtype === 'float32' ? new Float32Array(n) : dtype === 'int32' ? new Int32Array(n) : new Uint8Array(n);
  for (let i = 0; i < n; i++) data[i] = Number(values[i]);
  return n > 0 && data.every((x) => Object.is(x, data[0])) ? data[0]! : data;
}

/** Kernels that move, repeat or make elements without arithmetic. */
export const shapes: Kernels = {
  Identity: identity,
  Reshape: reshape,
  ExpandDims: expandDims,
  Transpose: transpose,
  Concat: concat,
  Pack: pack,
  Unpack: unpack,
  SplitV: split,
  Slice: slice,
  PadV2: pad,
  Tile: tile,
  ZerosLike: zerosLike,
  OnesLike: onesLike,
  Fill: fill,
};
