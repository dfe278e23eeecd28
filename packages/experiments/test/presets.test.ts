import { describe, expect, it } from 'vitest';
import { fashionMnist, knownStacks } from '@stillpoint/datasets';
import {
  byChannel,
  densityCoverage,
  frechetDistance,
  kernelDistance,
  precisionRecall,
  stackedModes,
} from '@stillpoint/metrics';
import { fashionClassifier } from '@stillpoint/networks';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { familyOf } from '@stillpoint/optimizers/registry';
import { measurerOf, presets, runGanTrial, sideBySide, type TrialEvent } from '../src/index.js';

/** The standard deviation of the number of 1,000 modes that uniform samples show (David, Barton 1962). */
function deviationOfModes(samples: number): number {
  const modes = 1000;
  const [none, both] = [(1 - 1 / modes) ** samples, (1 - 2 / modes) ** samples];
  return Math.sqrt(modes * none + modes * (modes - 1) * both - (modes * none) ** 2);
}

/** Presets of a paper's experiments, with the methods that it compares. */
const ofPapers: { readonly [preset: string]: readonly string[] } = {
  'four-gaussians': ['greedy-adam', 'alternating-adam', 'alternating-adam', 'optimistic-adam'],
  'two-class-fashion': ['greedy-adam', 'alternating-adam', 'optimistic-adam'],
};

describe.each(presets)('preset $name', (preset) => {
  it('names methods that exist, each spec complete; where gda is left out it says why', () => {
    const names = preset.methods.map((spec) => methodFrom(spec).name);
    const own = ofPapers[preset.name];
    if (own !== undefined) {
      expect(names).toEqual(own);
      return;
    }
    const gda = names.includes('gda');
    expect(names).toEqual([
      ...(gda ? ['gda'] : []),
      'adam',
      'alternating-adam',
      'extra-adam',
      'lookahead',
      'rapp-adam',
    ]);
    expect(new Set(preset.methods.map((spec) => familyOf(spec)))).toEqual(
      new Set(gda ? ['gradient', 'adam'] : ['adam']),
    );
    expect(gda || /gda is left out: /.test(preset.about)).toBe(true);
  });
  it('has a budget that its inner loops divide, so that every method uses all of it', () =>
    expect(preset.calls % 6).toBe(0));
  it('is measured as it says, with the best value beside it', async () => {
    // fewer of those that a classifier looks at
    const measured = { ...preset, samples: preset.name === 'stacked-fashion' ? 500 : preset.samples };
    const measurer = await measurerOf(measured);
    const { columns, headline, train } = measurer;
    expect(columns.map(({ name }) => name)).toContain(headline);
    const size = train.shape.reduce((a, b) => a * b, 1);
    const real = train.batch(measured.samples, { seed: 1, call: 0 });
    expect(real).toHaveLength(measured.samples * size);
    const values = await measurer.measure(real);
    for (const { name, best = NaN, better } of columns) {
      const value = values[name] ?? NaN;
      // Real examples measure like the best: within 5 binomial standard errors for shares of 2,500, within a
      // factor of two for distances (between two samples of one law the squared distance spreads about as
      // much as it is large where the data are two-dimensional), within three standard deviations of its mean
      // for the KL, of which 2·samples·quality times the value follows χ² of modes − 1 degrees.
      if (name === 'leastClassShare')
        // that of two samples of one law
        expect(Math.abs(value - best)).toBeLessThan(5 * 100 * Math.sqrt((2 * 0.25) / measured.samples));
      else if (name === 'highQuality')
        expect(Math.abs(value - best)).toBeLessThan(
          5 * 100 * Math.sqrt((0.98889 * 0.01111) / measured.samples),
        );
      else if (name === 'modes') expect(value).toBe(best);
      else if (name === 'stackedModes')
        expect(Math.abs(value - best)).toBeLessThan(5 * deviationOfModes(measured.samples));
      else if (name === 'reverseKl') {
        const modes = columns.find((column) => column.name === 'modes')?.best ?? NaN;
        const deviation = Math.sqrt(2 * (modes - 1)) / (2 * measured.samples * 0.98889);
        expect(Math.abs(value - best)).toBeLessThan(3 * deviation);
      } else {
        expect(better).toBe('lower');
        expect(value).toBeLessThan(2 * best);
      }
    }
  });
  it('runs: measures, samples, losses of both players, an end; the same twice', async () => {
    // progress and pictures are left out: how many there are depends on the clock
    const told = async (): Promise<TrialEvent[]> => {
      const events: TrialEvent[] = [];
      await runGanTrial(
        {
          kind: 'gan',
          preset: { ...preset, samples: 300, evaluations: 2, snapshots: 2 },
          method: preset.methods.at(-1) ?? '',
          seed: 1,
          calls: 12,
          engine: 'auto',
        },
        (event) => {
          if (event.kind !== 'progress' && event.kind !== 'picture') events.push(event);
        },
      );
      return events;
    };
    const events = await told();
    const kinds = events.map(({ kind }) => kind);
    expect(kinds[0]).toBe('begin');
    expect(kinds[kinds.length - 1]).toBe('end');
    const measured = events.flatMap((event) =>
      event.kind === 'points' && !('loss D' in event.values) ? [event] : [],
    );
    expect(measured).toHaveLength(2);
    expect(events.flatMap((event) => (event.kind === 'snapshot' ? [event.snapshot.calls] : []))).toEqual([
      6, 12,
    ]);
    for (const event of events)
      if (event.kind === 'points' && 'loss D' in event.values)
        for (const name of ['loss D', 'loss G', 'gradient norm D', 'gradient norm G'])
          expect(Math.abs(event.values[name] ?? 0)).toBeGreaterThan(0); // G's minimax loss is negative
    const timeless = (list: readonly TrialEvent[]): unknown =>
      list.map((event) => ({
        ...event,
        seconds: 0,
        ...(event.kind === 'points' && { values: { ...event.values, seconds: 0 } }),
      }));
    expect(timeless(await told())).toEqual(timeless(events));
  });
});

describe('the metrics of a preset', () => {
  const ring = presets.find(({ name }) => name === 'ring')!;
  const roll = presets.find(({ name }) => name === 'swiss-roll')!;
  const samples = 200;
  it('are any of @stillpoint/metrics, by spec: shares in per cent, each with its best beside it', async () => {
    const metrics = ['precision(k=5)', 'density', 'kernel-distance(block=50)', 'modes(sigmas=2)'];
    const preset = { ...ring, samples, metrics, headline: 'precision' };
    const { columns, headline, centres, within, settings, measure, train } = await measurerOf(preset);
    const real = train.batch(samples, { seed: 0, call: 0xf0000000 });
    const fake = train.batch(samples, { seed: 5, call: 0 });
    const sets = { real, fake };
    const { precision } = precisionRecall(sets, { dim: 2, k: 5 });
    expect(precision).toBeGreaterThan(0);
    expect(await measure(fake)).toEqual({
      precision: 100 * precision,
      density: densityCoverage(sets, { dim: 2 }).density,
      kernelDistance: kernelDistance(sets, { dim: 2, block: 50 }).distance,
      modes: 8,
    });
    const other = train.batch(samples, { seed: 0, call: 0 });
    const best = 100 * precisionRecall({ real, fake: other }, { dim: 2, k: 5 }).precision;
    expect(
      columns.map(({ name, unit, better, best: most, bestLabel }) => [name, unit, better, most, bestLabel]),
    ).toEqual([
      ['precision', '%', 'higher', best, `real against real: ${best.toFixed(3)} %`],
      ['density', 'ratio', 'higher', 1, 'a perfect sampler: 1.00'],
      ['kernelDistance', 'MMD squared', 'lower', 0, 'a perfect sampler: 0.00'],
      ['modes', undefined, 'higher', 8, 'of 8'],
    ]);
    expect(headline).toBe('precision');
    expect([centres?.length, within]).toEqual([8, 2 * 0.01]);
    expect(settings['precision']).toMatch(
      /^precision\(k=5, extractor=raw\): .*; 200 generated against 200 other real points/,
    );
  });
  it('count modes of stacks, beside what they report on real stacks of 100 and of 1,000 modes', async () => {
    const stacked = presets.find(({ name }) => name === 'stacked-fashion')!;
    const metrics = ['stacked-modes(extractor=fashion-classifier)', 'memorisation'];
    const preset = { ...stacked, samples: 250, metrics: metrics.slice(0, 1), headline: 'stacked-modes' };
    const { columns, settings, measure, train, dispose } = await measurerOf(preset);
    const classifier = await fashionClassifier();
    const count = async (stacks: Float32Array): Promise<number> => {
      const { logits } = await byChannel(classifier, 3).logits!(stacks);
      return stackedModes(logits, { classes: 10, features: 'fashion-classifier' }).modes;
    };
    const { test } = await fashionMnist();
    const known = (modes: number): Float32Array =>
      knownStacks({ images: test, channels: 3, classes: 10, modes }, 250, { seed: 0, call: modes });
    const [hundred, thousand] = [await count(known(100)), await count(known(1000))];
    // of 250 draws from 100 modes, 92 are expected; errors of the classifier make more
    expect(hundred).toBeGreaterThan(100);
    expect(columns[0]?.bestLabel).toBe(
      `a perfect sampler: 221; ${hundred} on real stacks of 100 modes; ${thousand} on real stacks of 1000 modes`,
    );
    expect(settings['extractor fashion-classifier']).toContain(
      '"channels":3,"of":{"kind":"fashion-classifier","weights":',
    );
    const fake = train.batch(250, { seed: 4, call: 0 });
    expect(await measure(fake)).toEqual({ stackedModes: await count(fake) });
    await Promise.all([dispose(), classifier.dispose?.()]);
    await expect(measurerOf({ ...preset, metrics, headline: 'memorisation' })).rejects.toThrow(
      'metric memorisation needs the training examples; data set stacked-fashion draws new ones in every batch',
    );
  });
  it('compare features of an extractor with held-out images, and find copies of training images', async () => {
    const fashion = presets.find(({ name }) => name === 'fashion-mnist')!;
    const extractor = 'fashion-classifier';
    const preset = {
      ...fashion,
      samples: 200,
      metrics: [`frechet-distance(extractor=${extractor})`, `memorisation(extractor=${extractor})`],
      headline: 'memorisation',
    };
    const { columns, settings, measure, train, dispose } = await measurerOf(preset);
    const classifier = await fashionClassifier();
    const { test } = await fashionMnist();
    const featuresOf = async (of: Float32Array) => (await classifier.features(of)).features;
    const fake = train.batch(200, { seed: 4, call: 0 });
    const real = await featuresOf(test.values(0, 200));
    const { distance } = frechetDistance(
      { real, fake: await featuresOf(fake) },
      { dim: 64, features: extractor },
    );
    expect(await measure(fake)).toEqual({ frechetDistance: distance, memorisation: 100 });
    expect((await measure(test.values(0, 200)))['memorisation']).toBe(50);
    // the best is that of held-out images, since the classifier has seen those of `train`
    const other = await featuresOf(test.values(200, 400));
    const best = frechetDistance({ real, fake: other }, { dim: 64, features: extractor }).distance;
    expect(columns.map(({ bestLabel }) => bestLabel)).toEqual([
      `real against real: ${best.toPrecision(3)}`,
      'a perfect sampler: 50.000 %',
    ]);
    expect(settings['memorisation']).toContain('200 generated against 200 held-out images');
    await Promise.all([dispose(), classifier.dispose?.()]);
  });
  it('are shown with the channels of stacks side by side', () => {
    // two images of 2×1 pixels with three channels
    const stacks = Float32Array.of(1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60);
    expect([...sideBySide(stacks, [2, 1, 3])]).toEqual([1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60]);
    expect([...sideBySide(stacks, [1, 2, 3])]).toEqual([1, 4, 2, 5, 3, 6, 10, 40, 20, 50, 30, 60]);
    expect(sideBySide(stacks, [2, 3, 1])).toBe(stacks);
  });
  it('need an extractor that fits the examples, and a classifier where logits are counted', async () => {
    const unfit = (metric: string): unknown =>
      measurerOf({ ...roll, metrics: [metric], headline: metric.replace(/\(.*/, '') });
    await expect(unfit('recall(extractor=fashion-classifier)')).rejects.toThrow(
      'extractor fashion-classifier takes examples of shape [28, 28, 1]; found [2]',
    );
    await expect(unfit('classifier-score(extractor=raw)')).rejects.toThrow(
      'extractor raw has no logits; expected a classifier, such as fashion-classifier',
    );
    await expect(unfit('recall(extractor=fashion)')).rejects.toThrow(
      'unknown extractor "fashion"; did you mean fashion-classifier?',
    );
  });
  it('need what the data set has, differ, and hold the headline', async () => {
    await expect(measurerOf({ ...roll, metrics: ['modes'], headline: 'modes' })).rejects.toThrow(
      'metric modes needs a known mixture; data set swiss-roll is none',
    );
    await expect(measurerOf({ ...roll, metrics: ['recal'], headline: 'recall' })).rejects.toThrow(
      'unknown metric "recal"; did you mean recall?',
    );
    for (const [metrics, headline] of [
      [['recall', 'recall(k=5)'], 'recall'],
      [['recall'], 'precision'],
      [[], 'recall'],
    ] as const)
      await expect(measurerOf({ ...roll, samples, metrics, headline })).rejects.toThrow(
        `with the headline ${headline}; expected different metrics, the headline among them`,
      );
  });
});
