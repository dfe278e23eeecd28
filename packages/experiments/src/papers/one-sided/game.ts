import { integer, norm, number, residualOf, type Full } from '@stillpoint/operators';
import { solve } from '@stillpoint/optimizers';
import { mintyAlong } from '@stillpoint/optimizers/drivers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { gameFrom } from '@stillpoint/problems';
import type { Column, Section } from '@stillpoint/tracking';
import { even } from '../chosen.js';
import { figure } from '../figure.js';
import { ours, type Finding } from '../paper.js';
import { tableSection, type Row } from '../runs.js';
import { short } from '../words.js';

/** What can be chosen of this game, and of that without a full MVI. */
export const options = {
  dimension: integer({ about: 'entries of x', from: 1, to: 100_000, default: 3 }),
  start: number({ about: 'each entry of x at the start', above: 0, to: 1000, default: 2 }),
  calls: even({ about: 'oracle calls of each method, even', from: 2, to: 1_000_000, default: 600 }),
};
type Values = Full<typeof options>;
/** Each entry of x at the start in words: `x = (2, 2, 2)`. */
export const startInWords = ({ dimension: n, start }: Values): string =>
  n <= 3 ? `x = (${Array<number>(n).fill(start).join(', ')})` : `x = ${start} in all ${n} entries`;
const gameOf = ({ dimension, start }: Values): string => `one-sided(dimension=${dimension}, start=${start})`;
/** Methods with their calls a step. */
export const methods = [
  ['amsgrad-extragradient(stepSize=0.05)', 2],
  ['amsgrad-extragradient-drd(stepSize=0.05)', 2],
  ['optimistic-adagrad(stepSize=0.2)', 1],
  ['adam(stepSize=0.05)', 1],
] as const;
export const SMALL = 1e-3;

const columns: readonly Column[] = [
  { name: 'x', label: 'gradient of x at the end', better: 'lower', digits: 3 },
  { name: 'y', label: 'least gradient of y of the run', better: 'lower', digits: 4 },
  { name: 'residual', label: 'projected residual at the end', better: 'lower', digits: 3 },
  { name: 'share', label: 'share of steps with ⟨F_x, x − x*⟩ ≥ 0', better: 'higher', digits: 3 },
];

async function rowOf(spec: string, calls: number, values: Values): Promise<Row> {
  const problem = gameFrom(gameOf(values));
  const along = mintyAlong(problem);
  const end = solve(problem, methodFrom(spec), {
    steps: values.calls / calls,
    observe: along.observe,
  });
  const { points, players } = await along.measure(problem.facts?.solution);
  const F = new Float64Array(problem.dim);
  problem.operator(end.z, F);
  const series = (p: number) => ({
    x: points.map(({ step }) => step * calls),
    y: points.map((point) => point.players[p]!.gradient),
  });
  return {
    label: spec,
    method: spec,
    status: end.status,
    message: end.message,
    ledger: end.ledger,
    calls: end.calls,
    values: {
      x: norm(F, 0, values.dimension),
      y: Math.min(...series(1).y),
      residual: residualOf(problem, end.z, F),
      share: players[0]!.holds,
    },
    series: { 'gradient of x': series(0), 'gradient of y': series(1) },
  };
}

function judge([section]: readonly Section[]): Finding | undefined {
  if (section === undefined) return undefined;
  const values = (name: string): readonly number[] => section.runs.map((run) => run.values[name] ?? NaN);
  const [x, y] = [Math.max(...values('x')), Math.min(...values('y'))];
  return {
    holds: x < SMALL && y >= 1 && values('share').every((share) => share === 1),
    measured: `with ${section.runs.length} methods the gradient of x ends at ${short(x)} at most, that of y is never below ${short(y)}, and ⟨F_x, x − x*⟩ ≥ 0 on ${short(100 * Math.min(...values('share')))}% of the steps at least; the projected residual ends at ${short(Math.max(...values('residual')))} at most`,
  };
}

/** A game on which the one-sided MVI holds exactly. */
export const game = figure({
  name: 'game',
  title: 'A game whose one-sided MVI is exact: only the gradient of x falls',
  shows:
    'f = (½‖x‖² + 1)(1 + y), y in [0, 1]: ⟨F_x, x − x*⟩ = (1 + y)‖x‖² everywhere, and ∂f/∂y ≥ 1. y stops at its bound, so the projected residual does vanish. The game is monotone; it shows the words of the claim, not how far they reach.',
  takes: 'seconds',
  options,
  settings: (values) => [
    ours('game', `${gameOf(values)}; the paper’s experiments are GANs`),
    ours(
      'methods',
      `${values.calls} calls; the updates are reconstructions, since only the abstract was read`,
    ),
  ],
  claims: () => [
    {
      name: 'one-sided',
      statement: `Adam-type methods make the gradient of x small (below ${SMALL}), while that of y stays at 1 or more`,
      source: 'abstract, “one-sided convergence”; the game and the number are Stillpoint’s',
      expected: true,
      judge,
    },
  ],
  async run(values) {
    const rows: Row[] = [];
    for (const [spec, calls] of methods) rows.push(await rowOf(spec, calls, values));
    return [
      tableSection({
        title: 'One-sided convergence on a game',
        problem: gameOf(values),
        about: `From ${startInWords(values)}, y = 0. Gradients are those of F, without the bounds of y.`,
        columns,
        rows,
        players: ['x', 'y'],
        plots: [
          {
            draw: 'lines',
            name: 'norms',
            title: 'norms of the gradients against calls',
            panels: [
              { title: 'x', series: 'gradient of x' },
              { title: 'y', series: 'gradient of y' },
            ],
            y: { label: 'norm of the gradient', scale: 'log' },
          },
        ],
        verdict: rows.map(
          ({ label, values }) => `${label}: x ${short(values['x'] ?? NaN)}, y ${short(values['y'] ?? NaN)}`,
        ),
        identity: { figure: 'one-sided/game', ...values },
      }),
    ];
  },
});
