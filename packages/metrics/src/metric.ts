import {
  InputError,
  formatSpec,
  row,
  type Data,
  type Option,
  type Row,
  type Vector,
} from '@stillpoint/operators';
import { given } from './check.js';
import type { DensityCoverageSettings } from './density-coverage.js';
import { withPerfect, type FeatureOptions, type FeatureSets } from './features.js';
import type { FrechetSettings } from './frechet-distance.js';
import type { KernelDistanceSettings } from './kernel-distance.js';
import {
  modeCoverage,
  modeCoverageTable,
  type KnownMixture,
  type ModeCoverage,
  type ModeCoverageSettings,
} from './mode-coverage.js';
import type { PrecisionRecallSettings } from './precision-recall.js';
import type { SlicedWassersteinSettings } from './sliced-wasserstein.js';

/** How a figure was measured: compare only figures whose settings are equal. */
export type MetricSettings =
  | DensityCoverageSettings
  | FrechetSettings
  | KernelDistanceSettings
  | ModeCoverageSettings
  | PrecisionRecallSettings
  | SlicedWassersteinSettings;

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

interface Described {
  /** The metric's spec, with every option. */
  readonly spec: string;
  readonly unit: string;
  readonly better: 'lower' | 'higher';
}

/** A metric that compares the features of generated examples with those of real ones. */
export interface FeatureMetric extends Described {
  readonly needs: 'features';
  /** Measures the data. @throws InputError without real examples, and for sets that are invalid. */
  readonly measure: (data: FeatureData) => Figure;
}

/** A metric that compares generated examples with the mixture that the real ones are drawn from. */
export interface MixtureMetric extends Described {
  readonly needs: 'mixture';
  /** Measures the data. @throws InputError without a mixture, and for examples that do not fit it. */
  readonly measure: (data: MixtureData) => Figure;
}

/**
 * A metric with its options. `needs` says which kind of data it is measured on; data with the fields of both
 * kinds fit every metric.
 */
export type Metric = FeatureMetric | MixtureMetric;

/** A metric's entry in the registry: the only place that names it outside its file. */
export interface MetricEntry extends Row<Metric> {
  /** The data it is measured on: features of real examples, or a mixture whose centres are known. */
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

type Texts = Omit<MetricEntry, 'needs' | 'options' | 'make'>;

/** Makes the row of a number that mode coverage measures. */
export function ofMixture(
  texts: Texts,
  pick: (coverage: ModeCoverage) => Pick<Figure, 'value' | 'perfect'>,
): MetricEntry {
  const { name, unit, better } = texts;
  return row(
    { ...texts, needs: 'mixture' },
    modeCoverageTable,
    (options: { readonly sigmas: number }): MixtureMetric => ({
      spec: formatSpec({ name, inner: [], options }),
      needs: 'mixture',
      unit,
      better,
      measure(data) {
        const { fake, mixture } = given(`metric ${name}: the data`, data, '{ fake, mixture }');
        if (mixture === undefined)
          throw new InputError(
            `metric ${name} needs a known mixture, and there is none; expected mixture: { name, centres, deviation }`,
          );
        const coverage = modeCoverage(fake, mixture, options);
        return { ...pick(coverage), unit, better, settings: coverage.settings };
      },
    }),
  );
}

/**
 * Makes the row of a number that a function of features returns.
 * @param expected returns what a perfect sampler gets, from the figure. Default: measured, real against real.
 */
export function ofFeatures<
  O extends { readonly [name: string]: Data },
  F extends { readonly settings: MetricSettings },
>(
  texts: Texts,
  table: { readonly [K in keyof O]-?: Option<O[K]> },
  metric: (sets: FeatureSets, options: NoInfer<Required<O>> & FeatureOptions) => F,
  pick: (figure: F) => number,
  expected?: (figure: F) => number,
): MetricEntry {
  const { name, unit, better } = texts;
  return row({ ...texts, needs: 'features' }, table, (options: Required<O>): FeatureMetric => ({
    spec: formatSpec({ name, inner: [], options }),
    needs: 'features',
    unit,
    better,
    measure(data) {
      const known = given(`metric ${name}: the data`, data, '{ real, fake, dim: 2 }');
      const { real, fake, other, dim, features } = known;
      if (real === undefined)
        throw new InputError(
          `metric ${name} compares with real examples, and there are none; expected real: a Float32Array or a Float64Array beside fake`,
        );
      const full = { ...options, dim, ...(features === undefined ? {} : { features }) };
      const measured = (figure: F, perfect: number | null): Figure => ({
        value: pick(figure),
        unit,
        better,
        perfect,
        settings: figure.settings,
      });
      if (expected !== undefined || other === undefined) {
        const figure = metric({ real, fake }, full);
        return measured(figure, expected?.(figure) ?? null);
      }
      const { figure, perfect } = withPerfect(metric, { real, fake, other }, full);
      return measured(figure, pick(perfect));
    },
  }));
}
