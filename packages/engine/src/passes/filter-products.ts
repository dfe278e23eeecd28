import type { Builder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operation, Pair } from '../operations.js';

// The gradient in a filter as matrix products. Each tap of the filter sees one image of x, shifted; its
// gradient is the sum, over all examples and places, of what it saw times dy.

type FilterGradient = Extract<Operation, { op: 'FilterGradient' }>;

/** Below this many columns a product per tap would do little work for what it reads. */
const NARROW = 16;

/** [N, C, H, W], padded with zeros, as [N, H, W, C]. */
function channelsLast(build: Builder, x: Value, before: Pair, after: Pair): Value {
  const [n, c, h, w] = x.shape;
  const node = build.producer(x);
  const [blocks] = node?.inputs ?? [];
  const pad = (v: Value, behind: readonly number[]): Value =>
    [...before, ...after].every((p) => p === 0)
      ? v
      : build.add(
          { op: 'Pad', before: [0, 0, ...before, ...behind], after: [0, 0, ...after, ...behind], value: 0 },
          v,
        );
  const shape = [n!, h! + before[0] + after[0], w! + before[1] + after[1], c!];
  if (node?.operation.op !== 'Unblock' || blocks === undefined)
    return build.add({ op: 'Transpose', permutation: [0, 2, 3, 1] }, pad(x, []));
  return build.add(
    { op: 'Reshape', shape },
    build.add({ op: 'Transpose', permutation: [0, 2, 3, 1, 4] }, pad(blocks, [0])),
  );
}

/** Pixels as rows of a matrix. */
function rowsOf(build: Builder, x: Value): Value {
  const [n, h, w, c] = x.shape;
  return build.add({ op: 'Reshape', shape: [n! * h! * w!, c!] }, x);
}

/**
 * What each tap sees of images [N, H, W, C]: `size` pixels, from (row, column) times `dilations` on. The rows
 * of an image are sliced as one axis, which are long pieces of memory.
 */
function tapsOf(
  build: Builder,
  images: Value,
  kernel: Pair,
  dilations: Pair,
  [height, width]: Pair,
): readonly Value[] {
  const [n, h, w, c] = images.shape;
  const flat = build.add({ op: 'Reshape', shape: [n!, h!, w! * c!] }, images);
  return Array.from({ length: kernel[0] * kernel[1] }, (_, tap) => {
    const top = Math.floor(tap / kernel[1]) * dilations[0];
    const left = (tap % kernel[1]) * dilations[1];
    const seen = build.add(
      {
        op: 'Slice',
        begin: [0, top, left * c!],
        end: [n!, top + height, (left + width) * c!],
        strides: [1, 1, 1],
      },
      flat,
    );
    return build.add({ op: 'Reshape', shape: [n! * height * width, c!] }, seen);
  });
}

/** Per tap the product of what it saw, transposed, with the other rows: [taps, C, columns]. */
function productsOf(build: Builder, taps: readonly Value[], others: Value): Value {
  const [c, columns] = [taps[0]!.shape[1]!, others.shape[1]!];
  const product = (seen: Value): Value =>
    build.add({ op: 'MatMul', transposeA: true, transposeB: false }, seen, others);
  const all =
    c < NARROW
      ? product(build.add({ op: 'Concat', axis: 1 }, ...taps))
      : build.add({ op: 'Concat', axis: 0 }, ...taps.map(product));
  return build.add({ op: 'Reshape', shape: [taps.length, c, columns] }, all);
}

/**
 * The gradient in the filter of a convolution of stride 1. Where dy has few channels, its images are shifted
 * instead of those of x.
 */
export function filterProducts(
  { window: { dilations, before, after }, kernel }: FilterGradient,
  x: Value,
  dy: Value,
  build: Builder,
): Value {
  const [, i, ...size] = x.shape;
  const [, o, height, width] = dy.shape;
  const none: Pair = [0, 0];
  if (o! < NARROW && o! < i!) {
    // the tap at (row, column) of the turned filter sees dy, padded so that its windows cover x
    const reach = (axis: 0 | 1): number => (kernel[axis] - 1) * dilations[axis];
    const images = channelsLast(
      build,
      dy,
      [reach(0) - before[0], reach(1) - before[1]],
      [reach(0) - after[0], reach(1) - after[1]],
    );
    const taps = tapsOf(build, images, kernel, dilations, [size[0]!, size[1]!]).toReversed();
    const all = productsOf(build, taps, rowsOf(build, channelsLast(build, x, none, none)));
    return build.add(
      { op: 'Transpose', permutation: [2, 3, 0, 1] },
      build.add({ op: 'Reshape', shape: [...kernel, o!, i!] }, all),
    );
  }
  const images = channelsLast(build, x, before, after);
  const taps = tapsOf(build, images, kernel, dilations, [height!, width!]);
  const all = productsOf(build, taps, rowsOf(build, channelsLast(build, dy, none, none)));
  return build.add(
    { op: 'Transpose', permutation: [3, 2, 0, 1] },
    build.add({ op: 'Reshape', shape: [...kernel, i!, o!] }, all),
  );
}
