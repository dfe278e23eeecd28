import { gda, solve } from '@stillpoint/optimizers';
import { contractionAlong, pricesOf, type Contraction } from '@stillpoint/optimizers/drivers';
import type { BoxCounting } from '@stillpoint/metrics';
import { callsOf, emptyLedger, type Problem } from '@stillpoint/operators';
import type { Row } from '../runs.js';

/** A run of stochastic gradient steps, and how many batches a step may draw. */
export interface Drawn {
  readonly label: string;
  readonly problem: Problem;
  readonly stepSize: number;
  readonly batches: number;
  readonly steps: number;
}

/** What a run went through. */
export interface Iterates {
  /** z after each step from the start on, flat, without the first `SKIPPED`. */
  readonly points: Float64Array;
  readonly contraction: Contraction;
  readonly row: Omit<Row, 'values'>;
}

/**
 * This number of steps brings any start nearer to the set than numbers can tell, if they shrink by 0.71 or
 * less.
 */
const SKIPPED = 110;

/** Makes a run. The derivatives of these steps are the same everywhere, so few points are enough for R̂. */
export async function iteratesOf({ label, problem, stepSize, batches, steps }: Drawn): Promise<Iterates> {
  const { dim } = problem;
  const points = new Float64Array(Math.max(0, steps + 1 - SKIPPED) * dim);
  const along = contractionAlong(problem, { stepSize, batches, every: Math.max(1, steps >> 3) });
  let k = 0;
  const run = solve(problem, gda({ stepSize }), {
    steps,
    observe(progress) {
      along.observe(progress);
      if (k >= SKIPPED) points.set(progress.state.z, (k - SKIPPED) * dim);
      k++;
    },
  });
  const { steps: made } = run.ledger;
  const calls = callsOf(run.ledger, pricesOf(problem), problem.terms?.count);
  return {
    points,
    contraction: await along.measure(),
    row: {
      label,
      method: `gda(stepSize=${stepSize})`,
      status: run.status,
      message: run.message,
      // in passes over the terms, of which the rows of a table have different numbers
      ledger: {
        ...emptyLedger(problem.players.length),
        steps: made,
        gradients: problem.players.map(() => calls),
      },
      calls,
    },
  };
}

/** Boxes over 1/side, and the line of the bound's slope through the first of them. */
export function countSeries({ counts }: BoxCounting, dimension: number): NonNullable<Row['series']> {
  const x = counts.map(({ side }) => 1 / side);
  const first = counts[0]!.boxes;
  return {
    boxes: { x, y: counts.map(({ boxes }) => boxes) },
    bound: { x, y: x.map((at) => first * (at / x[0]!) ** dimension) },
  };
}

/** The counts of boxes of a row. */
export const boxesOf = (series: Row['series']): readonly (number | null)[] => series?.['boxes']?.y ?? [];
