import type { Builder } from '../../builder.js';
import type { Value } from '../../graph.js';
import type { Call, Kernel, Kernels } from '../kernel.js';
import { channelsFirst, channelsLast, four, pairOf, windowOf } from './convolutions.js';
import { activate } from './matmul.js';

// Convolutions in which every channel is a group of its own: tfjs's filter [h, w, C, M] makes M channels of
// each of the C.

/** A filter [h, w, C, M] as the filter of a grouped convolution, [C·M, 1, h, w]. */
function filterFirst(build: Builder, filter: Value): Value {
  const [h, w, c, m] = four(filter.shape, 'the filter');
  return build.add(
    { op: 'Reshape', shape: [c * m, 1, h, w] },
    build.add({ op: 'Transpose', permutation: [2, 3, 0, 1] }, filter),
  );
}

function forward({ build, input, attributes }: Call): Value {
  const [x, filter] = [input('x'), input('filter')];
  const window = windowOf(attributes, x.shape, filter.shape, { depthwise: true });
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
  const window = windowOf(attributes, shape, filter.shape, { depthwise: true, outputs: pairOf(dy.shape) });
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
    {
      op: 'FilterGradient',
      window: windowOf(attributes, x.shape, filterShape, { depthwise: true, outputs: pairOf(dy.shape) }),
      kernel: [h, w],
      groups: c,
    },
    channelsFirst(build, x),
    channelsFirst(build, dy),
  );
  return build.add(
    { op: 'Transpose', permutation: [2, 3, 0, 1] },
    build.add({ op: 'Reshape', shape: [c, m, h, w] }, gradient),
  );
};

/** tf.fused.depthwiseConv2d as separate operations. */
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
