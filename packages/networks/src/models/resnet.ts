import { choice, flag, InputError, integer, parseRows, type Full, type GivenOf } from '@stillpoint/operators';
import { activation } from '../layers/activation.js';
import { batchNorm, conditionalBatchNorm } from '../layers/batch-norm.js';
import { chain, residual, spectral } from '../layers/chain.js';
import { conv } from '../layers/conv.js';
import { dense } from '../layers/dense.js';
import { projection } from '../layers/labels.js';
import type { Layer } from '../layers/layer.js';
import { globalPool, pool, reshape, upsample } from '../layers/shapes.js';
import type { Network } from '../network.js';
import { sequential } from '../sequential.js';

const VARIANTS = ['sngan', 'rapp'] as const;
const shared = {
  blocks: integer({
    about:
      'number of blocks that double (G) or halve (D) the sides; 3 (G) and 2 (D) for 32×32 images, 2 and 2 for 28×28',
    from: 1,
  }),
  classes: integer({
    about: 'number of classes, for conditional batch norm (G) or a projection (D)',
    from: 2,
    default: null,
    orNull: 'no labels',
  }),
  variant: choice({
    about:
      'sngan: 1×1 convolutions beside the blocks that change sides, sum over places, as Miyato et al.; rapp: G’s blocks have only the upsampling beside them, mean over places, as the code of Pethick et al.',
    among: VARIANTS,
    default: 'sngan',
  }),
};
/** Options of the generator, as a row of a registry states them. */
export const resnetGeneratorTable = {
  ...shared,
  blocks: { ...shared.blocks, default: 3 },
  width: integer({ about: 'channels', from: 1, default: 256 }),
};
/** Options of the discriminator. */
export const resnetDiscriminatorTable = {
  ...shared,
  blocks: { ...shared.blocks, default: 2 },
  width: integer({ about: 'channels', from: 1, default: 128 }),
  spectralNorm: flag({
    about: 'whether its kernels are divided by their largest singular value',
    default: true,
  }),
};

/** Options of {@link resnetGenerator}. */
export interface ResnetGeneratorOptions extends GivenOf<typeof resnetGeneratorTable> {
  /** Height, width and channels of an image. Default [32, 32, 3]. */
  readonly image?: readonly number[];
  /** Length of the latent vector. Default 128. */
  readonly latent?: number;
}
/** Options of {@link resnetDiscriminator}. */
export interface ResnetDiscriminatorOptions extends GivenOf<typeof resnetDiscriminatorTable> {
  /** Height, width and channels of an image. Default [32, 32, 3]. */
  readonly image?: readonly number[];
}

function sides(owner: string, image: readonly number[], blocks: number): readonly [number, number, number] {
  const [height = 0, width = 0, colours = 0, more] = image;
  const factor = 2 ** blocks;
  if (
    ![height, width, colours].every((n) => Number.isSafeInteger(n) && n > 0) ||
    more !== undefined ||
    height % factor !== 0 ||
    width % factor !== 0
  )
    throw new InputError(
      `${owner}: images [${image.join(',')}] with ${blocks} blocks; expected [height, width, channels] with sides that are multiples of ${factor}`,
    );
  return [height, width, colours];
}

/** Gains of Glorot's uniform start: of the blocks' convolutions, and of those beside the blocks. */
const gains = (variant: (typeof VARIANTS)[number]): { readonly inside: string; readonly beside: string } => {
  const [one, root] = ['glorot-uniform', `glorot-uniform(gain=${Math.SQRT2})`];
  return variant === 'sngan' ? { inside: root, beside: one } : { inside: one, beside: root };
};
const relu = activation({ of: 'relu' });

/**
 * The ResNet generator of SNGAN for 32×32 images: latent → dense to 4×4×width → three blocks (batch norm,
 * ReLU, upsampling, convolution 3×3, batch norm, ReLU, convolution 3×3; beside it upsampling and a
 * convolution 1×1) → batch norm, ReLU, convolution 3×3, tanh. Glorot's uniform start, gain √2 inside the
 * blocks. Miyato, Kataoka, Koyama, Yoshida 2018, arXiv 1802.05957, appendix B.4. @throws InputError for
 * sizes that do not fit.
 */
export function resnetGenerator({
  image = [32, 32, 3],
  latent = 128,
  ...given
}: ResnetGeneratorOptions = {}): Network {
  const { blocks, classes, variant, width }: Full<typeof resnetGeneratorTable> = parseRows(
    'resnetGenerator',
    resnetGeneratorTable,
    given,
  );
  const [height, across, colours] = sides('resnetGenerator', image, blocks);
  const small = [height / 2 ** blocks, across / 2 ** blocks, width];
  const { inside, beside } = gains(variant);
  const norm = (): Layer => (classes === null ? batchNorm() : conditionalBatchNorm({ classes }));
  const larger = conv({ filters: width, kernel: inside });
  const block = residual(
    chain(norm(), relu, upsample(), larger, norm(), relu, larger),
    variant === 'rapp' ? upsample() : chain(upsample(), conv({ filters: width, size: 1, kernel: beside })),
  );
  return sequential({
    describe: `ResNet ${latent}-${small.join('×')}-${image.join('×')}, ${blocks} blocks${variant === 'rapp' ? ' (rapp)' : ''}${classes === null ? '' : `, ${classes} classes`}`,
    inputs: latent,
    layers: [
      dense({ units: small[0]! * small[1]! * width }),
      reshape({ shape: small }),
      ...Array.from({ length: blocks }, () => block),
      norm(),
      relu,
      conv({ filters: colours }),
      activation({ of: 'tanh' }),
    ],
  });
}

/**
 * The ResNet discriminator of SNGAN for 32×32 images: a first block (convolution 3×3, ReLU, convolution
 * 3×3, mean of 2×2; beside it mean of 2×2 and a convolution 1×1), a block that halves the sides, two that
 * keep them, each ReLU, convolution 3×3, ReLU, convolution 3×3 → ReLU, sum over places, dense → one logit;
 * spectral norm on all kernels. Miyato, Kataoka, Koyama, Yoshida 2018, arXiv 1802.05957, appendix B.4; with
 * classes the logit is that of Miyato, Koyama 2018, arXiv 1802.05637. @throws InputError for sizes that do
 * not fit.
 */
export function resnetDiscriminator({
  image = [32, 32, 3],
  ...given
}: ResnetDiscriminatorOptions = {}): Network {
  const { blocks, classes, variant, width, spectralNorm }: Full<typeof resnetDiscriminatorTable> = parseRows(
    'resnetDiscriminator',
    resnetDiscriminatorTable,
    given,
  );
  sides('resnetDiscriminator', image, blocks);
  const { inside, beside } = gains(variant);
  const divided = (layer: Layer): Layer => (spectralNorm ? spectral(layer) : layer);
  const inner = divided(conv({ filters: width, kernel: inside }));
  const side = divided(conv({ filters: width, size: 1, kernel: beside }));
  const half = pool({ of: 'mean' });
  return sequential({
    describe: `ResNet ${image.join('×')}-${width}-1, ${blocks} + 2 blocks${variant === 'rapp' ? ' (rapp)' : ''}${spectralNorm ? ', spectral norm' : ''}${classes === null ? '' : `, ${classes} classes`}`,
    inputs: image,
    layers: [
      residual(chain(inner, relu, inner, half), chain(half, side)),
      ...Array.from({ length: blocks - 1 }, () =>
        residual(chain(relu, inner, relu, inner, half), chain(side, half)),
      ),
      ...Array.from({ length: 2 }, () => residual(chain(relu, inner, relu, inner))),
      relu,
      globalPool({ of: variant === 'sngan' ? 'sum' : 'mean' }),
      divided(classes === null ? dense({ units: 1 }) : projection({ classes })),
    ],
  });
}
