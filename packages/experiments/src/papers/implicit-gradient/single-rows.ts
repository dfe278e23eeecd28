import { integer, number, type Full } from '@stillpoint/operators';
import { train } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { problemFrom } from '@stillpoint/problems';
import type { Run, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf } from '../figure.js';
import { ours, type FigureOptions } from '../paper.js';
import { gradientSteps, tableSection, type Row } from '../runs.js';
import { short } from '../words.js';

const STEP_SIZES = [0.1, 1, 10, 100];
const options = {
  ...seedOptions(3),
  examples: integer({ about: 'rows', from: 1, to: 100_000, default: 500 }),
  dimension: integer({ about: 'columns', from: 1, to: 2000, default: 20 }),
  smallest: number({
    about: 'scale of the last column, the first having 1',
    above: 0,
    to: 1,
    default: 0.03,
  }),
  passes: integer({ about: 'passes over the rows', from: 1, default: 20 }),
};
type Values = Full<typeof options>;

async function table(values: Values, { onProgress, signal }: FigureOptions): Promise<readonly Section[]> {
  const { examples, dimension, smallest, passes } = values;
  const seeds = seedsOf(values);
  const sizes = `examples=${examples}, dimension=${dimension}, smallest=${smallest}, batch=1`;
  const rows: Row[] = [];
  for (const [i, seed] of seeds.entries())
    for (const η of STEP_SIZES)
      for (const method of [`implicit-gradient(stepSize=${η})`, `sgd-momentum(stepSize=${η}, momentum=0)`]) {
        if (signal?.aborted) return [];
        onProgress?.(i / seeds.length, method);
        const { problem, exact } = problemFrom(`stiff-regression(${sizes}, seed=${seed})`);
        const loss = new Float64Array(1);
        const at = (z: ArrayLike<number>): number => {
          exact.losses?.(Float64Array.from(z), loss);
          return loss[0]!;
        };
        const first = at(exact.start ?? []);
        const run = await train(problem, methodFrom(method), { steps: examples * passes });
        const left = at(run.z) / first;
        rows.push({
          label: method,
          method,
          seed,
          status: Number.isFinite(left) ? 'budget' : 'non-finite',
          values: { left: Number.isFinite(left) ? left : null },
          ...gradientSteps(run.steps),
          ledger: run.ledger,
          calls: run.calls,
        });
      }
  return [
    tableSection({
      title: 'Stiff least squares, one row in each step',
      problem: `stiff-regression(${sizes})`,
      about: `${passes} passes over the rows. One row’s implicit step is x − η(aᵀx − b)a/(1 + η‖a‖²). Calls are passes.`,
      columns: [{ name: 'left', label: 'loss, share of the first', better: 'lower', digits: 3 }],
      rows,
      verdict: ['Where SGD must take short steps or overflows, the implicit form takes any step size.'],
      identity: { examples, dimension, smallest, passes, STEP_SIZES },
    }),
  ];
}

/** What is left with a step size, in all runs of a kind of method. */
const leftOf = (runs: readonly Run[], kind: string, η: number): readonly number[] =>
  runs
    .filter(
      ({ method }) =>
        method.startsWith(`${kind}(stepSize=${η}`) && !method.startsWith(`${kind}(stepSize=${η}0`),
    )
    .map(({ values }) => values['left'] ?? NaN);

/** Implicit SGD on single rows of stiff least squares. */
export const singleRows = figure({
  name: 'single-rows',
  title: 'Implicit SGD on stiff least squares, one row in each step',
  shows:
    'What is left of the loss after some passes with short and with long steps, of implicit SGD and of SGD, where the columns have very different scales.',
  takes: 'seconds',
  options,
  quick: { seeds: 1 },
  settings: ({ examples, dimension, smallest, passes, ...values }) => [
    ours(
      'problem',
      `${examples} rows, ${dimension} columns of scales from 1 to ${smallest}, consistent targets; seeds ${seedsInWords(values)}`,
    ),
    ours('passes', `${passes}; rows drawn with replacement`),
    ours('step sizes', STEP_SIZES.join(', ')),
  ],
  claims: () => [
    {
      name: 'stable',
      statement:
        'With step sizes 1, 10 and 100 SGD overflows, and implicit SGD leaves less than 10⁻⁴ of the loss',
      source: 'Stillpoint’s; arXiv 2303.01767, abstract, has that implicit SGD overcomes stiffness',
      expected: true,
      judge([section]) {
        if (section === undefined) return undefined;
        const [implicit, explicit] = (['implicit-gradient', 'sgd-momentum'] as const).map((kind) =>
          [1, 10, 100].flatMap((η) => leftOf(section.runs, kind, η)),
        );
        if (implicit!.length < 3 || explicit!.length !== implicit!.length) return undefined;
        return {
          holds: implicit!.every((x) => x < 1e-4) && explicit!.every((x) => Number.isNaN(x)),
          measured: `implicit SGD ${short(Math.min(...implicit!))} to ${short(Math.max(...implicit!))}; SGD overflowed in ${explicit!.filter(Number.isNaN).length} of ${explicit!.length} runs`,
        };
      },
    },
    {
      name: 'short',
      statement: 'With step size 0.1, which suits both, SGD leaves less, by a factor of at most 3',
      source: 'Stillpoint’s',
      expected: true,
      judge([section]) {
        if (section === undefined) return undefined;
        const [implicit, explicit] = ['implicit-gradient', 'sgd-momentum'].map((kind) =>
          leftOf(section.runs, kind, 0.1),
        );
        if (implicit!.length === 0 || implicit!.length !== explicit!.length) return undefined;
        const ratios = implicit!.map((x, i) => x / explicit![i]!);
        return {
          holds: ratios.every((ratio) => ratio > 1 && ratio < 3),
          measured: `implicit over explicit: ${ratios.map(short).join(', ')}`,
        };
      },
    },
  ],
  run: table,
});
