import { integer, type Full } from '@stillpoint/operators';
import { solve } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { neuronsOf, reluOptimality, twoLayerRelu, type ConvexRelu } from '@stillpoint/problems';
import type { Column, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf } from '../figure.js';
import { ours, type FigureOptions, type Finding } from '../paper.js';
import { tableSection, type Row } from '../runs.js';
import { short } from '../words.js';
import { SOLVER_STEPS, dataOptions, programOf, solver } from './optimum.js';

const methods = [
  'gda(stepSize=0.05)',
  'heavy-ball(stepSize=0.02, momentum=0.9)',
  'adam(stepSize=0.01)',
  'lbfgs',
] as const;
const CALLS = 4000;
const [NARROW, WIDE] = [4, 30];
const options = {
  ...seedOptions(3),
  ...dataOptions,
  starts: integer({ about: 'starts of each method on each data set', from: 1, to: 99, default: 10 }),
};
type Values = Full<typeof options>;
/** What sums in float64 may be off by, as a share. */
const ROUNDING = 1e-12;
/** What counts as near the optimum: a share of it. */
const NEAR = 0.05;

const percent = (share: number): string => `${short(100 * share)}%`;

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

const columns: readonly Column[] = [
  { name: 'excess', label: 'objective over the optimum, minus 1', better: 'lower', digits: 3, best: 0 },
  { name: 'objective', label: 'objective', better: 'lower', digits: 7 },
  { name: 'lowerBound', label: 'proven lower bound', better: 'higher', digits: 7 },
  { name: 'best', label: 'best objective known', better: 'lower', digits: 7 },
  { name: 'gap', label: 'gap by the test of its own weights', better: 'lower', digits: 3, best: 0 },
  { name: 'certificate', label: 'certificate over β', better: 'lower', digits: 6, best: 1 },
];

/** The data of a seed: the least objective found in its program, and what no network is below. */
interface Solved {
  readonly data: number;
  readonly program: ConvexRelu;
  readonly best: number;
  readonly lowerBound: number;
}

/** One training of a network, judged by the optimum of its data. */
function rowOf(
  { data, program, best, lowerBound }: Solved,
  setting: { readonly width: number; readonly start: number; readonly spec: string },
): Row {
  const { width, start, spec } = setting;
  const { inputs, targets, regularisation: β } = program;
  const network = twoLayerRelu({
    inputs,
    targets,
    width,
    layers: 'both',
    decay: β / Math.sqrt(width),
    seed: start,
  });
  const end = solve(network, methodFrom(spec), { calls: CALLS });
  const { objective, gap, certificate } = reluOptimality(program, neuronsOf(network, end.z));
  return {
    label: `${spec}, ${width} units`,
    method: spec,
    seed: 100 * data + start,
    status: end.status,
    message: end.message,
    ledger: end.ledger,
    calls: end.calls,
    values: {
      excess: objective / lowerBound - 1,
      objective,
      lowerBound,
      best,
      gap,
      certificate: certificate / β,
    },
  };
}

async function table(values: Values, { signal, onProgress }: FigureOptions): Promise<readonly Section[]> {
  const { starts, regularisation, examples, dimension } = values;
  const rows: Row[] = [];
  const bounds = seedsOf(values).map((data): Solved => {
    const program = programOf(values, data);
    const { z } = solve(program, methodFrom(solver(program)), { steps: SOLVER_STEPS });
    const best = program.objective(z);
    return { data, program, best, lowerBound: best - program.gap!(z, new Float64Array(program.dim)) };
  });
  for (const [w, width] of [WIDE, NARROW].entries())
    for (const [m, spec] of methods.entries()) {
      onProgress?.((w * methods.length + m) / (2 * methods.length), `${spec}, ${width} units`);
      for (const solved of bounds)
        for (let start = 1; start <= starts; start++) {
          if (signal?.aborted) break;
          rows.push(rowOf(solved, { width, start, spec }));
        }
      await Promise.resolve();
    }
  return [
    tableSection({
      title: 'What optimisers find, beside the global optimum',
      problem: `two-layer-relu(layers=both, decay=${regularisation}/√width)`,
      about: `${values.seeds} data sets of the figure “optimum”, ${starts} starts each, ${CALLS} calls. A seed is 100 times the data’s and the start’s.`,
      columns,
      rows,
      verdict: [WIDE, NARROW].flatMap((width) =>
        methods.map((spec) => {
          const found = excesses(rows, spec, width);
          return `${spec}, ${width} units: ${percent(Math.min(...found))} to ${percent(Math.max(...found))} above the optimum`;
        }),
      ),
      identity: { figure: 'convex-relu/optimisers', examples, dimension, regularisation, starts },
    }),
  ];
}

const excesses = (
  runs: readonly { readonly label: string; readonly values: Row['values'] }[],
  spec: string,
  width: number,
): readonly number[] =>
  runs
    .filter(({ label }) => label === `${spec}, ${width} units`)
    .map(({ values }) => values['excess'] ?? NaN);

/** Whether each method has a run for every data set, start and width. */
const isWhole = (section: Section | undefined, { seeds, starts }: Values): section is Section =>
  section !== undefined && section.runs.length === 2 * methods.length * seeds * starts;

function judgeBound({ runs }: Section): Finding {
  const least = Math.min(
    ...runs.map(({ values }) => (values['objective'] ?? NaN) / (values['lowerBound'] ?? NaN) - 1),
  );
  return {
    holds: least >= -ROUNDING,
    measured: `of ${runs.length} trainings the lowest ends ${short(least)} of the optimum above the bound`,
  };
}

function judgeWide({ runs }: Section): Finding {
  const means = methods.map((spec) => {
    const [wide, narrow] = [WIDE, NARROW].map((width) => mean(excesses(runs, spec, width)));
    return { spec, wide: wide!, narrow: narrow! };
  });
  return {
    holds: means.every(({ wide, narrow }) => wide < narrow / 2),
    measured: means
      .map(({ spec, wide, narrow }) => `${spec}: ${percent(wide)} and ${percent(narrow)}`)
      .join('; '),
  };
}

function judgeTest({ runs }: Section): Finding {
  const all = runs.map(({ values }) => {
    const of = (column: string): number => values[column] ?? NaN;
    return {
      above: of('objective') - of('best'),
      best: of('best'),
      gap: of('gap'),
      share: of('certificate'),
    };
  });
  const stuck = all.filter(({ above, best }) => above > NEAR * best);
  const refuted = stuck.filter(({ share }) => share > 1 + 1e-3);
  return {
    holds: stuck.length > 0 && all.every(({ above, best, gap }) => gap >= above - ROUNDING * best),
    measured: `of ${stuck.length} trainings that end more than ${percent(NEAR)} above the optimum, the least gap is ${percent(Math.min(...stuck.map(({ gap, best }) => gap / best)))} of it; the certificate alone, above 1.001·β, refutes ${refuted.length}`,
  };
}

/** Optimisers on the network itself. */
export const optimisers = figure({
  name: 'optimisers',
  title: 'Optimisers on the network, judged by its global optimum',
  shows:
    'Gradient descent, momentum, Adam and L-BFGS from many starts on the nonconvex network: how far above the global optimum each ends.',
  takes: 'seconds',
  options,
  quick: { starts: 2 },
  settings: ({ regularisation, examples, starts, ...values }) => [
    ours('data', `${examples} examples as in the figure “optimum”; seeds ${seedsInWords(values)}`),
    ours(
      'network',
      `½‖f − y‖² + ½β Σ (‖w‖² + α²), β = ${regularisation}, ${NARROW} and ${WIDE} units, weights N(0, I) and output weights ±1 at the start, divided by √width`,
    ),
    ours('methods', `${methods.join(', ')}; ${CALLS} calls, step sizes not tuned`),
    ours('starts', `${starts} on each of ${values.seeds} data sets`),
  ],
  claims: (values) => [
    {
      name: 'bound',
      statement:
        'No training of any method, width or start ends below the lower bound that the convex program proves',
      source: 'arXiv 2006.05900, the equivalence of the two problems',
      expected: true,
      judge: ([section]) => (isWhole(section, values) ? judgeBound(section) : undefined),
    },
    {
      name: 'width',
      statement: `With ${WIDE} units the trainings of each method end on average at most half as far above the global optimum as with ${NARROW} units`,
      source: 'Stillpoint’s',
      expected: true,
      judge: ([section]) => (isWhole(section, values) ? judgeWide(section) : undefined),
    },
    {
      name: 'test',
      statement: `Trainings that end more than ${percent(NEAR)} above the optimum, of which there are some, fail the test of their own weights: its gap is at least what a training is above the best objective known`,
      source: 'the test is the paper’s; the gap, by weak duality, is Stillpoint’s',
      expected: true,
      judge: ([section]) => (isWhole(section, values) ? judgeTest(section) : undefined),
    },
  ],
  run: table,
});
