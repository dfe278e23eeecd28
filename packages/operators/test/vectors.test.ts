import { describe, expect, it } from 'vitest';
import {
  adamDirection,
  affineSet,
  clipByNorm,
  copy,
  distance,
  dot,
  halfSpace,
  hyperplane,
  isFiniteVector,
  l2Ball,
  lendMemory,
  mix,
  norm,
  normal,
  scale,
  secondOrderCone,
  uniform,
  waxpy,
  type ProximalFunction,
  type Vector,
} from '../src/index.js';
import { kernelsOf } from '../src/vectors/memory.js';

const precisions = [
  { like: new Float32Array(0), name: 'float32', u: 2 ** -24 },
  { like: new Float64Array(0), name: 'float64', u: 2 ** -53 },
];
const update = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  correction1: 1 - 0.9 ** 3,
  correction2: 1 - 0.999 ** 3,
};

/**
 * Values of which sums, products and quotients overflow, underflow, are denormal, cancel or are not numbers;
 * in between ordinary ones.
 */
function special(like: Vector): readonly number[] {
  return like instanceof Float32Array
    ? [
        0,
        -0,
        NaN,
        Infinity,
        -Infinity,
        1e-40,
        -3e-45,
        1.1754943508222875e-38,
        3.4028234663852886e38,
        -3e38,
        1e-19,
        1.5e19,
        1,
        -1,
      ]
    : [
        0,
        -0,
        NaN,
        Infinity,
        -Infinity,
        1e-310,
        -5e-324,
        2.2250738585072014e-308,
        1.7976931348623157e308,
        -1e308,
        1e-154,
        1e154,
        1,
        -1,
      ];
}

/** Random values; every `every`-th of them a special one. */
function fill(z: Vector, call: number, player: number, every: number): Vector {
  normal(z, { seed: 11, purpose: 'values', call, player });
  const values = special(z);
  const picks = uniform(new Float64Array(z.length), { seed: 11, purpose: 'picks', call, player });
  picks.forEach((pick, i) => {
    if (pick < 1 / every) z[i] = values[Math.floor(pick * every * values.length)] ?? NaN;
  });
  return z;
}

/** Entries that differ; NaN equals NaN, −0 differs from 0. */
const differing = (a: Vector, b: Vector): number[] =>
  Array.from(a.keys()).filter((i) => !Object.is(a[i], b[i]));

describe.each(precisions)('SIMD in $name gives the bits of the loops', ({ like }) => {
  const width = like.BYTES_PER_ELEMENT;
  const cases = Array.from({ length: 60 }, (_, call) => {
    const [a, b, c] = Array.from(uniform(new Float64Array(3), { seed: 12, purpose: 'lengths', call }));
    return {
      call,
      n: 256 + Math.floor((a ?? 0) * 300),
      shift: Math.floor((b ?? 0) * 4),
      start: Math.floor((c ?? 0) * 9),
      every: call % 3 === 0 ? Infinity : call % 3 === 1 ? 5 : 400,
    };
  });
  it.each(cases)(
    'n=$n, $shift entries off alignment, from entry $start, a special value in $every',
    ({ call, n, shift, start, every }) => {
      const length = start + n + 3;
      const vector = lendMemory(like, 6, length + 4);
      /** The same values in lent memory and in ordinary memory. */
      const pairs = [0, 1, 2, 3].map((player) => {
        const lent = vector(length + 4).subarray(shift, shift + length);
        fill(lent, call, player, every);
        return { lent, plain: lent.slice() };
      });
      const [z, w, g, v] = pairs;
      if (z === undefined || w === undefined || g === undefined || v === undefined)
        throw new Error('four pairs');
      expect(z.lent.byteOffset % 16).toBe((shift * width) % 16);
      expect(kernelsOf(start, start + n, z.lent, w.lent, g.lent)).toBeDefined();
      expect(kernelsOf(start, start + n, z.plain, w.plain, g.plain)).toBeUndefined();
      const alike = (): void => {
        for (const { lent, plain } of pairs) expect(differing(lent, plain)).toEqual([]);
      };
      const scalar = Array.from(normal(new Float64Array(3), { seed: 13, purpose: 'scalars', call }));
      const [end, [a = 0, t = 0, c = 0]] = [start + n, scalar];

      const kernels: readonly ((k: 'lent' | 'plain') => unknown)[] = [
        (k) => dot(z[k], w[k], start, end),
        (k) => norm(z[k], start, end),
        (k) => distance(z[k], w[k]),
        (k) => isFiniteVector(z[k]),
        (k) => isFiniteVector(w[k]),
        (k) => waxpy(w[k], z[k], a, g[k], start, end),
        (k) => waxpy(z[k], z[k], a, g[k], start, end),
        (k) => mix(z[k], t, w[k]),
        (k) => scale(w[k], c, start, end),
        (k) => clipByNorm(w[k], 0.5, start, end),
        (k) => adamDirection(g[k], w[k], v[k], update, start, end), // √ of a negative v is NaN in both
        (k) => {
          scale(v[k], 0);
          adamDirection(z[k], w[k], v[k], update, start, end);
        },
        (k) => copy(z[k], w[k]).length,
      ];
      for (const run of kernels) {
        const [inSimd, inLoop] = [run('lent'), run('plain')];
        expect(Object.is(inSimd, inLoop), `${String(inSimd)} and ${String(inLoop)}`).toBe(true);
        alike();
      }
    },
  );
  it('does not change entries outside [start, end)', () => {
    const vector = lendMemory(like, 5, 301);
    const [before, g, m, v, after] = [
      vector(301).fill(5),
      vector(301).fill(1),
      vector(301).fill(1),
      vector(301).fill(1),
      vector(301).fill(7),
    ];
    const changed = (z: Vector, was: number): void =>
      expect(Array.from(z, (x) => x !== was)).toEqual(
        Array.from({ length: 301 }, (_, i) => i >= 13 && i < 290),
      );
    waxpy(g, g, 1, g, 13, 290);
    changed(g, 1);
    scale(m, 2, 13, 290);
    changed(m, 1);
    adamDirection(after, before, v, { ...update, beta2: 0.5 }, 13, 290);
    changed(after, 7);
    changed(before, 5);
    changed(v, 1);
    mix(g, 0.5, m);
    expect(Array.from(g)).toEqual(Array.from(m));
    changed(g, 1);
  });
  it('a shorter operand is read as far as it goes, as in a loop: never into its neighbour', () => {
    const vector = lendMemory(like, 3, 300);
    const [z, short] = [vector(300), vector(280).fill(1)];
    vector(300).fill(7);
    waxpy(z, z, 1, short);
    expect(Array.from(z)).toEqual(Array.from({ length: 300 }, (_, i) => (i < 280 ? 1 : NaN)));
  });
});

describe('arithmetic', () => {
  it('of 256 and more float32 entries is float32 after each operation; of fewer it is float64, rounded when stored', () => {
    // z = 1 + 2⁻²³ and a·g = 2⁻²⁴(1 − 2⁻²⁶), which float32 rounds to 2⁻²⁴: then z + a·g is half-way and goes
    // to the even neighbour, else it stays below.
    for (const [n, expected] of [
      [256, 1 + 2 ** -22],
      [255, 1 + 2 ** -23],
    ] as const) {
      const z = new Float32Array(n).fill(1 + 2 ** -23);
      waxpy(z, z, 2 ** -24 * (1 + 2 ** -13), new Float32Array(n).fill(1 - 2 ** -13));
      expect(new Set(z)).toEqual(new Set([expected]));
    }
  });
  it('of 256 and more float32 entries rounds scalars before the loop', () => {
    for (const [n, expected] of [
      [256, 1.3000000715255737],
      [255, 1.2999999523162842],
    ] as const) {
      const z = new Float32Array(n).fill(13);
      scale(z, 0.1);
      expect(new Set(z)).toEqual(new Set([expected]));
    }
  });
  it('of vectors of two precisions is float64, rounded when stored', () => {
    const z = new Float32Array(300);
    // in float32 the difference would be 0
    waxpy(z, new Float64Array(300).fill(1e10), 1, new Float64Array(300).fill(-1e10 + 0.125));
    expect(z[299]).toBe(0.125);
  });
  it('sums run in eight lanes, which are then added in pairs; remaining entries come last', () => {
    const a = new Float64Array(259).fill(0);
    a[0] = 2 ** 53;
    a[8] = a[16] = 1; // into the lane of 2⁵³, one by one: both lost
    a[1] = a[9] = a[17] = a[25] = 1; // a lane of their own: 4 in all
    a[256] = a[257] = 1; // left over, one by one: both lost
    for (const ones of [new Float64Array(259).fill(1), new Float32Array(259).fill(1)])
      expect(dot(a, ones)).toBe(2 ** 53 + 4);
  });
  it.each(precisions)('the Adam direction in $name is the formula’s, to rounding', ({ like, u }) => {
    const n = 1000;
    const make = (purpose: string): Float64Array =>
      Float64Array.from(Float32Array.from(normal(new Float64Array(n), { seed: 5, purpose })));
    const [g, m, v] = [make('g'), make('m'), make('v').map((x) => Math.fround(x * x))];
    const into = (x: Float64Array): Vector =>
      like instanceof Float32Array ? Float32Array.from(x) : Float64Array.from(x);
    const [d, m1, v1] = [into(g), into(m), into(v)];
    adamDirection(d, m1, v1, update);
    const { beta1, beta2, epsilon, correction1, correction2 } = update;
    g.forEach((gi, i) => {
      const [mi, vi] = [beta1 * (m[i] ?? 0) + (1 - beta1) * gi, beta2 * (v[i] ?? 0) + (1 - beta2) * gi * gi];
      // their sum may cancel, their roundings do not
      const terms = Math.abs(beta1 * (m[i] ?? 0)) + Math.abs((1 - beta1) * gi);
      const root = Math.sqrt(vi / correction2) + epsilon;
      // Each term of m: its scalar, its product, the sum. Of v: one product more. Then two more for the
      // scale, half of v's for the root, the root, + ε, ÷; as many again for the formula itself.
      expect(Math.abs((m1[i] ?? NaN) - mi)).toBeLessThanOrEqual(2 * 3 * u * terms);
      expect(Math.abs((v1[i] ?? NaN) - vi)).toBeLessThanOrEqual(2 * 4 * u * vi);
      expect(Math.abs((d[i] ?? NaN) - mi / correction1 / root)).toBeLessThanOrEqual(
        (2 * (3 + 2 + 3 + 3) * u * terms) / correction1 / root,
      );
    });
  });
});

describe('clipByNorm', () => {
  it('scales to the given norm or changes nothing, and returns the norm before', () => {
    const g = Float64Array.of(3, 4);
    expect(clipByNorm(g, 10)).toBe(5);
    expect(Array.from(g)).toEqual([3, 4]);
    expect(clipByNorm(g, 2.5)).toBe(5);
    expect(Array.from(g)).toEqual([1.5, 2]);
    expect(clipByNorm(g, 0)).toBe(2.5);
    expect(Array.from(g)).toEqual([0, 0]);
    expect(clipByNorm(g, 1)).toBe(0);
  });
  it('of one player’s slice does not change the others’ slices', () => {
    const g = Float32Array.of(9, 3, 4, 9);
    expect(clipByNorm(g, 1, 1, 3)).toBe(5);
    expect(Array.from(g)).toEqual(
      [9, 3, 4, 9].map((x, i) => (i === 1 || i === 2 ? Math.fround(x * 0.2) : x)),
    );
  });
  it('clips even if the squares overflow', () => {
    const g = Float64Array.of(3 * 2 ** 1000, -4 * 2 ** 1000);
    expect(clipByNorm(g, 5)).toBe(5 * 2 ** 1000);
    expect(Array.from(g)).toEqual([3, -4]);
  });
  it('does not hide entries that are not finite', () => {
    for (const bad of [NaN, Infinity]) {
      const g = Float64Array.of(1, bad);
      clipByNorm(g, 1);
      expect(isFiniteVector(g)).toBe(false);
    }
  });
  it.each([-1, NaN])('to %s is refused', (max) =>
    expect(() => clipByNorm(Float64Array.of(1), max)).toThrow(`clipByNorm to ${max}; expected a number >= 0`),
  );
});

describe('norms at the ends of float64', () => {
  const u = 2 ** -53;
  const near = (found: number, right: number, roundings: number): void =>
    expect(Math.abs(found / right - 1)).toBeLessThanOrEqual(roundings * u);
  // a short loop and the long one
  const vectors = [Float64Array.of(3, -4), normal(new Float64Array(300), { seed: 1, purpose: 'norm' })];
  it('scale with the vector: by a power of 2 to the bit, down to where entries lose digits and up to where the norm is not finite', () => {
    for (const z of vectors)
      for (const k of [-900, -700, -500, -490, -470, 400, 510, 600, 1000]) {
        const [scaled, zero] = [z.map((x) => x * 2 ** k), new Float64Array(z.length)];
        near(norm(scaled), norm(z) * 2 ** k, 2 * z.length);
        near(distance(scaled, zero), norm(z) * 2 ** k, 2 * z.length);
        near(
          distance(
            scaled,
            scaled.map((x) => -x),
          ),
          2 * norm(z) * 2 ** k,
          2 * z.length,
        );
      }
  });
  it('of denormal entries are right to their own rounding', () => {
    expect(norm(Float64Array.of(3 * 2 ** -1074, 4 * 2 ** -1074))).toBe(5 * 2 ** -1074);
    expect(distance(Float64Array.of(3 * 2 ** -1074, 0), Float64Array.of(0, 4 * 2 ** -1074))).toBe(
      5 * 2 ** -1074,
    );
  });
  it('of a small difference of large vectors, and of vectors that differ by more than float64 holds', () => {
    expect(distance(Float64Array.of(2 ** 500, 1), Float64Array.of(2 ** 500, 1 + 2 ** -52))).toBe(2 ** -52);
    expect(distance(Float64Array.of(1e308), Float64Array.of(-1e308))).toBe(Infinity);
    expect([norm(Float64Array.of(0, 0)), distance(Float64Array.of(1), Float64Array.of(1))]).toEqual([0, 0]);
    for (const bad of [NaN, Infinity])
      expect([norm(Float64Array.of(bad, 1)), distance(Float64Array.of(1, bad), [0, 0])]).toEqual([bad, bad]);
  });
  it('do not change the bits of ordinary sums', () => {
    for (const z of vectors) expect(norm(z)).toBe(Math.sqrt(dot(z, z)));
  });
});

describe('projections at the ends of float64', () => {
  const onto = (f: ProximalFunction, z: Vector): number[] => {
    f.prox(z, 1);
    return Array.from(z);
  };
  it('of the second-order cone scale with the point', () => {
    expect(onto(secondOrderCone(), Float64Array.of(-5e-201, 1.7e-200))).toEqual(
      [6e-201, 6e-201].map((x) => expect.closeTo(x, 214)),
    );
    for (const k of [-1000, -560, -500, 0, 500, 1015]) {
      // (0, 3, 4) goes to (2.5, 1.5, 2): all exact
      expect(
        onto(
          secondOrderCone(),
          Float64Array.of(0, 3, 4).map((x) => x * 2 ** k),
        ),
      ).toEqual([2.5, 1.5, 2].map((x) => x * 2 ** k));
    }
    const [t, x] = onto(secondOrderCone(), Float64Array.of(-1e308, 1.5e308, 1.5e308));
    // the norm alone is beyond float64
    expect(Math.abs(t! / (((1.5 * Math.SQRT2 - 1) / 2) * 1e308) - 1)).toBeLessThanOrEqual(16 * 2 ** -53);
    expect(Math.abs(t! / (x! * Math.SQRT2) - 1)).toBeLessThanOrEqual(16 * 2 ** -53); // on the surface
  });
  it('of balls reach the sphere from everywhere', () => {
    for (const [z, radius] of [
      [[3e-200, -4e-200], 1e-200],
      [[1.5e308, -1.5e308], 1],
      [[3e300, 4e300], 1e-20],
      [[3, 4], 1e-310],
    ] as const) {
      const p = onto(l2Ball({ radius }), Float64Array.from(z));
      const size = Math.hypot(...z.map((x) => x / Math.abs(z[0])));
      p.forEach((x, i) =>
        expect(Math.abs(x - (radius * (z[i]! / Math.abs(z[0]))) / size)).toBeLessThanOrEqual(
          16 * 2 ** -53 * radius + 2 ** -1074,
        ),
      );
      const s = new Float64Array(2);
      l2Ball({ radius }).lmo?.(Float64Array.from(z), s);
      p.forEach((x, i) =>
        expect(Math.abs(s[i]! + x)).toBeLessThanOrEqual(16 * 2 ** -53 * radius + 2 ** -1074),
      );
    }
  });
  it('of long float32 vectors, even if the factor is below float32', () => {
    const z = new Float32Array(400).fill(1e38);
    onto(l2Ball({ radius: 1e-3 }), z);
    for (const x of z) expect(Math.abs(x / (1e-3 / 20) - 1)).toBeLessThanOrEqual(8 * 2 ** -24);
  });
  it('of half-spaces and affine sets whose normals have squares, or a norm, beyond float64', () => {
    for (const size of [1e-310, 1e-200, 1e200, 1.5e308]) {
      const [bound, normals] = [size / 2, [size, size]];
      for (const f of [
        halfSpace({ normal: normals, bound }),
        hyperplane({ normal: normals, value: bound }),
        affineSet({ matrix: [normals], values: [bound] }),
      ]) {
        for (const x of onto(f, Float64Array.of(1, 1)))
          // 1e-310 has 14 digits
          expect(Math.abs(x - 0.25)).toBeLessThanOrEqual(size < 1e-300 ? 1e-12 : 16 * 2 ** -53);
      }
    }
    expect(() => halfSpace({ normal: [1e-300], bound: 1e300 })).toThrow(
      'half-space: its distance from the origin is Infinity, beyond float64',
    );
    expect(() => affineSet({ matrix: [[1e-300]], values: [1e300] })).toThrow(
      'affine: the points of row 0 are beyond float64',
    );
  });
});
