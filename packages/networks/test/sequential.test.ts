import * as tf from '@tensorflow/tfjs-core';
import { compile } from '@stillpoint/engine';
import { normal, uniform } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import {
  activation,
  appendLabels,
  batchNorm,
  chain,
  conditionalBatchNorm,
  conv,
  dense,
  dropout,
  embedding,
  flatten,
  layerFrom,
  layers,
  lstm,
  lstmCell,
  gru,
  gruCell,
  pool,
  projection,
  residual,
  reshape,
  selfAttention,
  sequential,
  spectral,
  spectralNorm,
  upsample,
  unflatten,
  countParameters,
  type Context,
  type Layer,
  type Network,
} from '../src/index.js';
import { normals } from './numbers.js';

const startOf = (net: Network): Float32Array => {
  const flat = new Float32Array(countParameters(net));
  let at = 0;
  for (const [call, parameter] of net.parameters.entries()) {
    const size = parameter.shape.reduce((a, b) => a * b, 1);
    net.initialise(parameter, flat.subarray(at, (at += size)), { seed: 1, purpose: 'weights', call });
  }
  return flat;
};

/** The network's output at its start, on engine cpu, noise and labels given. */
async function applied(
  net: Network,
  x: Float32Array,
  batch: number,
  {
    noise,
    labels,
    ...rest
  }: { noise?: Float32Array; labels?: Float32Array } & Omit<Context, 'noise' | 'labels'> = {},
): Promise<Float32Array> {
  const run = await compile(
    (given: { readonly [name in 'p' | 'x' | 'n' | 'l']: tf.Tensor }) => ({
      y: net.apply(unflatten(given.p, net), given.x, {
        ...rest,
        ...(noise && { noise: given.n }),
        ...(labels && { labels: given.l }),
      }),
    }),
    {
      inputs: {
        p: [countParameters(net)],
        x: [batch, net.inputs],
        n: [batch, net.noise ?? 1],
        l: [batch, net.classes ?? 1],
      },
      engine: 'cpu',
    },
  );
  const { y } = await run.run({
    p: startOf(net),
    x,
    n: noise ?? new Float32Array(batch * (net.noise ?? 1)),
    l: labels ?? new Float32Array(batch * (net.classes ?? 1)),
  });
  await run.dispose();
  return y;
}

describe('sequential', () => {
  it('names parameters by layer, starts each as its layer says, and describes itself as plain data', () => {
    const net = sequential({
      inputs: [8, 8, 1],
      layers: [
        conv({ filters: 4, kernel: 'normal(deviation=0.02)' }),
        activation({ of: 'relu' }),
        residual(chain(conv({ filters: 4 }), conv({ filters: 6 })), conv({ filters: 6, size: 1 })),
        flatten(),
        dense({ units: 1 }),
      ],
    });
    expect(net.parameters.map(({ name, shape }) => `${name} ${shape.join('×')}`)).toEqual([
      'conv1.kernel 3×3×1×4',
      'conv1.bias 4',
      'residual1.path.conv1.kernel 3×3×4×4',
      'residual1.path.conv1.bias 4',
      'residual1.path.conv2.kernel 3×3×4×6',
      'residual1.path.conv2.bias 6',
      'residual1.shortcut.kernel 1×1×4×6',
      'residual1.shortcut.bias 6',
      'dense1.kernel 384×1',
      'dense1.bias 1',
    ]);
    expect([net.inputs, net.outputs, net.independent]).toEqual([64, 1, true]);
    expect(net.describe).toBe('8×8×1: conv, activation, residual, flatten, dense → 1');
    expect(JSON.parse(JSON.stringify(net.identity))).toEqual(net.identity);
    const stream = { seed: 1, purpose: 'weights', call: 0 };
    expect(startOf(net).slice(0, 36)).toEqual(normal(new Float32Array(36), stream, 0, 0.02));
    expect(startOf(net).slice(36, 40)).toEqual(new Float32Array(4));
  });
  it('starts the bias of an LSTM’s forget gate at 1, the others at 0', () => {
    const net = sequential({ inputs: [3, 2], layers: [lstm({ units: 2 })] });
    expect(startOf(net).slice(-8)).toEqual(Float32Array.of(0, 0, 1, 1, 0, 0, 0, 0));
  });
  it('names layer and shapes where a layer cannot take what the one before it returns', () => {
    const of =
      (inputs: number | readonly number[], ...list: readonly Layer[]) =>
      (): Network =>
        sequential({ inputs, layers: list });
    expect(of([8, 8, 1], flatten(), conv({ filters: 2 }))).toThrow(
      'layer conv1 takes examples of shape [height, width, channels]; found [64]',
    );
    expect(of([4, 4, 1], pool({ size: 3 }))).toThrow('layer pool1 takes examples of shape');
    expect(of(12, reshape({ shape: [5, 2] }))).toThrow(
      'layer reshape1 takes examples of shape of 10 numbers, to make [5,2]; found [12]',
    );
    expect(of([4, 6], selfAttention({ heads: 4 }))).toThrow('features a multiple of 4; found [4,6]');
    expect(of([4], lstm({ units: 2 }))).toThrow(
      'layer lstm1 takes examples of shape [time, features]; found [4]',
    );
    expect(of([4, 4, 2], residual(chain(flatten(), chain(conv({ filters: 2 })))))).toThrow(
      'layer residual1.path.chain1.conv1 takes',
    );
    expect(of([4, 4, 2], residual(conv({ filters: 3 })))).toThrow(
      'layer residual1: its path returns [4,4,3], its shortcut [4,4,2], the input; expected the same shape',
    );
    expect(of([4, 4, 2], conv({ filters: 1, size: 5, padding: 'valid' }))).toThrow(
      'sides >= 5; found [4,4,2]',
    );
  });
  it('refuses what is no layer, no shape, and a network without parameters', () => {
    expect(() => sequential({ inputs: 0, layers: [flatten()] })).toThrow(
      'inputs is 0; expected whole numbers > 0',
    );
    expect(() => sequential({ inputs: 2, layers: [flatten()] })).toThrow('has no parameters');
    expect(() => sequential({ inputs: 2, layers: [] })).toThrow('expected a list of layers');
    // @ts-expect-error: a caller without types passes the maker instead of a layer
    expect(() => sequential({ inputs: 2, layers: [dense] })).toThrow('one of its layers is a function');
    expect(() => dense({ units: 0 })).toThrow('layer dense: units is 0; expected a whole number >= 1');
    expect(() => layerFrom('dense(unit=3)')).toThrow('did you mean units?');
    expect(() => sequential({ inputs: 2, layers: [dense({ units: 1, kernel: 'he-norml' })] })).toThrow(
      'did you mean he-normal?',
    );
    expect(() => sequential({ inputs: 2, layers: [spectral(flatten())] })).toThrow('has no kernel');
  });
  it.each(layers.map(({ name, example }) => [name, example] as const))(
    'the example of %s is a spec of it: %s',
    (name, example) => {
      const made = layerFrom(example);
      expect(name === 'spectral' ? 'conv' : name).toBe(made.name);
    },
  );
});

describe('what a network of layers takes besides parameters', () => {
  it('batch norm: moments of each place in order, as used and as given', async () => {
    const net = sequential({
      inputs: 3,
      layers: [
        dense({ units: 4 }),
        batchNorm(),
        residual(chain(batchNorm(), dense({ units: 4 }))),
        batchNorm(),
      ],
    });
    expect([net.normalised, net.independent]).toEqual([[4, 4, 4], false]);
    const x = normals(15, 1);
    const used: number[] = [];
    const y = await applied(net, x, 5, { used: (layer) => void used.push(layer) });
    expect(new Set(used)).toEqual(new Set([0, 1, 2]));
    // given the moments that it used, it returns the same
    const again = await compile(
      (given: { readonly [name in 'p' | 'x']: tf.Tensor }) => {
        const found: { mean: tf.Tensor; variance: tf.Tensor }[] = [];
        const tensors = unflatten(given.p, net);
        net.apply(tensors, given.x, { used: (layer, moments) => void (found[layer] = moments) });
        return { y: net.apply(tensors, given.x, { given: found }) };
      },
      { inputs: { p: [countParameters(net)], x: [5, 3] }, engine: 'cpu' },
    );
    expect((await again.run({ p: startOf(net), x })).y).toEqual(y);
    await again.dispose();
  });
  it('batch norm over one value per channel is refused: it would return its offset whatever the input', async () => {
    const net = sequential({ inputs: 3, layers: [dense({ units: 4 }), batchNorm()] });
    await expect(applied(net, normals(3, 1), 1)).rejects.toThrow(
      'batch norm over 1 value per channel, h of shape [1,4]',
    );
  });
  it('dropout: the share below rate is 0, the rest is divided by what is kept; without noise nothing changes', async () => {
    const net = sequential({
      inputs: 6,
      layers: [
        dropout({ rate: 0.25 }),
        dense({ units: 6, bias: false, kernel: 'orthogonal' }),
        dropout({ rate: 0.5 }),
      ],
    });
    expect(net.noise).toBe(12);
    const x = normals(24, 2);
    const plain = await applied(net, x, 4);
    const none = await applied(net, x, 4, { noise: new Float32Array(48) });
    expect([...none].every((y) => y === 0)).toBe(true);
    // the first layer keeps all, the second what its own noise says
    const noise = uniform(new Float32Array(48), { seed: 1, purpose: 'dropout' });
    for (let i = 0; i < 48; i++) if (i % 12 < 6) noise[i] = 0.999;
    const y = await applied(net, x, 4, { noise });
    for (let row = 0; row < 4; row++)
      for (let k = 0; k < 6; k++) {
        const expected = noise[12 * row + 6 + k]! < 0.5 ? 0 : (plain[6 * row + k]! / 0.75) * 2;
        expect(Math.abs(y[6 * row + k]! - expected)).toBeLessThanOrEqual(2 ** -20 * Math.abs(expected));
      }
  });
  it('labels: each example is given its own class; a network that needs them says so', async () => {
    const net = sequential({
      inputs: 2,
      layers: [
        appendLabels({ classes: 3 }),
        dense({ units: 4 }),
        conditionalBatchNorm({ classes: 3 }),
        projection({ classes: 3 }),
      ],
    });
    expect(net.classes).toBe(3);
    await expect(applied(net, normals(4, 1), 2)).rejects.toThrow(
      'layer append-labels1 needs labels [2,3], one-hot; found none',
    );
    const x = Float32Array.of(1, 2, 1, 2);
    const y = await applied(net, x, 2, { labels: Float32Array.of(1, 0, 0, 0, 0, 1) });
    const swapped = await applied(net, x, 2, { labels: Float32Array.of(0, 0, 1, 1, 0, 0) });
    expect(y[0]).not.toBe(y[1]);
    expect([...swapped]).toEqual([y[1], y[0]]);
    const two = [appendLabels({ classes: 3 }), projection({ classes: 4 })];
    expect(() => sequential({ inputs: 2, layers: two })).toThrow(
      'labels of 3 and of 4 classes; expected one number',
    );
  });
  it('spectral: a buffer for each kernel below it, and the same network as spectral norm of the whole', async () => {
    const inner = [dense({ units: 4 }), activation({ of: 'relu' }), dense({ units: 1 })];
    const part = sequential({ inputs: 3, layers: [spectral(inner[0]!), inner[1]!, inner[2]!] });
    expect(part.buffers?.map(({ name, start }) => [name, start.length])).toEqual([['dense1.kernel', 4]]);
    const whole = sequential({ inputs: 3, layers: [spectral(chain(...inner))] });
    const plain = spectralNorm(sequential({ inputs: 3, layers: [chain(...inner)] }));
    expect(whole.buffers).toEqual(plain.buffers);
    expect(whole.identity).not.toEqual(plain.identity);
  });
});

describe('upsample', () => {
  it.each(['native', 'cpu'] as const)('has exact derivatives of both orders, on %s', async (engine) => {
    const { apply } = upsample({ size: 2 }).build([2, 3, 1], 'upsample1');
    const run = await compile(
      ({ x, v }: { readonly [name in 'x' | 'v']: tf.Tensor }) => {
        const image = (flat: tf.Tensor): tf.Tensor => apply([], tf.reshape(flat, [2, 2, 3, 1]), {});
        const slope = tf.grad((flat) => tf.sum(tf.pow(image(flat), 3)));
        return { slope: slope(x), along: tf.grad((flat) => tf.sum(tf.mul(slope(flat), v)))(x) };
      },
      { inputs: { x: [12], v: [12] }, engine },
    );
    const [x, v] = [normals(12, 8), normals(12, 9)];
    const { slope, along } = await run.run({ x, v });
    // four copies of each pixel: Σ 4x³
    slope.forEach((g, i) => expect(Math.abs(g - 12 * x[i]! ** 2)).toBeLessThan(2 ** -18));
    along.forEach((g, i) => expect(Math.abs(g - 24 * x[i]! * v[i]!)).toBeLessThan(2 ** -17));
    await run.dispose();
  });
});

describe('cells', () => {
  it.each([
    ['lstm', 4],
    ['gru', 3],
  ] as const)('the layer %s is its cell, step by step', async (name, gates) => {
    const net = sequential({
      inputs: [3, 2],
      layers: [name === 'lstm' ? lstm({ units: 5 }) : gru({ units: 5 })],
    });
    const run = await compile(
      (given: { readonly [name in 'p' | 'x']: tf.Tensor }) => {
        const [kernel, recurrent, bias, recurrentBias] = unflatten(given.p, net);
        const zero = tf.zeros([2, 5]);
        let state = { h: zero, c: zero };
        const steps = tf.unstack(tf.reshape(given.x, [2, 3, 2]), 1).map((x) => {
          state =
            recurrentBias === undefined
              ? lstmCell({ kernel: kernel!, recurrent: recurrent!, bias: bias! }, x, state)
              : {
                  h: gruCell(
                    { kernel: kernel!, recurrent: recurrent!, bias: bias!, recurrentBias },
                    x,
                    state.h,
                  ),
                  c: zero,
                };
          return state.h;
        });
        return {
          layer: net.apply(unflatten(given.p, net), given.x, {}),
          cell: tf.reshape(tf.stack(steps, 1), [2, 15]),
        };
      },
      { inputs: { p: [countParameters(net)], x: [2, 6] }, engine: 'cpu' },
    );
    expect(net.parameters[0]!.shape).toEqual([2, gates * 5]);
    const { layer, cell } = await run.run({ p: normals(countParameters(net), 5, 0.5), x: normals(12, 6) });
    layer.forEach((h, i) => expect(Math.abs(h - cell[i]!)).toBeLessThan(2 ** -20));
    expect(Math.max(...layer)).toBeGreaterThan(0.01);
    await run.dispose();
  });
  it('causal attention: a time does not see later ones', async () => {
    const net = sequential({ inputs: [4, 6], layers: [selfAttention({ heads: 2, causal: true })] });
    const x = normals(24, 7);
    const changed = x.map((v, i) => (i >= 18 ? v + 1 : v));
    const [y, other] = [await applied(net, x, 1), await applied(net, changed, 1)];
    expect(y.slice(0, 18)).toEqual(other.slice(0, 18));
    expect(y.slice(18)).not.toEqual(other.slice(18));
  });
  it('an embedding returns its rows', async () => {
    const net = sequential({ inputs: 3, layers: [embedding({ tokens: 5, units: 2 })] });
    const table = startOf(net);
    const y = await applied(net, Float32Array.of(4, 0, 4), 1);
    expect([...y]).toEqual([...table.slice(8, 10), ...table.slice(0, 2), ...table.slice(8, 10)]);
  });
});
