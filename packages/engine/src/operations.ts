import { type DType, printType, type Shape, sizeOf, type Value } from './graph.js';

// Every operation a graph may hold, and the one place that knows what shape and type each gives. A kernel, a pass or
// the builder never states a shape: adding an operation means a member here, a case in `infer` and a line in `emit/`.

const unary = ['Neg', 'Abs', 'Sign', 'Relu'] as const;
const smooth = ['Exp', 'Log', 'Sqrt', 'Reciprocal', 'Tanh', 'Sigmoid', 'Softplus', 'Floor', 'Ceil', 'Round', 'Sin', 'Cos', 'Erf', 'Elu'] as const;
const arithmetic = ['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Pow'] as const;
const comparison = ['Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Equal'] as const;
const logical = ['And', 'Or'] as const;
const reduction = ['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceProd'] as const;

export type Unary = (typeof unary)[number] | (typeof smooth)[number] | 'Not';
export type Binary = (typeof arithmetic)[number] | (typeof comparison)[number] | (typeof logical)[number];
export type Reduction = (typeof reduction)[number];

/** An operation with its attributes; everything that is not a tensor of the graph is an attribute. */
export type Operation =
  | { readonly op: Unary | Binary | 'Where' }
  | { readonly op: 'LeakyRelu'; readonly alpha: number }
  | { readonly op: 'Cast'; readonly to: DType }
  /** a·b on the last two axes, either transposed first; leading axes broadcast. */
  | { readonly op: 'MatMul'; readonly transposeA: boolean; readonly transposeB: boolean }
  /** a·b + c of matrices, c a row that is added to every row. */
  | { readonly op: 'Gemm'; readonly transposeA: boolean; readonly transposeB: boolean }
  | { readonly op: Reduction; readonly axes: readonly number[]; readonly keepDims: boolean }
  | { readonly op: 'Reshape' | 'Expand'; readonly shape: Shape }
  | { readonly op: 'Transpose'; readonly permutation: readonly number[] }
  | { readonly op: 'Concat'; readonly axis: number }
  | { readonly op: 'Split'; readonly axis: number; readonly sizes: readonly number[] }
  /** From begin to before end; -1, with a negative stride, is before the first element. */
  | { readonly op: 'Slice'; readonly begin: readonly number[]; readonly end: readonly number[]; readonly strides: readonly number[] }
  | { readonly op: 'Pad'; readonly before: readonly number[]; readonly after: readonly number[]; readonly value: number }
  | { readonly op: 'Tile'; readonly repeats: readonly number[] }
  | { readonly op: 'Softmax'; readonly axis: number }
  /** Correlation of x [N, I, H, W] with a filter [O, I, h, w], plus a bias [O] if there is one. */
  | { readonly op: 'Conv'; readonly window: Window }
  /** What Conv does to gradients: y [N, O, h', w'] and a filter [O, I, h, w] give [N, I, *size]; plus a bias [I] if there is one. */
  | { readonly op: 'ConvTranspose'; readonly window: Window; readonly size: Pair }
  /**
   * Conv in blocks of b channels, which the native runtime computes directly instead of gathering windows: x [N, I/b, H, W, b],
   * a filter [O/b, I/b, h, w, b of I, b of O] and a bias [O/b, b], if there is one, give [N, O/b, h', w', b].
   */
  | { readonly op: 'BlockedConv'; readonly window: Window; readonly activation?: Activation }
  /** [N, C, H, W] as [N, C/size, H, W, size], and back. */
  | { readonly op: 'Block'; readonly size: number }
  | { readonly op: 'Unblock' }
  /** The gradient of Conv in its filter: of x [N, I, H, W] and dy [N, O, h', w'], [O, I, *kernel]. */
  | { readonly op: 'FilterGradient'; readonly window: Window; readonly kernel: Pair }
  /** Over windows of [N, C, H, W]; the average counts no padding. */
  | { readonly op: 'AveragePool' | 'MaxPool'; readonly kernel: Pair; readonly window: Window }
  /** Of x and dy: each element of dy goes where its window's maximum is in x. */
  | { readonly op: 'MaxPoolGradient'; readonly kernel: Pair; readonly window: Window };

/** What a convolution's values go through on their way out. */
export type Activation = { readonly op: 'Relu' } | { readonly op: 'LeakyRelu'; readonly alpha: number };

/** Of height and of width. */
export type Pair = readonly [number, number];

/** How a window moves over an image: `before` and `after` are the rows and columns of padding on either side. */
export interface Window {
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly before: Pair;
  readonly after: Pair;
}

const elementwise = new Set<string>([...unary, ...smooth, ...arithmetic, ...comparison, ...logical, 'Not', 'Where', 'LeakyRelu', 'Cast']);

/** Whether each element of the result depends only on the same (broadcast) element of each operand. */
export function isElementwise(operation: Operation): boolean {
  return elementwise.has(operation.op);
}

/** Whether an operation reduces axes: narrows to the member that has `axes`. */
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
      if (size !== 1) throw new Error(`shapes ${shapes.map((s) => `[${s.join(',')}]`).join(' and ')} do not broadcast`);
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
  if (!same) throw new Error(`${operation.op} of ${inputs.map(printType).join(' and ')}: the types differ; cast one with tf.cast`);
  if (hasName(smooth, operation.op) && dtype !== 'float32') throw new Error(`${operation.op} of ${dtype}; cast it first: tf.cast(x, 'float32')`);
  if (operation.op === 'Cast') return { shape, dtype: operation.to };
  return { shape, dtype: hasName(comparison, operation.op) ? 'bool' : dtype };
}

function inferMatMul(a: Value, b: Value, transposeA: boolean, transposeB: boolean): Shape {
  const [m, k] = transposeA ? [a.shape.at(-1), a.shape.at(-2)] : [a.shape.at(-2), a.shape.at(-1)];
  const [k2, n] = transposeB ? [b.shape.at(-1), b.shape.at(-2)] : [b.shape.at(-2), b.shape.at(-1)];
  if (m === undefined || n === undefined || k !== k2) throw new Error(`MatMul of ${printType(a)} and ${printType(b)}: the inner sizes differ`);
  return [...broadcast([a.shape.slice(0, -2), b.shape.slice(0, -2)]), m, n];
}

function reduced(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  return keepDims ? shape.map((d, i) => (axes.includes(i) ? 1 : d)) : shape.filter((_, i) => !axes.includes(i));
}

/** Height and width of what a window of size `kernel` gives on an image of `size`. */
function slid(size: Shape, kernel: Shape, { strides, dilations, before, after }: Window): Shape {
  return size.map((d, i) => Math.floor((d + before[i]! + after[i]! - (kernel[i]! - 1) * dilations[i]! - 1) / strides[i]!) + 1);
}

function inferConv(operation: Extract<Operation, { op: 'Conv' | 'ConvTranspose' }>, [x, filter, bias]: readonly Value[]): Shape {
  if (x?.shape.length !== 4 || filter?.shape.length !== 4) throw new Error(`${operation.op} of ${[x, filter].map((v) => (v === undefined ? 'nothing' : printType(v))).join(' and ')}; expected two tensors of rank 4`);
  const forward = operation.op === 'Conv';
  const [n, channels, ...size] = x.shape;
  const [o, i, ...kernel] = filter.shape;
  if (channels !== (forward ? i : o)) throw new Error(`${operation.op} of ${printType(x)} and ${printType(filter)}: the channels differ`);
  const out = forward ? o! : i!;
  if (bias !== undefined && !(bias.shape.length === 1 && bias.shape[0] === out)) throw new Error(`${operation.op} with a bias ${printType(bias)}; expected [${out}]`);
  const result = forward ? slid(size, kernel, operation.window) : operation.size;
  if (!forward && slid(operation.size, kernel, operation.window).some((d, k) => d !== size[k])) throw new Error(`ConvTranspose of ${printType(x)} cannot give [${operation.size.join(',')}]`);
  if (result.some((d) => d < 1)) throw new Error(`${operation.op} of ${printType(x)} and ${printType(filter)} gives no pixel`);
  return [n!, out, ...result];
}

function inferBlockedConv({ window }: { readonly window: Window }, [x, filter]: readonly Value[]): Shape {
  if (x?.shape.length !== 5 || filter?.shape.length !== 6 || x.shape[1] !== filter.shape[1] || x.shape[4] !== filter.shape[4]) throw new Error(`BlockedConv of ${[x, filter].map((v) => (v === undefined ? 'nothing' : printType(v))).join(' and ')}: the blocks differ`);
  return [x.shape[0]!, filter.shape[0]!, ...slid(x.shape.slice(2, 4), filter.shape.slice(2, 4), window), filter.shape[5]!];
}

/** The types an operation gives, one per output. Throws where operands do not fit each other. */
export function infer(operation: Operation, inputs: readonly Value[]): readonly Type[] {
  const [a, b] = inputs;
  if (a === undefined) throw new Error(`${operation.op} without operands`);
  if (isElementwise(operation)) return [inferElementwise(operation, inputs)];
  const as = (shape: Shape): readonly Type[] => [{ shape, dtype: a.dtype }];
  switch (operation.op) {
    case 'MatMul':
    case 'Gemm':
      if (b === undefined) throw new Error(`${operation.op} of one operand`);
      return as(inferMatMul(a, b, operation.transposeA, operation.transposeB));
    case 'Reshape':
      if (sizeOf(a.shape) !== sizeOf(operation.shape)) throw new Error(`cannot reshape ${printType(a)} to [${operation.shape.join(',')}]`);
      return as(operation.shape);
    case 'Expand':
      return as(operation.shape);
    case 'Transpose':
      return as(operation.permutation.map((p) => a.shape[p]!));
    case 'Concat':
      return as(a.shape.map((d, i) => (i === operation.axis ? inputs.reduce((sum, v) => sum + v.shape[i]!, 0) : d)));
    case 'Split':
      return operation.sizes.map((size) => ({ dtype: a.dtype, shape: a.shape.map((d, i) => (i === operation.axis ? size : d)) }));
    case 'Slice':
      return as(operation.begin.map((begin, i) => Math.max(0, Math.ceil((operation.end[i]! - begin) / operation.strides[i]!))));
    case 'Pad':
      return as(a.shape.map((d, i) => d + operation.before[i]! + operation.after[i]!));
    case 'Tile':
      return as(a.shape.map((d, i) => d * operation.repeats[i]!));
    case 'Softmax':
    case 'MaxPoolGradient':
      return as(a.shape);
    case 'Conv':
    case 'ConvTranspose':
      return as(inferConv(operation, inputs));
    case 'FilterGradient':
      if (b === undefined || slid(a.shape.slice(2), operation.kernel, operation.window).some((d, i) => d !== b.shape[i + 2])) throw new Error(`FilterGradient of ${inputs.map(printType).join(' and ')}: the sizes do not fit`);
      return as([b.shape[1]!, a.shape[1]!, ...operation.kernel]);
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
