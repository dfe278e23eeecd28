import {
  InputError,
  formatSpec,
  row,
  shown,
  type Data,
  type Option,
  type Vector,
} from '@stillpoint/operators';
import { checkWhole, countOf, given } from './check.js';
import { extractorName, extractorTable, type ExtractorSpec } from './extractor.js';
import { withPerfect, type FeatureOptions, type FeatureSets } from './features.js';
import { memorisation } from './memorisation.js';
import type {
  FeatureMetric,
  Figure,
  LogitMetric,
  MetricEntry,
  MetricSettings,
  MixtureMetric,
  TrainingMetric,
} from './metric.js';
import type { LogitOptions } from './classifier-score.js';
import { modeCoverage, type ModeCoverage } from './mode-coverage.js';

/** Throws InputError unless the data are what the metric's extractor returns. */
function checkSource(name: string, extractor: string, features: string | undefined = 'raw'): void {
  if (features !== extractor)
    throw new InputError(
      `metric ${name} compares features of ${extractor}; found features: ${shown(features)}. Expected data with features: '${extractor}', or the metric ${name}(extractor=${typeof features === 'string' ? features : 'raw'})`,
    );
}

const withoutReal = (name: string): InputError =>
  new InputError(
    `metric ${name} compares with real examples, and there are none; expected real: a Float32Array or a Float64Array beside fake`,
  );

type Texts = Omit<MetricEntry, 'needs' | 'options' | 'make'>;

/** Makes the row of a number that mode coverage measures. */
export function ofMixture<O extends { readonly [name: string]: Data; readonly sigmas: number }>(
  texts: Texts,
  table: { readonly [K in keyof O]-?: Option<O[K]> },
  pick: (coverage: ModeCoverage) => Pick<Figure, 'value' | 'perfect'>,
): MetricEntry {
  const { name, unit, better } = texts;
  return row({ ...texts, needs: 'mixture' }, table, (options: Required<O>): MixtureMetric => ({
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
  }));
}

/**
 * Makes the row of a number that a function of features returns.
 * @param expected returns what a perfect sampler gets, from the figure. Default: measured, real against real.
 */
export function ofFeatures<
  O extends { readonly [name: string]: Data; readonly extractor: ExtractorSpec },
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
    extractor: extractorName(options.extractor),
    unit,
    better,
    measure(data) {
      const known = given(`metric ${name}: the data`, data, '{ real, fake, dim: 2 }');
      const { real, fake, other, dim, features } = known;
      if (real === undefined) throw withoutReal(name);
      checkSource(name, extractorName(options.extractor), features);
      const full = { ...options, dim, features: extractorName(options.extractor) };
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

/**
 * Makes the row of a number that a function of a classifier's logits returns.
 * @param expected returns what a perfect sampler gets, from the figure. Default: measured on real examples.
 */
export function ofLogits<
  O extends { readonly [name: string]: Data; readonly extractor: ExtractorSpec },
  F extends { readonly settings: MetricSettings },
>(
  texts: Texts,
  table: { readonly [K in keyof O]-?: Option<O[K]> },
  metric: (logits: Vector, options: NoInfer<Required<O>> & LogitOptions) => F,
  pick: (figure: F) => number,
  expected?: (figure: F) => number,
): MetricEntry {
  const { name, unit, better } = texts;
  return row({ ...texts, needs: 'logits' }, table, (options: Required<O>): LogitMetric => ({
    spec: formatSpec({ name, inner: [], options }),
    needs: 'logits',
    extractor: extractorName(options.extractor),
    unit,
    better,
    measure(data) {
      const all = given(`metric ${name}: the data`, data, "{ logits, classes: 10, features: 'mine' }");
      const { logits, otherLogits, classes, features, known } = all;
      if (logits === undefined)
        throw new InputError(
          `metric ${name} needs the logits of a classifier, and there are none; expected logits: a Float32Array or a Float64Array`,
        );
      checkSource(name, extractorName(options.extractor), features);
      const lists: unknown = known;
      if (lists !== undefined && !Array.isArray(lists))
        throw new InputError(
          `metric ${name}: known is ${shown(lists)}; expected a list, as [{ modes: 100, logits }]`,
        );
      const full = { ...options, classes, features };
      const figure = metric(logits, full);
      const other = (): number | null => {
        if (expected !== undefined) return expected(figure);
        if (otherLogits === undefined) return null;
        if (countOf('otherLogits', otherLogits, 1) !== logits.length)
          throw new InputError(
            `otherLogits: ${otherLogits.length} numbers; expected ${logits.length}, of as many examples as the generated ones: every figure depends on their number`,
          );
        return pick(metric(otherLogits, full));
      };
      return {
        value: pick(figure),
        unit,
        better,
        perfect: other(),
        ...(known && {
          known: known.map((stacks) => {
            const { modes, logits: theirs } = given(
              `metric ${name}: known`,
              stacks,
              '{ modes: 100, logits }',
            );
            checkWhole(`metric ${name}: known: modes`, modes, '100');
            return { modes, value: pick(metric(theirs, full)) };
          }),
        }),
        settings: figure.settings,
      };
    },
  }));
}

/** Makes the row of the memorisation. */
export function ofTraining(texts: Texts): MetricEntry {
  const { name, unit, better } = texts;
  return row(
    { ...texts, needs: 'training' },
    extractorTable,
    (options: { readonly extractor: ExtractorSpec }): TrainingMetric => ({
      spec: formatSpec({ name, inner: [], options }),
      needs: 'training',
      extractor: extractorName(options.extractor),
      unit,
      better,
      measure(data) {
        const { train, real, fake, dim, features } = given(
          `metric ${name}: the data`,
          data,
          '{ train, real, fake, dim: 2 }',
        );
        if (real === undefined) throw withoutReal(name);
        if (train === undefined)
          throw new InputError(
            `metric ${name} compares with training examples, and there are none; expected train: a Float32Array or a Float64Array beside real and fake`,
          );
        checkSource(name, extractorName(options.extractor), features);
        const figure = memorisation(
          { train, real, fake },
          { dim, features: extractorName(options.extractor) },
        );
        return { value: figure.share, unit, better, perfect: 0.5, settings: figure.settings };
      },
    }),
  );
}
