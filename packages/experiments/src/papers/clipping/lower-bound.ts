import { norm, number, numbers, type Full } from '@stillpoint/operators';
import { gda, iterate } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { problemFrom } from '@stillpoint/problems';
import type { Section } from '@stillpoint/tracking';
import { figure } from '../figure.js';
import { ours, published, type FigureOptions } from '../paper.js';
import { gradientSteps, tableSection, type Row } from '../runs.js';

const options = {
  slopes: numbers({
    about: 'M, the slopes along x at the start; what grows is judged from the first to the last',
    from: 1,
    to: 100_000,
    default: [100, 1000, 10_000],
  }),
  L0: number({ about: 'L₀, the curvature at the solution', from: 0.01, to: 100, default: 1 }),
  L1: number({ about: 'L₁, the growth of the curvature along x', from: 0.01, to: 1000, default: 10 }),
  accuracy: number({ about: 'ε, the gradient to be reached', from: 0.001, to: 1, default: 0.02 }),
  distance: number({ about: 'd, the distance of the start along y', from: 1, to: 1000, default: 25 }),
};
type Values = Full<typeof options>;
/** Step sizes of gradient descent, as shares of H. */
const SHARES = [4, 1.01, 0.99, 0.5];
/** The steps of a run that never arrives; it overflows, or x keeps changing its sign. */
const FRUITLESS = 10_000;

/** H: with a step size of H or more gradient descent does not converge. */
const longest = (M: number, { L0, L1 }: Values): number => (2 * Math.log1p((L1 * M) / L0)) / (L1 * M);
/** With a shorter one it takes more steps than this: y moves by less than 2εh in each. */
function fewest(M: number, values: Values): number {
  const { L0, accuracy: ε, distance: d } = values;
  return (d - (ε * Math.log(3)) / L0) / (2 * ε * longest(M, values));
}
const stepsName = (M: number): string => `steps${M}`;
const leastName = (M: number): string => `least${M}`;

/** Steps until ‖∇f‖ ≤ ε, null if that does not happen, and the least ‖∇f‖. Each method is made for its M. */
function measure(
  M: number,
  share: number | undefined,
  values: Values,
): { readonly steps: number | null; readonly least: number } {
  const { L0, L1, accuracy: ε, distance: d } = values;
  const { exact: game } = problemFrom(
    `clipping-lower-bound(L0=${L0}, L1=${L1}, gradient=${M}, accuracy=${ε}, distance=${d})`,
  );
  const method =
    share === undefined
      ? methodFrom('clipped-gradient', game.facts)
      : gda({ stepSize: share * longest(M, values) });
  const F = new Float64Array(game.dim);
  let [k, least] = [0, Infinity];
  for (const { z } of iterate(game, method)) {
    game.operator(z, F);
    const slope = norm(F);
    if (!Number.isFinite(slope)) break;
    k++;
    least = Math.min(least, slope);
    if (slope <= ε) return { steps: k, least };
    if (share !== undefined && share >= 1 && k === FRUITLESS) break;
  }
  return { steps: null, least };
}

async function table(chosen: Values, { onProgress, signal }: FigureOptions): Promise<readonly Section[]> {
  const { slopes, L0, L1, accuracy: ε, distance: d } = chosen;
  const rows: Row[] = [];
  for (const [i, share] of [...SHARES, undefined].entries()) {
    const label = share === undefined ? 'clipped gradient' : `gradient descent, h = ${share}H`;
    const values: { [name: string]: number | null } = {};
    let total = 0;
    for (const M of slopes) {
      if (signal?.aborted) break;
      onProgress?.(i / (SHARES.length + 1), `${label}, M = ${M}`);
      const { steps, least } = measure(M, share, chosen);
      values[stepsName(M)] = steps;
      values[leastName(M)] = least;
      total += steps ?? 0;
    }
    const method = share === undefined ? 'clipped-gradient' : `gda with h = ${share}H`;
    rows.push({ label, method, ...gradientSteps(total), values });
  }
  return [
    tableSection({
      title: 'Steps until ‖∇f‖ ≤ ε where one part of f is steep and the other flat',
      problem: 'clipping-lower-bound',
      about: `f is (${L0}, ${L1})-smooth. It starts with the slope M along x, and with a slope of 2ε at most along y, ${d} away from the solution. H = 2 ln(1 + L₁M/L₀)/(L₁M). Calls are the steps, summed over M.`,
      columns: slopes.flatMap((M) => [
        { name: stepsName(M), label: `steps, M = ${M}`, better: 'lower' as const, digits: 8 },
        { name: leastName(M), label: `least ‖∇f‖, M = ${M}`, better: 'lower' as const, digits: 4 },
      ]),
      rows,
      verdict: [
        'No step size of gradient descent is good: from H on it does not converge, and below H the flat part takes a number of steps that grows with M/log M. Clipped, one pair of step size and threshold does both.',
      ],
      identity: { problem: 'clipping-lower-bound', L0, L1, ε, d },
    }),
  ];
}

type Runs = Section['runs'];
/** Gradient descent with every step size against clipped gradient. */
export const lowerBound = figure({
  name: 'lower-bound',
  title: 'A function on which every step size of gradient descent is wrong',
  shows:
    'Gradient descent with one step size on a function with a steep and a flat part: a step that is short enough for the one is too short for the other. Clipped gradient needs no such choice.',
  takes: 'seconds',
  options,
  quick: { slopes: [100, 1000] },
  settings: ({ slopes, L0, L1, accuracy, distance }) => [
    published(
      'lower bound',
      'Ω((L₁M/log M + L₀)D/ε²) steps for every fixed step size',
      'the paper, Theorem 4 as told in Remark 5',
    ),
    ours(
      'function',
      'clipping-lower-bound, with a proof of its own; the formula of the paper’s could not be read',
    ),
    ours('L₀, L₁, ε, d', `${L0}, ${L1}, ${accuracy}, ${distance}`),
    ours('M', slopes.join(', ')),
    ours('clipped', 'η = 1/(2L₀), threshold 2L₀/(3L₁), the defaults'),
  ],
  claims(chosen) {
    const { slopes } = chosen;
    const [first, last] = [slopes[0]!, slopes.at(-1)!];
    const more = Math.ceil(3 * Math.abs(Math.log(last / first)) + 2);
    const times = longest(first, chosen) / longest(last, chosen);
    return [
      {
        name: 'diverges',
        statement: 'With step sizes above H gradient descent never meets a gradient below M',
        source: 'Stillpoint’s, after Theorem 4',
        expected: true,
        judge([section]) {
          const runs = (section?.runs ?? []).slice(0, 2);
          const least = slopes.map((M) =>
            Math.min(...runs.map(({ values }) => (values[leastName(M)] ?? NaN) / M)),
          );
          if (runs.length < 2 || least.some(Number.isNaN)) return undefined;
          return {
            holds: least.every((share) => share >= 1 - 1e-9), // rounding of the slope at the start
            measured: `the least gradient is ${least.map((share) => share.toPrecision(4)).join(', ')} times M`,
          };
        },
      },
      {
        name: 'steps',
        statement:
          'With step sizes below H it takes more than (d − ε ln(3)/L₀)/(2εH) steps, a number that grows with M/log M',
        source: 'Stillpoint’s, after Theorem 4',
        expected: true,
        judge([section]) {
          const runs = (section?.runs ?? []).slice(2, 4);
          const ratios = slopes.map((M) =>
            Math.min(...runs.map(({ values }) => (values[stepsName(M)] ?? NaN) / fewest(M, chosen))),
          );
          if (runs.length < 2 || ratios.some(Number.isNaN)) return undefined;
          return {
            holds: ratios.every((ratio) => ratio > 1),
            measured: `the fewest steps are ${ratios.map((ratio) => ratio.toPrecision(4)).join(', ')} times that`,
          };
        },
      },
      {
        name: 'clipped',
        // a clipped step is of 1/(3L₁), and divides the slope along x by about the cube root of e
        statement: `When M grows from ${first} to ${last} clipped gradient takes at most 3 ln(M′/M) + 2 steps more, ${more}; gradient descent at its best takes ${times.toPrecision(3)} times as many, as 1/H, to a tenth`,
        source: 'Stillpoint’s, after Theorems 3 and 4',
        expected: true,
        judge([section]) {
          const [runs, [clipped]] = [section?.runs.slice(2, 4) ?? [], section?.runs.slice(4) ?? []];
          const stepsOf = (values: Runs[number]['values'] = {}): readonly number[] =>
            [first, last].map((M) => values[stepsName(M)] ?? NaN);
          const [before = NaN, after = NaN] = stepsOf(clipped?.values);
          const growth = Math.min(
            ...runs.map(({ values }) => stepsOf(values)).map(([a = NaN, b = NaN]) => b / a),
          );
          // of few steps a tenth is rounding
          if (Number.isNaN(after - before + growth) || fewest(first, chosen) < 100) return undefined;
          return {
            holds: after - before <= more && Math.abs(growth / times - 1) <= 0.1,
            measured: `clipped ${after - before} more (${after} steps), plain ${growth.toPrecision(3)} times`,
          };
        },
      },
    ];
  },
  run: table,
});
