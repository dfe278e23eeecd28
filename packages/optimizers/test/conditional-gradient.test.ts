import { describe, expect, it } from 'vitest';
import {
  constraintOf,
  distance,
  linearGap,
  normal,
  proxFrom,
  proxes,
  type Constraint,
  type Game,
  type Vector,
} from '@stillpoint/operators';
import { problemFrom, userGame } from '@stillpoint/problems';
import { boundOn, measureFor } from '../src/certificates.js';
import { conditionalGradient, gda, iterate, solve } from '../src/index.js';
import { setsWithLmo } from '../src/needs.js';

const lossOf = (game: Game, z: Vector): number => {
  const out = new Float64Array(1);
  game.losses!(z, out);
  return out[0]!;
};
const F = (game: Game, z: Vector): Vector => {
  const out = new Float64Array(game.dim);
  game.operator(z, out);
  return out;
};
/** f(x) = ½ Σ hᵢ(xᵢ − cᵢ)² on a set. */
function quadratic(h: readonly number[], c: readonly number[], constraint?: Constraint): Game {
  return {
    name: 'quadratic',
    dim: h.length,
    players: [{ name: 'x', start: 0, end: h.length }],
    start: Array<number>(h.length).fill(0),
    operator: (x, out) => h.forEach((a, i) => (out[i] = a * (x[i]! - c[i]!))),
    losses(x, out) {
      out[0] = h.reduce((sum, a, i) => sum + (a * (x[i]! - c[i]!) ** 2) / 2, 0);
    },
    ...(constraint && { constraint, gap: linearGap(constraint) }),
    facts: { lipschitz: Math.max(...h), comonotone: 0 },
  };
}
const onSet = (spec: string, seed = 1): Game => {
  const h = Array.from({ length: 6 }, (_, i) => 1 + i / 2);
  const c = Array.from(normal(new Float64Array(6), { seed, purpose: 'centre' }, 0, 2));
  return quadratic(h, c, constraintOf([{ name: 'x', start: 0, end: 6 }], [proxFrom(spec)]));
};
const both = [conditionalGradient(), conditionalGradient({ step: 'line-search' })];

describe('by hand, f = ½‖x‖² on the simplex of two entries, from (1, 0)', () => {
  const players = [{ name: 'x', start: 0, end: 2 }];
  const game = { ...quadratic([1, 1], [0, 0], constraintOf(players, [proxFrom('simplex')])), start: [1, 0] };
  it('open-loop: θ = 1, 2/3, 1/2 and gaps 1, 1, 2/9', () => {
    const points = [
      [0, 1],
      [2 / 3, 1 / 3],
      [1 / 3, 2 / 3],
    ];
    const gaps = [1, 2 / 9, 2 / 9];
    points.forEach((point, k) => {
      const { z } = solve(game, conditionalGradient(), { steps: k + 1, tolerance: 1e-30 });
      point.forEach((x, i) => expect(z[i]).toBeCloseTo(x, 15));
      expect(game.gap!(z, F(game, z))).toBeCloseTo(gaps[k]!, 15);
    });
  });
  it('the line search is exact: one step, whose gap is 0', () => {
    const { z, gap, status } = solve(game, both[1]!, { steps: 5 });
    expect([...z, gap, status]).toEqual([0.5, 0.5, 0, 'converged']);
    expect(solve(game, both[1]!, { steps: 1 }).z).toEqual(z);
  });
});

describe.each([
  'simplex(sum=2)',
  'l1-ball(radius=1.5)',
  'l2-ball(radius=1)',
  'box(lower=-1, upper=0.5)',
  'nuclear-ball(rows=2, columns=3, radius=1.5)',
  'spectral-ball(rows=2, columns=3, radius=0.7)',
  'group-l1-ball(radius=2, groups=[2,1,3])',
])('on %s', (spec) => {
  it.each(both)('f − f* ≤ 2LD²/(k + 2) at every step, and gap ≥ f − f*', (method) => {
    for (const seed of [1, 2, 3]) {
      const game = onSet(spec, seed);
      const D = game.constraint!.diameter!;
      const L = game.facts!.lipschitz!;
      // by projections: the gap certifies it to 1e-12
      const best = solve(game, gda({ stepSize: 1 / L }), { steps: 4000, tolerance: 1e-15 });
      expect(best.gap).toBeLessThan(1e-11);
      const least = lossOf(game, best.z);
      let k = 0;
      for (const { z } of iterate(game, method, new Float64Array(6))) {
        if (++k > 100) break;
        const above = lossOf(game, z) - least;
        expect(above).toBeLessThanOrEqual((2 * L * D ** 2) / (k + 2));
        expect(game.gap!(z, F(game, z))).toBeGreaterThanOrEqual(above - 1e-12);
        expect(game.constraint!.gauge!(z)).toBeLessThanOrEqual(1 + 1e-14);
      }
    }
  });
});

describe('the problems with a known optimum', () => {
  it.each(['sparse-regression', 'matrix-completion', 'sparse-regression(examples=30, dimension=80, seed=3)'])(
    '%s: the theorem of its row holds, its gap bounds what is left, and is what solve returns',
    (spec) => {
      const game = problemFrom(spec).exact;
      const start = Float64Array.from(game.start!);
      const told = boundOn(game, conditionalGradient(), start);
      if ('reason' in told) throw new Error(told.reason);
      expect(told.theorem).toBe('Frank–Wolfe with open-loop steps, Jaggi 2013');
      const [L, D] = [game.facts!.lipschitz!, game.constraint!.diameter!];
      expect([told.at(0), told.at(98)]).toEqual([Infinity, (2 * L * D ** 2) / 100]);
      for (const method of both) {
        const measure = measureFor(told, game);
        let k = 0;
        for (const state of iterate(game, method, start)) {
          if (++k > 150) break;
          const above = measure(state);
          expect(above).toBeGreaterThanOrEqual(-1e-15); // f* is the least value
          expect(above).toBeLessThanOrEqual(told.at(k));
          expect(game.gap!(state.z, F(game, state.z))).toBeGreaterThanOrEqual(above);
        }
      }
      const { gap, z } = solve(game, both[1]!, { steps: 150 });
      expect(gap).toBe(linearGap(game.constraint!)(z, F(game, z)));
      expect(gap).toBeGreaterThanOrEqual(lossOf(game, z) - game.facts!.optimum!);
    },
  );
  it('sparse-regression: the solution is on the ball’s boundary, sparse, and where the gap is 0', () => {
    const game = problemFrom('sparse-regression(nonzeros=4, radius=2)').exact;
    const solution = Float64Array.from(game.facts!.solution!);
    expect(solution.filter((x) => x !== 0)).toHaveLength(4);
    expect(game.constraint!.gauge!(solution)).toBeCloseTo(1, 14);
    expect(game.gap!(solution, F(game, solution))).toBeLessThan(1e-15);
    const { z } = solve(game, gda({ stepSize: 1 / game.facts!.lipschitz! }), {
      steps: 5000,
      tolerance: 1e-13,
    });
    expect(distance(z, solution)).toBeLessThan(1e-9);
  });
  it('no bound is told for a line search, or where the set’s diameter is not known', () => {
    const game = problemFrom('sparse-regression').exact;
    const start = new Float64Array(game.dim);
    expect(boundOn(game, both[1]!, start)).toEqual({
      reason: 'the bound is of open-loop steps; its line search is exact for quadratics only',
    });
    const { diameter: _, ...constraint } = game.constraint!;
    expect(boundOn({ ...game, constraint }, both[0]!, start)).toEqual({
      reason: 'the diameter of the set is not known',
    });
  });
});

describe('a problem of one’s own', () => {
  const own = (constraint: string): Game =>
    userGame(
      {
        players: { x: 3 },
        start: [1, 0, 0],
        constraint,
        operator: (x: Vector, out: Vector) => [0.9, 0.5, 0.3].forEach((p, i) => (out[i] = x[i]! - p)),
        losses: (x: Vector, out: Vector) =>
          (out[0] = [0.9, 0.5, 0.3].reduce((sum, p, i) => sum + (x[i]! - p) ** 2 / 2, 0)),
      },
      'own',
    );
  it('takes a set by spec, and has its gap', () => {
    for (const spec of ['capped-simplex(upper=0.5)', 'intersection(simplex, box(lower=0, upper=0.5))']) {
      const { z, gap } = solve(own(spec), both[1]!, { steps: 400 });
      expect(gap).toBeLessThan(1e-2);
      expect(distance(z, [0.5, 0.35, 0.15]) ** 2 / 2).toBeLessThanOrEqual(gap! + 1e-30);
    }
    const { z, status } = solve(own('intersection(l1-ball, simplex, monotone)'), gda({ stepSize: 1 }), {
      steps: 50,
    });
    expect(status).toBe('converged');
    z.forEach((x) => expect(x).toBeCloseTo(1 / 3, 10));
  });
  it('is refused, in words, where the set has no linear minimiser', () => {
    const needs =
      'conditional-gradient needs a problem with a constraint over which linear functions can be minimised (lmo); ';
    const sets =
      '. Bounded sets have one: box, simplex, l1-ball, l2-ball, nuclear-ball, and intersections of boxes with one hyperplane; no intersection does that Dykstra’s algorithm projects onto';
    expect(() => solve(own('intersection(l1-ball, monotone)'), both[0]!, { steps: 1 })).toThrow(
      `${needs}that of this one, intersection(l1-ball(radius=1), monotone(order=increasing), tolerance=1e-13, cycles=10000), has none${sets}`,
    );
    const { constraint: _, ...free } = own('simplex');
    expect(() => solve(free, both[0]!, { steps: 1 })).toThrow(`${needs}this one has no constraint${sets}`);
  });
  it('the sets that the refusal names have a linear minimiser', () => {
    for (const name of setsWithLmo) {
      const { example } = proxes.find((row) => row.name === name)!;
      expect(proxFrom(example).lmo, name).toBeTypeOf('function');
    }
  });
  it('warns where Dykstra ran out', () => {
    const apart = own('intersection(l2-ball(radius=1), half-space(normal=[-1,0,0], bound=-2), cycles=20)');
    expect(solve(apart, gda({ stepSize: 1 }), { steps: 3 }).warnings.join()).toContain(
      'the projection onto an intersection (Dykstra) ended after 20 cycles before its tolerance',
    );
  });
  it('a gradient that is not finite is not hidden by the linear minimiser', () => {
    const usual = onSet('simplex');
    for (const method of both) {
      let calls = 0;
      const operator = (z: Vector, out: Vector): void =>
        calls++ < 6 ? usual.operator(z, out) : void out.fill(NaN);
      const { status, z } = solve({ ...usual, operator }, method, { steps: 20 });
      expect([status, z.some(Number.isNaN)]).toEqual(['non-finite', true]);
    }
  });
  it('the line search is halved where f is no quadratic, and f then falls at every step', () => {
    // f(x) = Σ ln cosh(8(x − c)): straight far from c, curved near it
    const c = [0.3, -0.2, 0.6, 0.1, -0.7, 0];
    const game: Game = {
      ...onSet('l1-ball(radius=1)'),
      operator: (x, out) => c.forEach((a, i) => (out[i] = 8 * Math.tanh(8 * (x[i]! - a)))),
      losses(x, out) {
        out[0] = c.reduce((sum, a, i) => sum + Math.log(Math.cosh(8 * (x[i]! - a))), 0);
      },
    };
    let [before, k, first] = [Infinity, 0, NaN];
    for (const { z } of iterate(game, both[1]!, new Float64Array(6))) {
      const f = lossOf(game, z);
      expect(f).toBeLessThanOrEqual(before + 1e-14);
      if (k++ === 0) first = game.gap!(z, F(game, z));
      if (k > 300) {
        expect(game.gap!(z, F(game, z))).toBeLessThan(first / 50);
        break;
      }
      before = f;
    }
  });
});
