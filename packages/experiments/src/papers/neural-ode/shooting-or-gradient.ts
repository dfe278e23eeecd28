import { integer, numbers, type Full, type Game, type Method, type State } from '@stillpoint/operators';
import { iterate } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { maximumPrincipleResidual, neuralOdeShooting, type Shooting } from '@stillpoint/problems';
import type { Column, Run, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf } from '../figure.js';
import { ours, type FigureOptions, type Finding } from '../paper.js';
import { gradientSteps, tableSection, type Row } from '../runs.js';
import { short } from '../words.js';

const options = {
  ...seedOptions(1),
  regularisations: numbers({
    about: 'λ; a claim is about the last',
    above: 0,
    default: [1, 0.1, 0.01, 0.001],
  }),
  particles: integer({ about: 'particles of each cluster', from: 1, to: 10_000, default: 100 }),
};
type Values = Full<typeof options>;
/** The residual to come to, relative to that at θ = 0, and the most steps. */
const [SHARE, MOST_STEPS] = [1e-6, 500];
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
    if (steps >= MOST_STEPS || !Number.isFinite(residual)) return undefined;
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

function rowOf(
  λ: number,
  { label, specs, run }: (typeof CONTENDERS)[number],
  seed: number,
  particles: number,
): Row {
  const game = neuralOdeShooting({ regularisation: λ, particles, seed });
  const found = specs
    .map((spec) => ({ spec, effort: run(game, spec) }))
    .toSorted((a, b) => (a.effort?.passes ?? Infinity) - (b.effort?.passes ?? Infinity))[0]!;
  return {
    label: labelOf(label, λ),
    method: found.spec,
    seed,
    ...gradientSteps(found.effort?.steps ?? MOST_STEPS),
    values: { passes: found.effort?.passes ?? null, steps: found.effort?.steps ?? null },
  };
}

async function table(values: Values, { signal, onProgress }: FigureOptions): Promise<readonly Section[]> {
  const { regularisations, particles } = values;
  const rows: Row[] = [];
  for (const [place, λ] of regularisations.entries())
    for (const contender of CONTENDERS)
      for (const seed of seedsOf(values)) {
        if (signal?.aborted) break;
        onProgress?.(place / regularisations.length, `${labelOf(contender.label, λ)}, seed ${seed}`);
        rows.push(rowOf(λ, contender, seed, particles));
        await Promise.resolve();
      }
  return [
    tableSection({
      title: 'Shooting, or the gradient through the solver',
      problem: `neural-ode(particles=${particles})`,
      about: `2 × ${particles} particles, from θ = 0, until the residual of the maximum principle is ${SHARE} of that at the start, ${MOST_STEPS} steps at most. A pass evaluates tanh and its derivative once for every particle and time: a gradient takes two, a loss one, shooting one and one for each evaluation of its equations.`,
      columns,
      rows,
      verdict: rows.map(
        ({ label, method, values: { passes: spent } }) =>
          `${label}: ${spent == null ? 'never' : `${short(spent)} passes`}, ${method}`,
      ),
      identity: { figure: 'neural-ode/shooting-or-gradient', SHARE, MOST: MOST_STEPS, particles },
    }),
  ];
}

/** The runs of a contender, by λ and then by seed; undefined if one is missing. */
function runsOf(
  section: Section | undefined,
  contender: string,
  values: Values,
): readonly (readonly Run[])[] | undefined {
  const runs = values.regularisations.map((λ) =>
    (section?.runs ?? []).filter(({ label }) => label === labelOf(contender, λ)),
  );
  return runs.every(({ length }) => length === values.seeds) ? runs : undefined;
}
const passes = (run: Run): number => run.values['passes'] ?? Infinity;
const steps = (run: Run): number => run.values['steps'] ?? Infinity;
/** For each λ the most of its seeds. */
const most = (runs: readonly (readonly Run[])[], of: (run: Run) => number): string =>
  runs.map((seeds) => short(Math.max(...seeds.map(of)))).join(', ');

function judgeSteady([section]: readonly Section[], values: Values): Finding | undefined {
  const [shots, descents] = ['shooting', 'gradient descent'].map((label) => runsOf(section, label, values));
  if (shots === undefined || descents === undefined) return undefined;
  const last = shots.at(-1)!.map((shot, i) => steps(descents.at(-1)![i]!) / steps(shot));
  return {
    holds: shots.flat().every((run) => steps(run) <= 40) && last.every((times) => times >= 4),
    measured: `steps of shooting ${most(shots, steps)}; of gradient descent ${most(descents, steps)}`,
  };
}
function judgeBest([section]: readonly Section[], values: Values): Finding | undefined {
  const [best, shots, descents] = ['L-BFGS', 'shooting', 'gradient descent'].map((label) =>
    runsOf(section, label, values),
  );
  if (best === undefined || shots === undefined || descents === undefined) return undefined;
  const isLess = (than: readonly (readonly Run[])[], at: number): boolean =>
    best[at]!.every((run, i) => passes(run) < passes(than[at]![i]!));
  return {
    holds: values.regularisations.every((λ, at) => isLess(shots, at) && (λ > 0.1 || isLess(descents, at))),
    measured: Object.entries({ 'L-BFGS': best, shooting: shots, 'gradient descent': descents })
      .map(([label, runs]) => `${label} ${most(runs, passes)}`)
      .join('; '),
  };
}

/** What shooting costs beside gradients of the cost. */
export const shootingOrGradient = figure({
  name: 'shooting-or-gradient',
  title: 'Shooting, or the gradient through the solver',
  shows:
    'How many passes over all particles and times shooting takes to the maximum principle, beside methods that take gradients of the cost, by λ.',
  takes: 'seconds',
  options,
  settings: ({ particles, regularisations, ...values }) => [
    ours('problem', `2 × ${particles} particles, λ = ${regularisations.join(', ')}`),
    ours('seeds', seedsInWords(values)),
    ours('shooting', 'r = 0.5, as gda(stepSize=0.5), which makes the points of km at half of its calls'),
    ours('step sizes', `of gradient descent the best of ${STEP_SIZES.join(', ')}`),
  ],
  claims: (values) => [
    {
      name: 'steady',
      statement: `Shooting with r = 0.5 takes at most 40 steps at every λ; gradient descent with its best step size takes four times as many at λ = ${values.regularisations.at(-1)}`,
      source: 'Stillpoint’s',
      expected: true,
      judge: (sections) => judgeSteady(sections, values),
    },
    {
      name: 'lbfgs',
      statement:
        'L-BFGS on the cost takes fewer passes than shooting at every λ, and than gradient descent from λ = 0.1 down',
      source: 'Stillpoint’s',
      expected: true,
      judge: (sections) => judgeBest(sections, values),
    },
  ],
  run: table,
});
