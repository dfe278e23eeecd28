import * as tf from '@tensorflow/tfjs-core';
import { poolInfo } from '../kernels/images.js';
import { type Backward, type Gradient, run, zero } from './gradient.js';

// Gradients of gradients, which a gradient penalty through convolutions and pooling needs. All kernels here
// but the last two are linear in each operand, so the gradient of one is another kernel of the same family,
// with the same attributes.

const filterGradient: Gradient = {
  kernelName: 'Conv2DBackpropFilter',
  operands: ['x', 'dy'],
  gradients: {
    x: ({ dy: g, operand, given }) =>
      run(
        'Conv2DBackpropInput',
        { dy: operand('dy'), filter: g },
        { ...given, inputShape: operand('x').shape },
      ),
    dy: ({ dy: g, operand, given }) =>
      run('Conv2D', { x: operand('x'), filter: g }, { ...given, dilations: [1, 1] }),
  },
};

const depthwiseInput: Gradient = {
  kernelName: 'DepthwiseConv2dNativeBackpropInput',
  operands: ['dy', 'filter'],
  gradients: {
    dy: ({ dy: g, operand, given }) =>
      run('DepthwiseConv2dNative', { x: g, filter: operand('filter') }, given),
    filter: ({ dy: g, operand, given }) =>
      run(
        'DepthwiseConv2dNativeBackpropFilter',
        { x: g, dy: operand('dy') },
        { ...given, filterShape: operand('filter').shape },
      ),
  },
};

const depthwiseFilter: Gradient = {
  kernelName: 'DepthwiseConv2dNativeBackpropFilter',
  operands: ['x', 'dy'],
  gradients: {
    x: ({ dy: g, operand, given }) =>
      run(
        'DepthwiseConv2dNativeBackpropInput',
        { dy: operand('dy'), filter: g },
        { ...given, inputShape: operand('x').shape },
      ),
    dy: ({ dy: g, operand, given }) => run('DepthwiseConv2dNative', { x: operand('x'), filter: g }, given),
  },
};

const averagePool: Gradient = {
  kernelName: 'AvgPoolGrad',
  operands: ['dy', 'input'],
  gradients: { dy: ({ dy: g, given }) => run('AvgPool', { x: g }, given), input: zero('input') },
};

const resize = (kernelName: 'ResizeNearestNeighbor' | 'ResizeBilinear'): Gradient => ({
  kernelName: `${kernelName}Grad`,
  operands: ['dy', 'images'],
  gradients: { dy: ({ dy: g, given }) => run(kernelName, { images: g }, given), images: zero('images') },
});

/** The elements of g at the positions of the windows' maxima in the images; the first of equal ones. */
function atMaxima({ dy: g, operand, attributes }: Backward): tf.Tensor {
  const x = operand('input');
  const info = poolInfo(attributes, x.shape);
  const { top, bottom, left, right } = info.padInfo;
  const beside: [number, number][] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  const [images, places] = [tf.pad(x, beside, -Infinity), tf.pad(g, beside)];
  const seen = (from: tf.Tensor, row: number, column: number): tf.Tensor => {
    const end = [
      info.batchSize,
      row + (info.outHeight - 1) * info.strideHeight + 1,
      column + (info.outWidth - 1) * info.strideWidth + 1,
      info.inChannels,
    ];
    return tf.stridedSlice(from, [0, row, column, 0], end, [1, info.strideHeight, info.strideWidth, 1]);
  };
  let out: tf.Tensor = tf.zeros(info.outShape);
  let found: tf.Tensor = tf.zeros(info.outShape, 'bool');
  for (let row = 0; row < info.filterHeight; row++) {
    for (let column = 0; column < info.filterWidth; column++) {
      const here = tf.equal(seen(images, row, column), operand('output'));
      out = tf.where(tf.logicalAnd(here, tf.logicalNot(found)), seen(places, row, column), out);
      found = tf.logicalOr(found, here);
    }
  }
  return out;
}

const maxPool: Gradient = {
  kernelName: 'MaxPoolGrad',
  operands: ['dy', 'input', 'output'],
  gradients: { dy: atMaxima, input: zero('input'), output: zero('output') },
};

/** elu's slope below 0 is y + 1. */
const elu: Gradient = {
  kernelName: 'EluGrad',
  operands: ['dy', 'y'],
  gradients: {
    dy: ({ dy: g, operand }) => run('EluGrad', { dy: g, y: operand('y') }, {}),
    y: ({ dy: g, operand }) =>
      tf.where(tf.less(operand('y'), 0), tf.mul(operand('dy'), g), tf.zeros(g.shape)),
  },
};

export const images: readonly Gradient[] = [
  filterGradient,
  depthwiseInput,
  depthwiseFilter,
  averagePool,
  resize('ResizeNearestNeighbor'),
  resize('ResizeBilinear'),
  maxPool,
  elu,
];
