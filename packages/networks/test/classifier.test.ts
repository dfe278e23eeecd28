import { imageSet } from '@stillpoint/datasets';
import { InputError, norm } from '@stillpoint/operators';
import { afterAll, describe, expect, it } from 'vitest';
import {
  classifierAccuracy,
  classifierEnds,
  classifierProblem,
  mlp,
  networkFrom,
  pooledMoments,
  shiftedAndMirrored,
  type CompiledProblem,
} from '../src/index.js';
import { formula } from './at-formulas.js';

const made: { dispose(): Promise<void> }[] = [];
afterAll(() => Promise.all(made.map((one) => one.dispose())));
const kept = async <T extends { dispose(): Promise<void> }>(one: Promise<T>): Promise<T> => {
  made.push(await one);
  return one;
};

/** Images of 4×4×1 with labels 0, 1, 2 in turn. */
const images = (count: number) =>
  imageSet({
    name: 'made-up',
    shape: [4, 4, 1],
    bytes: Uint8Array.from({ length: 16 * count }, (_, i) => (i * i * 31 + 7 * i) % 256),
    labels: Uint8Array.from({ length: count }, (_, i) => i % 3),
  });
const linear = mlp({ sizes: [16, 3] });
const softmax = (logits: readonly number[]): readonly number[] => {
  const all = logits.map(Math.exp);
  const sum = all.reduce((a, b) => a + b);
  return all.map((x) => x / sum);
};
/** The logits of the linear network, whose parameters are a matrix [16, 3] and a bias [3]. */
const logitsOf = (z: Float32Array, x: ArrayLike<number>): readonly number[] =>
  [0, 1, 2].map((k) => Array.from(x).reduce((sum, v, i) => sum + v * z[3 * i + k]!, z[48 + k]!));
const lossAndGradient = async (problem: CompiledProblem, z: Float32Array, call = 0) => {
  const [gradient, losses] = [new Float32Array(z.length), new Float64Array(1)];
  const sample = problem.draw?.(call);
  await problem.operator(z, gradient, { player: undefined, sample, losses, buffers: {} });
  return { loss: losses[0]!, gradient };
};

describe('classifierProblem', () => {
  it('of a linear network is softmax regression: its loss, and its gradient xᵀ(p − y)/n', async () => {
    const data = images(10);
    const problem = await kept(classifierProblem({ data, network: linear, batch: 4, seed: 3 }));
    const z = formula(51, (i) => Math.sin(1 + i));
    const stream = { seed: 3, call: 2, worker: 0 };
    const [batch, indices] = [data.batch(4, stream), data.indices(4, stream)];
    const expected = new Float64Array(51);
    let loss = 0;
    for (const [n, image] of indices.entries()) {
      const x = batch.subarray(16 * n, 16 * n + 16);
      const p = softmax(logitsOf(z, x));
      loss -= Math.log(p[data.labels[image]!]!) / 4;
      p.forEach((share, k) => {
        const error = (share - (data.labels[image] === k ? 1 : 0)) / 4;
        x.forEach((v, i) => (expected[3 * i + k]! += v * error));
        expected[48 + k]! += error;
      });
    }
    const found = await lossAndGradient(problem, z, 2);
    // sums of 64 products in float32
    expect(Math.abs(found.loss - loss)).toBeLessThan(1e-5 * loss);
    expect(Math.hypot(...found.gradient.map((g, i) => g - expected[i]!))).toBeLessThan(1e-5 * norm(expected));
  });

  it('of the ResNet has the gradient of differences of its loss', async () => {
    const data = images(12);
    const network = networkFrom('resnet-classifier(depth=8, width=2)', classifierEnds(data));
    const problem = await kept(classifierProblem({ data, network, batch: 6, augment: true }));
    const z = problem.initialise(1);
    const { gradient } = await lossAndGradient(problem, z);
    const h = 2 ** -10;
    const along = gradient.map((g) => g / norm(gradient));
    const at = async (by: number): Promise<number> =>
      (
        await lossAndGradient(
          problem,
          z.map((x, i) => x + by * along[i]!),
        )
      ).loss;
    const slope = ((await at(h)) - (await at(-h))) / (2 * h);
    // roundings of 2e-7 over 2h, and kinks of ReLU within h
    expect(Math.abs(slope / norm(gradient) - 1)).toBeLessThan(1e-2);
    // every tensor but the biases before another mean has a part in it
    for (const { name, offset, shape } of problem.blocks ?? [])
      expect(
        norm(gradient.subarray(offset, offset + shape.reduce((a, b) => a * b, 1))),
        name,
      ).toBeGreaterThan(0);
  });

  const data = images(4);
  it.each<[string, object, string]>([
    ['no labels', { data: { ...data, labels: undefined }, network: linear }, 'expected images with shape'],
    ['no images', { data: { ...data, shape: [16] }, network: linear }, 'of shape [16]; expected images'],
    ['other images', { data, network: mlp({ sizes: [9, 3] }) }, 'takes 9 numbers; expected [4, 4, 1]'],
    ['too few logits', { data, network: mlp({ sizes: [16, 2] }) }, 'a label is 2; expected 3 or more'],
    ['batch 0', { data, network: linear, batch: 0 }, 'batch is 0; expected a whole number > 0'],
  ])('refuses %s', async (_, options, message) => {
    const outcome = Promise.resolve(Reflect.apply(classifierProblem, undefined, [options]));
    await expect(outcome).rejects.toThrow(message);
    await expect(outcome).rejects.toBeInstanceOf(InputError);
  });
  it('needs two classes', () => {
    expect(() => classifierEnds({ shape: [4, 4, 1], labels: [0, 0] })).toThrow('of 1 class; expected two');
    expect(classifierEnds(data)).toEqual({ inputs: [4, 4, 1], outputs: [3] });
  });
});

describe('the ResNet for images of classes', () => {
  const build = (spec: string, inputs: readonly number[]) => () =>
    networkFrom(spec, { inputs, outputs: [10] });
  it('refuses depths and sides that it cannot have', () => {
    expect(build('resnet-classifier(depth=21)', [32, 32, 3])).toThrow('expected 6n + 2');
    expect(build('resnet-classifier', [30, 32, 3])).toThrow('multiples of 4');
    expect(build('resnet-classifier', [32])).toThrow('expected [height, width, channels]');
  });
});

describe('shifts and mirrors', () => {
  const [side, channels] = [6, 2];
  const image = formula(side * side * channels, (i) => i + 1);
  /** The image, written down anew, after a shift and perhaps a mirror before it. */
  const moved = (down: number, right: number, mirrored: boolean): string =>
    Array.from({ length: image.length }, (_, i) => {
      const [c, x, y] = [i % channels, Math.floor(i / channels) % side, Math.floor(i / channels / side)];
      const [fromY, fromX] = [y - down, x - right];
      if (Math.min(fromY, fromX) < 0 || Math.max(fromY, fromX) >= side) return 0;
      return image[(fromY * side + (mirrored ? side - 1 - fromX : fromX)) * channels + c];
    }).join();
  it('are those up to 4 pixels and a mirror, each of which occurs, and a pure function of the stream', () => {
    const count = 3000;
    const all = new Float32Array(count * image.length);
    for (let n = 0; n < count; n++) all.set(image, n * image.length);
    const stream = { seed: 1, call: 5, worker: 0 };
    const out = shiftedAndMirrored(all, [side, side, channels], stream);
    const found = new Set(
      Array.from({ length: count }, (_, n) => out.subarray(n * image.length, (n + 1) * image.length).join()),
    );
    const expected = new Set<string>();
    for (let down = -4; down <= 4; down++)
      for (let right = -4; right <= 4; right++)
        for (const mirrored of [false, true]) expected.add(moved(down, right, mirrored));
    // of 162 one is missing after 3,000 draws with a chance of 162·exp(−3000/162) = 2e-6
    expect(expected.size).toBe(162);
    expect(found).toEqual(expected);
    expect(shiftedAndMirrored(all, [side, side, channels], stream)).toEqual(out);
    expect(shiftedAndMirrored(all, [side, side, channels], { ...stream, call: 6 })).not.toEqual(out);
  });
});

describe('classifierAccuracy', () => {
  it('counts the images whose largest logit is that of their class, the last batch too', async () => {
    const test = images(11);
    const z = formula(51, (i) => Math.cos(2 + 3 * i));
    const accuracy = await kept(
      classifierAccuracy({ network: linear, train: images(4), test, count: 10, batch: 4 }),
    );
    let [right, loss] = [0, 0];
    for (let n = 0; n < 10; n++) {
      const logits = logitsOf(z, test.values(n, n + 1));
      if (logits.indexOf(Math.max(...logits)) === test.labels[n]) right++;
      loss -= Math.log(softmax(logits)[test.labels[n]!]!) / 10;
    }
    const found = await accuracy.measure(z);
    expect(found.accuracy).toBe(10 * right);
    expect(Math.abs(found.loss - loss)).toBeLessThan(1e-5 * loss);
    expect([0, 10]).not.toContain(right); // else the count tests nothing
  });
  it('judges each image for itself, where the network normalises by batches', async () => {
    const [train, test] = [images(20), images(7)];
    const network = networkFrom('resnet-classifier(depth=8, width=2)', classifierEnds(train));
    const problem = await kept(classifierProblem({ data: train, network, batch: 5 }));
    const z = problem.initialise(4);
    const lossOn = async (count: number): Promise<number> => {
      const one = await kept(classifierAccuracy({ network, train, test, count, batch: 5 }));
      return count * (await one.measure(z)).loss;
    };
    const sums = await Promise.all([1, 2, 6, 7].map(lossOn));
    const alone = {
      ...test,
      values: (from = 0, to = 7) => test.values(from + 6, to + 6),
      labels: [test.labels[6]!],
    };
    const last = await kept(classifierAccuracy({ network, train, test: alone, batch: 5 }));
    // the seventh image, in a batch with the sixth, and alone
    expect(Math.abs(sums[3]! - sums[2]! - (await last.measure(z)).loss)).toBeLessThan(1e-5);
    expect(sums[1]!).toBeGreaterThan(sums[0]!);
  });
  it('refuses a count of more images than there are', async () => {
    const outcome = classifierAccuracy({ network: linear, train: images(4), test: images(4), count: 5 });
    await expect(outcome).rejects.toThrow('count is 5; expected a whole number from 1 to 4');
  });
});

describe('pooledMoments', () => {
  it('of batches of one size are those of all values', () => {
    const values = [3, -1, 4, 1, -5, 9, 2, 6, 5];
    const moments = (of: readonly number[]): readonly [number, number] => {
      const mean = of.reduce((a, b) => a + b) / of.length;
      return [mean, of.reduce((sum, x) => sum + (x - mean) ** 2, 0) / of.length];
    };
    const batches = [0, 3, 6].map((i) => Float32Array.from(moments(values.slice(i, i + 3))));
    const [mean, variance] = pooledMoments(batches);
    const expected = moments(values);
    expect(Math.abs(mean! - expected[0])).toBeLessThan(1e-6);
    expect(Math.abs(variance! - expected[1])).toBeLessThan(1e-5); // of 24, rounded to float32
  });
});
