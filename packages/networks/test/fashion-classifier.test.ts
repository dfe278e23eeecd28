import { readFileSync } from 'node:fs';
import { fashionMnist } from '@stillpoint/datasets';
import { classifierScore, frechetDistance, memorisation } from '@stillpoint/metrics';
import { InputError, normal, readSafetensors, registry, writeSafetensors } from '@stillpoint/operators';
import { afterAll, describe, expect, it } from 'vitest';
import { extractorRows, fashionClassifier, fashionNetwork } from '../src/index.js';

const { train, test } = await fashionMnist();
const images = test.values();
const file = new URL('../data/fashion-classifier.safetensors', import.meta.url);
const bytes = readFileSync(file);
const [native, wasm] = await Promise.all(
  (['native', 'wasm'] as const).map((engine) => fashionClassifier({ engine })),
);
afterAll(() => Promise.all([native!.dispose?.(), wasm!.dispose?.()]));
const features = 'fashion-classifier';

/** The predicted classes, and how many images may go either way by rounding. */
function classesOf(logits: Float32Array): { readonly classes: number[]; readonly close: number } {
  let close = 0;
  const classes = Array.from({ length: logits.length / 10 }, (_, i) => {
    const row = [...logits.subarray(10 * i, 10 * i + 10)];
    const [top = 0, second = 0] = row.toSorted((a, b) => b - a);
    if (top - second < 1e-3) close++;
    return row.indexOf(top);
  });
  return { classes, close };
}

describe('the shipped weights', () => {
  it('take less than 1 MB and fit the network', () => {
    expect(bytes.length).toBeLessThan(1e6);
    const { shapes } = readSafetensors(bytes);
    const { body, head } = fashionNetwork();
    expect(shapes).toEqual(
      Object.fromEntries([
        ...body.parameters.map(({ name, shape }) => [`body.${name}`, shape]),
        ...head.parameters.map(({ name, shape }) => [`head.${name}`, shape]),
      ]),
    );
  });
  it.each([
    ['native', native!],
    ['wasm', wasm!],
  ])('are right on the stated share of held-out images: %s', async (_, classifier) => {
    const { logits, classes: count } = await classifier.logits!(images);
    expect([logits.length, count]).toEqual([20_000, 10]);
    const { classes, close } = classesOf(logits);
    const right = classes.filter((label, i) => label === test.labels[i]).length;
    const stated = (Number.parseFloat(readSafetensors(bytes).metadata['heldOut']!) / 100) * 2000;
    expect(Math.abs(right - stated)).toBeLessThanOrEqual(close + 1e-9);
    expect(stated).toBeGreaterThan(1800); // 90 %
  });
  it('give the same features and logits on native and wasm, up to float32', async () => {
    const some = images.subarray(0, 300 * 784);
    for (const [a, b] of [
      [(await native!.features(some)).features, (await wasm!.features(some)).features],
      [(await native!.logits!(some)).logits, (await wasm!.logits!(some)).logits],
    ] as const) {
      const size = Math.sqrt(a.reduce((sum, x) => sum + x * x, 0));
      const apart = Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0));
      // sums of up to 2,352 products, each rounded to 2⁻²⁴, whose errors add up as random signs
      expect(apart / size).toBeLessThan(Math.sqrt(2352) * 2 ** -24);
    }
  });
});

describe('the classifier as an extractor', () => {
  it('returns for an image the same whatever else is asked for, in whole batches and not', async () => {
    const { features: all, dim } = await native!.features(images.subarray(0, 130 * 784));
    expect([all.length, dim]).toEqual([130 * 64, 64]);
    const { features: last } = await native!.features(images.subarray(125 * 784, 130 * 784));
    expect(last).toEqual(all.slice(125 * 64));
    const [a, b] = await Promise.all([
      native!.features(images.subarray(0, 784)),
      native!.features(images.subarray(784, 2 * 784)),
    ]);
    expect([...a.features, ...b.features]).toEqual([...all.subarray(0, 128)]);
  });
  it('is made by its row, whose identity names the weights', async () => {
    const made = await registry('extractor', extractorRows).from(features, { shape: [28, 28, 1] });
    expect(made).toMatchObject({
      name: features,
      identity: native!.identity,
      takes: { shape: [28, 28, 1], range: [-1, 1] },
    });
    await made.dispose?.();
  });
  it('takes weights as bytes, and says what does not fit', async () => {
    const same = await fashionClassifier({ weights: bytes });
    expect(same.identity).toEqual(native!.identity);
    await same.dispose?.();
    const { tensors, shapes } = readSafetensors(bytes);
    const { ['head.dense1.bias']: _, ...without } = tensors;
    const { ['head.dense1.bias']: __, ...others } = shapes;
    const weights = writeSafetensors({ tensors: without, shapes: others, metadata: {} });
    await expect(fashionClassifier({ weights })).rejects.toThrow(
      new InputError(
        'weights of fashion-classifier: head.dense1.bias is missing; expected float32 of shape [10], as in data/fashion-classifier.safetensors',
      ),
    );
    await expect(native!.features(new Float32Array(785))).rejects.toThrow(
      'extractor fashion-classifier: 785 numbers; expected a multiple of 784 > 0',
    );
  });
});

describe('figures on its features', () => {
  const n = 1000;
  const real = images.subarray(0, n * 784);
  const other = images.subarray(n * 784);
  const noisy = (deviation: number): Float32Array =>
    normal(new Float32Array(n * 784), { seed: 1, purpose: 'noise' }, 0, deviation).map((x, i) =>
      Math.max(-1, Math.min(1, x + other[i]!)),
    );
  const featuresOf = async (examples: Float32Array) => (await native!.features(examples)).features;

  it('get worse with noise: the Fréchet distance grows, the score falls, to 1 for constant images', async () => {
    const [a, ...sets] = [
      await featuresOf(real),
      ...(await Promise.all([0, 0.2, 0.6].map((d) => featuresOf(noisy(d))))),
    ];
    const distances = sets.map((fake) => frechetDistance({ real: a!, fake }, { dim: 64, features }).distance);
    expect(distances[1]! / distances[0]!).toBeGreaterThan(2);
    expect(distances[2]! / distances[1]!).toBeGreaterThan(2);
    const score = async (examples: Float32Array): Promise<number> =>
      classifierScore((await native!.logits!(examples)).logits, { classes: 10, features }).score;
    const [clean, bad] = [await score(other), await score(noisy(0.6))];
    expect(clean).toBeGreaterThan(bad);
    expect(clean).toBeGreaterThan(6); // of 10: held-out images, of which it is not always certain
    expect(await score(new Float32Array(50 * 784).fill(-1))).toBeCloseTo(1, 6);
  });
  it('tell copies of training images from held-out ones', async () => {
    const trained = train.values(0, 2000);
    const [t, h, o] = [await featuresOf(trained), await featuresOf(real), await featuresOf(other)];
    const share = (fake: Float32Array): number =>
      memorisation({ train: t, real: h, fake }, { dim: 64, features }).share;
    expect(share(t.slice(0, n * 64))).toBe(1);
    // both are held out: within five standard deviations, √((n + m + 1)/(12nm))
    expect(Math.abs(share(o) - 0.5)).toBeLessThan(5 * Math.sqrt((2 * n + 1) / (12 * n * n)));
  });
});
