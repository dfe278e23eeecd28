import { norm, number, type Full } from '@stillpoint/operators';
import { solve } from '@stillpoint/optimizers';
import { mintyAlong } from '@stillpoint/optimizers/drivers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { gameFrom } from '@stillpoint/problems';
import type { Column, Section } from '@stillpoint/tracking';
import { figure } from '../figure.js';
import { signed } from '../chosen.js';
import { ours, type Finding } from '../paper.js';
import { tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';
import { SMALL, methods, options as sizes, startInWords } from './game.js';

const options = {
  ...sizes,
  side: number({ about: 'u at the start, also with the other sign', above: 0, to: 1, default: 0.5 }),
};
type Values = Full<typeof options>;
const gameAt = ({ dimension, start }: Values, side: number): string =>
  `one-sided-only(dimension=${dimension}, start=${start}, side=${side})`;
const sidesOf = ({ side }: Values): readonly number[] => [side, -side];
/** The u of its three solutions (0, …, 0, u, 1). */
const SOLUTIONS = [-1, 0, 1];

const columns: readonly Column[] = [
  { name: 'x', label: 'gradient of x at the end, the larger', better: 'lower', digits: 3 },
  { name: 'y', label: 'least gradient of y', better: 'lower', digits: 4 },
  { name: 'share', label: 'share of steps with ⟨F_x, x − x*⟩ ≥ 0', better: 'higher', digits: 3 },
  { name: 'full', label: 'least cosine of F and z − z*, of the best z*', better: 'higher', digits: 3 },
];

/** A method from both sides: what holds with one z* for the two runs. */
async function rowOf(spec: string, calls: number, values: Values): Promise<Row> {
  const n = values.dimension;
  const runs = sidesOf(values).map((side) => {
    const problem = gameFrom(gameAt(values, side));
    const along = mintyAlong(problem);
    const end = solve(problem, methodFrom(spec), {
      steps: values.calls / calls,
      observe: along.observe,
    });
    const F = new Float64Array(problem.dim);
    problem.operator(end.z, F);
    return { along, end, x: norm(F, 0, n) };
  });
  const measured = [];
  for (const u of SOLUTIONS)
    measured.push(
      await Promise.all(runs.map(({ along }) => along.measure([...Array<number>(n).fill(0), u, 1]))),
    );
  const [first] = measured[0]!;
  const { end } = runs[0]!;
  return {
    label: spec,
    method: spec,
    status: end.status,
    message: end.message,
    ledger: end.ledger,
    calls: end.calls,
    values: {
      x: Math.max(...runs.map(({ x }) => x)),
      y: Math.min(...measured[0]!.flatMap(({ points }) => points.map(({ players }) => players[1]!.gradient))),
      share: Math.min(...measured[0]!.map(({ players }) => players[0]!.holds)),
      full: Math.max(...measured.map((both) => Math.min(...both.map(({ all }) => all.lowest)))),
    },
    series: Object.fromEntries(
      ['gradient of x', 'gradient of y'].map((name, p) => [
        name,
        {
          x: first!.points.map(({ step }) => step * calls),
          y: first!.points.map(({ players }) => players[p]!.gradient),
        },
      ]),
    ),
  };
}

function judge([section]: readonly Section[]): Finding | undefined {
  if (section === undefined) return undefined;
  const values = (name: string): readonly number[] => valuesOf(section.runs, name);
  const [x, y, full] = [Math.max(...values('x')), Math.min(...values('y')), Math.max(...values('full'))];
  return {
    holds: x < SMALL && y >= 1 && full < 0 && values('share').every((share) => share === 1),
    measured: `with ${section.runs.length} methods the gradient of x ends at ${short(x)} at most, that of y is never below ${short(y)}; ⟨F_x, x − x*⟩ ≥ 0 on ${short(100 * Math.min(...values('share')))}% of the steps at least, while for each of the three solutions z* the cosine of F and z − z* falls to ${short(full)} or below`,
  };
}

/** A game on which the one-sided MVI holds exactly, and the full one for no point. */
export const gameWithoutMinty = figure({
  name: 'game-without-minty',
  title: 'A game that has the one-sided MVI, and no full one',
  shows:
    'f = (½‖x‖² + 1)(1 + v + ½u²), y = (u, v): ⟨F_x, x − x*⟩ ≥ ‖x‖² and ‖∇_y f‖ ≥ 1 everywhere, and there is no z* at all with ⟨F(z), z − z*⟩ ≥ 0 for all z. y ends at u = 1 or u = −1, on the side from which it starts; x converges either way. This is how far the claim reaches beyond monotone games.',
  takes: 'seconds',
  options,
  settings: (values) => [
    ours(
      'game',
      `${gameAt(values, values.side)}, and with side=${signed(-values.side)}; the paper’s experiments are GANs`,
    ),
    ours(
      'methods',
      `${values.calls} calls; the updates are reconstructions, since only the abstract was read`,
    ),
    ours('z*', 'x* = 0, which is the same in all solutions; for the full MVI each of the three solutions'),
  ],
  claims: () => [
    {
      name: 'one-sided',
      statement: `Adam-type methods make the gradient of x small (below ${SMALL}) from both sides, while that of y stays at 1 or more, though no solution obeys a full MVI along both runs`,
      source:
        'abstract, “one-sided convergence” under a one-sided MVI; the game and the number are Stillpoint’s',
      expected: true,
      judge,
    },
  ],
  async run(values) {
    const rows: Row[] = [];
    for (const [spec, calls] of methods) rows.push(await rowOf(spec, calls, values));
    return [
      tableSection({
        title: 'One-sided convergence without a Minty solution',
        problem: gameAt(values, values.side),
        about: `From ${startInWords(values)}, v = 0, u = ${values.side} and u = ${signed(-values.side)}. Gradients are those of F, without the bounds of y; the lines are of u = ${values.side}.`,
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
          ({ label, values }) =>
            `${label}: x ${short(values['x'] ?? NaN)}, y ${short(values['y'] ?? NaN)}, least cosine ${short(values['full'] ?? NaN)}`,
        ),
        identity: { figure: 'one-sided/game-without-minty', ...values },
      }),
    ];
  },
});
