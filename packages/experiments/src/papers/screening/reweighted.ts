import {
  concaveGauge,
  constraintOf,
  distance,
  integer,
  l1Ball,
  linearGap,
  number,
  numbers,
  squaredGauge,
  type Full,
  type Game,
} from '@stillpoint/operators';
import { gda, reweightedConditionalGradient, solve } from '@stillpoint/optimizers';
import { penalisedRegression } from '@stillpoint/problems';
import type { Column, Run, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf, sizesOf } from '../figure.js';
import { ours, published, type FigureOptions, type Finding } from '../paper.js';
import { tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';
import {
  dropping,
  followed,
  lossAt,
  measured,
  ownPenalty,
  seriesOf,
  settledAt,
  withoutPenalty,
} from './followed.js';

const options = {
  ...seedOptions(3),
  examples: integer({ about: 'examples', from: 1, to: 5000, default: 200 }),
  dimension: integer({ about: 'entries of x', from: 4, to: 500, default: 50 }),
  weight: number({ about: 'ρ', above: 0, default: 1 }),
  concavities: numbers({
    about: 'ε; claims compare the last with the first',
    from: 0,
    to: 100,
    default: [0, 1, 3],
  }),
  steps: integer({ about: 'how many steps', from: 1, default: 1500 }),
};
type Values = Full<typeof options>;
/** Coefficients that are not 0. */
const NONZEROS = 4;
/** Steps from one reweighting to the next. */
const EVERY = 10;
const FAR = 'two entries, from afar';
const labelOf = (ε: number): string => `ε = ${ε}`;

const columns: readonly Column[] = [
  { name: 'error', label: 'distance from plain least squares', better: 'lower', digits: 3 },
  {
    name: 'settled',
    label: 'step from which on the kept atoms are those of the end',
    better: 'lower',
    digits: 4,
  },
  { name: 'dropped', label: 'steps that drop an atom of the end', better: 'lower', digits: 3 },
  { name: 'apart', label: 'atoms that only one of kept and used is', better: 'lower', digits: 2, best: 0 },
  { name: 'kept', label: 'atoms kept at the end', better: 'lower', digits: 2 },
  { name: 'rise', label: 'largest factor of F between reweightings', better: 'lower', digits: 6 },
  { name: 'gap', label: 'gap at the end, over F at the start', better: 'lower', digits: 3 },
];

interface Setting {
  readonly game: Game;
  readonly ε: number;
  readonly every: number;
  readonly label: string;
  /** Absent: nothing is random. */
  readonly seed?: number;
  readonly steps: number;
}

function rowOf({ game, ε, every, label, seed, steps }: Setting): Row {
  const penalty = concaveGauge(ownPenalty(game).atoms, { concavity: ε });
  const method = reweightedConditionalGradient({ step: 'line-search', concavity: ε, every });
  const { run, points } = followed(game, method, steps, ({ a }) => penalty.majorantAt(a));
  const free = withoutPenalty(game);
  const plain = solve(free, gda({ stepSize: 1 / (game.facts?.lipschitz ?? NaN) }), { steps: 1000 }).z;
  const end = points.at(-1)!.state.z;
  const used = ownPenalty(game).atoms.groups.flatMap(({ start }, g) =>
    Math.abs(end[start]!) > 1e-3 ? [g] : [],
  );
  /** F where weights are taken. */
  const values = points
    .filter(({ t }) => t % every === 0)
    .map(({ state: { z } }) => lossAt(game, z) + penalty.value(z));
  const last = measured(game, penalty.majorantAt(end), end);
  return {
    label,
    method: `reweighted-conditional-gradient(step=line-search, concavity=${ε}, every=${every})`,
    ...(seed !== undefined && { seed }),
    status: run.status,
    message: run.message,
    ledger: run.ledger,
    calls: run.calls,
    values: {
      error: distance(end, plain),
      settled: settledAt(points, used),
      dropped: dropping(points, used),
      apart: [...last.kept, ...used].filter((g) => !(last.kept.includes(g) && used.includes(g))).length,
      kept: last.kept.length,
      rise: Math.max(...values.slice(1).map((value, k) => value / values[k]!)),
      gap: last.gap / values[0]!,
    },
    series: {
      kept: seriesOf(points, ({ kept }) => kept.length),
      gap: seriesOf(points, ({ gap }) => gap),
    },
  };
}

/** ½‖x − (2, 2)‖² from (0, 100), where the weights make the second entry all but free. */
function fromAfar(): Game {
  const players = [{ name: 'x', start: 0, end: 2 }];
  const constraint = constraintOf(players, [squaredGauge(l1Ball({ radius: 1 }))]);
  return {
    name: 'two entries',
    dim: 2,
    players,
    start: [0, 100],
    constraint,
    gap: linearGap(constraint),
    operator: (x, out) => [0, 1].forEach((i) => (out[i] = x[i]! - 2)),
    losses: (x, out) => void (out[0] = ((x[0]! - 2) ** 2 + (x[1]! - 2) ** 2) / 2),
    facts: { lipschitz: 1, comonotone: 0 },
  };
}

async function table(values: Values, { signal, onProgress }: FigureOptions): Promise<readonly Section[]> {
  const { concavities, steps, examples, dimension, weight } = values;
  const data = { examples, dimension, weight, nonzeros: NONZEROS };
  const rows: Row[] = [];
  for (const [i, ε] of concavities.entries())
    for (const seed of seedsOf(values)) {
      if (signal?.aborted) break;
      onProgress?.(i / concavities.length, `ε = ${ε}, seed ${seed}`);
      const game = penalisedRegression({ ...data, seed });
      rows.push(rowOf({ game, ε, every: EVERY, label: labelOf(ε), seed, steps }));
      await Promise.resolve();
    }
  rows.push(rowOf({ game: fromAfar(), ε: 1, every: 100, label: FAR, steps }));
  return [
    tableSection({
      title: 'Concave penalties by reweighting',
      problem: `penalised-regression(examples=${examples}, dimension=${dimension}, weight=${weight}, nonzeros=${NONZEROS})`,
      about:
        'From 0, with a line search. Gap and screening are those of f + h_a, the majorant of the penalty at the last reweighting.',
      columns,
      rows,
      plots: [
        {
          draw: 'lines',
          name: 'kept',
          title: 'how many atoms are kept, against oracle calls',
          note: `On “${FAR}” the count is 1 under the first weights and 2 later: an atom came back.`,
          panels: [{ series: 'kept' }],
          y: { label: 'atoms that are kept', scale: 'log' },
        },
        {
          draw: 'lines',
          name: 'gap',
          title: 'the gap of f + h_a against oracle calls',
          note: 'It jumps where the weights change.',
          panels: [{ series: 'gap' }],
          y: { label: 'gap', scale: 'log' },
        },
      ],
      verdict: rows.map(
        ({ label, seed, values }) =>
          `${label}${seed === undefined ? '' : `, seed ${seed}`}: ${short(values['error'] ?? NaN)} from least squares, ${values['kept']} atoms at the end, ${values['dropped']} steps dropped one of these`,
      ),
      identity: { figure: 'screening/reweighted', ...sizesOf(values) },
    }),
  ];
}

const runsOf = ([section]: readonly Section[], label: string): readonly Run[] =>
  (section?.runs ?? []).filter((run) => run.label === label);
/** All runs but the one from afar. */
const regression = (sections: readonly Section[]): readonly Run[] =>
  (sections[0]?.runs ?? []).filter(({ label }) => label !== FAR);

function judgeShrunk(sections: readonly Section[], { concavities }: Values): Finding | undefined {
  const [least, most] = [concavities[0]!, concavities.at(-1)!];
  const of = (ε: number): readonly number[] => valuesOf(runsOf(sections, labelOf(ε)), 'error');
  const shares = of(most).map((error, i) => error / (of(least)[i] ?? NaN));
  if (shares.length === 0 || most <= least) return undefined;
  return {
    holds: Math.max(...shares) < 1 / 2,
    measured: `with ε = ${most} they are at most ${short(Math.max(...shares))} as far from least squares as with ε = ${least}`,
  };
}
function judgeFalls(sections: readonly Section[]): Finding {
  const rise = Math.max(...valuesOf(regression(sections), 'rise'));
  return {
    // the roundings that each of the searches allows for
    holds: rise <= 1 + EVERY * 2 ** -46,
    measured: `at most ${rise.toFixed(9)} times as much at the next reweighting`,
  };
}
function judgeSupport(sections: readonly Section[]): Finding {
  const runs = regression(sections);
  const found = runs.filter(({ values: { apart, settled } }) => apart === 0 && Number.isFinite(settled));
  const last =
    found.length === 0 ? '' : `, there from step ${Math.max(...valuesOf(found, 'settled'))} at the latest`;
  return {
    holds: 2 * found.length > runs.length,
    measured: `in ${found.length} of ${runs.length} runs${last}`,
  };
}
function judgeUnsafe(sections: readonly Section[]): Finding {
  const [far] = runsOf(sections, FAR);
  const [dropped, kept] = [far?.values['dropped'] ?? NaN, far?.values['kept'] ?? NaN];
  return {
    holds: dropped >= 1 && kept === 2,
    measured: `${dropped} steps dropped an atom that the end uses; at the end ${kept} are kept`,
  };
}

/** RP-CGM. */
export const reweighted = figure({
  name: 'reweighted',
  title: 'Concave penalties by reweighting, and what screening then says',
  shows:
    'What the concavity of the penalty does to the coefficients and to screening, and an instance on which an atom that was dropped comes back.',
  takes: 'seconds',
  options,
  settings: ({ examples, dimension, weight, steps, ...values }) => [
    published(
      'method',
      'reweighting of the penalised method, screening not safe half-way',
      'abstract of doi 10.5802/ojmo.14',
    ),
    ours('penalty', '½ρ(Σ γ(c))², γ(c) = ln(1 + εc)/ε; weights γ′, so that f + h_a is never below F'),
    ours(
      'instances',
      `${examples} × ${dimension}, ${NONZEROS} hidden coefficients, ρ = ${weight}; ${FAR}: ½‖x − (2, 2)‖² from (0, 100), ε = 1`,
    ),
    ours('seeds, steps', `${seedsInWords(values)}; ${steps.toLocaleString('en')}, weights every ${EVERY}`),
  ],
  claims: (values) => [
    {
      name: 'less-shrunk',
      statement: `With ε = ${values.concavities.at(-1)} the coefficients are less than half as far from those of least squares as with ε = ${values.concavities[0]}`,
      source: 'Stillpoint’s',
      expected: true,
      judge: (sections) => judgeShrunk(sections, values),
    },
    {
      name: 'falls',
      statement: 'F does not rise from one reweighting to the next',
      source: 'derived here, as of any majorant',
      expected: true,
      judge: judgeFalls,
    },
    {
      name: 'support',
      statement:
        'On the regressions the atoms that are kept at the end are those that the end uses, in most runs',
      source:
        'that the support is found in finitely many steps is the abstract’s; the instances are Stillpoint’s',
      expected: true,
      judge: judgeSupport,
    },
    {
      name: 'not-safe',
      statement: 'From a far start an atom that the end uses is dropped on the way',
      source: 'abstract: “not necessarily safe in the intermediate iterates”; the instance is Stillpoint’s',
      expected: true,
      judge: judgeUnsafe,
    },
  ],
  run: table,
});
