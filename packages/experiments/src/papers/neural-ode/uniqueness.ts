import { distance } from '@stillpoint/operators';
import { lbfgs, solve } from '@stillpoint/optimizers';
import { neuralOde, neuralOdeShooting } from '@stillpoint/problems';
import type { Column, Plot, Run, Section } from '@stillpoint/tracking';
import { ours, published, type Figure, type FigureOptions } from '../paper.js';
import { gradientSteps, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';
import { callsPerStep, costAt, relaxed, shoot } from './shots.js';

const [STEPS, WEIGHT] = [40, 0.5];
const STARTS = [0, 1, 3];
/** λ, and the cost that an independent program found with particles of its own. */
const REGULARISATIONS = [
  [0.1, 0.13805],
  [1, 0.491148],
] as const;
const DRAWS = 20;
/** Particles whose paths are drawn, of each cluster. */
const DRAWN = 4;

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
    title: 'the control θ over time, from three starts for each λ',
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

function rowsOf(λ: number): readonly Row[] {
  let first: Float64Array | undefined;
  return STARTS.map((control) => {
    const game = neuralOdeShooting({ regularisation: λ, control });
    const { θ, residuals } = shoot(game, WEIGHT, STEPS);
    first ??= θ;
    const { cost } = game;
    return {
      label: labelOf(λ, control),
      method,
      ...gradientSteps(callsPerStep(WEIGHT) * STEPS),
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

/** Some particles under the control of λ = 0.1. */
function pathsSection(): Section {
  const { cost } = neuralOdeShooting();
  const { θ } = shoot(neuralOdeShooting(), WEIGHT, STEPS);
  const paths = cost.trajectories(θ);
  const half = cost.inputs.length / 2;
  const drawn = [0, half].flatMap((from) => Array.from({ length: DRAWN }, (_, i) => from + i));
  return tableSection({
    title: 'Particles under the control of λ = 0.1',
    problem: 'neural-ode',
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
      'Particles move to their labels ±2; the price on the control leaves them short of these in the mean.',
    ],
    identity: { figure: 'neural-ode/paths' },
  });
}

/** The least cost for other draws of the particles. */
function drawsSection(): Section {
  return tableSection({
    title: 'Other particles',
    problem: 'neural-ode',
    about: `The least cost for ${DRAWS} draws of the 2 × 100 particles.`,
    columns: [{ name: 'cost', label: 'cost', better: 'lower', digits: 6 }],
    rows: REGULARISATIONS.flatMap(([λ]) =>
      Array.from({ length: DRAWS }, (_, i) => {
        const game = neuralOde({ regularisation: λ, seed: i + 1 });
        const { z, steps } = solve(game, lbfgs(), { steps: 100, tolerance: 1e-8 });
        return {
          label: `λ = ${λ}`,
          method: 'lbfgs',
          seed: i + 1,
          ...gradientSteps(steps),
          values: { cost: costAt(game, z) },
        };
      }),
    ),
    verdict: ['How far costs of 200 particles are apart, by chance.'],
    identity: { figure: 'neural-ode/draws' },
  });
}

async function sections({ signal, onProgress }: FigureOptions): Promise<readonly Section[]> {
  const rows: Row[] = [];
  for (const [place, [λ]] of REGULARISATIONS.entries()) {
    if (signal?.aborted) break;
    onProgress?.(place / (REGULARISATIONS.length + 1), `λ = ${λ}`);
    rows.push(...rowsOf(λ));
    await Promise.resolve();
  }
  const table = tableSection({
    title: 'One solution',
    problem: 'neural-ode-shooting',
    about: `${STEPS} steps of (1 − r)θ + rT(θ) with r = ${WEIGHT}, from the same control at all times.`,
    columns,
    rows,
    plots,
    verdict: rows.map(
      ({ label, values }) =>
        `${label}: cost ${(values['cost'] ?? NaN).toFixed(6)}, residual ${short(values['residual'] ?? NaN)}`,
    ),
    identity: { figure: 'neural-ode/uniqueness', STEPS, WEIGHT },
  });
  return signal?.aborted ? [table] : [table, pathsSection(), drawsSection()];
}

const largest = (values: readonly number[]): number => Math.max(...values);
/** The runs of a λ from all starts, in their order; undefined if there are others. */
function runsOf(section: Section | undefined, λ: number): readonly Run[] | undefined {
  const runs = STARTS.map((start) => section?.runs.find(({ label }) => label === labelOf(λ, start)));
  return runs.every((run) => run !== undefined) ? runs : undefined;
}
const all = (section: Section | undefined): readonly (readonly Run[])[] | undefined => {
  const found = REGULARISATIONS.map(([λ]) => runsOf(section, λ));
  return found.every((runs) => runs !== undefined) ? found : undefined;
};

/** One solution from three starts. */
export const uniqueness: Figure = {
  name: 'uniqueness',
  title: 'One control, from every start',
  shows:
    'The control that shooting finds from three starts, the residual of the maximum principle against oracle calls, and particles on their way to their labels.',
  takes: 'seconds',
  settings: [
    published(
      'problem',
      'x′ = tanh(θx) to T = 1 in steps of 0.1; clusters around ±1, a normal law cut off at ±0.2, labels ±2; 2 × 100 particles',
      'the authors’ code',
    ),
    ours(
      'λ, starts',
      `${REGULARISATIONS.map(([λ]) => λ).join(' and ')}; θ = ${STARTS.join(', ')} at all times`,
    ),
    ours('relaxation', `${WEIGHT}, ${STEPS} steps`),
    ours('costate', 'the adjoint of Euler’s steps, in place of the adjoint equation on a grid'),
  ],
  claims: [
    {
      name: 'unique',
      statement: 'From θ = 0, 1 and 3 the costs are equal to 1e-6, and the controls too',
      source: 'uniqueness is the paper’s, for enough regularisation; the numbers are ours',
      expected: true,
      judge([section]) {
        const found = all(section);
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
      statement: `After ${STEPS} steps the residual of the maximum principle is below 1e-8 from every start`,
      source: 'ours',
      expected: true,
      judge([section]) {
        const found = all(section);
        if (found === undefined) return undefined;
        const most = largest(found.flatMap((runs) => valuesOf(runs, 'residual')));
        return { holds: most < 1e-8, measured: `${short(most)} at most` };
      },
    },
    {
      name: 'falls',
      statement: 'The control falls from the first time to the last',
      source: 'ours',
      expected: true,
      judge([section]) {
        const controls = all(section)?.map(([run]) => run!.series['control']!.y.map((at) => at ?? NaN));
        if (controls === undefined) return undefined;
        return {
          holds: controls.every((y) => y.every((at, k) => k === 0 || at < y[k - 1]!)),
          measured: REGULARISATIONS.map(
            ([λ], i) => `λ = ${λ}: from ${short(controls[i]![0]!)} to ${short(controls[i]!.at(-1)!)}`,
          ).join('; '),
        };
      },
    },
    {
      name: 'independent',
      statement: `An independent program, with particles of its own, found the costs ${REGULARISATIONS.map(([, cost]) => cost).join(' and ')}: within two deviations of those of ${DRAWS} draws`,
      source: 'ours',
      expected: true,
      judge([, , section]) {
        if (section === undefined) return undefined;
        const found = REGULARISATIONS.map(([λ, theirs]) => {
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
};
