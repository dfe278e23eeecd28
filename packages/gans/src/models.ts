import {
  InputError,
  integer,
  number,
  registry,
  row,
  type Data,
  type Option,
  type Registered,
  type Registry,
  type Row,
  type Spec,
  sizeOf,
} from '@stillpoint/operators';
import { dcganDiscriminator, dcganGenerator, mlp, type Network } from '@stillpoint/networks';

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

const entries: readonly ModelEntry[] = [
  row(
    {
      name: 'mlp',
      about: 'fully connected; ReLU in G, leaky ReLU (0.2) in D; tanh out for images',
      reference: 'Goodfellow et al. 2014, arXiv 1406.2661',
    },
    {
      latent: integer({ about: 'length of the noise', from: 1, default: 2 }),
      generator: widths('hidden widths of G'),
      discriminator: widths('hidden widths of D'),
    },
    (
      {
        latent,
        generator,
        discriminator,
      }: {
        readonly latent: number;
        readonly generator: readonly number[];
        readonly discriminator: readonly number[];
      },
      _: readonly Model[],
      shape: readonly number[],
    ) => {
      const size = sizeOf(shape);
      return {
        generator: mlp({ sizes: [latent, ...generator, size], output: shape.length > 1 ? 'tanh' : 'linear' }),
        discriminator: mlp({ sizes: [size, ...discriminator, 1], activation: 'leaky-relu' }),
      };
    },
  ),
  row(
    {
      name: 'dcgan',
      about: 'convolutional, for images whose height and width are multiples of 4; batch norm in G',
      reference: 'Radford, Metz, Chintala 2016, arXiv 1511.06434',
    },
    {
      latent: integer({ about: 'length of the noise', from: 1, default: 64 }),
      channels: integer({
        about: 'channels of the larger feature maps; the smaller ones have twice as many',
        from: 1,
        default: 32,
      }),
      deviation: number({
        about: 'standard deviation of the weights at the start',
        symbol: 'σ',
        above: 0,
        default: 0.02,
      }),
    },
    (
      options: { readonly latent: number; readonly channels: number; readonly deviation: number },
      _: readonly Model[],
      shape: readonly number[],
    ) => {
      if (shape.length !== 3)
        throw new InputError(`model dcgan makes images; the data have shape [${shape.join(',')}]; use mlp`);
      return {
        generator: dcganGenerator({ ...options, image: shape }),
        discriminator: dcganDiscriminator({ ...options, image: shape }),
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
