import { norm } from '@stillpoint/operators';
import { gda, iterate } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { minimisationFrom } from '@stillpoint/problems';
import type { Section } from '@stillpoint/tracking';
import { ours, published, type Figure, type FigureOptions } from '../paper.js';
import { gradientSteps, tableSection, type Row } from '../runs.js';

const [L0, L1, ε, d] = [1, 10, 0.02, 25];
const SLOPES = [100, 1000, 10_000];
/** Step sizes of gradient descent, as shares of H. */
const SHARES = [4, 1.01, 0.99, 0.5];
/** So many steps are made by a run that never arrives; it overflows, or x keeps changing its sign. */
const FRUITLESS = 10_000;

/** H: with a step size of H or more gradient descent does not converge. */
const longest = (M: number): number => (2 * Math.log1p((L1 * M) / L0)) / (L1 * M);
/** With a shorter one it takes more steps than this: y moves by less than 2εh in each. */
const fewest = (M: number): number => (d - (ε * Math.log(3)) / L0) / (2 * ε * longest(M));
const stepsName = (M: number): string => `steps${M}`;
const leastName = (M: number): string => `least${M}`;

/** Steps until ‖∇f‖ ≤ ε, null if that does not happen, and the least ‖∇f‖. Each method is made for its M. */
function measure(
  M: number,
  share: number | undefined,
): { readonly steps: number | null; readonly least: number } {
  const { exact: game } = minimisationFrom(
    `clipping-lower-bound(L0=${L0}, L1=${L1}, gradient=${M}, accuracy=${ε}, distance=${d})`,
  );
  const method =
    share === undefined ? methodFrom('clipped-gradient', game.facts) : gda({ stepSize: share * longest(M) });
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

async function table({ quick, onProgress, signal }: FigureOptions): Promise<readonly Section[]> {
  const slopes = quick ? SLOPES.slice(0, 2) : SLOPES;
  const rows: Row[] = [];
  for (const [i, share] of [...SHARES, undefined].entries()) {
    const label = share === undefined ? 'clipped gradient' : `gradient descent, h = ${share}H`;
    const values: { [name: string]: number | null } = {};
    let total = 0;
    for (const M of slopes) {
      if (signal?.aborted) break;
      onProgress?.(i / (SHARES.length + 1), `${label}, M = ${M}`);
      const { steps, least } = measure(M, share);
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
/** The slopes that were measured. */
const slopesOf = (runs: Runs): readonly number[] =>
  SLOPES.filter((M) => runs.some(({ values }) => values[leastName(M)] !== undefined));

/** Gradient descent with every step size against clipped gradient. */
export const lowerBound: Figure = {
  name: 'lower-bound',
  title: 'A function on which every step size of gradient descent is wrong',
  shows:
    'Gradient descent with one step size on a function with a steep and a flat part: a step that is short enough for the one is too short for the other. Clipped gradient needs no such choice.',
  takes: 'seconds',
  settings: [
    published(
      'lower bound',
      'Ω((L₁M/log M + L₀)D/ε²) steps for every fixed step size',
      'the paper, Theorem 4 as told in Remark 5',
    ),
    ours(
      'function',
      'clipping-lower-bound, with a proof of its own; the formula of the paper’s could not be read',
    ),
    ours('L₀, L₁, ε', `${L0}, ${L1}, ${ε}`),
    ours('M', SLOPES.join(', ')),
    ours('clipped', 'η = 1/(2L₀), threshold 2L₀/(3L₁), the defaults'),
  ],
  claims: [
    {
      name: 'diverges',
      statement: 'With step sizes above H gradient descent never meets a gradient below M',
      source: 'ours, after Theorem 4',
      expected: true,
      judge([section]) {
        const runs = (section?.runs ?? []).slice(0, 2);
        const least = slopesOf(runs).map((M) =>
          Math.min(...runs.map(({ values }) => (values[leastName(M)] ?? NaN) / M)),
        );
        if (least.length === 0 || least.some(Number.isNaN)) return undefined;
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
      source: 'ours, after Theorem 4',
      expected: true,
      judge([section]) {
        const runs = (section?.runs ?? []).slice(2, 4);
        const ratios = slopesOf(runs).map((M) =>
          Math.min(...runs.map(({ values }) => (values[stepsName(M)] ?? NaN) / fewest(M))),
        );
        if (ratios.length === 0 || ratios.some(Number.isNaN)) return undefined;
        return {
          holds: ratios.every((ratio) => ratio > 1),
          measured: `the fewest steps are ${ratios.map((ratio) => ratio.toPrecision(4)).join(', ')} times that`,
        };
      },
    },
    {
      name: 'clipped',
      statement:
        'When M grows from 100 to 1000 clipped gradient takes at most 1.1 times as many steps, gradient descent at its best at least 5 times',
      source: 'ours, after Theorems 3 and 4',
      expected: true,
      judge([section]) {
        const [runs, [clipped]] = [section?.runs.slice(2, 4) ?? [], section?.runs.slice(4) ?? []];
        const growth = (values: Runs[number]['values'] = {}): number =>
          (values[stepsName(1000)] ?? NaN) / (values[stepsName(100)] ?? NaN);
        const [ofClipped, ofPlain] = [
          growth(clipped?.values),
          Math.min(...runs.map((run) => growth(run.values))),
        ];
        if (Number.isNaN(ofClipped + ofPlain)) return undefined;
        return {
          holds: ofClipped <= 1.1 && ofPlain >= 5,
          measured: `clipped ${ofClipped.toPrecision(3)} times (${clipped?.values[stepsName(1000)]} steps), plain ${ofPlain.toPrecision(3)} times`,
        };
      },
    },
  ],
  run: table,
};
