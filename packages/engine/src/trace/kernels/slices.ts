import * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '@stillpoint/operators';
import type { Builder } from '../../builder.js';
import type { Shape, Value } from '../../graph.js';
import type { Attributes } from '../attributes.js';
import type { Call, Kernels } from '../kernel.js';
import { axisOf } from './shapes.js';

function reversed(build: Builder, x: Value, axes: readonly number[]): Value {
  const turned = (i: number): boolean => axes.includes(i);
  const begin = x.shape.map((d, i) => (turned(i) ? d - 1 : 0));
  const end = x.shape.map((d, i) => (turned(i) ? -1 : d));
  return build.add({ op: 'Slice', begin, end, strides: x.shape.map((_, i) => (turned(i) ? -1 : 1)) }, x);
}

function reverse({ build, input, attributes }: Call): Value {
  const x = input('x');
  const dims = attributes.optionalNumbers('dims') ?? x.shape.map((_, i) => i);
  return reversed(
    build,
    x,
    dims.map((axis) => axisOf(axis, x.shape.length)),
  );
}

/** The elements that Python's x[begin:end:stride] takes, with masks as tfjs reads them. */
export function sliceInfo(attributes: Attributes, shape: Shape): ReturnType<typeof tf.slice_util.sliceInfo> {
  const list = (name: string): number[] => [...attributes.numbers(name)];
  const mask = (name: string): number => attributes.maybeNumber(name) ?? 0;
  return tf.slice_util.sliceInfo(
    [...shape],
    list('begin'),
    list('end'),
    list('strides'),
    mask('beginMask'),
    mask('endMask'),
    mask('ellipsisMask'),
    mask('newAxisMask'),
    mask('shrinkAxisMask'),
  );
}

function stridedSlice({ build, input, attributes }: Call): Value {
  const x = input('x');
  const { begin, end, strides, finalShape } = sliceInfo(attributes, x.shape);
  if (finalShape.includes(0))
    throw new Error(
      `the slice [${finalShape.join(',')}] is empty; a graph's tensors have at least one element`,
    );
  return build.add({ op: 'Reshape', shape: finalShape }, build.add({ op: 'Slice', begin, end, strides }, x));
}

function cumsum({ build, input, attributes }: Call): Value {
  const x = input('x');
  return build.add(
    {
      op: 'CumSum',
      axis: axisOf(attributes.number('axis'), x.shape.length),
      exclusive: attributes.flag('exclusive'),
      reverse: attributes.flag('reverse'),
    },
    x,
  );
}

/** Running products in log₂ n rounds: after each, every element is the product of twice as many. */
function cumprod({ build, input, attributes }: Call): Value {
  const given = input('x');
  const axis = axisOf(attributes.number('axis'), given.shape.length);
  const size = given.shape[axis]!;
  const at = (k: number): readonly number[] => given.shape.map((_, i) => (i === axis ? k : 0));
  const ones = given.shape.map(() => 1);
  const shifted = (x: Value, by: number): Value => {
    const kept = build.add(
      { op: 'Slice', begin: at(0), end: x.shape.map((d, i) => (i === axis ? d - by : d)), strides: ones },
      x,
    );
    return build.add({ op: 'Pad', before: at(by), after: at(0), value: 1 }, kept);
  };
  const one = build.constant(1, given.shape, given.dtype);
  let x = attributes.flag('reverse') ? reversed(build, given, [axis]) : given;
  if (attributes.flag('exclusive')) x = size === 1 ? one : shifted(x, 1);
  for (let by = 1; by < size; by *= 2) x = build.add({ op: 'Mul' }, x, shifted(x, by));
  return attributes.flag('reverse') ? reversed(build, x, [axis]) : x;
}

/**
 * Cuts images into tiles whose pixels become examples, or the reverse. tfjs computes which axes change
 * places.
 */
function spaceToBatch({ build, input, attributes }: Call): Value {
  const [x, block] = [input('x'), [...attributes.numbers('blockShape')]];
  const count = sizeOf(block);
  const sides = [[0, 0], ...attributes.rows('paddings')];
  const side = (which: 0 | 1): readonly number[] => x.shape.map((_, i) => sides[i]?.[which] ?? 0);
  const padded = build.add({ op: 'Pad', before: side(0), after: side(1), value: 0 }, x);
  const apart = tf.backend_util.getReshaped([...padded.shape], block, count, false);
  const moved = build.add(
    { op: 'Transpose', permutation: tf.backend_util.getPermuted(apart.length, block.length, false) },
    build.add({ op: 'Reshape', shape: apart }, padded),
  );
  return build.add(
    { op: 'Reshape', shape: tf.backend_util.getReshapedPermuted([...padded.shape], block, count, false) },
    moved,
  );
}

function batchToSpace({ build, input, attributes }: Call): Value {
  const [x, block] = [input('x'), [...attributes.numbers('blockShape')]];
  const count = sizeOf(block);
  const crops = attributes.rows('crops').map((row) => [...row]);
  const apart = tf.backend_util.getReshaped([...x.shape], block, count);
  const moved = build.add(
    { op: 'Transpose', permutation: tf.backend_util.getPermuted(apart.length, block.length) },
    build.add({ op: 'Reshape', shape: apart }, x),
  );
  const joined = build.add(
    { op: 'Reshape', shape: tf.backend_util.getReshapedPermuted([...x.shape], block, count) },
    moved,
  );
  const sides = [[0, 0], ...crops];
  const begin = joined.shape.map((_, i) => sides[i]?.[0] ?? 0);
  const end = joined.shape.map((d, i) => d - (sides[i]?.[1] ?? 0));
  return build.add({ op: 'Slice', begin, end, strides: begin.map(() => 1) }, joined);
}

/** Kernels that slice, reverse and tile, and that accumulate along an axis. */
export const slices: Kernels = {
  Reverse: reverse,
  FlipLeftRight: ({ build, input }) => reversed(build, input('image'), [2]),
  StridedSlice: stridedSlice,
  Cumsum: cumsum,
  Cumprod: cumprod,
  SpaceToBatchND: spaceToBatch,
  BatchToSpaceND: batchToSpace,
};
