import { InputError, contentHash, shown } from '@stillpoint/operators';
import { GIVEN, checkBatch, checkWords, optionsOf, room } from './check.js';
import { epochs } from './order.js';
import type { BatchStream, Dataset } from './types.js';

/** Options of `pointSet`. What `parseNpy` and `parseCsv` return has `shape` and `data`. */
export interface PointSetOptions {
  readonly name: string;
  /** One line for reports. Default: `given as an array`. */
  readonly describe?: string;
  /** `[count, dim]`. */
  readonly shape: readonly number[];
  /** Coordinates, `[count, dim]`, point after point. */
  readonly data: ArrayLike<number>;
  /** Label of each point, 0 … 255; optional. */
  readonly labels?: ArrayLike<number>;
}

/** A finite set of points, all in memory. */
export interface PointSet extends Dataset {
  /** Number of points. */
  readonly count: number;
  /** Coordinates, `[count, dim]`, in file order. */
  readonly points: Float32Array;
  /** Label of each point, in file order, if there are any. */
  readonly labels?: Uint8Array;
  /** Indices, in file order, of the points that `batch` returns for the same arguments. */
  readonly indices: (size: number, stream: BatchStream) => Uint32Array;
  /** Points `start` (included, default 0) to `end` (excluded, default `count`) in file order, flat. */
  readonly values: (start?: number, end?: number) => Float32Array;
}

/** The labels as bytes. @throws InputError for another number of labels, and labels that are not 0 … 255. */
export function labelBytes(name: string, labels: ArrayLike<number>, count: number): Uint8Array {
  const given: unknown = labels;
  if ((!Array.isArray(given) && !ArrayBuffer.isView(given)) || labels.length !== count)
    throw new InputError(
      `${name}: labels are ${Array.isArray(given) ? `${given.length} numbers` : shown(given)}; expected ${count} numbers, one for each example`,
    );
  return Uint8Array.from({ length: count }, (_, i) => {
    const label = labels[i];
    if (label === undefined || !Number.isInteger(label) || label < 0 || label > 255)
      throw new InputError(`${name}: label ${i} is ${shown(label)}; expected a whole number from 0 to 255`);
    return label;
  });
}

/**
 * A finite data set of points, as they are: nothing is scaled. Each epoch has a new order, a pure function of
 * (seed, player, worker, epoch). Coordinates are rounded to float32. Throws InputError for no points, a shape
 * that is not `[count, dim]`, and coordinates that are not finite in float32.
 */
export function pointSet(options: PointSetOptions): PointSet {
  const {
    name,
    describe = GIVEN,
    shape,
    data,
    labels,
  } = optionsOf('pointSet', options, '{ name, describe, shape: [count, dim], data }');
  checkWords(name, describe);
  const dimensions: unknown = shape;
  if (
    !Array.isArray(dimensions) ||
    dimensions.length !== 2 ||
    !shape.every((n) => Number.isInteger(n) && n > 0)
  )
    throw new InputError(
      `${name}: shape is ${shown(dimensions)}; expected [count, dim], both > 0 (images: imagesFrom)`,
    );
  const [count = 0, dim = 0] = shape;
  const given: unknown = data;
  if ((!Array.isArray(given) && !ArrayBuffer.isView(given)) || data.length !== count * dim)
    throw new InputError(
      `${name}: data are ${shown(given)}; expected ${count * dim} numbers for shape [${count}, ${dim}]`,
    );
  const points = Float32Array.from({ length: count * dim }, (_, i) => {
    const x = data[i];
    if (typeof x !== 'number' || !Number.isFinite(Math.fround(x)))
      throw new InputError(
        `${name}: coordinate ${i % dim} of point ${Math.floor(i / dim)} is ${shown(x)}; expected a finite number of 3.4e38 at most`,
      );
    return x;
  });
  const classes = labels === undefined ? undefined : labelBytes(name, labels, count);
  const order = epochs(count);
  const indices = (size: number, stream: BatchStream): Uint32Array => {
    checkBatch(name, size, stream);
    if ((stream.call + 1) * size > count * 2 ** 32)
      throw new InputError(
        `${name}: call is ${stream.call} of batches of ${size}; expected ${Math.floor((count * 2 ** 32) / size) - 1} at most for ${count} points`,
      ); // epochs are counted in 32 bits
    return order(size, stream);
  };
  return {
    name,
    identity: {
      kind: 'points',
      name,
      dim,
      points: contentHash(new Uint8Array(points.buffer)),
      labels: classes === undefined ? null : contentHash(classes),
    },
    shape: [dim],
    describe,
    count,
    points,
    ...(classes && { labels: classes }),
    indices,
    batch(size, stream, out) {
      const chosen = indices(size, stream);
      const batch = room(name, size, [dim], out);
      chosen.forEach((point, i) => batch.set(points.subarray(point * dim, (point + 1) * dim), i * dim));
      return batch;
    },
    values(start = 0, end = count) {
      if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start || end > count)
        throw new InputError(
          `${name}: points ${shown(start)} to ${shown(end)}; expected whole numbers with 0 <= start <= end <= ${count}`,
        );
      return points.slice(start * dim, end * dim);
    },
  };
}
