import { sizeOf } from '@stillpoint/operators';
import { inferEinsum } from './einsum.js';
import { type DType, printType, type Shape, type Value } from './graph.js';
import {
  type Activation,
  type Convolution,
  inferBlockedConv,
  inferConv,
  inferFilterGradient,
  type Pair,
  slid,
  type Window,
} from './windows.js';

export type { Activation, Pair, Window } from './windows.js';

// Every operation that a graph may hold, and the only place that states the shape and type of its outputs:
// kernels, passes and the builder never do. To add an operation, add a member here, a case in `infer` and a
// line in `emit/`.

const unary = ['Neg', 'Abs', 'Sign', 'Relu'] as const;
const smooth = [
  'Exp',
  'Log',
  'Sqrt',
  'Reciprocal',
  'Tanh',
  'Sigmoid',
  'Softplus',
  'Floor',
  'Ceil',
  'Round',
  'Sin',
  'Cos',
  'Erf',
  'Elu',
  'Tan',
  'Asin',
  'Acos',
  'Atan',
  'Sinh',
  'Cosh',
  'Asinh',
  'Acosh',
  'Atanh',
] as const;
const test = ['IsNaN', 'IsInf'] as const;
const arithmetic = ['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Pow', 'Mod'] as const;
const comparison = ['Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Equal'] as const;
const logical = ['And', 'Or'] as const;
const reduction = ['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceProd'] as const;

export type Unary = (typeof unary)[number] | (typeof smooth)[number] | (typeof test)[number] | 'Not';
export type Binary = (typeof arithmetic)[number] | (typeof comparison)[number] | (typeof logical)[number];
export type Reduction = (typeof reduction)[number];

/** An operation with its attributes. Everything that is not a tensor of the graph is an attribute. */
export type Operation =
  | { readonly op: Unary | Binary | 'Where' }
  | { readonly op: 'LeakyRelu'; readonly alpha: number }
  /** alpha · x + beta, clipped to [0, 1]. */
  | { readonly op: 'HardSigmoid'; readonly alpha: number; readonly beta: number }
  | { readonly op: 'Cast'; readonly to: DType }
  /** a·b on the last two axes, with either operand transposed before; leading axes broadcast. */
  | { readonly op: 'MatMul'; readonly transposeA: boolean; readonly transposeB: boolean }
  /** a·b + c of matrices; c is a row, added to every row. */
  | { readonly op: 'Gemm'; readonly transposeA: boolean; readonly transposeB: boolean }
  | { readonly op: Reduction; readonly axes: readonly number[]; readonly keepDims: boolean }
  | { readonly op: 'Reshape' | 'Expand'; readonly shape: Shape }
  | { readonly op: 'Transpose'; readonly permutation: readonly number[] }
  | { readonly op: 'Concat'; readonly axis: number }
  | { readonly op: 'Split'; readonly axis: number; readonly sizes: readonly number[] }
  /**
   * The elements from begin (included) to end (excluded). With a negative stride an end of -1 is before the
   * first element.
   */
  | {
      readonly op: 'Slice';
      readonly begin: readonly number[];
      readonly end: readonly number[];
      readonly strides: readonly number[];
    }
  | {
      readonly op: 'Pad';
      readonly before: readonly number[];
      readonly after: readonly number[];
      readonly value: number;
    }
  | { readonly op: 'Tile'; readonly repeats: readonly number[] }
  | { readonly op: 'Softmax'; readonly axis: number }
  /** Running sums along an axis. */
  | { readonly op: 'CumSum'; readonly axis: number; readonly exclusive: boolean; readonly reverse: boolean }
  /**
   * The index of the largest or smallest element along an axis (the first of equal ones), as int32; the axis
   * is dropped.
   */
  | { readonly op: 'ArgMax' | 'ArgMin'; readonly axis: number }
  /** The indices of the k largest elements along the last axis, the largest first, as int32. */
  | { readonly op: 'TopK'; readonly k: number }
  /** The elements of x at int32 indices along an axis, which is replaced by the axes of the indices. */
  | { readonly op: 'Gather'; readonly axis: number }
  /** From x [n, …] and int32 ids [n] to [count, …]: row k is the sum of the rows of x whose id is k. */
  | { readonly op: 'SegmentSum'; readonly count: number }
  /**
   * A sum of products as numpy.einsum writes it, `bij,bjk->bik`: letters only, each at most once in a term.
   */
  | { readonly op: 'Einsum'; readonly equation: string }
  /**
   * Conv: correlation of x [N, I, H, W] with a filter [O, I/groups, h, w], plus a bias [O] if there is one.
   * ConvTranspose, the transpose of Conv as a linear map: y [N, O, h', w'] and the same filter give [N, I,
   * *size]; plus a bias [I] if there is one.
   */
  | Convolution
  /**
   * Conv in blocks of b channels, which the native runtime computes directly, without gathering windows. Its
   * operands are x [N, I/b, H, W, b], a filter [O/b, I/b, h, w, b of I, b of O] and, if there is one, a bias
   * [O/b, b]. The result is [N, O/b, h', w', b]. Instead of blocks, x of I < b channels may be a plain image
   * [N, I, H, W], with a filter [O/b, I, h, w, b of O].
   */
  | { readonly op: 'BlockedConv'; readonly window: Window; readonly activation?: Activation }
  /** Block rearranges [N, C, H, W] as [N, C/size, H, W, size]; Unblock is its inverse. */
  | { readonly op: 'Block'; readonly size: number }
  | { readonly op: 'Unblock' }
  /** Each pixel of [N, C, H, W] repeated: [N, C, factors[0]·H, factors[1]·W]. */
  | { readonly op: 'Upsample'; readonly factors: Pair }
  /** The gradient of Conv in its filter: x [N, I, H, W] and dy [N, O, h', w'] give [O, I/groups, *kernel]. */
  | {
      readonly op: 'FilterGradient';
      readonly window: Window;
      readonly kernel: Pair;
      readonly groups?: number;
    }
  /** Average or maximum over windows of [N, C, H, W]; padding does not count in the average. */
  | { readonly op: 'AveragePool' | 'MaxPool'; readonly kernel: Pair; readonly window: Window }
  /** From x and dy: each element of dy is added at the position of its window's maximum in x. */
  | { readonly op: 'MaxPoolGradient'; readonly kernel: Pair; readonly window: Window };

const elementwise = new Set<string>([
  ...unary,
  ...smooth,
  ...test,
  ...arithmetic,
  ...comparison,
  ...logical,
  'Not',
  'Where',
  'LeakyRelu',
  'HardSigmoid',
  'Cast',
]);

/** Operations that take numbers only; bool operands have to be cast before. */
const numeric = new Set<string>([
  ...unary,
  ...smooth,
  ...test,
  ...arithmetic,
  ...comparison.filter((op) => op !== 'Equal'),
  ...reduction,
  'LeakyRelu',
  'HardSigmoid',
  'MatMul',
  'Gemm',
  'Softmax',
  'CumSum',
  'TopK',
  'SegmentSum',
  'Einsum',
]);

/** Whether each element of the result depends only on the same (broadcast) element of each operand. */
export function isElementwise(operation: Operation): boolean {
  return elementwise.has(operation.op);
}

/** Whether an operation reduces axes. Narrows the type to the members that have `axes`. */
export function isReduction(operation: Operation): operation is Extract<Operation, { op: Reduction }> {
  return reduction.some((op) => op === operation.op);
}

/** The shape of an elementwise result, by numpy's rule. */
export function broadcast(shapes: readonly Shape[]): Shape {
  const rank = Math.max(0, ...shapes.map((s) => s.length));
  return Array.from({ length: rank }, (_, i) => {
    let size = 1;
    for (const shape of shapes) {
      const d = shape[i - rank + shape.length] ?? 1;
      if (d === 1 || d === size) continue;
      if (size !== 1)
        throw new Error(`shapes ${shapes.map((s) => `[${s.join(',')}]`).join(' and ')} do not broadcast`);
      size = d;
    }
    return size;
  });
}

type Type = { readonly shape: Shape; readonly dtype: DType };

const hasName = (names: readonly string[], op: string): boolean => names.includes(op);

function inferElementwise(operation: Operation, inputs: readonly Value[]): Type {
  const shape = broadcast(inputs.map((v) => v.shape));
  const dtype = inputs[inputs.length - 1]!.dtype;
  const same = (operation.op === 'Where' ? inputs.slice(1) : inputs).every((v) => v.dtype === dtype);
  if (!same)
    throw new Error(
      `${operation.op} of ${inputs.map(printType).join(' and ')}: the types differ; cast one with tf.cast`,
    );
  if (hasName(smooth, operation.op) && dtype !== 'float32')
    throw new Error(`${operation.op} of ${dtype}; cast it first: tf.cast(x, 'float32')`);
  if (operation.op === 'Cast') return { shape, dtype: operation.to };
  return { shape, dtype: hasName(comparison, operation.op) || hasName(test, operation.op) ? 'bool' : dtype };
}

function inferMatMul(a: Value, b: Value, transposeA: boolean, transposeB: boolean): Shape {
  const [m, k] = transposeA ? [a.shape.at(-1), a.shape.at(-2)] : [a.shape.at(-2), a.shape.at(-1)];
  const [k2, n] = transposeB ? [b.shape.at(-1), b.shape.at(-2)] : [b.shape.at(-2), b.shape.at(-1)];
  if (m === undefined || n === undefined || k !== k2)
    throw new Error(`MatMul of ${printType(a)} and ${printType(b)}: the inner sizes differ`);
  return [...broadcast([a.shape.slice(0, -2), b.shape.slice(0, -2)]), m, n];
}

function reduced(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  return keepDims
    ? shape.map((d, i) => (axes.includes(i) ? 1 : d))
    : shape.filter((_, i) => !axes.includes(i));
}

/** The types of an operation's outputs. Throws if the operands do not fit each other. */
export function infer(operation: Operation, inputs: readonly Value[]): readonly Type[] {
  const [a, b] = inputs;
  if (a === undefined) throw new Error(`${operation.op} without operands`);
  if (numeric.has(operation.op) && inputs.some(({ dtype }) => dtype === 'bool'))
    throw new Error(`${operation.op} of bool; cast it first: tf.cast(x, 'float32')`);
  if (isElementwise(operation)) return [inferElementwise(operation, inputs)];
  const as = (shape: Shape): readonly Type[] => [{ shape, dtype: a.dtype }];
  switch (operation.op) {
    case 'MatMul':
    case 'Gemm':
      if (b === undefined) throw new Error(`${operation.op} of one operand`);
      return as(inferMatMul(a, b, operation.transposeA, operation.transposeB));
    case 'Reshape':
      if (sizeOf(a.shape) !== sizeOf(operation.shape))
        throw new Error(`cannot reshape ${printType(a)} to [${operation.shape.join(',')}]`);
      return as(operation.shape);
    case 'Expand':
      return as(operation.shape);
    case 'Transpose':
      return as(operation.permutation.map((p) => a.shape[p]!));
    case 'Concat':
      return as(
        a.shape.map((d, i) => (i === operation.axis ? inputs.reduce((sum, v) => sum + v.shape[i]!, 0) : d)),
      );
    case 'Split':
      return operation.sizes.map((size) => ({
        dtype: a.dtype,
        shape: a.shape.map((d, i) => (i === operation.axis ? size : d)),
      }));
    case 'Slice':
      return as(
        operation.begin.map((begin, i) =>
          Math.max(0, Math.ceil((operation.end[i]! - begin) / operation.strides[i]!)),
        ),
      );
    case 'Pad':
      return as(a.shape.map((d, i) => d + operation.before[i]! + operation.after[i]!));
    case 'Tile':
      return as(a.shape.map((d, i) => d * operation.repeats[i]!));
    case 'Softmax':
    case 'CumSum':
    case 'MaxPoolGradient':
      return as(a.shape);
    case 'ArgMax':
    case 'ArgMin':
      return [{ shape: reduced(a.shape, [operation.axis], false), dtype: 'int32' }];
    case 'TopK':
      return [{ shape: [...a.shape.slice(0, -1), operation.k], dtype: 'int32' }];
    case 'Gather':
      if (b?.dtype !== 'int32')
        throw new Error(`Gather of ${inputs.map(printType).join(' and ')}; expected int32 indices`);
      return as([...a.shape.slice(0, operation.axis), ...b.shape, ...a.shape.slice(operation.axis + 1)]);
    case 'SegmentSum':
      if (b?.shape.length !== 1 || b.shape[0] !== a.shape[0])
        throw new Error(`SegmentSum of ${inputs.map(printType).join(' and ')}; expected one id for each row`);
      return as([operation.count, ...a.shape.slice(1)]);
    case 'Einsum':
      return as(inferEinsum(operation.equation, inputs));
    case 'Conv':
    case 'ConvTranspose':
      return as(inferConv(operation, inputs));
    case 'FilterGradient':
      return as(inferFilterGradient(operation, inputs));
    case 'Upsample':
      return as([
        ...a.shape.slice(0, 2),
        a.shape[2]! * operation.factors[0],
        a.shape[3]! * operation.factors[1],
      ]);
    case 'Block': {
      const [n, c, h, w] = a.shape;
      return as([n!, c! / operation.size, h!, w!, operation.size]);
    }
    case 'Unblock': {
      const [n, c, h, w, size] = a.shape;
      return as([n!, c! * size!, h!, w!]);
    }
    case 'BlockedConv':
      return as(inferBlockedConv(operation, inputs));
    case 'AveragePool':
    case 'MaxPool':
      return as([...a.shape.slice(0, 2), ...slid(a.shape.slice(2), operation.kernel, operation.window)]);
    default:
      if (isReduction(operation)) return as(reduced(a.shape, operation.axes, operation.keepDims));
      throw new Error(`no rule for the shape of ${operation.op}`);
  }
}
