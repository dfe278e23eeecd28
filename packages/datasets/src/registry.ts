import { InputError, findRow, integer, number, parseOptions, parseSpec, type Given, type Option, type OptionTable, type Spec } from '@stillpoint/operators';
import { fashionMnist } from './fashion-mnist.js';
import { ring } from './ring.js';
import type { Dataset, ImageSet, Mixture } from './types.js';

/** What a row builds: what to train on and, beside it, what its metrics need. */
export interface BuiltDataset {
  readonly train: Dataset;
  /** Where the law is known: what `modeCoverage` needs. */
  readonly mixture?: Mixture;
  /** Where there are examples that training never sees. */
  readonly test?: ImageSet;
}

/** A row of the registry of data sets: the only place that names one outside its file. */
export interface DatasetRow {
  readonly name: string;
  readonly about: string;
  readonly options: OptionTable<Given>;
  readonly reference: string;
  /** Rejects with InputError for an unknown or unacceptable option, and with the errors of the data set itself. */
  readonly build: (given: Given) => Promise<BuiltDataset>;
}

function row<O extends object>(
  words: Pick<DatasetRow, 'name' | 'about' | 'reference'>, options: OptionTable<O>, make: (options: O) => Promise<BuiltDataset>,
): DatasetRow {
  return { ...words, options, build: async (given) => make(parseOptions(`dataset ${words.name}`, options, given)) };
}

const source: Option = {
  about: 'which files: the 10,000 images shipped, all 70,000, or a folder',
  expected: 'embedded, full or "path/to/a/folder"',
  default: 'embedded',
  accepts: (value) => typeof value === 'string' && value !== '',
};

/** Every data set, by name. */
export const datasets: readonly DatasetRow[] = [
  row(
    { name: 'ring', about: 'Gaussians on a circle, PacGAN’s ring; fresh points', reference: 'Lin, Khetan, Fanti, Oh 2018, arXiv 1712.04086' },
    {
      modes: integer({ about: 'number of Gaussians', from: 1, default: 8 }),
      radius: number({ about: 'radius of the circle', from: 0, default: 1 }),
      deviation: number({ about: 'standard deviation of each coordinate', symbol: 'σ', above: 0, default: 0.01 }),
    },
    async (options: { readonly modes: number; readonly radius: number; readonly deviation: number }) => {
      const mixture = ring(options);
      return { train: mixture, mixture };
    },
  ),
  row(
    { name: 'fashion-mnist', about: '28×28 grey images of clothing, 10 classes; 8,000 to train and 2,000 to measure are shipped', reference: 'Xiao, Rasul, Vollgraf 2017, arXiv 1708.07747' },
    { source },
    async (options: { readonly source: string }) => {
      const { train, test } = await fashionMnist(options);
      return { train, test };
    },
  ),
];

/** The data set a spec names: `ring(modes=25)`. Rejects with InputError for an unknown name or option. */
export async function datasetFrom(spec: string | Spec): Promise<BuiltDataset> {
  const { name, inner, options } = typeof spec === 'string' ? parseSpec(spec) : spec;
  if (inner.length > 0) throw new InputError(`dataset ${name} takes options only; found ${inner[0]?.name ?? ''}`);
  return findRow('dataset', datasets, name).build(options);
}
