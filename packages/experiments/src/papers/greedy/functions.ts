import type { Game } from '@stillpoint/operators';
import { solve } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { gameFrom } from '@stillpoint/problems';
import type { Column, PlanePlot, Run, Section } from '@stillpoint/tracking';
import { ours, published, type Figure, type FigureOptions, type Finding } from '../paper.js';
import { tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';

const CODE = 'the authors’ code (Keswani), MATLAB';
const [SEEDS, QUICK_SEEDS] = [200, 40];
const START = [5.5, 5.5] as const;
/** The half-width of the plane that is drawn, and its arrows in a row. */
const [REACH, ARROWS] = [8, 20];
const GREEDY = 'greedy(stepSize=0.05, decrease=0.03, tolerance=0.001, rejections=20)';

const columns: readonly Column[] = [
  { name: 'x', label: '|x| at the end', better: 'lower', digits: 3 },
  { name: 'y', label: '|y| at the end', better: 'lower', digits: 3 },
  { name: 'steps', label: 'steps', better: 'lower', digits: 4 },
];

/** The plane around (0, 0), with the direction −F of a plain step; `hasPoint`: (0, 0) is a minimax point. */
function planeOf(game: Game, hasPoint: boolean): PlanePlot {
  const F = new Float64Array(2);
  const at = (i: number): number => REACH * ((2 * i + 1) / ARROWS - 1);
  const arrows = Array.from({ length: ARROWS * ARROWS }, (_, k) => {
    const [x, y] = [at(k % ARROWS), at(Math.floor(k / ARROWS))];
    game.operator(Float64Array.of(x, y), F);
    return { x, y, u: -F[0]!, v: -F[1]! };
  });
  return {
    draw: 'plane',
    name: 'paths',
    title: 'where they went',
    note: 'Arrows: −F, the direction of a plain gradient step. GDA and OMD, and greedy min-max with seed 0.',
    names: ['x', 'y'],
    x: [-REACH, REACH],
    y: [-REACH, REACH],
    arrows,
    ...(hasPoint ? { solution: [0, 0] } : {}),
  };
}

/** gda and ogda for 401 steps, and greedy min-max with each seed until it ends. */
function onFunction(name: string, title: string, { quick, signal }: FigureOptions): Section {
  const game = gameFrom(name);
  const seeds = Array.from({ length: quick ? QUICK_SEEDS : SEEDS }, (_, seed) => seed);
  const run = (label: string, spec: string, steps: number, seed: number, drawn = true): Row => {
    const path: { readonly x: number[]; readonly y: number[] } = { x: [], y: [] };
    const end = solve(game, methodFrom(spec), {
      seed,
      start: Float64Array.from(START),
      steps,
      observe({ state: { z } }) {
        if (!drawn || !z.every((v) => Math.abs(v) < 2 * REACH)) return;
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
    run('GDA', 'gda(stepSize=0.05)', 401, 0),
    run('OMD', 'ogda(stepSize=0.05)', 401, 0),
    ...seeds.flatMap((seed) =>
      signal?.aborted ? [] : [run('greedy min-max', GREEDY, 2000, seed, seed === 0)],
    ),
  ];
  return tableSection({
    title,
    problem: name,
    about: `From (5.5, 5.5).`,
    players: ['x', 'y'],
    columns,
    rows,
    plots: [planeOf(game, name !== 'minimax-f2')],
    verdict: [`Greedy min-max over ${seeds.length} seeds, beside one run of GDA and of OMD.`],
    identity: { problem: name, start: START },
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
  quick: boolean,
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
    ...(quick ? { scaled: `${greedy.length} seeds in place of ${SEEDS}` } : {}),
  };
}

/** The two-dimensional test functions. */
export const functions: Figure = {
  name: 'functions',
  title: 'Three functions of two numbers: greedy min-max against GDA and OMD',
  shows:
    'F₁ = −3x² − y² + 4xy, F₂ = 3x² + y² + 4xy and F₃ = (4x² − (y − 3x + 0.05x³)² − 0.1y⁴)·exp(−0.01(x² + y²)). (0, 0) is a minimax point of F₁ and F₃, and none of F₂, on which sup over y is not bounded.',
  takes: 'seconds',
  settings: [
    published('functions, start', 'F₃ from (5.5, 5.5); F₁ and F₂ stand in comments beside it', CODE),
    published(
      'greedy min-max',
      'η = 0.05, Q = N(0, 0.25), δ = 0.03, ε = 0.001, stops after more than 20 rejections in a row',
      CODE,
    ),
    published('GDA, OMD', 'η = 0.05, 401 steps', CODE),
    ours('seeds', `0 to ${SEEDS - 1}; the code states none`),
  ],
  claims: [
    {
      name: 'f1',
      statement: 'F₁: greedy min-max ends near (0, 0) with every seed, and GDA and OMD diverge',
      source: 'the figure, as the authors’ code makes it',
      expected: true,
      judge: ([section], quick) =>
        // the acceptance rule cannot go on where max over y of F₁, which is x², is below δ = 0.03
        endsNear(section, 1, (run) => (run.values['x'] ?? Infinity) > 1e6, quick),
    },
    {
      name: 'f2',
      statement:
        'F₂: GDA and OMD go to (0, 0), which is no minimax point; greedy min-max reports that sup over y is not bounded',
      source: 'ours: the second half of the sentence; the first is a comment in the authors’ code',
      expected: true,
      judge([, section], quick) {
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
          ...(quick ? { scaled: `${greedy.length} seeds in place of ${SEEDS}` } : {}),
        };
      },
    },
    {
      name: 'f3',
      statement: 'F₃: greedy min-max ends near (0, 0) with every seed, and GDA and OMD cycle',
      source: 'the figure, as the authors’ code makes it',
      expected: true,
      judge: ([, , section], quick) =>
        endsNear(section, 1, ({ values: { x, y } }) => Math.hypot(x ?? NaN, y ?? NaN) > 1, quick),
    },
  ],
  async run(options) {
    return [
      onFunction('minimax-f1', 'F₁', options),
      onFunction('minimax-f2', 'F₂', options),
      onFunction('minimax-f3', 'F₃', options),
    ];
  },
};
