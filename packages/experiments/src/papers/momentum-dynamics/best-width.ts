import type { Section } from '@stillpoint/tracking';
import { ours, published, type Figure, type FigureOptions } from '../paper.js';
import { gradientSteps, runsAt, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';
import { accelerated, ball, descent, digitRun, type Contender } from './digit-runs.js';
import { digits } from './digits.js';

const CODE = 'the authors’ code (Bu, Xu, Chen), its printed results';
const STEP_SIZE = 5e-5;
const whole = { images: 600, epochs: 200, seed: 1 };
const brief = { images: 100, epochs: 40, seed: 1 };
const WIDTHS = [250, 500, 1000, 1500, 2000, 3000];
const QUICK = [100, 300];
const SCALED =
  'Fashion-MNIST for MNIST, six widths from 250 to 3,000 for theirs from 1,000 to 8,000, one seed';

const contenders: readonly Contender[] = [descent, ball(0.6), ball(0.9), accelerated(2), accelerated(10)];

async function table({ quick, engine, onProgress, signal }: FigureOptions): Promise<readonly Section[]> {
  const [size, widths] = quick ? [brief, QUICK] : [whole, WIDTHS];
  const total = widths.reduce((sum, width) => sum + width, 0);
  const found = new Map<Contender, { readonly x: number[]; readonly y: (number | null)[] }>(
    contenders.map((contender) => [contender, { x: [], y: [] }]),
  );
  const first: (number | null)[] = [];
  let done = 0;
  for (const width of widths) {
    if (signal?.aborted) break;
    const problem = await digits({ ...size, width }, engine);
    try {
      first.push(STEP_SIZE * (await problem.sharpness(problem.start)));
      for (const [i, contender] of contenders.entries()) {
        const { error } = await digitRun(problem, contender, {
          stepSize: STEP_SIZE,
          epochs: size.epochs,
          everyError: size.epochs,
          everySharpness: 0,
          signal,
          onEpoch: (epoch) =>
            onProgress?.(
              (done + (width * (i + epoch / (size.epochs + 1))) / contenders.length) / total,
              `${width} units, ${contender.label}`,
            ),
        });
        found.get(contender)!.x.push(width);
        found.get(contender)!.y.push(error.x.at(-1) === size.epochs ? (error.y.at(-1) ?? null) : null);
      }
      done += width;
    } finally {
      await problem.dispose();
    }
  }
  const rows = contenders.map((contender): Row => {
    const { x, y } = found.get(contender)!;
    return {
      label: contender.label,
      method: `${contender.make(STEP_SIZE).name}(stepSize=${STEP_SIZE}), ${contender.label}`,
      seed: size.seed,
      ...gradientSteps(size.epochs * x.length),
      values: {
        ...Object.fromEntries(x.map((width, i) => [nameOf(width), y[i] ?? null])),
        best: bestOf(x, y) ?? null,
      },
      series: { error: { x, y } },
    };
  });
  return [
    tableSection({
      title: `The mean squared error after ${size.epochs} epochs, by width`,
      problem: 'digits',
      about: `The first ${size.images} images of Fashion-MNIST, all weights learnt, η = ${STEP_SIZE}. ηλ, λ the largest eigenvalue of 2JJᵀ/n at the start, is ${first.map((x, i) => `${short(x ?? NaN)} (m = ${widths[i]})`).join(', ')}.`,
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
          title: `the mean squared error after ${size.epochs} epochs against the width`,
          series: 'error',
          x: { label: 'width', scale: 'log' },
          y: { label: 'error', scale: 'log' },
        },
      ],
      verdict: rows.map(({ label, values }) => `${label}: best with ${short(values['best'] ?? NaN)} units`),
      identity: { problem: 'digits', STEP_SIZE, ...size, widths: [...widths] },
    }),
  ];
}

const nameOf = (width: number): string => `m${width}`;

/** The width of the least error; undefined if one is missing. */
function bestOf(x: readonly number[], y: readonly (number | null)[]): number | undefined {
  const values = y.flatMap((value) => (value === null ? [] : [value]));
  return values.length === 0 ? undefined : x[y.indexOf(Math.min(...values))];
}
const bests = (section: Section | undefined, quick: boolean): readonly number[] | undefined => {
  if (quick || section === undefined) return undefined;
  const runs = contenders.map((_, place) => runsAt(section, place)).flat();
  return runs.length === contenders.length ? valuesOf(runs, 'best') : undefined;
};
const inWords = (values: readonly number[]): string =>
  values.map((width, i) => `${contenders[i]!.label}: ${width}`).join('; ');
/** The authors' sweep of widths, smaller. */
export const bestWidth: Figure = {
  name: 'best-width',
  title: 'With a fixed step size there is a best width',
  shows:
    'The error after 200 epochs by the width of the network, which falls as the kernel grows with the width, and rises again where the step size is too long for that kernel.',
  takes: 'five minutes',
  settings: [
    published('step size', '5e-5, full batch, 200 epochs', CODE),
    published('momentum', 'β = 0, 0.6, 0.9; d = 2, 10', CODE),
    published('network', 'as in the figure epochs', CODE),
    ours('data', 'the first 600 images of Fashion-MNIST; theirs are of MNIST, which are darker'),
    ours('m', `${WIDTHS.join(', ')}; theirs are 1,000 to 8,000`),
    ours('seeds', 'one; of theirs some are means of ten'),
  ],
  claims: [
    {
      name: 'u-shape',
      statement: 'With each method the best width is neither the narrowest nor the widest',
      source: CODE,
      published:
        'heavy ball: best at 5,500, 4,500 and 3,500 for β = 0, 0.6 and 0.9, of 2,000 to 8,000; Nesterov at 2,000 to 5,000',
      scaled: SCALED,
      expected: true,
      judge([section], quick) {
        const found = bests(section, quick);
        return (
          found && {
            holds: found.every((width) => width > WIDTHS[0]! && width < WIDTHS.at(-1)!),
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
      scaled: SCALED,
      expected: true,
      judge([section], quick) {
        const found = bests(section, quick)?.slice(0, 3);
        return (
          found && {
            holds: found.every((width, i) => i === 0 || width <= found[i - 1]!),
            measured: inWords(found),
          }
        );
      },
    },
  ],
  run: table,
};
