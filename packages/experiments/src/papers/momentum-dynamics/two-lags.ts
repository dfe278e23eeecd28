import { InputError, numbers, type Full } from '@stillpoint/operators';
import { higherMomentum, iterate } from '@stillpoint/optimizers';
import type { Section } from '@stillpoint/tracking';
import { figure } from '../figure.js';
import { ours, published, type FigureOptions } from '../paper.js';
import { gradientSteps, tableSection, type Row } from '../runs.js';
import { bowl } from './bowl.js';

const options = {
  momentum: numbers({ about: 'β₁ of each pair', from: 0, to: 0.95, default: [0, 0.2, 0.2, 0.2] }),
  secondMomentum: numbers({
    about: 'β₂ of each pair; β₁ + β₂ is at most 1',
    from: 0,
    to: 0.9,
    default: [0, 0.2, 0.5, 0.8],
  }),
};
type Values = Full<typeof options>;

/** @throws InputError for lists of different lengths, and for a pair with which no step converges. */
function pairsOf({ momentum, secondMomentum }: Values): readonly (readonly [β1: number, β2: number])[] {
  if (momentum.length !== secondMomentum.length)
    throw new InputError(
      `figure two-lags: momentum has ${momentum.length} values and secondMomentum ${secondMomentum.length}; expected as many`,
    );
  return momentum.map((β1, i) => {
    const β2 = secondMomentum[i]!;
    if (β1 + β2 > 1) throw new InputError(`figure two-lags: β₁ + β₂ is ${β1} + ${β2}; expected at most 1`);
    return [β1, β2];
  });
}
const [STEPS, HALVINGS] = [4000, 12];

/** Whether a run from z = 1 ends nearer to 0; near the limit it moves by 1 part in 1,000 in some steps. */
function converges(β1: number, β2: number, stepSize: number): boolean {
  const states = iterate(bowl, higherMomentum({ stepSize, momentum: β1, secondMomentum: β2 }));
  let most = 0;
  for (let k = 0; k < STEPS; k++) {
    const size = Math.abs(states.next().value.z[0]!);
    if (!(size < 1e6)) return false;
    if (k >= STEPS - 100) most = Math.max(most, size);
  }
  return most < 1;
}

async function table(values: Values, { onProgress, signal }: FigureOptions): Promise<readonly Section[]> {
  const pairs = pairsOf(values);
  const rows: Row[] = [];
  for (const [i, [β1, β2]] of pairs.entries()) {
    if (signal?.aborted) break;
    onProgress?.(i / pairs.length, `β = (${β1}, ${β2})`);
    let [low, high] = [0.1, 4];
    for (let n = 0; n < HALVINGS; n++) {
      const middle = (low + high) / 2;
      if (converges(β1, β2, middle)) low = middle;
      else high = middle;
    }
    rows.push({
      label: `β = (${β1}, ${β2})`,
      method: `higher-momentum(momentum=${β1}, secondMomentum=${β2})`,
      ...gradientSteps(HALVINGS * STEPS), // at most: a run that diverges ends earlier
      values: {
        measured: (low + high) / 2,
        stated: 2 * (1 + β1 - β2),
        root: (β1 + Math.sqrt(β1 ** 2 + 4 * β2)) / 2,
      },
    });
  }
  return [
    tableSection({
      title: 'The longest step with which momentum of two lags converges',
      problem: bowl.name,
      about: `Found by ${HALVINGS} bisections of runs of ${STEPS.toLocaleString('en')} steps on ½z², so in units of 1/L.`,
      columns: [
        { name: 'measured', label: 'longest step, in 1/L', better: 'higher', digits: 4 },
        { name: 'stated', label: '2(1 + β₁ − β₂)', better: 'higher', digits: 4 },
        { name: 'root', label: 'the larger root of r² = β₁r + β₂', better: 'lower', digits: 4 },
      ],
      rows,
      verdict: [
        'With a root at 1, as of (0.2, 0.8), short steps still converge, but the limit is 0.8/L: less than half of that of gradient descent, and where the curvature grows in training it is the first to be passed.',
      ],
      identity: { problem: bowl.name, STEPS, HALVINGS },
    }),
  ];
}

/** How long steps of momentum of two lags may be. */
export const twoLags = figure({
  name: 'two-lags',
  title: 'Momentum of two lags: how long steps may be',
  shows:
    'The pairs (β₁, β₂) of the authors’ code, and the longest step size with which each converges on a quadratic.',
  takes: 'seconds',
  options,
  settings: ({ momentum, secondMomentum }) => [
    published('(β₁, β₂)', '(0.2, 0.2), (0.2, 0.5), (0.2, 0.8)', 'the authors’ code'),
    ours('problem', '½z² from z = 1; (0, 0) is gradient descent'),
    ours('pairs', momentum.map((β1, i) => `(${β1}, ${secondMomentum[i]})`).join(', ')),
  ],
  claims: (values) => [
    {
      name: 'limit',
      statement: 'The longest step is 2(1 + β₁ − β₂)/L, to within 2 %',
      source: 'Stillpoint’s, by Jury’s conditions',
      expected: true,
      judge([section]) {
        const pairs = pairsOf(values);
        const found = pairs.map((_, i) => section?.runs[i]?.values['measured'] ?? NaN);
        if (found.some(Number.isNaN)) return undefined;
        return {
          holds: pairs.every(([β1, β2], i) => Math.abs(found[i]! / (2 * (1 + β1 - β2)) - 1) < 0.02),
          measured: pairs.map(([β1, β2], i) => `(${β1}, ${β2}): ${found[i]!.toPrecision(4)}`).join('; '),
        };
      },
    },
  ],
  run: table,
});
