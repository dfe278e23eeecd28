import type { Graph, Value } from '../graph.js';
import { rewrite } from './rewrite.js';

/**
 * Gradients of relu and leaky relu: dy · cast(x > 0) becomes a selection by a mask of one byte per element, and the mask
 * is read off the activation instead of its operand, which the runtime then need not keep (it fuses products with relu).
 */
export function simplifyMasks(graph: Graph): Graph {
  const activations = new Map<Value, Value>();
  return rewrite(graph, ({ operation, inputs: [x, y], outputs: [output] }, build) => {
    if (x === undefined || output === undefined) return undefined;
    if (operation.op === 'Relu' || (operation.op === 'LeakyRelu' && operation.alpha > 0)) {
      if (!activations.has(x)) activations.set(x, output);
      return undefined;
    }
    if (y === undefined) return undefined;
    const activation = activations.get(x);
    if (operation.op === 'Greater' && y.constant === 0 && activation !== undefined) return [build.add(operation, activation, y)];
    if (operation.op !== 'Mul') return undefined;
    const masked = (mask: Value, dy: Value): readonly Value[] | undefined => {
      const cast = build.producer(mask);
      const bits = cast?.operation.op === 'Cast' ? cast.inputs[0] : undefined;
      return bits?.dtype === 'bool' && dy.dtype === 'float32' ? [build.add({ op: 'Where' }, bits, dy, build.constant(0, []))] : undefined;
    };
    return masked(y, x) ?? masked(x, y);
  });
}
