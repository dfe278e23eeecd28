import { InputError, parseSpec } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import {
  classifierScore,
  densityCoverage,
  frechetDistance,
  kernelDistance,
  leastClassShare,
  memorisation,
  metricFrom,
  metricRegistry,
  metrics,
  modeCoverage,
  precisionRecall,
  slicedWasserstein,
  slicedWassersteinReport,
  stackedModes,
  type Figure,
  type KnownMixture,
} from '../src/index.js';
import { draw, gaussians, ring } from './samples.js';

const mixture: KnownMixture = { ...ring, deviation: 0.05 };
const [real, fake, other] = [
  draw(mixture, 60, 1),
  draw(mixture, 50, 2, [0, 1, 4]).map((x, i) => x + 0.1 * gaussians(100, 5)[i]!),
  draw(mixture, 50, 3),
];
const sets = { real, fake };
const dim = 2;
const features = 'points';
const train = draw(mixture, 40, 4);
const classes = 3;
const [logits, otherLogits] = [gaussians(24 * classes, 6), gaussians(24 * classes, 7)];
const known = [{ modes: 2, logits: otherLogits.map((x) => Math.round(x)) }];
const data = { real, fake, other, dim, features, mixture, train, logits, otherLogits, classes, known };
/** A metric with every option at its default, on the features of `data`. */
const plain = (name: string): string =>
  metricRegistry.find(name).needs === 'mixture' ? name : `${name}(extractor=${features})`;

const coverage = modeCoverage(fake, mixture, { sigmas: 2 });
const shared = modeCoverage(fake, mixture, { sigmas: 2, share: 0.1 });
const [pr, perfectPr] = [fake, other].map((set) =>
  precisionRecall({ real, fake: set }, { dim, features, k: 4 }),
);
const dc = densityCoverage(sets, { dim, features, k: 4 });
const sw = slicedWassersteinReport(fake, real, other, { dim, features, projections: 16, seed: 7 });
const [fd, perfectFd] = [fake, other].map((set) => frechetDistance({ real, fake: set }, { dim, features }));
const kd = kernelDistance(sets, { dim, features, block: 20 });
const score = (of: Float64Array, splits = 1) => classifierScore(of, { classes, features, splits });
const stacked = (of: Float64Array, channels = 3) => stackedModes(of, { classes, features, channels });
const classShare = (of: Float64Array, among: readonly number[] = [0, 1]) =>
  leastClassShare(of, { classes, features, among });
const memory = memorisation({ train, real, fake }, { dim, features });

/** What the functions return, for specs whose every option is another than its default. */
const direct: { readonly [spec: string]: Pick<Figure, 'value' | 'perfect' | 'settings' | 'known'> } = {
  'modes(sigmas=2, share=0.1)': { value: shared.modes, perfect: 8, settings: shared.settings },
  'high-quality(sigmas=2)': {
    value: coverage.highQuality,
    perfect: coverage.ceiling,
    settings: coverage.settings,
  },
  'reverse-kl(sigmas=2)': {
    value: coverage.reverseKl,
    perfect: coverage.reverseKlFloor,
    settings: coverage.settings,
  },
  'sliced-wasserstein(projections=16, seed=7, extractor=points)': {
    value: sw.distance,
    perfect: sw.floor,
    settings: sw.settings,
  },
  'precision(k=4, extractor=points)': {
    value: pr!.precision,
    perfect: perfectPr!.precision,
    settings: pr!.settings,
  },
  'recall(k=4, extractor=points)': { value: pr!.recall, perfect: perfectPr!.recall, settings: pr!.settings },
  'density(k=4, extractor=points)': { value: dc.density, perfect: 1, settings: dc.settings },
  'coverage(k=4, extractor=points)': {
    value: dc.coverage,
    perfect: dc.expected.coverage,
    settings: dc.settings,
  },
  'frechet-distance(extractor=points)': {
    value: fd!.distance,
    perfect: perfectFd!.distance,
    settings: fd!.settings,
  },
  'kernel-distance(block=20, extractor=points)': { value: kd.distance, perfect: 0, settings: kd.settings },
  'classifier-score(splits=4, extractor=points)': {
    value: score(logits, 4).score,
    perfect: score(otherLogits, 4).score,
    known: [{ modes: 2, value: score(known[0]!.logits, 4).score }],
    settings: score(logits, 4).settings,
  },
  'least-class-share(among=[0,2], extractor=points)': {
    value: classShare(logits, [0, 2]).least,
    perfect: classShare(otherLogits, [0, 2]).least,
    known: [{ modes: 2, value: classShare(known[0]!.logits, [0, 2]).least }],
    settings: classShare(logits, [0, 2]).settings,
  },
  'stacked-modes(channels=2, extractor=points)': {
    value: stacked(logits, 2).modes,
    perfect: stacked(logits, 2).expectedModes,
    known: [{ modes: 2, value: stacked(known[0]!.logits, 2).modes }],
    settings: stacked(logits, 2).settings,
  },
  'stacked-reverse-kl(channels=2, extractor=points)': {
    value: stacked(logits, 2).reverseKl,
    perfect: stacked(logits, 2).expectedKl,
    known: [{ modes: 2, value: stacked(known[0]!.logits, 2).reverseKl }],
    settings: stacked(logits, 2).settings,
  },
  'memorisation(extractor=points)': { value: memory.share, perfect: 0.5, settings: memory.settings },
};

/** The same with every default, in which the functions' own options are left out. */
const defaults: { readonly [name: string]: number | null } = {
  modes: modeCoverage(fake, mixture).modes,
  'high-quality': modeCoverage(fake, mixture).highQuality,
  'reverse-kl': modeCoverage(fake, mixture).reverseKl,
  'sliced-wasserstein': slicedWasserstein(fake, real, { dim }),
  precision: precisionRecall(sets, { dim }).precision,
  recall: precisionRecall(sets, { dim }).recall,
  density: densityCoverage(sets, { dim }).density,
  coverage: densityCoverage(sets, { dim }).coverage,
  'frechet-distance': frechetDistance(sets, { dim }).distance,
  'kernel-distance': kernelDistance(sets, { dim }).distance,
  'classifier-score': score(logits).score,
  'least-class-share': classShare(logits).least,
  'stacked-modes': stacked(logits).modes,
  'stacked-reverse-kl': stacked(logits).reverseKl,
  memorisation: memory.share,
};

describe('the registry of metrics', () => {
  it('says which direction is better, the unit, the best value, and the data that a metric needs', () => {
    for (const { name, about, unit, better, ceiling, floor, needs, reference } of metrics) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(about && unit && reference).toBeTruthy();
      const [stated, none] = better === 'higher' ? [ceiling, floor] : [floor, ceiling];
      expect([typeof stated, none], name).toEqual([stated === 'measured' ? 'string' : 'number', undefined]);
      const metric = metricFrom(plain(name));
      const figure = metric.measure(data);
      expect([metric.needs, figure.unit, figure.better]).toEqual([needs, unit, better]);
      expect(figure.perfect, name).toEqual(stated === 'measured' ? expect.any(Number) : stated);
    }
  });
  it('suggests the nearest name, and lists the options', () => {
    expect(() => metricRegistry.find('sliced-wassserstein')).toThrow(
      'unknown metric "sliced-wassserstein"; did you mean sliced-wasserstein?',
    );
    expect(() => metricFrom('precision(k=0)')).toThrow(
      'metric precision: k is 0; expected a whole number >= 1',
    );
  });
});

describe('a metric from its spec', () => {
  it.each(Object.entries(direct))('%s measures what the function returns', (spec, expected) => {
    const { value, perfect, known: ofKnown, settings } = metricFrom(spec).measure(data);
    expect({ value, perfect, settings, ...(ofKnown && { known: ofKnown }) }).toEqual(expected);
    expect(value).toEqual(expect.any(Number));
  });
  it.each(Object.entries(defaults))('%s has the function’s defaults', (name, value) => {
    const raw = { real, fake, dim, mixture, train, logits, classes };
    const { needs } = metricRegistry.find(name);
    const given = needs === 'logits' ? { ...raw, features } : raw;
    expect(
      metricFrom(needs === 'logits' ? plain(name) : name).measure({ features: 'raw', ...given }).value,
    ).toBe(value);
  });
  it('refuses features of another extractor than its own, and says which metric they fit', () => {
    expect(() => metricFrom('precision').measure(data)).toThrow(
      new InputError(
        'metric precision compares features of raw; found features: "points". Expected data with features: \'raw\', or the metric precision(extractor=points)',
      ),
    );
    expect(() => metricFrom('memorisation(extractor=cnn(size=3))').measure(data)).toThrow(
      'compares features of cnn(size=3); found features: "points"',
    );
    expect(() => metricFrom('classifier-score')).toThrow(
      'metric classifier-score needs extractor (the classifier that returns the logits)',
    );
  });
  it('the specs above are all metrics, each with every option, and every option is in the settings', () => {
    const names = metrics.map(({ name }) => name).toSorted();
    expect(Object.keys(defaults).toSorted()).toEqual(names);
    expect(
      Object.keys(direct)
        .map((spec) => spec.replace(/\(.*/, ''))
        .toSorted(),
    ).toEqual(names);
    for (const { name, options } of metrics) {
      const spec = Object.keys(direct).find((one) => one.replace(/\(.*/, '') === name) ?? '';
      const { settings } = metricFrom(plain(name)).measure(data);
      for (const [option, { default: value }] of Object.entries(options)) {
        expect(Object.keys(parseSpec(spec).options), name).toContain(option);
        const stated = option === 'extractor' ? { features } : { [option]: value };
        expect(settings, name).toMatchObject(stated);
      }
    }
  });
  it('needs a mixture, real examples, training examples or logits, and says which is missing', () => {
    const missing = {
      mixture: [
        'mixture',
        'needs a known mixture, and there is none; expected mixture: { name, centres, deviation }',
      ],
      features: ['real', 'compares with real examples, and there are none; expected real: '],
      training: ['train', 'compares with training examples, and there are none; expected train: '],
      logits: ['logits', 'needs the logits of a classifier, and there are none; expected logits: '],
    } as const;
    for (const { name, needs } of metrics) {
      const metric = metricFrom(plain(name));
      const measure = (given: unknown) => (): unknown => Reflect.apply(metric.measure, undefined, [given]);
      const [field, words] = missing[needs];
      expect(measure({ ...data, [field]: undefined })).toThrow(InputError);
      expect(measure({ ...data, [field]: undefined })).toThrow(`metric ${name} ${words}`);
      for (const given of [undefined, null, 3])
        expect(measure(given)).toThrow(
          new RegExp(`^metric ${name}: the data: found ${given}; expected an object`),
        );
    }
    expect(() => metricFrom(plain('memorisation')).measure({ ...data, real: undefined! })).toThrow(
      'metric memorisation compares with real examples',
    );
  });
  it('has without `other` a perfect value only if that does not have to be measured', () => {
    const without = { real, fake, dim, mixture, features, train, logits, classes };
    const fixed = metrics.filter(({ name }) => metricFrom(plain(name)).measure(without).perfect !== null);
    expect(fixed.map(({ name }) => name)).toEqual([
      'modes',
      'high-quality',
      'reverse-kl',
      'density',
      'coverage',
      'kernel-distance',
      'stacked-modes',
      'stacked-reverse-kl',
      'memorisation',
    ]);
  });
  it('has no reverse KL without a sample of high quality', () => {
    const far = fake.map((x) => x + 9);
    expect(metricFrom('reverse-kl').measure({ ...data, fake: far }).value).toBe(null);
    expect(metricFrom('modes').measure({ ...data, fake: far }).value).toBe(0);
  });
});
