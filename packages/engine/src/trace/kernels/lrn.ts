import type { Builder } from '../../builder.js';
import type { Value } from '../../graph.js';
import type { Attributes } from '../attributes.js';
import type { Call, Kernels } from '../kernel.js';

// Local response normalisation: y = x · (bias + α Σ x²)^−β, with the sum over the channels at most
// `depthRadius` away. It is computed as a product with a band matrix of ones.

function nearby(build: Builder, x: Value, radius: number): Value {
  const channels = x.shape.at(-1)!;
  const band = Float32Array.from({ length: channels * channels }, (_, i) =>
    Number(Math.abs((i % channels) - Math.floor(i / channels)) <= radius),
  );
  return build.add(
    { op: 'MatMul', transposeA: false, transposeB: false },
    x,
    build.constant(band, [channels, channels]),
  );
}

const number = (build: Builder, x: number): Value => build.constant(Math.fround(x), []);

function scale(build: Builder, x: Value, attributes: Attributes): Value {
  const squares = nearby(build, build.add({ op: 'Mul' }, x, x), attributes.number('depthRadius'));
  return build.add(
    { op: 'Add' },
    build.add({ op: 'Mul' }, squares, number(build, attributes.number('alpha'))),
    number(build, attributes.number('bias')),
  );
}

function normalised({ build, input, attributes }: Call): Value {
  const x = input('x');
  return build.add(
    { op: 'Mul' },
    x,
    build.add({ op: 'Pow' }, scale(build, x, attributes), number(build, -attributes.number('beta'))),
  );
}

/** dy · scale^−β − 2αβ x Σ dy·y/scale. */
function gradient({ build, input, attributes }: Call): Value {
  const [x, y, dy] = [input('x'), input('y'), input('dy')];
  const divisor = scale(build, x, attributes);
  const own = build.add(
    { op: 'Mul' },
    dy,
    build.add({ op: 'Pow' }, divisor, number(build, -attributes.number('beta'))),
  );
  const shared = nearby(
    build,
    build.add({ op: 'Div' }, build.add({ op: 'Mul' }, dy, y), divisor),
    attributes.number('depthRadius'),
  );
  const factor = number(build, 2 * attributes.number('alpha') * attributes.number('beta'));
  return build.add({ op: 'Sub' }, own, build.add({ op: 'Mul' }, build.add({ op: 'Mul' }, x, shared), factor));
}

/** tf.localResponseNormalization and its gradient. */
export const responses: Kernels = { LRN: normalised, LRNGrad: gradient };
