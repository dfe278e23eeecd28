import { dot, normal, waxpy, type Method, type Problem, type Vector } from '@stillpoint/operators';
import { moveTo, startAt, type PointState } from '../src/index.js';

/** A method of one test: a name, a state that begins as z and 0, and its step. */
export const own = (name: string, begin: Method<PointState>['begin']): Method<PointState> => ({
  name,
  options: {},
  init: startAt,
  restart: moveTo,
  begin,
});

/** One player with all entries. */
export const one = (dim: number) => [{ name: 'x', start: 0, end: dim }];

/** F(z) = z. */
export const one2 = {
  name: 'pull',
  dim: 1,
  players: one(1),
  start: [1],
  operator: (z: Vector, out: Vector) => out.set(z),
};

export const [n, dim] = [50, 5];
const A = normal(new Float64Array(n * dim), { seed: 1, purpose: 'rows' });
const b = normal(new Float64Array(n), { seed: 1, purpose: 'targets' });
export const row = (i: number): Float64Array => A.subarray(i * dim, (i + 1) * dim);

/** f(z) = (1/2n) Σ (aᵢ·z − bᵢ)², a finite sum with a residual; `drawn` terms a draw where given. */
export function leastSquaresProblem(drawn?: number): Problem<readonly number[]> {
  const all = Array.from({ length: n }, (_, i) => i);
  const problem: Problem<readonly number[]> = {
    name: 'rows',
    dim,
    players: one(dim),
    start: [1, 1, 1, 1, 1],
    terms: { count: n, ...(drawn === undefined ? {} : { drawn }), sample: (indices) => indices },
    operator(z, out, { sample = all }) {
      out.fill(0);
      for (const i of sample) waxpy(out, out, (dot(row(i), z) - b[i]!) / sample.length, row(i));
    },
    losses(z, out, { sample = all }) {
      out[0] = sample.reduce((sum, i) => sum + (dot(row(i), z) - b[i]!) ** 2 / (2 * sample.length), 0);
    },
    residual: {
      length: n,
      value(z, out) {
        for (let i = 0; i < n; i++) out[i] = dot(row(i), z) - b[i]!;
      },
      product(_, v, out, transposed) {
        if (transposed) out.fill(0);
        for (let i = 0; i < n; i++) {
          if (transposed) waxpy(out, out, v[i]!, row(i));
          else out[i] = dot(row(i), v);
        }
      },
    },
  };
  if (drawn === undefined) return problem;
  return {
    ...problem,
    draw: (call) => Array.from({ length: drawn }, (_, i) => (call * drawn + i) % n),
  };
}
