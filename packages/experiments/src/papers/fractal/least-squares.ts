import { callsOf, emptyLedger, integer, norm, number, numbers, type Full } from '@stillpoint/operators';
import { gda, solve } from '@stillpoint/optimizers';
import { contractionAlong, pricesOf } from '@stillpoint/optimizers/drivers';
import { problemFrom } from '@stillpoint/problems';
import type { Column, Run, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf, sizesOf } from '../figure.js';
import { ours, type Claimed, type FigureOptions, type Finding } from '../paper.js';
import { runsAt, tableSection, type Row } from '../runs.js';
import { short } from '../words.js';

const options = {
  ...seedOptions(5),
  examples: integer({
    about: 'examples; batches have from a quarter to all',
    from: 4,
    to: 1000,
    default: 40,
  }),
  dimension: integer({ about: 'entries of x', from: 1, to: 200, default: 10 }),
  noise: number({ about: 'standard deviation of the noise of the targets', from: 0, default: 0.5 }),
  stepSizes: numbers({ about: 'η, from small to large', above: 0, default: [0.02, 0.05, 0.1] }),
  steps: integer({ about: 'how many steps', from: 40, default: 1000 }),
};
type Values = Full<typeof options>;
/** A quarter, half, three quarters and all of the examples. */
const batchesOf = ({ examples }: Values): readonly number[] =>
  [1, 2, 3, 4].map((quarters) => Math.round((quarters * examples) / 4));
const specOf = ({ examples, dimension }: Values): string =>
  `examples=${examples}, dimension=${dimension}, smallest=1`;

const columnsOf = ({ stepSizes }: Values): readonly Column[] => [
  ...stepSizes.map((η, i): Column => ({
    name: `logNorm${i}`,
    label: `R̂, η = ${η}`,
    better: 'lower',
    digits: 3,
  })),
  { name: 'bound', label: 'log(#batches)/(−R̂), the least', better: 'lower', digits: 3 },
  ...stepSizes.map((η, i): Column => ({
    name: `gap${i}`,
    label: `generalisation gap, η = ${η}`,
    better: 'lower',
    digits: 3,
  })),
];

/** The problem in batches, and the weights from which its targets come. */
function posed(batch: number, seed: number, values: Values) {
  const sum = specOf(values);
  const spec = `stiff-regression(${sum}, noise=${values.noise}, seed=${seed}, batch=${batch}, batchSeed=${seed})`;
  // without noise these weights are the solution
  const { facts } = problemFrom(`stiff-regression(${sum}, seed=${seed})`).exact;
  return { ...problemFrom(spec), hidden: facts!.solution! };
}

/** SGD, and at its late points R̂ and how much larger the loss of new examples is. */
async function runOf(
  { problem, exact, hidden }: ReturnType<typeof posed>,
  stepSize: number,
  { steps, noise, examples }: Values,
) {
  const along = contractionAlong(problem, { stepSize, every: 20 });
  const loss = new Float64Array(1);
  let [k, gap, late] = [0, 0, 0];
  const { ledger } = solve(problem, gda({ stepSize }), {
    steps,
    observe(progress) {
      along.observe(progress);
      if (2 * k++ < steps) return;
      const { z } = progress.state;
      exact.losses!(z, loss);
      // E ½(aᵀx − b)² of a new example, a from N(0, I)
      const expected = (norm(z.map((x, i) => x - hidden[i]!)) ** 2 + noise ** 2) / 2;
      gap += expected - loss[0]!;
      late++;
    },
  });
  const { logNorm, dimension } = await along.measure();
  return { logNorm, dimension, gap: gap / late, calls: callsOf(ledger, pricesOf(problem), examples) };
}

/** Runs of every step size with batches of `batch`. */
async function rowOf(batch: number, seed: number, values: Values): Promise<Row> {
  const { stepSizes, steps } = values;
  const given = posed(batch, seed, values);
  const runs = [];
  for (const stepSize of stepSizes) runs.push(await runOf(given, stepSize, values));
  const [R, gaps] = [runs.map(({ logNorm }) => logNorm), runs.map(({ gap }) => gap)];
  const calls = runs.reduce((total, run) => total + run.calls, 0);
  const bound = Math.min(...runs.map(({ dimension }) => dimension));
  return {
    label: `batches of ${batch}`,
    method: `gda, batches of ${batch}`,
    seed,
    ledger: { ...emptyLedger(1), steps: runs.length * steps, gradients: [calls] },
    calls,
    values: {
      ...Object.fromEntries(R.map((value, i) => [`logNorm${i}`, value])),
      bound: bound === Infinity ? null : bound,
      ...Object.fromEntries(gaps.map((value, i) => [`gap${i}`, value])),
    },
    series: { 'R̂ by η': { x: stepSizes, y: R }, gap: { x: R, y: gaps } },
  };
}

/** The run of each batch size with a seed; undefined if one is missing. */
function runsOf(section: Section | undefined, seed: number, values: Values): readonly Run[] | undefined {
  const batches = batchesOf(values);
  const own = batches.map((_, place) => runsAt(section, place).find((run) => run.seed === seed));
  const found = own.filter((run) => run !== undefined);
  return found.length === batches.length ? found : undefined;
}

/** Values of a run by step size. */
const byStepSize = (run: Run, column: 'logNorm' | 'gap', { stepSizes }: Values): readonly number[] =>
  stepSizes.map((_, i) => run.values[`${column}${i}`] ?? NaN);

/** A claim about the runs of each seed, by batch size. */
const ofSeeds = (
  values: Values,
  words: Pick<Claimed, 'name' | 'statement' | 'source' | 'expected'>,
  judge: (bySeed: readonly (readonly Run[])[]) => Finding,
): Claimed => ({
  ...words,
  judge([section]) {
    const found = seedsOf(values)
      .map((seed) => runsOf(section, seed, values))
      .filter((runs) => runs !== undefined);
    return found.length < values.seeds ? undefined : judge(found);
  },
});
const falls = (values: readonly number[]): boolean => values.every((x, i) => i === 0 || x < values[i - 1]!);
const range = (values: readonly number[]): string =>
  `${short(Math.min(...values))} to ${short(Math.max(...values))}`;

/** Spearman’s correlation of values without ties. */
function rankCorrelation(x: readonly number[], y: readonly number[]): number {
  const ranks = (values: readonly number[]): readonly number[] =>
    values.map((v) => values.filter((w) => w < v).length);
  const [a, b] = [ranks(x), ranks(y)];
  const n = a.length;
  return 1 - (6 * a.reduce((total, r, i) => total + (r - b[i]!) ** 2, 0)) / (n * (n * n - 1));
}

async function table(values: Values, { onProgress, signal }: FigureOptions): Promise<readonly Section[]> {
  const rows: Row[] = [];
  const { examples, dimension, noise, steps } = values;
  const batches = batchesOf(values);
  for (const [i, batch] of batches.entries())
    for (const seed of seedsOf(values)) {
      if (signal?.aborted) break;
      onProgress?.(i / batches.length, `batches of ${batch}, seed ${seed}`);
      rows.push(await rowOf(batch, seed, values));
    }
  return [
    tableSection({
      title: 'SGD on least squares: contraction, and the generalisation gap',
      problem: `stiff-regression(${specOf(values)}, noise=${noise})`,
      about: `${examples} examples of ${dimension} normal numbers, targets with noise ${noise}; ${steps} steps of SGD from 0. R̂ and the gap are means over the second half of them.`,
      columns: columnsOf(values),
      rows,
      plots: [
        {
          draw: 'scatter',
          name: 'contraction',
          title: 'R̂ against η',
          series: 'R̂ by η',
          line: 'R̂ by η',
          x: { label: 'η', scale: 'linear' },
          y: { label: 'R̂', scale: 'linear' },
        },
        {
          draw: 'scatter',
          name: 'gap',
          title: 'the generalisation gap against R̂',
          series: 'gap',
          x: { label: 'R̂', scale: 'linear' },
          y: { label: 'loss of new examples minus training loss', scale: 'linear' },
        },
      ],
      verdict: [
        `R̂ falls with η and with the batch. The bound of the dimension is far above ${dimension}, except with all ${examples} examples in a batch, where it is 0: it says nothing here.`,
      ],
      identity: { problem: 'stiff-regression', ...sizesOf(values) },
    }),
  ];
}

/** Least squares by SGD. */
export const leastSquares = figure({
  name: 'least-squares',
  title: 'Least squares: R̂ falls with step size and batch, and the bound says nothing',
  shows:
    'R̂, the bound of the dimension and the generalisation gap of SGD, by step size and for four batch sizes.',
  takes: 'seconds',
  options,
  quick: { seeds: 2 },
  settings: (values) => [
    ours('problem', `stiff-regression(${specOf(values)}, noise=${values.noise})`),
    ours('η', values.stepSizes.join(', ')),
    ours('batches', `${batchesOf(values).join(', ')} different examples of ${values.examples}`),
    ours('steps', String(values.steps)),
    ours('seeds', seedsInWords(values)),
  ],
  claims: (values) => [
    ofSeeds(
      values,
      {
        name: 'monotone',
        statement: `R̂ falls with the step size for batches of ${batchesOf(values)[1]} and more, and with the batch for each step size, with every seed`,
        source: 'Stillpoint’s, after an earlier experiment with other random numbers',
        expected: true,
      },
      (bySeed) => {
        const R = bySeed.map((runs) => runs.map((run) => byStepSize(run, 'logNorm', values)));
        const byBatch = R.flatMap((runs) => values.stepSizes.map((_, i) => runs.map((row) => row[i]!)));
        const byStep = R.flatMap((runs) => runs.slice(1));
        const full = values.stepSizes.map((_, i) => range(R.map((runs) => runs.at(-1)![i]!)));
        return {
          holds: byBatch.every(falls) && byStep.every(falls),
          measured: `with all examples R̂ is ${full.join('; ')} for η = ${values.stepSizes.join('; ')}`,
        };
      },
    ),
    ofSeeds(
      values,
      {
        name: 'vacuous',
        statement: `With batches of fewer than all examples the bound of the dimension is above ${values.dimension}, that of the space`,
        source: 'Stillpoint’s',
        expected: true,
      },
      (bySeed) => {
        const bounds = bySeed.flatMap((runs) =>
          runs.slice(0, -1).map((run) => run.values['bound'] ?? Infinity),
        );
        return {
          holds: bounds.every((x) => x > values.dimension),
          measured: `at the step size of the least it is ${range(bounds)}`,
        };
      },
    ),
    ofSeeds(
      values,
      {
        name: 'ranks',
        statement:
          'The smaller R̂, the smaller the generalisation gap: a rank correlation above ½ with every seed',
        source: 'the paper’s bound grows with the dimension, and that with R̂; the number is Stillpoint’s',
        expected: false,
      },
      (bySeed) => {
        const found = bySeed.map((runs) =>
          rankCorrelation(
            runs.flatMap((run) => byStepSize(run, 'logNorm', values)),
            runs.flatMap((run) => byStepSize(run, 'gap', values)),
          ),
        );
        return {
          holds: found.every((x) => x > 1 / 2),
          measured: `rank correlation of R̂ and the gap by seed: ${found.map((x) => x.toFixed(2)).join(', ')}`,
        };
      },
    ),
  ],
  run: table,
});
