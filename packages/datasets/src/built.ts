import type { PointSet } from './points.js';
import type { Stacks } from './stacks.js';
import type { TextParts } from './text.js';
import type { Dataset, ImageSet, Mixture } from './types.js';

/** What a row of the registry builds: the data to train on, and what its metrics need. */
export interface BuiltDataset {
  readonly train: Dataset;
  /** The mixture that the examples are drawn from, if they are; `modeCoverage` needs it. */
  readonly mixture?: Mixture;
  /** Examples that training never sees, if there are any. */
  readonly test?: ImageSet | PointSet;
  /** Names of the labels 0, 1, …, if they have names. */
  readonly classes?: readonly string[];
  /** If examples are stacked images: those that training never sees, and the number of their classes. */
  readonly stacks?: Stacks & { readonly classes: number };
  /** If examples are windows of a text: its parts. `train` is that of the first. */
  readonly text?: TextParts;
}
