import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { compile, emit, outputName } from '@stillpoint/engine';
import { InputError, registry, uniform } from '@stillpoint/operators';
import { afterAll, describe, expect, it } from 'vitest';
import { folder } from '../../../testing/folder.js';
import { extractorRows, onnxExtractor, prepareImages, type OnnxExtractorOptions } from '../src/index.js';

// A file of batches of two 4×4 images with three channels, channels last: sums of pixels, and their maxima.
const shape = [2, 4, 4, 3];
const compiled = await compile(
  ({ x }) => ({
    sums: tf.sum(tf.reshape(x, [2, 16, 3]), [1]),
    maxima: tf.max(tf.reshape(x, [2, 16, 3]), [1]),
  }),
  { inputs: { x: shape }, engine: 'native' },
);
const bytes = emit(compiled.graph!);
const [sums, maxima] = [outputName('sums'), outputName('maxima')];
afterAll(() => compiled.dispose());

const examples = uniform(new Float32Array(3 * 6 * 5), { seed: 1, purpose: 'images' }).map((x) => 2 * x - 1);
const given = {
  bytes,
  shape: [6, 5, 1],
  resize: 'bicubic',
  black: 0,
  mean: [0.1, 0.2, 0.3],
  deviation: [1, 2, 3],
  output: sums,
} as const;

describe.each(['native', 'wasm'] as const)('an ONNX file as an extractor on %s', (engine) => {
  it('returns what the file does for prepared images, in batches of the size that it states', async () => {
    const extractor = await onnxExtractor({ ...given, engine, logits: maxima });
    const prepared = prepareImages(
      'onnx',
      examples,
      [6, 5, 1],
      {
        quantised: true,
        resize: 'bicubic',
        black: 0,
        white: 1,
        mean: given.mean,
        deviation: given.deviation,
      },
      { height: 4, width: 4, channels: 3, layout: 'nhwc' },
    );
    const { features, dim } = await extractor.features(examples);
    const { logits, classes } = await extractor.logits!(examples);
    expect([dim, features.length, classes, logits.length]).toEqual([3, 9, 3, 9]);
    for (let i = 0; i < 9; i++) {
      const column = Array.from(
        { length: 16 },
        (_, p) => prepared[(Math.floor(i / 3) * 16 + p) * 3 + (i % 3)]!,
      );
      // sixteen numbers below 1, each sum rounded to 2⁻²⁴ of at most 16
      expect(Math.abs(features[i]! - column.reduce((sum, x) => sum + x, 0))).toBeLessThan(16 * 16 * 2 ** -24);
      expect(logits[i]).toBe(Math.max(...column));
    }
    await extractor.dispose?.();
  });
});

describe('the identity of an ONNX extractor', () => {
  const identityOf = async (options: Partial<OnnxExtractorOptions> = {}): Promise<unknown> => {
    const { identity, dispose } = await onnxExtractor({ ...given, ...options });
    await dispose?.();
    return identity;
  };
  it('changes with the file, the preparation and the output', async () => {
    const own = await identityOf();
    expect(await identityOf()).toEqual(own);
    for (const other of [
      { resize: 'tf1-bilinear' },
      { white: 2 },
      { quantised: false },
      { mean: [] },
      { output: maxima },
    ] as const)
      expect(await identityOf(other)).not.toEqual(own);
  });
  it('is that of its row, which reads the file', async () => {
    const path = join(folder(), 'own.onnx');
    writeFileSync(path, bytes);
    const rows = registry('extractor', extractorRows);
    const spec = `onnx(file=${JSON.stringify(path)}, resize=bicubic, black=0, mean=[0.1,0.2,0.3], deviation=[1,2,3], output=${JSON.stringify(sums)})`;
    const made = await rows.from(spec, { shape: [6, 5, 1] });
    expect(made.identity).toEqual(await identityOf());
    await made.dispose?.();
    await expect(rows.from('onnx(file="no.onnx")', { shape: [6, 5, 1] })).rejects.toThrow(
      /^cannot read no\.onnx: /,
    );
  });
});

it('says what does not fit, and which option is needed', async () => {
  const refused = async (options: Partial<OnnxExtractorOptions>, message: string): Promise<void> => {
    const made = onnxExtractor({ ...given, ...options });
    await expect(made).rejects.toThrow(InputError);
    await expect(made).rejects.toThrow(message);
  };
  await refused(
    { output: 'pool' },
    `extractor onnx: the file has no output "pool"; it has ${sums}, ${maxima}`,
  );
  await refused(
    { side: 299 },
    'extractor onnx: side is 299; input in_x has shape [2, 4, 4, 3], which takes only 4',
  );
  await refused({ mean: [1] }, 'extractor onnx: mean has 1 numbers; expected 3, one for each channel');
  await refused({ engine: 'cpu' }, 'extractor onnx: engine is "cpu"; expected auto, native or wasm');
  await refused({ bytes: new Uint8Array(3) }, 'not an ONNX file');
  const flat = await compile(({ x }) => ({ y: tf.relu(x) }), { inputs: { x: [2, 3] }, engine: 'native' });
  await refused(
    { bytes: emit(flat.graph!), output: '' },
    'extractor onnx: the file has the inputs ["in_x [2, 3]"]; expected one of four axes, images',
  );
  await flat.dispose();
  const extractor = await onnxExtractor({ ...given, resize: 'none' });
  await expect(extractor.features(examples)).rejects.toThrow(
    'extractor onnx takes images of 4×4 pixels; found 6×5: set resize to tf1-bilinear or bicubic',
  );
  await extractor.dispose?.();
});
