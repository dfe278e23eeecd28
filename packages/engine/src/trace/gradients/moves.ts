import * as tf from '@tensorflow/tfjs-core';
import { termsOf } from '../../einsum.js';
import { four } from '../kernels/convolutions.js';
import { sliceInfo } from '../kernels/slices.js';
import { type Backward, type Gradient, run } from './gradient.js';

/** Turns blocks of pixels into blocks of channels. */
function spaceToDepth({ dy, attributes }: Backward): tf.Tensor {
  const b = attributes.number('blockSize');
  const [n, h, w, c] = four(dy.shape, 'the images');
  const blocks = tf.transpose(tf.reshape(dy, [n, h / b, b, w / b, b, c]), [0, 1, 3, 2, 4, 5]);
  return tf.reshape(blocks, [n, h / b, w / b, b * b * c]);
}

/**
 * Along one axis, places dy's elements `stride` apart with zeros between, the first at index `begin` of
 * `size`.
 */
function spread(dy: tf.Tensor, axis: number, begin: number, stride: number, size: number): tf.Tensor {
  const count = dy.shape[axis]!;
  const [outer, inner] = [dy.shape.slice(0, axis), dy.shape.slice(axis + 1)];
  const [rows, columns] = [tf.util.sizeFromShape(outer), tf.util.sizeFromShape(inner)];
  const step = Math.abs(stride);
  const first = stride > 0 ? begin : begin + (count - 1) * stride;
  const ordered = stride > 0 ? dy : tf.reverse(dy, axis);
  const reach = (count - 1) * step + 1;
  const apart = tf.reshape(
    tf.pad(tf.reshape(ordered, [rows, count, columns]), [
      [0, 0],
      [0, 0],
      [0, (step - 1) * columns],
    ]),
    [rows, count * step, columns],
  );
  const placed = tf.pad(tf.slice(apart, [0, 0, 0], [rows, reach, columns]), [
    [0, 0],
    [first, size - first - reach],
    [0, 0],
  ]);
  return tf.reshape(placed, [...outer, size, ...inner]);
}

/** dy at the elements that the slice took, zero at the others. */
function unsliced({ dy, operand, attributes }: Backward): tf.Tensor {
  const { shape } = operand('x');
  const { begin, end, strides } = sliceInfo(attributes, shape);
  const cut = shape.map((_, axis) => Math.ceil((end[axis]! - begin[axis]!) / strides[axis]!));
  const moved = shape.flatMap((size, axis) => (cut[axis] === size && strides[axis] === 1 ? [] : [axis]));
  return moved.reduce(
    (g, axis) => spread(g, axis, begin[axis]!, strides[axis]!, shape[axis]!),
    tf.reshape(dy, cut),
  );
}

/**
 * The result's gradient times the other operand, summed over the axes that this operand lacks, and repeated
 * over those that only this operand has.
 */
const term =
  (k: number) =>
  ({ dy, operand, attributes }: Backward): tf.Tensor => {
    const { terms, result } = termsOf(attributes.text('equation').replaceAll(/\s/g, ''));
    const mine = Array.from(terms[k]!);
    const other = terms[1 - k];
    const kept = mine.filter((letter) => result.includes(letter) || other?.includes(letter)).join('');
    const factors = [
      ...(result === '' ? [] : [{ letters: result, tensor: dy }]),
      ...(other === undefined ? [] : [{ letters: other, tensor: operand(String(1 - k)) }]),
    ];
    const product =
      factors.length === 0
        ? dy
        : tf.einsum(
            `${factors.map(({ letters }) => letters).join(',')}->${kept}`,
            ...factors.map(({ tensor }) => tensor),
          );
    const scaled = result === '' && factors.length > 0 ? tf.mul(product, dy) : product;
    const { shape } = operand(String(k));
    return tf.mul(
      tf.reshape(
        scaled,
        shape.map((size, i) => (kept.includes(mine[i]!) ? size : 1)),
      ),
      tf.ones(shape),
    );
  };

/** dy at the k largest elements of each row, zero at the others. */
function topK({ dy, operand, attributes }: Backward): tf.Tensor {
  const x = operand('x');
  const { indices } = tf.topk(x, attributes.number('k'), attributes.flag('sorted'));
  const places = tf.oneHot(tf.cast(indices, 'int32'), x.shape.at(-1)!, 1, 0, 'float32');
  return tf.sum(tf.mul(places, tf.expandDims(dy, -1)), -2);
}

/** The elements of dy on the diagonal. */
function onDiagonal({ dy, operand }: Backward): tf.Tensor {
  const { size, shape } = operand('x');
  return tf.reshape(tf.sum(tf.mul(tf.reshape(dy, [size, size]), tf.eye(size)), 1), shape);
}

export const moves: readonly Gradient[] = [
  { kernelName: 'DepthToSpace', operands: ['x'], gradients: { x: spaceToDepth } },
  { kernelName: 'FlipLeftRight', operands: [], gradients: { image: ({ dy }) => tf.reverse(dy, 2) } },
  {
    kernelName: 'GatherNd',
    operands: ['params', 'indices'],
    gradients: {
      params: ({ dy, operand }) =>
        run('ScatterNd', { indices: operand('indices'), updates: dy }, { shape: operand('params').shape }),
    },
  },
  {
    kernelName: 'ScatterNd',
    operands: ['indices'],
    gradients: {
      updates: ({ dy, operand }) => run('GatherNd', { params: dy, indices: operand('indices') }, {}),
    },
  },
  { kernelName: 'TopK', operands: ['x'], gradients: { x: topK } },
  { kernelName: 'Diag', operands: ['x'], gradients: { x: onDiagonal } },
  { kernelName: 'StridedSlice', operands: ['x'], gradients: { x: unsliced } },
  { kernelName: 'Einsum', operands: 'all', gradients: { 0: term(0), 1: term(1) } },
];
