// The networks of the workloads, written once in tfjs: our lane uses them as `Network`s of
// @stillpoint/networks, the tfjs peers directly.
import { normal, sizeOf } from '@stillpoint/operators';
import { workloads } from './workloads.mjs';

/**
 * A network from its parameters by name, `[shape, deviation]`: N(0, deviation²) at the start, or all 1 where
 * it says 'one'. `forward(p, x, labels)` finds the parameters under their names, x in the shape `input` per
 * example, and with `classes` one-hot labels. `independent`: every output depends on one example only, so
 * that our lane may take real and generated examples as one batch.
 */
function network({ describe, input, outputs, independent = false, classes, table, forward }, tf) {
  const names = Object.keys(table);
  return {
    describe,
    inputs: sizeOf(input),
    outputs,
    independent,
    ...(classes === undefined ? {} : { classes }),
    parameters: names.map((name) => ({ name, shape: table[name][0] })),
    initialise({ name }, values, stream) {
      const [, deviation] = table[name];
      if (deviation === 'one') values.fill(1);
      else if (deviation === 0) values.fill(0);
      else normal(values, stream, 0, deviation);
    },
    apply(parameters, x, { labels } = {}) {
      const p = Object.fromEntries(names.map((name, i) => [name, parameters[i]]));
      const y = forward(p, tf.reshape(x, [-1, ...input]), labels);
      return tf.reshape(y, [-1, outputs]);
    },
  };
}

/** Batch normalisation with the batch's own statistics, over all axes but the last. */
function normalise(tf, x, scale, shift) {
  const { mean, variance } = tf.moments(
    x,
    x.shape.slice(1).map((_, axis) => axis),
  );
  return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), scale), shift);
}

function mlp(tf, sizes) {
  const table = {};
  for (const [i, width] of sizes.slice(1).entries()) {
    table[`${i}.weight`] = [[sizes[i], width], Math.sqrt(2 / sizes[i])];
    table[`${i}.bias`] = [[width], 0];
  }
  return network(
    {
      describe: `${sizes.join('-')} relu`,
      input: [sizes[0]],
      outputs: sizes.at(-1),
      independent: true,
      table,
      forward(p, x) {
        for (let i = 0; i + 1 < sizes.length; i++) {
          x = tf.add(tf.matMul(x, p[`${i}.weight`]), p[`${i}.bias`]);
          if (i + 2 < sizes.length) x = tf.relu(x);
        }
        return x;
      },
    },
    tf,
  );
}

/**
 * Normal, of deviation 0.02 in the paper (Radford, Metz, Chintala 2016, arXiv 1511.06434); 0.05 here, for
 * fewer channels.
 */
const DCGAN = 0.05;

/**
 * With `classes` G has a scale and a shift for each class, and D adds the product of its features with a
 * vector of the class (Miyato, Koyama 2018, arXiv 1802.05637).
 */
function dcgan28(tf, classes) {
  const [c, wide] = [32, 64];
  const features = 7 * 7 * wide;
  const perClass = (shape) => (classes === undefined ? shape : [classes, ...shape]);
  /** Each example's scale or shift. */
  const own = (table, labels) =>
    classes === undefined ? table : tf.reshape(tf.matMul(labels, table), [-1, 1, 1, table.shape[1]]);
  const active = (p, layer, h, labels) =>
    tf.relu(normalise(tf, h, own(p[`${layer}.scale`], labels), own(p[`${layer}.shift`], labels)));
  const generator = network(
    {
      describe: 'dcgan 64-7x7x64-14x14x32-28x28x1',
      input: [64],
      outputs: 28 * 28,
      classes,
      table: {
        'dense.weight': [[64, features], DCGAN],
        'norm0.scale': [perClass([wide]), 'one'],
        'norm0.shift': [perClass([wide]), 0],
        'conv0.weight': [[4, 4, c, wide], DCGAN],
        'norm1.scale': [perClass([c]), 'one'],
        'norm1.shift': [perClass([c]), 0],
        'conv1.weight': [[4, 4, 1, c], DCGAN],
        'conv1.bias': [[1], 0],
      },
      forward(p, z, labels) {
        const n = z.shape[0];
        let h = tf.reshape(tf.matMul(z, p['dense.weight']), [n, 7, 7, wide]);
        h = active(p, 'norm0', h, labels);
        h = tf.conv2dTranspose(h, p['conv0.weight'], [n, 14, 14, c], 2, 'same');
        h = active(p, 'norm1', h, labels);
        return tf.tanh(
          tf.add(tf.conv2dTranspose(h, p['conv1.weight'], [n, 28, 28, 1], 2, 'same'), p['conv1.bias']),
        );
      },
    },
    tf,
  );
  const discriminator = network(
    {
      describe: 'dcgan 28x28x1-14x14x32-7x7x64-1',
      input: [28, 28, 1],
      outputs: 1,
      independent: true,
      classes,
      table: {
        'conv0.weight': [[4, 4, 1, c], DCGAN],
        'conv0.bias': [[c], 0],
        'conv1.weight': [[4, 4, c, wide], DCGAN],
        'conv1.bias': [[wide], 0],
        'dense.weight': [[features, 1], DCGAN],
        'dense.bias': [[1], 0],
        ...(classes === undefined ? {} : { table: [[classes, features], DCGAN] }),
      },
      forward(p, x, labels) {
        let h = x;
        for (const layer of ['conv0', 'conv1'])
          h = tf.leakyRelu(tf.add(tf.conv2d(h, p[`${layer}.weight`], 2, 'same'), p[`${layer}.bias`]), 0.2);
        h = tf.reshape(h, [-1, features]);
        const logit = tf.add(tf.matMul(h, p['dense.weight']), p['dense.bias']);
        if (classes === undefined) return logit;
        return tf.add(logit, tf.sum(tf.mul(tf.matMul(labels, p.table), h), 1, true));
      },
    },
    tf,
  );
  return { generator, discriminator };
}

/** Weights N(0, 1/fan-in): h, w and input channels of a convolution, rows of a matrix. */
const fanIn = (shape) => [shape, Math.sqrt(1 / sizeOf(shape.slice(0, -1)))];

/** After Miyato et al. 2018, arXiv 1802.05957, table 4, without spectral normalisation. */
function resnet32(tf) {
  const c = 128;
  const conv = (p, layer, x) => tf.add(tf.conv2d(x, p[`${layer}.weight`], 1, 'same'), p[`${layer}.bias`]);
  const convTable = (layer, size, from, to) => ({
    [`${layer}.weight`]: fanIn([size, size, from, to]),
    [`${layer}.bias`]: [[to], 0],
  });
  const normTable = (layer) => ({ [`${layer}.scale`]: [[c], 'one'], [`${layer}.shift`]: [[c], 0] });
  const active = (p, layer, x) => tf.relu(normalise(tf, x, p[`${layer}.scale`], p[`${layer}.shift`]));
  const up = (x) => tf.image.resizeNearestNeighbor(x, [2 * x.shape[1], 2 * x.shape[2]]);

  const ups = ['up0', 'up1', 'up2'];
  const generator = network(
    {
      describe: 'resnet 128-4x4x128-32x32x3',
      input: [128],
      outputs: 32 * 32 * 3,
      table: Object.assign(
        { 'dense.weight': fanIn([128, 4 * 4 * c]) },
        ...ups.map((b) => ({
          ...normTable(`${b}.norm0`),
          ...convTable(`${b}.conv0`, 3, c, c),
          ...normTable(`${b}.norm1`),
          ...convTable(`${b}.conv1`, 3, c, c),
          ...convTable(`${b}.skip`, 1, c, c),
        })),
        normTable('norm'),
        convTable('conv', 3, c, 3),
      ),
      forward(p, z) {
        let h = tf.reshape(tf.matMul(z, p['dense.weight']), [z.shape[0], 4, 4, c]);
        for (const b of ups) {
          const r = conv(p, `${b}.conv0`, up(active(p, `${b}.norm0`, h)));
          h = tf.add(conv(p, `${b}.conv1`, active(p, `${b}.norm1`, r)), conv(p, `${b}.skip`, up(h)));
        }
        return tf.tanh(conv(p, 'conv', active(p, 'norm', h)));
      },
    },
    tf,
  );

  const blocks = [
    { b: 'block0', from: 3, down: true },
    { b: 'block1', from: c, down: true },
    { b: 'block2', from: c, down: false },
    { b: 'block3', from: c, down: false },
  ];
  const discriminator = network(
    {
      describe: 'resnet 32x32x3-8x8x128-1',
      input: [32, 32, 3],
      outputs: 1,
      independent: true,
      table: Object.assign(
        {},
        ...blocks.map(({ b, from, down }) => ({
          ...convTable(`${b}.conv0`, 3, from, c),
          ...convTable(`${b}.conv1`, 3, c, c),
          ...(down ? convTable(`${b}.skip`, 1, from, c) : {}),
        })),
        // small: the sum over 8x8 places makes logits large
        { 'dense.weight': [[c, 1], 0.002], 'dense.bias': [[1], 0] },
      ),
      forward(p, x) {
        let h = x;
        for (const [i, { b, down }] of blocks.entries()) {
          const r = conv(p, `${b}.conv1`, tf.relu(conv(p, `${b}.conv0`, i > 0 ? tf.relu(h) : h)));
          h = down ? tf.avgPool(tf.add(r, conv(p, `${b}.skip`, h)), 2, 2, 'valid') : tf.add(r, h);
        }
        return tf.add(tf.matMul(tf.sum(tf.relu(h), [1, 2]), p['dense.weight']), p['dense.bias']);
      },
    },
    tf,
  );
  return { generator, discriminator };
}

/** `{ generator, discriminator }` of a workload, on any tfjs. */
export function networksOf(workload, tf) {
  if (workload === 'W1')
    return { generator: mlp(tf, [2, 128, 128, 2]), discriminator: mlp(tf, [2, 128, 128, 1]) };
  if (workload === 'W3') return resnet32(tf);
  return dcgan28(tf, workloads[workload].classes);
}
