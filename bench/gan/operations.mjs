// node bench/gan/operations.mjs [python]: the operations of one training step of W1 on one thread, each with
// its time in onnxruntime, PyTorch and JAX: what a step's time is made of, and what only another runtime
// could save. Build first (npm run build). onnxruntime's times are those of its own profiler, in the graphs
// that a step runs; PyTorch's and JAX's are those of the same matrix products alone, and for JAX of a whole
// step's gradients.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { compile, emit, graphOf, inputName } from '@stillpoint/engine';
import { normal, sizeOf } from '@stillpoint/operators';
import { median } from '../median.mjs';
import { networksOf } from './networks.mjs';
import { tidy } from './lanes.mjs';
import { workloads } from './workloads.mjs';

const [python = 'python3'] = process.argv.slice(2);
const RUNS = 400;
const { batch, latent, shape } = workloads.W1;
const { discriminator, generator } = networksOf('W1', tf);
const ort = createRequire(createRequire(import.meta.url).resolve('@stillpoint/engine'))('onnxruntime-node');

const shapesOf = (player, { parameters }) =>
  Object.fromEntries(parameters.map(({ name, shape: s }) => [`${player}.${name}`, s]));
const inputs = {
  ...shapesOf('D', discriminator),
  ...shapesOf('G', generator),
  noise: [batch, latent],
  real: [batch, ...shape],
};
const of = (player, { parameters }, x) => parameters.map(({ name }) => x[`${player}.${name}`]);

/** A player's gradient at the parameters, as `ganGame` computes it: D takes both batches as one. */
const gradients = {
  D: (x) => {
    const fake = generator.apply(of('G', generator, x), x.noise);
    const loss = (...d) => {
      const logits = discriminator.apply(d, tf.concat([x.real, fake], 0));
      const [real, generated] = tf.split(logits, 2);
      return tf.add(tf.mean(tf.softplus(tf.neg(real))), tf.mean(tf.softplus(generated)));
    };
    return tf.grads(loss)(of('D', discriminator, x));
  },
  G: (x) => {
    const loss = (...g) =>
      tf.mean(
        tf.softplus(tf.neg(discriminator.apply(of('D', discriminator, x), generator.apply(g, x.noise)))),
      );
    return tf.grads(loss)(of('G', generator, x));
  },
};

const printed = (shapes) => (shapes ?? []).map((s) => Object.values(s)[0].join('x')).join(', ');

/** The median times of the kernels of one gradient, in microseconds. */
async function profile(player, folder) {
  const body = (x) => Object.fromEntries(gradients[player](x).map((g, i) => [`g${i}`, g]));
  const graph = graphOf(body, inputs);
  const session = await ort.InferenceSession.create(emit(graph), {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    enableMemPattern: false,
    enableProfiling: true,
    profileFilePrefix: join(folder, player),
  });
  const feeds = Object.fromEntries(
    graph.inputs.map(({ name, value }) => [
      inputName(name),
      new ort.Tensor(
        'float32',
        normal(new Float32Array(sizeOf(value.shape)), { seed: 1, purpose: name }, 0, 0.1),
        value.shape,
      ),
    ]),
  );
  for (let i = 0; i < RUNS; i++) await session.run(feeds);
  await session.endProfiling();
  const file = readdirSync(folder).find((name) => name.startsWith(player));
  const kernels = new Map();
  for (const { name, dur, args } of JSON.parse(readFileSync(join(folder, file), 'utf8'))) {
    if (!name.endsWith('_kernel_time')) continue;
    const entry = kernels.get(name) ?? {
      op: args.op_name,
      shapes: printed(args.input_type_shape),
      result: printed(args.output_type_shape),
      times: [],
    };
    entry.times.push(dur);
    kernels.set(name, entry);
  }
  return [...kernels.values()].map(({ times, ...entry }) => ({ ...entry, time: median(times) }));
}

/** [m, k, n] of a matrix product, or undefined for another operation. */
function sizesOf({ op, shapes, result }) {
  if (!/Gemm|MatMul/.test(op)) return undefined;
  const [m, n] = result.split('x').map(Number);
  return [m, sizeOf(shapes.split(', ')[0].split('x').map(Number)) / m, n];
}

await compile(({ x }) => ({ y: tf.neg(x) }), { inputs: { x: [1] }, engine: 'cpu' }).then((c) => c.dispose());
const folder = mkdtempSync(join(tmpdir(), 'bench-operations-'));
try {
  const kernels = [...(await profile('D', folder)), ...(await profile('G', folder))];
  const rows = new Map();
  for (const kernel of kernels) {
    const sizes = sizesOf(kernel);
    const key = sizes ? sizes.join(' x ') : kernel.op;
    const row = rows.get(key) ?? { sizes, count: 0, time: 0 };
    rows.set(key, { ...row, count: row.count + 1, time: row.time + kernel.time });
  }
  const products = [...rows.values()].filter(({ sizes }) => sizes).map(({ sizes }) => sizes);
  const { stdout, stderr, status } = spawnSync(
    python,
    [fileURLToPath(new URL('operations.py', import.meta.url)), JSON.stringify(products)],
    { encoding: 'utf8', env: { ...process.env, ...tidy } },
  );
  if (status !== 0) throw new Error(stderr);
  const theirs = JSON.parse(stdout);
  const us = (value) => (value === undefined ? '' : value.toFixed(0)).padStart(8);
  console.log(
    `${'operation'.padEnd(20)}${'times'.padStart(6)}${'ours'.padStart(8)}${'torch'.padStart(8)}${'jax'.padStart(8)}   µs in all`,
  );
  const sorted = [...rows].sort(([, a], [, b]) => b.time - a.time);
  const sums = [0, 0, 0];
  for (const [name, { sizes, count, time }] of sorted) {
    const [torch, jax] = sizes ? theirs.products[sizes.join()] : [];
    if (sizes) [time, torch * count, jax * count].forEach((t, i) => (sums[i] += t));
    console.log(
      `${name.padEnd(20)}${String(count).padStart(6)}${us(time)}${us(torch && torch * count)}${us(jax && jax * count)}`,
    );
  }
  console.log(`${'all matrix products'.padEnd(26)}${sums.map(us).join('')}`);
  const all = kernels.reduce((sum, { time }) => sum + time, 0);
  console.log(`${'both gradients'.padEnd(26)}${us(all)}${us(undefined)}${us(theirs.gradients)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
