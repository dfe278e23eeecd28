import type { NamedDense } from '@stillpoint/networks';
import { eigh, integer, norm, normal, number, type Full, type Vector } from '@stillpoint/operators';
import { solveAsync } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import type { Column, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf, sizesOf } from '../figure.js';
import { ours, type FigureOptions, type Finding } from '../paper.js';
import { runsAt, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';
import { problemsOf, RANGE, STEPS, type Levels } from './regularisers.js';

const options = {
  ...seedOptions(20),
  examples: integer({ about: 'examples to learn from', from: 2, to: 1000, default: 20 }),
  heldOut: integer({ about: 'examples to choose λ by', from: 1, to: 10_000, default: 20 }),
  dimension: integer({ about: 'inputs of an example; two matter', from: 2, to: 100, default: 5 }),
  noise: number({
    about: 'standard deviation of the noise in each number of a noisy training example',
    above: 0,
    default: 0.5,
  }),
  draws: integer({ about: 'how many draws of this noise', from: 2, to: 10_000, default: 50 }),
};
type Values = Full<typeof options>;
/** Examples to test on. */
const TEST = 500;
const METHOD = 'gda(stepSize=1)';
const CALLS = 60;

const columns: readonly Column[] = [
  { name: 'weight', label: 'log λ', better: 'lower', digits: 3 },
  { name: 'clean', label: 'test error, clean training data', better: 'lower', digits: 4 },
  { name: 'noisy', label: 'test error, noisy training data: mean', better: 'lower', digits: 4 },
  { name: 'spread', label: 'its standard deviation', better: 'lower', digits: 3 },
  { name: 'attacked', label: 'test error, attacked training data', better: 'lower', digits: 4 },
  { name: 'size', label: '‖P‖ of the attack', better: 'lower', digits: 3 },
];
const [BILEVEL, TRILEVEL] = [0, 1];

/** Linear regression with two inputs that matter out of d, and noise of deviation 1 in the targets. */
function dataOf(
  seed: number,
  { examples, heldOut, dimension: d }: Values,
): { readonly data: NamedDense; readonly X: Vector[]; readonly y: Vector[] } {
  const truth = Array.from({ length: d }, (_, j) => (j < 2 ? 1 - 2 * j : 0));
  const drawn = [examples, heldOut, TEST].map((count, i) => {
    const X = normal(new Float32Array(count * d), { seed, purpose: `inputs ${i}` });
    const y = normal(new Float32Array(count), { seed, purpose: `noise ${i}` });
    for (let k = 0; k < count; k++) truth.forEach((θ, j) => (y[k]! += θ * X[k * d + j]!));
    return { X: { shape: [count, d], values: X }, y: { shape: [count, 1], values: y } };
  });
  const [train, held] = drawn;
  return {
    data: { X: train!.X, y: train!.y, heldX: held!.X, heldY: held!.y },
    X: drawn.map(({ X }) => X.values),
    y: drawn.map(({ y }) => y.values),
  };
}

/** The mean of (y − Xw)². */
function errorOf(X: Vector, y: Vector, w: Vector): number {
  let sum = 0;
  const d = w.length;
  for (let i = 0; i < y.length; i++) {
    let r = -y[i]!;
    for (let j = 0; j < d; j++) r += X[i * d + j]! * w[j]!;
    sum += r * r;
  }
  return sum / y.length;
}

/** The weights that minimise the mean of (y − Xw)² and λ‖w‖². */
function ridge(X: Vector, y: Vector, λ: number): Vector {
  const n = y.length;
  const d = X.length / n;
  const [gram, Xy] = [new Float64Array(d * d), new Float64Array(d)];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < d; j++) {
      Xy[j]! += (X[i * d + j]! * y[i]!) / n;
      for (let k = 0; k < d; k++) gram[j * d + k]! += (X[i * d + j]! * X[i * d + k]!) / n;
    }
  const { values, vectors } = eigh(gram);
  const w = new Float64Array(d);
  values.forEach((μ, m) => {
    const v = vectors.subarray(m * d, (m + 1) * d);
    const along = v.reduce((sum, vj, j) => sum + vj * Xy[j]!, 0) / (μ + λ);
    v.forEach((vj, j) => (w[j]! += along * vj));
  });
  return w;
}

/** What λ of a form comes to on the data of this seed. */
async function rowOf(form: keyof Levels, levels: Levels, seed: number, values: Values): Promise<Row> {
  const { data, X, y } = dataOf(seed, values);
  const { draws, noise } = values;
  const problem = levels[form];
  const onData: typeof problem = {
    ...problem,
    operator: (z, out, asked) => problem.operator(z, out, { ...asked, sample: data }),
    losses: (z, out, asked) => problem.losses!(z, out, { ...asked, sample: data }),
  };
  const { z, ledger, calls } = await solveAsync(onData, methodFrom(METHOD), {
    steps: CALLS,
    tolerance: 1e-5,
  });
  const λ = Math.exp(z[0]!);
  const tested = (train: Vector): number => errorOf(X[2]!, y[2]!, ridge(train, y[0]!, λ));
  const noisy = Array.from({ length: draws }, (_, draw) => {
    const drawn = normal(new Float64Array(X[0]!.length), { seed, purpose: 'noise of inputs', call: draw });
    return tested(drawn.map((e, at) => X[0]![at]! + noise * e));
  });
  const mean = noisy.reduce((sum, e) => sum + e / draws, 0);
  const [poison, model] = await levels.trilevel.lowerSolutions(Float32Array.from(z), data);
  return {
    label: form,
    method: `${METHOD} on log λ`,
    seed,
    ledger,
    calls,
    values: {
      weight: z[0]!,
      clean: tested(X[0]!),
      noisy: mean,
      spread: Math.sqrt(noisy.reduce((sum, e) => sum + (e - mean) ** 2 / (draws - 1), 0)),
      attacked: errorOf(X[2]!, y[2]!, model!.tensors['w']!),
      size: norm(poison!.tensors['P']!),
    },
  };
}

async function table(values: Values, given: FigureOptions): Promise<readonly Section[]> {
  const { engine, processes, signal, onProgress } = given;
  const { examples, heldOut, dimension, noise, draws, firstSeed } = values;
  const { data } = dataOf(firstSeed, values);
  const levels = await problemsOf({ engine, threads: processes, data });
  const seeds = seedsOf(values);
  try {
    const rows: Row[] = [];
    for (const [i, seed] of seeds.entries()) {
      if (signal?.aborted) break;
      onProgress?.(i / seeds.length, `seed ${seed}`);
      for (const form of ['bilevel', 'trilevel'] as const) rows.push(await rowOf(form, levels, seed, values));
    }
    return [
      tableSection({
        title: 'The weight of a regulariser, chosen without and with an attacker in mind',
        problem: 'ridge regression',
        about: `${examples} examples to learn from, ${heldOut} to choose log λ by in [${RANGE.join(', ')}], ${TEST} to test on; ${dimension} inputs, of which two matter. Then λ is used on the training data as they are, with noise of deviation ${noise} in each number (${draws} draws), and as the attacker leaves them.`,
        columns,
        rows,
        settings: { bilevel: levels.bilevel.about, trilevel: levels.trilevel.about },
        verdict: [
          'The form with an attacker is better where the attack comes, and worse on average where it does not, on noisy data too. Whether its λ is the larger one depends on the data.',
        ],
        identity: { figure: 'multilevel/poisoning', ...sizesOf(values) },
      }),
    ];
  } finally {
    await Promise.all([levels.bilevel.dispose(), levels.trilevel.dispose()]);
  }
}

/** Pairs of both forms, seed by seed; undefined if some are missing. */
function paired(
  section: Section | undefined,
  column: string,
): readonly (readonly [number, number])[] | undefined {
  const [two, three] = [runsAt(section, BILEVEL), runsAt(section, TRILEVEL)];
  if (two.length === 0 || three.length !== two.length) return undefined;
  return valuesOf(two, column).map((x, i) => [x, valuesOf(three, column)[i]!]);
}
/** How the second of each pair differs from the first. */
interface Difference {
  readonly lower: number;
  readonly of: number;
  readonly mean: number;
  /** The standard error of the mean. */
  readonly error: number;
}
function compared(
  section: Section | undefined,
  column: string,
  holds: (difference: Difference) => boolean,
): Finding | undefined {
  const pairs = paired(section, column);
  if (pairs === undefined) return undefined;
  const of = pairs.length;
  const average = (values: readonly number[]): number => values.reduce((sum, x) => sum + x / of, 0);
  const differences = pairs.map(([two, three]) => three - two);
  const mean = average(differences);
  const error = Math.sqrt(differences.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (of - 1) / of);
  const lower = differences.filter((x) => x < 0).length;
  const [two, three] = [0, 1].map((at) => short(average(pairs.map((pair) => pair[at]!))));
  return {
    holds: holds({ lower, of, mean, error }),
    measured: `${two} bilevel, ${three} trilevel on average, a difference of ${short(mean)}${of > 1 ? ` ± ${short(error)}` : ''}; lower with ${lower} of ${of} seeds`,
  };
}
/** With fewer seeds a standard error says little. */
const FEWEST = 10;

/** Hyper-parameters under data poisoning. */
export const poisoning = figure({
  name: 'poisoning',
  title: 'A regulariser’s weight by two levels, and by three with an attacker between',
  shows:
    'What λ the bilevel form chooses, which expects the training data as they are, and the trilevel form, which expects an attacker who shifts them; and the test errors of both on clean, noisy and attacked training data.',
  takes: 'a minute',
  options,
  quick: { seeds: 6 },
  settings: ({ examples, heldOut, dimension, ...values }) => [
    ours(
      'data',
      `${examples} training, ${heldOut} validation, ${TEST} test examples of ${dimension} inputs, targets with noise 1`,
    ),
    ours('steps', `${STEPS.poison.steps} of the attacker, ${STEPS.model.steps} of the model`),
    ours('method', `projected gradient steps on log λ: ${METHOD}, at most ${CALLS}`),
    ours('seeds', seedsInWords(values)),
  ],
  claims: ({ seeds }) => [
    {
      name: 'attacked',
      statement:
        'On training data that are attacked as it expects, the test error of the trilevel form is lower on average and with most seeds',
      source: 'Stillpoint’s',
      expected: true,
      judge: ([section]) =>
        compared(section, 'attacked', ({ lower, of, mean }) => mean < 0 && lower > of / 2),
    },
    {
      name: 'larger',
      statement: 'It chooses a larger λ, on average by more than two standard errors',
      source: 'Stillpoint’s',
      expected: false,
      needs: `at least ${FEWEST} seeds`,
      judge: ([section]) =>
        seeds < FEWEST ? undefined : compared(section, 'weight', ({ mean, error }) => mean > 2 * error),
    },
    {
      name: 'stable',
      statement:
        'On noisy training data its test error varies less from draw to draw, on average by more than two standard errors',
      source:
        'after the abstract, “more stable prediction results … in noisy data settings”; data and model are Stillpoint’s',
      expected: false,
      needs: `at least ${FEWEST} seeds`,
      judge: ([section]) =>
        seeds < FEWEST ? undefined : compared(section, 'spread', ({ mean, error }) => mean < -2 * error),
    },
    {
      name: 'price',
      statement: 'Its test error is higher on average both on clean and on noisy training data',
      source: 'Stillpoint’s; nothing that the abstract says contradicts it',
      expected: true,
      judge([section]) {
        const [clean, noisy] = ['clean', 'noisy'].map((column) =>
          compared(section, column, ({ mean }) => mean > 0),
        );
        if (clean === undefined || noisy === undefined) return undefined;
        return {
          holds: clean.holds && noisy.holds,
          measured: `clean: ${clean.measured}; noisy: ${noisy.measured}`,
        };
      },
    },
  ],
  run: table,
});
