import * as tf from '@tensorflow/tfjs-core';
import type { Builder } from '../../builder.js';
import type { Shape, Value } from '../../graph.js';
import type { Pair, Window } from '../../operations.js';
import type { Attributes } from '../attributes.js';
import type { Call, Kernel, Kernels } from '../kernel.js';
import { activate } from './matmul.js';

// In tfjs channels are last, in the graph's convolutions first. Each kernel transposes its operands and its
// result; the layout pass removes transposes that cancel.

/** [N, H, W, C] as [N, C, H, W]. */
export const channelsFirst = (build: Builder, x: Value): Value =>
  build.add({ op: 'Transpose', permutation: [0, 3, 1, 2] }, x);
/** [N, C, H, W] as [N, H, W, C]. */
export const channelsLast = (build: Builder, x: Value): Value =>
  build.add({ op: 'Transpose', permutation: [0, 2, 3, 1] }, x);

/** A filter of tfjs, [h, w, in, out], as ONNX has it: [out, in, h, w]. */
const filterFirst = (build: Builder, filter: Value): Value =>
  build.add({ op: 'Transpose', permutation: [3, 2, 0, 1] }, filter);

type Four = [number, number, number, number];

export function four(shape: Shape, what: string): Four {
  const [a, b, c, d, more] = shape;
  if (a === undefined || b === undefined || c === undefined || d === undefined || more !== undefined)
    throw new Error(`${what} has shape [${shape.join(',')}]; expected four axes`);
  return [a, b, c, d];
}

export function pairOf(numbers: readonly number[]): [number, number] {
  const [height = 1, width = height] = numbers.length === 4 ? numbers.slice(1, 3) : numbers;
  return [height, width];
}

/** tfjs's padding: 'same', 'valid', a number, or a list of lists for explicit padding. */
export function paddingOf(
  attributes: Attributes,
): 'same' | 'valid' | number | tf.backend_util.ExplicitPadding {
  if (attributes.isList('pad')) {
    const [n = [0, 0], h = [0, 0], w = [0, 0], c = [0, 0]] = attributes
      .rows('pad')
      .map(([before = 0, after = 0]): [number, number] => [before, after]);
    return [n, h, w, c];
  }
  const number = attributes.maybeNumber('pad');
  if (number !== undefined) return number;
  const pad = attributes.text('pad');
  if (pad !== 'same' && pad !== 'valid')
    throw new Error(`padding ${pad}; expected same, valid, a number or a list of pairs`);
  return pad;
}

export function roundingOf(attributes: Attributes): 'floor' | 'round' | 'ceil' | undefined {
  const mode = attributes.has('dimRoundingMode') ? attributes.text('dimRoundingMode') : undefined;
  return mode === 'floor' || mode === 'round' || mode === 'ceil' ? mode : undefined;
}

/**
 * A window as tfjs describes it, for a result of `outputs` rows and columns. If tfjs rounds their number up
 * (dimRoundingMode), the last windows reach beyond the padding that it states.
 */
export function reaching(
  info: tf.backend_util.Conv2DInfo,
  dilations: Pair,
  outputs: Pair = [info.outHeight, info.outWidth],
): Window {
  const { top, left, bottom, right } = info.padInfo;
  const strides: Pair = [info.strideHeight, info.strideWidth];
  const before: Pair = [top, left];
  const sizes = [info.inHeight, info.inWidth] as const;
  const kernel = [info.filterHeight, info.filterWidth] as const;
  const beyond = (axis: 0 | 1): number =>
    (outputs[axis] - 1) * strides[axis] -
    before[axis] +
    (kernel[axis] - 1) * dilations[axis] +
    1 -
    sizes[axis];
  return { strides, dilations, before, after: [Math.max(bottom, beyond(0)), Math.max(right, beyond(1))] };
}

/**
 * How the filter moves over images of shape [N, H, W, C], by tfjs's rules for padding. If `depthwise`, the
 * filter is [h, w, C, M] and makes M channels of each of the C. `outputs` are the rows and columns of the
 * result if they are known: tfjs's gradients do not pass on how it rounded them.
 */
export function windowOf(
  attributes: Attributes,
  images: Shape,
  filter: Shape,
  { depthwise = false, outputs }: { readonly depthwise?: boolean; readonly outputs?: Pair } = {},
): Window {
  if (attributes.has('dataFormat') && attributes.text('dataFormat') !== 'NHWC')
    throw new Error(`data format ${attributes.text('dataFormat')}; keep channels last (NHWC)`);
  const dilations = pairOf(attributes.optionalNumbers('dilations') ?? [1]);
  const info = tf.backend_util.computeConv2DInfo(
    four(images, 'the images'),
    four(filter, 'the filter'),
    pairOf(attributes.numbers('strides')),
    dilations,
    paddingOf(attributes),
    roundingOf(attributes),
    depthwise,
  );
  return reaching(info, dilations, outputs);
}

function forward({ build, input, attributes }: Call): Value {
  const [x, filter] = [input('x'), input('filter')];
  const window = windowOf(attributes, x.shape, filter.shape);
  return channelsLast(
    build,
    build.add({ op: 'Conv', window }, channelsFirst(build, x), filterFirst(build, filter)),
  );
}

/** The gradient in the images; tf.conv2dTranspose uses it too. */
const backpropInput: Kernel = ({ build, input, attributes }) => {
  const [dy, filter, shape] = [input('dy'), input('filter'), attributes.numbers('inputShape')];
  const window = windowOf(attributes, shape, filter.shape, { outputs: pairOf(dy.shape) });
  const [, height, width] = four(shape, 'inputShape');
  return channelsLast(
    build,
    build.add(
      { op: 'ConvTranspose', window, size: [height, width] },
      channelsFirst(build, dy),
      filterFirst(build, filter),
    ),
  );
};

const backpropFilter: Kernel = ({ build, input, attributes }) => {
  const [x, dy, filterShape] = [input('x'), input('dy'), attributes.numbers('filterShape')];
  const window = windowOf(attributes, x.shape, filterShape, { outputs: pairOf(dy.shape) });
  const gradient = build.add(
    { op: 'FilterGradient', window, kernel: pairOf(filterShape.slice(0, 2)) },
    channelsFirst(build, x),
    channelsFirst(build, dy),
  );
  return build.add({ op: 'Transpose', permutation: [2, 3, 1, 0] }, gradient);
};

/** tf.fused.conv2d, which tf.layers calls, as separate operations. */
const fused: Kernel = (call) => {
  const { build, input, has } = call;
  const y = forward(call);
  return activate(has('bias') ? build.add({ op: 'Add' }, y, input('bias')) : y, call);
};

/** Two-dimensional convolutions and their gradients. */
export const convolutions: Kernels = {
  Conv2D: forward,
  Conv2DBackpropInput: backpropInput,
  Conv2DBackpropFilter: backpropFilter,
  FusedConv2D: fused,
};
