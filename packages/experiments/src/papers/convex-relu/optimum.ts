import { integer, number, type Full } from '@stillpoint/operators';
import { iterate } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import {
  convexRelu,
  patternBound,
  reluObjective,
  reluOptimality,
  reluUnits,
  type ConvexRelu,
} from '@stillpoint/problems';
import type { Column, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf } from '../figure.js';
import { ours, published, type Finding } from '../paper.js';
import { tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';

/** The sizes of a data set whose patterns are enumerated. */
export const dataOptions = {
  examples: integer({ about: 'n, examples of a data set', from: 2, to: 10, default: 6 }),
  dimension: integer({ about: 'd, their entries, of which one is the bias', from: 1, to: 3, default: 2 }),
  regularisation: number({ about: 'β, the weight decay', above: 0, default: 0.05 }),
};
/** The program of the data of a seed. */
export const programOf = (
  { examples, dimension, regularisation }: Full<typeof dataOptions>,
  seed: number,
): ConvexRelu => convexRelu({ examples, dimension, regularisation, seed });

const options = { ...seedOptions(10), ...dataOptions };
type Values = Full<typeof options>;
/** The method that solves a program, as a spec, and how many steps it gets. */
export const solver = (program: ConvexRelu): string => `admm(stepSize=${1000 / program.facts!.lipschitz!})`;
export const SOLVER_STEPS = 5000;
/** Methods with their step sizes over 1/L, and their steps. */
const methods = [
  ['admm', 1000, SOLVER_STEPS],
  ['nesterov', 1, 1000],
  ['gda', 1, 1000],
] as const;
const GAP = 1e-8;
const REBUILT = 1e-8;

const columns: readonly Column[] = [
  { name: 'objective', label: 'objective of the convex program', better: 'lower', digits: 8 },
  { name: 'gap', label: 'gap at the end', better: 'lower', digits: 3, best: 0 },
  { name: 'apart', label: 'objective of the network, apart by', better: 'lower', digits: 2 },
  { name: 'certificate', label: 'certificate over β', better: 'lower', digits: 10, best: 1 },
  { name: 'units', label: 'units of the network', better: 'lower', digits: 3 },
  { name: 'patterns', label: 'patterns', better: 'lower', digits: 4 },
];

/** Solves the program of a data set, and rebuilds its network. */
function rowOf(values: Values, data: number, name: string, over: number, steps: number): Row {
  const program = programOf(values, data);
  const method = methodFrom(`${name}(stepSize=${over / program.facts!.lipschitz!})`);
  const series: { readonly x: number[]; readonly y: number[] } = { x: [], y: [] };
  const F = new Float64Array(program.dim);
  const run = iterate(program, method);
  let { z } = run.next().value;
  for (let k = 1; k <= steps; k++) {
    if (k % (steps / 50) === 0) {
      series.x.push(k);
      series.y.push(Math.max(program.gap!(z, F), 1e-16));
    }
    ({ z } = run.next().value);
  }
  const network = reluUnits(program, z);
  const objective = program.objective(z);
  return {
    label: name,
    method: `${name}(stepSize=${over}/L)`,
    seed: data,
    values: {
      objective,
      gap: program.gap!(z, F),
      apart: Math.abs(reluObjective(program, network) - objective),
      certificate: reluOptimality(program, network).certificate / values.regularisation,
      units: network.length,
      patterns: program.patterns.active.length,
    },
    series: { gap: series },
  };
}

/** Whether every method has a run for each seed. */
const isWhole = (section: Section | undefined, { seeds }: Values): section is Section =>
  section !== undefined && section.runs.length === methods.length * seeds;
const columnOf = ({ runs }: Section, name: string, column: string): readonly number[] =>
  valuesOf(
    runs.filter(({ label }) => label.startsWith(name)),
    column,
  );

function judgeOptimum(section: Section): Finding {
  const gaps = columnOf(section, 'admm', 'gap');
  const solved = columnOf(section, 'admm', 'certificate').filter((_, i) => gaps[i]! < GAP);
  return {
    holds: 2 * solved.length > gaps.length && solved.every((share) => share <= 1 + 1e-6),
    measured: `on ${solved.length} of ${gaps.length} data sets, where the certificate is ${Math.max(...solved).toFixed(9)}·β at most; the largest gap is ${short(Math.max(...gaps))}`,
  };
}

function judgeNetwork(section: Section): Finding {
  const apart = Math.max(...columnOf(section, '', 'apart'));
  return { holds: apart < REBUILT, measured: `the objectives are ${short(apart)} apart at most` };
}

function judgeBound({ runs }: Section, { examples, dimension }: Values): Finding {
  const found = valuesOf(runs, 'patterns');
  const bound = patternBound(examples, dimension);
  return {
    holds: found.every((count) => count === bound),
    measured: `${[...new Set(found)].join(', ')} patterns, ${bound} is the bound`,
  };
}

/** The convex program, solved, and its network. */
export const optimum = figure({
  name: 'optimum',
  title: 'The global optimum of a two-layer ReLU network, with a proof',
  shows:
    'The training problem as a convex program over all activation patterns of the data: its solution, the gap that proves it, and the network that it is.',
  takes: 'seconds',
  options,
  quick: { seeds: 3 },
  settings: ({ examples, regularisation, ...values }) => [
    published(
      'program',
      'min ½‖Σ DᵢX(uᵢ − vᵢ) − y‖² + β Σ (‖uᵢ‖ + ‖vᵢ‖), uᵢ and vᵢ in the cones of their patterns',
      'arXiv 2006.05900',
    ),
    ours(
      'data',
      `${examples} standard normal inputs with a bias, standard normal targets, β = ${regularisation}; seeds ${seedsInWords(values)}`,
    ),
    ours(
      'methods',
      methods.map(([name, over, steps]) => `${name} with γ = ${over}/L, ${steps} steps`).join('; '),
    ),
  ],
  claims: (values) => [
    {
      name: 'optimum',
      statement: `admm solves the program on most data sets: its gap ends below ${GAP}, and there the certificate max |rᵀmax(0, Xu)| is at most β(1 + 1e-6)`,
      source: 'the program and the certificate are the paper’s; the gap and the numbers are Stillpoint’s',
      expected: true,
      judge: ([section]) => (isWhole(section, values) ? judgeOptimum(section) : undefined),
    },
    {
      name: 'network',
      statement: `The network of each method’s last point has the program’s objective, to ${REBUILT}`,
      source: 'the map is the paper’s; the number is Stillpoint’s',
      expected: true,
      judge: ([section]) => (isWhole(section, values) ? judgeNetwork(section) : undefined),
    },
    {
      name: 'patterns',
      statement: 'Data in general position has exactly 2·Σ_{k<d} C(n−1, k) activation patterns',
      source: 'Cover 1965',
      expected: true,
      judge: ([section]) => (isWhole(section, values) ? judgeBound(section, values) : undefined),
    },
  ],
  async run(values, { onProgress, signal }) {
    const { examples, dimension, regularisation } = values;
    const rows: Row[] = [];
    for (const [i, [name, over, steps]] of methods.entries())
      for (const data of seedsOf(values)) {
        if (signal?.aborted) return [];
        onProgress?.(i / methods.length, `${name}, data ${data}`);
        rows.push(rowOf(values, data, name, over, steps));
        await Promise.resolve();
      }
    return [
      tableSection({
        title: 'A network solved as a convex program',
        problem: `convex-relu(examples=${examples}, dimension=${dimension}, regularisation=${regularisation})`,
        about:
          'From 0. The gap is at least the distance to the global optimum over networks of every width. L is the largest curvature of ½‖Az − y‖².',
        columns,
        rows,
        plots: [
          {
            draw: 'lines',
            name: 'gap',
            title: 'gap against steps',
            note: 'A step of admm solves a linear system of n equations; of the others it takes a gradient.',
            panels: [{ series: 'gap' }],
            y: { label: 'gap', scale: 'log' },
          },
        ],
        verdict: rows.map(
          ({ label, seed, values }) =>
            `${label}, data ${seed}: objective ${(values['objective'] ?? NaN).toPrecision(8)}, gap ${short(values['gap'] ?? NaN)}, ${values['units']} units`,
        ),
        identity: { figure: 'convex-relu/optimum', examples, dimension, regularisation },
      }),
    ];
  },
});
