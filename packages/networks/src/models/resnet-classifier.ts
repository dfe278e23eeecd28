import * as tf from '@tensorflow/tfjs-core';
import {
  InputError,
  integer,
  parseRows,
  type Data,
  type Full,
  type GivenOf,
  type Option,
} from '@stillpoint/operators';
import { activation } from '../layers/activation.js';
import { batchNorm } from '../layers/batch-norm.js';
import { chain, residual } from '../layers/chain.js';
import { conv } from '../layers/conv.js';
import { dense } from '../layers/dense.js';
import { builtLayer, imageShape, misfit, type Layer, type Shape } from '../layers/layer.js';
import { globalPool } from '../layers/shapes.js';
import type { Network } from '../network.js';
import { sequential } from '../sequential.js';

const depthOption: Option<number> & { readonly default: number } = {
  about: 'layers with weights: 3 stages of n blocks of two, and the first and the last',
  expected: '6n + 2 with n >= 1, as 8, 14, 20, 32, 44, 56 or 110',
  default: 20,
  accepts: (value: Data) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 8 && (value - 2) % 6 === 0,
};

/** Options of the classifier, as a row of a registry states them. */
export const resnetClassifierTable = {
  depth: depthOption,
  width: integer({
    about: 'channels of the first stage; twice and four times as many follow',
    from: 1,
    default: 16,
  }),
};
/** Options of {@link resnetClassifier}. */
export interface ResnetClassifierOptions extends GivenOf<typeof resnetClassifierTable> {
  /** Height, width and channels of an image; sides that are multiples of 4. Default [32, 32, 3]. */
  readonly image?: Shape;
  /** Number of classes. Default 10. */
  readonly classes?: number;
}

/**
 * The identity beside a block that halves the sides: every second pixel, and zeros in the channels that are
 * new. It takes the second pixel of each pair: with `same` padding that is the centre of the window of a
 * convolution 3×3 of stride 2.
 */
const shortcut = (filters: number): Layer => ({
  name: 'every-second',
  identity: { layer: 'every-second', filters },
  build(input, name) {
    const { height, width, channels } = imageShape(name, input);
    if (height % 2 !== 0 || width % 2 !== 0 || channels > filters)
      throw misfit(name, `[height, width, channels] with even sides and at most ${filters} channels`, input);
    const [h, w] = [height / 2, width / 2];
    return builtLayer({
      output: [h, w, filters],
      parameters: {},
      apply(_, x) {
        const row = width * channels;
        const rows = tf.slice(tf.reshape(x, [-1, 2 * row]), [0, row], [-1, row]);
        const pixels = tf.slice(tf.reshape(rows, [-1, 2 * channels]), [0, channels], [-1, channels]);
        return tf.reshape(
          tf.pad(pixels, [
            [0, 0],
            [0, filters - channels],
          ]),
          [-1, h, w, filters],
        );
      },
    });
  },
});

/**
 * The ResNet for CIFAR-10, a logit for each class: convolution 3×3, batch norm, ReLU → three stages of
 * n = (depth − 2)/6 blocks, with width, 2·width and 4·width channels, of which the second and third begin
 * with a stride of 2 → mean over places → dense. A block is convolution 3×3, batch norm, ReLU, convolution
 * 3×3, batch norm, plus its input, then ReLU; where sides and channels change, plus every second pixel of it,
 * with zeros as further channels (option A). Convolutions have no bias and He's normal start.
 * Source: He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2015, arXiv 1512.03385,
 * section 4.2. @throws InputError for sizes that do not fit.
 */
export function resnetClassifier({
  image = [32, 32, 3],
  classes = 10,
  ...given
}: ResnetClassifierOptions = {}): Network {
  const { depth, width }: Full<typeof resnetClassifierTable> = parseRows(
    'resnetClassifier',
    resnetClassifierTable,
    given,
  );
  const [height = 0, across = 0] = image;
  if (image.length !== 3 || height % 4 !== 0 || across % 4 !== 0)
    throw new InputError(
      `resnetClassifier: images [${image.join(',')}]; expected [height, width, channels] with sides that are multiples of 4`,
    );
  const relu = activation({ of: 'relu' });
  const normalised = (filters: number, stride = 1): readonly Layer[] => [
    conv({ filters, stride, bias: false, kernel: 'he-normal' }),
    batchNorm(),
  ];
  const block = (filters: number, halves: boolean): readonly Layer[] => [
    residual(
      chain(...normalised(filters, halves ? 2 : 1), relu, ...normalised(filters)),
      halves ? shortcut(filters) : undefined,
    ),
    relu,
  ];
  const blocks = (depth - 2) / 6;
  return sequential({
    describe: `ResNet-${depth} ${image.join('×')}-${[1, 2, 4].map((times) => times * width).join('-')}-${classes}`,
    inputs: image,
    layers: [
      ...normalised(width),
      relu,
      ...[0, 1, 2].flatMap((stage) =>
        Array.from({ length: blocks }, (_, i) => block(width * 2 ** stage, stage > 0 && i === 0)).flat(),
      ),
      globalPool({ of: 'mean' }),
      dense({ units: classes }),
    ],
  });
}
