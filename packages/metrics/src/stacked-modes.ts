// Three grey images as the channels of one: Lin, Khetan, Fanti, Oh, "PacGAN: the power of two samples in
// generative adversarial networks" (2018), arXiv 1712.04086, section 4.2, after Srivastava, Valkov, Russell,
// Gutmann, Sutton, "VEEGAN" (2017), arXiv 1705.07761, there with digits.
import { InputError, integer, type Vector } from '@stillpoint/operators';
import { checkFeatures, checkWhole, countOf, given, type Setting } from './check.js';
import type { LogitOptions } from './classifier-score.js';
import { klTo } from './mode-coverage.js';

const MOST_SAMPLES = 2 ** 24;

/** Options of `stackedModes`. */
export interface StackedModesOptions extends LogitOptions {
  /** Images in a stack; default 3. */
  readonly channels?: number;
}

/** The options as data; the only place that states their defaults. */
export const stackedModesTable: { readonly channels: Setting } = {
  channels: integer({ about: 'images in a stack', from: 1, to: 6, default: 3 }),
};

/** How stacked modes were counted: compare only figures whose settings are equal. */
export type StackedModesSettings = {
  readonly metric: 'stacked-modes';
  readonly features: string;
  readonly classes: number;
  readonly channels: number;
  readonly modes: number;
  readonly samples: number;
};

/** The modes of stacked images by the classes of their channels, with what a perfect sampler would get. */
export type StackedModes = {
  /** Modes with at least one example; higher is better. A classifier's errors make false modes. */
  readonly modes: number;
  /** KL(histogram over modes ‖ uniform), nats, 0 … log(all modes); lower is better. */
  readonly reverseKl: number;
  /** Examples per mode; mode Σ class of channel c · classesᶜ. */
  readonly histogram: readonly number[];
  /** Expected `modes` of as many examples, each of a uniformly random mode. */
  readonly expectedModes: number;
  /** Expected `reverseKl` of such examples. */
  readonly expectedKl: number;
  readonly settings: StackedModesSettings;
};

/**
 * What `samples` examples, each of one of `modes` modes at random, are expected to show: the number of modes
 * with an example, modes·(1 − (1 − 1/modes)ⁿ), and KL(histogram ‖ uniform), which is the sum over modes of
 * E[N/n log(modes·N/n)] with N binomial(n, 1/modes).
 */
export function expectedOfUniform(
  modes: number,
  samples: number,
): { readonly modes: number; readonly reverseKl: number } {
  checkWhole('modes', modes, '1000');
  checkWhole('samples', samples, '5000');
  if (samples > MOST_SAMPLES)
    throw new InputError(
      `samples is ${samples}; expected ${MOST_SAMPLES} at most: the sum has as many terms`,
    );
  if (modes === 1) return { modes: 1, reverseKl: 0 };
  const none = samples * Math.log1p(-1 / modes);
  let [log, kl] = [none, 0]; // log P(N = k), from k = 0
  for (let k = 1; k <= samples; k++) {
    log += Math.log((samples - k + 1) / k / (modes - 1));
    kl += Math.exp(log) * (k / samples) * Math.log((modes * k) / samples);
  }
  return { modes: -modes * Math.expm1(none), reverseKl: Math.max(0, modes * kl) };
}

/**
 * Counts the modes of stacks by a classifier's logits, flat `[n, channels, classes]`: a stack's mode is the
 * class of each of its channels, the one with the largest logit (the first of equal ones). Every stack
 * counts, whatever it looks like. Measure real stacks of known modes too: a classifier that is wrong about
 * one image in ten finds modes that are not there. Throws InputError for logits that are empty, of a wrong
 * length or not finite.
 */
export function stackedModes(logits: Vector, options: StackedModesOptions): StackedModes {
  const {
    classes,
    features,
    channels = stackedModesTable.channels.default,
  } = given('the options', options, "{ classes: 10, features: 'fashion-classifier' }");
  checkFeatures(features);
  checkWhole('classes', classes, '10', 2);
  checkWhole('channels', channels, '3');
  const modes = classes ** channels;
  if (modes > 2 ** 20)
    throw new InputError(
      `${classes} classes in ${channels} channels are ${modes} modes; expected ${2 ** 20} at most`,
    );
  const n = countOf('logits', logits, channels * classes);
  const histogram = new Array<number>(modes).fill(0);
  for (let i = 0; i < n; i++) {
    let mode = 0;
    for (let c = channels - 1; c >= 0; c--) {
      const row = logits.subarray((i * channels + c) * classes, (i * channels + c + 1) * classes);
      let top = 0;
      for (let y = 1; y < classes; y++) if (row[y]! > row[top]!) top = y;
      mode = mode * classes + top;
    }
    histogram[mode] = histogram[mode]! + 1;
  }
  const expected = expectedOfUniform(modes, n);
  return {
    modes: histogram.filter((count) => count > 0).length,
    reverseKl: klTo(histogram, n, undefined) ?? 0, // n > 0
    histogram,
    expectedModes: expected.modes,
    expectedKl: expected.reverseKl,
    settings: { metric: 'stacked-modes', features, classes, channels, modes, samples: n },
  };
}
