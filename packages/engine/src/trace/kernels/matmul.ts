import * as tf from '@tensorflow/tfjs-core';
import type { Value } from '../../graph.js';
import type { Call, Kernels } from '../kernel.js';

function batchMatMul({ build, input, attributes }: Call): Value {
  return build.add(
    { op: 'MatMul', transposeA: attributes.flag('transposeA'), transposeB: attributes.flag('transposeB') },
    input('a'),
    input('b'),
  );
}

/** The bias and activation that end tfjs's fused kernels. */
export function activate(x: Value, { build, input, attributes }: Call): Value {
  const name = attributes.has('activation') ? attributes.text('activation') : 'linear';
  switch (name) {
    case 'linear':
      return x;
    case 'relu':
      return build.add({ op: 'Relu' }, x);
    case 'sigmoid':
      return build.add({ op: 'Sigmoid' }, x);
    case 'elu':
      return build.add({ op: 'Elu' }, x);
    case 'leakyrelu':
      return build.add(
        {
          op: 'LeakyRelu',
          alpha: attributes.has('leakyreluAlpha') ? attributes.number('leakyreluAlpha') : 0.2,
        },
        x,
      );
    case 'relu6':
      return build.add({ op: 'Min' }, build.add({ op: 'Relu' }, x), build.constant(6, []));
    case 'prelu':
      return build.add(
        { op: 'Where' },
        build.add({ op: 'Less' }, x, build.constant(0, [])),
        build.add({ op: 'Mul' }, x, input('preluActivationWeights')),
        x,
      );
    default:
      throw new Error(
        `a fused operation with activation ${name}; use the operation and its activation separately`,
      );
  }
}

/** tf.fused.matMul as separate operations: the passes and the runtime fuse those that are worth it. */
function fusedMatMul(call: Call): Value {
  const { build, has, input } = call;
  const product = batchMatMul(call);
  const biased = has('bias') ? build.add({ op: 'Add' }, product, input('bias')) : product;
  return activate(biased, call);
}

/** tf.einsum: the checks of tfjs, then one operation. */
function einsum({ build, inputs, attributes }: Call): Value {
  const equation = attributes.text('equation').replaceAll(/\s/g, '');
  const { allDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, inputs.length);
  for (const [k, dims] of idDims.entries())
    if (inputs[k]?.shape.length !== dims.length)
      throw new Error(
        `equation ${equation} names ${dims.length} axes of operand ${k + 1}; it has ${inputs[k]?.shape.length}`,
      );
  if (allDims.length === 0) throw new Error(`equation ${equation} names no axes`);
  return build.add({ op: 'Einsum', equation }, ...inputs);
}

/** Products of matrices, and of tensors with more axes. */
export const products: Kernels = { BatchMatMul: batchMatMul, _FusedMatMul: fusedMatMul, Einsum: einsum };
