import { boxCounting } from '@stillpoint/metrics';
import { integer, number, type Full } from '@stillpoint/operators';
import { problemFrom } from '@stillpoint/problems';
import type { Column, Plot, Run, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf } from '../figure.js';
import { ours, type FigureOptions, type Finding } from '../paper.js';
import { runsAt, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';
import { boxesOf, countSeries, iteratesOf } from './iterates.js';

/**
 * With this number of steps one of the 2⁷ boxes is missed with a probability of 128(1 − 2⁻⁷)^5000 = 1e-15.
 */
const FEWEST = 5000;
const options = {
  ...seedOptions(1),
  start: number({ about: 'w at the start', from: 0, to: 1, default: 0.25 }),
  steps: integer({ about: 'how many steps', from: FEWEST, to: 1_000_000, default: 40_000 }),
};
type Values = Full<typeof options>;
/** Levels of zoom, and dots of each, in the picture of the set. */
const [ZOOMS, DOTS] = [5, 250];
/** η, the base of its boxes, and the finest level of them. */
const settings = [
  { stepSize: 2 / 3, name: '⅔', base: 3, finest: 7 },
  { stepSize: 0.8, name: '0.8', base: 5, finest: 7 },
  { stepSize: 0.5, name: '½', base: 2, finest: 7 },
  { stepSize: 0.3, name: '0.3', base: 2, finest: 5 },
] as const;

export const columns: readonly Column[] = [
  { name: 'boxes', label: 'dimension by boxes', better: 'lower', digits: 6 },
  { name: 'bound', label: 'log(#batches)/(−R̂)', better: 'lower', digits: 6 },
  { name: 'logNorm', label: 'R̂', better: 'lower', digits: 5 },
  { name: 'deviation', label: 'log counts off their line', better: 'lower', digits: 2 },
];
/** Counts of boxes over their size. */
export const countsPlot: Plot = {
  draw: 'scatter',
  name: 'counts',
  title: 'boxes that hold an iterate, against 1/side',
  note: 'Dots are counts, lines have the slope log(#batches)/(−R̂) of the bound, through the first count.',
  series: 'boxes',
  line: 'bound',
  x: { label: '1/side of a box', scale: 'log' },
  y: { label: 'boxes', scale: 'log' },
};

/** The iterates, and 3, 9, … times larger those nearest to 0, each above the other. */
function zoomed(points: Float64Array): NonNullable<Run['series'][string]> {
  const [x, y]: [number[], number[]] = [[], []];
  for (let level = 0; level < ZOOMS; level++) {
    const near = points.filter((w) => w * 3 ** level < 1).slice(0, DOTS);
    for (const w of near) {
      x.push(Math.round(w * 3 ** level * 1e4) / 1e4);
      y.push(level);
    }
  }
  return { x, y };
}

async function rowOf(
  { stepSize, name, base, finest }: (typeof settings)[number],
  seed: number,
  { steps, start }: Values,
): Promise<Row> {
  const problem = problemFrom(`cantor(start=${start}, batch=1, batchSeed=${seed})`).problem;
  const run = { label: `η = ${name}`, problem, stepSize, batches: 2, steps };
  const { points, contraction, row } = await iteratesOf(run);
  const counted = boxCounting(points, { dim: 1, base, finest, origin: [0], width: 1 });
  const { logNorm, dimension } = contraction;
  return {
    ...row,
    seed,
    values: { boxes: counted.dimension, bound: dimension, logNorm, deviation: counted.deviation },
    series: {
      ...countSeries(counted, dimension),
      ...(base === 3 && { zoom: zoomed(points) }),
    },
  };
}

/** Judges the runs of some places of `settings`. */
const judged =
  (
    { seeds }: Values,
    places: readonly number[],
    holds: (run: Run, at: (column: string) => number) => boolean,
  ) =>
  ([section]: readonly Section[]): Finding | undefined => {
    const runs = places.flatMap((place) => runsAt(section, place));
    if (runs.length < places.length * seeds) return undefined;
    const value = (run: Run, column: string): number => valuesOf([run], column)[0]!;
    return {
      holds: runs.every((run) => holds(run, (column) => value(run, column))),
      measured: runs
        .map(
          (run) =>
            `${run.label}${seeds > 1 ? `, seed ${run.seed}` : ''}: ${boxesOf(run.series).join(', ')} boxes, dimension ${value(run, 'boxes').toFixed(5)}, bound ${value(run, 'bound').toFixed(5)}`,
        )
        .join('; '),
    };
  };
const doubles = (run: Run): boolean => boxesOf(run.series).every((boxes, i) => boxes === 2 ** (i + 1));

/** SGD on two points of a line. */
export const cantorSet = figure({
  name: 'cantor-set',
  title: 'SGD that draws the Cantor set, where the bound is an equality',
  shows:
    'f(w) = ½(w − a)² with a drawn from {0, 1}: for η = ⅔ the iterates fill the Cantor set, for η = 0.8 a smaller one; for η = ½ the interval, and for less its maps overlap.',
  takes: 'seconds',
  options,
  quick: { steps: 10_000 },
  settings: ({ start, steps, ...values }) => [
    ours('problem', `cantor(batch=1), from ${start}`),
    ours('η', settings.map(({ name }) => name).join(', ')),
    ours('steps', steps.toLocaleString('en')),
    ours('seeds', seedsInWords(values)),
    ours('boxes', 'of base 3, 5 and 2, from 0, to level 7; for η = 0.3 to level 5'),
  ],
  claims: (values) => [
    {
      name: 'equality',
      statement:
        'For η = ⅔ and 0.8 exactly 2^k boxes of level k hold iterates, k = 1 … 7, and the dimension is the bound: log 2/log 3 = 0.63093 and log 2/log 5 = 0.43068',
      source: 'Stillpoint’s: the maps (1 − η)w and (1 − η)w + η have images that do not overlap for η > ½',
      expected: true,
      judge: judged(values, [0, 1], (run, at) => doubles(run) && Math.abs(at('boxes') - at('bound')) < 1e-9),
    },
    {
      name: 'interval',
      statement:
        'For η = ½ and 0.3 all 2^k boxes of the interval hold iterates: the dimension is 1, and the bound, 1 and 1.943, says nothing',
      source: 'Stillpoint’s: for η ≤ ½ the images of the two maps cover the interval',
      expected: true,
      judge: judged(
        values,
        [2, 3],
        (run, at) => doubles(run) && at('bound') > 1 - 1e-9 && Math.abs(at('boxes') - 1) < 1e-9,
      ),
    },
  ],
  async run(values, { signal }: FigureOptions) {
    const { start, steps } = values;
    const rows: Row[] = [];
    for (const setting of settings)
      for (const seed of seedsOf(values)) {
        if (signal?.aborted) break;
        rows.push(await rowOf(setting, seed, values));
      }
    return [
      tableSection({
        title: 'SGD on two points of a line',
        problem: `cantor(start=${start}, batch=1)`,
        about: `The mean of ½w² and ½(w − 1)²; a step is w⁺ = (1 − η)w + ηa, a = 0 or 1 at random. ${steps.toLocaleString('en')} steps from ${start}.`,
        columns,
        rows,
        plots: [
          {
            draw: 'scatter',
            name: 'zoom',
            title: 'the iterates of η = ⅔, and those nearest to 0 three, nine, … times larger',
            note: 'Each row is the left third of the row below, three times larger: all rows look alike.',
            series: 'zoom',
            x: { label: 'w times 3 to the power of the zoom', scale: 'linear' },
            y: { label: 'zoom', scale: 'linear' },
          },
          countsPlot,
        ],
        verdict: rows.map(
          ({ label, values: { boxes, bound } }) =>
            `${label}: dimension ${short(boxes ?? NaN)} by boxes, at most ${short(bound ?? NaN)} by contraction`,
        ),
        identity: { problem: 'cantor(batch=1)', start, steps },
      }),
    ];
  },
});
