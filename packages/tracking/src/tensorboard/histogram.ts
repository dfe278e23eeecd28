import { InputError, shown } from '@stillpoint/operators';
import { double, doubles, joined } from './protobuf.js';

/** How often values fall into ranges. Bucket i holds the values in [limits[i − 1], limits[i]). */
export interface Histogram {
  /** The least value: where the first bucket starts. */
  readonly min: number;
  /** The largest value. */
  readonly max: number;
  readonly sum: number;
  readonly sumSquares: number;
  /** Where each bucket ends, in ascending order. The last bucket holds its limit too. */
  readonly limits: readonly number[];
  /** How many values each bucket holds. */
  readonly counts: readonly number[];
}

/** The first bucket that ends above the value; the last one for its own limit. */
function bucketOf(limits: readonly number[], value: number): number {
  let [low, high] = [0, limits.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (limits[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The histogram of values, in buckets of equal width from the least value to the largest. There are fewer
 * buckets if the range holds fewer numbers: one if all values are equal.
 * @throws InputError if there are no values, or if one is NaN or infinite, for which there is no bucket.
 */
export function histogramOf(
  values: readonly number[] | Float32Array | Float64Array,
  buckets = 30,
): Histogram {
  if (!Number.isSafeInteger(buckets) || buckets < 1 || buckets > 10_000)
    throw new InputError(`buckets is ${shown(buckets)}; expected a whole number from 1 to 10000`);
  if (!Array.isArray(values) && !(values instanceof Float32Array || values instanceof Float64Array))
    throw new InputError(`values are ${shown(values)}; expected an array, Float32Array or Float64Array`);
  if (values.length === 0) throw new InputError('a histogram of no values; expected at least one');
  let [min, max, sum, sumSquares] = [Infinity, -Infinity, 0, 0];
  for (const [i, x] of values.entries()) {
    if (!Number.isFinite(x))
      throw new InputError(`value ${i} of ${values.length} is ${shown(x)}; a histogram holds finite numbers`);
    min = Math.min(min, x);
    max = Math.max(max, x);
    sum += x;
    sumSquares += x * x;
  }
  const limits: number[] = [];
  for (let i = 1; i <= buckets; i++) {
    const t = i / buckets; // limits by a mean of the ends, as max − min may overflow
    const limit = Math.min(max, Math.max(min, min * (1 - t) + max * t));
    if (limits.length === 0 || limit > limits.at(-1)!) limits.push(limit);
  }
  const counts = limits.map(() => 0);
  for (const x of values) counts[bucketOf(limits, x)]!++;
  return { min, max, sum, sumSquares, limits, counts };
}

function checkHistogram(what: string, { min, max, sum, sumSquares, limits, counts }: Histogram): void {
  if (!Array.isArray(limits) || !Array.isArray(counts) || limits.length !== counts.length)
    throw new InputError(
      `${what}: limits are ${shown(limits)} and counts ${shown(counts)}; expected arrays of equal length`,
    );
  for (const [name, x] of Object.entries({ min, max, sum, sumSquares }))
    if (typeof x !== 'number') throw new InputError(`${what}: ${name} is ${shown(x)}; expected a number`);
  for (const [i, limit] of limits.entries())
    if (!Number.isFinite(limit) || limit < (limits[i - 1] ?? -Infinity))
      throw new InputError(`${what}: limit ${i} is ${shown(limit)}; expected finite numbers that ascend`);
  for (const [i, count] of counts.entries())
    if (!Number.isFinite(count) || count < 0)
      throw new InputError(`${what}: count ${i} is ${shown(count)}; expected a finite number ≥ 0`);
}

/** The message HistogramProto of `histogram.proto`. @throws InputError if the histogram is none. */
export function histogramProto(what: string, histogram: Histogram): Uint8Array {
  checkHistogram(what, histogram);
  const { min, max, sum, sumSquares, limits, counts } = histogram;
  const num = counts.reduce((all, count) => all + count, 0);
  return joined(
    double(1, min),
    double(2, max),
    double(3, num),
    double(4, sum),
    double(5, sumSquares),
    doubles(6, limits),
    doubles(7, counts),
  );
}
