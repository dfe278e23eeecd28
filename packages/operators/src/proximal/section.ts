import type { Vector } from '../contracts/index.js';
import { InputError } from '../specs/errors.js';
import { expectFinite, expectNumber, expectOptions } from '../specs/expect.js';
import { isFiniteVector } from '../vectors/vectors.js';
import { box, entryOf, lengthOf, type PerEntry } from './box.js';
import { indicator, proximalFunction, roundings, type ProximalFunction, type Section } from './contract.js';

/** A box cut by a hyperplane, of n entries: n numbers each. */
interface Cut {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly normal: Float64Array;
  readonly sum: number;
}

const clip = (x: number, least: number, most: number): number => Math.min(most, Math.max(least, x));
/** The least and the largest aᵢuᵢ; 0·∞ is 0. */
const least = ({ normal: a, lower: l, upper: u }: Cut, i: number): number =>
  a[i] === 0 ? 0 : a[i]! * (a[i]! > 0 ? l[i]! : u[i]!);
const most = ({ normal: a, lower: l, upper: u }: Cut, i: number): number =>
  a[i] === 0 ? 0 : a[i]! * (a[i]! > 0 ? u[i]! : l[i]!);

/**
 * The set {lower ≤ z_i ≤ upper, Σ normal_i z_i = sum}. The projection is z_i = clip(p_i − θ·normal_i), with
 * the θ that meets the sum: the root of a piecewise linear function, found among its sorted kinks. Exact to
 * rounding. Helgason, Kennington, Lall, "A polynomially bounded algorithm for a singly constrained quadratic
 * program", 1980.
 * @throws InputError where it is empty; of numbers for all entries, when a slice says how many these are.
 */
export function boxSection(options: {
  readonly lower: PerEntry;
  readonly upper: PerEntry;
  readonly sum: number;
  readonly normal?: PerEntry;
}): ProximalFunction {
  const {
    lower,
    upper,
    sum,
    normal = 1,
  } = expectOptions('box-section', options, '{ lower: 0, upper: 1, sum: 1 }');
  return sectionSet('box-section', { lower, upper, plane: { normal, value: sum } });
}

/** The set {0 ≤ z_i ≤ upper, Σz_i = sum}: the simplex with a cap on each entry. */
export function cappedSimplex(options: {
  readonly upper: PerEntry;
  readonly sum?: number;
}): ProximalFunction {
  const { upper, sum = 1 } = expectOptions('capped-simplex', options, '{ upper: 0.5 }');
  return sectionSet('capped-simplex', { lower: 0, upper, plane: { normal: 1, value: sum } });
}

/** A box, or a box cut by a hyperplane. */
export function sectionSet(owner: string, { lower, upper, plane }: Section): ProximalFunction {
  const whole = box({ lower, upper });
  if (plane === undefined) return whole;
  const { normal, value: sum } = plane;
  expectNumber(owner, 'sum', sum);
  const normals = typeof normal === 'number' ? [normal] : normal;
  expectFinite(owner, 'normal', normals);
  if (normals.every((a) => a === 0))
    throw new InputError(`${owner}: normal is zero; expected a vector with a direction, as 1 or [1,2]`);
  const length = lengthOf(owner, { lower, upper, normal });
  const steepest = normals.reduce((size, a) => Math.max(size, Math.abs(a)), 0);
  let known: Cut | undefined;
  const cutOf = (n: number): Cut => {
    if (known?.lower.length !== n) known = cutFor(owner, n, { lower, upper, plane: { normal, value: sum } });
    return known;
  };
  if (length !== undefined) cutOf(length);
  const one = { length: length ?? 1 };
  const each = (holds: (l: number, u: number, a: number) => boolean): boolean =>
    Array.from(one, (_, i) => holds(entryOf(lower, i), entryOf(upper, i), entryOf(normal, i))).every(Boolean);
  const flat = each((l, u, a) => a !== 0 || (Number.isFinite(l) && Number.isFinite(u)));
  const [below, above] = [
    each((l, u, a) => a === 0 || Number.isFinite(a > 0 ? l : u)),
    each((l, u, a) => a === 0 || Number.isFinite(a > 0 ? u : l)),
  ];
  const bounded = flat && (below || above);
  const inside = (z: Vector, start: number, end: number, slack: number, t: number): number => {
    const { lower: l, upper: u, normal: a } = cutOf(end - start);
    let [total, excess, own] = [0, 0, Math.abs(t * sum) / steepest];
    for (let i = start; i < end; i++) {
      const [from, to] = [t * l[i - start]!, t * u[i - start]!];
      total += a[i - start]! * z[i]!;
      excess = Math.max(excess, from - z[i]!, z[i]! - to);
      for (const x of [from, to]) if (Number.isFinite(x)) own = Math.max(own, Math.abs(x));
    }
    return indicator(
      Math.max(excess, Math.abs(total - t * sum) / steepest),
      slack + roundings(z, start, end, own),
    );
  };
  return proximalFunction({
    name: owner,
    length,
    is: { set: true },
    value: (z, start, end, slack) => inside(z, start, end, slack, 1),
    conjugateValue: bounded
      ? (z, start, end) => {
          const [minus, s] = [
            Float64Array.from(z.subarray(start, end), (x) => -x),
            new Float64Array(end - start),
          ];
          cheapest(cutOf(end - start), minus, s, below);
          return -s.reduce((total, x, i) => total + x * minus[i]!, 0);
        }
      : (z, start, end, slack) =>
          dual(cutOf(end - start), z.subarray(start, end), slack + roundings(z, start, end)),
    prox(z, _, start, end) {
      const cut = cutOf(end - start);
      const p = Float64Array.from(z.subarray(start, end));
      if (!isFiniteVector(p)) return void z.fill(NaN, start, end);
      // the first misses by roundings of z, the second by those of where it is
      for (let pass = 0; pass < 2; pass++) {
        const θ = multiplier(cut, p);
        for (let i = 0; i < p.length; i++) p[i] = p[i]! - θ * cut.normal[i]!;
      }
      for (let i = 0; i < p.length; i++) z[start + i] = clip(p[i]!, cut.lower[i]!, cut.upper[i]!);
    },
    lmo: bounded
      ? (g, out, start, end) =>
          cheapest(
            cutOf(end - start),
            Float64Array.from(g.subarray(start, end)),
            out.subarray(start, end),
            below,
          )
      : undefined,
    gauge:
      sum === 0
        ? undefined
        : (z, start, end) => {
            const { normal: a } = cutOf(end - start);
            const t = a.reduce((total, x, i) => total + x * z[start + i]!, 0) / sum;
            return t >= 0 && inside(z, start, end, 0, t) === 0 ? t : Infinity;
          },
    section: { lower, upper, plane },
  });
}

function cutFor(owner: string, n: number, { lower, upper, plane }: Required<Section>): Cut {
  const list = (values: PerEntry): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => entryOf(values, i));
  const { normal = 1, value: sum = 0 } = plane ?? {};
  const cut = { lower: list(lower), upper: list(upper), normal: list(normal), sum };
  let [low, high, size] = [0, 0, Math.abs(sum)];
  for (let i = 0; i < n; i++) {
    low += least(cut, i);
    high += most(cut, i);
    for (const x of [least(cut, i), most(cut, i)]) if (Number.isFinite(x)) size = Math.max(size, Math.abs(x));
  }
  const rounding = 8 * n * 2 ** -53 * size;
  if (sum < low - rounding || sum > high + rounding)
    throw new InputError(
      `${owner} of ${n} entries is empty: its sum is ${sum}; expected a number from ${low} to ${high}, which the bounds allow`,
    );
  return cut;
}

/** θ of the projection: Σ aᵢ·clip(pᵢ − θaᵢ) = sum, which falls in θ, with kinks where an entry is clipped. */
function multiplier(cut: Cut, p: Float64Array): number {
  const { lower: l, upper: u, normal: a, sum } = cut;
  const at = (θ: number): number =>
    p.reduce((total, x, i) => total + a[i]! * clip(x - θ * a[i]!, l[i]!, u[i]!), 0);
  const kinks: number[] = [];
  for (let i = 0; i < p.length; i++)
    if (a[i] !== 0)
      for (const bound of [l[i]!, u[i]!]) if (Number.isFinite(bound)) kinks.push((p[i]! - bound) / a[i]!);
  const sorted = Float64Array.from(kinks).sort();
  let [from, to] = [0, sorted.length]; // the first kink at which the sum is below what it should be
  while (from < to) {
    const middle = (from + to) >> 1;
    if (at(sorted[middle]!) >= sum) from = middle + 1;
    else to = middle;
  }
  const [left, right] = [sorted[from - 1] ?? -Infinity, sorted[from] ?? Infinity];
  // between the two the sum is `fixed` + Σ aᵢ(pᵢ − θaᵢ) over the entries that are not clipped
  let [fixed, square] = [0, 0];
  for (let i = 0; i < p.length; i++) {
    if (a[i] === 0) continue;
    const ends = [(p[i]! - u[i]!) / a[i]!, (p[i]! - l[i]!) / a[i]!];
    const [first, last] = a[i]! > 0 ? ends : ends.reverse();
    if (first! <= left && last! >= right) {
      fixed += a[i]! * p[i]!;
      square += a[i]! ** 2;
    } else fixed += first! >= right ? most(cut, i) : least(cut, i);
  }
  const θ = square > 0 ? (fixed - sum) / square : Number.isFinite(left) ? left : right;
  return Number.isFinite(θ) ? clip(θ, left, right) : 0;
}

/**
 * out ← argmin ⟨g, u⟩: a continuous knapsack. All entries at their `least` aᵢuᵢ (or, where that may be
 * infinite, at their `most`), then the cheapest gᵢ/aᵢ first until the sum is met. Dantzig 1957.
 */
function cheapest(cut: Cut, g: Float64Array, out: Vector, fromBelow: boolean): void {
  const { lower: l, upper: u, normal: a, sum } = cut;
  const up = (i: number): boolean => a[i]! > 0 === fromBelow;
  let rest = sum;
  const order: number[] = [];
  for (let i = 0; i < g.length; i++) {
    if (a[i] === 0) out[i] = g[i]! > 0 ? l[i]! : u[i]!;
    else {
      out[i] = up(i) ? l[i]! : u[i]!;
      rest -= fromBelow ? least(cut, i) : most(cut, i);
      order.push(i);
    }
  }
  const cost = (i: number): number => g[i]! / a[i]!;
  order.sort((i, j) => (fromBelow ? cost(i) - cost(j) : cost(j) - cost(i)));
  for (const i of order) {
    const room = most(cut, i) - least(cut, i);
    const whole = Math.abs(rest) >= room;
    const other = up(i) ? u[i]! : l[i]!;
    out[i] = whole ? other : clip(out[i]! + rest / a[i]!, l[i]!, u[i]!);
    rest = whole ? rest - (fromBelow ? room : -room) : 0;
  }
}

/** sup ⟨y, u⟩ = min over θ of θ·sum + Σ sup (yᵢ − θaᵢ)uᵢ: the least value is at a kink θ = yᵢ/aᵢ. */
function dual({ lower: l, upper: u, normal: a, sum }: Cut, y: Vector, zero: number): number {
  let best = Infinity;
  for (let k = 0; k < y.length; k++) {
    if (a[k] === 0) continue;
    const θ = y[k]! / a[k]!;
    let total = θ * sum;
    for (let i = 0; i < y.length; i++) {
      const slope = i === k ? 0 : y[i]! - θ * a[i]!;
      const bound = slope > 0 ? u[i]! : l[i]!;
      if (Number.isFinite(bound)) total += slope * bound;
      else if (!(Math.abs(slope) <= zero)) total = Infinity;
    }
    best = Math.min(best, total);
  }
  return best;
}
