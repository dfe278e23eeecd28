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
  /** The best a perfect sampler gets where more is better; `measured`: it depends on the settings and comes with the figure. */
  readonly ceiling?: number | 'measured';
  /** The same where less is better. */
  readonly floor?: number | 'measured';
  readonly reference: string;
}

const pacgan = 'Lin, Khetan, Fanti, Oh 2018, arXiv 1712.04086';

/** Every metric, by name. */
export const metrics: readonly MetricRow[] = [
  { name: 'modes', about: 'modes of the mixture with a high-quality sample at least', from: 'modeCoverage().modes', unit: 'modes', better: 'higher', ceiling: 'measured', reference: pacgan },
  { name: 'high-quality', about: 'share of samples within 3σ of a centre; the ceiling is that of the plane, 1 − exp(−4.5)', from: 'modeCoverage().highQuality', unit: 'share', better: 'higher', ceiling: chiBelow(3, 2), reference: pacgan },
  { name: 'reverse-kl', about: 'KL of the high-quality samples over the modes to uniform; none without such a sample', from: 'modeCoverage().reverseKl', unit: 'nats', better: 'lower', floor: 'measured', reference: pacgan },
  { name: 'sliced-wasserstein', about: 'W₂ along random directions, root of the mean square; the floor is real against real', from: 'slicedWassersteinReport().distance', unit: 'data units', better: 'lower', floor: 'measured', reference: 'Bonneel, Rabin, Peyré, Pfister 2015' },
];

/** The row of that name. Throws InputError with the nearest name for an unknown one. */
export function metricRow(name: string): MetricRow {
  return findRow('metric', metrics, name);
}
