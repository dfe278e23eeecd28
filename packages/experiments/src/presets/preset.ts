import type { Bounds } from '@stillpoint/tracking';

/** A GAN experiment as data: game, start, metrics and budget. */
export interface GanPreset {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** A spec of @stillpoint/datasets. */
  readonly dataset: string;
  /** The spec of a model of @stillpoint/gans, and that of one of its losses. */
  readonly model: string;
  readonly loss: string;
  readonly batch: number;
  /** Oracle calls of each run. */
  readonly calls: number;
  readonly seeds: number;
  /**
   * How often a run is measured, and how often its samples are kept. Both are evenly spread and include the
   * end.
   */
  readonly evaluations: number;
  readonly snapshots: number;
  /** How many last measurements of a run its result is the median of: an odd number. */
  readonly tail: number;
  /** Specs of the metrics of @stillpoint/metrics, in the order of the columns. */
  readonly metrics: readonly string[];
  /** The name of the metric that is drawn, and by which methods are ranked. */
  readonly headline: string;
  /** How many examples are generated for a measurement. */
  readonly samples: number;
  readonly goal?: Bounds;
  readonly goalWords?: string;
  /** Whether only the pictures are to be judged: the verdict then ranks nothing. */
  readonly look?: boolean;
  /** The spec of the method that `train` takes unless another is given. */
  readonly trained: string;
  /** Specs of methods, each with the step size that its own sweep chose. */
  readonly methods: readonly string[];
}
