import { InputError, registry } from '@stillpoint/operators';
import { expect, it } from 'vitest';
import { byChannel, rawEntry, rawFeatures, type Extractor } from '../src/index.js';

/** Features of a grey 1×2 image: sum and difference of its pixels; logits: the pixels. */
const grey: Extractor = {
  name: 'grey',
  identity: { kind: 'test' },
  takes: { shape: [1, 2, 1], range: [-1, 1] },
  features: async (examples) => ({
    features: examples.map((x, at) => (at % 2 === 0 ? x + examples[at + 1]! : examples[at - 1]! - x)),
    dim: 2,
  }),
  logits: async (examples) => ({ logits: examples, classes: 2 }),
};

it('raw features are the examples', async () => {
  const examples = Float32Array.of(1, 2, 3, 4);
  expect(await rawFeatures(2).features(examples)).toEqual({ features: examples, dim: 2 });
  const built = await registry('extractor', [rawEntry]).from('raw', { shape: [1, 2, 1] });
  expect(await built.features(examples)).toEqual({ features: examples, dim: 2 });
  await expect(registry('extractor', [rawEntry]).from('raw(dim=2)', { shape: [2] })).rejects.toThrow(
    'unknown option of extractor raw "dim"',
  );
});

it('channels apart: features and logits of an image are those of its channels, one after the other', async () => {
  // two images of 1×2 pixels with three channels: pixel by pixel, (1, 2, 3) (4, 5, 6)
  const examples = Float32Array.of(1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60);
  const { features, logits, takes } = byChannel(grey, 3);
  expect(takes?.shape).toEqual([1, 2, 3]);
  expect(await logits!(examples)).toEqual({
    logits: Float32Array.of(1, 4, 2, 5, 3, 6, 10, 40, 20, 50, 30, 60),
    classes: 2,
  });
  expect(await features(examples)).toEqual({
    features: Float32Array.of(5, -3, 7, -3, 9, -3, 50, -30, 70, -30, 90, -30),
    dim: 6,
  });
});

it('only an extractor of grey images is applied to channels', () => {
  expect(() => byChannel(rawFeatures(2), 3)).toThrow(InputError);
  expect(() => byChannel({ ...grey, takes: { shape: [1, 2, 3], range: [0, 1] } }, 3)).toThrow(
    'extractor grey takes images of shape [1, 2, 3]; expected one of grey images, [height, width, 1], to be applied to 3 channels',
  );
});
