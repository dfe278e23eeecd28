import type { NamedDense } from '@stillpoint/networks';
import { eigh, norm, normal, type Vector } from '@stillpoint/operators';
import { solveAsync } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import type { Column, Section } from '@stillpoint/tracking';
import { ours, type Figure, type FigureOptions, type Finding } from '../paper.js';
import { runsAt, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';
import { D, problemsOf, RANGE, STEPS, type Levels } from './regularisers.js';

const [SEEDS, QUICK_SEEDS] = [20, 6];
/** Examples to learn from, to choose by, and to test on. */
const [TRAIN, HELD, TEST] = [20, 20, 500];
/** Draws of noise, and its standard deviation in each number of a training example. */
const [DRAWS, NOISE] = [50, 0.5];
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

/** Linear regression with two inputs that matter out of D, and noise of deviation 1 in the targets. */
function dataOf(seed: number): { readonly data: NamedDense; readonly X: Vector[]; readonly y: Vector[] } {
  const truth = Array.from({ length: D }, (_, j) => (j < 2 ? 1 - 2 * j : 0));
  const drawn = [TRAIN, HELD, TEST].map((count, i) => {
    const X = normal(new Float32Array(count * D), { seed, purpose: `inputs ${i}` });
    const y = normal(new Float32Array(count), { seed, purpose: `noise ${i}` });
    for (let k = 0; k < count; k++) truth.forEach((θ, j) => (y[k]! += θ * X[k * D + j]!));
    return { X: { shape: [count, D], values: X }, y: { shape: [count, 1], values: y } };
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
  for (let i = 0; i < y.length; i++) {
    let r = -y[i]!;
    for (let j = 0; j < D; j++) r += X[i * D + j]! * w[j]!;
    sum += r * r;
  }
  return sum / y.length;
}

/** The weights that minimise the mean of (y − Xw)² and λ‖w‖². */
function ridge(X: Vector, y: Vector, λ: number): Vector {
  const n = y.length;
  const [gram, Xy] = [new Float64Array(D * D), new Float64Array(D)];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < D; j++) {
      Xy[j]! += (X[i * D + j]! * y[i]!) / n;
      for (let k = 0; k < D; k++) gram[j * D + k]! += (X[i * D + j]! * X[i * D + k]!) / n;
    }
  const { values, vectors } = eigh(gram);
  const w = new Float64Array(D);
  values.forEach((μ, m) => {
    const v = vectors.subarray(m * D, (m + 1) * D);
    const along = v.reduce((sum, vj, j) => sum + vj * Xy[j]!, 0) / (μ + λ);
    v.forEach((vj, j) => (w[j]! += along * vj));
  });
  return w;
}

/** What λ of a form comes to on the data of this seed. */
async function rowOf(form: keyof Levels, levels: Levels, seed: number): Promise<Row> {
  const { data, X, y } = dataOf(seed);
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
  const noisy = Array.from({ length: DRAWS }, (_, draw) => {
    const noise = normal(new Float64Array(TRAIN * D), { seed, purpose: 'noise of inputs', call: draw });
    return tested(noise.map((e, at) => X[0]![at]! + NOISE * e));
  });
  const mean = noisy.reduce((sum, e) => sum + e / DRAWS, 0);
  const [poison, model] = await levels.trilevel.answers(Float32Array.from(z), data);
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
      spread: Math.sqrt(noisy.reduce((sum, e) => sum + (e - mean) ** 2 / (DRAWS - 1), 0)),
      attacked: errorOf(X[2]!, y[2]!, model!.tensors['w']!),
      size: norm(poison!.tensors['P']!),
    },
  };
}

async function table(options: FigureOptions): Promise<readonly Section[]> {
  const { quick, engine, processes, signal, onProgress } = options;
  const levels = await problemsOf({ engine, threads: processes, data: dataOf(1).data });
  const seeds = quick ? QUICK_SEEDS : SEEDS;
  try {
    const rows: Row[] = [];
    for (let seed = 1; seed <= seeds && !signal?.aborted; seed++) {
      onProgress?.((seed - 1) / seeds, `seed ${seed}`);
      for (const form of ['bilevel', 'trilevel'] as const) rows.push(await rowOf(form, levels, seed));
    }
    return [
      tableSection({
        title: 'The weight of a regulariser, chosen without and with an attacker in mind',
        problem: 'ridge regression',
        about: `${TRAIN} examples to learn from, ${HELD} to choose log λ by in [${RANGE.join(', ')}], ${TEST} to test on; ${D} inputs, of which two matter. Then λ is used on the training data as they are, with noise of deviation ${NOISE} in each number (${DRAWS} draws), and as the attacker leaves them.`,
        columns,
        rows,
        settings: { bilevel: levels.bilevel.about, trilevel: levels.trilevel.about },
        verdict: [
          'The form with an attacker chooses a larger λ: better where the attack comes, worse on average where it does not, on noisy data too.',
        ],
        identity: { figure: 'multilevel/poisoning', TRAIN, HELD, TEST, D, NOISE, DRAWS },
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
/** How often the second of a pair is better, and the means. */
function compared(
  section: Section | undefined,
  column: string,
  holds: (better: number, of: number, means: readonly [number, number]) => boolean,
): Finding | undefined {
  const pairs = paired(section, column);
  if (pairs === undefined) return undefined;
  const better = pairs.filter(([a, b]) => b < a).length;
  const mean = (at: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[at] / pairs.length, 0);
  const means = [mean(0), mean(1)] as const;
  return {
    holds: holds(better, pairs.length, means),
    measured: `${short(means[0])} bilevel, ${short(means[1])} trilevel on average; lower with ${better} of ${pairs.length} seeds`,
  };
}

/** Hyper-parameters under data poisoning. */
export const poisoning: Figure = {
  name: 'poisoning',
  title: 'A regulariser’s weight by two levels, and by three with an attacker between',
  shows:
    'What λ the bilevel form chooses, which expects the training data as they are, and the trilevel form, which expects an attacker who shifts them; and the test errors of both on clean, noisy and attacked training data.',
  takes: 'a minute',
  settings: [
    ours(
      'data',
      `${TRAIN} training, ${HELD} validation, ${TEST} test examples of ${D} inputs, targets with noise 1`,
    ),
    ours('steps', `${STEPS.poison.steps} of the attacker, ${STEPS.model.steps} of the model`),
    ours('method', `projected gradient steps on log λ: ${METHOD}, at most ${CALLS}`),
    ours('seeds', `1 to ${SEEDS}; in the quick form to ${QUICK_SEEDS}`),
  ],
  claims: [
    {
      name: 'larger',
      statement: 'The trilevel form chooses a larger λ, on average and with most seeds',
      source: 'ours',
      expected: true,
      judge: ([section]) =>
        compared(section, 'weight', (lower, of, [two, three]) => three > two && lower < of / 2),
    },
    {
      name: 'attacked',
      statement: 'On training data that are attacked as it expects, its test error is lower on average',
      source: 'ours',
      expected: true,
      judge: ([section]) => compared(section, 'attacked', (_, __, [two, three]) => three < two),
    },
    {
      name: 'stable',
      statement:
        'On noisy training data its test error varies less from draw to draw, on average and with most seeds',
      source:
        'after the abstract, “more stable prediction results … in noisy data settings”; data and model are ours',
      expected: true,
      judge: ([section]) =>
        compared(section, 'spread', (better, of, [two, three]) => three < two && better > of / 2),
    },
    {
      name: 'price',
      statement:
        'Its test error is higher on average both on clean and on noisy training data: it varies less, around a worse value',
      source: 'ours; nothing that the abstract says contradicts it',
      expected: true,
      judge([section]) {
        const [clean, noisy] = ['clean', 'noisy'].map((column) =>
          compared(section, column, (_, __, [two, three]) => three > two),
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
};
