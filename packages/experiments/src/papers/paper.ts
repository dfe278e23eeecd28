import type { EngineName } from '@stillpoint/engine';
import type { Given, OptionRows } from '@stillpoint/operators';
import type { PaperSetting, Section } from '@stillpoint/tracking';
import type { OpenWorker } from '../trial/worker.js';

/** What a figure's runs are given. */
export interface FigureOptions {
  /** Whether the quick form is made, of which all figures of a paper take a minute at most. */
  readonly quick: boolean;
  /** Default `auto`. */
  readonly engine: EngineName | 'auto';
  /** How many runs are made at once. */
  readonly processes: number;
  /** What runs trials of GANs. Default: a process for each. */
  readonly worker?: OpenWorker;
  /** A folder in which trials of GANs keep run directories, so that they go on where they were stopped. */
  readonly folder?: string;
  /** The user’s data, for a figure that needs them: a path, or a data set’s spec. */
  readonly data?: string;
  /** Stops the runs. */
  readonly signal?: AbortSignal;
  /** Called with the share of the runs that is done, from 0 to 1, and what is running, in a few words. */
  readonly onProgress?: (share: number, now: string) => void;
}

/** What a claim came to. */
export interface Finding {
  readonly holds: boolean;
  /** What was measured, in words, with units. */
  readonly measured: string;
  /** What is smaller than in the paper, if the claim's own words do not say it. */
  readonly scaled?: string;
}

/** A claim, and how it is judged on what was measured. */
export interface Claimed {
  /** Unique in its figure. */
  readonly name: string;
  /** What is claimed, in a sentence. */
  readonly statement: string;
  /** Where it is stated: `Figure 2`; or by whom, if it is Stillpoint’s. */
  readonly source: string;
  /** The paper's number; only if it was read. */
  readonly published?: string;
  /** What is smaller here than in the paper, if anything is. */
  readonly scaled?: string;
  /** What trying it would take, where it is not tried here, or not in the quick form. */
  readonly needs?: string;
  /** Whether this project states that the claim holds here. `reproduce` fails if it then does not. */
  readonly expected: boolean;
  /**
   * Judges the claim on the figure's sections, which hold all that was measured. Returns undefined where they
   * do not suffice, as in the quick form; without this function the claim is not tried.
   */
  readonly judge?: (sections: readonly Section[], quick: boolean) => Finding | undefined;
}

/** A figure or table of a paper as data: its settings, its runs and its claims. */
export interface Figure {
  /** Unique in its paper, as in `stillpoint reproduce rapp/forsaken`. */
  readonly name: string;
  readonly title: string;
  /** What it shows, in a sentence or two. */
  readonly shows: string;
  /** How long the whole takes on two cores, in words; of a figure that is not made here, nothing. */
  readonly takes?: string;
  readonly settings: readonly PaperSetting[];
  /** Those of the quick form, where they are other ones. */
  readonly quickSettings?: readonly PaperSetting[];
  readonly claims: readonly Claimed[];
  /** Data that its runs need and that are not shipped, in words. Without them nothing of it is tried. */
  readonly data?: string;
  /** Makes its runs. Without it, nothing of the figure is tried here. */
  run?(options: FigureOptions): Promise<readonly Section[]>;
  /** What can be chosen of it, as seeds and sizes. The defaults are the whole form's. */
  readonly options?: OptionRows;
  /** What was chosen in their place. */
  readonly chosen?: Given;
  /** The figure with other options. @throws InputError for an unknown or unacceptable one. */
  with?(chosen: Given): Figure;
}

/** A paper as data. */
export interface Paper {
  readonly name: string;
  readonly title: string;
  readonly authors: string;
  readonly year: number;
  /** Where it is found: `arXiv 2310.13459`. */
  readonly where: string;
  /** What the paper shows, in a sentence or two. */
  readonly about: string;
  readonly figures: readonly Figure[];
}

/** A setting that is published there. */
export const published = (name: string, value: string, where: string): PaperSetting => ({
  name,
  value,
  published: where,
});
/** A setting that is not published, or could not be read: Stillpoint’s. */
export const ours = (name: string, value: string): PaperSetting => ({ name, value, published: null });
