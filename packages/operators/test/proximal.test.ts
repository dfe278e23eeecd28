import { describe, expect, it } from 'vitest';
import {
  conjugate,
  distance,
  dot,
  normal,
  proxes,
  proxFrom,
  scaling,
  translation,
  type ProximalFunction,
  type Vector,
} from '../src/index.js';

// The defining properties of a prox, for every row of the registry (its example) and for what the rules make
// of it.

const entries = (f: ProximalFunction): number => f.length ?? 5;
const rows = proxes.map(({ name, example }) => ({ name, f: proxFrom(example) }));
const shift = (f: ProximalFunction): ProximalFunction =>
  translation(f, { by: Array.from({ length: entries(f) }, (_, i) => 0.7 - 0.4 * i) });
const functions = rows.flatMap(({ name, f }) => [
  { name, f },
  { name: `conjugate of ${name}`, f: conjugate(f) },
  { name: `${name} moved`, f: shift(f) },
  { name: `${name} scaled`, f: scaling(f, { value: 2, argument: -0.5 }) },
  { name: `conjugate of ${name} moved`, f: conjugate(shift(f)) },
]);
const precisions = [
  { precision: 'float64', u: 2 ** -53, make: (n: number): Vector => new Float64Array(n) },
  { precision: 'float32', u: 2 ** -24, make: (n: number): Vector => new Float32Array(n) },
];
const cases = precisions.flatMap((precision) => functions.map((entry) => ({ ...entry, ...precision })));
const steps = [0.25, 1, 4];
const TRIALS = 20;

/** Entries below 8: 2·N(0, 1), and 4 deviations are not exceeded in these draws (asserted below). */
const LARGEST = 8;
function point(make: (n: number) => Vector, n: number, call: number): Vector {
  const z = normal(make(n), { seed: 4, purpose: 'prox', call }, 0, 2);
  expect(Math.max(...Array.from(z, Math.abs))).toBeLessThan(LARGEST);
  return z;
}
function proxAt(f: ProximalFunction, z: Vector, γ: number): Vector {
  const p = z.slice();
  f.prox(p, γ);
  return p;
}
const minus = (a: Vector, b: Vector, over = 1): Float64Array =>
  Float64Array.from(a, (x, i) => (x - b[i]!) / over);
/**
 * Of inner products of n entries, with some 16 roundings in the operator itself (16 is our choice), divided
 * by the least step.
 */
const tolerance = (n: number, u: number): number => (16 * n * u * LARGEST ** 2) / Math.min(...steps);

describe.each(cases)('$name, $precision', ({ f, u, make }) => {
  const n = entries(f);
  const tol = tolerance(n, u);
  const trials = Array.from({ length: TRIALS }, (_, call) => ({
    z: point(make, n, 2 * call),
    w: point(make, n, 2 * call + 1),
    γ: steps[call % 3]!,
  }));
  /** y = (z − p)/γ is off by p's rounding over γ. */
  const slack = (γ: number): number => (16 * n * u * LARGEST) / γ;
  /** f(p). A conjugate's prox is a difference: it rounds relative to z, not to p. */
  const valueAt = (p: Vector): number => f.value(p, 0, n, f.name.includes('conjugate') ? slack(1) : 0);

  it('solves its problem: f(p) + f*(y) = ⟨p, y⟩ for y = (z − p)/γ, so y is a subgradient at p; f(p) is finite', () => {
    for (const { z, γ } of trials) {
      const p = proxAt(f, z, γ);
      const y = minus(z, p, γ);
      expect(valueAt(p)).toBeLessThan(Infinity);
      expect(
        Math.abs(valueAt(p) + f.conjugateValue(y, 0, n, slack(γ)) - dot(Float64Array.from(p), y)),
      ).toBeLessThanOrEqual(tol);
    }
  });
  it('obeys f(u) ≥ f(p) + ⟨y, u − p⟩ and f(u) + f*(v) ≥ ⟨u, v⟩, wherever u and v lie', () => {
    for (const { z, w, γ } of trials) {
      const p = proxAt(f, z, γ);
      const y = minus(z, p, γ);
      for (const at of [w, proxAt(f, w, γ)]) {
        expect(valueAt(at)).toBeGreaterThanOrEqual(valueAt(p) + dot(y, minus(at, p)) - tol);
        for (const v of [z, minus(w, proxAt(f, w, γ), γ), y])
          expect(valueAt(at) + f.conjugateValue(v, 0, n, slack(γ))).toBeGreaterThanOrEqual(dot(at, v) - tol);
      }
    }
  });
  it('is firmly nonexpansive', () => {
    for (const { z, w, γ } of trials) {
      const moved = minus(proxAt(f, z, γ), proxAt(f, w, γ));
      expect(dot(moved, moved)).toBeLessThanOrEqual(dot(minus(z, w), moved) + tol);
    }
  });
  it('splits z with its conjugate (Moreau), and is its conjugate’s conjugate', () => {
    for (const { z, γ } of trials) {
      const p = proxAt(f, z, γ);
      const q = proxAt(
        conjugate(f),
        Float64Array.from(z, (x) => x / γ),
        1 / γ,
      );
      expect(
        distance(
          z,
          Float64Array.from(p, (x, i) => x + γ * q[i]!),
        ),
      ).toBeLessThanOrEqual(tol);
      expect(distance(proxAt(conjugate(conjugate(f)), z, γ), p)).toBeLessThanOrEqual(tol);
    }
  });
  it('works on a slice as on a separate vector, and changes nothing else', () => {
    for (const { z, w, γ } of trials.slice(0, 3)) {
      const long = make(n + 5).fill(77);
      long.set(z, 2);
      expect(f.value(long, 2, n + 2)).toBe(f.value(z));
      expect(f.conjugateValue(long, 2, n + 2)).toBe(f.conjugateValue(z));
      f.prox(long, γ, 2, n + 2);
      expect(Array.from(long)).toEqual([77, 77, ...proxAt(f, z, γ), 77, 77, 77]);
      if (f.lmo === undefined) continue;
      const [alone, within, same] = [make(n), make(n + 5).fill(77), w.slice()];
      f.lmo(w, alone);
      long.set(w, 2);
      f.lmo(long, within, 2, n + 2);
      expect(Array.from(within)).toEqual([77, 77, ...alone, 77, 77, 77]);
      f.lmo(same, same);
      expect(same).toEqual(alone);
    }
  });
  it('passes a NaN on, and throws nothing', () => {
    for (let i = 0; i < n; i++) {
      const z = point(make, n, i);
      z[i] = NaN;
      expect(proxAt(f, z, 1).some(Number.isNaN)).toBe(true);
    }
  });

  const { is } = f;
  it('has consistent predicates', () => {
    expect(is.cone).toBe(is.set && is.homogeneous);
    if (is.affine) expect(is.set).toBe(true);
    if (is.set) expect(is.smooth || is.stronglyConvex).toBe(false);
    if (is.homogeneous) expect(is.smooth || is.stronglyConvex).toBe(false);
    const dual = conjugate(f).is;
    expect([dual.set, dual.homogeneous, dual.cone, dual.smooth, dual.stronglyConvex, dual.separable]).toEqual(
      [is.homogeneous, is.set, is.cone, is.stronglyConvex, is.smooth, is.separable],
    );
  });
  it('is a set exactly if it takes no values but 0 and ∞', () => {
    const values = trials.flatMap(({ z, γ }) => [f.value(z), valueAt(proxAt(f, z, γ))]);
    expect(values.every((x) => x === 0 || x === Infinity)).toBe(is.set);
  });
  if (is.set)
    it('as a set: projects, whatever the step size; a projected point stays', () => {
      for (const { z, γ } of trials) {
        const p = proxAt(f, z, γ);
        for (const step of steps) {
          expect(distance(proxAt(f, z, step), p)).toBeLessThanOrEqual(tol);
          expect(distance(proxAt(f, p, step), p)).toBeLessThanOrEqual(tol);
        }
      }
    });
  if (is.homogeneous)
    it('as a homogeneous function: f(tz) = t f(z), prox of tz with step tγ is t times the prox; of a cone with any step', () => {
      for (const { z, γ } of trials)
        for (const t of [0.5, 2]) {
          // powers of 2: scaling z rounds nothing
          const [p, tz] = [proxAt(f, z, γ), z.map((x) => t * x)];
          expect(
            distance(
              proxAt(f, tz, t * γ),
              p.map((x) => t * x),
            ),
          ).toBeLessThanOrEqual(2 * tol);
          expect(Math.abs(valueAt(p.map((x) => t * x)) - t * valueAt(p))).toBeLessThanOrEqual(2 * tol);
          if (is.cone)
            expect(
              distance(
                proxAt(f, tz, γ),
                p.map((x) => t * x),
              ),
            ).toBeLessThanOrEqual(2 * tol);
        }
    });
  if (is.affine)
    it('as an affine set: P(2z − w) = 2Pz − Pw', () => {
      for (const { z, w, γ } of trials) {
        const [p, q] = [proxAt(f, z, γ), proxAt(f, w, γ)];
        expect(
          distance(
            proxAt(
              f,
              z.map((x, i) => 2 * x - w[i]!),
              γ,
            ),
            p.map((x, i) => 2 * x - q[i]!),
          ),
        ).toBeLessThanOrEqual(4 * tol);
      }
    });
  if (is.separable)
    it('as a separable function: an entry of the prox depends only on the same entry of z', () => {
      for (const { z, w, γ } of trials) {
        const p = proxAt(f, z, γ);
        for (let j = 0; j < n; j++)
          expect(
            Array.from(
              proxAt(
                f,
                z.map((x, i) => (i === j ? w[i]! : x)),
                γ,
              ),
            ).toSpliced(j, 1),
          ).toEqual(Array.from(p).toSpliced(j, 1));
      }
    });
  if (is.smooth)
    it('as a smooth function: is finite, and y is its derivative at p', () =>
      derivative(
        f.value,
        ({ p }) => p,
        ({ y }) => y,
      ));
  if (is.stronglyConvex)
    it('as a strongly convex function: its conjugate is finite, and p its derivative at y', () =>
      derivative(
        f.conjugateValue,
        ({ y }) => y,
        ({ p }) => p,
      ));
  type Pair = { readonly p: Float64Array; readonly y: Float64Array };
  function derivative(
    value: ProximalFunction['value'],
    at: (pair: Pair) => Float64Array,
    slope: (pair: Pair) => Float64Array,
  ): void {
    const h = 1e-4;
    for (const { z, w, γ } of trials) {
      const p = Float64Array.from(proxAt(f, z, γ));
      const pair = { p, y: minus(z, p, γ) };
      const x = at(pair);
      const along = (t: number): number => value(Float64Array.from(x, (entry, i) => entry + t * w[i]!));
      // Second derivatives are at most 8 in these examples, and may jump: the difference quotient is off by
      // 4h‖w‖²; rounding adds tol/h·2⁻⁵³/u.
      expect(
        Math.abs((along(h) - along(-h)) / (2 * h) - dot(slope(pair), Float64Array.from(w))),
      ).toBeLessThanOrEqual(4 * h * dot(w, w) + tol + tolerance(n, 2 ** -53) / h);
    }
  }

  if (f.lmo !== undefined)
    it('minimises ⟨g, u⟩ over the set, or ⟨g, u⟩ + f(u): the value is −f*(−g), and no point does better', () => {
      for (const { z: g, w, γ } of trials) {
        const s = make(n);
        f.lmo?.(g, s);
        if (is.set) expect(f.value(s)).toBe(0);
        const least = dot(g, s) + f.value(s);
        expect(Math.abs(least + f.conjugateValue(g.map((x) => -x)))).toBeLessThanOrEqual(tol);
        const p = proxAt(f, w, γ);
        expect(least).toBeLessThanOrEqual(dot(g, p) + f.value(p) + tol);
      }
      const s = make(n).fill(NaN);
      f.lmo?.(make(n), s); // of g = 0 every point is a minimiser
      expect(f.value(s)).toBeLessThanOrEqual(is.set ? 0 : tol);
    });
});

describe('the registry', () => {
  it.each(rows)('$name: the name of what it builds is the spec that builds it', ({ name, f }) => {
    expect(f.name === name || f.name.startsWith(`${name}(`)).toBe(true);
    expect(proxFrom(f.name).name).toBe(f.name);
    expect(proxFrom(f.name).is).toEqual(f.is);
  });
  it('has a linear-minimisation oracle for the bounded sets: where the support function is finite everywhere', () => {
    for (const { name, f } of rows.filter((row) => row.name !== 'conjugate')) {
      const bounded = Array.from({ length: TRIALS }, (_, call) =>
        f.conjugateValue(point((n) => new Float64Array(n), entries(f), call)),
      ).every(Number.isFinite);
      expect(f.lmo !== undefined, name).toBe((f.is.set && bounded) || name === 'squared-gauge');
    }
  });
  it('names are unique', () => expect(new Set(proxes.map(({ name }) => name)).size).toBe(proxes.length));
});
