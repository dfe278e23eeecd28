import * as tf from '@tensorflow/tfjs-core';
import { compile } from '@stillpoint/engine';
import { describe, expect, it } from 'vitest';
import {
  countParameters,
  dcganDiscriminator,
  dcganGenerator,
  mlp,
  networkFrom,
  normaliseByBatch,
  unflatten,
  type Network,
} from '../src/index.js';
import { casesOf, checkCase, CLOSE_INSIDE, parametersAt } from './at-formulas.js';
import { normals } from './numbers.js';

/** The output of a network for given parameters, on tfjs's cpu backend. */
async function applied(
  net: Network,
  parameters: readonly Float32Array[],
  x: Float32Array,
  batch: number,
): Promise<Float32Array> {
  const run = await compile(
    (inputs) => ({
      y: net.apply(
        net.parameters.map(({ shape }, i) => tf.tensor(parameters[i] ?? [], [...shape])),
        inputs.x,
        {},
      ),
    }),
    { inputs: { x: [batch, net.inputs] }, engine: 'cpu' },
  );
  const { y } = await run.run({ x });
  await run.dispose();
  return y;
}

const started = (net: Network, deviation = 1): Float32Array[] =>
  net.parameters.map((parameter, i) => {
    const values = new Float32Array(parameter.shape.reduce((a, b) => a * b, 1));
    net.initialise(parameter, values, { seed: 1, purpose: parameter.name, call: i });
    return values.map((v) => v * deviation);
  });

describe('batch norm', () => {
  it('gives each channel mean 0 and variance σ²/(σ² + ε), and reports the moments of its batch', async () => {
    const run = await compile(
      ({ h }) => {
        const used: tf.Tensor[] = [];
        const y = normaliseByBatch(h, tf.tensor1d([1, 2]), tf.tensor1d([0, 5]), 0, {
          used: (_, { mean, variance }) => void used.push(mean, variance),
        });
        return { y, mean: used[0] ?? y, variance: used[1] ?? y };
      },
      { inputs: { h: [4, 3, 2, 2] } },
    );
    const h = normals(48, 0, 3).map((v, i) => v + (i % 2));
    const { y, mean, variance } = await run.run({ h });
    for (const channel of [0, 1]) {
      const own = [...h].filter((_, i) => i % 2 === channel);
      const m = own.reduce((a, b) => a + b, 0) / own.length;
      const v = own.reduce((a, b) => a + (b - m) ** 2, 0) / own.length;
      expect(mean[channel]).toBeCloseTo(m, 5);
      expect(variance[channel]).toBeCloseTo(v, 4);
      own.forEach((value, i) =>
        expect(y[2 * i + channel]).toBeCloseTo(
          ((value - m) / Math.sqrt(v + 1e-5)) * (channel + 1) + 5 * channel,
          4,
        ),
      );
    }
    await run.dispose();
  });
});

describe('dcgan', () => {
  it('has the sizes that it describes: the 28×28 generator and discriminator of the benchmark', () => {
    const count = ({ parameters }: Network): number =>
      parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    // 64·3136 + 2·64 + 16·32·64 + 2·32 + 16·32 + 1;  16·32 + 32 + 16·32·64 + 64 + 3136 + 1
    expect(count(dcganGenerator())).toBe(234_177);
    expect(count(dcganDiscriminator())).toBe(36_513);
    expect([dcganGenerator().outputs, dcganDiscriminator().inputs]).toEqual([784, 784]);
  });
  it('starts with weights of the deviation asked for, scales 1, the rest 0', () => {
    const net = dcganGenerator({ deviation: 0.05 });
    const values = started(net);
    net.parameters.forEach(({ name, shape }, i) => {
      const own = values[i] ?? new Float32Array();
      if (shape.length === 1) return expect([...new Set(own)]).toEqual([name.endsWith('scale') ? 1 : 0]);
      const deviation = Math.sqrt(own.reduce((sum, v) => sum + v * v, 0) / own.length);
      // five standard errors
      return expect(Math.abs(deviation / 0.05 - 1)).toBeLessThan(5 / Math.sqrt(2 * own.length));
    });
  });
  it('the discriminator’s logit of an image does not depend on the other images of the batch', async () => {
    const net = dcganDiscriminator({ image: [8, 8, 1], channels: 4 });
    const parameters = started(net, 10);
    const x = normals(3 * 64, 7);
    const all = await applied(net, parameters, x, 3);
    const alone = await applied(net, parameters, x.slice(64, 128), 1);
    expect(alone[0]).toBeCloseTo(all[1] ?? NaN, 5);
    expect(all[0]).not.toBeCloseTo(all[1] ?? NaN, 3);
  });
  it('refuses images whose sides are not multiples of 4', () => {
    expect(() => dcganGenerator({ image: [30, 28, 1] })).toThrow('a DCGAN for images [30,28,1]');
  });
});

describe.each(['native', 'wasm'] as const)('PyTorch’s numbers, on %s', (engine) => {
  it.each(casesOf('models').map((one) => [one.spec, one] as const))('%s', async (_, one) => {
    const inputs = one.x.slice(1);
    const net = networkFrom(one.spec, { inputs, outputs: one.output });
    expect(net.parameters.map(({ shape }) => shape)).toEqual(one.parameters);
    await checkCase(net, one, parametersAt(one.parameters), engine, CLOSE_INSIDE);
  });
});

describe('the networks of the registry', () => {
  const count = (spec: string, inputs: readonly number[], outputs: readonly number[]): number =>
    countParameters(networkFrom(spec, { inputs, outputs }));
  it('have the papers’ numbers of parameters', () => {
    // 128·4096 + 4096; 3 blocks of 2·512 + 2·(9·256² + 256) + 256² + 256; 512; 9·256·3 + 3
    expect(count('resnet-generator', [128], [32, 32, 3])).toBe(4_276_739);
    // without the 1×1 convolutions
    expect(count('resnet-generator(variant=rapp)', [128], [32, 32, 3])).toBe(4_276_739 - 3 * 65_792);
    // 3584 + 147584 + 512; 2·147584 + 16512; 4·147584; 129
    expect(count('resnet-discriminator', [32, 32, 3], [1])).toBe(1_053_825);
    // 100·4·4·1024; 2·(1024 + 512 + 256 + 128); 16·(1024·512 + 512·256 + 256·128 + 128·3); 3
    expect(count('dcgan-generator(channels=128, strides=4)', [100], [64, 64, 3])).toBe(
      1_638_400 + 3_840 + 16 * 688_512 + 3,
    );
    // 64·32; 7²·32; 3 blocks of 32·64 + 64 + 9·64² + 64 + 64·32; 32
    expect(count('r3gan-generator', [64], [28, 28, 1])).toBe(2_048 + 1_568 + 3 * 41_088 + 32);
    expect(count('r3gan-discriminator', [28, 28, 1], [1])).toBe(32 + 3 * 41_088 + 1_568 + 32);
    expect(count('mlp(hidden=[128,128])', [2], [1])).toBe(3 * 128 + 129 * 128 + 129);
    // a table 256·64; kernel, recurrent kernel and bias of 4·128 gates; dense
    expect(count('lstm', [32], [32, 256])).toBe(256 * 64 + (64 + 128 + 1) * 512 + 129 * 256);
    // 432 + 32; 6 of 2304 + 32; 4608 + 5·9216 + 6·64; 18432 + 5·36864 + 6·128; 650
    expect(count('resnet-classifier', [32, 32, 3], [10])).toBe(464 + 14_016 + 51_072 + 203_520 + 650);
    expect(count('pinn', [2], [1])).toBe(3 * 32 + 2 * 33 * 32 + 33);
  });
  it('an mlp starts from the initialiser asked for, which its identity then names', () => {
    const [plain, orthogonal] = [
      mlp({ sizes: [3, 8, 2] }),
      mlp({ sizes: [3, 8, 2], kernel: 'orthogonal(gain=0.8)' }),
    ];
    const [first = new Float32Array(), bias, second = new Float32Array()] = started(orthogonal);
    expect(bias).toEqual(new Float32Array(8));
    // three rows of length 0.8 in 8 dimensions, and two columns of it, each at right angles to the others
    for (const [values, count, along, across] of [
      [first, 3, 8, 1],
      [second, 2, 1, 2],
    ] as const)
      for (let i = 0; i < count; i++)
        for (let j = 0; j <= i; j++) {
          let sum = 0;
          for (let k = 0; k < 8; k++)
            sum += values[i * along + k * across]! * values[j * along + k * across]!;
          expect(Math.abs(sum - (i === j ? 0.64 : 0))).toBeLessThan(2 ** -20);
        }
    expect(orthogonal.describe).toBe(`${plain.describe}, orthogonal(gain=0.8)`);
    expect(orthogonal.identity).not.toEqual(plain.identity);
    expect(() => mlp({ sizes: [3, 2], kernel: 'orthogonl' })).toThrow('did you mean orthogonal?');
  });
  it('start with the scale of their papers, and divide all kernels of the ResNet’s discriminator', () => {
    const net = networkFrom('resnet-discriminator', { inputs: [32, 32, 3], outputs: [1] });
    const weights = net.parameters.filter(({ shape }) => shape.length > 1).map(({ name }) => name);
    expect(net.buffers?.map(({ name }) => name)).toEqual(weights);
    const generator = networkFrom('resnet-generator', { inputs: [128], outputs: [32, 32, 3] });
    const deviation = (name: string): number => {
      const i = generator.parameters.findIndex((parameter) => parameter.name === name);
      const values = started(generator)[i]!;
      return Math.sqrt(values.reduce((sum, v) => sum + (v * v) / values.length, 0));
    };
    // uniform, variance 2·gain²/(fan-in + fan-out), to five standard errors of 0.9/√(2·65536)
    expect(deviation('residual1.path.conv1.kernel') / Math.sqrt(4 / (18 * 256))).toBeCloseTo(1, 1.9);
    expect(deviation('residual1.shortcut.conv1.kernel') / Math.sqrt(2 / 512)).toBeCloseTo(1, 1.9);
  });
  it('R3GAN’s: every block starts as the identity, so that D starts as a linear function of the image', async () => {
    const net = networkFrom('r3gan-discriminator(width=3)', { inputs: [8, 8, 1], outputs: [1] });
    const values = started(net);
    const at = (x: number, y: number): Promise<Float32Array> => {
      const image = new Float32Array(64);
      [image[3], image[40]] = [x, y];
      return applied(net, values, image, 1);
    };
    const [[both], [one], [other], [none]] = await Promise.all([at(1, 1), at(1, 0), at(0, 1), at(0, 0)]);
    expect(none).toBe(0);
    expect(Math.abs(both! - one! - other!)).toBeLessThan(2 ** -20);
    expect(Math.abs(one!)).toBeGreaterThan(1e-3);
  });
  it('are conditional where classes are given', () => {
    const generator = networkFrom('resnet-generator(blocks=2, width=4, classes=10)', {
      inputs: [16],
      outputs: [28, 28, 1],
    });
    const discriminator = networkFrom('resnet-discriminator(width=4, classes=10)', {
      inputs: [28, 28, 1],
      outputs: [1],
    });
    expect([generator.classes, discriminator.classes]).toEqual([10, 10]);
    expect(discriminator.parameters.at(-1)).toEqual({ name: 'projection1.table', shape: [10, 4] });
  });
  it('refuse shapes that they cannot have, with what they expected', () => {
    const build = (spec: string, inputs: readonly number[], outputs: readonly number[]) => () =>
      networkFrom(spec, { inputs, outputs });
    expect(build('resnet-generator', [128], [28, 28, 1])).toThrow('sides that are multiples of 8');
    expect(build('resnet-discriminator', [32, 32, 3], [10])).toThrow('expected [1], a logit');
    expect(build('dcgan-generator', [8, 8], [28, 28, 1])).toThrow(
      'its inputs have shape [8,8]; expected one size',
    );
    expect(build('dcgan-discriminator(strides=3)', [28, 28, 1], [1])).toThrow('multiples of 8');
    expect(build('lstm', [8], [9, 20])).toThrow('expected [8, tokens]');
    expect(build('pinn(lower=[0,0])', [2], [1])).toThrow('lower is given alone; expected both');
    expect(build('pinn(lower=[0,1], upper=[1,1])', [2], [1])).toThrow('expected lower < upper');
    expect(build('pinn(lower=[0], upper=[1])', [2], [1])).toThrow(
      'layer scale-inputs1 takes examples of shape [1]',
    );
    expect(build('mpl', [2], [1])).toThrow('did you mean mlp?');
    expect(build('mlp(activation=rely)', [2], [1])).toThrow('activation');
  });
  it('pinn: second derivatives in x agree with central differences', async () => {
    const net = networkFrom('pinn(hidden=[6,6])', { inputs: [2], outputs: [1] });
    const p = parametersAt(net.parameters.map(({ shape }) => shape));
    const run = await compile(
      ({ flat, x }: { readonly [name in 'flat' | 'x']: tf.Tensor }) => {
        const u = (at: tf.Tensor): tf.Tensor => tf.sum(net.apply(unflatten(flat, net), at, {}));
        const slope = (at: tf.Tensor): tf.Tensor => tf.grad(u)(at);
        return {
          slope: slope(x),
          second: tf.grad((at) => tf.sum(tf.slice(slope(at), [0, 0], [1, 1])))(x),
        };
      },
      { inputs: { flat: [p.length], x: [1, 2] } },
    );
    const at = async (x: number): Promise<readonly [number, number]> => {
      const { slope, second } = await run.run({ flat: p, x: Float32Array.of(x, 0.5) });
      return [slope[0]!, second[0]!];
    };
    const h = 2 ** -6;
    const [before, after] = [await at(0.25 - h), await at(0.25 + h)];
    const [, second] = await at(0.25);
    // the difference's own error: h²/6 of a derivative of order 1, and roundings of 1e-7 over 2h
    expect(Math.abs((after[0] - before[0]) / (2 * h) - second)).toBeLessThan(h ** 2 / 6 + 1e-5);
    expect(Math.abs(second)).toBeGreaterThan(1e-2);
    await run.dispose();
  });
});
