import {
  metricFrom,
  metricRegistry,
  type Extractor,
  type Figure,
  type LogitMetric,
  type Metric,
  type MetricRow,
} from '@stillpoint/metrics';
import { InputError, parseSpec, sizeOf } from '@stillpoint/operators';
import type { Measure } from '@stillpoint/tracking';
import { extractorFor } from './extractors.js';
import type { Measured } from './measurer.js';
import { referencesOf, sampleOf, type Data, type References, type Sample } from './references.js';

/** A metric bound to data. */
export interface BoundMetric {
  readonly row: MetricRow;
  readonly metric: Metric;
  /** What it is measured against, in words, with the leading semicolon. */
  readonly against: string;
  readonly figure: (of: Sample) => Promise<Figure>;
  /** The figure of real examples; of stacks, with what it reports on real ones of known modes. */
  readonly reference: () => Promise<Figure>;
}

/** A preset's metrics, bound to its data. */
export interface Measures {
  readonly bound: readonly BoundMetric[];
  /** How many generated examples are measured: fewer than asked for if fewer real ones are held out. */
  readonly count: number;
  /** Every extractor but raw. */
  readonly extractors: readonly Extractor[];
  /** The figures of examples, by the name of the column; shares in per cent. */
  readonly measure: (fake: Float32Array) => Promise<{ readonly [metric: string]: Measure }>;
  /** Frees the extractors. */
  readonly dispose: () => Promise<void>;
}

/** The numbers of modes of the real stacks on which a metric of stacks is measured too. */
const KNOWN_MODES: readonly number[] = [100, 1000];

/** The name of a metric's column: `sliced-wasserstein` as `slicedWasserstein`. */
export const columnOf = (metric: string): string =>
  metric.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** A figure's value as columns show it. */
export const shownAs = ({ unit }: MetricRow, value: number | null): Measure =>
  unit === 'share' && value !== null ? 100 * value : value;

/** How a metric of logits is measured. */
function ofLogits(
  metric: LogitMetric,
  extractor: Extractor,
  { held, stacksOf }: References,
): Pick<BoundMetric, 'figure' | 'reference'> {
  const features = metric.extractor;
  return {
    async figure(of) {
      return metric.measure({ ...(await of.logits(extractor)), features });
    },
    async reference() {
      const real = await held().logits(extractor);
      const known = [];
      for (const modes of stacksOf === undefined ? [] : KNOWN_MODES)
        known.push({ modes, logits: (await stacksOf!(modes).logits(extractor)).logits });
      return metric.measure({ ...real, otherLogits: real.logits, features, ...(stacksOf && { known }) });
    },
  };
}

/** Binds a metric to data. */
function bind(
  spec: string,
  { dataset }: Measured,
  { mixture }: Data,
  references: References,
  extractorOf: (metric: Exclude<Metric, { needs: 'mixture' }>) => Extractor,
): BoundMetric {
  const row = metricRegistry.find(parseSpec(spec).name);
  const metric = metricFrom(spec);
  const { held, trained, others, training, count, words } = references;
  if (metric.needs === 'mixture') {
    if (mixture === undefined)
      throw new InputError(
        `metric ${spec} needs a known mixture; data set ${dataset} is none: expected one, such as ring or grid, or metrics of any data, such as sliced-wasserstein, which the preset swiss-roll measures`,
      );
    const figure = async ({ examples }: Sample): Promise<Figure> =>
      metric.measure({ fake: examples, mixture });
    return { row, metric, against: '', figure, reference: () => figure(trained()) };
  }
  const extractor = extractorOf(metric);
  const features = metric.extractor;
  if (metric.needs === 'logits')
    return { row, metric, against: '', ...ofLogits(metric, extractor, references) };
  const against = `; ${count} generated against ${count} ${words}`;
  if (metric.needs === 'training') {
    if (training === undefined)
      throw new InputError(
        `metric ${spec} needs the training examples; data set ${dataset} draws new ones in every batch`,
      );
    const figure = async (of: Sample): Promise<Figure> =>
      metric.measure({
        train: (await training().features(extractor)).features,
        real: (await held().features(extractor)).features,
        fake: (await of.features(extractor)).features,
        dim: (await held().features(extractor)).dim,
        features,
      });
    return { row, metric, against, figure, reference: () => figure(held()) };
  }
  const figure = async (of: Sample): Promise<Figure> => {
    const [real, fake] = [await held().features(extractor), await of.features(extractor)];
    return metric.measure({ real: real.features, fake: fake.features, dim: fake.dim, features });
  };
  return {
    row,
    metric,
    against: `${against}, and ${count} real ones against the same`,
    figure,
    reference: () => figure(features === 'raw' ? trained() : others()),
  };
}

/**
 * Binds a preset's metrics to its data. Real examples, and what extractors return for them, are computed
 * when they are first needed. @throws InputError for an invalid spec, and for a metric that needs what the
 * data set has not.
 */
export async function measuresOf(measured: Measured, data: Data): Promise<Measures> {
  const references = referencesOf(data, measured.samples);
  const extractors = new Map<string, Extractor>();
  for (const spec of measured.metrics) {
    const metric = metricFrom(spec);
    if (metric.needs !== 'mixture' && !extractors.has(metric.extractor))
      extractors.set(metric.extractor, await extractorFor(metric.extractor, data.train.shape));
  }
  const bound = measured.metrics.map((spec) =>
    bind(spec, measured, data, references, ({ extractor }) => extractors.get(extractor)!),
  );
  return {
    bound,
    count: references.count,
    extractors: [...extractors.values()].filter(({ name }) => name !== 'raw'),
    async measure(fake) {
      // as many as there are real ones to compare with: every figure depends on the sizes
      const sample = sampleOf(fake.subarray(0, references.count * sizeOf(data.train.shape)));
      const values: { [metric: string]: Measure } = {};
      for (const { row, figure } of bound)
        values[columnOf(row.name)] = shownAs(row, (await figure(sample)).value);
      return values;
    },
    async dispose() {
      for (const extractor of extractors.values()) await extractor.dispose?.();
    },
  };
}
