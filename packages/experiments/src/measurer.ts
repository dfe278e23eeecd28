import { datasetFrom, type BuiltDataset, type Dataset } from '@stillpoint/datasets';
import { InputError } from '@stillpoint/operators';
import { figuresOf, type Figures } from './figures.js';
import { measuresOf, type Measures } from './measures.js';
import { picturesOf, type Pictures } from './pictures.js';
import type { GanPreset } from './presets/preset.js';
import type { Data } from './references.js';

/** How a preset's generated examples become numbers and pictures. */
export interface Measurer extends Figures, Pictures {
  readonly train: Dataset;
}

/** Loads a preset's data and binds its metrics and pictures to them. */
export async function measurerOf(preset: GanPreset): Promise<Measurer> {
  return measurerFor(preset, await ganData(preset));
}

/** @throws InputError for a text, whose tokens are no numbers to a GAN. */
async function ganData({ name, dataset }: GanPreset): Promise<BuiltDataset> {
  const built = await datasetFrom(dataset);
  if (built.text !== undefined)
    throw new InputError(
      `${name} is a GAN, and ${dataset} is a text; expected points or images: stillpoint train --data ${JSON.stringify(dataset)} trains a language model`,
    );
  return built;
}

/** What a run needs of a measurer: not the best values, which may take long. */
export type RunMeasurer = Pick<Measures, 'measure' | 'dispose'> & Pictures & Pick<Measurer, 'train'>;

/** The same for one run, without what real examples get. */
export async function runMeasurerOf(preset: GanPreset): Promise<RunMeasurer> {
  const built = await ganData(preset);
  const { measure, dispose } = await measuresOf(preset, built);
  return { train: built.train, measure, dispose, ...picturesOf(built) };
}

/** What a GAN is measured by, and on how many samples. */
export type Measured = Pick<GanPreset, 'name' | 'dataset' | 'samples' | 'metrics' | 'headline'>;

/** Binds metrics and pictures to data. */
export async function measurerFor<D extends Data['train']>(
  measured: Measured,
  built: Omit<Data, 'train'> & { readonly train: D },
): Promise<Figures & Pictures & { readonly train: D }> {
  const { train } = built;
  return { train, ...(await figuresOf(measured, built)), ...picturesOf(built) };
}
