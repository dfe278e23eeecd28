import type { Figure, MetricRow } from '@stillpoint/metrics';
import { InputError, parseSpec } from '@stillpoint/operators';
import type { Column, Measure } from '@stillpoint/tracking';
import type { Measured } from './measurer.js';
import { columnOf, measuresOf, shownAs, type BoundMetric } from './measures.js';
import type { Data } from './references.js';

/** How examples become numbers. */
export interface Figures {
  readonly columns: readonly Column[];
  readonly headline: string;
  readonly centres?: readonly (readonly [number, number])[];
  /** A sample nearer to a centre than this, in data units, is of high quality. */
  readonly within?: number;
  readonly settings: { readonly [name: string]: string };
  /** The figures of examples, by metric. */
  readonly measure: (examples: Float32Array) => Promise<{ readonly [metric: string]: Measure }>;
  /** Frees what it measures with. */
  readonly dispose: () => Promise<void>;
}

/** A value of a metric, in words. */
function amount({ unit }: MetricRow, value: number): string {
  if (unit === 'modes') return String(Math.round(value));
  return unit === 'share' ? `${value.toFixed(3)} %` : value.toPrecision(3);
}

/** The value of a perfect sampler, in words, and what the metric reports on real stacks of known modes. */
function bestWords({ row, metric }: BoundMetric, { perfect, known = [] }: Figure, best: number): string {
  const real =
    perfect === null || (metric.needs === 'logits' && row.ceiling === 'measured' && row.unit === 'classes');
  const words =
    metric.needs === 'mixture' && row.unit === 'modes'
      ? `of ${best}`
      : `${real ? 'real against real' : 'a perfect sampler'}: ${amount(row, best)}`;
  const counted = known.map(
    ({ modes, value }) =>
      `${value === null ? 'nothing' : amount(row, value)} on real stacks of ${modes} modes`,
  );
  return [words, ...counted].join('; ');
}

/** The column of a metric, with its best value: measured on real examples, as if they were generated. */
function columnFor(bound: BoundMetric, figure: Figure): Column {
  const { row } = bound;
  const { unit, better, name, label } = row;
  const best = shownAs(row, figure.perfect ?? figure.value);
  return {
    name: columnOf(name),
    label,
    ...(unit === 'share' ? { unit: '%', decimals: 1 } : unit === 'modes' ? {} : { unit }),
    better,
    digits: 3,
    ...(best === null ? {} : { best, bestLabel: bestWords(bound, figure, best) }),
  };
}

/**
 * A preset's metrics, bound to its data. @throws InputError for an invalid spec, a metric that is named
 * twice, a headline that is none of them, and a metric that needs what the data set has not.
 */
export async function figuresOf(preset: Measured, data: Data): Promise<Figures> {
  const names = preset.metrics.map((spec) => columnOf(parseSpec(spec).name));
  const headline = columnOf(preset.headline);
  const { bound, count, extractors, measure, dispose } = await measuresOf(preset, data);
  if (new Set(names).size < names.length || !names.includes(headline))
    throw new InputError(
      `preset ${preset.name} measures ${preset.metrics.join(', ') || 'nothing'} with the headline ${preset.headline}; expected different metrics, the headline among them`,
    );
  const figures: Figure[] = [];
  for (const { reference } of bound) figures.push(await reference());
  const known = figures.map(({ settings }) => settings).find((one) => one.metric === 'mode-coverage');
  return {
    columns: bound.map((one, i) => columnFor(one, figures[i]!)),
    headline,
    ...(known?.metric === 'mode-coverage' && data.mixture
      ? {
          centres: data.mixture.centres.map(([x = 0, y = 0]) => [x, y] as const),
          within: known.sigmas * known.deviation,
        }
      : {}),
    settings: {
      ...Object.fromEntries(
        bound.map(({ row, metric, against }) => [row.label, `${metric.spec}: ${row.about}${against}`]),
      ),
      ...Object.fromEntries(
        extractors.map(({ name, identity }) => [`extractor ${name}`, JSON.stringify(identity)]),
      ),
      'samples per measurement': String(count),
    },
    measure,
    dispose,
  };
}
