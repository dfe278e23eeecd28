import type { Bounds } from '@stillpoint/tracking';

/** A GAN experiment as data: game, start, metrics and budget. */
export interface GanPreset {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** A spec of @stillpoint/datasets. */
  readonly dataset: string;
  /** A spec of the models of @stillpoint/gans, and one of its losses. */
  readonly model: string;
  readonly loss: string;
  readonly batch: number;
  /** Oracle calls of each run. */
  readonly calls: number;
  readonly seeds: number;
  /**
   * How often a run is measured, and how often its samples are kept; both evenly spread, the end included.
   */
  readonly evaluations: number;
  readonly snapshots: number;
  /** A run's result is the median of this many last measurements; odd. */
  readonly tail: number;
  /** Specs of the metrics of @stillpoint/metrics, in the order of the columns. */
  readonly metrics: readonly string[];
  /** The name of the metric that is drawn and ranked by. */
  readonly headline: string;
  /** Generated examples per measurement. */
  readonly samples: number;
  readonly goal?: Bounds;
  readonly goalWords?: string;
  /** One seed each, to be looked at: the verdict makes no claim. */
  readonly look?: boolean;
  /** Specs of methods; each with the step size of its own sweep. */
  readonly methods: readonly string[];
}
