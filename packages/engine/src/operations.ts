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
  | { readonly op: 'Slice'; readonly begin: readonly number[]; readonly end: readonly number[]; readonly strides: readonly number[] }
  | { readonly op: 'Pad'; readonly before: readonly number[]; readonly after: readonly number[]; readonly value: number }
  | { readonly op: 'Tile'; readonly repeats: readonly number[] }
  | { readonly op: 'Softmax'; readonly axis: number };

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
      return as(a.shape);
    default:
      if (isReduction(operation)) return as(reduced(a.shape, operation.axes, operation.keepDims));
      throw new Error(`no rule for the shape of ${operation.op}`);
  }
}
