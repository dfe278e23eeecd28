import { solve } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { convexRelu, neuronsOf, reluOptimality, twoLayerRelu, type ConvexRelu } from '@stillpoint/problems';
import type { Column, Section } from '@stillpoint/tracking';
import { ours, type Figure, type FigureOptions, type Finding } from '../paper.js';
import { tableSection, type Row } from '../runs.js';
import { short } from '../words.js';
import { DATA, DECAY, DIMENSION, EXAMPLES } from './optimum.js';

const methods = [
  'gda(stepSize=0.05)',
  'heavy-ball(stepSize=0.02, momentum=0.9)',
  'adam(stepSize=0.01)',
  'lbfgs',
] as const;
const [NARROW, WIDE] = [4, 30];
const CALLS = 4000;
/** Starts for each method and data set; those of the quick form. */
const [STARTS, QUICK] = [10, 2];
/** What counts as near the optimum: a share of it. */
const NEAR = 0.05;

const percent = (share: number): string => `${short(100 * share)}%`;

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

const columns: readonly Column[] = [
  { name: 'excess', label: 'objective over the optimum, minus 1', better: 'lower', digits: 3, best: 0 },
  { name: 'objective', label: 'objective', better: 'lower', digits: 7 },
  { name: 'lowerBound', label: 'proven lower bound', better: 'higher', digits: 7 },
  { name: 'certificate', label: 'certificate over β', better: 'lower', digits: 6, best: 1 },
];

/** One training of a network, judged by the optimum of its data. */
function rowOf(
  program: ConvexRelu,
  lowerBound: number,
  setting: { readonly data: number; readonly width: number; readonly start: number; readonly spec: string },
): Row {
  const { data, width, start, spec } = setting;
  const { inputs, targets } = program;
  const network = twoLayerRelu({
    inputs,
    targets,
    width,
    layers: 'both',
    decay: DECAY / Math.sqrt(width),
    seed: start,
  });
  const end = solve(network, methodFrom(spec), { calls: CALLS });
  const { objective, certificate } = reluOptimality(program, neuronsOf(network, end.z));
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
      certificate: certificate / DECAY,
    },
  };
}

async function table({ quick, signal, onProgress }: FigureOptions): Promise<readonly Section[]> {
  const rows: Row[] = [];
  const bounds = DATA.map((data) => {
    const program = convexRelu({
      examples: EXAMPLES,
      dimension: DIMENSION,
      regularisation: DECAY,
      seed: data,
    });
    const { z } = solve(program, methodFrom(`admm(stepSize=${100 / program.facts!.lipschitz!})`), {
      steps: 800,
    });
    return {
      data,
      program,
      lowerBound: program.objective(z) - program.gap!(z, new Float64Array(program.dim)),
    };
  });
  for (const [w, width] of [WIDE, NARROW].entries())
    for (const [m, spec] of methods.entries()) {
      onProgress?.((w * methods.length + m) / (2 * methods.length), `${spec}, ${width} units`);
      for (const { data, program, lowerBound } of bounds)
        for (let start = 1; start <= (quick ? QUICK : STARTS); start++) {
          if (signal?.aborted) break;
          rows.push(rowOf(program, lowerBound, { data, width, start, spec }));
        }
      await Promise.resolve();
    }
  return [
    tableSection({
      title: 'What optimisers find, beside the global optimum',
      problem: `two-layer-relu(layers=both, decay=${DECAY}/√width)`,
      about: `${DATA.length} data sets of the figure “optimum”, ${quick ? QUICK : STARTS} starts each, ${CALLS} calls. A seed is 100 times the data’s and the start’s.`,
      columns,
      rows,
      verdict: [WIDE, NARROW].flatMap((width) =>
        methods.map((spec) => {
          const found = excesses(rows, spec, width);
          return `${spec}, ${width} units: ${percent(Math.min(...found))} to ${percent(Math.max(...found))} above the optimum`;
        }),
      ),
      identity: { figure: 'convex-relu/optimisers', quick },
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

function judgeBound([section]: readonly Section[]): Finding {
  const least = Math.min(
    ...(section?.runs ?? []).map(
      ({ values }) => (values['objective'] ?? NaN) / (values['lowerBound'] ?? NaN) - 1,
    ),
  );
  return {
    holds: least >= 0,
    measured: `of ${section?.runs.length} trainings the lowest ends ${short(least)} of the optimum above the bound`,
  };
}

function judgeWide([section]: readonly Section[]): Finding {
  const means = methods.map((spec) => {
    const [wide, narrow] = [WIDE, NARROW].map((width) => mean(excesses(section?.runs ?? [], spec, width)));
    return { spec, wide: wide!, narrow: narrow! };
  });
  return {
    holds: means.every(({ wide, narrow }) => wide < NEAR && wide < narrow / 2),
    measured: means
      .map(({ spec, wide, narrow }) => `${spec}: ${percent(wide)} and ${percent(narrow)}`)
      .join('; '),
  };
}

function judgeTest([section]: readonly Section[]): Finding {
  const stuck = (section?.runs ?? []).filter(({ values }) => (values['excess'] ?? NaN) > NEAR);
  const refuted = stuck.filter(({ values }) => (values['certificate'] ?? NaN) > 1 + 1e-3);
  return {
    holds: stuck.length > 0 && refuted.length === stuck.length,
    measured: `of ${stuck.length} trainings that end more than ${percent(NEAR)} above the optimum, the certificate refutes ${refuted.length}`,
  };
}

/** Optimisers on the network itself. */
export const optimisers: Figure = {
  name: 'optimisers',
  title: 'Optimisers on the network, judged by its global optimum',
  shows:
    'Gradient descent, momentum, Adam and L-BFGS from many starts on the nonconvex network: how far above the global optimum each ends.',
  takes: 'seconds',
  settings: [
    ours(
      'network',
      `½‖f − y‖² + ½β Σ (‖w‖² + α²), β = ${DECAY}, ${NARROW} and ${WIDE} units, weights N(0, I) and output weights ±1 at the start, divided by √width`,
    ),
    ours('methods', `${methods.join(', ')}; ${CALLS} calls, step sizes not tuned`),
    ours('starts', `${STARTS} on each of ${DATA.length} data sets, ${QUICK} in the quick form`),
  ],
  claims: [
    {
      name: 'bound',
      statement:
        'No training of any method, width or start ends below the lower bound that the convex program proves',
      source: 'arXiv 2006.05900, the equivalence of the two problems',
      expected: true,
      judge: judgeBound,
    },
    {
      name: 'width',
      statement: `With ${WIDE} units the trainings of each method end within ${percent(NEAR)} of the global optimum on average, and at most half as far from it as with ${NARROW} units`,
      source: 'ours',
      expected: true,
      judge: judgeWide,
    },
    {
      name: 'test',
      statement: `Each training that ends more than ${percent(NEAR)} above the optimum fails the test of optimality: its certificate is above 1.001·β`,
      source: 'the test is the paper’s; the numbers are ours',
      expected: true,
      judge: judgeTest,
    },
  ],
  run: table,
};
