import { callsOf, emptyLedger, norm } from '@stillpoint/operators';
import { gda, solve } from '@stillpoint/optimizers';
import { contractionAlong, pricesOf } from '@stillpoint/optimizers/drivers';
import { minimisationFrom, problemFrom } from '@stillpoint/problems';
import type { Column, Run, Section } from '@stillpoint/tracking';
import { ours, type Claimed, type Figure, type FigureOptions, type Finding } from '../paper.js';
import { runsAt, tableSection, type Row } from '../runs.js';
import { short } from '../words.js';

const [EXAMPLES, DIMENSION, NOISE, STEPS] = [40, 10, 0.5, 1000];
const STEP_SIZES = [0.02, 0.05, 0.1];
const BATCHES = [10, 20, 30, EXAMPLES];
/** From batches of so many examples on R̂ is said to fall with the step size. */
const WIDE = 20;
const [SEEDS, QUICK] = [
  [1, 2, 3, 4, 5],
  [1, 2],
];
const sum = `examples=${EXAMPLES}, dimension=${DIMENSION}, smallest=1`;

const columns: readonly Column[] = [
  ...STEP_SIZES.map((η, i): Column => ({
    name: `logNorm${i}`,
    label: `R̂, η = ${η}`,
    better: 'lower',
    digits: 3,
  })),
  { name: 'bound', label: 'log(#batches)/(−R̂), the least', better: 'lower', digits: 3 },
  ...STEP_SIZES.map((η, i): Column => ({
    name: `gap${i}`,
    label: `generalisation gap, η = ${η}`,
    better: 'lower',
    digits: 3,
  })),
];

/** The problem in batches, and the weights from which its targets come. */
function posed(batch: number, seed: number) {
  const spec = `stiff-regression(${sum}, noise=${NOISE}, seed=${seed}, batch=${batch}, batchSeed=${seed})`;
  // without noise these weights are the solution
  const { facts } = minimisationFrom(`stiff-regression(${sum}, seed=${seed})`).exact;
  return { ...problemFrom(spec), hidden: facts!.solution! };
}

/** SGD, and at its late points R̂ and how much larger the loss of new examples is. */
async function runOf({ problem, exact, hidden }: ReturnType<typeof posed>, stepSize: number) {
  const along = contractionAlong(problem, { stepSize, every: 20 });
  const loss = new Float64Array(1);
  let [k, gap, late] = [0, 0, 0];
  const { ledger } = solve(problem, gda({ stepSize }), {
    steps: STEPS,
    observe(progress) {
      along.observe(progress);
      if (2 * k++ < STEPS) return;
      const { z } = progress.state;
      exact.losses!(z, loss);
      // E ½(aᵀx − b)² of a new example, a from N(0, I)
      const expected = (norm(z.map((x, i) => x - hidden[i]!)) ** 2 + NOISE ** 2) / 2;
      gap += expected - loss[0]!;
      late++;
    },
  });
  const { logNorm, dimension } = await along.measure();
  return { logNorm, dimension, gap: gap / late, calls: callsOf(ledger, pricesOf(problem), EXAMPLES) };
}

/** Runs of every step size with batches of `batch`. */
async function rowOf(batch: number, seed: number): Promise<Row> {
  const given = posed(batch, seed);
  const runs = [];
  for (const stepSize of STEP_SIZES) runs.push(await runOf(given, stepSize));
  const [R, gaps] = [runs.map(({ logNorm }) => logNorm), runs.map(({ gap }) => gap)];
  const calls = runs.reduce((total, run) => total + run.calls, 0);
  const bound = Math.min(...runs.map(({ dimension }) => dimension));
  return {
    label: `batches of ${batch}`,
    method: `gda, batches of ${batch}`,
    seed,
    ledger: { ...emptyLedger(1), steps: runs.length * STEPS, gradients: [calls] },
    calls,
    values: {
      ...Object.fromEntries(R.map((value, i) => [`logNorm${i}`, value])),
      bound: bound === Infinity ? null : bound,
      ...Object.fromEntries(gaps.map((value, i) => [`gap${i}`, value])),
    },
    series: { 'R̂ by η': { x: STEP_SIZES, y: R }, gap: { x: R, y: gaps } },
  };
}

/** The run of each batch size with a seed; undefined if one is missing. */
function runsOf(section: Section | undefined, seed: number): readonly Run[] | undefined {
  const own = BATCHES.map((_, place) => runsAt(section, place).find((run) => run.seed === seed));
  const found = own.filter((run) => run !== undefined);
  return found.length === BATCHES.length ? found : undefined;
}

/** Values of a run by step size. */
const byStepSize = (run: Run, column: 'logNorm' | 'gap'): readonly number[] =>
  STEP_SIZES.map((_, i) => run.values[`${column}${i}`] ?? NaN);

/** A claim about the runs of each seed, by batch size. */
const ofSeeds = (
  words: Pick<Claimed, 'name' | 'statement' | 'source' | 'expected'>,
  judge: (bySeed: readonly (readonly Run[])[]) => Finding,
): Claimed => ({
  ...words,
  judge([section], quick) {
    const seeds = quick ? QUICK : SEEDS;
    const found = seeds.map((seed) => runsOf(section, seed)).filter((runs) => runs !== undefined);
    return found.length < seeds.length ? undefined : judge(found);
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

async function table({ quick, onProgress, signal }: FigureOptions): Promise<readonly Section[]> {
  const rows: Row[] = [];
  const seeds = quick ? QUICK : SEEDS;
  for (const [i, batch] of BATCHES.entries())
    for (const seed of seeds) {
      if (signal?.aborted) break;
      onProgress?.(i / BATCHES.length, `batches of ${batch}, seed ${seed}`);
      rows.push(await rowOf(batch, seed));
    }
  return [
    tableSection({
      title: 'SGD on least squares: contraction, and the generalisation gap',
      problem: `stiff-regression(${sum}, noise=${NOISE})`,
      about: `${EXAMPLES} examples of ${DIMENSION} normal numbers, targets with noise ${NOISE}; ${STEPS} steps of SGD from 0. R̂ and the gap are means over the second half of them.`,
      columns,
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
        `R̂ falls with η and with the batch. The bound of the dimension is far above ${DIMENSION}, except with all ${EXAMPLES} examples in a batch, where it is 0: it says nothing here.`,
      ],
      identity: { problem: 'stiff-regression', EXAMPLES, DIMENSION, NOISE, STEPS },
    }),
  ];
}

/** Least squares by SGD. */
export const leastSquares: Figure = {
  name: 'least-squares',
  title: 'Least squares: R̂ falls with step size and batch, and the bound says nothing',
  shows:
    'R̂, the bound of the dimension and the generalisation gap of SGD, for three step sizes and four batch sizes.',
  takes: 'seconds',
  settings: [
    ours('problem', `stiff-regression(${sum}, noise=${NOISE})`),
    ours('η', STEP_SIZES.join(', ')),
    ours('batches', `${BATCHES.join(', ')} different examples of ${EXAMPLES}`),
    ours('steps', String(STEPS)),
    ours('seeds', `${SEEDS.join(', ')}; in the quick form ${QUICK.join(', ')}`),
  ],
  claims: [
    ofSeeds(
      {
        name: 'monotone',
        statement: `R̂ falls with the step size for batches of ${WIDE} and more, and with the batch for each step size, with every seed`,
        source: 'ours, after an experiment of ours with other random numbers',
        expected: true,
      },
      (bySeed) => {
        const R = bySeed.map((runs) => runs.map((run) => byStepSize(run, 'logNorm')));
        const byBatch = R.flatMap((runs) => STEP_SIZES.map((_, i) => runs.map((row) => row[i]!)));
        const byStep = R.flatMap((runs) => runs.filter((_, i) => BATCHES[i]! >= WIDE));
        const full = STEP_SIZES.map((_, i) => range(R.map((runs) => runs.at(-1)![i]!)));
        return {
          holds: byBatch.every(falls) && byStep.every(falls),
          measured: `with all examples R̂ is ${full.join('; ')} for η = ${STEP_SIZES.join('; ')}`,
        };
      },
    ),
    ofSeeds(
      {
        name: 'vacuous',
        statement: `With batches of fewer than all examples the bound of the dimension is above ${DIMENSION}, that of the space`,
        source: 'ours',
        expected: true,
      },
      (bySeed) => {
        const bounds = bySeed.flatMap((runs) =>
          runs.slice(0, -1).map(({ values }) => values['bound'] ?? Infinity),
        );
        return {
          holds: bounds.every((x) => x > DIMENSION),
          measured: `at the step size of the least it is ${range(bounds)}`,
        };
      },
    ),
    ofSeeds(
      {
        name: 'ranks',
        statement:
          'The smaller R̂, the smaller the generalisation gap: a rank correlation above ½ with every seed',
        source: 'the paper’s bound grows with the dimension, and that with R̂; the number is ours',
        expected: false,
      },
      (bySeed) => {
        const found = bySeed.map((runs) =>
          rankCorrelation(
            runs.flatMap((run) => byStepSize(run, 'logNorm')),
            runs.flatMap((run) => byStepSize(run, 'gap')),
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
};
