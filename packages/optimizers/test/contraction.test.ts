import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { normal, svd, type Game, type Problem, type Vector } from '@stillpoint/operators';
import {
  affineGame,
  cantor,
  cantorGame,
  gameFrom,
  inBatches,
  problemFrom,
  quadratic,
  userGame,
} from '@stillpoint/problems';
import { folder } from '../../../testing/folder.js';
import { contraction, contractionAlong, contractionBound, gda, probed, train } from '../src/index.js';

type Options = Parameters<typeof contractionAlong>[1];
const at = (problem: Problem, z: Vector, options: Options): readonly number[] =>
  probed(problem, z, contraction(z, options)).logNorms;
const along = async (problem: Problem, options: Options & { readonly stepSize: number }, steps: number) => {
  const watch = contractionAlong(problem, options);
  await train(problem, gda({ stepSize: options.stepSize }), { steps, observe: watch.observe });
  return watch.measure();
};

describe('batches of fewer examples than weights', () => {
  it.each([
    [20, 1],
    [80, 1],
    [80, 2],
  ])(
    'leave a direction of %i as it is, so that no rounding makes them contractive (seed %i)',
    async (dimension, seed) => {
      const { problem: batched } = problemFrom(
        `stiff-regression(examples=200, dimension=${dimension}, smallest=1, seed=${seed}, batch=5)`,
      );
      const { logNorm, verdict } = await along(batched, { stepSize: 0.005, every: 20 }, 100);
      expect(Math.abs(logNorm)).toBeLessThan(1e-12);
      expect(verdict).toBe('not contractive');
    },
  );
});

describe('the norm of a step’s derivative', () => {
  /** A game of two players, n entries each, with F = Mz. */
  const gameOf = (M: Float64Array, n: number): Game =>
    affineGame({
      name: 'M',
      players: [
        { name: 'x', start: 0, end: n / 2 },
        { name: 'y', start: n / 2, end: n },
      ],
      M,
      q: new Float64Array(n),
      start: Array<number>(n).fill(1),
      facts: { lipschitz: 1, comonotone: 0, solution: Array<number>(n).fill(0) },
    });
  const n = 20;
  const M = normal(new Float64Array(n * n), { seed: 4, purpose: 'M' }, 0, 1 / Math.sqrt(n));
  const sizes = [0.3, 0.1];
  const A = M.map((x, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return (i === j ? 1 : 0) - sizes[i < n / 2 ? 0 : 1]! * x;
  });
  const expected = Math.log(svd(A, n, n).values[0]!);
  const z = new Float64Array(n);

  it('of a game is that of I − ηJ, with a step size for each player, whole or by iteration', () => {
    const game = gameOf(M, n);
    // n² roundings, and an iteration to a residual of 1e-12 of the square at most
    for (const products of [n, n - 1]) {
      const found = probed(game, z, contraction(z, { stepSize: sizes, products }));
      expect(found.logNorms[0]).toBeCloseTo(expected, 12);
      expect(found.error).toBeLessThan(products === n ? 1e-300 : 1e-3);
    }
    const few = probed(game, z, contraction(z, { stepSize: sizes, products: 6 }));
    expect(few.logNorms[0]).toBeLessThanOrEqual(expected);
    expect(few.logNorms[0]! + few.error).toBeGreaterThanOrEqual(expected - 1e-12);
  });
  it('asks for no transposed product where there is none, and says so where it needs them', () => {
    const { players, start, ...affine } = gameOf(M, n);
    const game: Game = {
      name: 'M',
      dim: n,
      players,
      ...(start && { start }),
      operator: (at, out) => affine.operator(at, out),
    };
    // central differences of an affine F: ε^⅔ of rounding
    expect(at(game, z, { stepSize: sizes })[0]).toBeCloseTo(expected, 8);
    expect(() => at(game, z, { stepSize: sizes, products: 19 })).toThrow(
      '‖I − ηJ‖ of M needs products with Jᵀ, which it does not have; expected a jacobianVector, or products >= 20',
    );
  });
  it('of a minimisation is the largest |1 − ηλ|, from products with the Hessian alone', () => {
    const curvatures = Array.from({ length: 40 }, (_, i) => 0.05 + i / 10);
    const { exact } = problemFrom(`gaussian(curvatures=[${curvatures.join(',')}])`);
    const w = new Float64Array(40).fill(1);
    for (const [stepSize, norm] of [
      [0.1, 1 - 0.005],
      [0.6, 0.6 * 3.95 - 1],
    ] as const)
      for (const products of [40, 39])
        expect(at(exact, w, { stepSize, products })[0]).toBeCloseTo(Math.log(norm), 12);
  });
  it('of one player with an operator alone is not taken for a Hessian’s: a rotation expands by ½log(1 + η²)', () => {
    const alone = (dim: number): Game =>
      affineGame({
        name: 'rotation',
        players: [{ name: 'z', start: 0, end: dim }],
        // blocks of (0, 1; −1, 0), of which I − η∘ has the norm √(1 + η²)
        M: Float64Array.from({ length: dim * dim }, (_, at) => {
          const [i, j] = [Math.floor(at / dim), at % dim];
          return i === (j ^ 1) ? j - i : 0;
        }),
        q: new Float64Array(dim),
        start: Array<number>(dim).fill(1),
        facts: { lipschitz: 1, comonotone: 0, solution: Array<number>(dim).fill(0) },
      });
    for (const dim of [2, 20])
      for (const products of [dim, dim - 1]) {
        const point = normal(new Float64Array(dim), { seed: 1, purpose: 'point' });
        const found = at(alone(dim), point, { stepSize: 0.5, products });
        expect(found[0]).toBeCloseTo(Math.log1p(0.25) / 2, 12);
      }
    const { name, dim, players } = alone(20);
    const bare: Game = { name, dim, players, operator: (w, out) => alone(20).operator(w, out) };
    expect(() => at(bare, new Float64Array(20), { stepSize: 0.5, products: 19 })).toThrow(
      'expected a jacobianVector, or losses, of which J is then the Hessian, or products >= 20',
    );
  });
  it('bilinear games expand for every step size, by ½log(1 + η²); strongly monotone ones contract for short ones', () => {
    for (const stepSize of [0.01, 0.5, 3])
      expect(at(gameFrom('bilinear'), new Float64Array(2), { stepSize })[0]).toBeCloseTo(
        Math.log1p(stepSize ** 2) / 2,
        14,
      );
    const game = quadratic({ convex: [[0.5]], coupling: [[2]], concave: [[0.5]] });
    const { lipschitz: L, stronglyMonotone: μ } = game.facts!;
    // ‖(I − ηF′)v‖² ≤ 1 − 2ημ + η²L², below 1 for η < 2μ/L²
    const below = (2 * μ!) / L! ** 2;
    for (const share of [0.1, 0.5, 0.9]) {
      const η = share * below;
      const [norm] = at(game, new Float64Array(2), { stepSize: η });
      expect(norm).toBeLessThanOrEqual(Math.log(1 - 2 * η * μ! + (η * L!) ** 2) / 2 + 1e-14);
      expect(norm).toBeLessThan(0);
    }
    expect(at(game, new Float64Array(2), { stepSize: 1.5 * below })[0]).toBeGreaterThan(0);
  });
});

describe('along a run', () => {
  it('cantor: R̂ = log |1 − η|, and for η = ⅔ the bound is the dimension, log 2/log 3', async () => {
    const { problem: batched } = problemFrom('cantor(batch=1)');
    for (const [stepSize, verdict] of [
      [2 / 3, 'bound'],
      [0.8, 'bound'],
      [0.5, 'vacuous'],
      [0.3, 'vacuous'],
    ] as const) {
      const found = await along(batched, { stepSize }, 20);
      expect(found.logNorm).toBeCloseTo(Math.log(Math.abs(1 - stepSize)), 14);
      expect(found.logBatches).toBe(Math.log(2));
      expect(found.dimension).toBeCloseTo(-Math.log(2) / Math.log(1 - stepSize), 12);
      expect(found.verdict).toBe(verdict);
      expect([found.deviation, found.error]).toEqual([expect.closeTo(0, 14), 0]);
    }
    // η = 1 forgets everything: two points, of dimension 0
    expect(await along(batched, { stepSize: 1 }, 20)).toMatchObject({
      logNorm: -Infinity,
      deviation: 0,
      dimension: 0,
      verdict: 'bound',
    });
    expect((await along(batched, { stepSize: 2.5 }, 20)).verdict).toBe('not contractive');
  });
  it('cantor: the iterates themselves are in 2^k boxes of side 3^−k', async () => {
    const { problem: batched } = problemFrom('cantor(batch=1)');
    const path: number[] = [];
    await train(batched, gda({ stepSize: 2 / 3 }), {
      steps: 5000,
      observe: ({ state }) => void path.push(state.z[0]!),
    });
    for (let k = 1; k <= 7; k++) expect(new Set(path.map((w) => Math.floor(w * 3 ** k))).size).toBe(2 ** k);
  });
  it('counts what it asks at its price: a product for each entry, batch and late point', async () => {
    const points = Array.from({ length: 10 }, (_, i) => [i, i * i, 1]);
    const game = cantor({ points });
    const alone = await train(inBatches(game, 2, 1), gda({ stepSize: 0.1 }), { steps: 30 });
    const watch = contractionAlong(inBatches(game, 2, 1), { stepSize: 0.1, every: 3, draws: 5 });
    const run = await train(inBatches(game, 2, 1), gda({ stepSize: 0.1 }), {
      steps: 30,
      observe: watch.observe,
    });
    expect(run.z).toEqual(alone.z);
    expect(run.checkpoint.ledger).toEqual(alone.checkpoint.ledger);
    expect(watch.bytes()).toBe(11 * 24);
    const found = await watch.measure();
    expect(found.points.map(({ step }) => step)).toEqual([15, 18, 21, 24, 27, 30]);
    // 6 points, 5 draws, 3 entries, 2 of 10 terms
    expect(found.calls).toBeCloseTo((6 * 5 * 3 * 2) / 10, 12);
    expect(found.logBatches).toBeCloseTo(Math.log(45), 13);
  });
  it('looks at every batch if there are few, else at different ones at each point; R̂ is their mean', async () => {
    const { exact } = problemFrom('ridge(examples=6, dimension=3)');
    const norm = (terms: readonly number[], η: number): number => {
      const H = new Float64Array(9);
      for (let j = 0; j < 3; j++) {
        const [up, down] = [new Float64Array(3), new Float64Array(3)];
        const e = (t: number) => Float64Array.from({ length: 3 }, (_, i) => (i === j ? t : 0));
        exact.operator(e(1), up, { sample: terms });
        exact.operator(e(-1), down, { sample: terms });
        up.forEach((x, i) => (H[3 * i + j] = (i === j ? 1 : 0) - (η * (x - down[i]!)) / 2));
      }
      return Math.log(svd(H, 3, 3).values[0]!);
    };
    const six = [0, 1, 2, 3, 4, 5];
    /** All but two. */
    const all = six.flatMap((i) =>
      six
        .filter((j) => j > i)
        .map((j) =>
          norm(
            six.filter((k) => k !== i && k !== j),
            1.5,
          ),
        ),
    );
    const mean = all.reduce((sum, x) => sum + x, 0) / all.length;
    const every = await along(exact, { stepSize: 1.5, batch: 4, draws: 15 }, 2);
    expect(every.points[0]!.logNorms).toHaveLength(15);
    expect(every.logNorm).toBeCloseTo(mean, 8);
    const some = await along(exact, { stepSize: 1.5, batch: 4, draws: 14 }, 2000);
    const error = some.deviation / Math.sqrt(1001 * 14);
    expect(Math.abs(some.logNorm - mean)).toBeLessThan(4 * error);
    const other = await along(exact, { stepSize: 1.5, batch: 4, draws: 14, seed: 1 }, 2000);
    expect(other.logNorm).not.toBe(some.logNorm);
  });
  it('an exact problem has one batch: a contraction leads to a point, of dimension 0', async () => {
    const { exact } = problemFrom('gaussian(curvatures=[1,0.5])');
    expect(await along(exact, { stepSize: 0.5 }, 10)).toMatchObject({
      logNorm: expect.closeTo(Math.log(0.75), 14),
      dimension: 0,
      verdict: 'bound',
    });
    expect((await along(gameFrom('bilinear'), { stepSize: 0.5 }, 10)).verdict).toBe('not contractive');
  });
  it('a game: two points with 2 batches; players who may draw alone count as 4; noise has no bound', async () => {
    const points = [
      [0, 0],
      [1, 0],
    ];
    const { game } = cantorGame({ points, coupling: 0.5 });
    const r = Math.hypot(1 - 0.8, 0.8 * 0.5);
    const two = await along(game, { stepSize: 0.8, batches: 2 }, 40);
    expect(two).toMatchObject({
      logNorm: expect.closeTo(Math.log(r), 13),
      dimension: expect.closeTo(-Math.log(2) / Math.log(r), 12),
      verdict: 'bound',
    });
    expect((await along(game, { stepSize: 0.8 }, 40)).logBatches).toBeCloseTo(2 * Math.log(2), 14);
    expect(await along(game, { stepSize: 0.8, batch: 1 }, 40)).toMatchObject({ logBatches: Math.log(2) });
    const noisy = await along(problemFrom('sampled-quadratic').problem, { stepSize: 0.01 }, 10);
    expect(noisy.logBatches).toBe(Infinity);
    expect(noisy.dimension).toBe(Infinity);
  });
  it('least squares, n = 40, d = 10: R̂ falls with the step size and with the batch, and the bound is vacuous', async () => {
    const spec = 'stiff-regression(examples=40, dimension=10, smallest=1, noise=0.5)';
    const { exact } = problemFrom(spec);
    const full: number[] = [];
    for (const stepSize of [0.02, 0.05, 0.1]) {
      const R: number[] = [];
      for (const batch of [10, 20, 40]) {
        const { problem } = problemFrom(spec.replace(')', `, batch=${batch})`));
        const found = await along(problem, { stepSize, every: 4 }, 200);
        R.push(found.logNorm);
        expect(found.verdict).toBe(batch === 40 ? 'bound' : 'vacuous');
        if (batch < 40) expect(found.dimension).toBeGreaterThan(10 * 10);
      }
      expect(R[1]).toBeLessThan(R[0]!);
      expect(R[2]).toBeLessThan(R[1]!);
      // with all terms the step is that of the mean, and no step size is above 1/L
      expect(R[2]).toBeCloseTo(Math.log1p(-stepSize * exact.facts!.stronglyMonotone!), 7);
      full.push(R[2]!);
    }
    expect(full[1]).toBeLessThan(full[0]!);
    expect(full[2]).toBeLessThan(full[1]!);
  });
});

describe('problems and input of one’s own', () => {
  it('a finite sum from a file: its batches, by differences of its operator', async () => {
    const file = join(folder(), 'sum.mjs');
    writeFileSync(
      file,
      `const targets = [1, -2, 0.5];
       export default {
         players: { x: 1, y: 1 },
         terms: 3,
         start: [1, 1],
         operator([x, y], out, { sample } = {}) {
           const rows = sample ?? [0, 1, 2];
           const a = rows.reduce((sum, i) => sum + targets[i], 0) / rows.length;
           out[0] = x - a + 2 * y;
           out[1] = y - 2 * x;
         },
       };`,
    );
    const module: { readonly default: unknown } = await import(pathToFileURL(file).href);
    const game = userGame(module.default, 'sum.mjs');
    const found = await along(game, { stepSize: 0.2, batch: 1 }, 30);
    expect(found.logNorm).toBeCloseTo(Math.log(Math.hypot(0.8, 0.4)), 8);
    expect(found.points[0]!.logNorms).toHaveLength(3);
    expect(found.dimension).toBeCloseTo(-Math.log(3) / Math.log(Math.hypot(0.8, 0.4)), 6);
    expect(found.verdict).toBe('vacuous');
    // 16 late points, 3 terms of 3, 2 entries, 2 gradients for each product
    expect(found.calls).toBeCloseTo(16 * 2 * 2, 12);
  });
  it('a problem that must be waited for is measured the same', async () => {
    const { problem: batched } = problemFrom('cantor(points=[[0,0],[1,0],[0,1]], batch=1)');
    const later: Problem = {
      ...batched,
      operator: (z, out, asked) => Promise.resolve().then(() => batched.operator(z, out, asked)),
      jacobianVector: (z, v, out, transposed, asked) =>
        Promise.resolve().then(() => batched.jacobianVector!(z, v, out, transposed, asked)),
    };
    expect(await along(later, { stepSize: 0.5 }, 20)).toEqual(await along(batched, { stepSize: 0.5 }, 20));
  });
  it('the unit of the loss does not matter, if the step size is in it', async () => {
    const { exact } = problemFrom('ridge(examples=6, dimension=3)');
    const scaled: Game = {
      ...exact,
      operator(z, out, asked) {
        exact.operator(z, out, asked);
        for (let i = 0; i < 3; i++) out[i] = 2 ** 40 * out[i]!;
      },
    };
    const z = Float64Array.of(1, 2, 3);
    expect(at(scaled, z, { stepSize: 2 ** -40, batch: 1 })).toEqual(at(exact, z, { stepSize: 1, batch: 1 }));
  });
  it('the bound from numbers', () => {
    expect(contractionBound({ logNorm: -1, logBatches: 3, dim: 4 })).toEqual({
      dimension: 3,
      verdict: 'bound',
    });
    expect(contractionBound({ logNorm: -1, logBatches: 4, dim: 4 }).verdict).toBe('vacuous');
    expect(contractionBound({ logNorm: 0, logBatches: 0, dim: 4 })).toEqual({
      dimension: Infinity,
      verdict: 'not contractive',
    });
  });
  it('refuses what it cannot measure', async () => {
    const game = gameFrom('bilinear');
    const refuse = (options: Options, words: string): void =>
      expect(() => contractionAlong(game, options)).toThrow(words);
    refuse({ stepSize: 0 }, 'stepSize is 0; expected a number > 0, or one for each player of bilinear: x, y');
    refuse({ stepSize: [1, 2, 3] }, 'stepSize is [1, 2, 3]; expected a number > 0');
    refuse({ stepSize: 1, batch: 1 }, 'batch is 1, and bilinear is no finite sum; expected no batch');
    refuse({ stepSize: 1, every: 0 }, 'every is 0; expected a whole number >= 1');
    refuse({ stepSize: 1, draws: 0.5 }, 'draws is 0.5; expected a whole number >= 1');
    refuse({ stepSize: 1, burnIn: -1 }, 'burnIn is -1; expected a whole number >= 0');
    expect(() => contractionAlong(cantor(), JSON.parse('{ "stepsize": 1 }'))).toThrow(
      'unknown option of contractionAlong "stepsize"; did you mean stepSize?',
    );
    expect(() => contractionAlong(cantor(), { stepSize: 1, batch: 3 })).toThrow(
      'batch is 3; expected a whole number from 1 to 2',
    );
    await expect(contractionAlong(game, { stepSize: 1 }).measure()).rejects.toThrow(
      'no step was observed; expected observe to be given to a run before measure',
    );
    expect(() => at(game, new Float64Array(1), { stepSize: 1 })).toThrow(
      /contraction: z has 1 entries; .* has /,
    );
    expect(() =>
      at(
        game,
        Float64Array.from({ length: game.dim }, () => NaN),
        { stepSize: 1 },
      ),
    ).toThrow('contraction: z is not finite');
    await expect(along(game, { stepSize: 0.1, burnIn: 50 }, 10)).rejects.toThrow(
      'no point of 50 steps or more was kept of 11 observed',
    );
    const bad: Game = { ...game, jacobianVector: (_, __, out) => void out.fill(NaN) };
    expect(() => at(bad, new Float64Array(2), { stepSize: 1 })).toThrow('Jacobian of bilinear is not finite');
  });
});
