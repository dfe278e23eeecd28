import type { Builder } from '../builder.js';
import type { Graph, Node, Value } from '../graph.js';
import type { Operation, Window } from '../operations.js';
import { blocked } from './blocks.js';
import { filterProducts } from './filter-products.js';
import { rewrite } from './rewrite.js';

type FilterGradient = Extract<Operation, { op: 'FilterGradient' }>;

const swapped = (build: Builder, v: Value): Value =>
  build.add({ op: 'Transpose', permutation: [1, 0, 2, 3] }, v);

/** dy [N, O, h, w] as a blocked filter from N to O channels, [O/b, N/b, h, w, b of N, b of O]. */
function asFilter(build: Builder, dy: Value, b: number): Value {
  const blocks = blocked(build, dy, b);
  const [n, o, h, w] = blocks.shape;
  const split = build.add({ op: 'Reshape', shape: [n! / b, b, o!, h!, w!, b] }, blocks);
  return build.add({ op: 'Transpose', permutation: [2, 0, 3, 4, 1, 5] }, split);
}

/** Cuts off the last rows and columns, which no window reached: as many as `down` and `right` are below 0. */
function cut(build: Builder, x: Value, [down, right]: readonly [number, number]): Value {
  if (down >= 0 && right >= 0) return x;
  const [n, c, h, w] = x.shape;
  return build.add(
    {
      op: 'Slice',
      begin: [0, 0, 0, 0],
      end: [n!, c!, h! + Math.min(0, down), w! + Math.min(0, right)],
      strides: [1, 1, 1, 1],
    },
    x,
  );
}

/**
 * The images that dy, with its elements a stride apart, moves over as a filter, and the window of that move.
 */
function sought(
  { window: { strides, dilations, before }, kernel }: FilterGradient,
  x: Value,
  dy: Value,
  build: Builder,
): { readonly window: Window; readonly images: Value } {
  const reach = (axis: 0 | 1): number =>
    (dy.shape[axis + 2]! - 1) * strides[axis] +
    (kernel[axis] - 1) * dilations[axis] +
    1 -
    x.shape[axis + 2]! -
    before[axis];
  const beyond = [reach(0), reach(1)] as const;
  const window: Window = {
    strides: dilations,
    dilations: strides,
    before,
    after: [Math.max(0, beyond[0]), Math.max(0, beyond[1])],
  };
  return { window, images: cut(build, x, beyond) };
}

/** The gradient in a filter as a convolution: examples and channels change places, and dy is the filter. */
function convolved(operation: FilterGradient, x: Value, dy: Value, build: Builder, b: number): Value {
  const { window, images } = sought(operation, x, dy, build);
  if (b > 1 && x.shape[0]! % b === 0 && dy.shape[1]! % b === 0) {
    const y = build.add(
      { op: 'BlockedConv', window },
      blocked(build, swapped(build, images), b),
      asFilter(build, dy, b),
    );
    return swapped(build, build.add({ op: 'Unblock' }, y));
  }
  return swapped(build, build.add({ op: 'Conv', window }, swapped(build, images), swapped(build, dy)));
}

/**
 * The same with groups: the examples of each group become its channels, and each channel of a group an
 * example: x as [I/g, g·N, H, W], dy as a filter [O, N, h, w], and the result is [I/g, O, *kernel].
 */
function regrouped(operation: FilterGradient, groups: number, x: Value, dy: Value, build: Builder): Value {
  const { window, images: seen } = sought(operation, x, dy, build);
  const [n, channels, h, w] = seen.shape;
  const each = channels! / groups;
  const apart = build.add(
    { op: 'Transpose', permutation: [2, 1, 0, 3, 4] },
    build.add({ op: 'Reshape', shape: [n!, groups, each, h!, w!] }, seen),
  );
  const images = build.add({ op: 'Reshape', shape: [each, groups * n!, h!, w!] }, apart);
  return swapped(build, build.add({ op: 'Conv', window, groups }, images, swapped(build, dy)));
}

/** Whether a window overlaps the image. If all windows lie in the padding, the gradient is zero. */
function meets({ window: { strides, dilations, before }, kernel }: FilterGradient, dy: Value): boolean {
  return ([0, 1] as const).every(
    (axis) =>
      (dy.shape[axis + 2]! - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] >= before[axis],
  );
}

/**
 * Whether products are faster than a convolution. A convolution in blocks reads its filter, which is dy, in
 * whole for few results; it is the faster as long as that stays in the processor's cache. Measured with
 * onnxruntime 1.30 on one thread, times by convolution and by products in ms, for N images of I channels and
 * HxH places, O channels and 3x3 taps: N 128, I and O 128, H 32: 3261, 551; H 16: 241, 141; H 8: 63, 36. N
 * 64, I and O 64, H 8: 6.6, 7.9; I and O 128, H 4: 5.1, 7.5. N 64, I and O 32, H 28: 38, 30. N 128, I 3, O
 * 128, H 32: 115, 56. Without blocks products took between half and nine tenths of the time, but for I = 1
 * (6.6, 7.1).
 */
function byProducts({ window, kernel }: FilterGradient, x: Value, dy: Value, b: number): boolean {
  if (window.strides.some((stride) => stride !== 1)) return false;
  if (kernel.every((taps) => taps === 1)) return true; // one product, of nothing but x and dy
  const [channels, places] = [x.shape[1]!, dy.shape[2]! * dy.shape[3]!];
  return b === 1 ? channels > 1 : places >= 1024 || places * channels >= 8192;
}

function expand(
  { operation, inputs: [x, dy], outputs: [output] }: Node,
  build: Builder,
  b: number,
): Value | undefined {
  if (operation.op !== 'FilterGradient' || x === undefined || dy === undefined || output === undefined)
    return undefined;
  if (!meets(operation, dy)) return build.constant(0, output.shape);
  if (operation.groups !== undefined) return regrouped(operation, operation.groups, x, dy, build);
  return byProducts(operation, x, dy, b)
    ? filterProducts(operation, x, dy, build)
    : convolved(operation, x, dy, build, b);
}

/**
 * Makes the pass that replaces gradients of filters by convolutions and products, in blocks of `b` channels
 * if the sizes allow.
 */
export function expandFilterGradients(b: number): (graph: Graph) => Graph {
  return (graph) =>
    rewrite(graph, (node, build) => {
      const instead = expand(node, build, b);
      return instead === undefined ? undefined : [instead];
    });
}
