import { describe, expect, it } from 'vitest';
import {
  callsOf,
  copy,
  defaultPrices,
  distance,
  dot,
  emptyLedger,
  mix,
  norm,
  normal,
  scale,
  waxpy,
  type Asked,
  type Game,
  type Method,
  type Problem,
  type Question,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { gameFrom, stochasticGameFrom } from '@stillpoint/problems';
import {
  alternatingGda,
  consensus,
  extragradient,
  federate,
  gda,
  iterate,
  leastSquares,
  lookahead,
  moveTo,
  probed,
  solve,
  startAt,
  train,
  type PointState,
} from '../src/index.js';
import { pricesOf } from '../src/drivers.js';
import { oracleOf } from '../src/registry.js';

// Each part of the contract, tried by one small problem and one small method.

/** A method of this file: a name, a state that begins as z and 0, and its step. */
const own = (name: string, begin: Method<PointState>['begin']): Method<PointState> => ({
  name,
  options: {},
  init: startAt,
  restart: moveTo,
  begin,
});
const one = (dim: number) => [{ name: 'x', start: 0, end: dim }];

const one2 = {
  name: 'pull',
  dim: 1,
  players: one(1),
  start: [1],
  operator: (z: Vector, out: Vector) => out.set(z),
};

const [n, dim] = [50, 5];
const A = normal(new Float64Array(n * dim), { seed: 1, purpose: 'rows' });
const b = normal(new Float64Array(n), { seed: 1, purpose: 'targets' });
const row = (i: number): Float64Array => A.subarray(i * dim, (i + 1) * dim);
/** f(z) = (1/2n) Σ (aᵢ·z − bᵢ)², a finite sum with a residual; `drawn` terms a draw where given. */
function leastSquaresProblem(drawn?: number): Problem<readonly number[]> {
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
    expect(minimum.oracleCalls).toBeCloseTo(1 / 3 + residualProducts / n, 12);
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
    expect(solve(leastSquaresProblem(), saga(1 / (3 * largest)), { steps: 150 }).oracleCalls).toBe(3);
    expect((await train(leastSquaresProblem(10), gda({ stepSize: 0.01 }), { steps: 15 })).oracleCalls).toBe(
      3,
    );
  });
  it('is solved to its minimum, judged on all terms, which is priced apart', () => {
    const { status, z, ledger, judging } = solve(leastSquaresProblem(), saga(1 / (3 * largest)), {
      tolerance: 1e-10,
      steps: 100_000,
    });
    expect(status).toBe('converged');
    expect(distance(z, minimum.z)).toBeLessThan(1e-8);
    expect(ledger.gradients[0]).toBe(ledger.steps);
    expect(judging.gradients[0]! % n).toBe(0);
  });
  it('draws the same terms of one seed, others of another; a resumed run goes on bit for bit', () => {
    const run = (options: object): Vector => solve(leastSquaresProblem(), saga(0.01), options).z;
    const half = solve(leastSquaresProblem(), saga(0.01), { steps: 10, seed: 4 }).checkpoint;
    expect(run({ steps: 30, seed: 4 })).toEqual(run({ steps: 30, from: half }));
    expect(run({ steps: 30, seed: 4 })).not.toEqual(run({ steps: 30, seed: 5 }));
  });
  it('names a term or a player it does not have', () => {
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
    expect(() => solve(leastSquaresProblem(), asks([]), { steps: 1 })).toThrow('rows is asked on no term');
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
    const { game, expected } = stochasticGameFrom('stochastic-quadratic(weakMinty=0.2, noise=0)');
    const sampled = solve(game, extragradient({ stepSize: 0.5 }));
    const exact = solve(expected, extragradient({ stepSize: 0.5 }));
    expect([sampled.status, sampled.steps, [...sampled.z]]).toEqual(['converged', exact.steps, [...exact.z]]);
  });
  it('all its questions on everything go to the mean, products too', () => {
    const { game } = stochasticGameFrom('stochastic-quadratic(noise=5)');
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
  it('without one it cannot be judged, and says so', () => {
    const bare: Problem<number> = { ...one2, draw: (call) => call };
    expect(() => solve(bare, gda({ stepSize: 0.1 }))).toThrow('states neither terms nor its mean');
  });
});

describe('the ledger and its prices', () => {
  it('a joint gradient is 1 whatever the number of players; one player’s is its share', () => {
    for (const players of [1, 2, 3, 7]) {
      const ledger = { ...emptyLedger(players), gradients: Array<number>(players).fill(3) };
      expect(callsOf(ledger, defaultPrices(players))).toBe(3);
      ledger.gradients[0]!++;
      expect(callsOf(ledger, defaultPrices(players))).toBeCloseTo(3 + 1 / players, 15);
    }
  });
  it('equals what an instrumented problem counts: consensus on xy without products of its own', () => {
    let evaluations = 0;
    const xy = gameFrom('bilinear');
    const counted: Game = {
      name: xy.name,
      dim: 2,
      players: xy.players,
      start: xy.start!,
      facts: xy.facts!,
      operator(z: Vector, out: Vector) {
        evaluations++;
        xy.operator(z, out);
      },
    };
    const method = consensus({ stepSize: 0.1, penalty: 1 });
    const states = iterate(counted, method); // neither judges nor checks facts
    for (let step = 1; step <= 20; step++) {
      states.next();
      expect(evaluations).toBe(3 * step); // F, and a central difference
    }
    const asked = evaluations;
    expect(solve(counted, method, { steps: 20 }).oracleCalls).toBe(asked);
  });
  it('a budget holds products: the step that would exceed it is undone', () => {
    const game = gameFrom('forsaken');
    expect(pricesOf(game).transposedProduct).toBe(2);
    for (const calls of [1, 2, 3, 7, 8, 9, 31]) {
      const { ledger, oracleCalls } = solve(game, consensus({ stepSize: 0.01, penalty: 1 }), { calls });
      expect([ledger.steps, oracleCalls]).toEqual([Math.floor(calls / 3), 3 * Math.floor(calls / 3)]);
    }
  });
  it('turns of three players are counted at their shares: one joint call, and a third', () => {
    const three: Problem = {
      ...one2,
      dim: 3,
      players: ['x', 'y', 'w'].map((name, i) => ({ name, start: i, end: i + 1 })),
      start: [1, 1, 1],
    };
    const method = alternatingGda({ stepSize: 0.1, order: [0, 1, 2, 2] });
    const { oracleCalls, ledger } = solve(three, method, { steps: 6 });
    expect(ledger.gradients).toEqual([6, 6, 12]);
    expect(oracleCalls).toBe(6 + 6 * (1 / 3));
    expect(oracleOf('alternating-gda(stepSize=0.1, order=[0,1,2,2])', {}, pricesOf(three)).perStep).toBe(
      1 + 1 / 3,
    );
  });
  it('a problem states its own prices', () => {
    const game = { ...gameFrom('forsaken'), prices: { transposedProduct: 0.5, shares: [0.9, 0.1] } };
    expect(solve(game, consensus({ stepSize: 0.01, penalty: 1 }), { steps: 4 }).oracleCalls).toBe(6);
  });
});

describe('losses', () => {
  const sampled: Problem<number> = {
    ...one2,
    draw: (call) => call,
    operator(z, out, { losses }) {
      out.set(z);
      if (losses) losses[0] = z[0]! ** 2 / 2;
    },
    losses: (z, out) => {
      out[0] = z[0]! ** 2 / 2;
    },
  };
  it('come with a gradient where they are asked for: free from the forward pass, else asked and charged', () => {
    const at: number[] = [];
    const both = own('both', (space) => {
      const losses = space.vector(1);
      return function* (s) {
        yield { want: 'gradient', at: s.z, losses };
        at.push(losses[0]!);
      };
    });
    expect(solve(leastSquaresProblem(), both, { steps: 1 }).ledger.losses).toBe(n);
    const free = solve({ ...sampled, mean: one2 }, both, { steps: 1 });
    expect(free.ledger.losses).toBe(0);
    expect(at[1]).toBe(0.5);
  });
  it('asked beside a gradient are held by a budget, at once or awaited', async () => {
    const both = own('both', (space) => {
      const losses = space.vector(1);
      return function* (s) {
        waxpy(s.z, s.z, -0.1, yield { want: 'gradient', at: s.z, losses });
      };
    });
    const dear: Problem = {
      ...one2,
      losses: (z, out) => {
        out[0] = z[0]! ** 2 / 2;
      },
    };
    const slow: Problem = {
      ...dear,
      operator: async (z, out) => out.set(z),
    };
    // a step costs 4/3
    for (const calls of [1, 2, 3, 4, 5, 6]) {
      const steps = Math.floor(calls / (4 / 3));
      const solved = solve(dear, both, { calls });
      const trained = await train(slow, both, { calls });
      expect([solved.steps, trained.steps]).toEqual([steps, steps]);
      expect(solved.oracleCalls).toBeCloseTo((4 / 3) * steps, 12);
    }
  });
  it('shown to observers are those at the point of the gradient, not at the points of a difference', async () => {
    const seen: number[] = [];
    const product = own(
      'product',
      () =>
        function* (s) {
          yield s.z;
          yield { want: 'product', at: s.z, along: s.z };
        },
    );
    await train(sampled, product, { steps: 1, observe: ({ losses }) => void seen.push(losses[0]!) });
    expect(seen).toEqual([NaN, 0.5]);
  });
});

describe('a constraint as an object', () => {
  it('Frank–Wolfe by the linear minimiser: f falls at 2LD²/(k + 2)', () => {
    const ball: Problem = {
      ...one2,
      dim: 2,
      players: one(2),
      start: [-1, 0],
      operator: (z, out) => out.set([z[0]! - 2, z[1]! - 1]),
      constraint: {
        prox: (z) => void (norm(z) > 1 && scale(z, 1 / norm(z))),
        lmo: (g, out) => scale(copy(out, g), -1 / norm(g)),
      },
    };
    const frankWolfe = own('frank-wolfe', (space) => {
      const s = space.vector();
      return function* (state) {
        space.constraint!.lmo!(yield state.z, s);
        mix(state.z, 2 / (state.k++ + 2), s);
      };
    });
    const f = (z: Vector): number => ((z[0]! - 2) ** 2 + (z[1]! - 1) ** 2) / 2;
    const least = (Math.sqrt(5) - 1) ** 2 / 2;
    for (const steps of [1, 10, 100])
      expect(f(solve(ball, frankWolfe, { steps }).z) - least).toBeLessThanOrEqual((2 * 4) / (steps + 2));
  });
});

describe('buffers', () => {
  // u ← Mu/‖Mu‖ once per step: after k steps it is M^k u₀ normalised
  const spectral: Problem = {
    ...one2,
    dim: 2,
    players: one(2),
    start: [1, 1],
    buffers: [{ name: 'u', length: 2 }],
    operator: (z, out) => out.set(z),
    advance(_, { u }) {
      if (u![0] === 0) u!.set([1, 0]);
      u!.set([u![0]! + u![1]!, u![0]!]);
      scale(u!, 1 / norm(u!));
    },
  };
  it('advance once per step, whatever is asked; are saved, and restored where a budget undoes a step', () => {
    const u = (options: object) =>
      solve(spectral, extragradient({ stepSize: 0.1 }), options).checkpoint.buffers['u']!;
    const fibonacci = [1, 1, 2, 3, 5, 8, 13];
    for (const steps of [1, 2, 5]) {
      const [a, c] = [fibonacci[steps]!, fibonacci[steps - 1]!];
      expect(u({ steps })[0]! / u({ steps })[1]!).toBeCloseTo(a / c, 12);
      expect(u({ calls: 2 * steps + 1 })).toEqual(u({ steps }));
    }
    const half = solve(spectral, extragradient({ stepSize: 0.1 }), { steps: 2 }).checkpoint;
    expect(u({ steps: 5, from: half })).toEqual(u({ steps: 5 }));
  });
  it('advance at the last point where a gradient was asked: under lookahead the fast one', () => {
    const points: number[] = [];
    const problem: Problem = { ...spectral, advance: (z) => void points.push(z[0]!) };
    solve(problem, lookahead(gda({ stepSize: 0.5 }), { steps: 10 }), { steps: 3 });
    expect(points).toEqual([1, 0.5, 0.25]);
  });
});

describe('blocks', () => {
  it('name the tensor that is not finite, and the players that still are', () => {
    const problem: Problem = {
      ...one2,
      name: 'net',
      dim: 4,
      players: [
        { name: 'D', start: 0, end: 2 },
        { name: 'G', start: 2, end: 4 },
      ],
      start: [1, 1, 1, 1],
      blocks: [
        { name: 'D.kernel', offset: 0, shape: [2], player: 0 },
        { name: 'G.bias', offset: 2, shape: [1], player: 1 },
        { name: 'G.kernel', offset: 3, shape: [1], player: 1 },
      ],
      operator: (z, out) => out.set([0, 0, 0, z[3]! * 1e200]),
    };
    expect(solve(problem, gda({ stepSize: 1 }), { steps: 9 }).message).toContain(
      'state.z[3] (G.kernel[0]; D is still finite)',
    );
  });
});

describe('federate', () => {
  it('K workers on a quadratic with noise: their mean follows the closed form (1 − γ)^(IK) z₀ without noise', async () => {
    const quadratic: Problem<number> = { ...one2, draw: (_, __, worker = 0) => worker };
    const { z, ledgers } = await federate(quadratic, gda({ stepSize: 0.25 }), {
      workers: 3,
      every: 2,
      rounds: 4,
    });
    expect(z[0]).toBeCloseTo(0.75 ** 8, 14);
    expect(ledgers.map(({ gradients }) => gradients[0])).toEqual([8, 8, 8]);
  });
  it('workers with different optima agree on the mean of local steps: z ← mean of a_k + (1 − γ)^I (z − a_k)', async () => {
    const pulls: Problem<number> = {
      ...one2,
      draw: (_, __, worker = 0) => worker,
      operator: (z, out, { sample }) => {
        out[0] = z[0]! - sample!;
      },
    };
    const { z } = await federate(pulls, gda({ stepSize: 0.5 }), { workers: 4, every: 3, rounds: 5 });
    const q = 0.5 ** 3;
    expect(z[0]).toBeCloseTo(1.5 + q ** 5 * (1 - 1.5), 13); // the mean of 0, 1, 2, 3 is 1.5
  });
  it('wants whole numbers', async () =>
    expect(federate(one2, gda({ stepSize: 1 }), { workers: 0, every: 1, rounds: 1 })).rejects.toThrow(
      'workers is 0',
    ));
});

describe('an asynchronous problem', () => {
  const slow: Problem = {
    ...one2,
    name: 'slow',
    async operator(z, out) {
      await Promise.resolve();
      out.set(z);
    },
  };
  it('is trained with the same numbers as a synchronous one, its tolerance judged', async () => {
    const trained = await train(slow, extragradient({ stepSize: 0.5 }), { steps: 1000, tolerance: 1e-8 });
    const solved = solve(one2, extragradient({ stepSize: 0.5 }), { steps: 1000, tolerance: 1e-8 });
    expect([trained.status, trained.steps, [...trained.z]]).toEqual([
      'converged',
      solved.steps,
      [...solved.z],
    ]);
  });
  it('is refused by solve, which says what to use', () =>
    expect(() => solve(slow, gda({ stepSize: 0.1 }), { steps: 1 })).toThrow('slow is asynchronous'));
});

describe('a probe', () => {
  it('asks over the same oracle, in a ledger of its own: the largest |eigenvalue| by power iteration', () => {
    const radius = probed(
      gameFrom('linear(lipschitz=2, weakMinty=-0.2)'),
      Float64Array.of(1, 1),
      (_, space) =>
        (function* (): Generator<Question, number, Vector> {
          const v = space.random('probe')(0).normals(space.vector());
          let sum = 0;
          for (let i = 0; i < 200; i++) {
            const Jv = yield { want: 'product', at: v, along: v };
            sum += Math.log(norm(Jv) / norm(v));
            scale(copy(v, Jv), 1 / norm(Jv));
          }
          return Math.exp(sum / 200);
        })(),
    );
    expect(radius).toBeCloseTo(2, 10); // J is 2 times a rotation
  });
  it('random numbers: uniform in [0, 1), normal with unit moments, the same of one counter', () => {
    const state: State[] = [];
    const numbers = own('random', (space) => {
      const random = space.random('test');
      return function* (s) {
        const first = Array.from(random(3).normals(new Float64Array(10_000)));
        expect(Array.from(random(3).normals(new Float64Array(10_000)))).toEqual(first);
        expect(Array.from(random(4).normals(new Float64Array(10_000)))).not.toEqual(first);
        // five standard errors of the mean and of the variance of 10,000
        expect(Math.abs(first.reduce((a, x) => a + x, 0) / 1e4)).toBeLessThan(0.05);
        expect(Math.abs(first.reduce((a, x) => a + x * x, 0) / 1e4 - 1)).toBeLessThan(0.071);
        const u = random(5);
        for (let i = 0; i < 1000; i++) expect([0, 1, 2]).toContain(u.below(3));
        expect(first.every(Number.isFinite)).toBe(true);
        yield s.z;
      };
    });
    solve(gameFrom('bilinear'), numbers, { steps: 1, observe: ({ state: s }) => void state.push(s) });
    expect(state.length).toBe(2);
  });
});
