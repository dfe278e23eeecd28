import { lbfgs, solve } from '@stillpoint/optimizers';
import { maximumPrincipleResidual, neuralOdeShooting } from '@stillpoint/problems';
import type { Column, Run, Section } from '@stillpoint/tracking';
import { ours, type Figure, type FigureOptions, type Finding } from '../paper.js';
import { gradientSteps, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';
import { callsPerStep, costAt, relaxed, shoot } from './shots.js';

const REGULARISATIONS = [1, 0.1, 0.01, 0.001];
/** Those of the quick form. */
const QUICK = [1, 0.001];
/** r, and as many steps as move θ equally far. */
const WEIGHTS = [
  [1, 100],
  [0.5, 100],
  [0.1, 400],
] as const;
const STARTS = [-3, 0, 1, 3];
/** Half of the width of clusters that lie 2 apart: some particles are on the wrong side of 0. */
const [RADIUS, PARTICLES] = [1.5, 50];
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

function rowOf(λ: number, weight: number, steps: number, control: number): Row {
  const game = neuralOdeShooting({ regularisation: λ, radius: RADIUS, particles: PARTICLES, control });
  const { θ, residuals } = shoot(game, weight, steps);
  const { z } = solve(game.cost, lbfgs(), { start: θ, steps: 2000, tolerance: 1e-10 });
  return {
    label: labelOf(λ, weight, control),
    method: relaxed(weight),
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

async function table({ quick, signal, onProgress }: FigureOptions): Promise<readonly Section[]> {
  const sections: Section[] = [];
  for (const [place, λ] of (quick ? QUICK : REGULARISATIONS).entries()) {
    const rows: Row[] = [];
    for (const [weight, steps] of WEIGHTS)
      for (const start of STARTS) {
        if (signal?.aborted) break;
        onProgress?.(place / REGULARISATIONS.length, labelOf(λ, weight, start));
        rows.push(rowOf(λ, weight, steps, start));
        await Promise.resolve();
      }
    sections.push(
      tableSection({
        title: `Overlapping classes, λ = ${λ}`,
        problem: `neural-ode-shooting(regularisation=${λ}, radius=${RADIUS}, particles=${PARTICLES})`,
        about: 'Shooting from four starts, and from where it ends the minimum of the cost by L-BFGS.',
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
          const solved = here.filter(({ values }) => (values['residual'] ?? Infinity) < SOLVED).length;
          return `r = ${weight}: ${solved} of ${here.length} starts come to a residual below ${SOLVED}`;
        }),
        identity: { figure: 'neural-ode/small-regularisation', λ },
      }),
    );
  }
  return sections;
}

/** The runs of λ and r from all starts; undefined if one is missing. */
function runsOf(sections: readonly Section[], λ: number, weight: number): readonly Run[] | undefined {
  const runs = STARTS.map((start) =>
    sections.flatMap(({ runs: all }) => all).find(({ label }) => label === labelOf(λ, weight, start)),
  );
  return runs.every((run) => run !== undefined) ? runs : undefined;
}
const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

function judgeOne(sections: readonly Section[]): Finding | undefined {
  const runs = runsOf(sections, 1, 0.5);
  if (runs === undefined) return undefined;
  const [residual, apart] = [Math.max(...valuesOf(runs, 'residual')), spread(valuesOf(runs, 'cost'))];
  return {
    holds: residual < SOLVED && apart < SOLVED,
    measured: `residuals ${short(residual)} at most, costs ${short(apart)} apart`,
  };
}
function judgeRelaxation(sections: readonly Section[]): Finding | undefined {
  const found = REGULARISATIONS.flatMap((λ) => {
    const runs = runsOf(sections, λ, 1);
    return runs === undefined ? [] : [{ λ, worst: Math.max(...valuesOf(runs, 'residual')) }];
  });
  const half = runsOf(sections, 1, 0.5);
  if (found.length < QUICK.length || half === undefined) return undefined;
  const left = Math.max(...valuesOf(half, 'residual'));
  return {
    holds: found.every(({ worst }) => worst > UNSOLVED) && left < SOLVED,
    measured: `${found.map(({ λ, worst }) => `λ = ${λ}: ${short(worst)}`).join('; ')}; with r = 0.5 ${short(left)}`,
  };
}
function judgeSeveral(sections: readonly Section[]): Finding | undefined {
  const runs = runsOf(sections, REGULARISATIONS.at(-1)!, 0.1);
  if (runs === undefined) return undefined;
  const minima = valuesOf(runs, 'minimum');
  const left = Math.max(...valuesOf(runs, 'left'));
  return {
    holds: left < SOLVED && spread(minima) > 0.01,
    measured: `costs ${minima.map((cost) => cost.toFixed(4)).join(', ')}, residuals there ${short(left)} at most`,
  };
}

/** Too little regularisation. */
export const smallRegularisation: Figure = {
  name: 'small-regularisation',
  title: 'Too little regularisation: cycles, and several solutions',
  shows:
    'Shooting on two classes that overlap, for λ from 1 to 0.001, three relaxations and four starts: where there is one solution, where it cycles, and where there are several.',
  takes: 'seconds',
  settings: [
    ours('clusters', `around ±1, cut off at ±${RADIUS}, ${PARTICLES} particles each: some start beyond 0`),
    ours('starts', `θ = ${STARTS.join(', ')} at all times`),
    ours('relaxation', WEIGHTS.map(([weight, steps]) => `${weight} for ${steps} steps`).join(', ')),
  ],
  claims: [
    {
      name: 'one',
      statement: 'With λ = 1 and r = 0.5 every start comes to the same solution',
      source: 'that there is one for enough regularisation is the paper’s; the numbers are ours',
      expected: true,
      judge: judgeOne,
    },
    {
      name: 'relaxation',
      statement: `Without relaxation, r = 1, at every λ some start does not converge: a residual above ${UNSOLVED} is left; with r = 0.5 and λ = 1 none above ${SOLVED}`,
      source: 'ours',
      expected: true,
      judge: judgeRelaxation,
    },
    {
      name: 'several',
      statement:
        'With λ = 0.001 and r = 0.1 the starts come to different minima, whose costs differ by more than 0.01',
      source: 'ours',
      expected: true,
      judge: judgeSeveral,
    },
  ],
  run: table,
};
