import * as tf from '@tensorflow/tfjs-core';
import type { Builder } from '../../builder.js';
import type { Shape, Value } from '../../graph.js';
import type { Pair, Window } from '../../operations.js';
import type { Attributes } from '../attributes.js';
import type { Call, Kernel, Kernels } from '../kernel.js';
import {
  channelsFirst,
  channelsLast,
  four,
  paddingOf,
  pairOf,
  reaching,
  roundingOf,
} from './convolutions.js';
import { castTo } from './elementwise.js';

/** How a pool moves over images of shape [N, H, W, C], as tfjs describes it, by its rules for padding. */
export const poolInfo = (attributes: Attributes, images: Shape): tf.backend_util.Conv2DInfo =>
  tf.backend_util.computePool2DInfo(
    four(images, 'the images'),
    pairOf(attributes.numbers('filterSize')),
    pairOf(attributes.numbers('strides')),
    1,
    paddingOf(attributes),
    roundingOf(attributes),
  );

/** The pool's window; `outputs` are the rows and columns of its result if they are known. */
function poolOf(
  attributes: Attributes,
  x: Value,
  outputs?: Pair,
): { readonly kernel: Pair; readonly window: Window } {
  const info = poolInfo(attributes, x.shape);
  const window = reaching(info, [1, 1], outputs);
  const kernel: Pair = [info.filterHeight, info.filterWidth];
  if (window.after.some((padding, axis) => padding >= kernel[axis]!))
    throw new Error(
      `a window of [${kernel.join(',')}] lies in the padding alone; choose another pad or dimRoundingMode`,
    );
  return { kernel, window };
}

/** The runtime pools floats only. tfjs takes integers for maxima; floats hold them exactly up to 2²⁴. */
const pool =
  (op: 'AveragePool' | 'MaxPool'): Kernel =>
  ({ build, input, attributes }) => {
    const x = input('x');
    const pixels = channelsFirst(build, castTo(build, x, 'float32'));
    const pooled = channelsLast(build, build.add({ op, ...poolOf(attributes, x) }, pixels));
    return castTo(build, pooled, x.dtype);
  };

/** The number of pixels of each window along one axis, without padding. */
function counted(
  outputs: number,
  size: number,
  kernel: number,
  stride: number,
  before: number,
): readonly number[] {
  return Array.from(
    { length: outputs },
    (_, o) => Math.min(size, o * stride - before + kernel) - Math.max(0, o * stride - before),
  );
}

/**
 * Gives every pixel of a window an equal share of dy: dy divided by the window's number of pixels, through
 * the transposed convolution with a filter of ones, for each channel.
 */
const averageGradient: Kernel = ({ build, input, attributes }) => {
  const [x, dy] = [input('input'), channelsFirst(build, input('dy'))];
  const { kernel, window } = poolOf(attributes, x, pairOf(input('dy').shape));
  const [, height, width] = four(x.shape, 'the images');
  const [n, c, h, w] = four(dy.shape, 'dy');
  const [rows, columns] = [
    counted(h, height, kernel[0], window.strides[0], window.before[0]),
    counted(w, width, kernel[1], window.strides[1], window.before[1]),
  ];
  const counts = Float32Array.from(rows.flatMap((r) => columns.map((k) => r * k)));
  const even = counts.every((k) => k === counts[0]);
  const share = build.add(
    { op: 'Div' },
    dy,
    even ? build.constant(counts[0]!, []) : build.constant(counts, [h, w]),
  );
  const apart = build.add({ op: 'Reshape', shape: [n * c, 1, h, w] }, share);
  const spread = build.add(
    { op: 'ConvTranspose', window, size: [height, width] },
    apart,
    build.constant(1, [1, 1, ...kernel]),
  );
  return channelsLast(build, build.add({ op: 'Reshape', shape: [n, c, height, width] }, spread));
};

const maxGradient: Kernel = ({ build, input, attributes }) => {
  const x = input('input');
  return channelsLast(
    build,
    build.add(
      { op: 'MaxPoolGradient', ...poolOf(attributes, x, pairOf(input('dy').shape)) },
      channelsFirst(build, x),
      channelsFirst(build, input('dy')),
    ),
  );
};

type Interpolation = 'bilinear' | 'nearest';

/** The coordinate of pixel `i` of `target` among `source` pixels, by tfjs's three conventions. */
function placeOf(i: number, source: number, target: number, attributes: Attributes): number {
  const corners = attributes.flag('alignCorners') && target > 1;
  const scale = corners ? (source - 1) / (target - 1) : source / target;
  return attributes.flag('halfPixelCenters') ? scale * (i + 0.5) - 0.5 : scale * i;
}

/** The pixel of `source` that is nearest to pixel `i` of `target`. */
function nearestTo(i: number, source: number, target: number, attributes: Attributes): number {
  const place = placeOf(i, source, target, attributes);
  const half = attributes.flag('halfPixelCenters') ? place + 0.5 : place;
  const pixel = attributes.flag('alignCorners') ? Math.round(half) : Math.floor(half);
  return Math.max(0, Math.min(source - 1, pixel));
}

/** Picks the nearest pixels by their indices, for integers, which matrices of floats do not take. */
function picked(build: Builder, x: Value, from: Pair, to: Pair, attributes: Attributes): Value {
  return ([0, 1] as const).reduce((images, axis) => {
    const places = Int32Array.from({ length: to[axis] }, (_, i) =>
      nearestTo(i, from[axis], to[axis], attributes),
    );
    return build.add({ op: 'Gather', axis: axis + 1 }, images, build.constant(places, [to[axis]], 'int32'));
  }, x);
}

/** The weights [target, source] of the source's pixels in each of the target's, along one axis. */
function weights(kind: Interpolation, source: number, target: number, attributes: Attributes): Float32Array {
  const matrix = new Float32Array(target * source);
  const last = source - 1;
  const put = (row: number, column: number, weight: number): void => {
    const at = row * source + Math.max(0, Math.min(last, column));
    matrix[at] = matrix[at]! + weight;
  };
  for (let i = 0; i < target; i++) {
    if (kind === 'nearest') {
      put(i, nearestTo(i, source, target, attributes), 1);
    } else {
      const place = placeOf(i, source, target, attributes);
      const low = Math.floor(place);
      put(i, low, 1 - (place - low));
      put(i, low + 1, place - low);
    }
  }
  return matrix;
}

/**
 * rows · image · columnsᵀ for each image and channel; a resize is linear, its gradient the same with both
 * matrices transposed.
 */
function throughMatrices(
  build: Builder,
  images: Value,
  kind: Interpolation,
  from: Pair,
  to: Pair,
  attributes: Attributes,
  back: boolean,
): Value {
  const x = channelsFirst(build, images);
  const matrix = (axis: 0 | 1): Value =>
    build.constant(weights(kind, from[axis], to[axis], attributes), [1, 1, to[axis], from[axis]]);
  const [r, c] = [matrix(0), matrix(1)];
  const wide = build.add({ op: 'MatMul', transposeA: false, transposeB: !back }, x, c);
  return channelsLast(build, build.add({ op: 'MatMul', transposeA: back, transposeB: false }, r, wide));
}

/**
 * How often each pixel is repeated along both axes, if the resize does nothing but repeat; else undefined.
 */
function repeats(kind: Interpolation, from: Pair, to: Pair, attributes: Attributes): Pair | undefined {
  const factors: Pair = [to[0] / from[0], to[1] / from[1]];
  const plain =
    kind === 'nearest' &&
    factors.every(Number.isInteger) &&
    !attributes.flag('alignCorners') &&
    !attributes.flag('halfPixelCenters');
  return plain ? factors : undefined;
}

const sizesOf = ({ shape }: Value): Pair => pairOf(four(shape, 'the images'));

const resize =
  (kind: Interpolation): Kernel =>
  ({ build, input, attributes }) => {
    const given = input('images');
    const x = kind === 'bilinear' ? castTo(build, given, 'float32') : given;
    const [from, to] = [sizesOf(x), pairOf(attributes.numbers('size'))];
    const factors = repeats(kind, from, to, attributes);
    if (factors === undefined && x.dtype !== 'float32') return picked(build, x, from, to, attributes);
    if (factors === undefined) return throughMatrices(build, x, kind, from, to, attributes, false);
    const [f, g] = factors;
    const first = channelsFirst(build, x);
    const [n, c, h, w] = four(first.shape, 'the images');
    const enlarged = build.add(
      { op: 'Expand', shape: [n, c, h, f, w, g] },
      build.add({ op: 'Reshape', shape: [n, c, h, 1, w, 1] }, first),
    );
    return channelsLast(build, build.add({ op: 'Reshape', shape: [n, c, h * f, w * g] }, enlarged));
  };

const resizeGradient =
  (kind: Interpolation): Kernel =>
  ({ build, input, attributes }) => {
    const [x, dy] = [input('images'), input('dy')];
    const [from, to] = [sizesOf(x), sizesOf(dy)];
    const factors = repeats(kind, from, to, attributes);
    if (factors === undefined) return throughMatrices(build, dy, kind, from, to, attributes, true);
    const [f, g] = factors;
    const means = build.add(
      {
        op: 'AveragePool',
        kernel: [f, g],
        window: { strides: [f, g], dilations: [1, 1], before: [0, 0], after: [0, 0] },
      },
      channelsFirst(build, dy),
    );
    return channelsLast(build, build.add({ op: 'Mul' }, means, build.constant(f * g, [])));
  };

/** Turns blocks of channels into blocks of pixels. */
function depthToSpace({ build, input, attributes }: Call): Value {
  if (attributes.has('dataFormat') && attributes.text('dataFormat') !== 'NHWC')
    throw new Error(`data format ${attributes.text('dataFormat')}; keep channels last (NHWC)`);
  const b = attributes.number('blockSize');
  const [n, h, w, c] = four(input('x').shape, 'the images');
  const blocks = build.add(
    { op: 'Transpose', permutation: [0, 1, 3, 2, 4, 5] },
    build.add({ op: 'Reshape', shape: [n, h, w, b, b, c / (b * b)] }, input('x')),
  );
  return build.add({ op: 'Reshape', shape: [n, h * b, w * b, c / (b * b)] }, blocks);
}

/** (x − mean) / √(variance + ε) · scale + offset. */
const batchNorm: Kernel = ({ build, input, has, attributes }) => {
  const deviation = build.add(
    { op: 'Sqrt' },
    build.add(
      { op: 'Add' },
      input('variance'),
      build.constant(Math.fround(attributes.number('varianceEpsilon')), []),
    ),
  );
  const inverse = build.add({ op: 'Reciprocal' }, deviation);
  const centred = build.add({ op: 'Sub' }, input('x'), input('mean'));
  const scaled = build.add(
    { op: 'Mul' },
    centred,
    has('scale') ? build.add({ op: 'Mul' }, inverse, input('scale')) : inverse,
  );
  return has('offset') ? build.add({ op: 'Add' }, scaled, input('offset')) : scaled;
};

/** Kernels that pool, resize and normalise images [N, H, W, C]. */
export const images: Kernels = {
  AvgPool: pool('AveragePool'),
  AvgPoolGrad: averageGradient,
  MaxPool: pool('MaxPool'),
  MaxPoolGrad: maxGradient,
  ResizeNearestNeighbor: resize('nearest'),
  ResizeNearestNeighborGrad: resizeGradient('nearest'),
  ResizeBilinear: resize('bilinear'),
  ResizeBilinearGrad: resizeGradient('bilinear'),
  DepthToSpace: depthToSpace,
  FusedBatchNorm: batchNorm,
};
