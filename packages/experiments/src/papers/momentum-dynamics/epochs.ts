import { integer, type Full } from '@stillpoint/operators';
import type { Measure, Run, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf } from '../figure.js';
import { imagesOption, imagesTitle } from '../image-classifier.js';
import { ours, published, type Claimed, type FigureOptions, type Finding } from '../paper.js';
import { gradientSteps, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';
import { digits } from './digits.js';
import { accelerated, ball, descent, digitRun, lags, type Contender } from './digit-runs.js';

const CODE = 'the authors’ code (Bu, Xu, Chen), its printed results';
const STEP_SIZE = 1e-4;
/** Every how many epochs the error is measured. */
const EVERY = 5;
const options = {
  ...seedOptions(1),
  data: imagesOption,
  images: integer({ about: 'images that are trained on, all in each step', from: 1, to: 5000, default: 600 }),
  width: integer({ about: 'm, hidden units', from: 1, default: 1000 }),
  epochs: integer({ about: 'epochs of one step each', from: 200, default: 2000 }),
};
type Values = Full<typeof options>;
/** The epochs of the table, at which the error is measured. */
const shownOf = (epochs: number): readonly number[] =>
  [1 / 20, 1 / 4, 1 / 2, 1].map((share) => EVERY * Math.floor((share * epochs) / EVERY));
const scaledTo = ({ data, width, epochs }: Values): string =>
  `${imagesTitle(data)} for MNIST; width ${width.toLocaleString('en')} of 3,000; ${epochs.toLocaleString('en')} of 5,000 epochs`;

const contenders: readonly Contender[] = [
  descent,
  ball(0.2),
  ball(0.5),
  ball(0.8),
  lags(0.2, 0.2),
  lags(0.2, 0.5),
  lags(0.2, 0.8),
  accelerated(2),
  accelerated(3),
  accelerated(6),
  accelerated(8),
];

const nameOf = (epoch: number): string => `after${epoch}`;

/** How many times its least value so far an error is at most, from the 100th epoch on. */
function largestRise({ x, y }: { readonly x: readonly number[]; readonly y: readonly Measure[] }): number {
  let [least, rise] = [Infinity, 1];
  y.forEach((value, i) => {
    const error = value ?? Infinity;
    if (x[i]! >= 100) rise = Math.max(rise, error / least);
    least = Math.min(least, error);
  });
  return rise;
}

async function table(
  values: Values,
  { quick, engine, onProgress, signal }: FigureOptions,
): Promise<readonly Section[]> {
  const { data, images, width, epochs: length } = values;
  const [seeds, shown] = [seedsOf(values), shownOf(length)];
  const rows: Row[] = [];
  for (const seed of seeds) {
    const problem = await digits({ data, images, width, seed }, engine);
    try {
      for (const contender of contenders) {
        if (signal?.aborted) break;
        const done = rows.length;
        const { error, sharpness } = await digitRun(problem, contender, {
          stepSize: STEP_SIZE,
          epochs: length,
          everyError: EVERY,
          everySharpness: quick ? 25 : 50,
          signal,
          onEpoch: (epoch) =>
            onProgress?.(
              (done + epoch / (length + 1)) / (seeds.length * contenders.length),
              `${contender.label}, seed ${seed}`,
            ),
        });
        const at = (epoch: number): Measure => error.y[error.x.indexOf(epoch)] ?? null;
        const rise = largestRise(error);
        rows.push({
          label: contender.label,
          method: `${contender.make(STEP_SIZE).name}(stepSize=${STEP_SIZE}), ${contender.label}`,
          seed,
          ...gradientSteps(length),
          values: {
            ...Object.fromEntries(shown.map((epoch) => [nameOf(epoch), at(epoch)])),
            rise: Number.isFinite(rise) ? rise : null,
            first: sharpness.y[0] ?? null,
            last: sharpness.y.at(-1) ?? null,
            limit: contender.limit,
            root: contender.root,
          },
          series: { error, sharpness },
        });
      }
    } finally {
      await problem.dispose();
    }
  }
  return [
    tableSection({
      title: 'The mean squared error by epoch',
      problem: 'digits',
      about: `The first ${images} images of ${imagesTitle(data)}, a network of ${width} units, all weights learnt, ${length} epochs of one step with η = ${STEP_SIZE}. λ is the largest eigenvalue of 2JJᵀ/n, which is that of the Hessian but for the part that residuals weigh.`,
      columns: [
        ...shown.map((epoch) => ({
          name: nameOf(epoch),
          label: `error at epoch ${epoch}`,
          better: 'lower' as const,
          digits: 3,
        })),
        { name: 'rise', label: 'largest rise above its least so far', better: 'lower', digits: 3 },
        { name: 'first', label: 'ηλ at the start', better: 'lower', digits: 3 },
        { name: 'last', label: 'ηλ at the end', better: 'lower', digits: 3 },
        { name: 'limit', label: 'longest ηλ that converges', better: 'higher', digits: 3 },
        { name: 'root', label: 'root of the momentum', better: 'lower', digits: 3 },
      ],
      rows,
      plots: [
        {
          draw: 'lines',
          name: 'error',
          title: 'the mean squared error, and ηλ, against epochs',
          panels: [
            { title: 'error', series: 'error' },
            { title: 'ηλ', series: 'sharpness' },
          ],
          y: { label: 'value', scale: 'log' },
        },
      ],
      verdict: [
        'Nesterov’s method is far ahead of the others: with this step size their momentum is constant and small, its own tends to 1.',
        'Momentum of the two lags (0.2, 0.8) never fades, and bears steps of 0.8/λ only. Its runs go where λ is small; from there λ grows, past that limit, and the error leaps up.',
      ],
      identity: { problem: 'digits', STEP_SIZE, data, images, width, epochs: length },
    }),
  ];
}

/** A claim about the runs of all contenders, by label, with every seed; not judged of the quick form. */
const about = (
  values: Values,
  words: Pick<Claimed, 'name' | 'statement' | 'source' | 'published' | 'expected'>,
  judge: (runOf: (label: string) => Run) => Finding,
): Claimed => ({
  ...words,
  scaled: scaledTo(values),
  judge([section], quick) {
    const seeds = seedsOf(values);
    if (quick || section === undefined || section.runs.length < seeds.length * contenders.length)
      return undefined;
    const found = seeds.map((seed) => {
      const own = new Map(
        section.runs.filter((run) => run.seed === seed).map((run) => [run.label, run] as const),
      );
      return { seed, ...judge((label) => own.get(label)!) };
    });
    return {
      holds: found.every(({ holds }) => holds),
      measured: found
        .map(({ seed, measured }) => (seeds.length === 1 ? measured : `seed ${seed}: ${measured}`))
        .join('. '),
    };
  },
});
const errorOf = (run: Run, epoch: number): number => valuesOf([run], nameOf(epoch))[0]!;
/** The largest ηλ of a run after its first 100 epochs, which lower that of the start. */
function peak({ series }: Run): number {
  const { x, y } = series['sharpness']!;
  return Math.max(...y.map((value, i) => (x[i]! < 100 ? 0 : (value ?? Infinity))));
}
const inWords = (labels: readonly string[], values: readonly number[]): string =>
  labels.map((label, i) => `${label}: ${short(values[i]!)}`).join('; ');

const FRICTIONS = [2, 3, 6, 8].map((d) => accelerated(d).label);
const LAGS = [lags(0.2, 0.2), lags(0.2, 0.5)].map(({ label }) => label);
const BALLS = [0.2, 0.5, 0.8].map((momentum) => ball(momentum).label);
const FREE = lags(0.2, 0.8);
/** An error is said to rise if it exceeds its least value by this factor. */
const RISE = 2;

/** A claim that errors fall along a list of methods. */
const falling = (
  values: Values,
  words: Pick<Claimed, 'name' | 'statement' | 'source' | 'published' | 'expected'>,
  epoch: number,
  labels: readonly string[],
): Claimed =>
  about(values, words, (runOf) => {
    const errors = labels.map((label) => errorOf(runOf(label), epoch));
    return {
      holds: errors.every((error, i) => i === 0 || error < errors[i - 1]!),
      measured: inWords(labels, errors),
    };
  });

/** The authors' runs on images, smaller. */
export const epochs = figure({
  name: 'epochs',
  title: 'Training losses of a network on images, by epoch',
  shows:
    'Gradient descent, the heavy ball, momentum of two lags and Nesterov’s method on images with their labels as targets, all with the same step size; and how the curvature grows to what each tolerates.',
  takes: 'ten minutes',
  options,
  quick: { images: 100, width: 200, epochs: 200 },
  settings: ({ data, images, width, epochs: length, ...values }) => [
    published('network', '784 – m – 1, rectified, both layers trained, no factor m^(−1/2)', CODE),
    published('weights at the start', 'first layer N(0, 1/m²), second uniform on ±1', CODE),
    published('step size', '1e-4, full batch, mean squared error', CODE),
    published('(β₁, β₂)', '(0.2, 0.2), (0.2, 0.5), (0.2, 0.8)', CODE),
    published(
      'images',
      'the first 600, the labels as targets; 60 in another cell, which one fed the table is not recorded',
      CODE,
    ),
    ours('data', `the first ${images} of ${imagesTitle(data)} for MNIST; pixels from 0 to 1`),
    ours(
      'm',
      `m = ${width}; theirs is 3000. Fashion-MNIST’s images are brighter: with m = 3000 ηλ begins at 12, where the first steps of gradient descent switch most units off`,
    ),
    ours('biases', 'uniform on ±1/√p at the start, with p pixels'),
    ours('epochs', `${length.toLocaleString('en')}; theirs are 5,000`),
    ours('seeds', seedsInWords(values)),
  ],
  claims: (values) => {
    const { epochs: length } = values;
    const [, , half = 0, end = 0] = shownOf(length);
    const [middle, last] = [half, end].map((epoch) => epoch.toLocaleString('en'));
    return [
      about(
        values,
        {
          name: 'nesterov',
          statement: `After ${last} epochs the error of Nesterov’s method is below a hundredth of that of gradient descent, with every d`,
          source: CODE,
          published: '2.8e-5, 2.6e-6, 3.9e-8, 1.1e-8 for d = 2, 3, 6, 8; gradient descent 0.26',
          expected: true,
        },
        (runOf) => {
          const labels = [descent.label, ...FRICTIONS];
          const errors = labels.map((label) => errorOf(runOf(label), end));
          return {
            holds: errors.slice(1).every((error) => error < errors[0]! / 100),
            measured: inWords(labels, errors),
          };
        },
      ),
      falling(
        values,
        {
          name: 'early-friction',
          statement: `After ${middle} epochs d = 6 is best, before 8, 3 and 2`,
          source: CODE,
          published: '3.0e-4, 4.6e-5, 6.3e-6, 2.0e-5 for d = 2, 3, 6, 8',
          expected: true,
        },
        half,
        [2, 3, 8, 6].map((d) => accelerated(d).label),
      ),
      falling(
        values,
        {
          name: 'friction',
          statement: `After ${last} epochs the error falls with d: it is smallest with d = 8`,
          source: CODE,
          published: '2.8e-5, 2.6e-6, 3.9e-8, 1.1e-8 for d = 2, 3, 6, 8',
          expected: true,
        },
        end,
        FRICTIONS,
      ),
      falling(
        values,
        {
          name: 'heavy-ball',
          statement: `After ${last} epochs the error falls with the momentum of the heavy ball, from β = 0 to 0.8`,
          source: `${CODE}, at 5,000 epochs`,
          published: '0.062 for β = 0; about 0.045, 0.023, 0.0048 for 0.2, 0.5, 0.8, read off a figure',
          expected: true,
        },
        end,
        [descent.label, ...BALLS],
      ),
      falling(
        values,
        {
          name: 'two-lags',
          statement: `After ${last} epochs (0.2, 0.2) and (0.2, 0.5) are ahead of gradient descent, the second more`,
          source: CODE,
          published: '0.183 and 0.121; gradient descent 0.261',
          expected: true,
        },
        end,
        [descent.label, ...LAGS],
      ),
      about(
        values,
        {
          name: 'blow-up',
          statement: `With (0.2, 0.8) the error rises again, to more than ${RISE} times its least so far, with no other method`,
          source: CODE,
          published: '0.0893 at epoch 3,000, 4.71 at 4,000 and 1.03 at 5,000',
          expected: true,
        },
        (runOf) => {
          const rises = contenders.map(({ label }) => valuesOf([runOf(label)], 'rise')[0]!);
          return {
            holds: contenders.every(({ label }, i) => rises[i]! > RISE === (label === FREE.label)),
            measured: inWords(
              contenders.map(({ label }) => label),
              rises,
            ),
          };
        },
      ),
      about(
        values,
        {
          name: 'root',
          statement: `With (0.2, 0.8), whose r² = β₁r + β₂ has the root 1, ηλ grows after the first 100 epochs until it passes the longest step of that method, ${FREE.limit.toFixed(1)}; with no other method it passes the limit`,
          source: 'Stillpoint’s, to explain the logged blow-up; the limits are those of a quadratic',
          expected: true,
        },
        (runOf) => ({
          holds: contenders.every(
            ({ label, limit }) => peak(runOf(label)) > limit === (label === FREE.label),
          ),
          measured: contenders
            .map(({ label, limit }) => `${label}: ${short(peak(runOf(label)))} of ${short(limit)}`)
            .join('; '),
        }),
      ),
    ];
  },
  run: table,
});
