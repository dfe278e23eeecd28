import { integer, numbers, type Full } from '@stillpoint/operators';
import type { Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf } from '../figure.js';
import { imagesOption, imagesTitle } from '../image-classifier.js';
import { ours, published, type FigureOptions } from '../paper.js';
import { gradientSteps, runsAt, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';
import { accelerated, ball, descent, digitRun, type Contender } from './digit-runs.js';
import { digits } from './digits.js';

const CODE = 'the authors’ code (Bu, Xu, Chen), its printed results';
const STEP_SIZE = 5e-5;
const options = {
  ...seedOptions(1),
  data: imagesOption,
  images: integer({ about: 'images that are trained on, all in each step', from: 1, to: 5000, default: 600 }),
  widths: numbers({
    about: 'm, hidden units, from the narrowest to the widest',
    whole: true,
    from: 1,
    default: [250, 500, 1000, 1500, 2000, 3000],
  }),
  epochs: integer({ about: 'epochs of one step each', from: 1, default: 200 }),
};
type Values = Full<typeof options>;
const scaledTo = ({ data, widths, ...values }: Values): string =>
  `${imagesTitle(data)} for MNIST, widths ${widths.join(', ')} for theirs from 1,000 to 8,000, ${values.seeds === 1 ? 'one seed' : `${values.seeds} seeds`}`;

const contenders: readonly Contender[] = [descent, ball(0.6), ball(0.9), accelerated(2), accelerated(10)];

async function table(
  values: Values,
  { engine, onProgress, signal }: FigureOptions,
): Promise<readonly Section[]> {
  const { data, images, widths, epochs } = values;
  const seeds = seedsOf(values);
  const total = seeds.length * widths.reduce((sum, width) => sum + width, 0);
  const rows: Row[] = [];
  const first: string[] = [];
  let done = 0;
  for (const seed of seeds) {
    const found = contenders.map(() => ({ x: new Array<number>(), y: new Array<number | null>() }));
    for (const width of widths) {
      if (signal?.aborted) break;
      const problem = await digits({ data, images, width, seed }, engine);
      try {
        first.push(`${short(STEP_SIZE * (await problem.sharpness(problem.start)))} (m = ${width})`);
        for (const [i, contender] of contenders.entries()) {
          const { error } = await digitRun(problem, contender, {
            stepSize: STEP_SIZE,
            epochs,
            everyError: epochs,
            everySharpness: 0,
            signal,
            onEpoch: (epoch) =>
              onProgress?.(
                (done + (width * (i + epoch / (epochs + 1))) / contenders.length) / total,
                `${width} units, ${contender.label}, seed ${seed}`,
              ),
          });
          found[i]!.x.push(width);
          found[i]!.y.push(error.x.at(-1) === epochs ? (error.y.at(-1) ?? null) : null);
        }
        done += width;
      } finally {
        await problem.dispose();
      }
    }
    for (const [i, { x, y }] of found.entries())
      rows.push({
        label: contenders[i]!.label,
        method: `${contenders[i]!.make(STEP_SIZE).name}(stepSize=${STEP_SIZE}), ${contenders[i]!.label}`,
        seed,
        ...gradientSteps(epochs * x.length),
        values: {
          ...Object.fromEntries(x.map((width, at) => [nameOf(width), y[at] ?? null])),
          best: bestOf(x, y) ?? null,
        },
        series: { error: { x, y } },
      });
  }
  return [
    tableSection({
      title: `The mean squared error after ${epochs} epochs, by width`,
      problem: 'digits',
      about: `The first ${images} images of ${imagesTitle(data)}, all weights learnt, η = ${STEP_SIZE}. ηλ, λ the largest eigenvalue of 2JJᵀ/n at the start, is ${first.join(', ')}.`,
      columns: [
        ...widths.map((width) => ({
          name: nameOf(width),
          label: `m = ${width}`,
          better: 'lower' as const,
          digits: 3,
        })),
        { name: 'best', label: 'best width', better: 'lower', digits: 4 },
      ],
      rows,
      plots: [
        {
          draw: 'scatter',
          name: 'error',
          title: `the mean squared error after ${epochs} epochs against the width`,
          series: 'error',
          x: { label: 'width', scale: 'log' },
          y: { label: 'error', scale: 'log' },
        },
      ],
      verdict: rows.map(({ label, values }) => `${label}: best with ${short(values['best'] ?? NaN)} units`),
      identity: { problem: 'digits', STEP_SIZE, data, images, epochs, widths: [...widths] },
    }),
  ];
}

const nameOf = (width: number): string => `m${width}`;

/** The width of the least error; undefined if one is missing. */
function bestOf(x: readonly number[], y: readonly (number | null)[]): number | undefined {
  const values = y.flatMap((value) => (value === null ? [] : [value]));
  return values.length === 0 ? undefined : x[y.indexOf(Math.min(...values))];
}
/** The best width of each contender, by seed; undefined if a run is missing, or too few widths were tried. */
const bests = (
  section: Section | undefined,
  quick: boolean,
  { widths, seeds }: Values,
): readonly (readonly number[])[] | undefined => {
  const runs = contenders.map((_, place) => runsAt(section, place));
  return quick || widths.length < 3 || runs.some((own) => own.length < seeds)
    ? undefined
    : runs.map((own) => valuesOf(own, 'best'));
};
const inWords = (found: readonly (readonly number[])[]): string =>
  found.map((widths, i) => `${contenders[i]!.label}: ${widths.join(', ')}`).join('; ');
/** The authors' sweep of widths, smaller. */
export const bestWidth = figure({
  name: 'best-width',
  title: 'With a fixed step size there is a best width',
  shows:
    'The error after some epochs by the width of the network, which falls as the kernel grows with the width, and rises again where the step size is too long for that kernel.',
  takes: 'five minutes',
  options,
  quick: { images: 100, epochs: 40, widths: [100, 300] },
  settings: ({ data, images, widths, epochs, ...values }) => [
    published('step size', '5e-5, full batch, 200 epochs', CODE),
    published('momentum', 'β = 0, 0.6, 0.9; d = 2, 10', CODE),
    published('network', 'as in the figure epochs', CODE),
    ours('epochs', String(epochs)),
    ours(
      'data',
      `the first ${images} images of ${imagesTitle(data)}; theirs are of MNIST, which are darker than Fashion-MNIST’s`,
    ),
    ours('m', `${widths.join(', ')}; theirs are 1,000 to 8,000`),
    ours('seeds', `${seedsInWords(values)}; of theirs some are means of ten`),
  ],
  claims: (values) => [
    {
      name: 'u-shape',
      statement: 'With each method the best width is neither the narrowest nor the widest',
      source: CODE,
      published:
        'heavy ball: best at 5,500, 4,500 and 3,500 for β = 0, 0.6 and 0.9, of 2,000 to 8,000; Nesterov at 2,000 to 5,000',
      scaled: scaledTo(values),
      expected: true,
      judge([section], quick) {
        const found = bests(section, quick, values);
        return (
          found && {
            holds: found.flat().every((width) => width > values.widths[0]! && width < values.widths.at(-1)!),
            measured: inWords(found),
          }
        );
      },
    },
    {
      name: 'momentum',
      statement: 'More momentum of the heavy ball makes the best width no larger',
      source: CODE,
      published: '5,500, 4,500, 3,500',
      scaled: scaledTo(values),
      expected: true,
      judge([section], quick) {
        const found = bests(section, quick, values)?.slice(0, 3);
        return (
          found && {
            holds: found.slice(1).every((own, i) => own.every((width, seed) => width <= found[i]![seed]!)),
            measured: inWords(found),
          }
        );
      },
    },
  ],
  run: table,
});
