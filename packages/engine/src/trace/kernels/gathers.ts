import { sizeOf } from '@stillpoint/operators';
import type { Builder } from '../../builder.js';
import type { Value } from '../../graph.js';
import type { Call, Kernel, Kernels } from '../kernel.js';
import { castTo } from './elementwise.js';
import { axisOf } from './shapes.js';

const whole = (
  build: Builder,
  numbers: readonly number[],
  shape: readonly number[] = [numbers.length],
): Value => build.constant(Int32Array.from(numbers), shape, 'int32');

/** Whether constant indices are from 0 to size − 1; undefined for others. */
function known(indices: Value, size: number): boolean | undefined {
  const { constant } = indices;
  if (constant === undefined) return undefined;
  return (typeof constant === 'number' ? [constant] : Array.from(constant)).every((i) => i >= 0 && i < size);
}

/** Whether indices are from 0 to size − 1, in the graph. */
function within(build: Builder, indices: Value, size: number): Value {
  const [zero, end] = [build.constant(0, [], 'int32'), build.constant(size, [], 'int32')];
  return build.add(
    { op: 'And' },
    build.add({ op: 'GreaterOrEqual' }, indices, zero),
    build.add({ op: 'Less' }, indices, end),
  );
}

/**
 * Where each index from 0 to size − 1 finds its element. Any other one becomes `beyond`, which no gather
 * accepts: the runtime would count a negative index from the end, and tfjs throws.
 */
function refusing(build: Builder, indices: Value, size: number, places: Value, beyond: number): Value {
  const good = known(indices, size);
  if (good === false) throw new Error(`an index is not in the range from 0 to ${size - 1}`);
  if (good === true) return places;
  return build.add(
    { op: 'Where' },
    within(build, indices, size),
    places,
    build.constant(beyond, [], 'int32'),
  );
}

/**
 * Elements at indices. With batch dimensions the examples are joined along the axis, and the indices of each
 * are shifted to its own elements.
 */
function gather({ build, input, attributes }: Call): Value {
  const [x, indices] = [input('x'), castTo(build, input('indices'), 'int32')];
  const axis = axisOf(attributes.number('axis'), x.shape.length);
  const batch = axisOf(attributes.maybeNumber('batchDims') ?? 0, indices.shape.length);
  if (batch === 0)
    return build.add(
      { op: 'Gather', axis },
      x,
      refusing(build, indices, x.shape[axis]!, indices, x.shape[axis]!),
    );
  if (axis !== batch)
    throw new Error(
      `gathering along axis ${axis} with ${batch} batch dimensions cannot be compiled; transpose so that the axis follows them`,
    );
  const [leading, size, inner] = [x.shape.slice(0, batch), x.shape[axis]!, x.shape.slice(axis + 1)];
  const starts = whole(
    build,
    Array.from({ length: sizeOf(leading) }, (_, i) => i * size),
    [...leading, ...indices.shape.slice(batch).map(() => 1)],
  );
  const rows = build.add({ op: 'Reshape', shape: [sizeOf(leading) * size, ...inner] }, x);
  // beyond the rows of all examples, where it would otherwise be an element of another example
  const places = refusing(
    build,
    indices,
    size,
    build.add({ op: 'Add' }, indices, starts),
    sizeOf(leading) * size,
  );
  return build.add({ op: 'Gather', axis: 0 }, rows, places);
}

/**
 * Adds up the rows with equal ids. Ids with several axes are read in row-major order. A row whose id is not
 * that of a segment counts nowhere: it is added to the first segment as zeros.
 */
function segmentSum({ build, input, attributes }: Call): Value {
  const [given, ids] = [input('x'), castTo(build, input('segmentIds'), 'int32')];
  const x = given.dtype === 'bool' ? castTo(build, given, 'float32') : given;
  const n = sizeOf(ids.shape);
  const rows = build.add({ op: 'Reshape', shape: [n, ...x.shape.slice(ids.shape.length)] }, x);
  const count = attributes.number('numSegments');
  const flat = build.add({ op: 'Reshape', shape: [n] }, ids);
  if (known(ids, count) === true) return build.add({ op: 'SegmentSum', count }, rows, flat);
  const counted = within(build, flat, count);
  const spread = build.add({ op: 'Reshape', shape: rows.shape.map((_, i) => (i === 0 ? n : 1)) }, counted);
  return build.add(
    { op: 'SegmentSum', count },
    build.add({ op: 'Where' }, spread, rows, build.constant(0, [], rows.dtype)),
    build.add({ op: 'Where' }, counted, flat, build.constant(0, [], 'int32')),
  );
}

/** One-hot rows. For an index outside 0 … depth − 1 all elements of the row are the off value. */
function oneHot({ build, input, attributes }: Call): Value {
  const indices = castTo(build, input('indices'), 'int32');
  const depth = attributes.number('depth');
  const places = whole(
    build,
    Array.from({ length: depth }, (_, i) => i),
  );
  const hit = build.add(
    { op: 'Equal' },
    build.add({ op: 'Reshape', shape: [...indices.shape, 1] }, indices),
    places,
  );
  const dtype = attributes.has('dtype') ? attributes.text('dtype') : 'int32';
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool')
    throw new Error(`one-hot rows of ${dtype}; a graph holds float32, int32 and bool`);
  const [on, off] = [attributes.number('onValue'), attributes.number('offValue')];
  if (dtype === 'bool')
    return build.add(
      { op: 'Cast', to: dtype },
      build.add({ op: 'Where' }, hit, build.constant(on, [], 'int32'), build.constant(off, [], 'int32')),
    );
  return build.add(
    { op: 'Where' },
    hit,
    build.constant(Math.fround(on), [], dtype),
    build.constant(Math.fround(off), [], dtype),
  );
}

/** The index among all elements, in row-major order, of the element that a row of indices names. */
function placeOf(build: Builder, indices: Value, sizes: readonly number[]): Value {
  const strides = sizes.map((_, i) => sizeOf(sizes.slice(i + 1)));
  return build.add(
    { op: 'ReduceSum', axes: [indices.shape.length - 1], keepDims: false },
    build.add({ op: 'Mul' }, indices, whole(build, strides)),
  );
}

/** x[i, j, …] for each row (i, j, …) of the indices. */
function gatherRows({ build, input }: Call): Value {
  const [x, indices] = [input('params'), castTo(build, input('indices'), 'int32')];
  const depth = indices.shape.at(-1)!;
  const flat = build.add(
    { op: 'Reshape', shape: [sizeOf(x.shape.slice(0, depth)), ...x.shape.slice(depth)] },
    x,
  );
  const [places, count] = [placeOf(build, indices, x.shape.slice(0, depth)), flat.shape[0]!];
  return build.add({ op: 'Gather', axis: 0 }, flat, refusing(build, places, count, places, count));
}

/** The inverse: zeros, with the updates added at the given indices. */
function scatterRows({ build, input, attributes }: Call): Value {
  const [updates, indices, shape] = [
    input('updates'),
    castTo(build, input('indices'), 'int32'),
    attributes.numbers('shape'),
  ];
  const depth = indices.shape.at(-1)!;
  const count = sizeOf(indices.shape) / depth;
  const rows = build.add({ op: 'Reshape', shape: [count, ...shape.slice(depth)] }, updates);
  const ids = build.add({ op: 'Reshape', shape: [count] }, placeOf(build, indices, shape.slice(0, depth)));
  return build.add(
    { op: 'Reshape', shape },
    build.add({ op: 'SegmentSum', count: sizeOf(shape.slice(0, depth)) }, rows, ids),
  );
}

/**
 * The index of the largest or smallest element along an axis. A NaN is passed over unless it is the first
 * element, which no comparison replaces, as in tfjs.
 */
const argument =
  (op: 'ArgMax' | 'ArgMin'): Kernel =>
  ({ build, input, attributes }) => {
    const x = input('x');
    const [given = 0] = attributes.numbers('axis');
    const axis = axisOf(given, x.shape.length);
    if (x.dtype !== 'float32')
      return build.add({ op, axis }, x.dtype === 'bool' ? castTo(build, x, 'int32') : x);
    const least = build.constant(op === 'ArgMax' ? -Infinity : Infinity, []);
    const lost = build.add({ op: 'IsNaN' }, x);
    const place = build.add({ op, axis }, build.add({ op: 'Where' }, lost, least, x));
    const firstLost = build.add(
      {
        op: 'Slice',
        begin: x.shape.map(() => 0),
        end: x.shape.map((d, i) => (i === axis ? 1 : d)),
        strides: x.shape.map(() => 1),
      },
      lost,
    );
    return build.add(
      { op: 'Where' },
      build.add({ op: 'Reshape', shape: place.shape }, firstLost),
      build.constant(0, [], 'int32'),
      place,
    );
  };

/** The k largest elements of each row and their indices; equal elements keep their order. */
function topK({ build, input, attributes }: Call): readonly Value[] {
  const x = input('x');
  const [n, k] = [x.shape.at(-1)!, attributes.number('k')];
  const rows = sizeOf(x.shape) / n;
  const indices = build.add({ op: 'TopK', k }, x);
  const starts = whole(
    build,
    Array.from({ length: rows }, (_, i) => i * n),
    [rows, 1],
  );
  const places = build.add({ op: 'Add' }, build.add({ op: 'Reshape', shape: [rows, k] }, indices), starts);
  const values = build.add(
    { op: 'Gather', axis: 0 },
    build.add({ op: 'Reshape', shape: [rows * n] }, x),
    places,
  );
  return [build.add({ op: 'Reshape', shape: indices.shape }, values), indices];
}

/**
 * Padding with the elements mirrored at the edge; the element at the edge is repeated if the padding is
 * symmetric.
 */
function mirrorPad({ build, input, attributes }: Call): Value {
  const twice = attributes.text('mode') === 'symmetric' ? 1 : 0;
  return attributes.rows('paddings').reduce((x, [before = 0, after = 0], axis) => {
    const size = x.shape[axis]!;
    const place = (i: number): number => (i < 0 ? -i - twice : i >= size ? 2 * (size - 1) - i + twice : i);
    const indices = Array.from({ length: before + size + after }, (_, i) => place(i - before));
    return before + after === 0 ? x : build.add({ op: 'Gather', axis }, x, whole(build, indices));
  }, input('x'));
}

/**
 * A range of numbers as a constant, since tfjs passes its ends as attributes. A step of 1 becomes −1 if the
 * end is below the start.
 */
function range({ build, attributes }: Call): Value {
  const [start, stop, given] = [
    attributes.number('start'),
    attributes.number('stop'),
    attributes.number('step'),
  ];
  const dtype = attributes.has('dtype') ? attributes.text('dtype') : 'float32';
  const step = given === 1 && stop < start ? -1 : given;
  const values = Array.from(
    { length: Math.max(0, Math.ceil((stop - start) / step)) },
    (_, i) => start + i * step,
  );
  if (values.length === 0)
    throw new Error(
      `a range from ${start} to ${stop} in steps of ${step} is empty; a graph's tensors have at least one element`,
    );
  return dtype === 'int32'
    ? whole(build, values)
    : build.constant(Float32Array.from(values), [values.length]);
}

function linSpace({ build, attributes }: Call): Value {
  const [start, stop, num] = [
    attributes.number('start'),
    attributes.number('stop'),
    attributes.number('num'),
  ];
  const step = (stop - start) / Math.max(1, num - 1);
  return build.constant(
    Float32Array.from({ length: num }, (_, i) => start + i * step),
    [num],
  );
}

/**
 * A vector on the diagonal of a matrix of zeros. For x with several axes the result has each of them twice.
 */
function diag({ build, input }: Call): Value {
  const x = input('x');
  const n = sizeOf(x.shape);
  const same = build.add(
    { op: 'Equal' },
    whole(
      build,
      Array.from({ length: n }, (_, i) => i),
      [n, 1],
    ),
    whole(
      build,
      Array.from({ length: n }, (_, i) => i),
      [1, n],
    ),
  );
  const row = build.add({ op: 'Reshape', shape: [1, n] }, x);
  const matrix =
    x.dtype === 'bool'
      ? build.add({ op: 'And' }, same, row)
      : build.add({ op: 'Where' }, same, row, build.constant(0, [], x.dtype));
  return build.add({ op: 'Reshape', shape: [...x.shape, ...x.shape] }, matrix);
}

/** Kernels that select elements by index, and kernels that compute indices. */
export const gathers: Kernels = {
  GatherV2: gather,
  GatherNd: gatherRows,
  ScatterNd: scatterRows,
  UnsortedSegmentSum: segmentSum,
  OneHot: oneHot,
  ArgMax: argument('ArgMax'),
  ArgMin: argument('ArgMin'),
  TopK: topK,
  MirrorPad: mirrorPad,
  Range: range,
  LinSpace: linSpace,
  Diag: diag,
};
