import { sizeOf } from '@stillpoint/operators';
import { isElementwise, isReduction } from './operations.js';
import type { Graph, Node, Value } from './graph.js';

const size = (value: Value | undefined): number => (value === undefined ? 0 : sizeOf(value.shape));

/** The floating-point operations of one node; 0 if it only moves data. */
function operationsOf({ operation, inputs, outputs }: Node): number {
  const [a, b] = inputs;
  const out = size(outputs[0]);
  if (isElementwise(operation)) return operation.op === 'Cast' ? 0 : out;
  if (isReduction(operation)) return size(a);
  switch (operation.op) {
    case 'MatMul':
    case 'Gemm': {
      const inner = a!.shape.at(operation.transposeA ? -2 : -1)!;
      return 2 * out * inner + (inputs.length > 2 ? out : 0);
    }
    case 'Conv':
    case 'BlockedConv':
      // a filter of size |b| meets every position; each of its numbers is multiplied and added once there
      return (
        (2 * size(b) * out) / outputs[0]!.shape[1]! / (operation.op === 'Conv' ? 1 : outputs[0]!.shape[4]!)
      );
    case 'ConvTranspose':
      return (2 * size(b) * size(a)) / a!.shape[1]!;
    case 'FilterGradient':
      return (2 * out * size(b)) / b!.shape[1]!;
    case 'Einsum': {
      const letters = new Map<string, number>();
      const terms = operation.equation.split('->')[0]!.split(',');
      for (const [i, term] of terms.entries())
        for (const [axis, letter] of term.split('').entries()) letters.set(letter, inputs[i]!.shape[axis]!);
      return inputs.length * [...letters.values()].reduce((product, d) => product * d, 1);
    }
    case 'AveragePool':
    case 'MaxPool':
    case 'MaxPoolGradient':
      return (
        size(operation.op === 'MaxPoolGradient' ? b : outputs[0]) * operation.kernel[0] * operation.kernel[1]
      );
    case 'Softmax':
      return 4 * out; // subtract the maximum, exponential, sum, divide
    case 'CumSum':
    case 'SegmentSum':
      return size(a);
    default:
      return 0;
  }
}

/**
 * Counts the floating-point operations of one run of a graph: a multiplication with an addition is two, each
 * other operation on a number one; moving data is free. It does not depend on the machine, so it can price
 * one function against another.
 */
export function floatingPointOperations({ nodes }: Graph): number {
  return nodes.reduce((sum, node) => sum + operationsOf(node), 0);
}
