import * as tf from '@tensorflow/tfjs-core';
import { InputError, integer, parseRows, type Full, type GivenOf } from '@stillpoint/operators';
import { activation, SLOPE } from '../layers/activation.js';
import { chain, residual } from '../layers/chain.js';
import { conv } from '../layers/conv.js';
import { dense } from '../layers/dense.js';
import { builtLayer, imageShape, type Layer } from '../layers/layer.js';
import { pool, upsample } from '../layers/shapes.js';
import type { Network } from '../network.js';
import { sequential } from '../sequential.js';

/** Options of both networks, as a row of a registry states them. */
export const r3ganTable = {
  width: integer({ about: 'channels', from: 1, default: 32 }),
  halvings: integer({ about: 'times that the sides are doubled (G) or halved (D)', from: 1, default: 2 }),
  blocks: integer({ about: 'residual blocks for each size of the image', from: 1, default: 1 }),
  expansion: integer({ about: 'factor of the channels inside a block', from: 1, default: 2 }),
};
/** Options of {@link r3ganGenerator} and {@link r3ganDiscriminator}. */
export interface R3ganOptions extends GivenOf<typeof r3ganTable> {
  /** Height, width and channels of an image. Default [28, 28, 1]. */
  readonly image?: readonly number[];
}

/** Normal, variance 1/fan-in, as the paper's code starts what no activation follows. */
const PLAIN = 'he-normal(gain=1)';

interface Parts {
  readonly sizes: Full<typeof r3ganTable>;
  readonly image: readonly number[];
  /** Height, width and channels of the smallest feature map. */
  readonly small: readonly number[];
  /** The blocks for one size of the image. */
  readonly stage: readonly Layer[];
}

function partsOf(owner: string, { image = [28, 28, 1], ...given }: R3ganOptions): Parts {
  const sizes: Full<typeof r3ganTable> = parseRows(owner, r3ganTable, given);
  const { width, halvings, blocks, expansion } = sizes;
  const factor = 2 ** halvings;
  const { height, width: across } = imageShape(owner, image);
  if (height % factor !== 0 || across % factor !== 0)
    throw new InputError(
      `${owner}: images [${image.join(',')}], ${halvings} halvings; expected sides that are multiples of ${factor}`,
    );
  const all = blocks * (halvings + 1);
  // the gain of leaky ReLU, and the paper's of a block of three convolutions among `all` blocks
  const gain = Math.sqrt(2 / (1 + SLOPE ** 2)) * all ** -0.25;
  const kernel = `he-normal(gain=${gain})`;
  const inside = width * expansion;
  const active = activation({ of: 'leaky-relu' });
  const block = residual(
    chain(
      conv({ filters: inside, size: 1, kernel }),
      active,
      conv({ filters: inside, kernel }),
      active,
      // 0 at the start: each block begins as the identity
      conv({ filters: width, size: 1, kernel: 'constant', bias: false }),
    ),
  );
  return {
    sizes,
    image,
    small: [height / factor, across / factor, width],
    stage: Array.from({ length: blocks }, () => block),
  };
}

/** A learned feature map, each channel of which is multiplied by one number of the input. */
const basis = (small: readonly number[]): Layer => ({
  name: 'basis',
  identity: { layer: 'basis', small },
  build: () =>
    builtLayer({
      output: small,
      parameters: { map: { shape: small, start: 'normal(deviation=1)' } },
      apply: ({ map }, x) => tf.mul(tf.reshape(x, [-1, 1, 1, small.at(-1)!]), map),
    }),
});
/** One number for each channel: its sum over places, weighted by a learned map. */
const weighing = (small: readonly number[]): Layer => {
  const deviation = 1 / Math.sqrt(small[0]! * small[1]!);
  return {
    name: 'weighing',
    identity: { layer: 'weighing', small },
    build: () =>
      builtLayer({
        output: small.slice(-1),
        parameters: { map: { shape: small, start: `normal(deviation=${deviation})` } },
        apply: ({ map }, x) => tf.sum(tf.mul(x, map), [1, 2]),
      }),
  };
};

/**
 * A plain modern generator: a learned map, its channels multiplied by a linear function of the noise, then
 * residual blocks (convolution 1×1, leaky ReLU, 3×3, leaky ReLU, 1×1) and upsampling; no normalisation,
 * linear out. Huang, Gokaslan, Kuleshov, Tompkin 2024, “The GAN is dead; long live the GAN!”, arXiv
 * 2501.05441, made small: its 3×3 convolutions are in groups, and its resampling is smoothed by [1, 2, 1];
 * here neither. @throws InputError for sizes that do not fit.
 */
export function r3ganGenerator({
  latent = 64,
  ...options
}: R3ganOptions & {
  /** Length of the latent vector. Default 64. */
  readonly latent?: number;
} = {}): Network {
  const { sizes, image, small, stage } = partsOf('r3ganGenerator', options);
  return sequential({
    describe: `R3GAN ${latent}-${small.join('×')}-${image.join('×')}, ${sizes.blocks} blocks a size`,
    inputs: latent,
    layers: [
      dense({ units: sizes.width, bias: false, kernel: PLAIN }),
      basis(small),
      ...stage,
      ...Array.from({ length: sizes.halvings }, () => [upsample(), ...stage]).flat(),
      conv({ filters: image[2]!, size: 1, bias: false, kernel: PLAIN }),
    ],
  });
}

/**
 * A plain modern discriminator, the mirror of {@link r3ganGenerator}: convolution 1×1, residual blocks and
 * means of 2×2, a sum over places weighted by a learned map, a linear function to one logit. @throws
 * InputError for sizes that do not fit.
 */
export function r3ganDiscriminator(options: R3ganOptions = {}): Network {
  const { sizes, image, small, stage } = partsOf('r3ganDiscriminator', options);
  return sequential({
    describe: `R3GAN ${image.join('×')}-${small.join('×')}-1, ${sizes.blocks} blocks a size`,
    inputs: image,
    layers: [
      conv({ filters: sizes.width, size: 1, bias: false, kernel: PLAIN }),
      ...Array.from({ length: sizes.halvings }, () => [...stage, pool()]).flat(),
      ...stage,
      weighing(small),
      dense({ units: 1, bias: false, kernel: PLAIN }),
    ],
  });
}
