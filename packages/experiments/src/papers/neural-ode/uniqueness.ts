import { distance, integer, number, numbers, type Full } from '@stillpoint/operators';
import { lbfgs, solve } from '@stillpoint/optimizers';
import { neuralOde, neuralOdeShooting } from '@stillpoint/problems';
import type { Column, Plot, Run, Section } from '@stillpoint/tracking';
import { listed } from '../../labels.js';
import { figure, seedOptions, seedsInWords, seedsOf, sizesOf } from '../figure.js';
import { ours, published, type FigureOptions } from '../paper.js';
import { gradientSteps, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';
import { callsPerStep, costAt, relaxed, shoot } from './shots.js';

/** Particles whose paths are drawn, of each cluster. */
const DRAWN = 4;
const options = {
  ...seedOptions(20),
  regularisations: numbers({ about: 'λ', above: 0, default: [0.1, 1] }),
  starts: numbers({ about: 'θ at the start, at all times', from: -100, to: 100, default: [0, 1, 3] }),
  particles: integer({ about: 'particles of each cluster', from: DRAWN, to: 10_000, default: 100 }),
  radius: number({ about: 'half of the width of a cluster', above: 0, to: 4, default: 0.2 }),
  steps: integer({ about: 'how many steps', from: 40, to: 10_000, default: 40 }),
};
type Values = Full<typeof options>;
const WEIGHT = 0.5;
/** λ, and the cost that an independent program found with as many particles of its own. */
const THEIRS = [
  [0.1, 0.13805],
  [1, 0.491148],
] as const;
/** With fewer draws their deviation is not known well enough. */
const FEWEST = 10;

const columns: readonly Column[] = [
  { name: 'cost', label: 'cost', better: 'lower', digits: 7 },
  { name: 'fit', label: 'mean squared error', better: 'lower', digits: 4 },
  { name: 'residual', label: 'residual of the maximum principle', better: 'lower', digits: 2, best: 0 },
  { name: 'apart', label: '‖θ − θ from the first start‖', better: 'lower', digits: 2, best: 0 },
  { name: 'first', label: 'θ at the first time', better: 'lower', digits: 4 },
  { name: 'last', label: 'θ at the last time', better: 'lower', digits: 4 },
];
const plots: readonly Plot[] = [
  {
    draw: 'scatter',
    name: 'control',
    title: 'the control θ over time, from each start, for each λ',
    note: 'Where starts agree their dots lie on one another.',
    series: 'control',
    x: { label: 'time', scale: 'linear' },
    y: { label: 'θ', scale: 'linear' },
  },
  {
    draw: 'lines',
    name: 'residual',
    title: 'the residual of the maximum principle against oracle calls',
    panels: [{ series: 'residual' }],
    y: { label: 'residual', scale: 'log' },
  },
];
const labelOf = (λ: number, start: number): string => `λ = ${λ}, from θ = ${start}`;
const method = relaxed(WEIGHT);

function rowsOf(λ: number, { firstSeed: seed, starts, particles, radius, steps }: Values): readonly Row[] {
  let first: Float64Array | undefined;
  return starts.map((control) => {
    const game = neuralOdeShooting({ regularisation: λ, particles, radius, control, seed });
    const { θ, residuals } = shoot(game, WEIGHT, steps);
    first ??= θ;
    const { cost } = game;
    return {
      label: labelOf(λ, control),
      method,
      ...gradientSteps(callsPerStep(WEIGHT) * steps),
      values: {
        cost: costAt(cost, θ),
        fit: costAt(cost, θ) - λ * cost.dt * θ.reduce((sum, at) => sum + at * at, 0),
        residual: residuals.at(-1)!,
        apart: distance(θ, first),
        first: θ[0]!,
        last: θ.at(-1)!,
      },
      series: {
        control: { x: Array.from(θ, (_, k) => k * cost.dt), y: Array.from(θ) },
        residual: { x: residuals.map((_, step) => callsPerStep(WEIGHT) * step), y: [...residuals] },
      },
    };
  });
}

/** Some particles under the control of the first λ. */
function pathsSection({ regularisations, particles, radius, firstSeed, steps }: Values): Section {
  const λ = regularisations[0]!;
  const game = neuralOdeShooting({ regularisation: λ, particles, radius, seed: firstSeed });
  const { cost } = game;
  const { θ } = shoot(game, WEIGHT, steps);
  const paths = cost.trajectories(θ);
  const half = cost.inputs.length / 2;
  const drawn = [0, half].flatMap((from) => Array.from({ length: DRAWN }, (_, i) => from + i));
  return tableSection({
    title: `Particles under the control of λ = ${λ}`,
    problem: `neural-ode(regularisation=${λ}, particles=${particles}, radius=${radius}, seed=${firstSeed})`,
    about: `${DRAWN} of the ${half} particles of each cluster.`,
    columns: [
      { name: 'start', label: 'start', better: 'lower', digits: 4 },
      { name: 'end', label: 'end', better: 'lower', digits: 4 },
      { name: 'target', label: 'target', better: 'lower', digits: 1 },
    ],
    rows: drawn.map((i) => ({
      label: `particle ${i + 1}`,
      method,
      values: { start: cost.inputs[i]!, end: paths.at(-1)![i]!, target: cost.targets[i]! },
      series: { path: { x: paths.map((_, k) => k * cost.dt), y: paths.map((x) => x[i]!) } },
    })),
    plots: [
      {
        draw: 'scatter',
        name: 'paths',
        title: 'particles over time',
        series: 'path',
        x: { label: 'time', scale: 'linear' },
        y: { label: 'x', scale: 'linear' },
      },
    ],
    verdict: [
      'Particles move to their targets ±2; the price on the control leaves them short of these in the mean.',
    ],
    identity: { figure: 'neural-ode/paths', λ, particles, radius, seed: firstSeed },
  });
}

/** The least cost for other draws of the particles. */
function drawsSection(values: Values): Section {
  const { regularisations, particles, radius } = values;
  const seeds = seedsOf(values);
  return tableSection({
    title: 'Other particles',
    problem: `neural-ode(particles=${particles}, radius=${radius})`,
    about: `The least cost for ${seeds.length} draws of the 2 × ${particles} particles.`,
    columns: [{ name: 'cost', label: 'cost', better: 'lower', digits: 6 }],
    rows: regularisations.flatMap((λ) =>
      seeds.map((seed) => {
        const game = neuralOde({ regularisation: λ, particles, radius, seed });
        const { z, steps } = solve(game, lbfgs(), { steps: 100, tolerance: 1e-8 });
        return {
          label: `λ = ${λ}`,
          method: 'lbfgs',
          seed,
          ...gradientSteps(steps),
          values: { cost: costAt(game, z) },
        };
      }),
    ),
    verdict: [`How far costs of ${2 * particles} particles are apart, by chance.`],
    identity: { figure: 'neural-ode/draws', particles, radius },
  });
}

async function sections(values: Values, { signal, onProgress }: FigureOptions): Promise<readonly Section[]> {
  const { regularisations, particles, radius, steps, firstSeed } = values;
  const rows: Row[] = [];
  for (const [place, λ] of regularisations.entries()) {
    if (signal?.aborted) break;
    onProgress?.(place / (regularisations.length + 1), `λ = ${λ}`);
    rows.push(...rowsOf(λ, values));
    await Promise.resolve();
  }
  const table = tableSection({
    title: 'One solution',
    problem: `neural-ode-shooting(particles=${particles}, radius=${radius}, seed=${firstSeed})`,
    about: `${steps} steps of (1 − r)θ + rS(θ) with r = ${WEIGHT}, from the same control at all times.`,
    columns,
    rows,
    plots,
    verdict: rows.map(
      ({ label, values: { cost, residual } }) =>
        `${label}: cost ${(cost ?? NaN).toFixed(6)}, residual ${short(residual ?? NaN)}`,
    ),
    identity: { figure: 'neural-ode/uniqueness', WEIGHT, seed: firstSeed, ...sizesOf(values) },
  });
  return signal?.aborted ? [table] : [table, pathsSection(values), drawsSection(values)];
}

const largest = (values: readonly number[]): number => Math.max(...values);
/** The runs of a λ from all starts, in their order; undefined if there are others. */
function runsOf(
  section: Section | undefined,
  λ: number,
  starts: Values['starts'],
): readonly Run[] | undefined {
  const runs = starts.map((start) => section?.runs.find(({ label }) => label === labelOf(λ, start)));
  return runs.every((run) => run !== undefined) ? runs : undefined;
}
const all = (
  section: Section | undefined,
  { regularisations, starts }: Values,
): readonly (readonly Run[])[] | undefined => {
  const found = regularisations.map((λ) => runsOf(section, λ, starts));
  return found.every((runs) => runs !== undefined) ? found : undefined;
};

/** One solution from three starts. */
export const uniqueness = figure({
  name: 'uniqueness',
  title: 'One control, from every start',
  shows:
    'The control that shooting finds from three starts, the residual of the maximum principle against oracle calls, and particles on their way to their targets.',
  takes: 'seconds',
  options,
  settings: ({ regularisations, starts, particles, radius, steps, ...values }) => [
    published(
      'problem',
      'x′ = tanh(θx) to T = 1 in steps of 0.1; clusters around ±1, a normal law cut off at ±0.2, targets ±2; 2 × 100 particles',
      'the authors’ code',
    ),
    ours('particles', `2 × ${particles}, cut off at ±${radius}`),
    ours('seeds', `${values.firstSeed} for the starts, ${seedsInWords(values)} for other particles`),
    ours('λ, starts', `${listed(regularisations.map(String))}; θ = ${starts.join(', ')} at all times`),
    ours('relaxation', `${WEIGHT}, ${steps} steps`),
    ours('costate', 'the adjoint of Euler’s steps, in place of the adjoint equation on a grid'),
  ],
  claims: (values) => [
    {
      name: 'unique',
      statement: `From θ = ${listed(values.starts.map(String))} the costs are equal to 1e-6, and the controls too`,
      source: 'uniqueness is the paper’s, for enough regularisation; the numbers are Stillpoint’s',
      expected: true,
      judge([section]) {
        const found = all(section, values);
        if (found === undefined) return undefined;
        const spread = largest(
          found.map(
            (runs) => largest(valuesOf(runs, 'cost')) + largest(valuesOf(runs, 'cost').map((x) => -x)),
          ),
        );
        const apart = largest(found.flatMap((runs) => valuesOf(runs, 'apart')));
        return {
          holds: spread <= 1e-6 && apart <= 1e-6,
          measured: `costs ${short(spread)} apart at most, controls ${short(apart)}`,
        };
      },
    },
    {
      name: 'residual',
      statement: `After ${values.steps} steps the residual of the maximum principle is below 1e-8 from every start`,
      source: 'Stillpoint’s',
      expected: true,
      judge([section]) {
        const found = all(section, values);
        if (found === undefined) return undefined;
        const most = largest(found.flatMap((runs) => valuesOf(runs, 'residual')));
        return { holds: most < 1e-8, measured: `${short(most)} at most` };
      },
    },
    {
      name: 'falls',
      statement: 'The control falls from the first time to the last',
      source: 'Stillpoint’s',
      expected: true,
      judge([section]) {
        const controls = all(section, values)?.map(([run]) =>
          run!.series['control']!.y.map((at) => at ?? NaN),
        );
        if (controls === undefined) return undefined;
        return {
          holds: controls.every((y) => y.every((at, k) => k === 0 || at < y[k - 1]!)),
          measured: values.regularisations
            .map((λ, i) => `λ = ${λ}: from ${short(controls[i]![0]!)} to ${short(controls[i]!.at(-1)!)}`)
            .join('; '),
        };
      },
    },
    {
      name: 'independent',
      statement: `An independent program, with particles of its own, found the costs ${THEIRS.map(([, cost]) => cost).join(' and ')}: within two deviations of those of ${values.seeds} draws`,
      source: 'Stillpoint’s',
      expected: true,
      judge([, , section]) {
        const { particles, radius, regularisations, seeds } = values;
        const isTheirs =
          particles === 100 && radius === 0.2 && THEIRS.every(([λ]) => regularisations.includes(λ));
        if (section === undefined || !isTheirs || seeds < FEWEST) return undefined;
        const found = THEIRS.map(([λ, theirs]) => {
          const costs = valuesOf(
            section.runs.filter(({ label }) => label === `λ = ${λ}`),
            'cost',
          );
          const mean = costs.reduce((sum, x) => sum + x / costs.length, 0);
          const squares = costs.reduce((sum, x) => sum + (x - mean) ** 2, 0);
          const deviation = Math.sqrt(squares / (costs.length - 1));
          return { λ, mean, deviation, away: Math.abs(theirs - mean) / deviation };
        });
        return {
          holds: found.every(({ away }) => away <= 2),
          measured: found
            .map(
              ({ λ, mean, deviation, away }) =>
                `λ = ${λ}: ${short(mean)} ± ${short(deviation)}, ${short(away)} deviations away`,
            )
            .join('; '),
        };
      },
    },
  ],
  run: sections,
});
