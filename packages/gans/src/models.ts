import {
  findRow,
  InputError,
  integer,
  number,
  parseOptions,
  parseSpec,
  type Data,
  type Given,
  type Option,
  type OptionTable,
  type Spec,
} from '@stillpoint/operators';
import { dcganDiscriminator, dcganGenerator } from './networks/dcgan.js';
import { mlp } from './networks/mlp.js';
import { type Network, sizeOf } from './networks/network.js';

/** A pair of networks that fit each other. */
export interface Model {
  readonly generator: Network;
  readonly discriminator: Network;
}

/** A row of the registry of models: the only place that names one outside its file. */
export interface ModelRow {
  readonly name: string;
  readonly about: string;
  readonly options: OptionTable<Given>;
  readonly reference: string;
  /**
   * For examples of a shape: [2], [28, 28, 1]. @throws InputError for an unknown or unacceptable option, and
   * for a shape it cannot make.
   */
  readonly build: (shape: readonly number[], given: Given) => Model;
}

function row<O extends object>(
  words: Pick<ModelRow, 'name' | 'about' | 'reference'>,
  options: OptionTable<O>,
  make: (shape: readonly number[], options: O) => Model,
): ModelRow {
  return {
    ...words,
    options,
    build: (shape, given) => make(shape, parseOptions(`model ${words.name}`, options, given)),
  };
}

const widths = (about: string): Option => ({
  about,
  expected: 'whole numbers > 0 as [128,128]',
  default: [64, 64],
  accepts: (value: Data) =>
    Array.isArray(value) && value.every((n) => typeof n === 'number' && Number.isSafeInteger(n) && n > 0),
});

/** Every model, by name. */
export const models: readonly ModelRow[] = [
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
      shape,
      {
        latent,
        generator,
        discriminator,
      }: {
        readonly latent: number;
        readonly generator: readonly number[];
        readonly discriminator: readonly number[];
      },
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
        about: 'channels of the larger feature maps; the smaller have twice as many',
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
    (shape, options: { readonly latent: number; readonly channels: number; readonly deviation: number }) => {
      if (shape.length !== 3)
        throw new InputError(`model dcgan makes images; the data have shape [${shape.join(',')}]; use mlp`);
      return {
        generator: dcganGenerator({ ...options, image: shape }),
        discriminator: dcganDiscriminator({ ...options, image: shape }),
      };
    },
  ),
];

/**
 * The networks a spec names, `dcgan(channels=16)`, for examples of a shape. @throws InputError for an unknown
 * name or option.
 */
export function modelFrom(spec: string | Spec, shape: readonly number[]): Model {
  const { name, inner, options } = typeof spec === 'string' ? parseSpec(spec) : spec;
  if (inner.length > 0)
    throw new InputError(`model ${name} takes options only; found ${inner[0]?.name ?? ''}`);
  return findRow('model', models, name).build(shape, options);
}
