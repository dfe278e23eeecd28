import {
  integer,
  number,
  registry,
  row,
  type Data,
  type Option,
  type Registered,
  type Registry,
  type Spec,
} from '@stillpoint/operators';
import type { BuiltDataset } from './built.js';
import { isConvention, type Convention } from './convention.js';
import { fileRows, isPath, type DatasetEntry } from './file-rows.js';
import { fashionMnist, isClasses } from './fashion-mnist.js';
import { fourGaussians } from './four-gaussians.js';
import { grid } from './grid.js';
import { ring } from './ring.js';
import { stackedImages } from './stacks.js';
import { swissRoll } from './swiss-roll.js';
import { kingJamesData, windowLength } from './text-data.js';
import type { Mixture } from './types.js';

/** A row of the registry of data sets. */
export type DatasetRow = Registered<DatasetEntry, Promise<BuiltDataset>>;

const withMixture = (mixture: Mixture): BuiltDataset => ({ train: mixture, mixture });

const source: Option = {
  about: 'which files: the 10,000 images in the package, all 70,000, or a folder',
  expected: 'embedded, full or "path/to/a/folder"',
  default: 'embedded',
  accepts: isPath,
};

const convention: Option = {
  about:
    'decides the sizes that are not given: PacGAN’s, or those of WGAN-GP’s code, which divides centres and deviation by the same number',
  expected: 'pacgan or wgan-gp',
  default: 'pacgan',
  accepts: isConvention,
};

const pacgan = 'Lin, Khetan, Fanti, Oh 2018, arXiv 1712.04086';
const wganGp = 'Gulrajani, Ahmed, Arjovsky, Dumoulin, Courville 2017, arXiv 1704.00028';

const entries: readonly DatasetEntry[] = [
  row(
    {
      name: 'ring',
      about: 'Gaussians on a circle, PacGAN’s ring or WGAN-GP’s 8gaussians; new points in every batch',
      reference: `${pacgan}; ${wganGp}`,
    },
    {
      convention,
      modes: integer({ about: 'number of Gaussians', from: 1, default: 8 }),
      radius: number({
        about: 'radius of the circle; null means the convention’s, 1 or 2/1.414',
        from: 0,
        default: null,
      }),
      deviation: number({
        about: 'standard deviation of each coordinate; null means the convention’s, 0.01 or 0.02/1.414',
        symbol: 'σ',
        above: 0,
        default: null,
      }),
    },
    async (options: {
      readonly convention: Convention;
      readonly modes: number;
      readonly radius: number | null;
      readonly deviation: number | null;
    }) => withMixture(ring(options)),
  ),
  row(
    {
      name: 'grid',
      about: 'Gaussians on a square grid, PacGAN’s grid or WGAN-GP’s 25gaussians; new points in every batch',
      reference: `${pacgan}; ${wganGp}`,
    },
    {
      convention,
      side: integer({ about: 'Gaussians along each side', from: 1, default: 5 }),
      spacing: number({
        about: 'distance between neighbouring centres; null means the convention’s, 2 or 2/2.828',
        above: 0,
        default: null,
      }),
      deviation: number({
        about: 'standard deviation of each coordinate; null means the convention’s, 0.05 or 0.05/2.828',
        symbol: 'σ',
        above: 0,
        default: null,
      }),
    },
    async (options: {
      readonly convention: Convention;
      readonly side: number;
      readonly spacing: number | null;
      readonly deviation: number | null;
    }) => withMixture(grid(options)),
  ),
  row(
    {
      name: 'four-gaussians',
      about: 'four Gaussians on a circle, one of them twice as likely; new points in every batch',
      reference: 'Keswani, Mangoubi, Sachdeva, Vishnoi 2022, arXiv 2006.12376',
    },
    {},
    async () => withMixture(fourGaussians()),
  ),
  row(
    {
      name: 'swiss-roll',
      about: 'points on a spiral, WGAN-GP’s swissroll; not a mixture; new points in every batch',
      reference: wganGp,
    },
    {
      noise: number({
        about: 'standard deviation of the noise on each coordinate, before the division',
        from: 0,
        default: 0.25,
      }),
      divisor: number({ about: 'divides every point, its noise included', above: 0, default: 7.5 }),
    },
    async (options: { readonly noise: number; readonly divisor: number }) => ({ train: swissRoll(options) }),
  ),
  row(
    {
      name: 'fashion-mnist',
      about:
        '28×28 grey images of clothing, 10 classes; the package holds 8,000 to train and 2,000 to measure',
      reference: 'Xiao, Rasul, Vollgraf 2017, arXiv 1708.07747',
    },
    {
      source,
      classes: {
        about: 'the labels of the classes that are kept, which then become 0, 1, …; null: all ten',
        expected: 'different labels from 0 to 9, as [0,1], or null',
        default: null,
        accepts: (value: Data) => value === null || isClasses(value),
      },
    },
    async (options: { readonly source: string; readonly classes: readonly number[] | null }) => {
      const { train, test, classes } = await fashionMnist(options);
      return { train, test, classes };
    },
  ),
  row(
    {
      name: 'stacked-fashion',
      about:
        'three Fashion-MNIST images as the channels of one, 28×28×3: 1,000 modes, PacGAN’s construction; new stacks in every batch',
      reference: `${pacgan}; Xiao, Rasul, Vollgraf 2017, arXiv 1708.07747`,
    },
    { source },
    async (options: { readonly source: string }) => {
      const { train, test, classes } = await fashionMnist(options);
      return {
        train: stackedImages('stacked-fashion', { images: train, channels: 3 }),
        stacks: { images: test, channels: 3, classes: classes.length },
      };
    },
  ),
  row(
    {
      name: 'king-james',
      about:
        'windows of characters of Genesis and Exodus in the King James Version, for language models; 329,575 characters to train, 36,619 held out',
      reference: 'King James Version of the Bible, 1611; Debian’s package bible-kjv-text 4.38',
    },
    { length: windowLength },
    kingJamesData,
  ),
  ...fileRows,
];

/** The registry of data sets: finds a row by name and builds a data set from a spec. */
export const datasetRegistry: Registry<DatasetEntry, Promise<BuiltDataset>> = registry('dataset', entries);

/** Every data set, by name. */
export const datasets: readonly DatasetRow[] = datasetRegistry.rows;

/**
 * Builds the data set that a spec names, such as `ring(modes=25)`. Rejects with InputError for an unknown
 * name or option.
 */
export async function datasetFrom(spec: string | Spec): Promise<BuiltDataset> {
  return datasetRegistry.from(spec);
}
