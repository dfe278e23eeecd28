import { train } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { problemFrom } from '@stillpoint/problems';
import type { Run, Section } from '@stillpoint/tracking';
import { ours, type Figure, type FigureOptions } from '../paper.js';
import { gradientSteps, tableSection, type Row } from '../runs.js';
import { short } from '../words.js';

const STEP_SIZES = [0.1, 1, 10, 100];
const EXAMPLES = 500;
const PASSES = 20;

async function table({ quick, onProgress, signal }: FigureOptions): Promise<readonly Section[]> {
  const seeds = quick ? [1] : [1, 2, 3];
  const rows: Row[] = [];
  for (const [i, seed] of seeds.entries())
    for (const η of STEP_SIZES)
      for (const method of [`implicit-gradient(stepSize=${η})`, `sgd-momentum(stepSize=${η}, momentum=0)`]) {
        if (signal?.aborted) return [];
        onProgress?.(i / seeds.length, method);
        const { problem, exact } = problemFrom(
          `stiff-regression(examples=${EXAMPLES}, batch=1, seed=${seed})`,
        );
        const loss = new Float64Array(1);
        const at = (z: ArrayLike<number>): number => {
          exact.losses?.(Float64Array.from(z), loss);
          return loss[0]!;
        };
        const first = at(exact.start ?? []);
        const run = await train(problem, methodFrom(method), { steps: EXAMPLES * PASSES });
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
      problem: `stiff-regression(examples=${EXAMPLES}, batch=1)`,
      about: `${PASSES} passes over the rows. One row’s implicit step is x − η(aᵀx − b)a/(1 + η‖a‖²). Calls are passes.`,
      columns: [{ name: 'left', label: 'loss, share of the first', better: 'lower', digits: 3 }],
      rows,
      verdict: ['Where SGD must take short steps or overflows, the implicit form takes any step size.'],
      identity: { EXAMPLES, PASSES, STEP_SIZES, seeds },
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
export const singleRows: Figure = {
  name: 'single-rows',
  title: 'Implicit SGD on stiff least squares, one row in each step',
  shows:
    'What is left of the loss after 20 passes with step sizes from 0.1 to 100, of implicit SGD and of SGD, where the columns have scales from 1 to 0.03.',
  takes: 'seconds',
  settings: [
    ours('problem', '500 rows, 20 columns of scales from 1 to 0.03, consistent targets; seeds 1 to 3'),
    ours('passes', '20; rows drawn with replacement'),
    ours('step sizes', STEP_SIZES.join(', ')),
  ],
  claims: [
    {
      name: 'stable',
      statement:
        'With step sizes 1, 10 and 100 SGD overflows, and implicit SGD leaves less than 10⁻⁴ of the loss',
      source: 'ours; arXiv 2303.01767, abstract, has that implicit SGD overcomes stiffness',
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
      source: 'ours',
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
};
