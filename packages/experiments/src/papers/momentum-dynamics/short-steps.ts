import { number, numbers, type Full, type Method, type State } from '@stillpoint/operators';
import {
  gda,
  gradientMode,
  heavyBall,
  heavyBallMode,
  iterate,
  nesterov,
  nesterovMode,
  type Mode,
} from '@stillpoint/optimizers';
import type { Section } from '@stillpoint/tracking';
import { figure } from '../figure.js';
import { ours, type FigureOptions } from '../paper.js';
import { gradientSteps, tableSection, type Row } from '../runs.js';
import { bowl } from './bowl.js';

const options = {
  stepSizes: numbers({
    about: 's; the order is measured from the first to the last',
    from: 1e-6,
    to: 0.01,
    default: [1e-3, 1e-4, 1e-5],
  }),
  damping: number({ about: 'b of the heavy ball', above: 0, to: 5, default: 1.2 }),
  friction: number({ about: 'd of Nesterov’s method', from: 1, to: 100, default: 3 }),
  time: number({ about: 'up to which time runs go', above: 0, to: 1000, default: 20 }),
};
type Values = Full<typeof options>;

/** A method, how long a step of it is in the time of its limit, its limit, and the order of the error. */
interface Contender {
  readonly label: string;
  readonly make: (s: number) => Method<State>;
  readonly unit: (s: number) => number;
  readonly mode: Mode;
  readonly order: number;
}
const contendersOf = ({ damping, friction }: Values): readonly Contender[] => [
  {
    label: 'gradient descent',
    make: (s) => gda({ stepSize: s }),
    unit: (s) => s,
    mode: gradientMode(1),
    order: 1,
  },
  {
    label: `heavy ball, b = ${damping}`,
    make: (s) => heavyBall({ stepSize: s, momentum: 1 - damping * Math.sqrt(s) }),
    unit: Math.sqrt,
    mode: heavyBallMode(1, damping),
    order: 1 / 2,
  },
  {
    label: `Nesterov, d = ${friction}`,
    make: (s) => nesterov({ stepSize: s, friction }),
    unit: Math.sqrt,
    mode: nesterovMode(1, friction),
    order: 1 / 2,
  },
];
const nameOf = (s: number): string => `error${s}`;

async function table(given: Values, { onProgress, signal }: FigureOptions): Promise<readonly Section[]> {
  const { stepSizes: sizes, damping, friction, time } = given;
  const contenders = contendersOf(given);
  const rows: Row[] = [];
  for (const [i, { label, make, unit, mode }] of contenders.entries()) {
    if (signal?.aborted) break;
    onProgress?.(i / contenders.length, label);
    const values: { [name: string]: number } = {};
    let steps = 0;
    for (const s of sizes) {
      const states = iterate(bowl, make(s));
      let most = 0;
      for (let k = 1; k * unit(s) <= time; k++, steps++)
        most = Math.max(most, Math.abs(states.next().value.z[0]! - mode(k * unit(s))));
      values[nameOf(s)] = most;
    }
    rows.push({
      label,
      method: `${make(sizes[0]!).name}, s as in the columns`,
      ...gradientSteps(steps),
      values,
    });
  }
  return [
    tableSection({
      title: 'The largest distance from the limiting equation',
      problem: bowl.name,
      about: `Runs on ½z² beside the exact solution of the differential equation, up to the time ${time}: t = ks for gradient descent, t = k√s for the heavy ball and for Nesterov’s method.`,
      columns: sizes.map((s) => ({
        name: nameOf(s),
        label: `distance, s = ${s}`,
        better: 'lower' as const,
        digits: 3,
      })),
      rows,
      verdict: [
        'With momentum the error falls as √s: a thousandth of the step size for a thirtieth of the error.',
      ],
      identity: { problem: bowl.name, damping, friction, time, stepSizes: [...sizes] },
    }),
  ];
}

/** Runs beside the limits of their methods. */
export const shortSteps = figure({
  name: 'short-steps',
  title: 'Momentum methods beside the equations they discretise',
  shows:
    'How far gradient descent, the heavy ball and Nesterov’s method stay from the exact solutions of their limiting differential equations, along one eigenvector of the kernel.',
  takes: 'seconds',
  options,
  settings: ({ stepSizes, damping, friction, time }) => [
    ours('problem', '½z² from z = 1: the residual along an eigenvector of the eigenvalue 1'),
    ours('s', stepSizes.join(', ')),
    ours('heavy ball', `β = 1 − b√s, b = ${damping}`),
    ours('Nesterov', `d = ${friction}; the limit by a Bessel function`),
    ours('time', `up to ${time}`),
  ],
  claims: (values) => [
    {
      name: 'order',
      statement:
        'The error of gradient descent falls as s, that of the heavy ball and of Nesterov’s method as √s: the orders are within 0.03 of 1 and ½',
      source: 'Stillpoint’s, after the paper’s limiting equations',
      expected: true,
      judge([section]) {
        const contenders = contendersOf(values);
        const [first, last] = [values.stepSizes[0]!, values.stepSizes.at(-1)!];
        const orders = contenders.map((_, i) => {
          const found = section?.runs[i]?.values ?? {};
          const errors = [first, last].map((s) => found[nameOf(s)] ?? NaN);
          return Math.log(errors[0]! / errors[1]!) / Math.log(first / last);
        });
        if (orders.some(Number.isNaN)) return undefined;
        return {
          holds: contenders.every(({ order }, i) => Math.abs(orders[i]! - order) < 0.03),
          measured: contenders.map(({ label }, i) => `${label}: ${orders[i]!.toFixed(3)}`).join('; '),
        };
      },
    },
  ],
  run: table,
});
