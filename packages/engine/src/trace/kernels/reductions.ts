import type { Value } from '../../graph.js';
import type { Reduction } from '../../operations.js';
import type { Call, Kernel, Kernels } from '../kernel.js';
import { castTo } from './elementwise.js';

/** Axes as sorted non-negative numbers; all of them if tfjs named none. */
function axesOf(x: Value, given: readonly number[] | undefined): readonly number[] {
  const rank = x.shape.length;
  const axes = given ?? x.shape.map((_, i) => i);
  return [...new Set(axes.map((a) => (a < 0 ? a + rank : a)))].sort((a, b) => a - b);
}

function reduce({ build, attributes }: Call, op: Reduction, x: Value, axisAttribute: string): Value {
  const axes = axesOf(x, attributes.optionalNumbers(axisAttribute));
  return axes.length === 0 ? x : build.add({ op, axes, keepDims: attributes.flag('keepDims') }, x);
}

const along =
  (op: Reduction, axisAttribute: string): Kernel =>
  (call) =>
    reduce(call, op, call.input('x'), axisAttribute);

/**
 * The largest or smallest element; NaN if there is a NaN, as in tfjs. Whether the runtime's own operation
 * returns it depends on where it stands.
 */
const extreme =
  (op: 'ReduceMax' | 'ReduceMin', axisAttribute: string): Kernel =>
  (call) => {
    const { build, input } = call;
    const x = input('x');
    const found = reduce(call, op, x, axisAttribute);
    if (x.dtype !== 'float32' || found === x) return found;
    const lost = castTo(build, build.add({ op: 'IsNaN' }, x), 'int32');
    const anyLost = castTo(build, reduce(call, 'ReduceMax', lost, axisAttribute), 'bool');
    return build.add({ op: 'Where' }, anyLost, build.constant(NaN, []), found);
  };

/** The mean of integers is a float. */
const mean: Kernel = (call) =>
  reduce(call, 'ReduceMean', castTo(call.build, call.input('x'), 'float32'), 'axis');

/** Whether all, or any, of some bool elements are true, by comparing them as numbers. */
const truth =
  (op: 'ReduceMin' | 'ReduceMax'): Kernel =>
  (call) =>
    castTo(call.build, reduce(call, op, castTo(call.build, call.input('x'), 'int32'), 'axis'), 'bool');

const softmax: Kernel = ({ build, input }) =>
  build.add({ op: 'Softmax', axis: input('logits').shape.length - 1 }, input('logits'));

/** Kernels that sum, average or compare along axes. */
export const reductions: Kernels = {
  Sum: along('ReduceSum', 'axis'),
  Mean: mean,
  Prod: along('ReduceProd', 'axis'),
  Max: extreme('ReduceMax', 'reductionIndices'),
  Min: extreme('ReduceMin', 'axis'),
  All: truth('ReduceMin'),
  Any: truth('ReduceMax'),
  Softmax: softmax,
};
