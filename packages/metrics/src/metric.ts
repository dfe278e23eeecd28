import type { Row, Vector } from '@stillpoint/operators';
import type { LeastClassShareSettings } from './class-share.js';
import type { ClassifierScoreSettings } from './classifier-score.js';
import type { DensityCoverageSettings } from './density-coverage.js';
import type { FeatureOptions, FeatureSets } from './features.js';
import type { FrechetSettings } from './frechet-distance.js';
import type { KernelDistanceSettings } from './kernel-distance.js';
import type { MemorisationSettings, TrainingSets } from './memorisation.js';
import type { KnownMixture, ModeCoverageSettings } from './mode-coverage.js';
import type { PrecisionRecallSettings } from './precision-recall.js';
import type { SlicedWassersteinSettings } from './sliced-wasserstein.js';
import type { StackedModesSettings } from './stacked-modes.js';

/** How a figure was measured: compare only figures whose settings are equal. */
export type MetricSettings =
  | ClassifierScoreSettings
  | DensityCoverageSettings
  | FrechetSettings
  | KernelDistanceSettings
  | LeastClassShareSettings
  | MemorisationSettings
  | ModeCoverageSettings
  | PrecisionRecallSettings
  | SlicedWassersteinSettings
  | StackedModesSettings;

/** The result of a metric: a number, with what is needed to interpret it. */
export interface Figure {
  /** The measured value; `null` if it is undefined, as the reverse KL is without a high-quality sample. */
  readonly value: number | null;
  readonly unit: string;
  readonly better: 'lower' | 'higher';
  /**
   * What a perfect sampler gets with the same settings: the ceiling if higher is better, else the floor.
   * `null` if that has to be measured and no `other` examples were given.
   */
  readonly perfect: number | null;
  /** What the metric reports on real examples whose number of modes is known, if there were any. */
  readonly known?: readonly { readonly modes: number; readonly value: number | null }[];
  readonly settings: MetricSettings;
}

/** The data of a metric on features: `real` and `fake` are flat, `[n, dim]`. */
export interface FeatureData extends FeatureSets, FeatureOptions {
  /**
   * Further real examples, none of which is in `real`, as many as the fake ones. The figure that they get in
   * the place of `fake` is what a perfect sampler gets.
   */
  readonly other?: Vector;
}

/** The data of a metric of a known mixture: `fake` is flat, `[n, dim of the centres]`. */
export interface MixtureData {
  readonly fake: Vector;
  readonly mixture: KnownMixture;
}

/**
 * The data of a metric on a classifier's logits: flat `[n, classes]`, or `[n, channels, classes]` of stacks.
 */
export interface LogitData {
  /** Of generated examples. */
  readonly logits: Vector;
  readonly classes: number;
  /** Name of the classifier. */
  readonly features: string;
  /** Of as many real examples: the figure that they get is what a perfect sampler gets. */
  readonly otherLogits?: Vector;
  /**
   * Of as many real stacks, uniform over some of the modes: the figures that they get show what the
   * classifier's errors do.
   */
  readonly known?: readonly { readonly modes: number; readonly logits: Vector }[];
}

/** The data of a metric that compares with training examples. */
export interface TrainingData extends TrainingSets, FeatureOptions {}

interface Described {
  /** The metric's spec, with every option. */
  readonly spec: string;
  readonly unit: string;
  readonly better: 'lower' | 'higher';
}

/** A metric that compares the features of generated examples with those of real ones. */
export interface FeatureMetric extends Described {
  readonly needs: 'features';
  /** The spec of what makes the features; `features` of the data is the same. */
  readonly extractor: string;
  /** Measures the data. @throws InputError without real examples, and for sets that are invalid. */
  readonly measure: (data: FeatureData) => Figure;
}

/** A metric that compares generated examples with the mixture that the real ones are drawn from. */
export interface MixtureMetric extends Described {
  readonly needs: 'mixture';
  /** Measures the data. @throws InputError without a mixture, and for examples that do not fit it. */
  readonly measure: (data: MixtureData) => Figure;
}

/** A metric of what a classifier returns for generated examples. */
export interface LogitMetric extends Described {
  readonly needs: 'logits';
  /** The spec of the classifier; `features` of the data is the same. */
  readonly extractor: string;
  /** Measures the data. @throws InputError without logits, and for logits that are invalid. */
  readonly measure: (data: LogitData) => Figure;
}

/** A metric that compares how near generated and held-out examples are to training examples. */
export interface TrainingMetric extends Described {
  readonly needs: 'training';
  /** The spec of what makes the features; `features` of the data is the same. */
  readonly extractor: string;
  /** Measures the data. @throws InputError without training examples, and for sets that are invalid. */
  readonly measure: (data: TrainingData) => Figure;
}

/**
 * A metric with its options. `needs` says which kind of data it is measured on; data with the fields of all
 * kinds fit every metric.
 */
export type Metric = FeatureMetric | LogitMetric | MixtureMetric | TrainingMetric;

/** A metric's entry in the registry: the only place that names it outside its file. */
export interface MetricEntry extends Row<Metric> {
  /**
   * The data it is measured on: features of real examples, a mixture whose centres are known, a classifier's
   * logits, or features of training examples too.
   */
  readonly needs: Metric['needs'];
  /** Its name for people: the heading of its column in tables. */
  readonly label: string;
  readonly unit: string;
  readonly better: 'lower' | 'higher';
  /**
   * The value that a perfect sampler gets, if higher is better; `measured` if it depends on the settings and
   * comes with the figure.
   */
  readonly ceiling?: number | 'measured';
  /** The same, if lower is better. */
  readonly floor?: number | 'measured';
  readonly reference: string;
}
