import { integer, type Full, type Game } from '@stillpoint/operators';
import { solve } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { gameFrom } from '@stillpoint/problems';
import type { Column, PlanePlot, Run, Section } from '@stillpoint/tracking';
import { asPublished, point, pointInWords, sourceOf } from '../chosen.js';
import { figure, seedOptions, seedsInWords, seedsOf } from '../figure.js';
import { ours, published, type FigureOptions, type Finding } from '../paper.js';
import { tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';

const CODE = 'the authors’ code (Keswani), MATLAB';
const SEEDS = seedOptions(200);
const sizes = {
  start: point({ about: 'the start', reach: 1000, default: [5.5, 5.5] }),
  steps: integer({ about: 'steps of GDA and OMD', from: 1, to: 1_000_000, default: 401 }),
};
const options = { ...SEEDS, firstSeed: { ...SEEDS.firstSeed, default: 0 }, ...sizes };
type Values = Full<typeof options>;
/** The arrows in a row of the plane that is drawn, and its half-width. */
const ARROWS = 20;
const reachOf = ({ start }: Values): number => Math.max(8, 1.4 * Math.max(...start.map(Math.abs)));
const GREEDY = 'greedy(stepSize=0.05, decrease=0.03, tolerance=0.001, rejections=20)';

const columns: readonly Column[] = [
  { name: 'x', label: '|x| at the end', better: 'lower', digits: 3 },
  { name: 'y', label: '|y| at the end', better: 'lower', digits: 3 },
  { name: 'steps', label: 'steps', better: 'lower', digits: 4 },
];

/** The plane around (0, 0), with the direction −F of a plain step; `hasPoint`: (0, 0) is a minimax point. */
function planeOf(game: Game, hasPoint: boolean, values: Values): PlanePlot {
  const reach = reachOf(values);
  const F = new Float64Array(2);
  const at = (i: number): number => reach * ((2 * i + 1) / ARROWS - 1);
  const arrows = Array.from({ length: ARROWS * ARROWS }, (_, k) => {
    const [x, y] = [at(k % ARROWS), at(Math.floor(k / ARROWS))];
    game.operator(Float64Array.of(x, y), F);
    return { x, y, u: -F[0]!, v: -F[1]! };
  });
  return {
    draw: 'plane',
    name: 'paths',
    title: 'where they went',
    note: `Arrows: −F, the direction of a plain gradient step. GDA and OMD, and greedy min-max with seed ${values.firstSeed}.`,
    names: ['x', 'y'],
    x: [-reach, reach],
    y: [-reach, reach],
    arrows,
    ...(hasPoint ? { solution: [0, 0] } : {}),
  };
}

/** gda and ogda for some steps, and greedy min-max with each seed until it ends. */
function onFunction(name: string, title: string, values: Values, { signal }: FigureOptions): Section {
  const game = gameFrom(name);
  const { start, firstSeed } = values;
  const [seeds, reach] = [seedsOf(values), reachOf(values)];
  const run = (label: string, spec: string, steps: number, seed: number, drawn = true): Row => {
    const path: { readonly x: number[]; readonly y: number[] } = { x: [], y: [] };
    const end = solve(game, methodFrom(spec), {
      seed,
      start: Float64Array.from(start),
      steps,
      observe({ state: { z } }) {
        if (!drawn || !z.every((v) => Math.abs(v) < 2 * reach)) return;
        path.x.push(z[0]!);
        path.y.push(z[1]!);
      },
    });
    return {
      label,
      method: spec,
      seed,
      status: end.status,
      message: end.message,
      ledger: end.ledger,
      calls: end.calls,
      ...(drawn ? { series: { path } } : {}),
      values: { x: Math.abs(end.z[0]!), y: Math.abs(end.z[1]!), steps: end.steps },
    };
  };
  const rows = [
    run('GDA', 'gda(stepSize=0.05)', values.steps, firstSeed),
    run('OMD', 'ogda(stepSize=0.05)', values.steps, firstSeed),
    ...seeds.flatMap((seed) =>
      signal?.aborted ? [] : [run('greedy min-max', GREEDY, 2000, seed, seed === firstSeed)],
    ),
  ];
  return tableSection({
    title,
    problem: name,
    about: `From ${pointInWords(start)}.`,
    players: ['x', 'y'],
    columns,
    rows,
    plots: [planeOf(game, name !== 'minimax-f2', values)],
    verdict: [`Greedy min-max over ${seeds.length} seeds, beside one run of GDA and of OMD.`],
    identity: { problem: name, start },
  });
}

const endings = (runs: readonly Run[]): string =>
  [...new Set(runs.map(({ status }) => status))]
    .map((status) => `${status} in ${runs.filter((run) => run.status === status).length} of ${runs.length}`)
    .join(', ');

/** The runs of greedy min-max, and of GDA and OMD, of a section. */
function parts(section: Section | undefined): { greedy: readonly Run[]; others: readonly Run[] } | undefined {
  if (section === undefined) return undefined;
  return { greedy: section.runs.slice(2), others: section.runs.slice(0, 2) };
}

/** Greedy min-max ends within a distance of 0 with every seed; how the others end is judged by `fails`. */
function endsNear(
  section: Section | undefined,
  within: number,
  fails: (run: Run) => boolean,
): Finding | undefined {
  const found = parts(section);
  if (found === undefined) return undefined;
  const { greedy, others } = found;
  const far = Math.max(...valuesOf(greedy, 'x'), ...valuesOf(greedy, 'y'));
  return {
    holds: greedy.every(({ status }) => status === 'ended') && far <= within && others.every(fails),
    measured: `greedy min-max ${endings(greedy)} runs, at most ${short(far)} from 0 in x and y, after ${short(Math.min(...valuesOf(greedy, 'steps')))} to ${short(Math.max(...valuesOf(greedy, 'steps')))} steps; ${others
      .map(
        (run) =>
          `${run.label} at |x| = ${short(run.values['x'] ?? NaN)}, |y| = ${short(run.values['y'] ?? NaN)} after ${run.ledger.gradients[1]} steps`,
      )
      .join(', ')}`,
  };
}

/** The two-dimensional test functions. */
export const functions = figure({
  name: 'functions',
  title: 'Three functions of two numbers: greedy min-max against GDA and OMD',
  shows:
    'F₁ = −3x² − y² + 4xy, F₂ = 3x² + y² + 4xy and F₃ = (4x² − (y − 3x + 0.05x³)² − 0.1y⁴)·exp(−0.01(x² + y²)). (0, 0) is a minimax point of F₁ and F₃, and none of F₂, on which sup over y is not bounded.',
  takes: 'seconds',
  options,
  quick: { seeds: 40 },
  settings: ({ start, steps, ...values }) => [
    published('functions', 'F₃; F₁ and F₂ stand in comments beside it', CODE),
    asPublished('start', pointInWords(start), '(5.5, 5.5)', CODE),
    published(
      'greedy min-max',
      'η = 0.05, Q = N(0, 0.25), δ = 0.03, ε = 0.001, stops after more than 20 rejections in a row',
      CODE,
    ),
    asPublished('GDA, OMD', `η = 0.05, ${steps.toLocaleString('en')} steps`, 'η = 0.05, 401 steps', CODE),
    ours('seeds', `${seedsInWords(values)}; the code states none`),
  ],
  claims: (values) => [
    {
      name: 'f1',
      statement: 'F₁: greedy min-max ends near (0, 0) with every seed, and GDA and OMD diverge',
      source: sourceOf(sizes, values, 'the figure, as the authors’ code makes it'),
      expected: true,
      judge: ([section]) =>
        // the acceptance rule cannot go on where max over y of F₁, which is x², is below δ = 0.03
        endsNear(section, 1, (run) => (run.values['x'] ?? Infinity) > 1e6),
    },
    {
      name: 'f2',
      statement:
        'F₂: GDA and OMD go to (0, 0), which is no minimax point; greedy min-max reports that sup over y is not bounded',
      source: 'Stillpoint’s: the second half of the sentence; the first is a comment in the authors’ code',
      expected: true,
      judge([, section]) {
        const found = parts(section);
        if (found === undefined) return undefined;
        const { greedy, others } = found;
        const reported = greedy.filter(({ message }) => message.includes('sup over y is not bounded'));
        return {
          holds:
            reported.length === greedy.length &&
            others.every(
              (run) => Math.max(...Object.values({ x: run.values['x']!, y: run.values['y']! })) < 1e-6,
            ),
          measured: `reported in ${reported.length} of ${greedy.length} runs; ${others.map((run) => `${run.label} at distance ${short(Math.hypot(run.values['x']!, run.values['y']!))}`).join(', ')}`,
        };
      },
    },
    {
      name: 'f3',
      statement: 'F₃: greedy min-max ends near (0, 0) with every seed, and GDA and OMD cycle',
      source: sourceOf(sizes, values, 'the figure, as the authors’ code makes it'),
      expected: true,
      judge: ([, , section]) =>
        endsNear(section, 1, ({ values: { x, y } }) => Math.hypot(x ?? NaN, y ?? NaN) > 1),
    },
  ],
  async run(values, given) {
    return [
      onFunction('minimax-f1', 'F₁', values, given),
      onFunction('minimax-f2', 'F₂', values, given),
      onFunction('minimax-f3', 'F₃', values, given),
    ];
  },
});
