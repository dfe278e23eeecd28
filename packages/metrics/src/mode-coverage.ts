// Lin, Khetan, Fanti, Oh, "PacGAN: the power of two samples in generative adversarial networks" (2018), arXiv
// 1712.04086, section 4.1.
import { InputError, number, shown, type Vector } from '@stillpoint/operators';
import { checkPositive, countOf, given, unitOf, type Setting } from './check.js';
import { chiBelow } from './chi.js';

/** A mixture of isotropic Gaussians, as the metric needs it. `ring()` of @stillpoint/datasets returns one. */
export interface KnownMixture {
  readonly name: string;
  /** Centres of the modes, `[modes][dim]`, in data units. */
  readonly centres: readonly (readonly number[])[];
  /** Standard deviation of each coordinate, in data units. */
  readonly deviation: number;
  /** How likely each mode is; the numbers sum to 1. Default: all equally. */
  readonly weights?: readonly number[];
}

/** Options of `modeCoverage`. */
export interface ModeCoverageOptions {
  /**
   * A sample is of high quality if its distance to the nearest centre is less than this many deviations;
   * default 3, PacGAN's.
   */
  readonly sigmas?: number;
  /**
   * A mode is covered by at least one sample of high quality, and at least this share of all samples; default
   * 0, PacGAN's: one is enough.
   */
  readonly share?: number;
}

/** The options of a metric that does not count modes, as data. */
export const qualityTable: { readonly sigmas: Setting } = {
  sigmas: number({
    about: 'a sample is of high quality within this many deviations of its nearest centre',
    above: 0,
    default: 3,
  }),
};

/** The options as data; this and `qualityTable` are the only places that state their defaults. */
export const modeCoverageTable: typeof qualityTable & { readonly share: Setting } = {
  ...qualityTable,
  share: number({
    about: 'a mode is covered by at least one sample of high quality, and at least this share of all samples',
    from: 0,
    to: 1,
    default: 0,
  }),
};

/** How a mode coverage was measured: compare only figures whose settings are equal. */
export type ModeCoverageSettings = {
  readonly metric: 'mode-coverage';
  readonly mixture: string;
  readonly samples: number;
  readonly modes: number;
  readonly dim: number;
  readonly deviation: number;
  readonly sigmas: number;
  readonly share: number;
};

/** Mode coverage with what a perfect sampler would get. */
export type ModeCoverage = {
  /**
   * Modes with at least one high-quality sample, and at least `share` of all; 0 … settings.modes, higher is
   * better.
   */
  readonly modes: number;
  /** Share of high-quality samples, 0 … 1; higher is better, up to `ceiling`. */
  readonly highQuality: number;
  /**
   * KL(histogram of high-quality samples over modes ‖ the modes' weights), nats, 0 … log(modes) with equal
   * weights; lower is better. `null` without any high-quality sample, since there is no histogram then. In a
   * mean over runs count `null` as `reverseKlWorst`; a mean without it would be too low.
   */
  readonly reverseKl: number | null;
  /** High-quality samples per mode. */
  readonly histogram: readonly number[];
  /**
   * `highQuality` of a perfect sampler: P(χ_dim < sigmas), if the modes are so far apart that each sample is
   * nearest to its own centre; 0.98889 in the plane for sigmas = 3.
   */
  readonly ceiling: number;
  /**
   * Expected `reverseKl` of a perfect sampler with the same number of samples: (modes − 1) / (2 · samples ·
   * ceiling), to first order (Miller 1955).
   */
  readonly reverseKlFloor: number;
  /** All high-quality samples in the least likely mode: log(modes) with equal weights. */
  readonly reverseKlWorst: number;
  readonly settings: ModeCoverageSettings;
};

/** Whether these are numbers > 0 whose sum is 1 but for rounding. */
const sumsToOne = (weights: readonly unknown[]): boolean => {
  let sum = 0;
  for (const weight of weights) {
    if (!(typeof weight === 'number' && weight > 0)) return false;
    sum += weight;
  }
  return Math.abs(sum - 1) < 1e-9;
};

/** Index of the centre nearest to example `i`, and the squared distance times `unit` squared. */
function nearestCentre(
  samples: Vector,
  i: number,
  centres: KnownMixture['centres'],
  unit: number,
): { readonly mode: number; readonly squared: number } {
  let mode = 0;
  let squared = Infinity;
  centres.forEach((centre, k) => {
    let sum = 0;
    for (let j = 0; j < centre.length; j++)
      sum += ((samples[i * centre.length + j]! - centre[j]!) * unit) ** 2;
    if (sum < squared) [mode, squared] = [k, sum];
  });
  return { mode, squared };
}

/** KL(counts / total ‖ weights) in nats, of equal weights by default; null if the total is 0. */
export function klTo(
  counts: readonly number[],
  total: number,
  weights: readonly number[] | undefined,
): number | null {
  if (total === 0) return null;
  const sum = counts.reduce(
    (kl, n, k) =>
      n === 0
        ? kl
        : kl +
          (n / total) *
            Math.log(weights === undefined ? (n / total) * counts.length : n / total / weights[k]!),
    0,
  );
  return Math.max(0, sum); // rounding may leave −1e−17 for a uniform histogram
}

/**
 * Modes covered, share of high-quality samples and reverse KL of `samples`, flat `[n, dim]`, against a known
 * mixture. A sample is of high quality if its distance to the nearest centre is < `sigmas` deviations
 * (strictly). Throws InputError for samples that are empty, of a wrong length or not finite, and for an
 * invalid mixture.
 */
export function modeCoverage(
  samples: Vector,
  mixture: KnownMixture,
  options: ModeCoverageOptions = {},
): ModeCoverage {
  const { sigmas = modeCoverageTable.sigmas.default, share = modeCoverageTable.share.default } = given(
    'the options',
    options,
    '{ sigmas: 3 }',
  );
  const { name, centres, deviation, weights } = given('the mixture', mixture, '{ name, centres, deviation }');
  if (typeof name !== 'string')
    throw new InputError(`the mixture has the name ${shown(name)}; expected text`);
  const lists: unknown = centres;
  if (!Array.isArray(lists) || !Array.from(lists).every((centre) => Array.isArray(centre))) {
    throw new InputError(
      `mixture ${name}: centres are ${shown(centres)}; expected an array of arrays of numbers, as [[0,0],[1,0]]`,
    );
  }
  const dim = centres[0]?.length ?? 0;
  if (dim === 0 || centres.some((centre) => centre.length !== dim))
    throw new InputError(
      `mixture ${name}: centres of lengths ${centres.map((centre) => centre.length).join(', ') || 'none'}; expected one length > 0`,
    );
  if (!centres.every((centre) => centre.every(Number.isFinite)))
    throw new InputError(`mixture ${name}: a centre that is not finite; expected finite numbers only`);
  const shares: unknown = weights;
  if (
    shares !== undefined &&
    !(Array.isArray(shares) && shares.length === centres.length && sumsToOne(shares))
  )
    throw new InputError(
      `mixture ${name}: weights are ${shown(shares)}; expected a number > 0 for each of ${centres.length} modes, which sum to 1`,
    );
  checkPositive(`mixture ${name}: deviation`, deviation, '');
  checkPositive('sigmas', sigmas, ', such as 3');
  if (!(typeof share === 'number' && share >= 0 && share <= 1))
    throw new InputError(`share is ${shown(share)}; expected a number from 0 to 1, such as 0.01`);
  const n = countOf(`samples of ${name}`, samples, dim);
  const unit = unitOf(deviation);
  const histogram = centres.map(() => 0);
  let high = 0;
  for (let i = 0; i < n; i++) {
    const { mode, squared } = nearestCentre(samples, i, centres, unit);
    if (Math.sqrt(squared) / (deviation * unit) < sigmas) {
      histogram[mode] = histogram[mode]! + 1;
      high++;
    }
  }
  const ceiling = chiBelow(sigmas, dim);
  return {
    modes: histogram.filter((count) => count > 0 && count >= share * n).length,
    highQuality: high / n,
    reverseKl: klTo(histogram, high, weights),
    histogram,
    ceiling,
    reverseKlFloor: (centres.length - 1) / (2 * n * ceiling),
    reverseKlWorst: Math.log(weights === undefined ? centres.length : 1 / Math.min(...weights)),
    settings: {
      metric: 'mode-coverage',
      mixture: name,
      samples: n,
      modes: centres.length,
      dim,
      deviation,
      sigmas,
      share,
    },
  };
}
