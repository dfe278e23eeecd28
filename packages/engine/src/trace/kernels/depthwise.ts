import * as tf from '@tensorflow/tfjs-core';
import type { Builder } from '../../builder.js';
import type { Shape, Value } from '../../graph.js';
import type { Window } from '../../operations.js';
import type { Attributes } from '../attributes.js';
import type { Call, Kernel, Kernels } from '../kernel.js';
import { channelsFirst, channelsLast, four, paddingOf, pairOf, roundingOf } from './convolutions.js';
import { activate } from './matmul.js';

// Convolutions in which every channel is a group of its own: tfjs's filter [h, w, C, M] gives M channels for
// each of C.

/** [h, w, C, M] as a grouped convolution has it: [C·M, 1, h, w]. */
function filterFirst(build: Builder, filter: Value): Value {
  const [h, w, c, m] = four(filter.shape, 'the filter');
  return build.add(
    { op: 'Reshape', shape: [c * m, 1, h, w] },
    build.add({ op: 'Transpose', permutation: [2, 3, 0, 1] }, filter),
  );
}

function windowOf(attributes: Attributes, images: Shape, filter: Shape): Window {
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
    true,
  );
  const { top, left, bottom, right } = info.padInfo;
  return {
    strides: [info.strideHeight, info.strideWidth],
    dilations,
    before: [top, left],
    after: [bottom, right],
  };
}

function forward({ build, input, attributes }: Call): Value {
  const [x, filter] = [input('x'), input('filter')];
  const window = windowOf(attributes, x.shape, filter.shape);
  return channelsLast(
    build,
    build.add(
      { op: 'Conv', window, groups: x.shape[3]! },
      channelsFirst(build, x),
      filterFirst(build, filter),
    ),
  );
}

const backpropInput: Kernel = ({ build, input, attributes }) => {
  const [dy, filter, shape] = [input('dy'), input('filter'), attributes.numbers('inputShape')];
  const window = windowOf(attributes, shape, filter.shape);
  const [, height, width, channels] = four(shape, 'inputShape');
  return channelsLast(
    build,
    build.add(
      { op: 'ConvTranspose', window, size: [height, width], groups: channels },
      channelsFirst(build, dy),
      filterFirst(build, filter),
    ),
  );
};

const backpropFilter: Kernel = ({ build, input, attributes }) => {
  const [x, dy, filterShape] = [input('x'), input('dy'), attributes.numbers('filterShape')];
  const [h, w, c, m] = four(filterShape, 'filterShape');
  const gradient = build.add(
    { op: 'FilterGradient', window: windowOf(attributes, x.shape, filterShape), kernel: [h, w], groups: c },
    channelsFirst(build, x),
    channelsFirst(build, dy),
  );
  return build.add(
    { op: 'Transpose', permutation: [2, 3, 0, 1] },
    build.add({ op: 'Reshape', shape: [c, m, h, w] }, gradient),
  );
};

/** tf.fused.depthwiseConv2d, taken apart. */
const fused: Kernel = (call) => {
  const y = forward(call);
  return activate(call.has('bias') ? call.build.add({ op: 'Add' }, y, call.input('bias')) : y, call);
};

/** Depthwise convolutions and their gradients. */
export const depthwise: Kernels = {
  DepthwiseConv2dNative: forward,
  DepthwiseConv2dNativeBackpropInput: backpropInput,
  DepthwiseConv2dNativeBackpropFilter: backpropFilter,
  FusedDepthwiseConv2D: fused,
};
