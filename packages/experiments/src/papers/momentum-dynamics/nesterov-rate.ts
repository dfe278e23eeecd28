import { iterate, nesterov, nesterovMode } from '@stillpoint/optimizers';
import type { Section } from '@stillpoint/tracking';
import { ours, published, type Claimed, type Figure, type FigureOptions } from '../paper.js';
import { gradientSteps, tableSection, type Row } from '../runs.js';
import { bowl } from './bowl.js';

const FRICTIONS = [2, 3, 6, 8];
const S = 1e-4;
const STEPS = 20_000;
/** Slopes are those in this window of time; λ√s·t grows from 0.2 to 2 in it. */
const [FROM, TO] = [20, 200];
/** z² has a maximum in every π of time. */
const PERIOD = Math.ceil(Math.PI / Math.sqrt(S));

/** The largest value in each period of the window, over the time, from values at k√s, k = 0, 1, … */
function maxima(values: readonly number[]): { readonly x: readonly number[]; readonly y: readonly number[] } {
  const found: { readonly x: number[]; readonly y: number[] } = { x: [], y: [] };
  for (let from = 0; from + PERIOD <= values.length; from += PERIOD) {
    const period = values.slice(from, from + PERIOD);
    const most = Math.max(...period);
    const t = (from + period.indexOf(most)) * Math.sqrt(S);
    if (t < FROM || t > TO) continue;
    found.x.push(t);
    found.y.push(most);
  }
  return found;
}

/** The slope of log y over log x, by least squares. */
function slopeOf({ x, y }: { readonly x: readonly number[]; readonly y: readonly number[] }): number {
  const mean = (of: readonly number[]): number => of.reduce((sum, v) => sum + Math.log(v) / of.length, 0);
  const [mx, my] = [mean(x), mean(y)];
  const over = x.reduce((sum, v, i) => sum + (Math.log(v) - mx) * (Math.log(y[i]!) - my), 0);
  return over / x.reduce((sum, v) => sum + (Math.log(v) - mx) ** 2, 0);
}

async function table({ onProgress, signal }: FigureOptions): Promise<readonly Section[]> {
  const rows: Row[] = [];
  for (const [i, d] of FRICTIONS.entries()) {
    if (signal?.aborted) break;
    onProgress?.(i / FRICTIONS.length, `d = ${d}`);
    const states = iterate(bowl, nesterov({ stepSize: S, friction: d }));
    const run = [1, ...Array.from({ length: STEPS }, () => states.next().value.z[0]! ** 2)];
    const mode = nesterovMode(1, d);
    const limit = run.map((_, k) => mode(k * Math.sqrt(S)) ** 2);
    const ofRun = maxima(run);
    rows.push({
      label: `d = ${d}`,
      method: `nesterov(stepSize=${S}, friction=${d})`,
      ...gradientSteps(STEPS),
      values: {
        limit: slopeOf(maxima(limit)),
        run: slopeOf(ofRun),
        freed: slopeOf(maxima(run.map((y, k) => y / (1 - S) ** k))),
      },
      series: { loss: { x: [...ofRun.x], y: [...ofRun.y] } },
    });
  }
  return [
    tableSection({
      title: 'How fast the largest losses fall: slopes of their logarithms',
      problem: bowl.name,
      about: `The slope of log z² over log t, of the largest z² in each period for t = k√s from ${FROM} to ${TO}, s = ${S}, λ = 1.`,
      columns: [
        { name: 'run', label: 'slope of the run', better: 'lower', digits: 4 },
        { name: 'freed', label: 'of the run, divided by (1 − sλ)ᵏ', better: 'lower', digits: 4 },
        { name: 'limit', label: 'of the limiting equation', better: 'lower', digits: 4 },
      ],
      rows,
      plots: [
        {
          draw: 'lines',
          name: 'loss',
          title: 'the largest z² in each period against t',
          panels: [{ series: 'loss' }],
          y: { label: 'z²', scale: 'log' },
        },
      ],
      verdict: [
        'The limiting equation is sublinear, t^−d. The method with any fixed step size has the factor (1 − sλ)ᵏ beside it, and is linear in the end.',
      ],
      identity: { problem: bowl.name, S, STEPS },
    }),
  ];
}

/** A claim about one column's slopes, by d. */
const slopes = (
  words: Pick<Claimed, 'name' | 'statement' | 'source'>,
  column: string,
  holds: (slope: number, d: number) => boolean,
): Claimed => ({
  ...words,
  expected: true,
  judge([section]) {
    const found = FRICTIONS.map((_, i) => section?.runs[i]?.values[column] ?? NaN);
    if (found.some(Number.isNaN)) return undefined;
    return {
      holds: FRICTIONS.every((d, i) => holds(found[i]!, d)),
      measured: FRICTIONS.map((d, i) => `d = ${d}: ${found[i]!.toFixed(3)}`).join('; '),
    };
  },
});

/** Nesterov's method and its limit, by d. */
export const nesterovRate: Figure = {
  name: 'nesterov-rate',
  title: 'Nesterov’s method is sublinear only in the limit of short steps',
  shows:
    'How fast the loss falls along one eigenvector, in the limiting equation and in a run, with the momentum (k − 1)/(k + d − 1).',
  takes: 'seconds',
  settings: [
    published('momentum', '(k − 1)/(k + d − 1)', 'the authors’ code, where k counts epochs'),
    ours('problem', '½z² from z = 1, λ = 1'),
    ours('s', `${S}, ${STEPS.toLocaleString('en')} steps`),
    ours('window', `t = k√s from ${FROM} to ${TO}`),
  ],
  claims: [
    slopes(
      {
        name: 'sublinear',
        statement: 'In the limiting equation the loss falls as t^−d, no faster: slopes within 1 % of −d',
        source: 'ours; the abstract says that Nesterov’s method “may only” converge sublinearly',
      },
      'limit',
      (slope, d) => Math.abs(slope + d) < d / 100,
    ),
    slopes(
      {
        name: 'linear',
        statement: 'A run is faster than that: its slope is below −d − 0.6 in the same window',
        source: 'ours',
      },
      'run',
      (slope, d) => slope < -d - 0.6 && slope > -d - 1,
    ),
    slopes(
      {
        name: 'factor',
        statement: 'What it has more is the factor (1 − sλ)ᵏ: without it slopes are within 1 % of −d',
        source: 'ours',
      },
      'freed',
      (slope, d) => Math.abs(slope + d) < d / 100,
    ),
  ],
  run: table,
};
