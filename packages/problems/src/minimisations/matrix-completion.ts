import {
  constraintOf,
  InputError,
  linearGap,
  normal,
  nuclearBall,
  randomFrom,
  svd,
} from '@stillpoint/operators';
import * as option from '../options.js';
import { finiteSum, type FiniteSumGame } from './finite-sum.js';
import { minimisationWithBatches } from '../kinds/minimisation.js';

/**
 * Matrix completion: f(X) = (1/N) Σ ½(X_ij − M_ij)² over the N entries that are seen, on the nuclear ball
 * whose radius is the nuclear norm of the hidden matrix M, seeded and of low rank with entries of size 1. L =
 * 1/N. With no noise M is a solution, and f* = 0. @throws InputError for more examples than entries, and a
 * rank too high.
 */
export const matrixCompletion = minimisationWithBatches({
  name: 'matrix-completion',
  about: 'a seeded matrix of low rank from some of its entries, on a nuclear ball',
  reference: 'Jaggi, Sulovský 2010',
  options: {
    examples: option.integer({
      about: 'entries that are seen: terms of the sum',
      symbol: 'N',
      from: 1,
      default: 80,
    }),
    dimension: option.integer({ about: 'rows of the matrix', from: 1, to: 500, default: 12 }),
    columns: option.integer({ about: 'columns of the matrix', from: 1, to: 500, default: 10 }),
    rank: option.integer({ about: 'rank of the hidden matrix', from: 1, default: 2 }),
    noise: option.number({
      about: 'standard deviation of the noise of what is seen; with 0 the optimum is known',
      from: 0,
      default: 0,
    }),
    seed: option.seed({ default: 1 }),
  },
  make({ examples: N, dimension: rows, columns, rank, noise, seed }): FiniteSumGame {
    const dim = rows * columns;
    if (N > dim)
      throw new InputError(
        `matrix-completion: examples is ${N}; expected at most ${dim}, the entries of the matrix`,
      );
    if (rank > Math.min(rows, columns))
      throw new InputError(
        `matrix-completion: rank is ${rank}; expected at most ${Math.min(rows, columns)}, as the matrix is ${rows} by ${columns}`,
      );
    const left = normal(new Float64Array(rows * rank), { seed, purpose: 'left' });
    const right = normal(new Float64Array(columns * rank), { seed, purpose: 'right' });
    const M = new Float64Array(dim);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        for (let m = 0; m < rank; m++)
          M[i * columns + j]! += (left[i * rank + m]! * right[j * rank + m]!) / Math.sqrt(rank);
    const radius = svd(M, rows, columns).values.reduce((sum, σ) => sum + σ, 0);
    // the first N places of a seeded shuffle
    const places = Array.from({ length: dim }, (_, at) => at);
    const random = randomFrom({ seed, purpose: 'seen' })(0);
    for (let k = 0; k < N; k++) {
      const other = k + random.below(dim - k);
      [places[k], places[other]] = [places[other]!, places[k]!];
    }
    const seen = Int32Array.from(places.slice(0, N));
    const ξ = normal(new Float64Array(N), { seed, purpose: 'noise' });
    const b = ξ.map((x, k) => M[seen[k]!]! + noise * x);
    const game = finiteSum({
      name: 'matrix-completion',
      dim,
      terms: N,
      start: Array<number>(dim).fill(0),
      gradient(X, out, of) {
        const count = of?.length ?? N;
        out.fill(0);
        for (let t = 0; t < count; t++) {
          const k = of?.[t] ?? t;
          out[seen[k]!]! += (X[seen[k]!]! - b[k]!) / count;
        }
      },
      loss(X, of) {
        const count = of?.length ?? N;
        let sum = 0;
        for (let t = 0; t < count; t++) sum += (X[seen[of?.[t] ?? t]!]! - b[of?.[t] ?? t]!) ** 2;
        return sum / (2 * count);
      },
      facts: {
        lipschitz: 1 / N,
        cocoercive: N,
        comonotone: 0,
        where: 'everywhere',
        termLipschitz: 1, // a term is ½(Xₖ − bₖ)², of one entry
        convexTerms: true,
        ...(noise === 0 && { solution: Array.from(M), optimum: 0, termVariance: 0 }),
      },
    });
    const constraint = constraintOf(game.players, [nuclearBall({ rows, columns, radius })]);
    return {
      ...game,
      blocks: [{ name: 'X', offset: 0, shape: [rows, columns], player: 0 }],
      constraint,
      gap: linearGap(constraint),
    };
  },
});
