import { InputError } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import {
  densityCoverage,
  frechetDistance,
  kernelDistance,
  metricFrom,
  metricRegistry,
  metrics,
  modeCoverage,
  precisionRecall,
  slicedWasserstein,
  slicedWassersteinReport,
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
const data = { real, fake, other, dim, features, mixture };

const coverage = modeCoverage(fake, mixture, { sigmas: 2 });
const [pr, perfectPr] = [fake, other].map((set) =>
  precisionRecall({ real, fake: set }, { dim, features, k: 4 }),
);
const dc = densityCoverage(sets, { dim, features, k: 4 });
const sw = slicedWassersteinReport(fake, real, other, { dim, features, projections: 16, seed: 7 });
const [fd, perfectFd] = [fake, other].map((set) => frechetDistance({ real, fake: set }, { dim, features }));
const kd = kernelDistance(sets, { dim, features, block: 20 });

/** What the functions return, for specs whose every option is another than its default. */
const direct: { readonly [spec: string]: Pick<Figure, 'value' | 'perfect' | 'settings'> } = {
  'modes(sigmas=2)': { value: coverage.modes, perfect: 8, settings: coverage.settings },
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
  'sliced-wasserstein(projections=16, seed=7)': {
    value: sw.distance,
    perfect: sw.floor,
    settings: sw.settings,
  },
  'precision(k=4)': { value: pr!.precision, perfect: perfectPr!.precision, settings: pr!.settings },
  'recall(k=4)': { value: pr!.recall, perfect: perfectPr!.recall, settings: pr!.settings },
  'density(k=4)': { value: dc.density, perfect: 1, settings: dc.settings },
  'coverage(k=4)': { value: dc.coverage, perfect: dc.expected.coverage, settings: dc.settings },
  'frechet-distance': { value: fd!.distance, perfect: perfectFd!.distance, settings: fd!.settings },
  'kernel-distance(block=20)': { value: kd.distance, perfect: 0, settings: kd.settings },
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
};

describe('the registry of metrics', () => {
  it('says which direction is better, the unit, the best value, and the data that a metric needs', () => {
    for (const { name, about, unit, better, ceiling, floor, needs, reference, build } of metrics) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(about && unit && reference).toBeTruthy();
      const [stated, none] = better === 'higher' ? [ceiling, floor] : [floor, ceiling];
      expect([typeof stated, none], name).toEqual([stated === 'measured' ? 'string' : 'number', undefined]);
      const figure = build({}).measure(data);
      expect([build({}).needs, figure.unit, figure.better]).toEqual([needs, unit, better]);
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
    const { value, perfect, settings } = metricFrom(spec).measure(data);
    expect({ value, perfect, settings }).toEqual(expected);
    expect(value).toEqual(expect.any(Number));
  });
  it.each(Object.entries(defaults))('%s has the function’s defaults', (name, value) => {
    expect(metricFrom(name).measure({ real, fake, dim, mixture }).value).toBe(value);
  });
  it('the specs above are all metrics, each with every option, and every option is in the settings', () => {
    const names = metrics.map(({ name }) => name).toSorted();
    expect(Object.keys(defaults).toSorted()).toEqual(names);
    expect(
      Object.keys(direct)
        .map((spec) => spec.replace(/\(.*/, ''))
        .toSorted(),
    ).toEqual(names);
    for (const { name, options, build } of metrics) {
      const spec = Object.keys(direct).find((one) => one.replace(/\(.*/, '') === name) ?? '';
      const { settings } = build({}).measure(data);
      for (const [option, { default: value }] of Object.entries(options)) {
        expect(spec, name).toContain(`${option}=`);
        expect(settings, name).toMatchObject({ [option]: value });
      }
    }
  });
  it('needs a mixture, or real examples, and says which is missing', () => {
    for (const { name } of metrics) {
      const metric = metricFrom(name);
      const without =
        metric.needs === 'mixture' ? { ...data, mixture: undefined } : { ...data, real: undefined };
      const measure = (given: unknown) => (): unknown => Reflect.apply(metric.measure, undefined, [given]);
      expect(measure(without)).toThrow(InputError);
      expect(measure(without)).toThrow(
        metric.needs === 'mixture'
          ? `metric ${name} needs a known mixture, and there is none; expected mixture: { name, centres, deviation }`
          : `metric ${name} compares with real examples, and there are none; expected real: `,
      );
      for (const given of [undefined, null, 3])
        expect(measure(given)).toThrow(
          new RegExp(`^metric ${name}: the data: found ${given}; expected an object`),
        );
    }
  });
  it('has without `other` a perfect value only if that does not have to be measured', () => {
    const known = metrics.filter(
      ({ build }) => build({}).measure({ real, fake, dim, mixture }).perfect !== null,
    );
    expect(known.map(({ name }) => name)).toEqual([
      'modes',
      'high-quality',
      'reverse-kl',
      'density',
      'coverage',
      'kernel-distance',
    ]);
  });
  it('has no reverse KL without a sample of high quality', () => {
    const far = fake.map((x) => x + 9);
    expect(metricFrom('reverse-kl').measure({ ...data, fake: far }).value).toBe(null);
    expect(metricFrom('modes').measure({ ...data, fake: far }).value).toBe(0);
  });
});
