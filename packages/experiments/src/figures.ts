import type { BuiltDataset, Dataset } from '@stillpoint/datasets';
import {
  metricFrom,
  metricRegistry,
  type Figure,
  type MetricRow,
  type MetricSettings,
} from '@stillpoint/metrics';
import { InputError, parseSpec, sizeOf } from '@stillpoint/operators';
import type { Column, Measure } from '@stillpoint/tracking';
import type { Measured } from './measurer.js';

/** How examples become numbers. */
export interface Figures {
  readonly columns: readonly Column[];
  readonly headline: string;
  readonly centres?: readonly (readonly [number, number])[];
  /** A sample nearer to a centre than this, in data units, is of high quality. */
  readonly within?: number;
  readonly settings: { readonly [name: string]: string };
  /** The figures of examples, by metric. */
  readonly measure: (examples: Float32Array) => { readonly [metric: string]: Measure };
}

/** A metric bound to a preset's data. */
interface Bound {
  readonly column: Column;
  /** How the metric is measured, for the report. */
  readonly words: string;
  readonly settings: MetricSettings;
  readonly measure: (fake: Float32Array) => Measure;
}

/** The data that metrics compare with. */
type Data = Pick<BuiltDataset, 'test' | 'mixture'> & {
  readonly train: Pick<Dataset, 'shape' | 'batch'> & { readonly labels?: ArrayLike<number> };
};

/** The call number of real examples that training never draws: its own call numbers stay far below. */
export const HELD_OUT = 0xf0000000;

/**
 * That call number for batches of `size`. Sets of finitely many examples, which have labels, count epochs in
 * 32 bits, so that the last call of a small set is below {@link HELD_OUT}.
 */
const heldOutCall = (size: number, { labels }: Data['train']): number =>
  labels === undefined ? HELD_OUT : Math.min(HELD_OUT, Math.floor((labels.length * 2 ** 32) / size) - 1);

/** The name of a metric's column: `sliced-wasserstein` as `slicedWasserstein`. */
const columnOf = (metric: string): string =>
  metric.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** The value of a perfect sampler, in words. */
function bestWords({ unit }: MetricRow, { perfect }: Figure, best: number): string {
  if (unit === 'modes') return `of ${best}`;
  const amount = unit === 'share' ? `${best.toFixed(3)} %` : best.toPrecision(3);
  return `${perfect === null ? 'real against real' : 'a perfect sampler'}: ${amount}`;
}

/**
 * Binds a metric to a preset's data. Its best value is measured on real examples, as if they were generated.
 */
function bind(spec: string, { dataset, samples }: Measured, { train, test, mixture }: Data): Bound {
  const row = metricRegistry.find(parseSpec(spec).name);
  const metric = metricFrom(spec);
  const dim = sizeOf(train.shape);
  const n = test === undefined ? samples : Math.min(samples, test.count);
  const real =
    test === undefined ? train.batch(n, { seed: 0, call: heldOutCall(n, train) }) : test.values(0, n);
  const others =
    train.labels === undefined ? 'other real points' : `real ones, of the ${train.labels.length} trained on`;
  const figureOf = (fake: Float32Array): Figure => {
    if (metric.needs === 'features') return metric.measure({ real, fake, dim });
    if (metric.needs !== 'mixture')
      throw new InputError(`metric ${spec} needs ${metric.needs}, which no preset gives yet`);
    if (mixture === undefined)
      throw new InputError(`metric ${spec} needs a known mixture; data set ${dataset} is none`);
    return metric.measure({ fake, mixture });
  };
  const share = row.unit === 'share'; // in per cent
  const shownAs = (value: number | null): Measure => (share && value !== null ? 100 * value : value);
  const figure = figureOf(train.batch(n, { seed: 0, call: 0 }));
  const best = shownAs(figure.perfect ?? figure.value);
  const against =
    metric.needs === 'mixture'
      ? ''
      : `; ${n} generated against ${n} ${test === undefined ? others : 'held-out images'}, and ${n} real ones against the same`;
  return {
    column: {
      name: columnOf(row.name),
      label: row.label,
      ...(share ? { unit: '%', decimals: 1 } : row.unit === 'modes' ? {} : { unit: row.unit }),
      better: row.better,
      digits: 3,
      ...(best === null ? {} : { best, bestLabel: bestWords(row, figure, best) }),
    },
    words: `${metric.spec}: ${row.about}${against}`,
    settings: figure.settings,
    measure: (fake) => shownAs(figureOf(fake).value),
  };
}

/**
 * A preset's metrics, bound to its data. @throws InputError for an invalid spec, a metric that is named
 * twice, a headline that is none of them, and a metric that needs a mixture if the data set is none.
 */
export function figuresOf(preset: Measured, built: Data): Figures {
  const all = preset.metrics.map((spec) => bind(spec, preset, built));
  const columns = all.map(({ column }) => column);
  const names = columns.map(({ name }) => name);
  const headline = columnOf(preset.headline);
  if (new Set(names).size < names.length || !names.includes(headline))
    throw new InputError(
      `preset ${preset.name} measures ${preset.metrics.join(', ') || 'nothing'} with the headline ${preset.headline}; expected different metrics, the headline among them`,
    );
  const known = all.map(({ settings }) => settings).find((one) => one.metric === 'mode-coverage');
  return {
    columns,
    headline,
    ...(known?.metric === 'mode-coverage' && built.mixture
      ? {
          centres: built.mixture.centres.map(([x = 0, y = 0]) => [x, y] as const),
          within: known.sigmas * known.deviation,
        }
      : {}),
    settings: {
      ...Object.fromEntries(all.map(({ column, words }) => [column.label, words])),
      'samples per measurement': String(preset.samples),
    },
    measure: (examples) =>
      Object.fromEntries(all.map(({ column, measure }) => [column.name, measure(examples)])),
  };
}
