import { number, numbers, type Full } from '@stillpoint/operators';
import { iterate, nesterov, nesterovMode } from '@stillpoint/optimizers';
import type { Section } from '@stillpoint/tracking';
import { figure } from '../figure.js';
import { ours, published, type Claimed, type FigureOptions } from '../paper.js';
import { gradientSteps, tableSection, type Row } from '../runs.js';
import { short } from '../words.js';
import { bowl } from './bowl.js';

const options = {
  frictions: numbers({ about: 'friction', symbol: 'd', from: 1, to: 100, default: [2, 3, 6, 8] }),
  stepSize: number({ about: 'step size', symbol: 's', from: 1e-6, to: 1e-3, default: 1e-4 }),
};
type Values = Full<typeof options>;

/** Slopes are those in the window of time in which λ√s·t grows from 0.2 to 2. */
const windowOf = ({ stepSize }: Values): { readonly from: number; readonly to: number } => ({
  from: 0.2 / Math.sqrt(stepSize),
  to: 2 / Math.sqrt(stepSize),
});
const stepsOf = ({ stepSize }: Values): number => Math.round(2 / stepSize);

/** The largest value in each period of the window, over the time, from values at k√s, k = 0, 1, … */
function maxima(
  values: readonly number[],
  given: Values,
): { readonly x: readonly number[]; readonly y: readonly number[] } {
  const { from: first, to: last } = windowOf(given);
  const unit = Math.sqrt(given.stepSize);
  // z² has a maximum in every π of time
  const length = Math.ceil(Math.PI / unit);
  const found: { readonly x: number[]; readonly y: number[] } = { x: [], y: [] };
  for (let from = 0; from + length <= values.length; from += length) {
    const period = values.slice(from, from + length);
    const most = Math.max(...period);
    const t = (from + period.indexOf(most)) * unit;
    if (t < first || t > last) continue;
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

async function table(given: Values, { onProgress, signal }: FigureOptions): Promise<readonly Section[]> {
  const { frictions, stepSize: s } = given;
  const steps = stepsOf(given);
  const { from, to } = windowOf(given);
  const rows: Row[] = [];
  for (const [i, d] of frictions.entries()) {
    if (signal?.aborted) break;
    onProgress?.(i / frictions.length, `d = ${d}`);
    const states = iterate(bowl, nesterov({ stepSize: s, friction: d }));
    const run = [1, ...Array.from({ length: steps }, () => states.next().value.z[0]! ** 2)];
    const mode = nesterovMode(1, d);
    const limit = run.map((_, k) => mode(k * Math.sqrt(s)) ** 2);
    const ofRun = maxima(run, given);
    rows.push({
      label: `d = ${d}`,
      method: `nesterov(stepSize=${s}, friction=${d})`,
      ...gradientSteps(steps),
      values: {
        limit: slopeOf(maxima(limit, given)),
        run: slopeOf(ofRun),
        freed: slopeOf(
          maxima(
            run.map((y, k) => y / (1 - s) ** k),
            given,
          ),
        ),
      },
      series: { loss: { x: [...ofRun.x], y: [...ofRun.y] } },
    });
  }
  return [
    tableSection({
      title: 'How fast the largest losses fall: slopes of their logarithms',
      problem: bowl.name,
      about: `The slope of log z² over log t, of the largest z² in each period for t = k√s from ${short(from)} to ${short(to)}, s = ${s}, λ = 1.`,
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
      identity: { problem: bowl.name, s, steps },
    }),
  ];
}

/** A claim about one column's slopes, by d. */
const slopes = (
  { frictions }: Values,
  words: Pick<Claimed, 'name' | 'statement' | 'source'>,
  column: string,
  holds: (slope: number, d: number) => boolean,
): Claimed => ({
  ...words,
  expected: true,
  judge([section]) {
    const found = frictions.map((_, i) => section?.runs[i]?.values[column] ?? NaN);
    if (found.some(Number.isNaN)) return undefined;
    return {
      holds: frictions.every((d, i) => holds(found[i]!, d)),
      measured: frictions.map((d, i) => `d = ${d}: ${found[i]!.toFixed(3)}`).join('; '),
    };
  },
});

/** Nesterov's method and its limit, by d. */
export const nesterovRate = figure({
  name: 'nesterov-rate',
  title: 'Nesterov’s method is sublinear only in the limit of short steps',
  shows:
    'How fast the loss falls along one eigenvector, in the limiting equation and in a run, with the momentum (k − 1)/(k + d − 1).',
  takes: 'seconds',
  options,
  settings: (values) => [
    published('momentum', '(k − 1)/(k + d − 1)', 'the authors’ code, where k counts epochs'),
    ours('problem', '½z² from z = 1, λ = 1'),
    ours('s', `${values.stepSize}, ${stepsOf(values).toLocaleString('en')} steps`),
    ours('window', `t = k√s from ${short(windowOf(values).from)} to ${short(windowOf(values).to)}`),
  ],
  claims: (values) => [
    slopes(
      values,
      {
        name: 'sublinear',
        statement: 'In the limiting equation the loss falls as t^−d, no faster: slopes within 1 % of −d',
        source: 'Stillpoint’s; the abstract says that Nesterov’s method “may only” converge sublinearly',
      },
      'limit',
      (slope, d) => Math.abs(slope + d) < d / 100,
    ),
    slopes(
      values,
      {
        name: 'linear',
        statement: 'A run is faster than that: its slope is below −d − 0.6 in the same window',
        source: 'Stillpoint’s',
      },
      'run',
      (slope, d) => slope < -d - 0.6 && slope > -d - 1,
    ),
    slopes(
      values,
      {
        name: 'factor',
        statement: 'What it has more is the factor (1 − sλ)ᵏ: without it slopes are within 1 % of −d',
        source: 'Stillpoint’s',
      },
      'freed',
      (slope, d) => Math.abs(slope + d) < d / 100,
    ),
  ],
  run: table,
});
