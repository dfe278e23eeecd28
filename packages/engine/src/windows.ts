import { printType, type Shape, type Value } from './graph.js';

// The shapes that result from moving a window over images, for convolutions and pooling.

/** Two numbers, for height and width. */
export type Pair = readonly [number, number];

/**
 * How a window moves over an image. `before` and `after` are the numbers of rows and columns of padding on
 * either side.
 */
export interface Window {
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly before: Pair;
  readonly after: Pair;
}

/** An activation that is applied to a convolution's values. */
export type Activation = { readonly op: 'Relu' } | { readonly op: 'LeakyRelu'; readonly alpha: number };

/** A convolution. Channels form `groups` (default 1) that are convolved separately. */
export type Convolution =
  | { readonly op: 'Conv'; readonly window: Window; readonly groups?: number }
  | { readonly op: 'ConvTranspose'; readonly window: Window; readonly size: Pair; readonly groups?: number };

const named = (values: readonly (Value | undefined)[]): string =>
  values.map((v) => (v === undefined ? 'nothing' : printType(v))).join(' and ');

/** Height and width of the result of moving a window of size `kernel` over an image of `size`. */
export function slid(size: Shape, kernel: Shape, { strides, dilations, before, after }: Window): Shape {
  return size.map(
    (d, i) =>
      Math.floor((d + before[i]! + after[i]! - (kernel[i]! - 1) * dilations[i]! - 1) / strides[i]!) + 1,
  );
}

/** The shape of the result of Conv and ConvTranspose. */
export function inferConv(operation: Convolution, [x, filter, bias]: readonly Value[]): Shape {
  if (x?.shape.length !== 4 || filter?.shape.length !== 4)
    throw new Error(`${operation.op} of ${named([x, filter])}; expected two tensors of rank 4`);
  const forward = operation.op === 'Conv';
  const { groups = 1 } = operation;
  const [n, channels, ...size] = x.shape;
  const [o, i, ...kernel] = filter.shape;
  if (channels !== (forward ? i! * groups : o) || o! % groups !== 0)
    throw new Error(`${operation.op} of ${printType(x)} and ${printType(filter)}: the channels differ`);
  const out = forward ? o! : i! * groups;
  if (bias !== undefined && !(bias.shape.length === 1 && bias.shape[0] === out))
    throw new Error(`${operation.op} with a bias ${printType(bias)}; expected [${out}]`);
  const result = forward ? slid(size, kernel, operation.window) : operation.size;
  if (!forward && slid(operation.size, kernel, operation.window).some((d, k) => d !== size[k]))
    throw new Error(`ConvTranspose of ${printType(x)} cannot give [${operation.size.join(',')}]`);
  if (result.some((d) => d < 1))
    throw new Error(`${operation.op} of ${printType(x)} and ${printType(filter)} gives no pixel`);
  return [n!, out, ...result];
}

/** The shape of the result of a convolution in blocks of channels, of blocks or of a plain image. */
export function inferBlockedConv(
  { window }: { readonly window: Window },
  [x, filter]: readonly Value[],
): Shape {
  const blocked = x?.shape.length === 5 && filter?.shape.length === 6 && x.shape[4] === filter.shape[4];
  const plain = x?.shape.length === 4 && filter?.shape.length === 5;
  if (x === undefined || filter === undefined || !(blocked || plain) || x.shape[1] !== filter.shape[1])
    throw new Error(`BlockedConv of ${named([x, filter])}: the blocks differ`);
  return [
    x.shape[0]!,
    filter.shape[0]!,
    ...slid(x.shape.slice(2, 4), filter.shape.slice(2, 4), window),
    filter.shape.at(-1)!,
  ];
}

/** The shape of a filter's gradient. */
export function inferFilterGradient(
  {
    window,
    kernel,
    groups = 1,
  }: { readonly window: Window; readonly kernel: Pair; readonly groups?: number },
  [x, dy]: readonly Value[],
): Shape {
  if (
    x === undefined ||
    dy === undefined ||
    slid(x.shape.slice(2), kernel, window).some((d, i) => d !== dy.shape[i + 2])
  )
    throw new Error(`FilterGradient of ${named([x, dy])}: the sizes do not fit`);
  return [dy.shape[1]!, x.shape[1]! / groups, ...kernel];
}
