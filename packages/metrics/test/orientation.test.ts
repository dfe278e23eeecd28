import { describe, expect, it } from 'vitest';
import {
  densityCoverage,
  metricFrom,
  metricRegistry,
  metrics,
  modeCoverage,
  precisionRecall,
  slicedWasserstein,
  type KnownMixture,
} from '../src/index.js';
import { draw, gaussians, joined, ring } from './samples.js';

const n = 1000;
const law: KnownMixture = { ...ring, deviation: 0.05 };
const sample = (call: number, modes?: readonly number[]): Float64Array =>
  Float64Array.from(draw(law, n, call, modes));
const real = sample(0);
const train = sample(7);
const classes = law.centres.length;

/** The logits of the best classifier: −‖x − centre‖²/(2σ²). */
function logitsOf(points: Float64Array): Float64Array {
  const logit = ([x = 0, y = 0]: readonly number[], i: number): number =>
    -((points[2 * i]! - x) ** 2 + (points[2 * i + 1]! - y) ** 2) / (2 * law.deviation ** 2);
  return Float64Array.from(
    Array.from({ length: points.length / 2 }, (_, i) => law.centres.map((centre) => logit(centre, i))).flat(),
  );
}

/** The spec of a metric on these data: points are no stacks, and of any class; a mode is one class. */
function specOf(name: string): string {
  if (metricRegistry.find(name).needs !== 'logits') return name;
  const all = name === 'least-class-share' ? `, among=[${law.centres.map((_, k) => k).join(',')}]` : '';
  return `${name}(extractor=raw${name.startsWith('stacked') ? ', channels=1' : all})`;
}

/** Every number of the registry, of a set of fakes. */
function measure(fake: Float64Array): { readonly [name: string]: number } {
  const logits = logitsOf(fake);
  const data = { real, fake, train, dim: 2, features: 'raw', mixture: law, logits, classes };
  // without a sample of high quality there is no reverse KL: it counts as the worst, log(modes)
  const worst = Math.log(law.centres.length);
  return Object.fromEntries(
    metrics.map(({ name }) => [name, metricFrom(specOf(name)).measure(data).value ?? worst]),
  );
}

const perfect = measure(sample(1));
const noisy = (deviation: number): Float64Array => sample(2).map((x, at) => x + deviation * noise[at]!);
const noise = gaussians(2 * n, 5);

/**
 * What happens to the fakes, which numbers must get worse, and which must not: they look at something else.
 */
const degradations: readonly {
  readonly name: string;
  readonly fake: Float64Array;
  readonly worse: readonly string[];
  readonly untouched: readonly string[];
}[] = [
  {
    name: 'four of eight modes lost',
    fake: sample(3, [0, 1, 2, 3]),
    worse: [
      'modes',
      'reverse-kl',
      'recall',
      'coverage',
      'sliced-wasserstein',
      'frechet-distance',
      'kernel-distance',
      'classifier-score',
      'least-class-share',
      'stacked-modes',
      'stacked-reverse-kl',
    ],
    untouched: ['high-quality', 'precision', 'density', 'memorisation'],
  },
  {
    name: 'one mode only',
    fake: sample(3, [5]),
    worse: [
      'modes',
      'reverse-kl',
      'recall',
      'coverage',
      'sliced-wasserstein',
      'frechet-distance',
      'kernel-distance',
      'classifier-score',
      'least-class-share',
      'stacked-modes',
      'stacked-reverse-kl',
    ],
    untouched: ['high-quality', 'precision', 'density', 'memorisation'],
  },
  {
    name: 'noise of ten deviations',
    fake: noisy(0.5),
    worse: [
      'high-quality',
      'precision',
      'density',
      'coverage',
      'sliced-wasserstein',
      'frechet-distance',
      'kernel-distance',
    ],
    untouched: ['modes', 'recall', 'stacked-modes', 'stacked-reverse-kl', 'memorisation'],
  },
  {
    name: 'moved far away',
    fake: sample(4).map((x) => x + 4),
    worse: [
      'modes',
      'high-quality',
      'reverse-kl',
      'precision',
      'recall',
      'density',
      'coverage',
      'sliced-wasserstein',
      'frechet-distance',
      'kernel-distance',
      'classifier-score',
      'stacked-modes',
      'stacked-reverse-kl',
    ],
    untouched: ['memorisation'],
  },
  {
    name: 'copies of the training examples',
    fake: train,
    worse: ['memorisation'],
    untouched: metrics
      .map(({ name }) => name)
      .filter(
        (name) => name !== 'memorisation' && !name.endsWith('distance') && name !== 'sliced-wasserstein',
      ),
  },
  {
    name: 'a fifth of the fakes far away',
    fake: joined(
      sample(4).subarray(0, 1600),
      gaussians(400, 6).map((x) => 5 + 0.1 * x),
    ),
    worse: [
      'high-quality',
      'precision',
      'density',
      'sliced-wasserstein',
      'frechet-distance',
      'kernel-distance',
      'stacked-reverse-kl',
    ],
    untouched: ['modes', 'recall', 'stacked-modes', 'memorisation'],
  },
];

// A share of 1,000 has a standard deviation of at most √(¼/1000) = 0.016; that of density, whose counts
// cluster, was 0.020 over 100 draws. Two draws differ: five times √2 of either. A distance must more than
// double.
const slack: { readonly [name: string]: number } = {
  modes: 0,
  'high-quality': 0.12,
  precision: 0.12,
  recall: 0.12,
  coverage: 0.12,
  density: 0.15,
  'reverse-kl': 0.01,
  // five times √2 of √(⅛·⅞/1000), the smallest of eight shares of ⅛
  'least-class-share': 0.074,
  'stacked-modes': 0,
  'stacked-reverse-kl': 0.01,
  // exp of an entropy that is off by the same 0.01, times 8 classes
  'classifier-score': 0.08,
  // five times √2 of √((n + m + 1)/(12nm)) = 0.0129
  memorisation: 0.0913,
};

describe('every number gets worse for what it measures, and only for that', () => {
  it.each(degradations)('$name', ({ fake, worse, untouched }) => {
    const found = measure(fake);
    for (const { name, better } of metrics) {
      const loss = better === 'higher' ? perfect[name]! - found[name]! : found[name]! - perfect[name]!;
      if (worse.includes(name)) expect(loss, name).toBeGreaterThan(slack[name] ?? perfect[name]!);
      if (untouched.includes(name)) expect(loss, name).toBeLessThanOrEqual(slack[name]!);
    }
  });

  it('does not depend on units, down to 1e-240 and up to 1e150: shares stay the same to the bit, lengths scale', () => {
    const options = { dim: 2 };
    for (const k of [-800, -400, 400, 498]) {
      const scaled = (set: Float64Array): Float64Array => set.map((x) => x * 2 ** k);
      const sets = { real: scaled(real), fake: scaled(noisy(0.5)) };
      const plain = { real, fake: noisy(0.5) };
      expect({ ...precisionRecall(sets, options), ...densityCoverage(sets, options) }).toEqual({
        ...precisionRecall(plain, options),
        ...densityCoverage(plain, options),
      });
      expect(slicedWasserstein(sets.fake, sets.real, options)).toBe(
        slicedWasserstein(plain.fake, plain.real, options) * 2 ** k,
      );
      const wide = {
        ...law,
        centres: law.centres.map((centre) => centre.map((x) => x * 2 ** k)),
        deviation: law.deviation * 2 ** k,
      };
      const { settings: _, ...figures } = modeCoverage(sets.fake, wide);
      expect(modeCoverage(plain.fake, law)).toMatchObject(figures);
      expect(densityCoverage({ real: sets.real, fake: plain.fake }, options)).toMatchObject({
        density: 0,
        coverage: 0,
      }); // sets in different units do not overlap
    }
  });

  it('names every number of the registry', () => {
    expect(Object.keys(perfect).toSorted()).toEqual(metrics.map(({ name }) => name).toSorted());
    for (const name of Object.keys(perfect))
      expect(
        degradations.some(({ worse }) => worse.includes(name)),
        name,
      ).toBe(true);
  });

  it('gets worse with every further step: more noise, fewer modes', () => {
    const steps = [0, 0.3, 0.6, 1.2].map((deviation) => measure(noisy(deviation)));
    const modes = [8, 6, 4, 2].map((count) =>
      measure(
        sample(
          8,
          Array.from({ length: count }, (_, k) => k),
        ),
      ),
    );
    for (const [figures, names] of [
      [steps, ['high-quality', 'precision', 'density', 'sliced-wasserstein', 'frechet-distance']],
      [
        modes,
        [
          'modes',
          'reverse-kl',
          'recall',
          'coverage',
          'sliced-wasserstein',
          'frechet-distance',
          'kernel-distance',
        ],
      ],
    ] as const) {
      for (const name of names) {
        const sign = metrics.find((row) => row.name === name)?.better === 'higher' ? -1 : 1;
        for (let i = 1; i < figures.length; i++)
          expect(sign * figures[i]![name]!, `${name} at step ${i}`).toBeGreaterThan(
            sign * figures[i - 1]![name]!,
          );
      }
    }
  });

  it('recall and coverage fall in proportion to the modes, and precision does not', () => {
    for (const count of [2, 4, 6]) {
      const { precision, recall, coverage } = measure(
        sample(
          9,
          Array.from({ length: count }, (_, k) => k),
        ),
      );
      expect(Math.abs(recall! - (perfect.recall! * count) / 8)).toBeLessThan(0.12);
      expect(Math.abs(coverage! - (count / 8) * coverageOfDenser(8 / count))).toBeLessThan(0.12);
      expect(precision).toBeGreaterThan(perfect.precision! - 0.12);
    }
  });
});

/**
 * E[coverage] of a mode that gets `times` as many fakes as reals: none of the k nearest others is fake with
 * (1 + times)⁻ᵏ.
 */
const coverageOfDenser = (times: number): number => 1 - (1 + times) ** -5;
