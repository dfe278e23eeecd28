import { describe, expect, it } from 'vitest';
import {
  concaveGauge,
  distance,
  linearGap,
  type Game,
  type Majorant,
  type Vector,
} from '@stillpoint/operators';
import { penalisedRegression, userGame } from '@stillpoint/problems';
import { keptAtoms } from '../src/certificates.js';
import { conditionalGradient, gda, iterate, reweightedConditionalGradient, solve } from '../src/index.js';
import { gradientAt, lossOf, withoutPenalty } from './penalised.js';

const line = { step: 'line-search' } as const;
const penaltyOf = (game: Game, concavity: number) => concaveGauge(game.constraint!.atoms!, { concavity });
/** The points after each of the first steps. */
function pointsOf(
  game: Game,
  method: ReturnType<typeof reweightedConditionalGradient>,
  count: number,
): Vector[] {
  const run = iterate(game, method);
  return Array.from({ length: count }, () => run.next().value.z.slice());
}
/** f(x) = ½‖x − b‖² with the penalty of |xᵢ|. */
const toward = (b: readonly number[], start: readonly number[], weight = 1): Game => ({
  ...userGame(
    {
      players: { x: b.length },
      start,
      constraint: `squared-gauge(l1-ball(radius=1), weight=${weight})`,
      operator: (x: Vector, out: Vector) => b.forEach((c, i) => (out[i] = x[i]! - c)),
      losses: (x: Vector, out: Vector) => (out[0] = b.reduce((sum, c, i) => sum + (x[i]! - c) ** 2 / 2, 0)),
    },
    'toward',
  ),
  facts: { lipschitz: 1, comonotone: 0 },
});

it.each(['open-loop', 'line-search'] as const)(
  '%s, without concavity: the points of conditional-gradient',
  (step) => {
    const game = penalisedRegression({ seed: 2 });
    const plain = iterate(game, conditionalGradient({ step }));
    for (const z of pointsOf(game, reweightedConditionalGradient({ step, concavity: 0 }), 50))
      expect(distance(z, plain.next().value.z)).toBeLessThan(1e-12);
  },
);

describe('without an ε', () => {
  it.each(['open-loop', 'line-search'] as const)(
    '%s: in another unit of z and of f each point is the same, in that unit',
    (step) => {
      const b = [3, -1, 0.2, 0, 2];
      const start = [0, 0, 1, 0, 0];
      // powers of 2, by which nothing rounds
      const [length, height] = [2 ** 20, 2 ** -30];
      const plain = toward(b, start, 0.5);
      const other = toward(
        b.map((x) => x * length),
        start.map((x) => x * length),
        (0.5 * height) / length ** 2,
      );
      const scaled: Game = {
        ...other,
        operator(x, out) {
          other.operator(x, out);
          for (let i = 0; i < out.length; i++) out[i] = (out[i]! * height) / length ** 2;
        },
        losses(x, out) {
          other.losses?.(x, out);
          out[0] = (out[0]! * height) / length ** 2;
        },
      };
      const method = reweightedConditionalGradient({ step, every: 3 });
      const points = pointsOf(scaled, method, 40);
      for (const [k, z] of pointsOf(plain, method, 40).entries())
        expect(Array.from(points[k]!, (x) => x / length)).toEqual(Array.from(z));
    },
  );
  it('is that of 1 over the largest coefficient after the first steps, from 0', () => {
    const game = toward([3, -1, 2], [0, 0, 0]);
    const own = iterate(game, reweightedConditionalGradient({ ...line, every: 5 }));
    const states = Array.from({ length: 30 }, () => {
      const { z, ε } = own.next().value;
      return { z: z.slice(), ε };
    });
    const c = Math.max(...states[4]!.z.map(Math.abs));
    expect(states.map(({ ε }) => ε)).toEqual([...Array<number>(5).fill(0), ...Array<number>(25).fill(1 / c)]);
    const given = pointsOf(game, reweightedConditionalGradient({ ...line, every: 5, concavity: 1 / c }), 30);
    expect(states.map(({ z }) => z)).toEqual(given);
  });
  it('stays at 0, which is the solution, as long as all coefficients are 0', () => {
    const game = toward([0, 0], [0, 0]);
    const { z } = solve(game, reweightedConditionalGradient({ every: 1 }), { steps: 5 });
    expect(Array.from(z)).toEqual([0, 0]);
  });
});

describe('with a line search', () => {
  it.each([1, 7, 30])('F never rises from one reweighting to the next, every %d steps', (every) => {
    for (const [game, concavity] of [
      [penalisedRegression({}), 3],
      [penalisedRegression({ examples: 50, dimension: 200, weight: 0.02 }), 0.5],
      [penalisedRegression({ nonzeros: 4, group: 2, ratio: 4 }), 1],
    ] as const) {
      const penalty = penaltyOf(game, concavity);
      const F = (z: Vector): number => lossOf(game, z) + penalty.value(z);
      let before = F(new Float64Array(game.dim));
      const points = pointsOf(game, reweightedConditionalGradient({ ...line, concavity, every }), 60);
      for (const z of points.filter((_, k) => (k + 1) % every === 0)) {
        const now = F(z);
        expect(now).toBeLessThanOrEqual(before * (1 + every * 2 ** -46));
        before = now;
      }
    }
  });
  it('in one dimension it ends where x − b + γ(x)γ′(x) = 0, nearer to b than with ½x²', () => {
    const [b, ε] = [3, 2];
    const game = toward([b], [0]);
    const x = solve(game, reweightedConditionalGradient({ ...line, concavity: ε, every: 1 }), { steps: 300 })
      .z[0]!;
    // a search that compares values, to 2⁻⁵², finds a least point to √2⁻⁵²
    expect(x - b + Math.log1p(ε * x) / ε / (1 + ε * x)).toBeCloseTo(0, 7);
    expect(solve(game, conditionalGradient(line), { steps: 300 }).z[0]).toBeCloseTo(b / 2, 7);
    expect(x).toBeGreaterThan(b / 2 + 1);
  });
});

it('the gap of each f + h_a falls as 1/k: at most (27/4)·L·D²/(k + 2) while a stays', () => {
  const game = penalisedRegression({ seed: 3 });
  const start = Float64Array.from({ length: game.dim }, (_, i) => (i < 4 ? 2 : 0.1));
  const h: Majorant = penaltyOf(game, 2).majorantAt(start);
  const gapAt = linearGap(h);
  const s = new Float64Array(game.dim);
  let [D, smallest, k] = [0, Infinity, 0];
  const method = reweightedConditionalGradient({ concavity: 2, every: 1000 });
  for (const z of [start, ...pointsOf({ ...game, start: Array.from(start) }, method, 300)]) {
    const gradient = gradientAt(game, z);
    h.lmo(gradient, s);
    [D, smallest] = [Math.max(D, distance(z, s)), Math.min(smallest, gapAt(z, gradient))];
    expect(smallest * (k++ + 2)).toBeLessThanOrEqual((27 / 4) * game.facts!.lipschitz! * D ** 2);
  }
});

describe('on the instances of the screening test', () => {
  it.each([1, 2, 3])(
    'seed %d: the same support, coefficients that are shrunk less, and a small gap',
    (seed) => {
      const game = penalisedRegression({ seed, nonzeros: 4 });
      const free = withoutPenalty(game);
      const hidden = solve(free, gda({ stepSize: 1 / game.facts!.lipschitz! }), { steps: 400 }).z;
      const convex = solve(game, conditionalGradient(line), { steps: 400 }).z;
      const { z } = solve(game, reweightedConditionalGradient({ ...line, concavity: 3 }), { steps: 2000 });
      expect(distance(z, hidden)).toBeLessThan(distance(convex, hidden) / 2);
      const h = penaltyOf(game, 3).majorantAt(z);
      const gradient = gradientAt(game, z);
      const gap = linearGap(h)(z, gradient);
      expect(gap).toBeLessThan(1e-3 * lossOf(game, new Float64Array(50)));
      expect(keptAtoms(h.atoms, { z, gradient, gap, lipschitz: game.facts!.lipschitz! })).toEqual([
        0, 1, 2, 3,
      ]);
    },
  );
});

it('screening is not safe half-way: an atom of the end is dropped under the weights of a far start', () => {
  // at (0, 100) the second atom is all but free, and the first pays for it: β = ln 101 − 100/101 = 3.63 > 2
  const game = toward([2, 2], [0, 100]);
  const far = penaltyOf(game, 1).majorantAt(Float64Array.of(0, 100));
  const method = (every: number) => reweightedConditionalGradient({ ...line, concavity: 1, every });
  const { z } = solve(game, method(10_000), { steps: 200 });
  const screened = (h: Majorant, at: Vector): readonly number[] => {
    const gradient = gradientAt(game, at);
    return keptAtoms(h.atoms, { z: at, gradient, gap: linearGap(h)(at, gradient), lipschitz: 1 });
  };
  expect(z[0]).toBe(0);
  expect(screened(far, z)).toEqual([1]);
  const end = solve(game, method(10), { steps: 2000 }).z;
  expect(Math.min(...end)).toBeGreaterThan(1);
  expect(screened(penaltyOf(game, 1).majorantAt(end), end)).toEqual([0, 1]);
});

it('is refused, in words, where there is no penalty of atoms', () => {
  const needs =
    'reweighted-conditional-gradient needs a problem with the penalty ½ρκ² of a gauge with atoms; ';
  const such =
    '. Such penalties are squared-gauge(l1-ball(radius=1), weight=1), and squared-gauge of an l2-ball, a group-l1-ball or an atomic-ball';
  const own = (constraint?: string): Game =>
    userGame(
      {
        players: { x: 2 },
        start: [0, 0],
        ...(constraint && { constraint }),
        operator: (x: Vector, out: Vector) => out.set(x),
        losses: (x: Vector, out: Vector) => (out[0] = (x[0]! ** 2 + x[1]! ** 2) / 2),
      },
      'own',
    );
  const tried = (constraint?: string) => () =>
    solve(own(constraint), reweightedConditionalGradient(), { steps: 1 });
  expect(tried()).toThrow(`${needs}this one has no constraint${such}`);
  expect(tried('l1-ball')).toThrow(`${needs}that of this one, l1-ball(radius=1), has none${such}`);
  expect(tried('squared-gauge(simplex)')).toThrow('has none. Such penalties are');
});
