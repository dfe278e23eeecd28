import { InputError, normal, permutation, type Game } from '@stillpoint/operators';
import { playersOf } from '../games/affine.js';
import { sampledGame, type Sampled } from '../kinds/sampled-game.js';
import * as option from '../options.js';
import { shapeOf } from './shape.js';

/** The indices of a batch's terms, by player: each player has a batch of its own. */
export type Batch = readonly (readonly number[])[];

/**
 * The finite-sum bilinear game: n terms f_i = x_i y_i + a_iᵀx + b_iᵀy, x and y in Rⁿ; a_i, b_i and the start
 * are drawn from N(0, I/n). A batch of B different terms is drawn for each player. Its gradient is the mean
 * over the batch, whose expectation is F = (y + Σa_i, −x − Σb_i)/n with L = 1/n. With `gradients=sum` it is
 * the sum over the batch, as in the source's code: F is then B times as large and L = B/n, so that the
 * source's step sizes apply unchanged. Solution x* = −Σb_i, y* = −Σa_i. Single terms are scaled so that their
 * mean over all terms is F. Source: Chavdarova, Pagliardini, Stich, Fleuret, Jaggi 2021, arXiv 2006.14567 (n
 * = 100; B = 1, 4, 16, 64, 100).
 * @throws InputError if the batch is larger than the number of terms.
 */
export const batchBilinear = sampledGame({
  name: 'batch-bilinear',
  about: 'a bilinear game that is a finite sum; gradients come from batches of terms',
  reference: 'Chavdarova et al. 2021, arXiv 2006.14567',
  options: {
    dimension: option.integer({
      about: 'entries of each player, and terms',
      symbol: 'n',
      from: 1,
      to: 2000,
      default: 100,
    }),
    batch: option.integer({ about: 'terms in a batch', symbol: 'B', from: 1, to: 2000, default: 16 }),
    gradients: option.choice({
      about: 'over the batch: the mean, or the sum as in the source',
      among: ['mean', 'sum'],
      default: 'mean',
    }),
    seed: option.seed({ default: 1 }),
  },
  make({ dimension: n, batch, gradients, seed }): Sampled<Batch> {
    if (batch > n)
      throw new InputError(
        `batch-bilinear: batch is ${batch}; expected at most dimension = ${n}, the number of terms`,
      );
    const random = (purpose: string, length: number): Float64Array =>
      normal(new Float64Array(length), { seed, purpose }, 0, 1 / Math.sqrt(n));
    // a_i, b_i as rows
    const linear = [random('linear part of x', n * n), random('linear part of y', n * n)] as const;
    const ofAll = (rows: Float64Array): Float64Array =>
      Float64Array.from({ length: n }, (_, k) =>
        Array.from({ length: n }, (_term, i) => rows[i * n + k]!).reduce((sum, x) => sum + x, 0),
      );
    const [a, b] = [ofAll(linear[0]), ofAll(linear[1])];
    const weight = gradients === 'sum' ? batch : 1;
    const L = weight / n;
    const players = playersOf({ x: n, y: n });
    const expected: Game = {
      name: 'batch-bilinear',
      dim: 2 * n,
      players,
      start: [...random('start of x', n), ...random('start of y', n)],
      operator(z, out) {
        for (let i = 0; i < n; i++) {
          const x = z[i]!;
          out[i] = L * (z[n + i]! + a[i]!);
          out[n + i] = -L * (x + b[i]!);
        }
      },
      losses(z, out) {
        let value = 0;
        for (let i = 0; i < n; i++) value += L * (z[i]! * z[n + i]! + a[i]! * z[i]! + b[i]! * z[n + i]!);
        out[0] = value;
        out[1] = -value;
      },
      jacobianVector(_, v, out, transposed) {
        const β = transposed ? -L : L;
        for (let i = 0; i < n; i++) {
          const x = v[i]!;
          out[i] = β * v[n + i]!;
          out[n + i] = -β * x;
        }
      },
      facts: {
        lipschitz: L,
        comonotone: 0,
        weakMinty: 0,
        zeroSum: true,
        solution: [...Array.from(b, (x) => -x), ...Array.from(a, (x) => -x)],
      },
    };
    const indices = (call: number, player: number, worker: number): readonly number[] =>
      Array.from(permutation(n, { seed, purpose: 'batch', call, player, worker }).subarray(n - batch));
    return {
      expected,
      game: {
        ...shapeOf(expected),
        mean: expected,
        terms: { count: n, drawn: batch, sample: (indices) => [indices, indices] },
        draw: (call, player, worker = 0) =>
          [0, 1].map((p) => (player === undefined || player === p ? indices(call, p, worker) : [])),
        operator(z, out, { sample, player }) {
          if (sample === undefined) return expected.operator(z, out);
          for (const p of player === undefined ? ([0, 1] as const) : ([player === 0 ? 0 : 1] as const)) {
            const chosen = sample[p] ?? [];
            const β = ((p === 0 ? 1 : -1) * weight) / chosen.length;
            for (let k = 0; k < n; k++) out[p * n + k] = 0;
            for (const i of chosen) {
              out[p * n + i] = out[p * n + i]! + β * z[(1 - p) * n + i]!;
              for (let k = 0; k < n; k++) out[p * n + k] = out[p * n + k]! + β * linear[p][i * n + k]!;
            }
          }
        },
        jacobianVector(z, v, out, transposed, { sample }) {
          if (sample === undefined) return expected.jacobianVector?.(z, v, out, transposed);
          const diagonal = (chosen: readonly number[]): Float64Array => {
            const entries = new Float64Array(n);
            for (const i of chosen) entries[i] = weight / chosen.length;
            return entries;
          };
          const [dx, dy] = [diagonal(sample[0] ?? []), diagonal(sample[1] ?? [])]; // J = [[0, Dx], [−Dy, 0]]
          for (let i = 0; i < n; i++) {
            const x = v[i]!;
            out[i] = (transposed ? -dy[i]! : dx[i]!) * v[n + i]!;
            out[n + i] = (transposed ? dx[i]! : -dy[i]!) * x;
          }
        },
      },
    };
  },
});
