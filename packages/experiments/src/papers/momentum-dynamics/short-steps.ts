import type { Method, State } from '@stillpoint/operators';
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
import { ours, type Figure, type FigureOptions } from '../paper.js';
import { gradientSteps, tableSection, type Row } from '../runs.js';
import { bowl } from './bowl.js';

const SIZES = [1e-3, 1e-4, 1e-5];
/** b of the heavy ball. */
const DAMPING = 1.2;
/** Up to this time. */
const UNTIL = 20;

/** Methods, how long a step of each is in the time of its limit, its limit, and the order of the error. */
const contenders: readonly {
  readonly label: string;
  readonly make: (s: number) => Method<State>;
  readonly unit: (s: number) => number;
  readonly mode: Mode;
  readonly order: number;
}[] = [
  {
    label: 'gradient descent',
    make: (s) => gda({ stepSize: s }),
    unit: (s) => s,
    mode: gradientMode(1),
    order: 1,
  },
  {
    label: `heavy ball, b = ${DAMPING}`,
    make: (s) => heavyBall({ stepSize: s, momentum: 1 - DAMPING * Math.sqrt(s) }),
    unit: Math.sqrt,
    mode: heavyBallMode(1, DAMPING),
    order: 1 / 2,
  },
  {
    label: 'Nesterov, d = 3',
    make: (s) => nesterov({ stepSize: s }),
    unit: Math.sqrt,
    mode: nesterovMode(1, 3),
    order: 1 / 2,
  },
];
const nameOf = (s: number): string => `error${s}`;

async function table({ onProgress, signal }: FigureOptions): Promise<readonly Section[]> {
  const rows: Row[] = [];
  for (const [i, { label, make, unit, mode }] of contenders.entries()) {
    if (signal?.aborted) break;
    onProgress?.(i / contenders.length, label);
    const values: { [name: string]: number } = {};
    let steps = 0;
    for (const s of SIZES) {
      const states = iterate(bowl, make(s));
      let most = 0;
      for (let k = 1; k * unit(s) <= UNTIL; k++, steps++)
        most = Math.max(most, Math.abs(states.next().value.z[0]! - mode(k * unit(s))));
      values[nameOf(s)] = most;
    }
    rows.push({
      label,
      method: `${make(SIZES[0]!).name}, s as in the columns`,
      ...gradientSteps(steps),
      values,
    });
  }
  return [
    tableSection({
      title: 'The largest distance from the limiting equation',
      problem: bowl.name,
      about: `Runs on ½z² beside the exact solution of the differential equation, up to the time ${UNTIL}: t = ks for gradient descent, t = k√s for the heavy ball and for Nesterov’s method.`,
      columns: SIZES.map((s) => ({
        name: nameOf(s),
        label: `distance, s = ${s}`,
        better: 'lower' as const,
        digits: 3,
      })),
      rows,
      verdict: [
        'With momentum the error falls as √s: a thousandth of the step size for a thirtieth of the error.',
      ],
      identity: { problem: bowl.name, DAMPING, UNTIL, SIZES },
    }),
  ];
}

/** Runs beside the limits of their methods. */
export const shortSteps: Figure = {
  name: 'short-steps',
  title: 'Momentum methods beside the equations they discretise',
  shows:
    'How far gradient descent, the heavy ball and Nesterov’s method stay from the exact solutions of their limiting differential equations, along one eigenvector of the kernel.',
  takes: 'seconds',
  settings: [
    ours('problem', '½z² from z = 1: the residual along an eigenvector of the eigenvalue 1'),
    ours('s', SIZES.join(', ')),
    ours('heavy ball', `β = 1 − b√s, b = ${DAMPING}`),
    ours('Nesterov', 'd = 3; the limit by a Bessel function'),
  ],
  claims: [
    {
      name: 'order',
      statement:
        'The error of gradient descent falls as s, that of the heavy ball and of Nesterov’s method as √s: the orders are within 0.03 of 1 and ½',
      source: 'ours, after the paper’s limiting equations',
      expected: true,
      judge([section]) {
        const orders = contenders.map((_, i) => {
          const { values = {} } = section?.runs[i] ?? {};
          const [first, last] = [values[nameOf(SIZES[0]!)] ?? NaN, values[nameOf(SIZES.at(-1)!)] ?? NaN];
          return Math.log(first / last) / Math.log(SIZES[0]! / SIZES.at(-1)!);
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
};
