import { findRow } from '@stillpoint/operators';
import { chiBelow } from './chi.js';

/** A row of the registry of metrics: what a number is called, means and is measured in. */
export interface MetricRow {
  readonly name: string;
  readonly about: string;
  /** The function of this package that measures it, and the field of its answer. */
  readonly from: string;
  readonly unit: string;
  readonly better: 'lower' | 'higher';
  /**
   * The best a perfect sampler gets where more is better; `measured`: it depends on the settings and comes
   * with the figure.
   */
  readonly ceiling?: number | 'measured';
  /** The same where less is better. */
  readonly floor?: number | 'measured';
  readonly reference: string;
}

const pacgan = 'Lin, Khetan, Fanti, Oh 2018, arXiv 1712.04086';
const kynkäänniemi = 'Kynkäänniemi, Karras, Laine, Lehtinen, Aila 2019, arXiv 1904.06991';
const naeem = 'Naeem, Oh, Uh, Choi, Yoo 2020, arXiv 2002.09797';

/** Every metric, by name. */
export const metrics: readonly MetricRow[] = [
  {
    name: 'modes',
    about: 'modes of the mixture with a high-quality sample at least',
    from: 'modeCoverage().modes',
    unit: 'modes',
    better: 'higher',
    ceiling: 'measured',
    reference: pacgan,
  },
  {
    name: 'high-quality',
    about: 'share of samples within 3σ of a centre; the ceiling is that of the plane, 1 − exp(−4.5)',
    from: 'modeCoverage().highQuality',
    unit: 'share',
    better: 'higher',
    ceiling: chiBelow(3, 2),
    reference: pacgan,
  },
  {
    name: 'reverse-kl',
    about: 'KL of the high-quality samples over the modes to uniform; none without such a sample',
    from: 'modeCoverage().reverseKl',
    unit: 'nats',
    better: 'lower',
    floor: 'measured',
    reference: pacgan,
  },
  {
    name: 'sliced-wasserstein',
    about: 'W₂ along random directions, root of the mean square; the floor is real against real',
    from: 'slicedWassersteinReport().distance',
    unit: 'data units',
    better: 'lower',
    floor: 'measured',
    reference: 'Bonneel, Rabin, Peyré, Pfister 2015',
  },
  {
    name: 'precision',
    about:
      'share of fake examples inside a k-nearest-neighbour ball of a real one; the ceiling is real against real',
    from: 'precisionRecall().precision',
    unit: 'share',
    better: 'higher',
    ceiling: 'measured',
    reference: kynkäänniemi,
  },
  {
    name: 'recall',
    about:
      'share of real examples inside a k-nearest-neighbour ball of a fake one; the ceiling is real against real',
    from: 'precisionRecall().recall',
    unit: 'share',
    better: 'higher',
    ceiling: 'measured',
    reference: kynkäänniemi,
  },
  {
    name: 'density',
    about:
      'mean number of real k-nearest-neighbour balls around a fake example, over k; 1 in the mean for equal laws, more where fakes crowd',
    from: 'densityCoverage().density',
    unit: 'ratio',
    better: 'higher',
    ceiling: 1,
    reference: naeem,
  },
  {
    name: 'coverage',
    about:
      'share of real k-nearest-neighbour balls with a fake example inside; the ceiling is its mean for equal laws, near 1 − 2⁻ᵏ',
    from: 'densityCoverage().coverage',
    unit: 'share',
    better: 'higher',
    ceiling: 'measured',
    reference: naeem,
  },
  {
    name: 'frechet-distance',
    about:
      'squared W₂ of the Gaussians fitted to the features, FID with the features named; the floor is real against real',
    from: 'frechetDistance().distance',
    unit: 'feature units squared',
    better: 'lower',
    floor: 'measured',
    reference: 'Heusel, Ramsauer, Unterthiner, Nessler, Hochreiter 2017, arXiv 1706.08500',
  },
  {
    name: 'kernel-distance',
    about:
      'MMD² of the features under (x·y/d + 1)³, KID with the features named; unbiased: 0 in the mean for equal laws, so it may be below',
    from: 'kernelDistance().distance',
    unit: 'MMD squared',
    better: 'lower',
    floor: 0,
    reference: 'Bińkowski, Sutherland, Arbel, Gretton 2018, arXiv 1801.01401',
  },
];

/** The row of that name. Throws InputError with the nearest name for an unknown one. */
export function metricRow(name: string): MetricRow {
  return findRow('metric', metrics, name);
}
