import type { Game, Method, State } from '@stillpoint/operators';
import { iterate } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { maximumPrincipleResidual, neuralOdeShooting, type Shooting } from '@stillpoint/problems';
import type { Column, Run, Section } from '@stillpoint/tracking';
import { ours, type Figure, type FigureOptions, type Finding } from '../paper.js';
import { gradientSteps, tableSection, type Row } from '../runs.js';
import { short } from '../words.js';

const REGULARISATIONS = [1, 0.1, 0.01, 0.001];
/** The residual to come to, relative to that at θ = 0, and the most steps. */
const [SHARE, MOST] = [1e-6, 500];
/** Step sizes of gradient descent: the best of these is shown. */
const STEP_SIZES = [0.5, 1, 2, 4, 8, 16, 32];

const columns: readonly Column[] = [
  { name: 'passes', label: 'passes over all particles and times', better: 'lower', digits: 4 },
  { name: 'steps', label: 'steps', better: 'lower', digits: 4 },
];

/** Passes and steps until the residual of the maximum principle is small; undefined if it never is. */
function effort(
  { cost }: Shooting,
  problem: Game,
  method: Method<State>,
  passes: () => number,
): { readonly passes: number; readonly steps: number } | undefined {
  const target = SHARE * maximumPrincipleResidual(cost, Float64Array.from(problem.start ?? []));
  let steps = 0;
  for (const { z } of iterate(problem, method)) {
    steps++;
    const spent = passes();
    const residual = maximumPrincipleResidual(cost, z);
    if (residual <= target) return { passes: spent, steps };
    if (steps >= MOST || !Number.isFinite(residual)) return undefined;
  }
  return undefined;
}

/** A method on the cost: a gradient is a pass forward, its costates beside it, and one for its entries. */
function onCost(game: Shooting, spec: string): ReturnType<typeof effort> {
  let passes = 0;
  const { cost } = game;
  const counted: Game = {
    ...cost,
    operator(θ, out, asked) {
      passes += 2;
      cost.operator(θ, out, asked);
      if (asked?.losses) passes += 1;
    },
    losses(θ, out, asked) {
      passes += 1;
      cost.losses?.(θ, out, asked);
    },
  };
  return effort(game, counted, methodFrom(spec), () => passes);
}
/** Relaxed shooting: a pass forward, and one for each evaluation of the equations. */
function byShooting(game: Shooting, spec: string): ReturnType<typeof effort> {
  let passes = 0;
  const counted: Game = {
    ...game,
    operator(θ, out) {
      passes += 1 + game.shoot(θ, out);
      for (let k = 0; k < game.dim; k++) out[k] = θ[k]! - out[k]!;
    },
  };
  return effort(game, counted, methodFrom(spec), () => passes);
}

const CONTENDERS: readonly {
  readonly label: string;
  readonly specs: readonly string[];
  readonly run: typeof onCost;
}[] = [
  { label: 'shooting', specs: ['gda(stepSize=0.5)'], run: byShooting },
  { label: 'gradient descent', specs: STEP_SIZES.map((γ) => `gda(stepSize=${γ})`), run: onCost },
  { label: 'L-BFGS', specs: ['lbfgs'], run: onCost },
];
const labelOf = (contender: string, λ: number): string => `${contender}, λ = ${λ}`;

function rowOf(λ: number, { label, specs, run }: (typeof CONTENDERS)[number]): Row {
  const found = specs
    .map((spec) => ({ spec, effort: run(neuralOdeShooting({ regularisation: λ }), spec) }))
    .toSorted((a, b) => (a.effort?.passes ?? Infinity) - (b.effort?.passes ?? Infinity))[0]!;
  return {
    label: labelOf(label, λ),
    method: found.spec,
    ...gradientSteps(found.effort?.steps ?? MOST),
    values: { passes: found.effort?.passes ?? null, steps: found.effort?.steps ?? null },
  };
}

async function table({ signal, onProgress }: FigureOptions): Promise<readonly Section[]> {
  const rows: Row[] = [];
  for (const [place, λ] of REGULARISATIONS.entries())
    for (const contender of CONTENDERS) {
      if (signal?.aborted) break;
      onProgress?.(place / REGULARISATIONS.length, labelOf(contender.label, λ));
      rows.push(rowOf(λ, contender));
      await Promise.resolve();
    }
  return [
    tableSection({
      title: 'Shooting, or the gradient through the solver',
      problem: 'neural-ode',
      about: `2 × 100 particles, from θ = 0, until the residual of the maximum principle is ${SHARE} of that at the start, ${MOST} steps at most. A pass evaluates tanh and its derivative once for every particle and time: a gradient takes two, a loss one, shooting one and one for each evaluation of its equations.`,
      columns,
      rows,
      verdict: rows.map(
        ({ label, method, values }) =>
          `${label}: ${values['passes'] == null ? 'never' : `${short(values['passes'])} passes`}, ${method}`,
      ),
      identity: { figure: 'neural-ode/shooting-or-gradient', SHARE, MOST },
    }),
  ];
}

/** The runs of a contender, by λ; undefined if one is missing or did not come to the residual. */
function runsOf(section: Section | undefined, contender: string): readonly Run[] | undefined {
  const runs = REGULARISATIONS.map((λ) => section?.runs.find(({ label }) => label === labelOf(contender, λ)));
  return runs.every((run) => run !== undefined) ? runs : undefined;
}
const passes = (run: Run): number => run.values['passes'] ?? Infinity;

function judgeSteady([section]: readonly Section[]): Finding | undefined {
  const [shots, descents] = [runsOf(section, 'shooting'), runsOf(section, 'gradient descent')];
  if (shots === undefined || descents === undefined) return undefined;
  const steps = (run: Run): number => run.values['steps'] ?? Infinity;
  return {
    holds: shots.every((run) => steps(run) <= 40) && steps(descents.at(-1)!) >= 4 * steps(shots.at(-1)!),
    measured: `steps of shooting ${shots.map(steps).join(', ')}; of gradient descent ${descents.map(steps).join(', ')}`,
  };
}
function judgeBest([section]: readonly Section[]): Finding | undefined {
  const [best, shots, descents] = ['L-BFGS', 'shooting', 'gradient descent'].map((label) =>
    runsOf(section, label),
  );
  if (best === undefined || shots === undefined || descents === undefined) return undefined;
  return {
    holds: best.every(
      (run, i) =>
        passes(run) < passes(shots[i]!) && (REGULARISATIONS[i]! > 0.1 || passes(run) < passes(descents[i]!)),
    ),
    measured: [best, shots, descents]
      .map((runs) => `${runs[0]!.label.split(',')[0]} ${runs.map((run) => short(passes(run))).join(', ')}`)
      .join('; '),
  };
}

/** What shooting costs beside gradients of the cost. */
export const shootingOrGradient: Figure = {
  name: 'shooting-or-gradient',
  title: 'Shooting, or the gradient through the solver',
  shows:
    'How many passes over all particles and times shooting takes to the maximum principle, beside methods that take gradients of the cost, by λ.',
  takes: 'seconds',
  settings: [
    ours('problem', `2 × 100 particles, λ = ${REGULARISATIONS.join(', ')}`),
    ours('shooting', 'r = 0.5, as gda(stepSize=0.5), which makes the points of km at half of its calls'),
    ours('step sizes', `of gradient descent the best of ${STEP_SIZES.join(', ')}`),
  ],
  claims: [
    {
      name: 'steady',
      statement:
        'Shooting with r = 0.5 takes at most 40 steps at every λ; gradient descent with its best step size takes four times as many at λ = 0.001',
      source: 'ours',
      expected: true,
      judge: judgeSteady,
    },
    {
      name: 'lbfgs',
      statement:
        'L-BFGS on the cost takes fewer passes than shooting at every λ, and than gradient descent from λ = 0.1 down',
      source: 'ours',
      expected: true,
      judge: judgeBest,
    },
  ],
  run: table,
};
