import { describe, expect, it } from 'vitest';
import {
  box,
  boxSection,
  cappedSimplex,
  constraintOf,
  distance,
  dot,
  dykstra,
  halfSpace,
  hyperplane,
  intersection,
  l1Ball,
  l2Ball,
  monotoneCone,
  normal,
  proxFrom,
  simplex,
  type ProximalFunction,
} from '../src/index.js';
import { close, proxAt } from './prox-helpers.js';

const point = (n: number, call: number, scale = 1): Float64Array =>
  normal(new Float64Array(n), { seed: 11, purpose: 'intersections', call }, 0, scale);

describe('projections onto sections and the monotone cone, by hand', () => {
  it.each<[string, readonly number[], readonly number[]]>([
    // z_i = clip(p_i − 0.15, 0, 0.5)
    ['capped-simplex(upper=0.5)', [0.9, 0.5, 0.3], [0.5, 0.35, 0.15]],
    ['box-section(lower=0, upper=0.5, sum=1)', [0.9, 0.5, 0.3], [0.5, 0.35, 0.15]],
    ['intersection(simplex, box(lower=0, upper=0.5))', [0.9, 0.5, 0.3], [0.5, 0.35, 0.15]],
    [
      'intersection(box(lower=0, upper=0.5), hyperplane(normal=[1,1,1], value=1))',
      [0.9, 0.5, 0.3],
      [0.5, 0.35, 0.15],
    ],
    ['intersection(nonnegative, simplex, simplex)', [0.4, 0.4, 0.4], [1 / 3, 1 / 3, 1 / 3]],
    ['intersection(box(lower=[-1,0], upper=1), box(lower=0, upper=[2,0.5]))', [3, 3], [1, 0.5]],
    ['capped-simplex(upper=[1,0.25,1])', [0, 9, 0], [0.375, 0.25, 0.375]],
    ['capped-simplex(upper=0.5, sum=1)', [9, -9], [0.5, 0.5]], // one point only
    // no bounds: the hyperplane z₁ + 2z₂ = 5
    ['box-section(lower=null, upper=null, sum=5, normal=[1,2])', [0, 0], [1, 2]],
    // θ of z = clip(−θ(1, −1)) with z₁ − z₂ = 1: 1/2 each, but z₂ ≥ 0
    ['box-section(lower=0, upper=3, sum=1, normal=[1,-1])', [0, 0], [1, 0]],
    ['box-section(lower=0, upper=3, sum=1, normal=[1,0])', [0, 7], [1, 3]],
    ['monotone', [1, 3, 2, 4], [1, 2.5, 2.5, 4]],
    ['monotone', [3, 2, 1], [2, 2, 2]],
    ['monotone', [1, 2, 0, 5, 4, 3], [1, 1, 1, 4, 4, 4]],
    ['monotone(order="decreasing")', [1, 3, 2, 4], [2.5, 2.5, 2.5, 2.5]],
    ['group-l1-ball(radius=2, groups=[2,1])', [3, 4, 5], [0.6, 0.8, 1]],
    ['group-l1-ball(radius=1, groups=[2,1])', [3, 4, 1], [0.6, 0.8, 0]],
    // z₁ + 2z₂ = 1, and z = (2 − θ, 2 − 2θ) with θ = 1: both above 0
    ['atomic-ball(norms=[1,0.5])', [2, -2], [1, 0]],
    // lengths (5, 2) minus θ(½, 2), θ = 6.5/4.25, would leave the second below 0: (2, 0)
    ['atomic-ball(norms=[2,0.5], groups=[2,1])', [3, 4, 2], [1.2, 1.6, 0]],
    ['atomic-ball(norms=[2,0.5], groups=[2,1])', [0.3, 0.4, -0.375], [0.3, 0.4, -0.375]],
  ])('%s at %j', (spec, z, expected) => close(proxAt(proxFrom(spec), z), expected));

  it('differences of large entries count in full', () => {
    close(proxAt(cappedSimplex({ upper: 1 }), [1e10 + 0.25, 1e10, -1e10]), [0.625, 0.375, 0]);
  });
  it('linear minimisers and support functions', () => {
    const lmo = (f: ProximalFunction, g: readonly number[]): number[] => {
      const out = new Float64Array(g.length);
      f.lmo?.(Float64Array.from(g), out);
      return Array.from(out);
    };
    expect(lmo(cappedSimplex({ upper: 0.5 }), [3, 1, 2])).toEqual([0, 0.5, 0.5]);
    expect(lmo(cappedSimplex({ upper: 0.75 }), [3, 1, 2])).toEqual([0, 0.75, 0.25]);
    expect(lmo(boxSection({ lower: -1, upper: 1, sum: 1, normal: [1, -2] }), [1, 0])).toEqual([-1, -1]);
    expect(lmo(boxSection({ lower: -Infinity, upper: 2, sum: 1 }), [1, 3])).toEqual([2, -1]);
    expect(cappedSimplex({ upper: 0.75 }).support?.(Float64Array.of(-3, -1, -2))).toBe(-1.25);
    const half = boxSection({ lower: 0, upper: Infinity, sum: 0, normal: [1, -1] }); // the ray t(1, 1)
    expect([half.support?.(Float64Array.of(1, -1)), half.support?.(Float64Array.of(1, 0)), half.lmo]).toEqual(
      [0, Infinity, undefined],
    );
  });
  it('refuses empty sets, naming what the bounds allow', () => {
    expect(() => proxFrom('capped-simplex(upper=[0.2,0.3])')).toThrow(
      'capped-simplex of 2 entries is empty: its sum is 1; expected a number from 0 to 0.5',
    );
    expect(() => cappedSimplex({ upper: 0.3 }).prox(Float64Array.of(1, 2, 3), 1)).toThrow('from 0 to 0.8999');
    expect(() => intersection([box({ lower: 0, upper: 1 }), box({ lower: 2, upper: 3 })])).toThrow('empty');
    expect(() => proxFrom('intersection(simplex, l1)')).toThrow(
      'intersection of l1(weight=1); expected sets',
    );
    expect(() => proxFrom('intersection(box(lower=[0,0]), box(lower=[0,0,0]))')).toThrow('takes 3 entries');
  });
});

/** argmin ‖u − p‖ over {Gu ≤ h}, by trying every set of rows that may be met with equality. */
function byActiveSets(
  p: Float64Array,
  G: readonly (readonly number[])[],
  h: readonly number[],
): Float64Array {
  let best = { u: p, length: Infinity };
  for (let set = 0; set < 2 ** G.length; set++) {
    const rows = G.map((_, i) => i).filter((i) => (set >> i) & 1);
    const u = p.slice();
    if (rows.length > p.length) continue;
    if (rows.length > 0) {
      try {
        const matrix = rows.map((i) => [...G[i]!]);
        proxFrom({ name: 'affine', inner: [], options: { matrix, values: rows.map((i) => h[i]!) } }).prox(
          u,
          1,
        );
      } catch {
        continue; // these rows have no point in common
      }
    }
    const length = distance(u, p);
    if (length < best.length && G.every((row, i) => dot(Float64Array.from(row), u) <= h[i]! + 1e-12))
      best = { u, length };
  }
  return best.u;
}

describe('Dykstra', () => {
  const rows = [
    [1, 2, -1],
    [-2, 1, 1],
    [0.5, -1, 2],
    [-1, -1, -1],
    [1, 0.2, 0.3],
  ];
  const values = [1, 0.5, 1, 0.7, 0.6];
  const polyhedron = rows.map((row, i) => halfSpace({ normal: row, bound: values[i]! }));
  it('projects onto a polyhedron of half-spaces as trying every active set does', () => {
    for (let call = 0; call < 40; call++) {
      const z = point(3, call, 2);
      const x = z.slice();
      const { moved, reached } = dykstra(polyhedron, x);
      expect(reached).toBe(true);
      expect(moved).toBeLessThanOrEqual(1e-12);
      // the angles of these planes enlarge `moved`: by less than 100
      expect(distance(x, byActiveSets(z, rows, values))).toBeLessThanOrEqual(1e-10);
    }
  });
  it('its certificate is true at every cycle: x is the projection onto the sets moved by at most `moved`', () => {
    const discs = [
      { centre: [0, 0], radius: 1 },
      { centre: [1, 0.5], radius: 0.8 },
    ];
    const moveBy = (centre: readonly number[], radius: number): ProximalFunction =>
      proxFrom({
        name: 'translation',
        options: { by: [...centre] },
        inner: [{ name: 'l2-ball', inner: [], options: { radius } }],
      });
    const sets = discs.map(({ centre, radius }) => moveBy(centre, radius));
    const exact = Float64Array.of(-1, 3);
    expect(dykstra(sets, exact).reached).toBe(true);
    for (const cycles of [1, 2, 5, 20]) {
      const x = Float64Array.of(-1, 3);
      const { moved, reached } = dykstra(sets, x, { cycles });
      expect(reached).toBe(moved < 1e-13);
      for (const set of sets) {
        const near = x.slice();
        set.prox(near, 1);
        expect(distance(near, x)).toBeLessThanOrEqual(moved + 2 ** -50);
      }
    }
    // where the circles meet above: ‖x‖ = 1 and ‖x − c‖ = 0.8
    expect(Math.hypot(exact[0]!, exact[1]!)).toBeCloseTo(1, 12);
    expect(Math.hypot(exact[0]! - 1, exact[1]! - 0.5)).toBeCloseTo(0.8, 12);
  });
  it('on a halfspace and a ball: the closed form', () => {
    // {‖z‖ ≤ 1, z₁ ≥ 0.6}: from (0, 5) the corner (0.6, 0.8); from (0.2, 0.1) the point (0.6, 0.1)
    const sets = [l2Ball({ radius: 1 }), halfSpace({ normal: [-1, 0], bound: -0.6 })];
    close(proxAt(intersection(sets), [0.2, 0.1]), [0.6, 0.1]);
    proxAt(intersection(sets), [0, 5]).forEach((x, i) => expect(x).toBeCloseTo([0.6, 0.8][i]!, 11));
  });
  it('on two hyperplanes is the projection onto their intersection', () => {
    const planes = [
      hyperplane({ normal: [1, 2, 2], value: 1 }),
      hyperplane({ normal: [1, 0, -1], value: 2 }),
    ];
    const both = proxFrom('affine(matrix=[[1,2,2],[1,0,-1]], values=[1,2])');
    const f = intersection(planes);
    expect(f.is.affine).toBe(true);
    for (let call = 0; call < 10; call++) {
      const z = Array.from(point(3, call));
      expect(distance(Float64Array.from(proxAt(f, z)), Float64Array.from(proxAt(both, z)))).toBeLessThan(
        1e-12,
      );
    }
  });
  it('what is projected is inside, from near and far, and stays there', () => {
    const f = proxFrom(
      'intersection(l1-ball(radius=1), box(lower=-0.3, upper=0.6), half-space(normal=[1,1,1], bound=0.2))',
    );
    for (const scale of [0.1, 1, 100])
      for (let call = 0; call < 20; call++) {
        const p = Float64Array.from(proxAt(f, Array.from(point(3, call, scale))));
        expect(f.value(p), `${String(p)}, from call ${call} times ${scale}`).toBe(0);
        expect(distance(Float64Array.from(proxAt(f, Array.from(p))), p)).toBeLessThan(1e-12);
      }
  });
  it('says that it ran out where the sets do not meet, and how far they are apart', () => {
    const apart = [l2Ball({ radius: 1 }), halfSpace({ normal: [-1, 0], bound: -2 })];
    const x = Float64Array.of(0, 0.5);
    const ended = dykstra(apart, x, { cycles: 50 });
    expect([ended.cycles, ended.reached]).toEqual([50, false]);
    expect(ended.moved).toBeGreaterThanOrEqual(1);
    const notes: string[] = [];
    const players = [{ name: 'x', start: 0, end: 2 }];
    const constraint = constraintOf(players, [intersection(apart, { cycles: 50 })]);
    constraint.prox(Float64Array.of(0, 0.5), 1, undefined, (what) => notes.push(what));
    expect(notes).toEqual([
      'the projection onto an intersection (Dykstra) ended after 50 cycles before its tolerance: the sets may not meet',
    ]);
    expect(() => intersection(apart).conjugateValue(Float64Array.of(1, 0))).toThrow(
      'intersection has no support function that is known in closed form',
    );
    expect('support' in constraint).toBe(false);
  });
  it('hands a NaN on, and takes float32 and slices', () => {
    const f = intersection([l1Ball({ radius: 1 }), monotoneCone()]);
    expect(proxAt(f, [1, NaN]).every(Number.isNaN)).toBe(true);
    const long = Float32Array.of(7, 3, 1, 7);
    f.prox(long, 1, 1, 3);
    expect(Array.from(long)).toEqual([7, 0.5, 0.5, 7]);
  });
});

describe('gauges', () => {
  const sets: readonly (readonly [string, ProximalFunction])[] = [
    'simplex(sum=2)',
    'l1-ball(radius=1.5)',
    'l2-ball(radius=0.5)',
    'linf-ball(radius=2)',
    'box(lower=[-1,0,-2,-1,0,0], upper=[1,2,0,3,1,2])',
    'nuclear-ball(rows=2, columns=3, radius=1.5)',
    'spectral-ball(rows=2, columns=3, radius=0.7)',
    'group-l1-ball(radius=2, groups=[2,1,3])',
    'atomic-ball(norms=[2,0.5,1.5], groups=[2,1,3])',
    'atomic-ball(norms=[2,0.5,1.5,1,1,3])',
    'capped-simplex(upper=0.5)',
    'scaling(l1-ball, argument=-2)',
    'separable-sum(l1-ball, simplex, sizes=[2,4])',
  ].map((spec) => [spec, proxFrom(spec)]);
  it.each(sets)(
    'of %s: at most 1 after a projection, homogeneous, dual to the support function',
    (_, set) => {
      const γ = set.gauge!;
      for (let call = 0; call < 20; call++) {
        const [z, g] = [point(6, 2 * call), point(6, 2 * call + 1)];
        set.prox(z, 1);
        expect(γ(z)).toBeLessThanOrEqual(1 + 2 ** -48);
        expect(γ(z.map((x) => 4 * x))).toBeCloseTo(4 * γ(z), 12);
        // ⟨g, z⟩ ≤ γ(z)·σ(g), with equality at the point that attains σ
        expect(dot(g, z)).toBeLessThanOrEqual(γ(z) * set.support!(g) + 1e-12);
        const s = new Float64Array(6);
        set.lmo!(
          g.map((x) => -x),
          s,
        );
        expect(dot(g, s)).toBeCloseTo(set.support!(g), 12);
        expect(γ(s)).toBeLessThanOrEqual(1 + 2 ** -48);
      }
      expect(γ(new Float64Array(6))).toBe(0);
    },
  );
  it.each(sets.filter(([, set]) => set.diameter))(
    'the diameter of %s is attained, and never exceeded',
    (_, set) => {
      const D = set.diameter!(6);
      let most = 0;
      for (let call = 0; call < 400; call++) {
        const [a, b] = [new Float64Array(6), new Float64Array(6)];
        const g =
          call < 64
            ? Float64Array.from(a, (__, i) => ((call >> i) & 1 ? 1 : -1) * (1 + i / 9))
            : point(6, call);
        set.lmo!(g, a);
        set.lmo!(
          g.map((x) => -x),
          b,
        );
        most = Math.max(most, distance(a, b));
        expect(distance(a, b)).toBeLessThanOrEqual(D * (1 + 2 ** -48));
      }
      expect(most).toBeGreaterThan(D * (1 - 1e-12));
    },
  );
  it('of a product of sets is the largest; support functions add up, diameters as in Pythagoras', () => {
    const players = [
      { name: 'x', start: 0, end: 2 },
      { name: 'y', start: 2, end: 4 },
    ];
    const both = constraintOf(players, [l1Ball({ radius: 2 }), simplex()]);
    const z = Float64Array.of(1, -2, 0.25, 0.25);
    expect([both.gauge?.(z), both.support?.(z), both.diameter]).toEqual([
      1.5,
      4.25,
      Math.hypot(4, Math.SQRT2),
    ]);
    expect(constraintOf(players, [l1Ball({ radius: 2 }), null]).gauge?.(z)).toBe(1.5);
    expect('support' in constraintOf(players, [l1Ball({ radius: 2 }), null])).toBe(false);
  });
});

describe('½ρκ² of a set', () => {
  // argmin ½ρ‖u‖₁² + ½‖u − z‖²: soft thresholding by λ = ρ‖u‖₁, here z = (3, −1), ρ = 1: λ = (3 − λ) = 1.5
  it.each<[string, readonly number[], readonly number[]]>([
    ['squared-gauge(l1-ball(radius=1))', [3, -1], [1.5, 0]],
    ['squared-gauge(l1-ball(radius=1), weight=0.5)', [3, -2], [1.75, -0.75]], // λ = ½(5 − 2λ) = 1.25
    ['squared-gauge(l2-ball(radius=2), weight=4)', [3, -1], [1.5, -0.5]], // ½·4‖u‖²/4: z/2
    ['squared-gauge(simplex)', [3, -1], [1.5, 0]],
    ['squared-gauge(simplex)', [-3, -1], [0, 0]],
    ['squared-gauge(nuclear-ball(rows=2, columns=2, radius=1))', [3, 0, 0, -1], [1.5, 0, 0, 0]],
  ])('%s at %j', (spec, z, expected) => close(proxAt(proxFrom(spec), z), expected));
  it('refuses what has no gauge or no linear minimiser', () => {
    for (const spec of ['nonnegative', 'l1', 'translation(l1-ball, by=1)'])
      expect(() => proxFrom(`squared-gauge(${spec})`)).toThrow('expected a bounded set with a gauge');
  });
});
