import { describe, expect, it } from 'vitest';
import { distance, normal, proxFrom, simplex, type ProximalFunction } from '../src/index.js';
import { close, proxAt } from './prox-helpers.js';

const lmoAt = (f: ProximalFunction, g: readonly number[]): number[] => {
  const out = new Float64Array(g.length);
  f.lmo?.(Float64Array.from(g), out);
  return Array.from(out);
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

  it('on the simplex keeps small differences of large entries', () => {
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

describe('a projected point is inside the set', () => {
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
  it('is absent for an unbounded set, and for a function that is not a set', () => {
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

describe('two forms of one function agree', () => {
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
    'pseudo-huber(smoothing=0.5)',
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
