import {
  choice,
  InputError,
  integer,
  registry,
  row,
  type Data,
  type Full,
  type Option,
  type Registered,
  type Registry,
  type Row,
  type Spec,
  sizeOf,
} from '@stillpoint/operators';
import { besideLabels } from './beside-labels.js';
import {
  activationNames,
  dcganDiscriminator,
  dcganDiscriminatorTable,
  dcganGenerator,
  mlp,
  r3ganDiscriminator,
  r3ganGenerator,
  r3ganTable,
  resnetDiscriminator,
  resnetDiscriminatorTable,
  resnetGenerator,
  type ActivationName,
  type Network,
} from '@stillpoint/networks';

/** A generator and a discriminator for examples of the same shape. */
export interface Model {
  readonly generator: Network;
  readonly discriminator: Network;
}

/** What a model is built for: the shape of one example, such as [2] or [28, 28, 1]. */
type For = [shape: readonly number[]];

/** A model's entry in the registry: the only place that names it outside its file. */
export interface ModelEntry extends Row<Model, For> {
  readonly reference: string;
}

/** A row of the registry of models. */
export type ModelRow = Registered<ModelEntry, Model, For>;

const widths = (about: string): Option => ({
  about,
  expected: 'whole numbers > 0 as [128,128]',
  default: [64, 64],
  accepts: (value: Data) =>
    Array.isArray(value) && value.every((n) => typeof n === 'number' && Number.isSafeInteger(n) && n > 0),
});

const imageOf = (model: string, shape: readonly number[]): readonly number[] => {
  if (shape.length !== 3)
    throw new InputError(`model ${model} makes images; the data have shape [${shape.join(',')}]; use mlp`);
  return shape;
};

const latentOf = (length: number) => integer({ about: 'length of the noise', from: 1, default: length });
const dcganTable = { latent: latentOf(64), ...dcganDiscriminatorTable };
const r3ganOptions = { latent: latentOf(64), ...r3ganTable };
const resnetTable = {
  latent: latentOf(128),
  generatorWidth: integer({ about: 'channels of G', from: 1, default: 256 }),
  discriminatorWidth: integer({ about: 'channels of D', from: 1, default: 128 }),
  blocks: integer({
    about: 'blocks of G, each of which doubles the sides',
    from: 1,
    default: null,
    orNull: 'the most, up to 3, that the sides allow',
  }),
  spectralNorm: resnetDiscriminatorTable.spectralNorm,
  classes: resnetDiscriminatorTable.classes,
  variant: resnetDiscriminatorTable.variant,
};

const entries: readonly ModelEntry[] = [
  row(
    {
      name: 'mlp',
      about: 'fully connected; ReLU in G, leaky ReLU (0.2) or another in D; tanh out for images',
      reference: 'Goodfellow et al. 2014, arXiv 1406.2661',
    },
    {
      latent: integer({ about: 'length of the noise', from: 1, default: 2 }),
      generator: widths('hidden widths of G'),
      discriminator: widths('hidden widths of D'),
      classes: integer({
        about: 'number of classes, whose labels G and D get beside their input',
        from: 2,
        default: null,
        orNull: 'no labels',
      }),
      classifies: integer({
        about: 'number of classes, of which G gets the labels and D returns logits, for auxiliary-classifier',
        from: 2,
        default: null,
        orNull: 'none',
      }),
      activation: choice({
        about: 'activation of D’s hidden layers; G has ReLU',
        among: activationNames,
        default: 'leaky-relu',
      }),
      kernel: {
        about: 'how the weights of both start: an initialiser; null: N(0, 2/fan-in)',
        expected: 'null, or an initialiser, as "normal(deviation=0.02)" or orthogonal',
        default: null,
        accepts: (value: Data) => value === null || typeof value === 'string',
      },
    },
    (
      {
        latent,
        generator,
        discriminator,
        classes,
        classifies,
        activation,
        kernel,
      }: {
        readonly latent: number;
        readonly generator: readonly number[];
        readonly discriminator: readonly number[];
        readonly classes: number | null;
        readonly classifies: number | null;
        readonly activation: ActivationName;
        readonly kernel: string | null;
      },
      _: readonly Model[],
      shape: readonly number[],
    ) => {
      const size = sizeOf(shape);
      if (classes !== null && classifies !== null)
        throw new InputError(
          'model mlp: classes and classifies are given; expected one: D gets the labels or recognises them',
        );
      const labels = classes ?? classifies ?? 0;
      const labelled = (inner: Network): Network => (labels === 0 ? inner : besideLabels(inner, labels));
      const begun = kernel === null ? {} : { kernel };
      const D = mlp({
        sizes: [size + (classes ?? 0), ...discriminator, 1 + (classifies ?? 0)],
        activation,
        ...begun,
      });
      return {
        generator: labelled(
          mlp({
            sizes: [latent + labels, ...generator, size],
            output: shape.length > 1 ? 'tanh' : 'linear',
            ...begun,
          }),
        ),
        discriminator: classes === null ? D : labelled(D),
      };
    },
  ),
  row(
    {
      name: 'dcgan',
      about: 'convolutional, for images whose sides are multiples of 2^strides; batch norm in G',
      reference: 'Radford, Metz, Chintala 2016, arXiv 1511.06434',
    },
    dcganTable,
    (options: Full<typeof dcganTable>, _: readonly Model[], shape: readonly number[]) => {
      const { latent, normalise, spectralNorm, classifies, ...both } = options;
      const image = imageOf('dcgan', shape);
      const generator = dcganGenerator({ ...both, latent: latent + (classifies ?? 0), image });
      return {
        generator: classifies === null ? generator : besideLabels(generator, classifies),
        discriminator: dcganDiscriminator({ ...both, normalise, spectralNorm, classifies, image }),
      };
    },
  ),
  row(
    {
      name: 'resnet',
      about: 'residual blocks, batch norm in G, spectral norm in D: SNGAN’s for 32×32 images',
      reference: 'Miyato, Kataoka, Koyama, Yoshida 2018, arXiv 1802.05957',
    },
    resnetTable,
    (options: Full<typeof resnetTable>, _: readonly Model[], shape: readonly number[]) => {
      const image = imageOf('resnet', shape);
      const { latent, blocks, generatorWidth, discriminatorWidth, spectralNorm, classes, variant } = options;
      const [height = 0, width = 0] = image;
      const fitting = [3, 2, 1].find((n) => height % 2 ** n === 0 && width % 2 ** n === 0);
      const both = { image, classes, variant };
      return {
        generator: resnetGenerator({
          ...both,
          latent,
          width: generatorWidth,
          blocks: blocks ?? fitting ?? 1,
        }),
        discriminator: resnetDiscriminator({ ...both, width: discriminatorWidth, spectralNorm }),
      };
    },
  ),
  row(
    {
      name: 'r3gan',
      about: 'a plain modern pair: residual blocks, no normalisation, linear out; R3GAN’s, small',
      reference: 'Huang, Gokaslan, Kuleshov, Tompkin 2024, arXiv 2501.05441',
    },
    r3ganOptions,
    (options: Full<typeof r3ganOptions>, _: readonly Model[], shape: readonly number[]) => {
      const { latent, ...both } = options;
      const image = imageOf('r3gan', shape);
      return {
        generator: r3ganGenerator({ ...both, latent, image }),
        discriminator: r3ganDiscriminator({ ...both, image }),
      };
    },
  ),
];

/** The registry of models: finds a row by name and builds a model from a spec. */
export const modelRegistry: Registry<ModelEntry, Model, For> = registry('model', entries);

/** Every model, by name. */
export const models: readonly ModelRow[] = modelRegistry.rows;

/**
 * Builds the networks that a spec names, such as `dcgan(channels=16)`, for examples of a shape. @throws
 * InputError for an unknown name or option, and for a shape that the model cannot make.
 */
export const modelFrom: (spec: string | Spec, shape: readonly number[]) => Model = modelRegistry.from;
