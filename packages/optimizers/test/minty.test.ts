import { describe, expect, it } from 'vitest';
import { dot, norm, type Game, type Vector } from '@stillpoint/operators';
import { gameFrom, problemFrom, quadratic } from '@stillpoint/problems';
import { mintyAlong, solve, train } from '../src/index.js';
import { methodFrom } from '../src/registry.js';
import { scaled } from './helpers.js';

/** Runs a method, and keeps the path beside what is measured. */
function watched(game: Game, spec: string, steps: number, options: Parameters<typeof mintyAlong>[1] = {}) {
  const along = mintyAlong(game, options);
  const path: Vector[] = [];
  const end = solve(game, methodFrom(spec, game.facts), {
    steps,
    observe(progress) {
      path.push(progress.state.z.slice());
      along.observe(progress);
    },
  });
  return { along, path, end };
}
const about = (found: number, wanted: number, scale = Math.abs(wanted)): void =>
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(2 ** -48 * scale);

describe('on a quadratic', () => {
  // f = ½xᵀPx + xᵀBy − ½yᵀQy: ⟨F(z), z⟩ = xᵀPx + yᵀQy, ⟨F_x, x⟩ = xᵀPx + xᵀBy, ⟨F_y, y⟩ = yᵀQy − xᵀBy
  const [P, B, Q] = [
    [
      [2, 1],
      [1, 3],
    ],
    [[1], [-2]],
    [[0.5]],
  ];
  const game = quadratic({ convex: P, coupling: B, concave: Q });
  const products = ([x1 = NaN, x2 = NaN, y = NaN]: readonly number[]) => {
    const [own, cross, other] = [2 * x1 * x1 + 2 * x1 * x2 + 3 * x2 * x2, (x1 - 2 * x2) * y, 0.5 * y * y];
    return { all: own + other, players: [own + cross, other - cross] };
  };
  it('the products, norms and cosines are exact', async () => {
    const { along, path } = watched({ ...game, start: [3, -1, 2] }, 'gda(stepSize=0.1)', 30);
    const found = await along.measure([0, 0, 0]);
    expect(found.points.map(({ step }) => step)).toEqual(path.map((_, k) => k));
    found.points.forEach(({ all, players }, k) => {
      const z = path[k]!;
      const [wanted, F] = [products(Array.from(z)), new Float64Array(3)];
      game.operator(z, F);
      const size = norm(F) * norm(z);
      about(all.product, wanted.all, size);
      about(all.cosine, wanted.all / size, 1);
      for (const [p, [start, end]] of (
        [
          [0, 2],
          [2, 3],
        ] as const
      ).entries()) {
        const { gradient, distance, product, cosine } = players[p]!;
        about(gradient, norm(F, start, end));
        about(distance, norm(z, start, end));
        about(product, wanted.players[p]!, size);
        about(cosine, wanted.players[p]! / (gradient * distance), size / (gradient * distance));
      }
    });
    // F is strongly monotone, x's own product is not of one sign
    expect(found.all.holds).toBe(1);
    expect(found.players[0]!.holds).toBe(
      found.points.filter(({ players: [x] }) => x!.product >= 0).length / 31,
    );
    expect(found.calls).toBe(31);
  });
  it('against another point, from points kept before', async () => {
    const { along, path } = watched({ ...game, start: [3, -1, 2] }, 'gda(stepSize=0.1)', 30, { every: 7 });
    const from = [1, -2, 0.5];
    expect(along.bytes()).toBe(6 * 3 * 8); // steps 0, 7, …, 28, and the last
    for (const [given, z0] of [
      [from, from],
      [undefined, path[30]!],
    ] as const) {
      const { points, calls } = await along.measure(given);
      expect([points.map(({ step }) => step), calls]).toEqual([[0, 7, 14, 21, 28], 5]);
      for (const { step, all } of points) {
        const [F, d] = [new Float64Array(3), path[step]!.map((x, i) => x - z0[i]!)];
        game.operator(path[step]!, F);
        about(all.product, dot(F, d), norm(F) * norm(d));
      }
    }
  });
});

describe('the verdict', () => {
  it('a full product that is 0 but for rounding holds, and the players of xy take turns', async () => {
    // ⟨F_x, x⟩ = xy = −⟨F_y, y⟩ > 0 in two of four quadrants, and each turn of gda is the same angle
    const { along } = watched({ ...gameFrom('bilinear'), start: [1, 0.3] }, 'gda(stepSize=0.01)', 6283);
    const { all, players } = await along.measure([0, 0]);
    expect([all.holds, all.points]).toEqual([1, 6284]);
    for (const player of players) expect(Math.abs(player.holds - 0.5)).toBeLessThan(0.001);
    expect(players[0]!.holds + players[1]!.holds).toBe(1);
    expect(players[0]!.lowest).toBe(-1);
  });
  it('one-sided: x holds at every point, whatever y does; its gradient falls, that of y stays', async () => {
    const game = gameFrom('one-sided(dimension=3, start=2)');
    const { along } = watched(game, 'amsgrad-extragradient(stepSize=0.05)', 500);
    const { points, players } = await along.measure(game.facts!.solution);
    expect(players[0]!).toMatchObject({ holds: 1, points: 501 });
    about(players[0]!.lowest, 1); // F_x = (1 + y)x
    // the last point stands in for it: there itself is no angle, and near it x comes from the other side
    const { players: late } = await along.measure();
    expect(late[0]!.points).toBe(500);
    expect(late[0]!.holds).toBeGreaterThan(0.99);
    const [x, y] = points.at(-1)!.players;
    expect(x!.gradient).toBeLessThan(0.01);
    expect(y!.gradient).toBeGreaterThanOrEqual(1);
  });
  it('does not depend on the unit of F, nor on that of z', async () => {
    const plain: Game = { ...gameFrom('forsaken'), start: [1, -0.8] };
    const { along, path } = watched(plain, 'gda(stepSize=0.1)', 200);
    const wanted = await along.measure();
    expect(wanted.players.map(({ holds }) => holds > 0 && holds < 1)).toEqual([true, true]);
    /** The game in z/t, with F times s. */
    for (const [s, t] of [
      [2 ** -1000, 1],
      [2 ** 1000, 1],
      [1, 2 ** -600],
      [2 ** 500, 2 ** 600],
    ] as const) {
      const inner = scaled(plain, s);
      const game: Game = {
        ...inner,
        operator: (z, out, player) =>
          inner.operator(
            z.map((x) => x / t),
            out,
            player,
          ),
      };
      const other = mintyAlong(game);
      for (const z of path) other.observe({ state: { z: z.map((x) => x * t) } });
      const found = await other.measure();
      expect([found.all, found.players]).toEqual([wanted.all, wanted.players]);
    }
  });
  it('leaves out points without an angle', async () => {
    const game = gameFrom('bilinear');
    const along = mintyAlong(game);
    for (const z of [
      [0, 0],
      [1e200, -1e308],
      [NaN, 1],
    ])
      along.observe({ state: { z: Float64Array.from(z) } });
    const { points, all, players } = await along.measure([0, 0]);
    expect(points.map(({ all: { cosine } }) => cosine)).toEqual([NaN, 0, NaN]);
    expect([all.points, all.holds]).toEqual([1, 1]);
    expect(players.map(({ holds, lowest }) => [holds, lowest])).toEqual([
      [0, -1],
      [1, 1],
    ]);
  });
});

it('asks for one fixed batch of a sampled problem, or all of it, at their prices, and changes nothing of the run', async () => {
  const { problem, exact } = problemFrom('logistic(examples=40, dimension=4, batch=8)');
  const [same, all, path] = [mintyAlong(problem), mintyAlong(problem, { sample: 'all' }), [] as Vector[]];
  const options = { steps: 9, start: new Float64Array(4).fill(2) };
  const run = await train(problem, methodFrom('gda(stepSize=0.3)'), {
    ...options,
    observe(progress) {
      path.push(progress.state.z.slice());
      same.observe(progress);
      all.observe(progress);
    },
  });
  const alone = await train(problem, methodFrom('gda(stepSize=0.3)'), options);
  expect([run.z, run.checkpoint.ledger]).toEqual([alone.z, alone.checkpoint.ledger]);
  for (const [along, sample, price] of [
    [same, problem.draw!(0), 8 / 40],
    [all, undefined, 1],
  ] as const) {
    const { points, calls } = await along.measure();
    expect(calls).toBeCloseTo(10 * price, 12);
    points.forEach((point, k) => {
      const [F, d] = [new Float64Array(4), path[k]!.map((x, i) => x - path[9]![i]!)];
      exact.operator(path[k]!, F, { sample });
      about(point.all.product, dot(F, d), norm(F) * norm(d));
    });
  }
});

it('refuses what it cannot measure', async () => {
  const game = gameFrom('bilinear');
  expect(() => mintyAlong(game, { every: 0.5 })).toThrow('every is 0.5; expected a whole number >= 1');
  const along = mintyAlong(game);
  await expect(along.measure()).rejects.toThrow('nothing was observed');
  along.observe({ state: { z: Float64Array.of(1, 2) } });
  const nothing: number[] = JSON.parse('null');
  for (const [wrong, said] of [
    [[1], /the given point is \[1\]; expected 2 finite numbers, one for each entry of bilinear/],
    [[1, NaN], /the given point is \[1,\s?NaN\]/],
    [nothing, /the given point is null/],
  ] as const)
    await expect(along.measure(wrong)).rejects.toThrow(said);
});
