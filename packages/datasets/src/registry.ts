import {
  integer,
  number,
  registry,
  row,
  type Option,
  type Registered,
  type Registry,
  type Row,
  type Spec,
} from '@stillpoint/operators';
import { isConvention, type Convention } from './convention.js';
import { fashionMnist } from './fashion-mnist.js';
import { grid } from './grid.js';
import { ring } from './ring.js';
import { swissRoll } from './swiss-roll.js';
import type { Dataset, ImageSet, Mixture } from './types.js';

/** What a row builds: what to train on and, beside it, what its metrics need. */
export interface BuiltDataset {
  readonly train: Dataset;
  /** Where the law is known: what `modeCoverage` needs. */
  readonly mixture?: Mixture;
  /** Where there are examples that training never sees. */
  readonly test?: ImageSet;
}

/** What is written down for a data set: the only place that names it outside its file. */
export interface DatasetEntry extends Row<Promise<BuiltDataset>> {
  readonly reference: string;
}

/** A row of the registry of data sets. */
export type DatasetRow = Registered<DatasetEntry, Promise<BuiltDataset>>;

const known = (mixture: Mixture): BuiltDataset => ({ train: mixture, mixture });

const source: Option = {
  about: 'which files: the 10,000 images shipped, all 70,000, or a folder',
  expected: 'embedded, full or "path/to/a/folder"',
  default: 'embedded',
  accepts: (value) => typeof value === 'string' && value !== '',
};

const convention: Option = {
  about:
    'whose sizes hold where none is given: PacGAN’s, or those of WGAN-GP’s code, where centres and deviation are divided by one number',
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
      about: 'Gaussians on a circle, PacGAN’s ring or WGAN-GP’s 8gaussians; fresh points',
      reference: `${pacgan}; ${wganGp}`,
    },
    {
      convention,
      modes: integer({ about: 'number of Gaussians', from: 1, default: 8 }),
      radius: number({
        about: 'radius of the circle; null: the convention’s, 1 or 2/1.414',
        from: 0,
        default: null,
      }),
      deviation: number({
        about: 'standard deviation of each coordinate; null: the convention’s, 0.01 or 0.02/1.414',
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
    }) => known(ring(options)),
  ),
  row(
    {
      name: 'grid',
      about: 'Gaussians on a square grid, PacGAN’s grid or WGAN-GP’s 25gaussians; fresh points',
      reference: `${pacgan}; ${wganGp}`,
    },
    {
      convention,
      side: integer({ about: 'Gaussians along each side', from: 1, default: 5 }),
      spacing: number({
        about: 'distance between neighbouring centres; null: the convention’s, 2 or 2/2.828',
        above: 0,
        default: null,
      }),
      deviation: number({
        about: 'standard deviation of each coordinate; null: the convention’s, 0.05 or 0.05/2.828',
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
    }) => known(grid(options)),
  ),
  row(
    {
      name: 'swiss-roll',
      about: 'points on a spiral, WGAN-GP’s swissroll: no mixture; fresh points',
      reference: wganGp,
    },
    {
      noise: number({
        about: 'standard deviation of the noise on each coordinate, before the division',
        from: 0,
        default: 0.25,
      }),
      divisor: number({ about: 'what every point is divided by, its noise too', above: 0, default: 7.5 }),
    },
    async (options: { readonly noise: number; readonly divisor: number }) => ({ train: swissRoll(options) }),
  ),
  row(
    {
      name: 'fashion-mnist',
      about: '28×28 grey images of clothing, 10 classes; 8,000 to train and 2,000 to measure are shipped',
      reference: 'Xiao, Rasul, Vollgraf 2017, arXiv 1708.07747',
    },
    { source },
    async (options: { readonly source: string }) => {
      const { train, test } = await fashionMnist(options);
      return { train, test };
    },
  ),
];

/** The data sets and what can be done with a spec of one. */
export const datasetRegistry: Registry<DatasetEntry, Promise<BuiltDataset>> = registry('dataset', entries);

/** Every data set, by name. */
export const datasets: readonly DatasetRow[] = datasetRegistry.rows;

/** The data set a spec names: `ring(modes=25)`. Rejects with InputError for an unknown name or option. */
export async function datasetFrom(spec: string | Spec): Promise<BuiltDataset> {
  return datasetRegistry.from(spec);
}
