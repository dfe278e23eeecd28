import { distance, integer, number, type Full, type Game } from '@stillpoint/operators';
import { gda, solve } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { penalisedRegression } from '@stillpoint/problems';
import type { Column, Plot, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf, sizesOf } from '../figure.js';
import { ours, published, type FigureOptions, type Finding } from '../paper.js';
import { tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';
import { dropping, followed, measured, ownPenalty, seriesOf, settledAt, shownOf } from './followed.js';

const options = {
  ...seedOptions(3),
  examples: integer({
    about: 'examples; twice as many on one instance of three',
    from: 2,
    to: 5000,
    default: 200,
  }),
  dimension: integer({ about: 'entries of x', from: 4, to: 500, default: 50 }),
  weight: number({ about: 'ρ', above: 0, default: 1 }),
  noise: number({ about: 'standard deviation of the noise of the targets', from: 0, default: 0.1 }),
  steps: integer({ about: 'how many steps', from: 1, default: 1000 }),
};
type Values = Full<typeof options>;
/** Coefficients that are not 0. */
const NONZEROS = 4;

interface Instance extends Pick<Values, 'examples'> {
  readonly name: string;
  readonly group: number;
  readonly ratio: number;
}
const instancesOf = ({ examples, dimension }: Values): readonly Instance[] => [
  { name: `${examples} × ${dimension}`, examples, group: 1, ratio: 1 },
  { name: `${2 * examples} × ${dimension}`, examples: 2 * examples, group: 1, ratio: 1 },
  {
    name: `${examples} × ${Math.ceil(dimension / 2)} pairs, unequal norms`,
    examples,
    group: 2,
    ratio: 4,
  },
];
const methods = ['conditional-gradient', 'conditional-gradient(step=line-search)'] as const;

/** F, F* and the gap are sums of some 50 products of the size of F at the start: their rounding over it. */
const ROUNDING = 2 ** -44;

const columns: readonly Column[] = [
  { name: 'settled', label: 'step from which on the kept atoms are the support', better: 'lower', digits: 4 },
  { name: 'dropped', label: 'steps that drop an atom of the solution', better: 'lower', digits: 3, best: 0 },
  {
    name: 'late',
    label: 'points that keep another atom, the gap below μ²/(32L‖p‖²)',
    better: 'lower',
    digits: 3,
    best: 0,
  },
  { name: 'near', label: 'points of such a gap', better: 'higher', digits: 4 },
  { name: 'above', label: 'largest (F − F*)/gap', better: 'lower', digits: 4 },
  { name: 'rate', label: 'largest (t + 2)·(least gap)/(27LD²/4)', better: 'lower', digits: 3 },
  { name: 'gap', label: 'gap at the end', better: 'lower', digits: 3 },
  { name: 'support', label: 'atoms of the solution', better: 'lower', digits: 2 },
  { name: 'margin', label: 'μ, how far the scores of the others are below', better: 'higher', digits: 3 },
];

/** The atoms of the solution, and a value that F* is not below: that of a point less its gap. */
function solved(game: Game) {
  const h = ownPenalty(game);
  const { z } = solve(game, gda({ stepSize: 1 / (game.facts?.lipschitz ?? NaN) }), {
    steps: 5000,
    tolerance: 1e-13,
  });
  const { value, gap } = measured(game, h, z);
  const gradient = new Float64Array(game.dim);
  game.operator(z, gradient);
  const length = (v: ArrayLike<number>, g: number): number => {
    const { start, end } = h.atoms.groups[g]!;
    return Math.hypot(...Array.from(v).slice(start, end));
  };
  const all = [...h.atoms.groups.keys()];
  const support = all.filter((g) => length(z, g) > 1e-6);
  const scores = all.map((g) => h.atoms.groups[g]!.norm * length(gradient, g));
  const others = all.filter((g) => !support.includes(g)).map((g) => scores[g]!);
  const margin = Math.max(...scores) - Math.max(...others);
  const longest = Math.max(...h.atoms.groups.map(({ norm }) => norm));
  // scores are within ‖p‖√(2L·gap) of those of the solution, and the rule takes (‖p‖ + ‖p̂‖)√(2L·gap) off
  const enough = margin ** 2 / (32 * (game.facts?.lipschitz ?? NaN) * longest ** 2);
  return { support, least: value - gap, margin, enough };
}

function rowsOf(
  { name, ...data }: Instance,
  seed: number,
  { dimension, weight, noise, steps }: Values,
  withAtoms: boolean,
): Row[] {
  const game = penalisedRegression({ ...data, dimension, weight, noise, nonzeros: NONZEROS, seed });
  const h = ownPenalty(game);
  const { support, least, margin, enough } = solved(game);
  return methods.map((spec): Row => {
    const { run, points } = followed(game, methodFrom(spec), steps, () => h);
    const [gradient, s] = [new Float64Array(game.dim), new Float64Array(game.dim)];
    let [D, smallest, rate] = [0, Infinity, 0];
    for (const { t, gap, state } of points) {
      game.operator(state.z, gradient);
      h.lmo(gradient, s);
      [D, smallest] = [Math.max(D, distance(state.z, s)), Math.min(smallest, gap)];
      rate = Math.max(rate, ((t + 2) * smallest) / ((27 / 4) * (game.facts?.lipschitz ?? NaN) * D ** 2));
    }
    const near = points.filter(({ gap }) => gap < enough);
    const rounding = ROUNDING * points[0]!.value;
    return {
      label: `${name}, ${spec.includes('line') ? 'line search' : '2/(t + 2)'}`,
      method: spec,
      seed,
      status: run.status,
      message: run.message,
      ledger: run.ledger,
      calls: run.calls,
      values: {
        settled: settledAt(points, support),
        dropped: dropping(points, support),
        late: near.filter(({ kept }) => kept.join() !== support.join()).length,
        near: near.length,
        above: Math.max(...points.map(({ value, gap }) => (value - least) / (gap + rounding))),
        rate,
        gap: points.at(-1)!.gap,
        support: support.length,
        margin,
      },
      series: {
        gap: seriesOf(points, ({ gap }) => gap),
        above: seriesOf(points, ({ value }) => Math.max(value - least - rounding, 0)),
        kept: seriesOf(points, ({ kept }) => kept.length),
        ...(withAtoms && { atoms: everyAtom(points, spec.includes('line') ? 0.4 : 0) }),
      },
    };
  });
}

/** A dot for each kept atom, so much above its number, at steps that a logarithmic axis shows apart. */
function everyAtom(
  points: readonly { readonly t: number; readonly kept: readonly number[] }[],
  above: number,
) {
  const dots = shownOf(points, 12).flatMap(({ t, kept }) => kept.map((g) => [t, g] as const));
  return { x: dots.map(([t]) => t), y: dots.map(([, g]) => g + above) };
}

const plotsOf = (values: Values): readonly Plot[] => [
  {
    draw: 'lines',
    name: 'kept',
    title: 'how many atoms are kept, against oracle calls',
    note: 'At the end those of the solution alone.',
    panels: [{ series: 'kept' }],
    y: { label: 'atoms that are kept', scale: 'log' },
  },
  {
    draw: 'scatter',
    name: 'atoms',
    title: `which atoms are kept, ${instancesOf(values)[0]!.name}, seed ${values.firstSeed}`,
    note: 'A dot for each atom that is kept at this step, those of the line search a little higher. The hidden coefficients are those of the first four.',
    series: 'atoms',
    x: { label: 'step', scale: 'log' },
    y: { label: 'atom', scale: 'linear' },
  },
  {
    draw: 'lines',
    name: 'gap',
    title: 'the gap, and how far F is above its least value, against oracle calls',
    note: 'Both at the same point. The gap is never the smaller.',
    panels: [
      { title: 'gap', series: 'gap' },
      { title: 'F − F*', series: 'above' },
    ],
    y: { label: 'gap, F − F*', scale: 'log' },
  },
];

const most = ([section]: readonly Section[], column: string): number =>
  Math.max(...valuesOf(section?.runs ?? [], column));

function judgeGap(sections: readonly Section[]): Finding {
  const above = most(sections, 'above');
  const below = (sections[0]?.runs ?? []).flatMap(({ series }) =>
    (series['gap']?.y ?? []).filter((gap, i) => !((gap ?? NaN) >= (series['above']?.y[i] ?? NaN))),
  );
  return {
    holds: above <= 1 && below.length === 0,
    measured: `F − F* is at most ${above.toFixed(6)} of the gap at the same point`,
  };
}
function judgeSafe(sections: readonly Section[]): Finding | undefined {
  const [dropped, late, near] = [most(sections, 'dropped'), most(sections, 'late'), most(sections, 'near')];
  const settled = valuesOf(sections[0]?.runs ?? [], 'settled');
  const found = settled.filter(Number.isFinite);
  // without a point of such a gap nothing was seen of the second part
  if (dropped === 0 && near === 0) return undefined;
  const last = found.length === 0 ? '' : `, from step ${Math.max(...found)} at the latest`;
  return {
    holds: dropped === 0 && late === 0,
    measured: `${dropped} steps dropped an atom of the solution; in ${found.length} of ${settled.length} runs its atoms are all that is kept${last}`,
  };
}
function judgeRate(sections: readonly Section[]): Finding {
  const rate = most(sections, 'rate');
  return { holds: rate <= 1, measured: `at most ${short(rate)} of the bound` };
}

async function table(values: Values, { signal, onProgress }: FigureOptions): Promise<readonly Section[]> {
  const rows: Row[] = [];
  const [instances, seeds] = [instancesOf(values), seedsOf(values)];
  for (const [i, instance] of instances.entries())
    for (const [k, seed] of seeds.entries()) {
      if (signal?.aborted) break;
      onProgress?.((i + k / seeds.length) / instances.length, `${instance.name}, seed ${seed}`);
      rows.push(...rowsOf(instance, seed, values, i + k === 0));
      await Promise.resolve();
    }
  return [
    tableSection({
      title: 'Screening by the gap',
      problem: `penalised-regression(dimension=${values.dimension}, weight=${values.weight}, noise=${values.noise}, nonzeros=${NONZEROS})`,
      about:
        'From 0. F* is known to 1e-12 by the gap of a point that proximal gradient steps found. D is the longest way from a point to its linear minimiser.',
      columns,
      rows,
      plots: plotsOf(values),
      verdict: rows.map(
        ({ label, seed, values: { support, settled } }) =>
          `${label}, seed ${seed}: ${support} atoms from step ${settled} on`,
      ),
      identity: { figure: 'screening/safe', ...sizesOf(values) },
    }),
  ];
}

/** Safe screening. */
export const safe = figure({
  name: 'safe',
  title: 'The gap tells which atoms the solution cannot use',
  shows:
    'Which atoms screening keeps at each step, whether it ever drops one of the solution, and whether the gap is right at every point.',
  takes: 'seconds',
  options,
  quick: { steps: 250 },
  settings: (values) => [
    published(
      'rule',
      'an atom p is dropped where ⟨−∇f, p⟩ < σ(−∇f) − 2‖p‖√(2L·gap); O(1/t) gap',
      'abstract of doi 10.5802/ojmo.14; the rule itself is derived',
    ),
    ours('unequal norms', '‖p‖ + ‖p̂‖ in the place of 2‖p‖, p̂ the atom of the largest score'),
    ours(
      'data',
      `normal rows, ${NONZEROS} hidden coefficients of sizes from 4 to 4.25, noise ${values.noise}, ρ = ${values.weight}`,
    ),
    ours(
      'instances',
      instancesOf(values)
        .map(({ name }) => name)
        .join('; '),
    ),
    ours('seeds, steps', `${seedsInWords(values)}; ${values.steps.toLocaleString('en')}`),
  ],
  claims: () => [
    {
      name: 'gap',
      statement:
        'At every point of every run, the gap of this point is at least F − F*, to the rounding of F',
      source: 'the theorem is Jaggi’s and the paper’s; the instances are Stillpoint’s',
      expected: true,
      judge: judgeGap,
    },
    {
      name: 'safe',
      statement:
        'No step drops an atom of the solution, and none keeps another where the gap is below μ²/(32L‖p‖²), μ how far the scores of the others are below that of the solution',
      source:
        'that it is safe is the abstract’s, the second part derived from the rule; an independent program kept no other from steps 29 and 45 on',
      expected: true,
      judge: judgeSafe,
    },
    {
      name: 'rate',
      statement: '(t + 2) times the least gap so far is at most (27/4)·L·D²',
      source: 'O(1/t) is the abstract’s, the constant Jaggi’s (2013, theorem 2)',
      expected: true,
      judge: judgeRate,
    },
  ],
  run: table,
});
