import { dot, integer, normal, number, type Full } from '@stillpoint/operators';
import { nesterov, solve } from '@stillpoint/optimizers';
import {
  shatteredThreshold,
  thresholdLasso,
  thresholdObjective,
  thresholdUnits,
  type ThresholdLasso,
} from '@stillpoint/problems';
import type { Column, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf, sizesOf } from '../figure.js';
import { ours, published, type FigureOptions, type Finding } from '../paper.js';
import { tableSection, type Row } from '../runs.js';
import { short } from '../words.js';

const options = {
  ...seedOptions(3),
  examples: integer({
    about: 'n; shattered data has 2ⁿ activation patterns',
    symbol: 'n',
    from: 1,
    to: 12,
    default: 8,
  }),
  dimension: integer({ about: 'entries of an input, the bias included', from: 2, to: 12, default: 3 }),
  regularisation: number({ about: 'β', above: 0, default: 0.1 }),
  steps: integer({ about: 'how many steps at most', from: 1, default: 100_000 }),
  networks: integer({ about: 'random networks beside each optimum', from: 1, default: 200 }),
  units: integer({ about: 'units of each of them', from: 1, default: 20 }),
};
type Values = Full<typeof options>;

const columns: readonly Column[] = [
  { name: 'objective', label: 'objective of the LASSO', better: 'lower', digits: 8 },
  { name: 'gap', label: 'gap at the end', better: 'lower', digits: 3, best: 0 },
  { name: 'apart', label: 'objective of the network, apart by', better: 'lower', digits: 2 },
  { name: 'other', label: 'closed form, or best random network', better: 'lower', digits: 8 },
  { name: 'patterns', label: 'patterns', better: 'lower', digits: 4 },
];

/** Until the gap is 1e-12 of that at the start. */
const TOLERANCE = 1e-12;
/** Σ over examples and patterns: its rounding over it, for a few thousand terms. */
const ROUNDING = 1e-12;

const fista = (program: ThresholdLasso, to: { readonly steps: number; readonly tolerance?: number }) =>
  solve(program, nesterov({ stepSize: 1 / program.facts!.lipschitz! }), to);

/** The best objective of networks with random hidden units, whose output layer is optimised. */
function bestRandom(program: ThresholdLasso, seed: number, { dimension, networks, units }: Values): number {
  let best = Infinity;
  const { inputs, patterns } = program;
  for (let call = 0; call < networks; call++) {
    const g = normal(new Float64Array(units * dimension), { seed, purpose: 'random networks', call });
    const drawn = new Set(
      Array.from({ length: units }, (_, j) => {
        const weights = g.subarray(j * dimension, (j + 1) * dimension);
        return inputs.map((x) => Number(dot(Float64Array.from(x), weights) >= 0)).join('');
      }),
    );
    const fixed = patterns.active.map((active) => !drawn.has(active.join('')));
    // the output layer is the LASSO over the patterns of these units alone
    const operator: ThresholdLasso['operator'] = (z, out) => {
      program.operator(z, out);
      for (const [j, zero] of fixed.entries()) if (zero) out[j] = 0;
    };
    best = Math.min(best, program.objective(fista({ ...program, operator }, { steps: 300 }).z));
  }
  return best;
}

function rowOf(kind: 'general' | 'shattered', seed: number, values: Values): Row {
  const { examples, dimension, regularisation, steps } = values;
  const own = { examples, dimension, regularisation, seed };
  const axes = Array.from({ length: examples }, (_, i) =>
    Array.from({ length: examples }, (__, j) => Number(i === j)),
  );
  const program = thresholdLasso(kind === 'general' ? own : { ...own, inputs: axes });
  const { z: w, ledger, calls } = fista(program, { steps, tolerance: TOLERANCE });
  const objective = program.objective(w);
  return {
    label: `${kind} data`,
    method: 'nesterov(stepSize=1/L)',
    seed,
    ledger,
    calls,
    values: {
      objective,
      gap: program.gap!(w, new Float64Array(program.dim)),
      apart: Math.abs(thresholdObjective(program, thresholdUnits(program, w)) - objective),
      other:
        kind === 'general'
          ? bestRandom(program, seed, values)
          : shatteredThreshold(program.targets, regularisation).objective,
      patterns: program.dim,
    },
  };
}

const valuesOf = ([section]: readonly Section[], kind: string): readonly Row['values'][] =>
  (section?.runs ?? []).filter(({ label }) => label.startsWith(kind)).map(({ values }) => values);
const most = (values: readonly Row['values'][], f: (of: (name: string) => number) => number): number =>
  Math.max(...values.map((row) => f((name) => row[name] ?? NaN)));

function judgeNetwork(sections: readonly Section[]): Finding {
  const all = valuesOf(sections, '');
  const [gap, apart] = [most(all, (of) => of('gap')), most(all, (of) => of('apart'))];
  return {
    holds: gap < 1e-8 && apart < 1e-8,
    measured: `gaps end at ${short(gap)} at most, and the networks’ objectives are ${short(apart)} apart at most`,
  };
}
function judgeRandom(sections: readonly Section[], { networks }: Values): Finding {
  const general = valuesOf(sections, 'general');
  const gap = most(general, (of) => of('gap'));
  const below = most(general, (of) => (of('objective') - of('gap')) / of('other') - 1);
  const nearest = -most(general, (of) => of('objective') / of('other') - 1);
  return {
    holds: gap < 1e-8 && below <= ROUNDING,
    measured: `the best of ${networks} random networks on each data set is above the optimum by ${short(nearest)} of it at least`,
  };
}
function judgeClosed(sections: readonly Section[], { examples }: Values): Finding {
  const apart = most(valuesOf(sections, 'shattered'), (of) => Math.abs(of('objective') / of('other') - 1));
  const patterns = most(valuesOf(sections, 'shattered'), (of) => Math.abs(of('patterns') - 2 ** examples));
  return {
    holds: apart < 1e-8 && patterns === 0,
    measured: `LASSO and closed form are ${short(apart)} of the optimum apart at most, over all ${2 ** examples} patterns`,
  };
}

/** The LASSO, its network and the closed form. */
export const lasso = figure({
  name: 'lasso',
  title: 'A network of threshold units, trained to its global optimum',
  shows:
    'The LASSO over the activation patterns, the network that its solution is, random networks with an optimised output layer, and the closed form of shattered data.',
  takes: 'seconds',
  options,
  quick: { networks: 50 },
  settings: ({ examples, dimension, regularisation, steps, networks, units, ...values }) => [
    published('program', 'min ½‖Dw − y‖² + β‖w‖₁, the columns of D the patterns', 'arXiv 2303.03382'),
    ours(
      'data',
      `general: ${examples} normal inputs of ${dimension} entries with a bias; shattered: the ${examples} axes. Normal targets, β = ${regularisation}, seeds ${seedsInWords(values)}`,
    ),
    ours(
      'method',
      `nesterov (FISTA) with γ = 1/L until the gap is ${TOLERANCE} of the first, at most ${steps.toLocaleString('en')} steps`,
    ),
    ours('random networks', `${networks} of ${units} units for each general data set`),
  ],
  claims: (values) => [
    {
      name: 'network',
      statement:
        'The LASSO is solved to a gap below 1e-8, and the network of its solution has its objective, to 1e-8',
      source: 'the equivalence is the paper’s; the numbers are Stillpoint’s',
      expected: true,
      judge: judgeNetwork,
    },
    {
      name: 'random',
      statement: 'No random network with an optimised output layer is below the optimum',
      source: 'Stillpoint’s',
      expected: true,
      judge: (sections) => judgeRandom(sections, values),
    },
    {
      name: 'closed-form',
      statement: 'On shattered data the LASSO ends at the closed form, to 1e-8 of it',
      source: 'the case is the paper’s; the formula is derived here',
      expected: true,
      judge: (sections) => judgeClosed(sections, values),
    },
  ],
  async run(values, { onProgress, signal }: FigureOptions) {
    const seeds = seedsOf(values);
    const rows: Row[] = [];
    for (const kind of ['general', 'shattered'] as const)
      for (const seed of seeds) {
        if (signal?.aborted) break;
        onProgress?.(rows.length / (2 * seeds.length), `${kind} data ${seed}`);
        rows.push(rowOf(kind, seed, values));
        await Promise.resolve();
      }
    return [
      tableSection({
        title: 'Threshold networks as a LASSO',
        problem: 'threshold-lasso',
        about: 'Gradients of the network itself are 0: no gradient method can train it.',
        columns,
        rows,
        verdict: rows.map(
          ({ label, seed, values: { objective, other } }) =>
            `${label} ${seed}: objective ${(objective ?? NaN).toPrecision(8)}, beside it ${(other ?? NaN).toPrecision(8)}`,
        ),
        identity: { figure: 'threshold-networks/lasso', ...sizesOf(values) },
      }),
    ];
  },
});
