import { InputError, shown, type Vector } from '@stillpoint/operators';
import { checkFeatures, countOf, given, largestOf, unitOf } from './check.js';
import type { FeatureOptions } from './features.js';

/**
 * A ball around each example of a set. Its radius is the distance to the example's k-th nearest neighbour in
 * the set; the example itself does not count.
 */
export interface Balls {
  readonly features: string;
  readonly dim: number;
  readonly k: number;
  readonly count: number;
  /**
   * The factor that features are multiplied by in `centres` and `squaredRadii`: 1, or a power of 2 if their
   * squares would overflow or underflow.
   */
  readonly unit: number;
  /** The examples' features, flat `[count, dim]`, times `unit`. */
  readonly centres: Float64Array;
  /**
   * Squared radii, `[count]`, in feature units squared, times `unit` squared. Squares are compared, without a
   * root, so that ties are exact.
   */
  readonly squaredRadii: Float64Array;
}

// Numbers per tile, half a MiB: a tile stays in the cache while it is compared with every example of the
// other set.
const TILE = 2 ** 16;

/**
 * ‖a − b‖² of example i of `a` and j of `b`, or some number > `limit` as soon as the sum exceeds it. Terms
 * are not negative and rounding is monotone, so stopping early does not change the result of a comparison
 * with `limit`.
 */
function squaredDistance(
  a: Float64Array,
  i: number,
  b: Float64Array,
  j: number,
  dim: number,
  limit: number,
): number {
  let p = i * dim,
    q = j * dim;
  const end = p + dim;
  let s0 = 0,
    s1 = 0,
    s2 = 0,
    s3 = 0;
  for (const last = end - 7; p < last; p += 8, q += 8) {
    const d0 = a[p]! - b[q]!,
      d1 = a[p + 1]! - b[q + 1]!,
      d2 = a[p + 2]! - b[q + 2]!,
      d3 = a[p + 3]! - b[q + 3]!;
    const d4 = a[p + 4]! - b[q + 4]!,
      d5 = a[p + 5]! - b[q + 5]!,
      d6 = a[p + 6]! - b[q + 6]!,
      d7 = a[p + 7]! - b[q + 7]!;
    s0 += d0 * d0 + d4 * d4;
    s1 += d1 * d1 + d5 * d5;
    s2 += d2 * d2 + d6 * d6;
    s3 += d3 * d3 + d7 * d7;
    if (s0 + s1 + (s2 + s3) > limit) return Infinity;
  }
  let sum = s0 + s1 + (s2 + s3);
  for (; p < end; p++, q++) sum += (a[p]! - b[q]!) ** 2;
  return sum;
}

/** Inserts a distance, less than the last, into the sorted row `[from, from + k)`. */
function insert(row: Float64Array, from: number, k: number, distance: number): void {
  let at = from + k - 1;
  for (; at > from && row[at - 1]! > distance; at--) row[at] = row[at - 1]!;
  row[at] = distance;
}

/** Options of `neighbourBalls`. */
export interface BallOptions extends FeatureOptions {
  /** Number of the neighbour that gives each ball its radius, 1 … n − 1. */
  readonly k: number;
}

/**
 * Returns the neighbour balls of a set, flat `[n, dim]`. Only the k smallest distances of each example are
 * kept in memory; time grows as n²·dim. `what` names the set in errors. Throws InputError for a set that is
 * empty, of a wrong length or not finite, and for a k that is not a whole number from 1 to n − 1.
 */
export function neighbourBalls(set: Vector, options: BallOptions, what = 'set'): Balls {
  const { dim, features = 'raw', k } = given('the options', options, '{ dim: 2, k: 3 }');
  checkFeatures(features);
  const count = countOf(what, set, dim);
  if (!Number.isInteger(k) || k < 1 || k >= count)
    throw new InputError(
      `k is ${shown(k)}; expected a whole number from 1 to ${count - 1}, one less than the ${count} examples of ${what}`,
    );
  const unit = unitOf(largestOf(set));
  const centres = Float64Array.from(set, (x) => x * unit);
  const best = new Float64Array(count * k).fill(Infinity);
  const tile = Math.max(1, Math.floor(TILE / dim));
  for (let start = 0; start < count; start += tile) {
    const end = Math.min(count, start + tile);
    for (let i = 0; i < count; i++) {
      const last = (i + 1) * k - 1;
      for (let j = start; j < end; j++) {
        if (j === i) continue;
        const distance = squaredDistance(centres, i, centres, j, dim, best[last]!);
        if (distance < best[last]!) insert(best, i * k, k, distance);
      }
    }
  }
  return {
    features,
    dim,
    k,
    count,
    unit,
    centres,
    squaredRadii: Float64Array.from({ length: count }, (_, i) => best[(i + 1) * k - 1]!),
  };
}

/** How many points each ball holds, and how many balls hold each point. */
export interface Containment {
  readonly perBall: Uint32Array;
  readonly perPoint: Uint32Array;
}

/**
 * Counts the points in each ball and the balls around each point. Points are features, flat `[count, dim]`,
 * times `theirUnit`. If `closed`, a point on the surface of a ball is inside.
 */
export function containment(balls: Balls, features: Vector, closed: boolean, theirUnit = 1): Containment {
  const { unit, centres, squaredRadii, count, dim } = balls;
  // a point that overflows in this unit becomes infinite, and is in no ball
  const points = Float64Array.from(features, (x) => (x / theirUnit) * unit);
  const perBall = new Uint32Array(count);
  const perPoint = new Uint32Array(points.length / dim);
  const tile = Math.max(1, Math.floor(TILE / dim));
  for (let start = 0; start < count; start += tile) {
    const end = Math.min(count, start + tile);
    for (let p = 0; p < perPoint.length; p++) {
      for (let i = start; i < end; i++) {
        const limit = squaredRadii[i]!;
        const distance = squaredDistance(centres, i, points, p, dim, limit);
        if (distance < limit || (closed && distance === limit)) {
          perBall[i] = perBall[i]! + 1;
          perPoint[p] = perPoint[p]! + 1;
        }
      }
    }
  }
  return { perBall, perPoint };
}

/** The squared distance of each point to its nearest neighbour in `set`; both are flat, `[…, dim]`. */
export function nearestSquares(set: Float64Array, points: Float64Array, dim: number): Float64Array {
  const best = new Float64Array(points.length / dim).fill(Infinity);
  const [count, tile] = [set.length / dim, Math.max(1, Math.floor(TILE / dim))];
  for (let start = 0; start < count; start += tile) {
    const end = Math.min(count, start + tile);
    for (let p = 0; p < best.length; p++)
      for (let i = start; i < end; i++)
        best[p] = Math.min(best[p]!, squaredDistance(set, i, points, p, dim, best[p]!));
  }
  return best;
}

/** Share of the counts that are not 0. */
export const shareOfSome = (counts: Uint32Array): number =>
  counts.reduce((some, n) => some + (n > 0 ? 1 : 0), 0) / counts.length;

/** Throws InputError unless these are balls as `neighbourBalls` returns them. */
export function checkBalls(what: string, balls: Balls): void {
  const { features, centres, squaredRadii, count, dim, k, unit } = given(
    what,
    balls,
    'neighbourBalls returns',
  );
  checkFeatures(features);
  const whole =
    Number.isInteger(count) && Number.isInteger(dim) && Number.isInteger(k) && Number.isFinite(unit);
  const fits =
    whole &&
    centres instanceof Float64Array &&
    squaredRadii instanceof Float64Array &&
    centres.length === count * dim;
  if (!fits || squaredRadii.length !== count)
    throw new InputError(
      `${what}: fields that do not fit together; expected an object as neighbourBalls returns`,
    );
}
