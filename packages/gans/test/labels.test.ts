import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { mlp } from '@stillpoint/networks';
import { alternatingAdam, train } from '@stillpoint/optimizers';
import { besideLabels, ganGame, lossFrom, modelFrom, type GanOptions } from '../src/index.js';
import {
  BATCH,
  CLASSES,
  labelled,
  plain,
  make,
  conditional,
  partsOf,
  reading,
  lossesOf,
} from './labelled-gan.js';

describe('labels', () => {
  it('the real ones are the data’s, the generated ones are drawn uniformly', async () => {
    const game = await make(conditional);
    expect(partsOf(game)).toEqual([
      ['labelsGenerated', 'labelsReal', 'noise', 'real'],
      ['labelsGenerated', 'noise'],
    ]);
    const { labelsReal, real } = game.draw(5).D!;
    for (let i = 0; i < BATCH; i++) {
      const image = Math.round(9 * real![2 * i]!);
      expect(labelsReal!.subarray(CLASSES * i, CLASSES * (i + 1)).indexOf(1)).toBe(image % CLASSES);
    }
    const counts = [0, 0, 0];
    for (let call = 0; call < 300; call++)
      game.draw(call, 1).G!.labelsGenerated!.forEach((x, i) => void (counts[i % CLASSES]! += x));
    // 2,400 draws, 800 a class, deviation √(2400 · 2/9) = 23: four of them
    for (const count of counts) expect(Math.abs(count - 800)).toBeLessThan(93);
    await game.dispose();
  });
  it('a paired loss generates for the real labels', async () => {
    const game = await make({ ...conditional, loss: lossFrom('r3gan') });
    expect(partsOf(game)).toEqual([
      ['labelsReal', 'noise', 'real'],
      ['labelsReal', 'noise', 'real'],
    ]);
    await game.dispose();
  });
  it('a loss may read them though no network does', async () => {
    const game = await make({ loss: reading((_, { labels }) => tf.sum(labels.real)) });
    expect((await lossesOf(game))[1]).toBe(BATCH);
    await game.dispose();
  });
  it('samples are of the classes that are asked for', async () => {
    const game = await make(conditional);
    const z = game.initialise(2);
    const of = (label: number): Promise<Float32Array> =>
      game.sample(z, 300, 1, new Uint8Array(300).fill(label));
    const [zero, one] = [await of(0), await of(1)];
    expect(zero).not.toEqual(one);
    expect(await game.sample(z, 4, 1, [0, 1, 0, 1])).toEqual(
      Float32Array.of(
        ...zero.subarray(0, 2),
        ...one.subarray(2, 4),
        ...zero.subarray(4, 6),
        ...one.subarray(6, 8),
      ),
    );
    expect(await game.sample(z, 300, 1)).toEqual(await game.sample(z, 300, 1));
    await expect(game.sample(z, 2, 1, [0, 3])).rejects.toThrow(
      'label 1 is 3; expected a whole number from 0 to 2',
    );
    await expect(game.sample(z, 2, 1, [0])).rejects.toThrow('1 labels for 2 examples; expected one each');
    await game.dispose();
  });
  it.each<readonly [string, Partial<GanOptions>, string]>([
    [
      'data without labels',
      { ...conditional, data: { name: 'bare', shape: [2], batch: labelled.batch } },
      'bare has no labels, which the loss or a network reads',
    ],
    [
      'labels out of range',
      { ...conditional, data: { ...labelled, labels: Uint8Array.of(0, 1, 3) } },
      'nine: label 2 is 3; expected a whole number from 0 to 2, as the generator knows 3 classes',
    ],
    [
      'networks that disagree',
      { generator: conditional.generator, discriminator: { ...conditional.discriminator, classes: 4 } },
      'the generator knows 3 classes, the discriminator 4; expected one number',
    ],
    [
      'a D without class logits',
      { ...conditional, loss: lossFrom('hinge(penalties=[auxiliary-classifier])') },
      'the discriminator has 1 output; expected 1 logit and at least 2 class logits',
    ],
    [
      'a D with class logits that no loss reads',
      { discriminator: mlp({ sizes: [2, 4, 4] }) },
      'has 4 outputs; expected 1 logit',
    ],
    [
      'labels that are no list',
      // as a caller without types may pass them
      { ...conditional, data: Object.assign({ ...labelled }, JSON.parse('{ "labels": "012" }')) },
      'the data’s labels are "012"; expected the class of each example',
    ],
  ])('refuses %s', async (_, options, message) => {
    await expect(make(options)).rejects.toThrow(message);
  });
  it('models by spec get labels beside their input, or recognise them', () => {
    const { generator, discriminator } = modelFrom('mlp(latent=3, classes=4)', [2]);
    expect([generator.inputs, generator.classes, generator.parameters[0]?.shape]).toEqual([3, 4, [7, 64]]);
    expect([discriminator.inputs, discriminator.classes, discriminator.outputs]).toEqual([2, 4, 1]);
    const recognising = modelFrom('mlp(classifies=4)', [2]).discriminator;
    expect([recognising.inputs, recognising.classes, recognising.outputs]).toEqual([2, undefined, 5]);
    expect(() => modelFrom('mlp(classes=4, classifies=4)', [2])).toThrow('classes and classifies are given');
    expect(() => besideLabels(plain.generator, 1)).toThrow('1 classes; expected a whole number >= 2');
    expect(() => besideLabels(plain.generator, 2)).toThrow('takes 2 numbers; expected more than 2');
    expect(() => besideLabels(conditional.generator, 2)).toThrow('takes labels already');
  });
  it('decide whether a checkpoint fits, with data of one’s own', async () => {
    const other = { ...labelled, labels: labelled.labels.toReversed() };
    const [one, two] = [await make(conditional), await make({ ...conditional, data: other })];
    expect(one.identity).not.toEqual(two.identity);
    await one.dispose();
    await two.dispose();
  });
  it('an auxiliary classifier trains a conditional G', async () => {
    const game = await make({
      generator: conditional.generator,
      discriminator: mlp({ sizes: [2, 8, 1 + CLASSES], activation: 'leaky-relu' }),
      loss: lossFrom('non-saturating(penalties=[auxiliary-classifier])'),
    });
    const { status } = await train(game, alternatingAdam({ stepSize: 0.01 }), {
      start: game.initialise(1),
      steps: 20,
    });
    expect(status).toBe('budget');
    await game.dispose();
  });
  it('an auxiliary classifier trains a conditional DCGAN on images', async () => {
    const shape = [8, 8, 1];
    const { generator, discriminator } = modelFrom(
      'dcgan(latent=3, channels=4, strides=2, classifies=3)',
      shape,
    );
    expect([generator.inputs, generator.classes, discriminator.outputs]).toEqual([3, 3, 4]);
    const game = await ganGame({
      generator,
      discriminator,
      loss: lossFrom('hinge(penalties=[auxiliary-classifier])'),
      data: {
        ...labelled,
        shape,
        batch: (n) => Float32Array.from({ length: 64 * n }, (_, i) => Math.sin(i)),
      },
      batch: 4,
      seed: 1,
    });
    const start = game.initialise(1);
    const { status, z } = await train(game, alternatingAdam({ stepSize: 0.01 }), { start, steps: 5 });
    expect(status).toBe('budget');
    // D's logits of the classes are moved by the classifier alone
    const weight = game.blocks!.find(({ name }) => name === 'D.dense.weight')!;
    const classWeights = (v: ArrayLike<number>): readonly number[] =>
      Array.from({ length: weight.shape[0]! }, (_, i) => v[weight.offset + 4 * i + 3]!);
    expect(classWeights(z)).not.toEqual(classWeights(start));
    await game.dispose();
  }, 60_000);
});
