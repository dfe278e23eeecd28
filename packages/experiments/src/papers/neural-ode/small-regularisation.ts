import { integer, number, numbers, type Full } from '@stillpoint/operators';
import { lbfgs, solve } from '@stillpoint/optimizers';
import { maximumPrincipleResidual, neuralOdeShooting } from '@stillpoint/problems';
import type { Column, Run, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf } from '../figure.js';
import { ours, type FigureOptions, type Finding } from '../paper.js';
import { gradientSteps, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';
import { callsPerStep, costAt, relaxed, shoot } from './shots.js';

const options = {
  ...seedOptions(1),
  regularisations: numbers({
    about: 'λ; claims compare the first with the last',
    above: 0,
    default: [1, 0.1, 0.01, 0.001],
  }),
  starts: numbers({ about: 'θ at the start, at all times', from: -100, to: 100, default: [-3, 0, 1, 3] }),
  radius: number({
    about: 'half of the width of clusters that lie 2 apart; above 1 some particles start beyond 0',
    above: 0,
    to: 4,
    default: 1.5,
  }),
  particles: integer({ about: 'particles of each cluster', from: 1, to: 10_000, default: 50 }),
};
type Values = Full<typeof options>;
/** r, and as many steps as move θ equally far. */
const WEIGHTS = [
  [1, 100],
  [0.5, 100],
  [0.1, 400],
] as const;
/** Residuals at which a run counts as having come to a solution, and as not. */
const [SOLVED, UNSOLVED] = [1e-6, 1e-2];

const columns: readonly Column[] = [
  { name: 'residual', label: 'residual of the maximum principle', better: 'lower', digits: 2, best: 0 },
  { name: 'cost', label: 'cost', better: 'lower', digits: 5 },
  { name: 'minimum', label: 'the minimum beside it', better: 'lower', digits: 5 },
  { name: 'left', label: 'residual there', better: 'lower', digits: 2, best: 0 },
];
const labelOf = (λ: number, weight: number, start: number): string =>
  `λ = ${λ}, r = ${weight}, from ${start}`;

function rowOf(
  { radius, particles }: Values,
  at: { λ: number; weight: number; steps: number; control: number; seed: number },
): Row {
  const { λ, weight, steps, control, seed } = at;
  const game = neuralOdeShooting({ regularisation: λ, radius, particles, control, seed });
  const { θ, residuals } = shoot(game, weight, steps);
  const { z } = solve(game.cost, lbfgs(), { start: θ, steps: 2000, tolerance: 1e-10 });
  return {
    label: labelOf(λ, weight, control),
    method: relaxed(weight),
    seed,
    ...gradientSteps(callsPerStep(weight) * steps),
    values: {
      residual: residuals.at(-1)!,
      cost: costAt(game.cost, θ),
      minimum: costAt(game.cost, z),
      left: maximumPrincipleResidual(game.cost, z),
    },
    series: { residual: { x: residuals.map((_, step) => callsPerStep(weight) * step), y: [...residuals] } },
  };
}

async function table(values: Values, { signal, onProgress }: FigureOptions): Promise<readonly Section[]> {
  const { regularisations, starts, radius, particles } = values;
  const sections: Section[] = [];
  for (const [place, λ] of regularisations.entries()) {
    const rows: Row[] = [];
    for (const [weight, steps] of WEIGHTS)
      for (const control of starts)
        for (const seed of seedsOf(values)) {
          if (signal?.aborted) break;
          onProgress?.(place / regularisations.length, `${labelOf(λ, weight, control)}, seed ${seed}`);
          rows.push(rowOf(values, { λ, weight, steps, control, seed }));
          await Promise.resolve();
        }
    sections.push(
      tableSection({
        title: `Overlapping classes, λ = ${λ}`,
        problem: `neural-ode-shooting(regularisation=${λ}, radius=${radius}, particles=${particles})`,
        about: 'Shooting from each start, and from where it ends the minimum of the cost by L-BFGS.',
        columns,
        rows,
        plots: [
          {
            draw: 'lines',
            name: 'residual',
            title: `the residual of the maximum principle, λ = ${λ}`,
            panels: [{ series: 'residual' }],
            y: { label: 'residual', scale: 'log' },
          },
        ],
        verdict: WEIGHTS.map(([weight]) => {
          const here = rows.filter(({ label }) => label.includes(`r = ${weight},`));
          const solved = here.filter((row) => (row.values['residual'] ?? Infinity) < SOLVED).length;
          return `r = ${weight}: ${solved} of ${here.length} runs come to a residual below ${SOLVED}`;
        }),
        identity: { figure: 'neural-ode/small-regularisation', λ, radius, particles },
      }),
    );
  }
  return sections;
}

/** The runs of λ and r from all starts, seed by seed; undefined if one is missing. */
function runsOf(
  sections: readonly Section[],
  values: Values,
  λ: number,
  weight: number,
): readonly (readonly Run[])[] | undefined {
  const all = sections.flatMap(({ runs }) => runs);
  const runs = seedsOf(values).map((seed) =>
    values.starts.flatMap(
      (start) => all.find((run) => run.label === labelOf(λ, weight, start) && run.seed === seed) ?? [],
    ),
  );
  return runs.every(({ length }) => length === values.starts.length) ? runs : undefined;
}
const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
const largest = (runs: readonly (readonly Run[])[], column: string): number =>
  Math.max(...valuesOf(runs.flat(), column));

function judgeOne(sections: readonly Section[], values: Values): Finding | undefined {
  const runs = runsOf(sections, values, values.regularisations[0]!, 0.5);
  if (runs === undefined) return undefined;
  const apart = Math.max(...runs.map((starts) => spread(valuesOf(starts, 'cost'))));
  const residual = largest(runs, 'residual');
  return {
    holds: residual < SOLVED && apart < SOLVED,
    measured: `residuals ${short(residual)} at most, costs ${short(apart)} apart`,
  };
}
function judgeRelaxation(sections: readonly Section[], values: Values): Finding | undefined {
  const found = values.regularisations.flatMap((λ) => {
    const runs = runsOf(sections, values, λ, 1);
    // of each seed the start that is worst
    const worst = runs?.map((starts) => Math.max(...valuesOf(starts, 'residual')));
    return worst === undefined ? [] : [{ λ, worst: Math.min(...worst) }];
  });
  const half = runsOf(sections, values, values.regularisations[0]!, 0.5);
  if (found.length < values.regularisations.length || half === undefined) return undefined;
  const left = largest(half, 'residual');
  return {
    holds: found.every(({ worst }) => worst > UNSOLVED) && left < SOLVED,
    measured: `${found.map(({ λ, worst }) => `λ = ${λ}: ${short(worst)}`).join('; ')}; with r = 0.5 ${short(left)}`,
  };
}
function judgeSeveral(sections: readonly Section[], values: Values): Finding | undefined {
  const runs = runsOf(sections, values, values.regularisations.at(-1)!, 0.1);
  if (runs === undefined || values.starts.length < 2) return undefined;
  const minima = runs.map((starts) => valuesOf(starts, 'minimum'));
  const left = largest(runs, 'left');
  return {
    holds: left < SOLVED && minima.every((costs) => spread(costs) > SOLVED),
    measured: `costs ${minima.map((costs) => costs.map((cost) => cost.toFixed(4)).join(', ')).join('; ')}, residuals there ${short(left)} at most`,
  };
}

/** Too little regularisation. */
export const smallRegularisation = figure({
  name: 'small-regularisation',
  title: 'Too little regularisation: cycles, and several solutions',
  shows:
    'Shooting on two classes that overlap, for λ from large to small, three relaxations and several starts: where there is one solution, where it cycles, and where there are several.',
  takes: 'seconds',
  options,
  quick: { regularisations: [1, 0.001] },
  settings: ({ radius, particles, starts, regularisations, ...values }) => [
    ours(
      'clusters',
      `around ±1, cut off at ±${radius}, ${particles} particles each${radius > 1 ? ': some start beyond 0' : ''}`,
    ),
    ours('λ', regularisations.join(', ')),
    ours('starts', `θ = ${starts.join(', ')} at all times`),
    ours('seeds', seedsInWords(values)),
    ours('relaxation', WEIGHTS.map(([weight, steps]) => `${weight} for ${steps} steps`).join(', ')),
  ],
  claims: (values) => [
    {
      name: 'one',
      statement: `With λ = ${values.regularisations[0]} and r = 0.5 every start comes to the same solution`,
      source: 'that there is one for enough regularisation is the paper’s; the numbers are Stillpoint’s',
      expected: true,
      judge: (sections) => judgeOne(sections, values),
    },
    {
      name: 'relaxation',
      statement: `Without relaxation, r = 1, at every λ some start does not converge: a residual above ${UNSOLVED} is left; with r = 0.5 and λ = ${values.regularisations[0]} none above ${SOLVED}`,
      source: 'Stillpoint’s',
      expected: true,
      judge: (sections) => judgeRelaxation(sections, values),
    },
    {
      name: 'several',
      statement: `With λ = ${values.regularisations.at(-1)} and r = 0.1 the starts come to different minima: the residual there is below ${SOLVED}, and their costs differ by more`,
      source: 'Stillpoint’s',
      expected: true,
      judge: (sections) => judgeSeveral(sections, values),
    },
  ],
  run: table,
});
