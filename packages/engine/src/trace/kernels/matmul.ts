import type { Builder } from '../../builder.js';
import type { Value } from '../../graph.js';
import type { Call, Kernels } from '../kernel.js';

function batchMatMul({ build, input, attributes }: Call): Value {
  return build.add({ op: 'MatMul', transposeA: attributes.flag('transposeA'), transposeB: attributes.flag('transposeB') }, input('a'), input('b'));
}

function activate(build: Builder, x: Value, { attributes }: Call): Value {
  const name = attributes.has('activation') ? attributes.text('activation') : 'linear';
  switch (name) {
    case 'linear': return x;
    case 'relu': return build.add({ op: 'Relu' }, x);
    case 'sigmoid': return build.add({ op: 'Sigmoid' }, x);
    case 'elu': return build.add({ op: 'Elu' }, x);
    case 'leakyrelu': return build.add({ op: 'LeakyRelu', alpha: attributes.has('leakyreluAlpha') ? attributes.number('leakyreluAlpha') : 0.2 }, x);
    default: throw new Error(`_FusedMatMul with activation ${name}; use tf.matMul and the activation as separate ops`);
  }
}

/** tf.fused.matMul, taken apart: the passes and the runtime fuse what is worth fusing. */
function fusedMatMul(call: Call): Value {
  const { build, inputs, input } = call;
  const product = batchMatMul(call);
  const biased = inputs.length > 2 ? build.add({ op: 'Add' }, product, input('bias')) : product;
  return activate(build, biased, call);
}

/** Matrix products. */
export const products: Kernels = { BatchMatMul: batchMatMul, _FusedMatMul: fusedMatMul };
