import * as tf from '@tensorflow/tfjs-core';

// tfjs code is often written as chains, x.add(y).mean(). Tensors have these methods only if all of tfjs was
// imported (tfjs-core's own file that adds them does not load in Node, and would add them to a second copy of
// the class). tfjs's own gradients of prod and gather call three of them.

/**
 * The methods that call the operation of the same name with the tensor as first operand, as tfjs-core 4.22
 * declares them in its folder public/chained_ops.
 */
const plain = (
  'abs acos acosh add all any argMax argMin asin asinh atan atan2 atanh avgPool batchNorm batchToSpaceND ' +
  'broadcastTo cast ceil clipByValue conv1d conv2d conv2dTranspose cos cosh cumprod cumsum depthToSpace ' +
  'depthwiseConv2d dilation2d div divNoNan dot elu equal erf euclideanNorm exp expandDims expm1 fft floor ' +
  'floorDiv gather greater greaterEqual ifft irfft isFinite isInf isNaN leakyRelu less lessEqual ' +
  'localResponseNormalization log log1p logSigmoid logSoftmax logSumExp logicalAnd logicalNot logicalOr ' +
  'logicalXor matMul max maxPool maximum mean min minimum mirrorPad mod mul neg norm notEqual onesLike pad ' +
  'pool pow prelu prod reciprocal relu relu6 reshape resizeBilinear resizeNearestNeighbor reverse rfft round ' +
  'rsqrt selu separableConv2d sigmoid sign sin sinh slice softmax softplus spaceToBatchND split sqrt square ' +
  'squaredDifference squeeze step stridedSlice sub sum tan tanh tile topk transpose unique ' +
  'unsortedSegmentSum unstack zerosLike'
).split(' ');

type Method = (this: tf.Tensor, ...rest: never[]) => tf.Tensor;

const flat: Method = function () {
  return tf.reshape(this, [this.size]);
};

const sized: Method = function (...sizes: number[]) {
  return tf.reshape(this, sizes);
};

const listOf = (x: tf.Tensor | tf.Tensor[]): tf.Tensor[] => (Array.isArray(x) ? x : [x]);

/** The methods that are not an operation with the tensor as first operand. */
const others: { readonly [name: string]: Method } = {
  as1D: flat,
  flatten: flat,
  as2D: sized,
  as3D: sized,
  as4D: sized,
  as5D: sized,
  asScalar() {
    tf.util.assert(this.size === 1, () => 'The array must have only 1 element.');
    return tf.reshape(this, []);
  },
  reshapeAs(x: tf.Tensor) {
    return tf.reshape(this, x.shape);
  },
  asType(dtype: tf.DataType) {
    return tf.cast(this, dtype);
  },
  toBool() {
    return tf.cast(this, 'bool');
  },
  toFloat() {
    return tf.cast(this, 'float32');
  },
  toInt() {
    return tf.cast(this, 'int32');
  },
  concat(x: tf.Tensor | tf.Tensor[], axis?: number) {
    return tf.concat([this, ...listOf(x)], axis);
  },
  stack(x: tf.Tensor | tf.Tensor[], axis?: number) {
    return tf.stack([this, ...listOf(x)], axis);
  },
  oneHot(depth: number, on?: number, off?: number) {
    return tf.oneHot(this, depth, on, off);
  },
  where(condition: tf.Tensor, other: tf.Tensor) {
    return tf.where(condition, this, other);
  },
};

/** Where tfjs keeps the operation of a method. */
function operationOf(name: string): (...operands: unknown[]) => unknown {
  for (const home of [tf, tf.image, tf.spectral]) {
    const operation: unknown = Reflect.get(home, name);
    if (typeof operation === 'function')
      return (...operands) => Reflect.apply(operation, undefined, operands);
  }
  throw new Error(`tfjs-core ${tf.version_core} has no operation ${name}`);
}

/**
 * Adds the methods of chained code that tensors lack to tfjs's class. Methods that exist stay: those of all
 * of tfjs, or of the user.
 */
export function addChainedMethods(): void {
  const add = (name: string, call: (tensor: tf.Tensor, rest: unknown[]) => unknown): void => {
    if (name in tf.Tensor.prototype) return;
    Object.defineProperty(tf.Tensor.prototype, name, {
      configurable: true,
      writable: true,
      value(this: tf.Tensor, ...rest: unknown[]) {
        this.throwIfDisposed();
        return call(this, rest);
      },
    });
  };
  for (const name of plain) {
    const operation = operationOf(name);
    add(name, (tensor, rest) => operation(tensor, ...rest));
  }
  for (const [name, method] of Object.entries(others))
    add(name, (tensor, rest) => Reflect.apply(method, tensor, rest));
}
