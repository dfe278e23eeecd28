import { integer, number, type Full } from '@stillpoint/operators';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { penalisedRegression } from '@stillpoint/problems';
import type { Column, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf, sizesOf } from '../figure.js';
import { ours, type FigureOptions } from '../paper.js';
import { runsAt, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';
import { followed, ownPenalty, seriesOf } from './followed.js';

const options = {
  ...seedOptions(3),
  examples: integer({ about: 'examples', from: 1, to: 2000, default: 50 }),
  dimension: integer({ about: 'entries of x', from: 4, to: 1000, default: 200 }),
  weight: number({ about: 'ρ', above: 0, default: 0.02 }),
  steps: integer({ about: 'how many steps', from: 1, default: 1000 }),
};
type Values = Full<typeof options>;
/** Coefficients that are not 0. */
const NONZEROS = 4;

const problemOf = ({ examples, dimension, weight }: Values): string =>
  `penalised-regression(examples=${examples}, dimension=${dimension}, nonzeros=${NONZEROS}, weight=${weight})`;
const methods = [
  ['2/(t + 2)', 'conditional-gradient'],
  ['line search', 'conditional-gradient(step=line-search)'],
] as const;
const [OPEN, SEARCHED] = [0, 1];

const columns: readonly Column[] = [
  { name: 'largest', label: 'largest F, over F at the start', better: 'lower', digits: 3 },
  { name: 'rise', label: 'largest factor of F in one step', better: 'lower', digits: 6 },
  { name: 'end', label: 'gap at the end, over that at the start', better: 'lower', digits: 3 },
];

function rowOf([label, spec]: (typeof methods)[number], seed: number, values: Values): Row {
  const { examples, dimension, weight, steps } = values;
  const game = penalisedRegression({ examples, dimension, nonzeros: NONZEROS, weight, seed });
  const h = ownPenalty(game);
  const { run, points } = followed(game, methodFrom(spec), steps, () => h);
  const F = points.map(({ value }) => value);
  return {
    label,
    method: spec,
    seed,
    status: run.status,
    message: run.message,
    ledger: run.ledger,
    calls: run.calls,
    values: {
      largest: Math.max(...F) / F[0]!,
      rise: Math.max(...F.slice(1).map((value, k) => value / F[k]!)),
      end: points.at(-1)!.gap / points[0]!.gap,
    },
    series: { value: seriesOf(points, ({ value }) => value), gap: seriesOf(points, ({ gap }) => gap) },
  };
}

async function table(values: Values, { signal, onProgress }: FigureOptions): Promise<readonly Section[]> {
  const rows: Row[] = [];
  const seeds = seedsOf(values);
  for (const method of methods)
    for (const seed of seeds) {
      if (signal?.aborted) break;
      onProgress?.(rows.length / (methods.length * seeds.length), `${method[0]}, seed ${seed}`);
      rows.push(rowOf(method, seed, values));
      await Promise.resolve();
    }
  return [
    tableSection({
      title: 'A weak penalty, and fewer examples than entries',
      problem: problemOf(values),
      about:
        'From 0. s = (σ/ρ)p: with a small ρ it is far away, and the first steps of 2/(t + 2) go most of the way.',
      columns,
      rows,
      plots: [
        {
          draw: 'lines',
          name: 'value',
          title: 'F and the gap against oracle calls',
          panels: [
            { title: 'F', series: 'value' },
            { title: 'gap', series: 'gap' },
          ],
          y: { label: 'F, gap', scale: 'log' },
        },
      ],
      verdict: [
        'The theory asks for no bounded iterates, and 2/(t + 2) does come back. In float32 it would not: 1e38 is passed.',
      ],
      identity: { figure: 'screening/blow-up', ...sizesOf(values) },
    }),
  ];
}

/** What 2/(t + 2) does where the penalty is weak. */
export const blowUp = figure({
  name: 'blow-up',
  title: 'With a weak penalty 2/(t + 2) first runs away; the line search does not',
  shows: 'F and the gap of both step sizes where there are fewer examples than entries and ρ is small.',
  takes: 'seconds',
  options,
  quick: { steps: 400 },
  settings: ({ examples, dimension, weight, steps, ...values }) => [
    ours(
      'problem',
      `${examples} examples of ${dimension} entries, ${NONZEROS} hidden coefficients, noise 0.1, ρ = ${weight}`,
    ),
    ours('seeds, steps', `${seedsInWords(values)}; ${steps.toLocaleString('en')}`),
  ],
  claims: () => [
    {
      name: 'open-loop',
      statement:
        '2/(t + 2) takes F beyond 1e20 times its value at the start, and later its gap is below the first',
      source: 'Stillpoint’s; an independent program found a gap of 1e26 after 10 steps',
      expected: true,
      judge([section]) {
        const runs = runsAt(section, OPEN);
        if (runs.length === 0) return undefined;
        const [largest, end] = [Math.min(...valuesOf(runs, 'largest')), Math.max(...valuesOf(runs, 'end'))];
        return {
          holds: largest > 1e20 && end < 1,
          measured: `F comes to ${short(largest)} times its first value at least; the gap ends at ${short(end)} of the first at most`,
        };
      },
    },
    {
      name: 'line-search',
      statement: 'With a line search F rises at no step',
      source: 'Stillpoint’s',
      expected: true,
      judge([section]) {
        const runs = runsAt(section, SEARCHED);
        if (runs.length === 0) return undefined;
        const [rise, end] = [Math.max(...valuesOf(runs, 'rise')), Math.max(...valuesOf(runs, 'end'))];
        return {
          // the roundings that the search allows for
          holds: rise <= 1 + 2 ** -46 && end < 1,
          measured: `at most ${rise.toFixed(9)} times as much after a step; the gap ends at ${short(end)} of the first at most`,
        };
      },
    },
  ],
  run: table,
});
