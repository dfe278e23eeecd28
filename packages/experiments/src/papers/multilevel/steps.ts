import { distance, integer, numbers, type Full } from '@stillpoint/operators';
import { gda, solve } from '@stillpoint/optimizers';
import { trilevelQuadratic, trilevelSolution } from '@stillpoint/problems';
import type { Column, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf } from '../figure.js';
import { ours, type FigureOptions } from '../paper.js';
import { runsAt, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';

const options = {
  ...seedOptions(10),
  dimension: integer({ about: 'entries of each level', from: 1, default: 3 }),
  inner: numbers({
    about: 'T, the steps of the lower two levels',
    whole: true,
    from: 1,
    default: [1, 2, 5, 10, 20, 40],
  }),
};
type Values = Full<typeof options>;
/** Gradient steps on the top level, of 1/L: its condition number is below 2. */
const TOP = 30;

const columns: readonly Column[] = [
  {
    name: 'away',
    label: 'distance of the solution from that of the nested problem',
    better: 'lower',
    digits: 2,
  },
  { name: 'solved', label: 'distance of gda’s end from the solution', better: 'lower', digits: 2 },
  { name: 'differences', label: 'gradient − central differences', better: 'lower', digits: 2 },
  { name: 'modes', label: 'reverse − forward', better: 'lower', digits: 2 },
];

function rowOf(steps: number, seed: number, dimension: number): Row {
  const game = trilevelQuadratic({ dimension, steps, seed });
  const forward = trilevelQuadratic({ dimension, steps, seed, derivatives: 'forward' });
  const solution = Float64Array.from(game.facts!.solution!);
  const { z, ledger, calls } = solve(game, gda({ stepSize: 1 / game.facts!.lipschitz! }), { steps: TOP });
  const x = Float64Array.from({ length: game.dim }, (_, i) => Math.cos(1 + i));
  const gradient = (of: typeof game): Float64Array => {
    const out = new Float64Array(x.length);
    of.operator(x, out);
    return out;
  };
  const value = (at: Float64Array): number => {
    const out = new Float64Array(1);
    game.losses!(at, out);
    return out[0]!;
  };
  const reverse = gradient(game);
  // F₁ is quadratic: differences of length 1 are exact up to rounding
  const differences = x.map((_, i) => {
    const at = (t: number): number => value(x.map((xj, j) => (j === i ? xj + t : xj)));
    return (at(1) - at(-1)) / 2;
  });
  return {
    label: `T = ${steps}`,
    method: `gda(stepSize = 1/L), ${TOP} steps`,
    seed,
    ledger,
    calls,
    values: {
      away: distance(solution, trilevelSolution({ dimension, seed })),
      solved: distance(Float64Array.from(z), solution),
      differences: distance(reverse, differences),
      modes: distance(reverse, gradient(forward)),
    },
  };
}

async function table(values: Values, { onProgress }: FigureOptions): Promise<readonly Section[]> {
  const { inner, dimension } = values;
  const rows = inner.flatMap((steps, i) => {
    onProgress?.(i / inner.length, `T = ${steps}`);
    return seedsOf(values).map((seed) => rowOf(steps, seed, dimension));
  });
  return [
    tableSection({
      title: 'Three levels of quadratics, by the steps of the lower two',
      problem: `trilevel-quadratic(dimension=${dimension})`,
      about: `Three levels with ${dimension} entries each; the lower two are replaced by T gradient steps of 0.3, on losses with curvatures from 1 to 4.`,
      columns,
      rows,
      verdict: [
        'Forty steps leave the nested problem to six digits or so; the gradients are exact for any T.',
      ],
      identity: { problem: 'trilevel-quadratic', dimension, TOP },
    }),
  ];
}

/** Of one row for each number of steps, the largest value of a column; undefined if a row is missing. */
function worst(
  { inner }: Values,
  section: Section | undefined,
  column: string,
): readonly number[] | undefined {
  const all = inner.map((_, place) => valuesOf(runsAt(section, place), column));
  return all.every((values) => values.length > 0) ? all.map((values) => Math.max(...values)) : undefined;
}

/** The steps of the lower levels. */
export const steps = figure({
  name: 'steps',
  title: 'Three levels of quadratics: exact gradients, and the nested problem as T grows',
  shows:
    'How far the problem of T steps is from the nested one, whose solution is known, and how exact the gradients through the steps are, in reverse and in forward mode.',
  takes: 'seconds',
  options,
  quick: { seeds: 4 },
  settings: ({ dimension, inner, ...values }) => [
    ours('problem', `trilevel-quadratic, d = ${dimension}, inner steps 0.3 = 1.2/L`),
    ours('T', inner.join(', ')),
    ours('seeds', seedsInWords(values)),
  ],
  claims: (values) => [
    {
      name: 'converges',
      statement: `The more steps, the nearer the solution is to that of the nested problem: on average always, with every seed from the second T on; below 1e-5 at T = ${values.inner.at(-1)}`,
      source:
        'the paper’s theorem has the limit; the numbers are Stillpoint’s, after an independent program with other random numbers',
      expected: true,
      judge([section]) {
        const all = values.inner.map((_, place) => valuesOf(runsAt(section, place), 'away'));
        if (all.some((values) => values.length === 0)) return undefined;
        const means = all.map((values) => values.reduce((sum, x) => sum + x / values.length, 0));
        const falls = all.slice(2).every((values, i) => values.every((x, s) => x < all[i + 1]![s]!));
        return {
          holds: falls && means.slice(1).every((x, i) => x < means[i]!) && Math.max(...all.at(-1)!) < 1e-5,
          measured: `on average ${means.map(short).join(', ')}; at T = ${values.inner.at(-1)} at most ${short(Math.max(...all.at(-1)!))}`,
        };
      },
    },
    {
      name: 'exact',
      statement:
        'The gradient through the steps is that of central differences to 1e-11, and forward mode is reverse mode to 1e-13, for every T and seed',
      source: 'Stillpoint’s; an independent program found 2e-11 with differences of another length',
      expected: true,
      judge([section]) {
        const [differences, modes] = ['differences', 'modes'].map((column) => worst(values, section, column));
        if (differences === undefined || modes === undefined) return undefined;
        return {
          holds: Math.max(...differences) < 1e-11 && Math.max(...modes) < 1e-13,
          measured: `${short(Math.max(...differences))} and ${short(Math.max(...modes))} at most`,
        };
      },
    },
    {
      name: 'solves',
      statement: `${TOP} gradient steps of 1/L on the top level end at the solution for that T, to 1e-10`,
      source: 'Stillpoint’s',
      expected: true,
      judge([section]) {
        const found = worst(values, section, 'solved');
        if (found === undefined) return undefined;
        return { holds: Math.max(...found) < 1e-10, measured: `${short(Math.max(...found))} at most` };
      },
    },
  ],
  run: table,
});
