import { sizeOf } from '@stillpoint/operators';
import type { Builder } from '../builder.js';
import type { Graph, Node, Value } from '../graph.js';
import { isElementwise, isReduction } from '../operations.js';
import { rewrite } from './rewrite.js';

const single = (value: Value): number | undefined =>
  typeof value.constant === 'number' ? value.constant : undefined;

/**
 * Evaluates one elementwise operation on numbers, rounded as in float32 arithmetic; undefined if JavaScript's
 * result may differ in the last bit.
 */
function evaluate(op: string, a: number, b: number, c: number): number | undefined {
  switch (op) {
    case 'Neg':
      return -a;
    case 'Abs':
      return Math.abs(a);
    case 'Sqrt':
      return Math.sqrt(a);
    case 'Reciprocal':
      return 1 / a;
    case 'Relu':
      return Math.max(a, 0);
    case 'Add':
      return a + b;
    case 'Sub':
      return a - b;
    case 'Mul':
      return a * b;
    case 'Div':
      return a / b;
    case 'Max':
      return Math.max(a, b);
    case 'Min':
      return Math.min(a, b);
    case 'Greater':
      return Number(a > b);
    case 'GreaterOrEqual':
      return Number(a >= b);
    case 'Less':
      return Number(a < b);
    case 'LessOrEqual':
      return Number(a <= b);
    case 'Equal':
      return Number(a === b);
    case 'Not':
      return Number(a === 0);
    case 'Where':
      return a !== 0 ? b : c;
    default:
      return undefined;
  }
}

function foldElementwise(
  { operation, inputs, outputs: [output] }: Node,
  build: Builder,
): readonly Value[] | undefined {
  const numbers = inputs.map(single);
  const [a, b = 0, c = 0] = numbers;
  if (output === undefined || a === undefined || numbers.includes(undefined)) return undefined;
  if (operation.op === 'Cast') {
    const cast =
      operation.to === 'bool' ? Number(a !== 0) : operation.to === 'int32' ? Math.trunc(a) : Math.fround(a);
    return [build.constant(cast, output.shape, operation.to)];
  }
  if (inputs.some((v) => v.dtype === 'int32')) return undefined;
  const result = evaluate(operation.op, a, b, c);
  return result === undefined ? undefined : [build.constant(Math.fround(result), output.shape, output.dtype)];
}

/** Evaluates reductions, moves and repetitions of a constant whose elements are all equal. */
function foldMoves({ operation, inputs: [x], outputs }: Node, build: Builder): readonly Value[] | undefined {
  const [output] = outputs;
  if (x === undefined || output === undefined) return undefined;
  if (operation.op === 'Reshape' && x.constant !== undefined)
    return [build.constant(x.constant, output.shape, x.dtype)];
  const number = single(x);
  if (number === undefined) return undefined;
  if (operation.op === 'ReduceSum' && x.dtype === 'float32')
    return [build.constant(Math.fround(number * (sizeOf(x.shape) / sizeOf(output.shape))), output.shape)];
  const moves =
    operation.op === 'Expand' ||
    operation.op === 'Transpose' ||
    operation.op === 'Split' ||
    operation.op === 'Slice' ||
    operation.op === 'Tile';
  const keeps =
    moves || (isReduction(operation) && operation.op !== 'ReduceProd' && operation.op !== 'ReduceSum');
  return keeps ? outputs.map(({ shape, dtype }) => build.constant(number, shape, dtype)) : undefined;
}

/**
 * Computes values that depend on uniform constants only, such as the `ones(x.shape) / n` with which tfjs
 * starts the gradient of a mean.
 */
export function foldConstants(graph: Graph): Graph {
  return rewrite(graph, (node, build) =>
    isElementwise(node.operation) ? foldElementwise(node, build) : foldMoves(node, build),
  );
}
