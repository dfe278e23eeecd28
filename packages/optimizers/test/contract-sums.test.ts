import { describe, expect, it } from 'vitest';
import {
  copy,
  distance,
  dot,
  norm,
  waxpy,
  type Asked,
  type Method,
  type Problem,
  type Question,
  type Vector,
} from '@stillpoint/operators';
import { problemFrom } from '@stillpoint/problems';
import { extragradient, gda, leastSquares, probed, solve, train, type PointState } from '../src/index.js';
import { dim, leastSquaresProblem, n, one2, own, row } from './contract-problems.js';

const asked = <S>(sample?: S): Asked<S> => ({ sample, player: undefined, losses: undefined, buffers: {} });
const minimum = solve(leastSquaresProblem(), own('gauss-newton', gaussNewton), { steps: 1 });

/** z⁺ = z − argmin_v ‖J_r v − r‖, by conjugate gradients: exact in one step where r is affine. */
function gaussNewton(
  space: Parameters<Method<PointState>['begin']>[0],
): ReturnType<Method<PointState>['begin']> {
  const [v, r] = [space.vector(), space.vector(space.residuals!)];
  const solver = leastSquares(space, { innerSteps: 20, tolerance: 1e-12, rows: space.residuals! });
  return function* (s: PointState) {
    copy(r, yield { want: 'residual', at: s.z });
    const end = yield* solver(v, r, function* (out, along, transposed) {
      copy(out, yield { want: 'residual-product', at: s.z, along, transposed });
    });
    expect(end.reached).toBe(true);
    waxpy(s.z, s.z, -1, v);
  };
}

describe('a residual', () => {
  it('Gauss–Newton solves linear least squares in one step; every product is counted and priced 1', () => {
    const F = new Float64Array(dim);
    void leastSquaresProblem().operator(minimum.z, F, asked());
    expect(norm(F)).toBeLessThan(1e-12);
    const { residuals, residualProducts, gradients } = minimum.ledger;
    expect([residuals, gradients]).toEqual([n, [0]]);
    // Jᵀb, then J and Jᵀ an iteration, at most dim + 1 of them by rounding
    expect(residualProducts / n).toBeGreaterThanOrEqual(1 + 2 * dim);
    expect(residualProducts / n).toBeLessThanOrEqual(3 + 2 * dim);
    expect(minimum.calls).toBeCloseTo(1 / 3 + residualProducts / n, 12);
  });
});

/** SAGA, as its paper writes it, with one table in its state. */
type Table = { readonly z: Vector; readonly table: Vector; readonly mean: Vector; k: number };

const saga = (γ: number): Method<Table> => ({
  name: 'saga',
  options: { γ },
  init: (space, z0) => ({
    z: space.copy(z0),
    table: space.vector(space.terms! * space.dim),
    mean: space.vector(),
    k: 0,
  }),
  restart: (s, z) => void copy(s.z, z),
  begin(space) {
    const [Δ, v] = [space.vector(), space.vector()];
    const pick = space.random('term');
    return function* (s) {
      const j = pick(s.k++).below(space.terms!);
      const g = s.table.subarray(j * space.dim, (j + 1) * space.dim);
      const F = yield { want: 'gradient', at: s.z, sample: { terms: [j] } };
      waxpy(Δ, F, -1, g);
      waxpy(v, s.mean, 1, Δ);
      copy(g, F);
      waxpy(s.mean, s.mean, 1 / space.terms!, Δ);
      waxpy(s.z, s.z, -γ, v);
    };
  },
});

const largest = Math.max(...Array.from({ length: n }, (_, i) => dot(row(i), row(i))));

describe('a finite sum', () => {
  it('150 single terms of 50 are 3 calls exactly; a minibatch and a term are priced alike', async () => {
    expect(solve(leastSquaresProblem(), saga(1 / (3 * largest)), { steps: 150 }).calls).toBe(3);
    expect((await train(leastSquaresProblem(10), gda({ stepSize: 0.01 }), { steps: 15 })).calls).toBe(3);
  });
  it('is solved to its minimum, judged on all terms, which is counted apart', () => {
    const { status, z, ledger, judging } = solve(leastSquaresProblem(), saga(1 / (3 * largest)), {
      tolerance: 1e-10,
      steps: 100_000,
    });
    expect(status).toBe('converged');
    expect(distance(z, minimum.z)).toBeLessThan(1e-8);
    expect(ledger.gradients[0]).toBe(ledger.steps);
    expect(judging.gradients[0]! % n).toBe(0);
  });
  it('draws the same terms of one seed, others of another; a resumed run continues bit for bit', () => {
    const run = (options: object): Vector => solve(leastSquaresProblem(), saga(0.01), options).z;
    const half = solve(leastSquaresProblem(), saga(0.01), { steps: 10, seed: 4 }).checkpoint;
    expect(run({ steps: 30, seed: 4 })).toEqual(run({ steps: 30, from: half }));
    expect(run({ steps: 30, seed: 4 })).not.toEqual(run({ steps: 30, seed: 5 }));
  });
  it('names a term or a player that it does not have', () => {
    const asks = (terms: readonly number[]) =>
      own(
        'asks',
        () =>
          function* (s) {
            yield { want: 'gradient', at: s.z, sample: { terms } };
          },
      );
    expect(() => solve(leastSquaresProblem(), asks([50]), { steps: 1 })).toThrow(
      'rows has no term 50; expected whole numbers from 0 to 49',
    );
    expect(() => solve(leastSquaresProblem(), asks([]), { steps: 1 })).toThrow(
      'rows is asked on an empty set of terms',
    );
    const other = own(
      'other',
      () =>
        function* (s) {
          yield { want: 'gradient', at: s.z, player: 1 };
        },
    );
    expect(() => solve(leastSquaresProblem(), other, { steps: 1 })).toThrow('rows has no player 1');
  });
});

describe('a sampled problem with a mean', () => {
  it('is judged on the mean: solve on the sampled game stops within the tolerance of the mean game', () => {
    const { problem: game, exact: expected } = problemFrom('sampled-quadratic(weakMinty=0.2, noise=0)');
    const sampled = solve(game, extragradient({ stepSize: 0.5 }));
    const exact = solve(expected, extragradient({ stepSize: 0.5 }));
    expect([sampled.status, sampled.steps, [...sampled.z]]).toEqual(['converged', exact.steps, [...exact.z]]);
  });
  it('all its questions on everything go to the mean, products too', () => {
    const { problem: game } = problemFrom('sampled-quadratic(noise=5)');
    const bare: Problem = { ...game };
    delete bare.jacobianVector;
    const products: number[][] = [];
    const asks = (want: Problem): void => {
      probed(want, Float64Array.of(1, 2), () =>
        (function* (): Generator<Question, void, Vector> {
          const along = Float64Array.of(1, -1);
          const Jv = yield { want: 'product', at: Float64Array.of(1, 2), along, sample: 'all' };
          products.push(Array.from(Jv));
        })(),
      );
    };
    asks(game);
    asks(bare); // its own differences would be of noise that cancels; the mean has products
    expect(products[1]).toEqual(products[0]);
  });
  it('without one it cannot be judged, and the error says so', () => {
    const bare: Problem<number> = { ...one2, draw: (call) => call };
    expect(() => solve(bare, gda({ stepSize: 0.1 }))).toThrow('states neither terms nor its mean');
  });
});
