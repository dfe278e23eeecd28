import { eigh, integer, normal, numbers, type Full } from '@stillpoint/operators';
import { gda, solve } from '@stillpoint/optimizers';
import {
  empiricalKernel,
  plStarAlong,
  plStarRadius,
  plStarRate,
  probed,
} from '@stillpoint/optimizers/drivers';
import { twoLayerTanh } from '@stillpoint/problems';
import type { Column, Run, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf } from '../figure.js';
import { ours, type Claimed, type FigureOptions, type Finding } from '../paper.js';
import { gradientSteps, runsAt, tableSection, valuesOf, type Row } from '../runs.js';
import { short } from '../words.js';

const options = {
  ...seedOptions(3),
  widths: numbers({ about: 'm, hidden units', whole: true, from: 1, default: [20, 100, 1000, 5000] }),
  examples: integer({ about: 'inputs', from: 1, to: 200, default: 20 }),
  dimension: integer({ about: 'entries of an input', from: 1, to: 1000, default: 10 }),
  steps: integer({ about: 'steps of gradient descent', from: 20, default: 300 }),
};
type Values = Full<typeof options>;
/** What sums and eigenvalues in float64 may be off by. */
const ROUNDING = 1 + 1e-9;
/** λ_min is said to fall by no more than this over √m. */
const DRIFT = 4;

const columns: readonly Column[] = [
  { name: 'first', label: 'λ_min of the kernel, at the start', better: 'higher', digits: 3 },
  { name: 'least', label: 'least on the way', better: 'higher', digits: 3 },
  { name: 'ratio', label: 'least ½‖∇f‖²/f', better: 'higher', digits: 3 },
  { name: 'left', label: 'share of the loss left', better: 'lower', digits: 2 },
  { name: 'moved', label: 'farthest from the start', better: 'lower', digits: 3 },
  { name: 'radius', label: '√(8f₀/μ)', better: 'lower', digits: 3 },
  { name: 'ball', label: '2√(2βf₀)/μ', better: 'lower', digits: 3 },
  { name: 'share', label: 'largest λ_min/ratio', better: 'lower', digits: 3 },
  { name: 'rate', label: 'largest loss, as a share of its bound', better: 'lower', digits: 3 },
];

/** A network trained with η = 1/λ_max(K₀), and PL* along its way. */
async function rowOf(
  width: number,
  seed: number,
  { examples, dimension, steps: count }: Values,
  quick: boolean,
): Promise<Row> {
  const targets = Array.from(normal(new Float64Array(examples), { seed, purpose: 'halves' }), (y) => y / 2);
  const game = twoLayerTanh({ width, examples, dimension, targets, seed });
  const start = Float64Array.from(game.start!);
  const β = eigh(probed(game, start, empiricalKernel(start)), { vectors: false }).values.at(-1)!;
  const stepSize = 1 / β;
  const [all, some] = [
    plStarAlong(game, { every: quick ? 10 : 1 }),
    plStarAlong(game, { every: quick ? 60 : 20, kernel: true }),
  ];
  solve(game, gda({ stepSize }), {
    steps: count,
    observe(progress) {
      all.observe(progress);
      some.observe(progress);
    },
  });
  const [steps, kernels] = [(await all.measure()).points, await some.measure()];
  const μ = kernels.eigenvalue!;
  const f0 = steps[0]!.loss;
  const bound = plStarRate({ stepSize, constant: μ });
  const x = kernels.points.map(({ step }) => step);
  return {
    label: `m = ${width}`,
    method: 'gda(stepSize = 1/λ_max(K₀))',
    seed,
    ...gradientSteps(count),
    values: {
      first: kernels.points[0]!.eigenvalues![0],
      least: μ,
      ratio: Math.min(...steps.map(({ ratio }) => ratio)),
      left: steps.at(-1)!.loss / f0,
      moved: Math.max(...steps.map(({ moved }) => moved)),
      radius: plStarRadius({ loss: f0, constant: μ }),
      ball: (2 * Math.sqrt(2 * β * f0)) / μ,
      share: Math.max(...kernels.points.map(({ eigenvalues, ratio }) => eigenvalues![0] / ratio)),
      rate: Math.max(...steps.slice(1).map(({ step, loss }) => loss / f0 / bound(step))),
    },
    series: {
      eigenvalue: { x, y: kernels.points.map(({ eigenvalues }) => eigenvalues![0]) },
      ratio: { x, y: kernels.points.map(({ ratio }) => ratio) },
      loss: { x, y: kernels.points.map(({ loss }) => loss / f0) },
    },
  };
}

async function table(
  values: Values,
  { quick, onProgress, signal }: FigureOptions,
): Promise<readonly Section[]> {
  const { widths: all, examples, dimension, steps } = values;
  const rows: Row[] = [];
  for (const [i, width] of all.entries())
    for (const seed of seedsOf(values)) {
      if (signal?.aborted) break;
      onProgress?.(i / all.length, `${width} units, seed ${seed}`);
      rows.push(await rowOf(width, seed, values, quick));
    }
  return [
    tableSection({
      title: 'The PL* condition along gradient descent, by width',
      problem: `two-layer-tanh(examples=${examples}, dimension=${dimension})`,
      about: `${examples} seeded inputs of ${dimension} entries and length 1, targets from N(0, ¼), the first layer learnt; ${steps} steps of η = 1/β, β = λ_max of the kernel at the start. μ is the least λ_min that was measured on the way.`,
      columns,
      rows,
      plots: [
        {
          draw: 'lines',
          name: 'eigenvalue',
          title: 'the least eigenvalue of the tangent kernel, and ½‖∇f‖²/f, against steps',
          panels: [
            { title: 'λ_min', series: 'eigenvalue' },
            { title: '½‖∇f‖²/f', series: 'ratio' },
          ],
          y: { label: 'value', scale: 'log' },
        },
        {
          draw: 'lines',
          name: 'loss',
          title: 'the share of the loss that is left, against steps',
          panels: [{ series: 'loss' }],
          y: { label: 'f/f₀', scale: 'log' },
        },
      ],
      verdict: [
        'The wider the network, the less its kernel moves, and the closer the least λ_min on the way is to that of the start, which can be computed before training.',
      ],
      identity: { problem: 'two-layer-tanh', examples, dimension, steps },
    }),
  ];
}

/** The runs by width; undefined if a width has none. */
function byWidth(
  section: Section | undefined,
  { widths: all, seeds }: Values,
): readonly (readonly Run[])[] | undefined {
  const found = all.map((_, place) => runsAt(section, place));
  return found.every((runs) => runs.length === seeds) ? found : undefined;
}
/** A claim that a column never exceeds a limit. */
const never = (
  values: Values,
  words: Pick<Claimed, 'name' | 'statement' | 'source'>,
  limit: number,
  most: (runs: readonly Run[]) => number,
  measured: (worst: readonly number[]) => string,
): Claimed => ({
  ...words,
  expected: true,
  judge([section]): Finding | undefined {
    const runs = byWidth(section, values);
    if (runs === undefined) return undefined;
    const worst = runs.map(most);
    return { holds: worst.every((x) => x <= limit), measured: measured(worst) };
  },
});
const largest = (column: string) => (runs: readonly Run[]) => Math.max(...valuesOf(runs, column));
const list = (values: readonly number[]): string => values.map(short).join(', ');

/** Networks of growing width: does the condition hold on the way, and what follows? */
export const widths = figure({
  name: 'widths',
  title: 'Wide networks obey PL* all the way, in a ball that they hardly use',
  shows:
    'Two-layer tanh networks, narrow and wide, under gradient descent: the least eigenvalue of the tangent kernel, the ratio ½‖∇f‖²/f, the loss and the distance from the start.',
  takes: 'a minute',
  options,
  quick: { widths: [20, 100, 1000], seeds: 2 },
  settings: ({ widths: all, examples, dimension, steps, ...values }) => [
    ours('network', 'f(x) = m^(−1/2) Σ aᵣ·tanh(wᵣᵀx), W from N(0, I), a of signs, fixed'),
    ours('data', `${examples} inputs of ${dimension} entries and length 1, targets from N(0, ¼)`),
    ours('η', `1/λ_max(K₀), ${steps} steps`),
    ours('m', all.join(', ')),
    ours('seeds', seedsInWords(values)),
  ],
  claims: (values) => [
    never(
      values,
      {
        name: 'condition',
        statement: '½‖∇f‖² ≥ λ_min(K)·f at every point measured',
        source: 'the condition is the paper’s; that it holds with λ_min of K = JJᵀ follows from ∇f = Jᵀr',
      },
      ROUNDING,
      largest('share'),
      (worst) => `λ_min over the ratio is at most ${worst.map((x) => x.toFixed(4)).join(', ')}, by width`,
    ),
    never(
      values,
      {
        name: 'rate',
        statement: 'f ≤ (1 − ημ)ᵏf₀ after every step that was measured, μ the least λ_min on the way',
        source:
          'Stillpoint’s, with the proof of plStarRate, which asks for η ≤ 1/β of ∇f on the way; here β is that of the start’s kernel',
      },
      ROUNDING,
      largest('rate'),
      (worst) => `the loss is at most ${list(worst)} of its bound, by width`,
    ),
    never(
      values,
      {
        name: 'ball',
        statement: 'The weights use less than half of the radius √(8f₀/μ)',
        source: 'Stillpoint’s, with the proof of plStarRadius',
      },
      1 / 2,
      (runs) => Math.max(...runs.map(({ values }) => (values['moved'] ?? NaN) / (values['radius'] ?? NaN))),
      (worst) => `${list(worst)} of it at most, by width`,
    ),
    {
      name: 'frozen',
      statement: `On the way λ_min falls by the share ${DRIFT}/√m at most, with every seed`,
      source: 'Stillpoint’s: the form after the paper’s Hessian of O(m^−½), the 4 as measured',
      expected: true,
      judge([section]) {
        const runs = byWidth(section, values);
        if (runs === undefined) return undefined;
        const lost = runs.map((ofWidth) => {
          const [first, least] = [valuesOf(ofWidth, 'first'), valuesOf(ofWidth, 'least')];
          return least.map((x, i) => 1 - x / first[i]!);
        });
        const limit = (width: number): number => DRIFT / Math.sqrt(width);
        return {
          holds: lost.every((ofWidth, i) => ofWidth.every((x) => x >= 0 && x <= limit(values.widths[i]!))),
          measured: `by ${lost.map((ofWidth) => `${(100 * Math.max(...ofWidth)).toFixed(1)}%`).join(', ')} at most, by width`,
        };
      },
    },
    never(
      values,
      {
        name: 'smaller',
        statement: 'The weights use less than a tenth of the radius 2√(2βf₀)/μ',
        source: 'Stillpoint’s; where β is more than 25 times μ it follows from the claim about √(8f₀/μ)',
      },
      1 / 10,
      (runs) => Math.max(...runs.map((run) => (run.values['moved'] ?? NaN) / (run.values['ball'] ?? NaN))),
      (worst) => `${list(worst)} of it at most, by width`,
    ),
  ],
  run: table,
});
