import { compile, runOnnx, toOnnx } from '@stillpoint/engine';
import * as tf from '@tensorflow/tfjs-core';

/**
 * What the page and the test compute: chained code, a gradient and a second derivative, on two engines, and
 * whether engine webgpu is refused, since neither has it; an exported file and what it returns.
 */
export async function results() {
  const rows = [];
  for (const engine of ['wasm', 'cpu']) {
    const compiled = await compile(
      ({ x, w }) => {
        const loss = (v) => x.matMul(v).tanh().square().mean();
        const slope = tf.grad(loss);
        return { loss: loss(w), slope: slope(w), second: tf.grad((v) => slope(v).square().sum())(w) };
      },
      { inputs: { x: [3, 2], w: [2, 2] }, engine },
    );
    const feeds = {
      x: Float32Array.of(0.1, -0.2, 0.3, 0.4, -0.5, 0.6),
      w: Float32Array.of(0.7, -0.8, 0.9, 1),
    };
    const outputs = await compiled.run(feeds);
    await compiled.dispose();
    const numbers = Object.entries(outputs).map(([name, values]) => [name, Array.from(values)]);
    rows.push({ engine: compiled.engine, ...Object.fromEntries(numbers) });
  }
  const refused = await compile(({ x }) => ({ y: tf.neg(x) }), { inputs: { x: [1] }, engine: 'webgpu' }).then(
    () => false,
    ({ message }) => /^engine webgpu needs a page with WebGPU: .*; use engine wasm$/.test(message),
  );
  const bytes = await toOnnx(({ x, w }) => ({ y: x.matMul(w).relu() }), {
    inputs: { x: ['n', 2] },
    parameters: { w: { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] } },
  });
  const file = await runOnnx(bytes, { engine: 'wasm' });
  const { y } = await file.run({ x: Float32Array.of(1, 1, -1, 0, 0, 1) });
  await file.dispose();
  return [
    ...rows,
    { engine: 'webgpu', refused },
    { bytes: Array.from(bytes), shape: y.shape, y: Array.from(y.data) },
  ];
}
