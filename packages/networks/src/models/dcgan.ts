import * as tf from '@tensorflow/tfjs-core';
import { InputError, normal, sizeOf } from '@stillpoint/operators';
import { normaliseByBatch } from '../layers/batch-norm.js';
import type { Network } from '../network.js';

/** Options of {@link dcganGenerator} and {@link dcganDiscriminator}. */
export interface DcganOptions {
  /** Height, width and channels of an image; height and width are multiples of 4. Default [28, 28, 1]. */
  readonly image?: readonly number[];
  /** Length of the latent vector. Default 64. */
  readonly latent?: number;
  /** Channels of the larger feature maps; the smaller ones have twice as many. Default 32. */
  readonly channels?: number;
  /** Standard deviation of the weights at the start. Default 0.02, the paper's. */
  readonly deviation?: number;
}

/** The slope of leaky ReLU below 0; the paper's. */
const SLOPE = 0.2;

const ranked = (x: tf.Tensor): tf.Tensor4D => {
  const [n = 1, h = 1, w = 1, c = 1] = x.shape;
  return tf.reshape<tf.Rank.R4>(x, [n, h, w, c]);
};

function checked({ image = [28, 28, 1], latent = 64, channels = 32, deviation = 0.02 }: DcganOptions): {
  readonly height: number;
  readonly width: number;
  readonly colours: number;
  readonly latent: number;
  readonly channels: number;
  readonly deviation: number;
} {
  const [height = 0, width = 0, colours = 0, more] = image;
  const whole = [height, width, colours, latent, channels].every((n) => Number.isSafeInteger(n) && n > 0);
  if (!whole || more !== undefined || height % 4 !== 0 || width % 4 !== 0)
    throw new InputError(
      `a DCGAN for images [${image.join(',')}], latent ${latent}, channels ${channels}; expected [height, width, channels] with height and width multiples of 4, and whole numbers > 0`,
    );
  if (!(deviation > 0))
    throw new InputError(`a DCGAN whose weights start with deviation ${deviation}; expected a number > 0`);
  return { height, width, colours, latent, channels, deviation };
}

/** Fills weights from N(0, deviation²), scales of batch norm with 1, offsets and biases with 0. */
const initialiser =
  (deviation: number): Network['initialise'] =>
  ({ name, shape }, values, stream) => {
    if (shape.length > 1) normal(values, stream, 0, deviation);
    else values.fill(name.endsWith('scale') ? 1 : 0);
  };

function parameter(parameters: readonly tf.Tensor[], i: number): tf.Tensor {
  const found = parameters[i];
  if (found === undefined)
    throw new InputError(`a DCGAN got ${parameters.length} parameters; parameter ${i} is missing`);
  return found;
}

/**
 * DCGAN's generator, reduced to two strided layers: latent → dense [h/4, w/4, 2c] → batch norm, ReLU →
 * transposed convolution 4×4, stride 2, to [h/2, w/2, c] → batch norm, ReLU → another to [h, w, colours] plus
 * bias → tanh. Radford, Metz, Chintala 2016, arXiv 1511.06434. @throws InputError for sizes that do not fit.
 */
export function dcganGenerator(options: DcganOptions = {}): Network {
  const { height, width, colours, latent, channels: c, deviation } = checked(options);
  const [h, w] = [height / 4, width / 4];
  return {
    describe: `DCGAN ${latent}-${h}×${w}×${2 * c}-${2 * h}×${2 * w}×${c}-${height}×${width}×${colours}, batch norm, ReLU, tanh out`,
    identity: {
      kind: 'dcgan generator',
      image: [height, width, colours],
      latent,
      channels: c,
      deviation,
    },
    inputs: latent,
    outputs: height * width * colours,
    normalised: [2 * c, c],
    parameters: [
      { name: 'dense.weight', shape: [latent, h * w * 2 * c] },
      { name: 'norm.0.scale', shape: [2 * c] },
      { name: 'norm.0.offset', shape: [2 * c] },
      { name: 'up.0.weight', shape: [4, 4, c, 2 * c] },
      { name: 'norm.1.scale', shape: [c] },
      { name: 'norm.1.offset', shape: [c] },
      { name: 'up.1.weight', shape: [4, 4, colours, c] },
      { name: 'up.1.bias', shape: [colours] },
    ],
    initialise: initialiser(deviation),
    apply(parameters, z, context) {
      const p = (i: number): tf.Tensor => parameter(parameters, i);
      const n = z.shape[0] ?? 1;
      const dense = tf.reshape(tf.matMul(z, p(0)), [n, h, w, 2 * c]);
      const small = ranked(tf.relu(normaliseByBatch(dense, p(1), p(2), 0, context)));
      const middle = tf.conv2dTranspose(small, ranked(p(3)), [n, 2 * h, 2 * w, c], 2, 'same');
      const large = ranked(tf.relu(normaliseByBatch(middle, p(4), p(5), 1, context)));
      const image = tf.tanh(
        tf.add(tf.conv2dTranspose(large, ranked(p(6)), [n, height, width, colours], 2, 'same'), p(7)),
      );
      return tf.reshape(image, [n, height * width * colours]);
    },
  };
}

/**
 * DCGAN's discriminator, reduced to two strided layers: convolution 4×4, stride 2, to [h/2, w/2, c] plus bias
 * → leaky ReLU (0.2) → another to [h/4, w/4, 2c] → leaky ReLU → dense → one logit. It has no batch norm, so
 * each logit depends on its own image alone. Radford, Metz, Chintala 2016, arXiv 1511.06434. @throws
 * InputError for sizes that do not fit.
 */
export function dcganDiscriminator(options: Omit<DcganOptions, 'latent'> = {}): Network {
  const { height, width, colours, channels: c, deviation } = checked(options);
  const flat = sizeOf([height / 4, width / 4, 2 * c]);
  return {
    describe: `DCGAN ${height}×${width}×${colours}-${height / 2}×${width / 2}×${c}-${height / 4}×${width / 4}×${2 * c}-1, leaky ReLU`,
    identity: { kind: 'dcgan discriminator', image: [height, width, colours], channels: c, deviation },
    inputs: height * width * colours,
    outputs: 1,
    independent: true,
    parameters: [
      { name: 'down.0.weight', shape: [4, 4, colours, c] },
      { name: 'down.0.bias', shape: [c] },
      { name: 'down.1.weight', shape: [4, 4, c, 2 * c] },
      { name: 'down.1.bias', shape: [2 * c] },
      { name: 'dense.weight', shape: [flat, 1] },
      { name: 'dense.bias', shape: [1] },
    ],
    initialise: initialiser(deviation),
    apply(parameters, x) {
      const p = (i: number): tf.Tensor => parameter(parameters, i);
      const n = x.shape[0] ?? 1;
      const image = tf.reshape<tf.Rank.R4>(x, [n, height, width, colours]);
      const large = tf.leakyRelu(tf.add(tf.conv2d(image, ranked(p(0)), 2, 'same'), p(1)), SLOPE);
      const small = tf.leakyRelu(tf.add(tf.conv2d(ranked(large), ranked(p(2)), 2, 'same'), p(3)), SLOPE);
      return tf.add(tf.matMul(tf.reshape(small, [n, flat]), p(4)), p(5));
    },
  };
}
