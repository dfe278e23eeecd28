import * as tf from '@tensorflow/tfjs-core';
import { flag, InputError, integer, normal, number, sizeOf } from '@stillpoint/operators';
import { activate } from '../layers/activation.js';
import { normaliseByBatch } from '../layers/batch-norm.js';
import { ranked } from '../layers/conv.js';
import { spectralNorm } from '../layers/spectral-norm.js';
import type { Network, Parameter } from '../network.js';

/** Options of both networks, as a row of a registry states them. */
export const dcganTable = {
  channels: integer({
    about: 'channels of the largest feature maps; each smaller map has twice as many',
    from: 1,
    default: 32,
  }),
  strides: integer({ about: 'number of convolutions of stride 2; 4 for 64×64 images', from: 1, default: 2 }),
  deviation: number({
    about: 'standard deviation of the weights at the start',
    symbol: 'σ',
    above: 0,
    default: 0.02,
  }),
};
/** Those of the discriminator. */
export const dcganDiscriminatorTable = {
  ...dcganTable,
  normalise: flag({
    about: 'whether all convolutions but the first are followed by batch norm',
    default: false,
  }),
  spectralNorm: flag({
    about: 'whether its weights are divided by their largest singular value',
    default: false,
  }),
  classifies: integer({
    about:
      'number of classes for each of which D returns a logit beside its own, for an auxiliary classifier',
    from: 2,
    default: null,
    orNull: 'none',
  }),
};

/** Options of {@link dcganGenerator} and {@link dcganDiscriminator}. */
export interface DcganOptions {
  /**
   * Height, width and channels of an image; height and width are multiples of 2^strides. Default [28, 28,
   * 1].
   */
  readonly image?: readonly number[];
  /** Length of the latent vector. Default 64; the paper's is 100. */
  readonly latent?: number;
  /** Channels of the largest feature maps; each smaller map has twice as many. Default 32. */
  readonly channels?: number;
  /** Number of convolutions of stride 2. Default 2; 4 for the 64×64 images of the paper. */
  readonly strides?: number;
  /** Standard deviation of the weights at the start. Default 0.02, the paper's. */
  readonly deviation?: number;
}

/** Options of {@link dcganDiscriminator}. */
export interface DcganDiscriminatorOptions extends Omit<DcganOptions, 'latent'> {
  /**
   * Whether all its convolutions but the first are followed by batch norm, as in the paper. Default false.
   */
  readonly normalise?: boolean;
  /**
   * Whether its weights are divided by their largest singular value, as by `spectralNorm`; not together with
   * batch norm. Default false.
   */
  readonly spectralNorm?: boolean;
  /**
   * Number of classes for each of which it returns a logit beside its own, for an auxiliary classifier.
   * Default null: none.
   */
  readonly classifies?: number | null;
}

interface Sizes {
  readonly height: number;
  readonly width: number;
  readonly colours: number;
  readonly latent: number;
  readonly strides: number;
  readonly deviation: number;
  /**
   * Height, width and channels of the feature maps, from the largest, half the image's side, to the
   * smallest.
   */
  readonly maps: readonly (readonly [number, number, number])[];
  readonly identity: { readonly [option: string]: number | readonly number[] };
}

function checked({
  image = [28, 28, 1],
  latent = 64,
  channels = 32,
  strides = 2,
  deviation = 0.02,
}: DcganOptions): Sizes {
  const [height = 0, width = 0, colours = 0, more] = image;
  const whole = [height, width, colours, latent, channels, strides].every(
    (n) => Number.isSafeInteger(n) && n > 0,
  );
  const factor = 2 ** strides;
  if (!whole || more !== undefined || height % factor !== 0 || width % factor !== 0)
    throw new InputError(
      `a DCGAN for images [${image.join(',')}], latent ${latent}, channels ${channels}, strides ${strides}; expected [height, width, channels] with height and width multiples of ${whole ? factor : '2^strides'}, and whole numbers > 0`,
    );
  if (!(deviation > 0))
    throw new InputError(`a DCGAN whose weights start with deviation ${deviation}; expected a number > 0`);
  const maps = Array.from({ length: strides }, (_, i): [number, number, number] => [
    height / 2 ** (i + 1),
    width / 2 ** (i + 1),
    channels * 2 ** i,
  ]);
  const identity = {
    image: [height, width, colours],
    channels,
    ...(strides !== 2 && { strides }),
    deviation,
  };
  return { height, width, colours, latent, strides, deviation, maps, identity };
}

/** Fills weights from N(0, deviation²), scales of batch norm with 1, offsets and biases with 0. */
const initialiser =
  (deviation: number): Network['initialise'] =>
  ({ name, shape }, values, stream) => {
    if (shape.length > 1) normal(values, stream, 0, deviation);
    else values.fill(name.endsWith('scale') ? 1 : 0);
  };

/** The parameters by name. @throws InputError for another number of them. */
function named(declared: readonly Parameter[], tensors: readonly tf.Tensor[]): (name: string) => tf.Tensor {
  if (tensors.length !== declared.length)
    throw new InputError(`a DCGAN got ${tensors.length} parameters; expected ${declared.length}`);
  const all = new Map(declared.map(({ name }, i) => [name, tensors[i]]));
  return (name) => {
    const found = all.get(name);
    if (found === undefined) throw new InputError(`a DCGAN has no parameter ${name}`);
    return found;
  };
}

/**
 * DCGAN's generator: latent → dense to the smallest map → batch norm, ReLU → for each larger map a
 * transposed convolution 4×4, stride 2 → batch norm, ReLU → another to the image, plus bias → tanh.
 * Radford, Metz, Chintala 2016, arXiv 1511.06434. @throws InputError for sizes that do not fit.
 */
export function dcganGenerator(options: DcganOptions = {}): Network {
  const { height, width, colours, latent, deviation, maps, identity } = checked(options);
  const up = maps.toReversed();
  const [h, w, c] = up[0]!;
  const targets = [...up.slice(1), [height, width, colours] as const];
  const parameters: readonly Parameter[] = [
    { name: 'dense.weight', shape: [latent, h * w * c] },
    ...targets.flatMap(([, , to], i) => {
      const from = up[i]![2];
      return [
        { name: `norm.${i}.scale`, shape: [from] },
        { name: `norm.${i}.offset`, shape: [from] },
        { name: `up.${i}.weight`, shape: [4, 4, to, from] },
      ];
    }),
    { name: `up.${targets.length - 1}.bias`, shape: [colours] },
  ];
  const sizes = up.map((map) => map.join('×')).join('-');
  return {
    describe: `DCGAN ${latent}-${sizes}-${height}×${width}×${colours}, batch norm, ReLU, tanh out`,
    identity: { kind: 'dcgan generator', latent, ...identity },
    inputs: latent,
    outputs: height * width * colours,
    normalised: up.map(([, , channels]) => channels),
    parameters,
    initialise: initialiser(deviation),
    apply(tensors, z, context) {
      const p = named(parameters, tensors);
      const n = z.shape[0] ?? 1;
      let x: tf.Tensor = tf.reshape(tf.matMul(z, p('dense.weight')), [n, h, w, c]);
      for (const [i, [rows, columns, to]] of targets.entries()) {
        x = tf.relu(normaliseByBatch(x, p(`norm.${i}.scale`), p(`norm.${i}.offset`), i, context));
        x = tf.conv2dTranspose(ranked(x), ranked(p(`up.${i}.weight`)), [n, rows, columns, to], 2, 'same');
      }
      x = tf.tanh(tf.add(x, p(`up.${targets.length - 1}.bias`)));
      return tf.reshape(x, [n, height * width * colours]);
    },
  };
}

/**
 * DCGAN's discriminator: for each map a convolution 4×4, stride 2, plus bias → leaky ReLU (0.2); then dense
 * → one logit, and one per class if it classifies. It has batch norm only if asked, so that each logit
 * depends on its own image alone, and spectral norm (Miyato, Kataoka, Koyama, Yoshida 2018, arXiv
 * 1802.05957) only if asked. Radford, Metz, Chintala 2016, arXiv 1511.06434. @throws InputError for sizes
 * that do not fit, and for batch norm beside spectral norm.
 */
export function dcganDiscriminator({
  normalise = false,
  spectralNorm: divided = false,
  classifies = null,
  ...options
}: DcganDiscriminatorOptions = {}): Network {
  if (classifies !== null && !(Number.isSafeInteger(classifies) && classifies >= 2))
    throw new InputError(`a DCGAN that classifies ${classifies}; expected a whole number >= 2, or null`);
  if (divided && normalise)
    throw new InputError('a DCGAN with spectralNorm and normalise; expected one of the two');
  const logits = 1 + (classifies ?? 0);
  const { height, width, colours, deviation, maps, identity } = checked(options);
  const flat = sizeOf(maps.at(-1)!);
  const normalised = normalise ? maps.slice(1).map(([, , channels]) => channels) : [];
  const parameters: readonly Parameter[] = [
    ...maps.flatMap(([, , to], i) => [
      { name: `down.${i}.weight`, shape: [4, 4, i === 0 ? colours : maps[i - 1]![2], to] },
      ...(normalise && i > 0
        ? [
            { name: `norm.${i}.scale`, shape: [to] },
            { name: `norm.${i}.offset`, shape: [to] },
          ]
        : [{ name: `down.${i}.bias`, shape: [to] }]),
    ]),
    { name: 'dense.weight', shape: [flat, logits] },
    { name: 'dense.bias', shape: [logits] },
  ];
  const sizes = maps.map((map) => map.join('×')).join('-');
  const network: Network = {
    describe: `DCGAN ${height}×${width}×${colours}-${sizes}-${logits}, ${normalise ? 'batch norm, ' : ''}leaky ReLU`,
    identity: {
      kind: 'dcgan discriminator',
      ...identity,
      ...(normalise && { normalise }),
      ...(classifies !== null && { classifies }),
    },
    inputs: height * width * colours,
    outputs: logits,
    independent: !normalise,
    ...(normalise && { normalised }),
    parameters,
    initialise: initialiser(deviation),
    apply(tensors, x, context) {
      const p = named(parameters, tensors);
      const n = x.shape[0] ?? 1;
      let h: tf.Tensor = tf.reshape(x, [n, height, width, colours]);
      for (const i of maps.keys()) {
        h = tf.conv2d(ranked(h), ranked(p(`down.${i}.weight`)), 2, 'same');
        h =
          normalise && i > 0
            ? normaliseByBatch(h, p(`norm.${i}.scale`), p(`norm.${i}.offset`), i - 1, context)
            : tf.add(h, p(`down.${i}.bias`));
        h = activate('leaky-relu', h);
      }
      return tf.add(tf.matMul(tf.reshape(h, [n, flat]), p('dense.weight')), p('dense.bias'));
    },
  };
  return divided ? spectralNorm(network) : network;
}
