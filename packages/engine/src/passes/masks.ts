import type { Builder } from '../builder.js';
import type { Graph, Value } from '../graph.js';
import { rewrite } from './rewrite.js';

/** The number α, if the value is dy · α. */
function multiple(value: Value, dy: Value, build: Builder): number | undefined {
  const node = build.producer(value);
  const [a, b] = node?.inputs ?? [];
  if (node?.operation.op !== 'Mul' || a === undefined || b === undefined) return undefined;
  const factor = a === dy ? b.constant : b === dy ? a.constant : undefined;
  return typeof factor === 'number' ? factor : undefined;
}

/**
 * A mask y > 0 as the numbers 0 and 1. For the result y of an activation it is y times a huge number, clipped
 * to [0, 1]: one operation, where a comparison and a cast are two. Between 0 and 2⁻¹²⁷ the mask is below 1,
 * and that of NaN is NaN, so only factors are masked so.
 */
function step(mask: Value, build: Builder): Value {
  const node = build.producer(mask);
  const [y, zero] = node?.inputs ?? [];
  const activation = y === undefined ? undefined : build.producer(y)?.operation.op;
  return node?.operation.op === 'Greater' &&
    zero?.constant === 0 &&
    (activation === 'Relu' || activation === 'LeakyRelu')
    ? build.add({ op: 'HardSigmoid', alpha: 2 ** 127, beta: 0 }, y!)
    : build.add({ op: 'Cast', to: 'float32' }, mask);
}

/**
 * Simplifies the gradients of relu and leaky relu. The mask x > 0 is computed from the activation instead of
 * its operand, which the runtime then need not keep. A selection of dy or α·dy becomes dy times the slope, 1
 * or α, since the runtime selects on one thread only but multiplies on all. The slope is min(1, mask + α).
 */
export function simplifyMasks(graph: Graph): Graph {
  const activations = new Map<Value, Value>();
  /** Values that are more than factors of products: a mask among them may be counted or returned. */
  const looked = new Set<Value>(graph.outputs.map(({ value }) => value));
  for (const { operation, inputs } of graph.nodes)
    if (operation.op !== 'Mul') for (const input of inputs) looked.add(input);
  return rewrite(graph, ({ operation, inputs: [x, y, z], outputs: [output] }, build) => {
    if (x === undefined || output === undefined) return undefined;
    if (operation.op === 'Relu' || (operation.op === 'LeakyRelu' && operation.alpha > 0)) {
      if (!activations.has(x)) activations.set(x, output);
      return undefined;
    }
    if (operation.op === 'Cast' && operation.to === 'float32' && x.dtype === 'bool' && !looked.has(output)) {
      const mask = step(x, build);
      return build.producer(mask)?.operation.op === 'Cast' ? undefined : [mask];
    }
    if (y === undefined) return undefined;
    const activation = activations.get(x);
    if (operation.op === 'Greater' && y.constant === 0 && activation !== undefined)
      return [build.add(operation, activation, y)];
    if (operation.op !== 'Where' || z === undefined || y.dtype !== 'float32') return undefined;
    const α = multiple(z, y, build);
    if (α === undefined || !(α > 0 && α < 1)) return undefined;
    const slope = build.add({ op: 'HardSigmoid', alpha: 1, beta: α }, step(x, build));
    return [build.add({ op: 'Mul' }, y, slope)];
  });
}
