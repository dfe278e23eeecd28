import * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '@stillpoint/operators';

export type Feeds = { readonly [name: string]: Float32Array };
export type Shapes = { readonly [name: string]: readonly number[] };
export type TensorFunction = (inputs: { readonly [name: string]: tf.Tensor }) => {
  readonly [name: string]: tf.Tensor;
};

/** Deterministic numbers in (low, high), all different; another `salt` gives other numbers. */
export function numbers(n: number, salt = 0, low = -1, high = 1): Float32Array {
  return Float32Array.from({ length: n }, (_, i) => {
    const x = Math.sin((i + 1) * 12.9898 + salt * 78.233) * 43758.5453;
    return low + (high - low) * (x - Math.floor(x));
  });
}

export function feedsOf(shapes: Shapes, low?: number, high?: number): Feeds {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => [name, numbers(sizeOf(shape), i, low, high)]),
  );
}

/** ‖a − b‖ / ‖b‖. */
export function relativeError(a: Float32Array, b: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  for (const [i, x] of a.entries()) {
    difference += (x - b[i]!) ** 2;
    size += b[i]! ** 2;
  }
  return Math.sqrt(difference / size);
}

/** The largest |aᵢ − bᵢ| / max(1, |bᵢ|); infinite if one is NaN and the other is not. */
export function worstError(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  return a.reduce((worst, x, i) => {
    const y = b[i]!;
    if (Object.is(x, y)) return worst;
    const error = Math.abs(x - y) / Math.max(1, Math.abs(y));
    return Number.isNaN(error) ? Infinity : Math.max(worst, error);
  }, 0);
}

// Workload W1 of bench/gan: generator 2-128-128-2, discriminator 2-128-128-1, one flat vector (D, then G).

const width = 128;
const layers = (out: number): readonly (readonly number[])[] => [
  [2, width],
  [width],
  [width, width],
  [width],
  [width, out],
  [out],
];
export const critic = layers(1);
export const generator = layers(2);
export const lengthOf = (shapes: readonly (readonly number[])[]): number =>
  shapes.reduce((n, s) => n + sizeOf(s), 0);
export const dimension = lengthOf(critic) + lengthOf(generator);

function unpack(vector: tf.Tensor, shapes: readonly (readonly number[])[]): tf.Tensor[] {
  return tf.split(vector, shapes.map(sizeOf)).map((part, i) => tf.reshape(part, [...shapes[i]!]));
}

function mlp(parameters: readonly tf.Tensor[], x: tf.Tensor): tf.Tensor {
  let h = x;
  for (let i = 0; i < parameters.length; i += 2) {
    h = tf.add(tf.matMul(h, parameters[i]!), parameters[i + 1]!);
    if (i + 2 < parameters.length) h = tf.relu(h);
  }
  return h;
}

const flat = (tensors: readonly tf.Tensor[]): tf.Tensor => tf.concat(tensors.map((t) => tf.reshape(t, [-1])));

/** Both players' gradients of the non-saturating loss, stacked, and their losses. */
export function gan({ z, x, noise }: { readonly [name in 'z' | 'x' | 'noise']: tf.Tensor }): {
  gradient: tf.Tensor;
  losses: tf.Tensor;
} {
  const d = unpack(tf.slice(z, [0], [lengthOf(critic)]), critic);
  const g = unpack(tf.slice(z, [lengthOf(critic)], [lengthOf(generator)]), generator);
  const forD = tf.valueAndGrads((...p: tf.Tensor[]) =>
    tf.add<tf.Scalar>(tf.mean(tf.softplus(tf.neg(mlp(p, x)))), tf.mean(tf.softplus(mlp(p, mlp(g, noise))))),
  )(d);
  const forG = tf.valueAndGrads((...p: tf.Tensor[]) =>
    tf.mean<tf.Scalar>(tf.softplus(tf.neg(mlp(d, mlp(p, noise))))),
  )(g);
  return { gradient: flat([...forD.grads, ...forG.grads]), losses: tf.stack([forD.value, forG.value]) };
}

export const ganInputs = (batch: number): { readonly [name in 'z' | 'x' | 'noise']: readonly number[] } => ({
  z: [dimension],
  x: [batch, 2],
  noise: [batch, 2],
});

export function ganFeeds(batch: number): { readonly [name in 'z' | 'x' | 'noise']: Float32Array } {
  return {
    z: numbers(dimension, 1, -0.2, 0.2),
    x: numbers(2 * batch, 2, -2, 2),
    noise: numbers(2 * batch, 3, -2, 2),
  };
}
