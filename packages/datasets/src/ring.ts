import { checkCount, checkLength, optionsOf } from './check.js';
import { short, sizesOf, type Convention } from './convention.js';
import { mixture } from './mixture.js';
import type { Mixture } from './types.js';

/** Options of `ring`. Lengths are in the units of the returned points; `null` means the default. */
export interface RingOptions {
  /** Decides the sizes that are not given; default `pacgan`. */
  readonly convention?: Convention;
  /** Number of Gaussians; default 8. */
  readonly modes?: number;
  /** Radius of the circle of centres; default the convention's: 1, or 2/1.414. */
  readonly radius?: number | null;
  /** Standard deviation of each coordinate; default the convention's: 0.01, or 0.02/1.414. */
  readonly deviation?: number | null;
}

/**
 * A ring of equally likely Gaussians: centres radius·(cos, sin)(2πk/modes). Every batch draws new points
 * `[2]`. `wgan-gp` is the `8gaussians` of WGAN-GP's code: a circle of radius 2 and deviation 0.02 with every
 * point divided by 1.414, which divides centres and deviation alike. Source: Lin, Khetan, Fanti, Oh, "PacGAN:
 * the power of two samples in generative adversarial networks" (2018), arXiv 1712.04086; Gulrajani, Ahmed,
 * Arjovsky, Dumoulin, Courville, "Improved training of Wasserstein GANs" (2017), arXiv 1704.00028,
 * gan_toy.py. Throws InputError for modes that are not a whole number > 0, a negative radius, a deviation
 * that is not positive, or an unknown convention.
 */
export function ring(options: RingOptions = {}): Mixture {
  const {
    convention = 'pacgan',
    modes = 8,
    radius: givenRadius,
    deviation: givenDeviation,
  } = optionsOf('ring', options, '{ modes: 8 }');
  const sizes = sizesOf('ring', convention, {
    pacgan: { radius: 1, deviation: 0.01 },
    'wgan-gp': { radius: 2 / 1.414, deviation: 0.02 / 1.414 },
  });
  const [radius, deviation] = [givenRadius ?? sizes.radius, givenDeviation ?? sizes.deviation];
  checkCount('ring: modes', modes, 8);
  checkLength('ring: radius', radius, '>= 0', 1);
  checkLength('ring: deviation', deviation, '> 0', 0.01);
  const centres = Array.from({ length: modes }, (_, k) => {
    const angle = (2 * Math.PI * k) / modes;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  const describe = `${modes} equally likely Gaussians on a circle of radius ${short(radius)}, deviation ${short(deviation)}; new points in every batch`;
  return {
    ...mixture({ name: 'ring', describe, centres, deviation }),
    identity: {
      kind: 'dataset',
      name: 'ring',
      options: { convention, modes, radius: givenRadius ?? null, deviation: givenDeviation ?? null },
    },
  };
}
