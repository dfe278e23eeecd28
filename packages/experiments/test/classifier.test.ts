import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '@stillpoint/operators';
import type { Measure } from '@stillpoint/tracking';
import { folder } from '../../../testing/folder.js';
import { checkedConfig, trainConfig, trainedBy, trainRun } from '../src/index.js';
import { reproduce } from '../src/papers.js';
import { cifar10, contenders } from '../src/papers/clipping/cifar-10.js';
import { classifierRuns, type ClassifierSize } from '../src/papers/clipping/classifier-runs.js';
import { judged } from '../src/papers/reproduce.js';
import { tableSection } from '../src/papers/runs.js';
import { memorySink } from './memory-sink.js';

/** Files as those of CIFAR-10: images of the class 0 are dark, of 1 bright, with noise. */
function cifarFiles(): string {
  const path = join(folder(), 'cifar-10-batches-bin');
  mkdirSync(path);
  const file = (count: number): Uint8Array => {
    const bytes = new Uint8Array(count * 3073);
    for (let n = 0; n < count; n++) {
      bytes[n * 3073] = n % 2;
      for (let i = 0; i < 3072; i++) bytes[n * 3073 + 1 + i] = (n % 2) * 100 + ((n * 977 + i * i * 31) % 150);
    }
    return bytes;
  };
  writeFileSync(join(path, 'data_batch_1.bin'), file(40));
  writeFileSync(join(path, 'test_batch.bin'), file(10));
  return path;
}

const given = {
  data: 'fashion-mnist(classes=[1,8])',
  model: 'resnet-classifier(depth=8, width=2)',
  batch: 16,
  calls: 24,
  measureEvery: 24,
  augment: true,
  method: 'sgd-momentum(stepSize=0.1)',
};

describe('labelled images as the data of a training run', () => {
  it('train a classifier: it tells trousers from bags, and its config is read again', async () => {
    const config = await checkedConfig(trainConfig('test', given));
    expect(config).toMatchObject({ loss: null, metrics: ['accuracy'], best: 'accuracy', augment: true });
    const again = trainConfig('again', JSON.parse(JSON.stringify(config)));
    expect(await checkedConfig(again)).toEqual(config);
    const trained = await trainedBy(config);
    const sink = memorySink();
    const { status } = await trainRun(config, trained, sink);
    await trained.dispose();
    expect(status).toBe('budget');
    expect(trained.columns.map(({ name }) => name)).toEqual(['accuracy', 'testLoss']);
    const measured = sink.kept.rows.flatMap(({ values }) => (values['accuracy'] ? [values] : []));
    // of 400 images; by chance 50 %, with a deviation of 2.5
    expect(measured.at(-1)!['accuracy']!).toBeGreaterThan(80);
    expect(measured.at(-1)!['testLoss']!).toBeLessThan(Math.log(2));
  });

  it.each([
    [{ loss: 'hinge' }, 'loss is hinge, but resnet-classifier(depth=8, width=2) is a classifier'],
    [{ constrainD: 'box' }, 'constrainD is box, but'],
    [{ preset: 'fashion-mnist', data: undefined }, 'preset is fashion-mnist, but'],
    [{ metrics: ['modes'] }, 'metrics has modes, but'],
    [{ data: 'king-james' }, 'king-james has none with labels; expected images of several classes'],
    [{ data: 'ring' }, 'ring has none with labels'],
    [{ data: 'fashion-mnist(classes=[3])' }, 'the labels are of 1 class; expected two or more'],
    [{ model: 'resnet-classifier(depth=9)' }, 'depth is 9; expected 6n + 2'],
    [{ model: 'dcgan' }, 'augment is true, which is a setting of a classifier'],
  ])('refuse %j', async (more, message) => {
    const outcome = (async () => checkedConfig(trainConfig('test', { ...given, ...more })))();
    await expect(outcome).rejects.toThrow(message);
    await expect(outcome).rejects.toBeInstanceOf(InputError);
  });

  it('are refused where none are held out', async () => {
    const data = `cifar10(path="${join(cifarFiles(), 'data_batch_1.bin')}", heldOut=0)`;
    const outcome = checkedConfig(trainConfig('test', { ...given, data }));
    await expect(outcome).rejects.toThrow('no images that are held out');
  });
});

const tiny: ClassifierSize = {
  network: 'resnet-classifier(depth=8, width=1)',
  batch: 8,
  length: { epochs: 1 },
  heldOut: 6,
  points: 2,
  seeds: 1,
};
const options = { engine: 'auto', processes: 1 } as const;

describe('runs of a classifier', () => {
  it('on files of CIFAR-10 see all images in an epoch; a clip that never engages changes nothing', async () => {
    const { rows, steps, heldOut, parameters } = await classifierRuns(
      [
        { label: 'plain', method: 'gda(stepSize=0.1)' },
        { label: 'never', method: 'clipped-gradient(stepSize=0.1, threshold=1000000)' },
        { label: 'always', method: 'clipped-gradient(stepSize=0.1, threshold=0.000001)' },
      ],
      tiny,
      { ...options, data: cifarFiles() },
    );
    expect([steps, heldOut, rows.length]).toEqual([5, 6, 3]);
    // 27 + 2; 2 of 9 + 2; 18 + 4, 36 + 4; 72 + 8, 144 + 8; ten classes of 4 channels and a bias
    expect(parameters).toBe(29 + 22 + 22 + 40 + 80 + 152 + 50);
    const [plain, never, always] = rows;
    expect(never!.series).toEqual(plain!.series);
    expect(rows.map(({ values }) => values['engaged'])).toEqual([null, 0, 1]);
    expect(plain!.calls).toBe(5);
    expect(plain!.series!['test accuracy']!.x).toEqual([0, 3, 5]);
    // with steps of 1e-7 the loss stays where it was, but for rounding
    const held = always!.series!['test loss']!.y.map(Number);
    expect(Math.abs(held.at(-1)! - held[0]!)).toBeLessThan(1e-4);
  });
});

describe('clipping/cifar-10', () => {
  const values = [
    { loss: 1, accuracy: 70 },
    { loss: 1.2, accuracy: 60 },
    { loss: 1.1, accuracy: 70.9 },
    { loss: 0.9, accuracy: 75 },
  ] as const;
  const verdict = (place = 0, changed: { loss?: Measure; accuracy?: Measure } = {}, quick = false) => {
    const section = tableSection({
      title: 't',
      problem: 'p',
      about: '',
      columns: [{ name: 'loss', label: 'loss', better: 'lower', digits: 3 }],
      rows: contenders.map((one, i) => ({
        ...one,
        seed: 1,
        values: { ...values[i]!, ...(i === place ? changed : {}) },
      })),
      settings: { data: 'so many images' },
      verdict: [],
      identity: {},
    });
    return judged(cifar10.claims[0]!, [section], quick);
  };
  it('holds where the clipped steps are lowest of three and as accurate as momentum', () => {
    expect(verdict()).toMatchObject({
      verdict: 'scaled down',
      scaled: 'so many images; 5 epochs instead of 200, one seed',
    });
    const broken = [
      verdict(0, { loss: 1.15 }),
      verdict(1, { loss: 0.99 }),
      verdict(2, { accuracy: 71.5 }),
      verdict(0, { loss: null }),
      verdict(0, { accuracy: null }),
    ];
    expect(broken.map((one) => one.verdict)).toEqual(broken.map(() => 'not reproduced'));
    expect(verdict(0, {}, true).verdict).toBe('not tried here');
  });
  it('is made with other seeds and sizes, which its settings and verdict state', async () => {
    const chosen = cifar10.with!({ firstSeed: 5, width: 1, batch: 4, steps: 2 });
    const [made] = await reproduce([chosen], { quick: true, processes: 1, data: cifarFiles() });
    const [section] = made!.sections;
    expect(section!.runs.map(({ seed }) => seed)).toEqual([5, 5, 5, 5]);
    expect(section!.problem).toBe('resnet-classifier(depth=8, width=1) on cifar10');
    expect(section!.settings['runs']).toContain('2 steps, 1 seed;');
    expect(made!.settings.find(({ name }) => name === 'seeds')!.value).toBe('5');
    expect(judged(chosen.claims[0]!, made!.sections, false)).toMatchObject({
      scaled: expect.stringContaining('2 steps instead of 200 epochs, one seed'),
      measured: expect.stringContaining('plain: 1: loss'),
    });
    expect(() => cifar10.with!({ depth: 9 })).toThrow('depth is 9; expected 6n + 2');
  });
  it('without data it is not tried, nothing of it is kept, and what that takes is stated', async () => {
    const kept = { read: () => undefined, write: () => expect.unreachable(), folder: () => '' };
    const [figure] = await reproduce([cifar10], { quick: true, processes: 1, kept });
    expect(figure!.sections).toEqual([]);
    expect(figure!.claims[0]).toMatchObject({
      verdict: 'not tried here',
      needs: expect.stringContaining('reproduce clipping/cifar-10 --data <folder>'),
    });
  });
  it('is given the data', async () => {
    const seen: unknown[] = [];
    const run: typeof cifar10.run = async (asked) => {
      seen.push(asked.data);
      return [];
    };
    const { data: _, ...shipped } = cifar10;
    await reproduce(
      [
        { ...cifar10, run },
        { ...shipped, run },
      ],
      { processes: 1, data: 'x' },
    );
    expect(seen).toEqual(['x', undefined]); // data go to figures that need them
  });
});
