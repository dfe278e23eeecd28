import { describe, expect, it } from 'vitest';
import {
  affineSet,
  box,
  conjugate,
  distance,
  dot,
  huber,
  l1Norm,
  l2Ball,
  l1Ball,
  naturalResidual,
  normal,
  proximalFunction,
  proxFrom,
  constraintOf,
  scaling,
  separableSum,
  simplex,
  translation,
  type Game,
  type Player,
  type ProximalFunction,
} from '../src/index.js';

const proxAt = (f: ProximalFunction, z: readonly number[], γ = 1): number[] => {
  const p = Float64Array.from(z);
  f.prox(p, γ);
  return Array.from(p);
};
const lmoAt = (f: ProximalFunction, g: readonly number[]): number[] => {
  const out = new Float64Array(g.length);
  f.lmo?.(Float64Array.from(g), out);
  return Array.from(out);
};
/** Entries are below 10 and come from fewer than 20 roundings each. */
const close = (found: readonly number[], expected: readonly number[]): void => {
  expect(found.length).toBe(expected.length);
  found.forEach((x, i) =>
    expect(Math.abs(x - expected[i]!), `${String(found)} is not ${String(expected)}`).toBeLessThanOrEqual(
      20 * 10 * 2 ** -53,
    ),
  );
};

describe('prox, by hand', () => {
  it.each<[string, readonly number[], number, readonly number[]]>([
    ['l1', [3], 1, [2]], // argmin |y| + (y − 3)²/2; without the square it would be 0
    ['l1(weight=2)', [5, -5, 0.5], 1.5, [2, -2, 0]],
    ['box(lower=[-1,0], upper=[1,2])', [-3, 5], 1, [-1, 2]],
    ['box(lower=0, upper=null)', [-3, 500], 1, [0, 500]],
    ['box(lower=null, upper=1)', [-300, 5], 1, [-300, 1]],
    ['nonnegative', [-3, 2], 1, [0, 2]],
    ['l1-ball', [3, -1], 1, [1, 0]],
    ['l1-ball', [1, -0.5], 1, [0.75, -0.25]],
    ['l1-ball(radius=2)', [1, -0.5], 1, [1, -0.5]],
    ['l2-ball', [3, -4], 1, [0.6, -0.8]],
    ['linf-ball(radius=2)', [3, -4, 1], 1, [2, -2, 1]],
    ['simplex', [0.4, 0.4, 0.4], 1, [1 / 3, 1 / 3, 1 / 3]],
    ['simplex(sum=2)', [3, 2, -1], 1, [1.5, 0.5, 0]],
    ['simplex', [7], 1, [1]],
    ['affine(matrix=[[1,2,2]], values=[9])', [0, 0, 0], 1, [1, 2, 2]],
    ['affine(matrix=[[1,0],[1,1]], values=[2,5])', [7, -7], 1, [2, 3]],
    ['hyperplane(normal=[3,4], value=5)', [0, 0], 1, [0.6, 0.8]],
    ['half-space(normal=[3,4], bound=5)', [6, 8], 1, [0.6, 0.8]],
    // ⟨normal, z⟩ = 14, 9 too many: back by 9/5 along (0.6, 0.8)
    ['half-space(normal=[3,4], bound=5)', [-6, 8], 1, [-7.08, 6.56]],
    ['half-space(normal=[3,4], bound=5)', [-6, 5], 1, [-6, 5]],
    ['second-order-cone', [0, 3, 4], 1, [2.5, 1.5, 2]],
    ['second-order-cone', [-6, 3, 4], 1, [0, 0, 0]],
    ['second-order-cone', [5, 3, 4], 1, [5, 3, 4]],
    ['second-order-cone', [-5], 1, [0]],
    ['psd-cone(size=2)', [0, 1, 1, 0], 1, [0.5, 0.5, 0.5, 0.5]],
    ['psd-cone(size=2)', [3, 0, 0, -2], 1, [3, 0, 0, 0]],
    ['psd-cone(size=2)', [1, 2, 0, 1], 1, [1, 1, 1, 1]],
    ['psd-cone(size=3)', [1, 0, 0, 0, -2, 0, 0, 0, -3], 1, [1, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['group-l1(groups=[2,1])', [3, 4, 0.5], 1, [2.4, 3.2, 0]],
    ['group-l1', [3, 4], 2.5, [1.5, 2]],
    ['nuclear(rows=2, columns=2)', [3, 0, 0, 1], 2, [1, 0, 0, 0]],
    ['nuclear(rows=1, columns=2)', [3, 4], 2.5, [1.5, 2]], // of one row it is the ℓ₂ norm
    ['nuclear-ball(rows=2, columns=2, radius=2)', [3, 0, 0, -1], 1, [2, 0, 0, 0]],
    ['nuclear-ball(rows=2, columns=2, radius=3)', [3, 0, 0, -1], 1, [2.5, 0, 0, -0.5]],
    ['spectral-ball(rows=2, columns=2, radius=2)', [3, 0, 0, -1], 1, [2, 0, 0, -1]],
    ['max', [3, 1, 0], 1, [2, 1, 0]],
    ['max', [3, 1, 0], 3, [0.5, 0.5, 0]],
    ['max(weight=2)', [3, 1, 0], 2, [0, 0, 0]],
    ['huber', [1, 2, 5, -5], 1, [0.5, 1, 4, -4]],
    ['squared-l2(weight=3)', [8, -4], 1, [2, -1]],
    ['conjugate(huber)', [1, 5], 1, [0.5, 1]],
    ['translation(l1, by=2)', [5, 2.5, -4], 1, [4, 2, -3]],
    ['scaling(l1, value=2, argument=-3)', [10, -4], 1, [4, 0]], // 6|·|
    ['separable-sum(l1, simplex, sizes=[1,2])', [3, 2, 2], 1, [2, 0.5, 0.5]],
  ])('%s at %j, γ = %d', (spec, z, γ, expected) => close(proxAt(proxFrom(spec), z, γ), expected));

  it('of the simplex, differences of large entries count in full', () => {
    expect(proxAt(simplex(), [1e10 + 0.25, 1e10, -1e10])).toEqual([0.625, 0.375, 0]);
    close(proxAt(simplex(), [1e10, 1e10, 1e10]), [1 / 3, 1 / 3, 1 / 3]);
    close(proxAt(proxFrom('l1-ball'), [-1e10, 1e10, 3]), [-0.5, 0.5, 0]);
  });
});

describe('values and conjugates, by hand', () => {
  it.each<[string, readonly number[], number, number]>([
    ['box(lower=[-1,0], upper=[1,2])', [0.5, 1], 0, 2.5],
    ['box(lower=0, upper=null)', [-3, 5], Infinity, Infinity],
    ['box(lower=0, upper=null)', [0, 0], 0, 0],
    ['nonnegative', [-1, 2], Infinity, Infinity],
    ['nonnegative', [-1, 0], Infinity, 0],
    ['l1-ball(radius=2)', [1, -3], Infinity, 6],
    ['l2-ball(radius=2)', [3, -4], Infinity, 10],
    ['linf-ball(radius=2)', [1, -2], 0, 6],
    ['simplex', [0.25, 0.75], 0, 0.75],
    ['simplex', [-0.25, 1.25], Infinity, 1.25],
    ['affine(matrix=[[1,2]], values=[5])', [1, 2], 0, 5],
    ['affine(matrix=[[1,2]], values=[5])', [1, 3], Infinity, Infinity],
    ['half-space(normal=[1,2], bound=5)', [-1, -2], 0, Infinity],
    ['half-space(normal=[1,2], bound=5)', [2, 4], Infinity, 10],
    ['second-order-cone', [-5, 3, 4], Infinity, 0],
    ['second-order-cone', [5, 3, 4], 0, Infinity],
    ['psd-cone(size=2)', [1, 1, 1, 1], 0, Infinity],
    ['psd-cone(size=2)', [1, 1, 0, 1], Infinity, Infinity], // not symmetric
    ['psd-cone(size=2)', [-1, 1, -1, -1], Infinity, 0],
    ['l1(weight=2)', [1, -2], 6, 0],
    ['l1(weight=2)', [1, -2.5], 7, Infinity],
    ['group-l1(weight=2, groups=[2,1])', [3, 4, 1], 12, Infinity],
    ['group-l1(weight=5, groups=[2,1])', [3, 4, 1], 30, 0],
    ['nuclear(rows=2, columns=2, weight=2)', [3, 0, 0, -1], 8, Infinity],
    ['nuclear-ball(rows=2, columns=2, radius=2)', [3, 0, 0, -1], Infinity, 6],
    ['spectral-ball(rows=2, columns=2, radius=2)', [3, 0, 0, -1], Infinity, 8],
    ['max(weight=2)', [0.5, 1.5], 3, 0],
    ['max(weight=2)', [1, -3], 2, Infinity],
    ['huber', [0.5, -3], 2.625, Infinity],
    ['huber', [0.5, -1], 0.625, 0.625],
    ['squared-l2(weight=4)', [1, 2], 10, 0.625],
    ['translation(l1, by=[2,1])', [1, 1], 1, 3],
    ['scaling(l1, value=2, argument=-3)', [1, 1], 12, 0],
    ['scaling(huber, value=2)', [1, 1], 2, 0.5], // 2 h*(y/2), twice
    ['separable-sum(l1, squared-l2, sizes=[1,1])', [1, 2], 3, 2],
  ])('%s at %j: f = %d, f* = %d', (spec, z, value, conjugateValue) => {
    const f = proxFrom(spec);
    expect(f.value(Float64Array.from(z))).toBeCloseTo(value, 13);
    expect(f.conjugateValue(Float64Array.from(z))).toBeCloseTo(conjugateValue, 13);
  });

  it('a point counts as inside to rounding in its own precision, and to the slack given', () => {
    const f = proxFrom('l2-ball');
    const z = [0.6 + 1e-7, 0.8];
    expect([
      f.value(Float32Array.from(z)),
      f.value(Float64Array.from(z)),
      f.value(Float64Array.from(z), 0, 2, 1e-6),
    ]).toEqual([0, Infinity, 0]);
    expect(f.value(Float64Array.of(NaN, 0))).toBe(Infinity);
  });
});

describe('what is projected onto a set is inside', () => {
  it.each([
    'psd-cone(size=1)',
    'psd-cone(size=2)',
    'psd-cone(size=3)',
    'hyperplane(normal=[1,1,-2], value=0)',
    'hyperplane(normal=[3,1,-2], value=1)',
    'half-space(normal=[1,2,3], bound=0)',
    'half-space(normal=[1,2,3], bound=-1)',
    'affine(matrix=[[1,2,0],[3,4,1]], values=[1,1])',
    'affine(matrix=[[1,2],[3,4]], values=[1,1])',
  ])('%s, from points of every size', (spec) => {
    const f = proxFrom(spec);
    for (const scale of [1e-6, 1, 100, 1e6])
      for (let seed = 1; seed <= 500; seed++) {
        const z = normal(new Float64Array(f.length ?? 3), { seed, purpose: 'far' }, 0, scale);
        f.prox(z, 1);
        expect(f.value(z), `${String(z)}, from seed ${seed} times ${scale}`).toBe(0);
      }
  });
});

describe('linear minimisation, by hand', () => {
  it.each<[string, readonly number[], readonly number[]]>([
    ['box(lower=[-1,0], upper=[1,2])', [3, -1], [-1, 2]],
    ['l1-ball(radius=2)', [1, -3], [0, 2]],
    ['l2-ball(radius=5)', [3, -4], [-3, 4]],
    ['linf-ball(radius=2)', [3, -4], [-2, 2]],
    ['simplex(sum=2)', [3, -4, 0], [0, 2, 0]],
    ['nuclear-ball(rows=2, columns=2, radius=2)', [3, 0, 0, -1], [-2, 0, 0, 0]],
    ['spectral-ball(rows=2, columns=2, radius=2)', [3, 0, 0, -1], [-2, 0, 0, 2]],
    ['translation(simplex, by=[1,1])', [1, 2], [2, 1]],
    ['scaling(simplex, argument=-2)', [1, 2], [0, -0.5]],
    ['separable-sum(simplex, linf-ball, sizes=[2,1])', [1, 2, 3], [1, 0, -1]],
  ])('%s along %j', (spec, g, expected) => close(lmoAt(proxFrom(spec), g), expected));
  it('there is none for what is unbounded, or no set', () => {
    for (const spec of [
      'box(lower=0, upper=null)',
      'l1',
      'scaling(l1)',
      'separable-sum(simplex, l1, sizes=[1,1])',
      'nonnegative',
    ])
      expect(proxFrom(spec).lmo).toBeUndefined();
  });
});

describe('one function, written twice', () => {
  it.each([
    ['conjugate(l1(weight=0.7))', 'linf-ball(radius=0.7)'],
    ['l1(weight=0.7)', 'conjugate(box(lower=-0.7, upper=0.7))'],
    ['conjugate(max(weight=1.5))', 'simplex(sum=1.5)'],
    ['conjugate(group-l1(weight=2))', 'l2-ball(radius=2)'],
    ['conjugate(nuclear(rows=2, columns=3, weight=0.5))', 'spectral-ball(rows=2, columns=3, radius=0.5)'],
    ['conjugate(squared-l2(weight=4))', 'squared-l2(weight=0.25)'],
    ['conjugate(nonnegative)', 'scaling(nonnegative, argument=-1)'],
    ['conjugate(second-order-cone)', 'scaling(second-order-cone, argument=-1)'],
    ['scaling(l1, value=3, argument=0.5)', 'l1(weight=1.5)'],
    ['scaling(squared-l2, argument=3)', 'squared-l2(weight=9)'],
    ['scaling(l2-ball, argument=4)', 'l2-ball(radius=0.25)'],
    [
      'box(lower=[0,1,0,1,0,1], upper=[1,2,1,2,1,2])',
      'translation(linf-ball(radius=0.5), by=[0.5,1.5,0.5,1.5,0.5,1.5])',
    ],
    ['group-l1(groups=[1,1,1,1,1,1])', 'l1'],
    ['separable-sum(l1, l1, sizes=[2,4])', 'l1'],
    ['nuclear(rows=6, columns=1)', 'group-l1'],
    [
      'conjugate(translation(l1, by=2))',
      'conjugate(separable-sum(translation(l1, by=2), translation(l1, by=2), sizes=[3,3]))',
    ],
    [
      'conjugate(affine(matrix=[[1,1,1,1,1,1]], values=[0]))',
      'affine(matrix=[[1,-1,0,0,0,0],[0,1,-1,0,0,0],[0,0,1,-1,0,0],[0,0,0,1,-1,0],[0,0,0,0,1,-1]], values=[0,0,0,0,0])',
    ],
    [
      'hyperplane(normal=[1,2,3,4,5,6], value=2)',
      'affine(matrix=[[2,4,6,8,10,12],[1,2,3,4,5,6]], values=[4,2])',
    ],
  ])('%s is %s', (one, other) => {
    const [f, g] = [proxFrom(one), proxFrom(other)];
    for (let call = 0; call < 30; call++) {
      const z = normal(new Float64Array(6), { seed: 2, purpose: 'twice', call });
      for (const γ of [0.3, 2]) {
        const p = proxAt(f, Array.from(z), γ);
        close(p, proxAt(g, Array.from(z), γ));
        for (const at of [z, Float64Array.from(p)]) {
          const [a, b] = [f.value(at, 0, 6, 1e-14), g.value(at, 0, 6, 1e-14)];
          if (a !== b) expect(Math.abs(a - b)).toBeLessThanOrEqual(20 * 10 * 2 ** -53);
        }
      }
    }
  });
});

describe('against brute force', () => {
  const grid = Array.from({ length: 41 }, (_, i) => -4 + i / 5);
  it.each([
    'box(lower=[-1,0], upper=[1,2])',
    'nonnegative',
    'l1-ball',
    'l2-ball',
    'linf-ball',
    'half-space(normal=[1,2], bound=1)',
    'second-order-cone',
    'l1',
    'group-l1',
    'max',
    'huber',
    'squared-l2',
    'nuclear(rows=1, columns=2)',
    'nuclear-ball(rows=2, columns=1)',
    'spectral-ball(rows=2, columns=1)',
    'translation(l1, by=[1,-1])',
    'scaling(l2-ball, argument=0.5)',
    'conjugate(huber)',
    'conjugate(translation(l2-ball, by=[1,1]))',
    'separable-sum(l1, huber, sizes=[1,1])',
  ])('%s: no point of a grid has a lower f(u) + ‖u − z‖²/(2γ)', (spec) => {
    const f = proxFrom(spec);
    for (let call = 0; call < 6; call++)
      for (const γ of [0.5, 3]) {
        const z = normal(new Float64Array(2), { seed: 6, purpose: 'grid', call }, 0, 2);
        const objective = (u: Float64Array): number => f.value(u) + distance(u, z) ** 2 / (2 * γ);
        const least = objective(Float64Array.from(proxAt(f, Array.from(z), γ)));
        const found = Math.min(...grid.flatMap((x) => grid.map((y) => objective(Float64Array.of(x, y)))));
        expect(found).toBeGreaterThanOrEqual(least - 1e-13); // sums of a few terms below 100
        // and the grid comes near: its points are 0.2 apart, the slopes at most 8 or so
        expect(found).toBeLessThanOrEqual(least + 1.5);
      }
  });
});

describe('affine sets', () => {
  it('drop equations that follow from others, and refuse contradictions', () => {
    const twice = affineSet({
      matrix: [
        [1, 1, 0],
        [2, 2, 0],
        [0, 0, 0],
        [0, 1, 1],
        [1, 2, 1],
      ],
      values: [1, 2, 0, 3, 4],
    });
    close(
      proxAt(twice, [0, 0, 0]),
      proxAt(
        affineSet({
          matrix: [
            [1, 1, 0],
            [0, 1, 1],
          ],
          values: [1, 3],
        }),
        [0, 0, 0],
      ),
    );
    expect(() =>
      affineSet({
        matrix: [
          [1, 1],
          [2, 2],
        ],
        values: [1, 3],
      }),
    ).toThrow('affine: row 1 contradicts the others, which make it 2; values[1] is 3');
    expect(() => affineSet({ matrix: [[0, 0]], values: [3] })).toThrow(
      'row 0 contradicts the others, which make it 0; values[0] is 3',
    );
    expect(() =>
      affineSet({
        matrix: [
          [1, 0],
          [0, 1],
          [1, 1],
        ],
        values: [1, 1, 2.001],
      }),
    ).toThrow('contradicts');
  });
  it('meet equations that are all but dependent, and of any size', () => {
    // κ(A) is about 1e7, and the error of Az − b in each row a few roundings of ‖row‖·‖z‖, not κ times as
    // much.
    const z = Float64Array.from(
      proxAt(
        affineSet({
          matrix: [
            [1, 1, 1],
            [1, 1, 1 + 1e-7],
          ],
          values: [3, 3 + 1e-7],
        }),
        [5, -2, 0],
      ),
    );
    for (const [row, b] of [
      [[1, 1, 1], 3],
      [[1, 1, 1 + 1e-7], 3 + 1e-7],
    ] as const)
      expect(Math.abs(dot(Float64Array.from(row), z) - b)).toBeLessThanOrEqual(16 * 2 ** -53 * 10);
    for (const size of [1e-150, 1e150])
      close(
        proxAt(affineSet({ matrix: [[size, 2 * size, 2 * size]], values: [9 * size] }), [0, 0, 0]),
        [1, 2, 2],
      );
  });
});

describe('from functions to a game', () => {
  const players: readonly Player[] = [
    { name: 'x', start: 0, end: 3 },
    { name: 'y', start: 3, end: 6 },
  ];
  it('resolves each player on its own slice, and adds up values', () => {
    const constraint = constraintOf(players, [simplex(), l1Norm()]);
    const z = Float64Array.of(1, 1, 1, 3, -3, 0.5);
    constraint.prox(z, 2, 1);
    expect(Array.from(z)).toEqual([1, 1, 1, 1, -1, 0]);
    constraint.prox(z, 2, 0);
    close(Array.from(z), [1 / 3, 1 / 3, 1 / 3, 1, -1, 0]);
    const all = Float64Array.of(1, 1, 1, 3, -3, 0.5);
    constraint.prox(all, 2);
    expect(all).toEqual(z);
    const value = (at: Float64Array, player?: number): number | undefined => constraint.value?.(at, player);
    expect([value(z), value(z, 0), value(z, 1), value(Float64Array.of(1, 1, 1, 1, 1, 1))]).toEqual([
      2,
      0,
      2,
      Infinity,
    ]);
    expect(constraintOf(players, [null, l1Norm()]).value?.(all, 0)).toBe(0);
  });
  it('so that a matrix game is solved where its natural residual vanishes', () => {
    const beats = [
      [0, -1, 1],
      [1, 0, -1],
      [-1, 1, 0],
    ]; // rock, paper, scissors
    const game: Game = {
      name: 'rock-paper-scissors',
      dim: 6,
      players,
      constraint: constraintOf(players, [simplex(), simplex()]),
      operator: (z, out) =>
        beats.forEach((row, i) => {
          out[i] = row.reduce((sum, a, j) => sum + a * z[3 + j]!, 0);
          out[3 + i] = -beats.reduce((sum, other, j) => sum + other[i]! * z[j]!, 0);
        }),
    };
    expect(naturalResidual(game, new Float64Array(6).fill(1 / 3), new Float64Array(6))).toBeLessThanOrEqual(
      2 ** -50,
    );
    expect(naturalResidual(game, Float64Array.of(1, 0, 0, 0, 1, 0), new Float64Array(6))).toBeGreaterThan(
      0.5,
    );
  });
  it('minimises linear functions over bounded sets, and over no other', () => {
    const out = new Float64Array(6);
    constraintOf(players, [simplex(), l1Ball({ radius: 2 })]).lmo?.(Float64Array.of(3, -1, 0, 1, 0, -5), out);
    expect(Array.from(out)).toEqual([0, 1, 0, 0, 0, 2]);
    expect('lmo' in constraintOf(players, [simplex(), l1Norm()])).toBe(false);
    expect('lmo' in constraintOf(players, [simplex(), null])).toBe(false);
  });
  it('takes one function of all entries: joint, unless it is one of single entries', () => {
    const ball = constraintOf(players, l2Ball({ radius: 1 }));
    const z = Float64Array.of(3, 0, 0, 0, -4, 0);
    expect([ball.joint, ball.value?.(z)]).toEqual([true, Infinity]);
    ball.prox(z, 1);
    close(Array.from(z), [0.6, 0, 0, 0, -0.8, 0]);
    expect(() => ball.prox(z, 1, 0)).toThrow('l2-ball ties all players together');
    const boxes = constraintOf(players, box({ lower: 0, upper: 1 }));
    const w = Float64Array.of(3, 0, 0, 0, -4, 0);
    boxes.prox(w, 1, 1);
    expect([boxes.joint, Array.from(w)]).toEqual([undefined, [3, 0, 0, 0, 0, 0]]);
  });
  it('refuses functions that do not fit', () => {
    expect(() => constraintOf(players, box({ lower: [0, 0], upper: 1 }))).toThrow(
      'box takes 2 entries; all players together has 6',
    );
    expect(() => constraintOf(players, [null])).toThrow(
      '1 functions for 2 players; expected one each, null where there is none',
    );
    expect(() => constraintOf(players, [null, box({ lower: [0, 0], upper: 1 })])).toThrow(
      'box takes 2 entries; player y has 3',
    );
  });
});

describe('errors', () => {
  it.each([
    ['l1-bal', 'unknown function "l1-bal"; did you mean l1-ball?'],
    ['l1(wieght=1)', 'unknown option of function l1 "wieght"; did you mean weight?'],
    ['l1(weight=-1)', 'function l1: weight is -1; expected a number > 0'],
    ['l1(simplex)', 'function l1 takes options only; found simplex'],
    ['conjugate', 'function conjugate takes one function; found 0: conjugate(huber'],
    ['box(lower=[0,1], upper=[1,1,1])', 'box: upper has 3 entries; expected 2, as lower has'],
    ['box(lower=1, upper=[2,0])', 'box: entry 1 from 1 to 0 is empty; expected lower <= upper'],
    ['box(lower=high)', 'lower is high; expected a number, one per entry as [1,2], or null for none'],
    ['affine(matrix=[[1,2],[3]], values=[1,2])', 'row 1 of the matrix has 1 entries; expected 2'],
    [
      'affine(matrix=[[1,2]], values=[1,2])',
      'affine: values has 2 entries; expected 1, one per row of the matrix',
    ],
    ['affine(matrix=[1,2], values=[1])', 'matrix is [1,2]; expected rows of numbers, as [[1,2],[3,4]]'],
    ['half-space(normal=[0,0])', 'half-space: normal is zero; expected a vector with a direction'],
    ['half-space', 'needs normal'],
    ['hyperplane(normal=[0])', 'hyperplane: normal is zero'],
    ['psd-cone(size=1.5)', 'size is 1.5; expected a whole number >= 1'],
    ['group-l1(groups=[2,0])', 'groups is [2,0]; expected whole numbers >= 1, as [2,3]'],
    [
      'translation(affine(matrix=[[1,2]], values=[1]), by=[1])',
      'translation: by has 1 entries; expected 2, as affine(',
    ],
    ['scaling(l1, argument=0)', 'argument is 0; expected a number other than 0'],
    ['separable-sum(l1, sizes=[1,2])', 'separable-sum: sizes has 2 entries; expected 1, one per function'],
    ['separable-sum(psd-cone(size=2), sizes=[3])', 'sizes[0] is 3; expected 4, as psd-cone(size=2) takes'],
    ['separable-sum(sizes=[1])', 'function separable-sum takes functions; found 0'],
  ])('%s', (spec, message) => expect(() => proxFrom(spec)).toThrow(message));
  it('name the slice that does not fit, and a step that is none', () => {
    const f = box({ lower: [0, 0], upper: 1 });
    expect(() => f.prox(new Float64Array(5), 1)).toThrow('box takes 2 entries; the slice from 0 to 5 has 5');
    for (const wrong of [
      () => f.value(new Float64Array(5)),
      () => f.conjugateValue(new Float64Array(5), 0, 3),
      () => f.lmo?.(new Float64Array(3), new Float64Array(3)),
    ])
      expect(wrong).toThrow('box takes 2 entries');
    for (const [start, end] of [
      [1, 1],
      [1, 4],
      [-1, 1],
    ] as const)
      expect(() => l1Norm().prox(new Float64Array(3), 1, start, end)).toThrow(
        `l1 of the slice from ${start} to ${end}; expected a slice of a vector of 3 entries, with one at least`,
      );
    for (const γ of [0, -1, NaN, Infinity])
      expect(() => f.prox(new Float64Array(2), γ)).toThrow(
        `the prox of box with step size ${γ}; expected a number > 0`,
      );
  });
  it('of what specs cannot say', () => {
    for (const radius of [0, -1, NaN, Infinity])
      expect(() => huber({ delta: radius })).toThrow(`huber: delta is ${radius}; expected a number > 0`);
    expect(() => box({ lower: [], upper: 1 })).toThrow(
      'box: lower is empty; expected a number, or one per entry as [0,1]',
    );
    expect(() => box({ lower: Infinity, upper: Infinity })).toThrow('is empty');
    expect(() => translation(l1Norm(), { by: [1, NaN] })).toThrow(
      'translation: by[1] is NaN; expected a finite number',
    );
    expect(() => scaling(l1Norm(), { value: 0 })).toThrow('scaling: value is 0');
    expect(() => separableSum([l1Norm()], { sizes: [0.5] })).toThrow(
      'sizes[0] is 0.5; expected a whole number >= 1',
    );
    const root = proximalFunction({
      name: 'root',
      is: { convex: false },
      value: () => 0,
      conjugateValue: () => 0,
      prox: () => {},
    });
    expect(() => conjugate(root)).toThrow('the conjugate of root, which is not convex');
  });
});
