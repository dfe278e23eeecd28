import { compile, type EngineName } from '@stillpoint/engine';
import {
  InputError,
  dot,
  norm,
  normal,
  randomFrom,
  scale,
  type Problem,
  type Vector,
} from '@stillpoint/operators';
import { labelledImages } from '../image-classifier.js';

/** The network of the authors' code on images, as a problem of an engine, with what is measured on it. */
export interface Digits extends Problem {
  readonly start: Float32Array;
  /** The mean squared error at z. */
  readonly error: (z: Vector) => number;
  /** λ_max of the Hessian of the error, but for the part that the residuals weigh: that of 2K/n, K = JJᵀ. */
  readonly sharpness: (z: Vector) => Promise<number>;
  readonly dispose: () => Promise<void>;
}

const POWER_STEPS = 30;

/**
 * f(x) = Σ aᵣ·max(0, wᵣᵀx + bᵣ), with all of w, b and a learnt to give an image its label 0 … 9, by the mean
 * squared error E of the first n images of a data set. At the start w is N(0, 1/m²), b uniform on ±1/√p with
 * p pixels, a uniform on ±1. @throws InputError for data with fewer images.
 *
 * z is (T, a), T[r, i] = wᵣᵀxᵢ + bᵣ in place of the weights: a gradient of the weights is a sum over the
 * images, so that a step in w and b by −s∇E is one in T by −s·(∂E/∂T)G, G[i, j] = xᵢᵀxⱼ + 1. F = ((∂E/∂T)G,
 * ∂E/∂a), and a method that is linear in F makes the same steps here as on the weights, at less than half
 * of the cost, as n < 784.
 */
export async function digits(
  {
    images: n,
    width: m,
    seed,
    data: of,
  }: { readonly images: number; readonly width: number; readonly seed: number; readonly data: string },
  engine: EngineName | 'auto',
): Promise<Digits> {
  const [data, tf] = await Promise.all([labelledImages(of), import('@stillpoint/networks/tf')]);
  if (n > data.count)
    throw new InputError(`images is ${n}; expected at most ${data.count}, as many as ${of} has to train on`);
  const p = data.bytes.length / data.count;
  const x = Array.from({ length: n }, (_, i) =>
    Float64Array.from(data.bytes.subarray(i * p, (i + 1) * p), (v) => v / 255),
  );
  const y = Float32Array.from(data.labels.subarray(0, n));
  const G = Float32Array.from({ length: n * n }, (_, at) => dot(x[Math.floor(at / n)]!, x[at % n]!) + 1);

  const random = randomFrom({ seed, purpose: 'digits' })(0);
  const start = new Float32Array(m * n + m);
  for (let r = 0; r < m; r++) {
    const w = normal(new Float64Array(p), { seed, purpose: 'digits weights', call: r });
    scale(w, 1 / m);
    const b = (2 * random.uniform() - 1) / Math.sqrt(p);
    for (let i = 0; i < n; i++) start[r * n + i] = dot(w, x[i]!) + b;
    start[m * n + r] = 2 * random.uniform() - 1;
  }

  const inputs = { T: [m, n], a: [1, m], G: [n, n] };
  const gradient = await compile(
    ({ T, a, G: gram, y: labels }) => {
      const hidden = tf.relu(T);
      const slope = tf.mul(tf.sub(tf.matMul(a, hidden), labels), 2 / n);
      const signals = tf.mul(tf.mul(tf.step(T), tf.transpose(a)), slope);
      return { T: tf.matMul(signals, gram), a: tf.matMul(slope, hidden, false, true) };
    },
    { inputs: { ...inputs, y: [1, n] }, engine },
  );
  const kernel = await compile(
    ({ T, a, G: gram }) => {
      const [hidden, on] = [tf.relu(T), tf.mul(tf.step(T), tf.transpose(tf.abs(a)))];
      return { K: tf.add(tf.mul(tf.matMul(on, on, true), gram), tf.matMul(hidden, hidden, true)) };
    },
    { inputs, engine },
  );
  const parts = (z: Vector): { readonly T: Float32Array; readonly a: Float32Array } => {
    const all = z instanceof Float32Array ? z : Float32Array.from(z);
    return { T: all.subarray(0, m * n), a: all.subarray(m * n) };
  };
  const seen = new Float64Array(n);
  return {
    name: 'digits',
    dim: start.length,
    players: [{ name: 'network', start: 0, end: start.length }],
    start,
    async operator(z, out) {
      const found = await gradient.run({ ...parts(z), G, y });
      out.set(found.T);
      out.set(found.a, m * n);
    },
    error(z) {
      const { T, a } = parts(z);
      for (let i = 0; i < n; i++) seen[i] = -y[i]!;
      for (let r = 0; r < m; r++)
        for (let i = 0; i < n; i++) seen[i] = seen[i]! + a[r]! * Math.max(0, T[r * n + i]!);
      return dot(seen, seen) / n;
    },
    async sharpness(z) {
      const { K } = await kernel.run({ ...parts(z), G });
      let [v, λ]: [Float64Array, number] = [new Float64Array(n).fill(1 / Math.sqrt(n)), 0];
      for (let k = 0; k < POWER_STEPS; k++) {
        const from = v;
        v = from.map((_, i) => dot(K.subarray(i * n, (i + 1) * n), from));
        λ = norm(v);
        scale(v, 1 / λ);
      }
      return (2 * λ) / n;
    },
    async dispose() {
      await gradient.dispose();
      await kernel.dispose();
    },
  };
}
