import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { l2Ball, norm, normal, type Asked, type Vector } from '@stillpoint/operators';
import { consensus, extragradient, gda, saga, solveAsync, train } from '@stillpoint/optimizers';
import { problemFromLosses, start, type CompiledProblem, type NamedDense } from '../src/index.js';

const A = [
  [1, 2],
  [3, 4],
  [0, 1],
];
const opened: { dispose(): Promise<void> }[] = [];
const kept = async <P extends CompiledProblem>(making: Promise<P>): Promise<P> => {
  const problem = await making;
  opened.push(problem);
  return problem;
};
afterAll(async () => {
  for (const problem of opened) await problem.dispose();
});

type Question = Partial<Asked<NamedDense>>;
const ask = (question: Question): Asked<NamedDense> => ({
  player: undefined,
  sample: undefined,
  losses: undefined,
  buffers: {},
  ...question,
});
const F = async (problem: CompiledProblem, z: Vector, question: Question = {}): Promise<number[]> => {
  const out = new Float32Array(z.length);
  await problem.operator(z, out, ask(question));
  return Array.from(out);
};
const J = async (
  problem: CompiledProblem,
  z: Vector,
  v: readonly number[],
  transposed: boolean,
  question: Question = {},
): Promise<number[]> => {
  const out = new Float32Array(z.length);
  await problem.jacobianVector?.(z, Float32Array.from(v), out, transposed, ask(question));
  return Array.from(out);
};
const close = (found: readonly number[], expected: readonly number[], roundings: number): void => {
  const size = norm(Float64Array.from(expected));
  found.forEach((x, i) =>
    expect(Math.abs(x - expected[i]!)).toBeLessThanOrEqual(roundings * 2 ** -24 * size),
  );
};

/** x'Ay with x minimising and y maximising, with a term of each player's own. */
const bilinear = (engine: 'native' | 'wasm' | 'cpu') =>
  kept(
    problemFromLosses({
      players: { x: { w: [3] }, y: { v: [2], c: [] } },
      losses: ({ x, y }) => {
        const coupled = tf.sum(
          tf.mul(x.w, tf.reshape(tf.matMul(tf.tensor2d(A), tf.reshape(y.v, [2, 1])), [3])),
        );
        return {
          x: tf.add(coupled, tf.mul(0.5, tf.sum(tf.square(x.w)))),
          y: tf.sub(tf.square(y.c), coupled),
        };
      },
      engine,
    }),
  );
const z = Float32Array.of(1, -2, 0.5, 3, -1, 0.25);
// F = (Ay + x, −Aᵀx, 2c); J = [[I, A, 0], [−Aᵀ, 0, 0], [0, 0, 2]]
const field = [1 * 3 - 2 + 1, 3 * 3 - 4 - 2, -1 + 0.5, -(1 - 6), -(2 - 8 + 0.5), 0.5];
const v = [0.5, 1, -1, 2, 4, -3];
const forward = [0.5 + 2 + 8, 1 + 6 + 16, -1 + 4, -(0.5 + 3), -(1 + 4 - 1), -6];
const backward = [0.5 - (2 + 8), 1 - (6 + 16), -1 - 4, 0.5 + 3, 1 + 4 - 1, -6];

describe.each(['native', 'wasm', 'cpu'] as const)('a game of two losses on %s', (engine) => {
  it('has the gradients and products of its closed form', async () => {
    const problem = await bilinear(engine);
    expect(problem.players).toEqual([
      { name: 'x', start: 0, end: 3 },
      { name: 'y', start: 3, end: 6 },
    ]);
    expect(problem.blocks?.map(({ name, offset, shape }) => [name, offset, shape])).toEqual([
      ['x.w', 0, [3]],
      ['y.v', 3, [2]],
      ['y.c', 5, []],
    ]);
    close(await F(problem, z), field, 8);
    expect((await F(problem, z, { player: 1 })).slice(0, 3)).toEqual([0, 0, 0]);
    close((await F(problem, z, { player: 1 })).slice(3), field.slice(3), 8);
    close(await J(problem, z, v, false), forward, 8);
    close(await J(problem, z, v, true), backward, 8);
    const losses = new Float32Array(2);
    await problem.losses?.(z, losses, ask({}));
    // x'Ay = 1·1 − 2·5 − 0.5
    close(Array.from(losses), [-9.5 + 0.5 * 5.25, 0.0625 + 9.5], 8);
  });
});

describe('a problem from losses', () => {
  it('is solved from its own start, in float32, and products are priced by what they compute', async () => {
    const problem = await bilinear('native');
    const run = await solveAsync(problem, consensus({ stepSize: 0.03, penalty: 0.3 }), { steps: 3000 });
    expect(run.z).toBeInstanceOf(Float32Array);
    expect(norm(run.z)).toBeLessThan(1e-3);
    const prices = { ...problem.prices };
    expect(Object.keys(prices).sort()).toEqual(['losses', 'product', 'transposedProduct']);
    for (const price of Object.values(prices)) expect(price).toBeGreaterThan(0);
    expect(run.ledger.transposedProducts).toBe(3000);
    expect(run.calls).toBeCloseTo(3000 + 3000 * prices.transposedProduct!, 6);
  });
  it('shows its tensors by name', async () => {
    const problem = await bilinear('native');
    expect(problem.tensors(z)).toEqual({
      x: { w: z.subarray(0, 3) },
      y: { v: z.subarray(3, 5), c: z.subarray(5, 6) },
    });
  });
  it('keeps a player in its set', async () => {
    const game = await kept(
      problemFromLosses({
        players: { row: { p: [3] }, column: { q: [2] } },
        constraint: { row: 'simplex', column: 'simplex' },
        losses: ({ row, column }) => {
          const value = tf.sum(tf.mul(row.p, tf.reshape(tf.matMul(A, tf.reshape(column.q, [2, 1])), [3])));
          return { row: value, column: tf.neg(value) };
        },
      }),
    );
    const run = await solveAsync(game, extragradient({ stepSize: 0.1 }), { steps: 2000 });
    // the last row is the smallest in both columns, and the second column is the larger one there
    close(Array.from(run.z), [0, 0, 1, 0, 1], 64);
  });
  it('does not need each loss to depend on every player', async () => {
    const problem = await kept(
      problemFromLosses({
        players: { a: { x: [2] }, b: { y: [2] } },
        losses: ({ a, b }) => ({ a: tf.sum(tf.square(a.x)), b: tf.sum(b.y) }),
      }),
    );
    const at = Float32Array.of(1, 2, 3, 4);
    expect(await F(problem, at)).toEqual([2, 4, 1, 1]);
    expect(await J(problem, at, [1, 1, 1, 1], false)).toEqual([2, 2, 0, 0]);
    expect(await J(problem, at, [1, 1, 1, 1], true)).toEqual([2, 2, 0, 0]);
  });
});

const rows = 12;
const X = Array.from({ length: rows }, (_, i) => [Math.cos(i), Math.sin(3 * i), 1]);
const y = X.map(([a, b]) => 2 * a! - b! + 0.5);
const leastSquares = (more: { readonly batch?: number; readonly seed?: number } = {}) =>
  kept(
    problemFromLosses({
      name: 'least squares',
      players: { model: { w: [3, 1] } },
      data: { X, y },
      losses: ({ model }, sample) => ({
        model: tf.mean(tf.square(tf.sub(tf.reshape(tf.matMul(sample.X, model.w), [-1]), sample.y))),
      }),
      ...more,
    }),
  );
/** The mean of 2(x·w − y)x over some rows. */
const slope = (w: ArrayLike<number>, some: readonly number[]): number[] =>
  [0, 1, 2].map(
    (j) =>
      some.reduce((sum, i) => {
        const error = X[i]!.reduce((dot, x, k) => dot + x * w[k]!, 0) - y[i]!;
        return sum + 2 * error * X[i]![j]!;
      }, 0) / some.length,
  );

describe('data by rows', () => {
  const w = Float32Array.of(0.3, -0.2, 0.1);
  it('gives any set of terms', async () => {
    const problem = await leastSquares();
    expect(problem.terms?.count).toBe(rows);
    expect('draw' in problem).toBe(false);
    const all = Array.from({ length: rows }, (_, i) => i);
    close(await F(problem, w), slope(w, all), 64);
    for (const some of [[4], [0, 7], [11, 3, 5]])
      close(await F(problem, w, { sample: problem.terms!.sample(some) }), slope(w, some), 64);
    const run = await solveAsync(problem, saga({ stepSize: 0.1 }), { steps: 4000 });
    close(Array.from(run.z), [2, -1, 0.5], 4000);
    expect(run.calls).toBeCloseTo(4000 / rows, 9);
  });
  it('draws batches: a pure function of seed, call and worker', async () => {
    const [one, same, other] = [
      await leastSquares({ batch: 4 }),
      await leastSquares({ batch: 4 }),
      await leastSquares({ batch: 4, seed: 1 }),
    ];
    const drawn = (problem: CompiledProblem, call: number, worker = 0): readonly number[] =>
      Array.from(problem.draw!(call, undefined, worker)['y']!.values);
    expect(drawn(one, 3)).toEqual(drawn(same, 3));
    expect(drawn(one, 3)).not.toEqual(drawn(one, 4));
    expect(drawn(one, 3)).not.toEqual(drawn(one, 3, 1));
    expect(drawn(one, 3)).not.toEqual(drawn(other, 3));
    expect(new Set(drawn(one, 3)).size).toBe(4);
    expect(one.terms?.drawn).toBe(4);
    const run = await train(one, gda({ stepSize: 0.2 }), { steps: 400 });
    close(Array.from(run.z), [2, -1, 0.5], 2 ** 14);
    expect(run.calls).toBeCloseTo((400 * 4) / rows, 9);
    // judged on all rows
    expect(
      (await solveAsync(one, gda({ stepSize: 0.2 }), { steps: 400 })).judging.gradients[0],
    ).toBeGreaterThanOrEqual(rows);
  });
  it('offers no terms if the loss of rows is not the mean of theirs', async () => {
    const pairs = await kept(
      problemFromLosses({
        players: { model: { w: [3, 1] } },
        data: { X },
        // all pairs of rows, as an AUC loss has them
        losses: ({ model }, sample) => {
          const s = tf.matMul(sample.X, model.w);
          return { model: tf.mean(tf.square(tf.sub(tf.sub(1, s), tf.transpose(s)))) };
        },
      }),
    );
    expect(pairs.terms).toBeUndefined();
  });
  it('offers no terms where only the start hides that, as at 0 the gradient of a variance', async () => {
    const variance = await kept(
      problemFromLosses({
        players: { model: { w: start.constant([3, 1], 0) } },
        data: { X },
        losses: ({ model }, sample) => {
          const s = tf.matMul(sample.X, model.w);
          return { model: tf.mean(tf.square(tf.sub(s, tf.mean(s)))) };
        },
      }),
    );
    expect(await F(variance, new Float32Array(3))).toEqual([0, 0, 0]);
    expect(variance.terms).toBeUndefined();
  });
  it('looks at the start only where F is finite nowhere else, as a square root from 0 on', async () => {
    const roots = await kept(
      problemFromLosses({
        players: { model: { w: start.constant([64], 0.01) } },
        data: { a: [1, 2, 3] },
        losses: ({ model }, { a }) => ({ model: tf.mul(tf.mean(a), tf.sum(tf.sqrt(model.w))) }),
      }),
    );
    expect(roots.terms?.count).toBe(3);
  });
  it('takes a player with an entry for each row, and then offers no terms', async () => {
    // Σ pᵢ(aᵢw − 1)²/2: F = (Σ pᵢ(aᵢw − 1)aᵢ, −(aᵢw − 1)²/2)
    const weighed = await kept(
      problemFromLosses({
        players: { model: { w: [] }, weights: { p: [3] } },
        data: { a: [1, 2, -1] },
        losses: ({ model, weights }, { a }) => {
          const value = tf.mul(0.5, tf.sum(tf.mul(weights.p, tf.square(tf.sub(tf.mul(a, model.w), 1)))));
          return { model: value, weights: tf.neg(value) };
        },
      }),
    );
    expect(weighed.terms).toBeUndefined();
    expect(await F(weighed, Float32Array.of(2, 0.5, 0.25, 1))).toEqual([0.5 + 1.5 + 3, -0.5, -4.5, -4.5]);
  });
  it('is part of the identity, as are losses, shapes and sets; the engine is not', async () => {
    const identity = async (change: object): Promise<unknown> =>
      (
        await kept(
          problemFromLosses({
            players: { x: { w: [2] } },
            data: { a: [[1, 2]] },
            losses: ({ x }, { a }) => ({ x: tf.sum(tf.mul(x.w, a!)) }),
            ...change,
          }),
        )
      ).identity;
    const usual = await identity({});
    expect(await identity({ engine: 'cpu' })).toEqual(usual);
    for (const change of [
      { data: { a: [[1, 3]] } },
      { constraint: { x: 'simplex' } },
      { players: { x: { w: [2], b: [1] } } },
      {
        losses: ({ x }: { x: { w: tf.Tensor } }, { a }: { a: tf.Tensor }) => ({ x: tf.sum(tf.mul(a, x.w)) }),
      },
    ])
      expect(await identity(change)).not.toEqual(usual);
    // a set that is made in code has a name without its radius
    const [one, two] = [1, 2].map((radius) => identity({ constraint: { x: l2Ball({ radius }) } }));
    expect(await one).not.toEqual(await two);
  });
});

it('draws samples of a function of the stream, the same for every player at one call', async () => {
  const problem = await kept(
    problemFromLosses({
      players: { x: { w: [4] }, y: { v: [4] } },
      draw: (stream) => ({ noise: normal(new Float32Array(4), { ...stream, purpose: 'noise' }) }),
      losses: ({ x, y: other }, { noise }) => ({
        x: tf.sum(tf.mul(x.w, noise)),
        y: tf.sum(tf.mul(other.v, tf.mul(2, noise))),
      }),
    }),
  );
  const at = problem.initialise(3);
  const sample = problem.draw!(5);
  const both = await F(problem, at, { sample });
  const noise = Array.from(normal(new Float32Array(4), { seed: 0, call: 5, worker: 0, purpose: 'noise' }));
  expect(both).toEqual([...noise, ...noise.map((x) => Math.fround(2 * x))]);
  expect((await F(problem, at, { sample: problem.draw!(5, 1), player: 1 })).slice(4)).toEqual(both.slice(4));
  await expect(solveAsync(problem, gda({ stepSize: 0.1 }), { steps: 1 })).rejects.toThrow(
    'is sampled and states neither terms nor its mean',
  );
});

/** The players of the losses below. */
type OfX = { readonly x: { readonly w: tf.Tensor } };

describe('what is refused', () => {
  const losses = ({ x }: OfX): { x: tf.Tensor } => ({ x: tf.sum(x.w) });
  const players = { x: { w: [2] } };
  it.each([
    ['unknown option of problemFromLosses "loses"; did you mean losses?', { players, loses: losses }],
    ['losses is undefined; expected a function', { players }],
    ['players is undefined; expected the shapes', { losses }],
    ['players.x is {}; expected the shapes', { players: { x: {} }, losses }],
    ['players.x.w is 2; expected a shape as [3, 4]', { players: { x: { w: 2 } }, losses }],
    ['players.x.w is [0]; expected a shape', { players: { x: { w: [0] } }, losses }],
    ['a player is named 1; expected a name', { players: { 1: { w: [2] } }, losses }],
    [
      'the loss of x is a tensor of shape [2]; expected a scalar',
      { players, losses: ({ x }: OfX) => ({ x: x.w }) },
    ],
    [
      'losses returns a promise; write it without async',
      { players, losses: async ({ x }: OfX) => ({ x: tf.sum(x.w) }) },
    ],
    [
      'unknown tensor of x in own problem "W"; did you mean w?',
      { players, losses: ({ x }: { readonly x: { readonly W: tf.Tensor } }) => ({ x: tf.sum(x.W) }) },
    ],
    [
      'unknown player of own problem "y"; did you mean x?',
      { players, losses: ({ y }: { readonly y: { readonly w: tf.Tensor } }) => ({ x: tf.sum(y.w) }) },
    ],
    [
      'unknown data of own problem "A"; did you mean a?',
      {
        players,
        data: { a: [1] },
        losses: ({ x }: OfX, { A }: { readonly A: tf.Tensor }) => ({ x: tf.sum(tf.mul(x.w, A)) }),
      },
    ],
    ['the loss of x is 1; expected a scalar', { players, losses: () => ({ x: 1 }) }],
    [
      'losses returns a tensor; expected a loss for each player: { x: … }',
      { players, losses: ({ x }: OfX) => tf.sum(x.w) },
    ],
    ['the loss of x does not depend on the tensors of x', { players, losses: () => ({ x: tf.scalar(1) }) }],
    [
      'unknown player of own problem in its losses "z"',
      { players, losses: ({ x }: OfX) => ({ x: tf.sum(x.w), z: tf.sum(x.w) }) },
    ],
    [
      'unknown player of own problem in its constraint "y"',
      { players, losses, constraint: { y: 'simplex' } },
    ],
    ['data.a[1] is [3]; expected a list of 2', { players, losses, data: { a: [[1, 2], [3]] } }],
    ['data.b has 1 rows and own problem: data.a has 2', { players, losses, data: { a: [1, 2], b: [1] } }],
    ['data.a: number 1 is NaN; expected finite', { players, losses, data: { a: [1, NaN] } }],
    ['batch is 3; expected a whole number from 1 to 2', { players, losses, data: { a: [1, 2] }, batch: 3 }],
    ['batch is 3, but there is no data', { players, losses, batch: 3 }],
    ['both data and draw', { players, losses, data: { a: [1] }, draw: () => ({ a: [1] }) }],
    ['facts.lipschitz is "one"; expected a number >= 0', { players, losses, facts: { lipschitz: 'one' } }],
    ['unknown fact "lipschits"; did you mean lipschitz?', { players, losses, facts: { lipschits: 1 } }],
    ['facts.solution is [0]; expected 2 finite numbers', { players, losses, facts: { solution: [0] } }],
    ['seed is -1; expected', { players, losses, seed: -1 }],
    ['engine "nativ"', { players, losses, engine: 'nativ' }],
  ])('%s', async (message, options) => {
    await expect(Reflect.apply(problemFromLosses, undefined, [options])).rejects.toThrow(message);
  });
  it('a draw that is not a function of the stream, or changes its shapes', async () => {
    let n = 0;
    await expect(problemFromLosses({ players, losses, draw: () => ({ a: [n++] }) })).rejects.toThrow(
      'draw returns other numbers for a when it is called again with the same stream',
    );
    const growing = await kept(
      problemFromLosses({
        players,
        draw: ({ call }) => ({ a: new Float32Array(call + 1) }),
        losses: ({ x }, { a }) => ({ x: tf.mul(tf.sum(x.w), tf.sum(a)) }),
      }),
    );
    await expect(train(growing, gda({ stepSize: 1 }), { steps: 3 })).rejects.toThrow('draw 1 has shapes');
  });
  it('a start in float64', async () => {
    const problem = await bilinear('native');
    await expect(
      train(problem, gda({ stepSize: 0.1 }), { start: new Float64Array(6), steps: 1 }),
    ).rejects.toThrow('runs in float32; start it from a Float32Array');
  });
});
