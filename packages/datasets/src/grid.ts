import { checkCount, checkLength, optionsOf } from './check.js';
import { short, sizesOf, type Convention } from './convention.js';
import { mixture } from './mixture.js';
import type { Mixture } from './types.js';

/** Options of `grid`. Lengths are in the units of the returned points; `null` means the default. */
export interface GridOptions {
  /** Decides the sizes that are not given; default `pacgan`. */
  readonly convention?: Convention;
  /** Gaussians along each side: side² in all; default 5. */
  readonly side?: number;
  /** Distance between neighbouring centres; default the convention's: 2, or 2/2.828. */
  readonly spacing?: number | null;
  /** Standard deviation of each coordinate; default the convention's: 0.05, or 0.05/2.828. */
  readonly deviation?: number | null;
}

/**
 * A square grid of equally likely Gaussians: centres spacing·(i, j) around the origin, the second coordinate
 * fastest. Every batch draws new points `[2]`. The default is PacGAN's {−4, −2, 0, 2, 4}² with deviation
 * 0.05. `wgan-gp` is the `25gaussians` of WGAN-GP's code: the same grid with every point divided by 2.828,
 * which divides centres and deviation alike. Both papers draw 100,000 points once; here each batch has new
 * points. Source: Lin, Khetan, Fanti, Oh, "PacGAN: the power of two samples in generative adversarial
 * networks" (2018), arXiv 1712.04086; Gulrajani, Ahmed, Arjovsky, Dumoulin, Courville, "Improved training of
 * Wasserstein GANs" (2017), arXiv 1704.00028, gan_toy.py. Throws InputError for a side that is not a whole
 * number from 1 to 1000, a spacing or deviation that is not positive, or an unknown convention.
 */
export function grid(options: GridOptions = {}): Mixture {
  const {
    convention = 'pacgan',
    side = 5,
    spacing: givenSpacing,
    deviation: givenDeviation,
  } = optionsOf('grid', options, '{ side: 5 }');
  const sizes = sizesOf('grid', convention, {
    pacgan: { spacing: 2, deviation: 0.05 },
    'wgan-gp': { spacing: 2 / 2.828, deviation: 0.05 / 2.828 },
  });
  const [spacing, deviation] = [givenSpacing ?? sizes.spacing, givenDeviation ?? sizes.deviation];
  checkCount('grid: side', side, 5, 1000);
  checkLength('grid: spacing', spacing, '> 0', 2);
  checkLength('grid: deviation', deviation, '> 0', 0.05);
  const place = (i: number): number => spacing * (i - (side - 1) / 2);
  const centres = Array.from({ length: side * side }, (_, k) => [
    place(Math.floor(k / side)),
    place(k % side),
  ]);
  const describe = `${side * side} equally likely Gaussians on a square grid, ${short(spacing)} apart, deviation ${short(deviation)}; new points in every batch`;
  return {
    ...mixture({ name: 'grid', describe, centres, deviation }),
    identity: {
      kind: 'dataset',
      name: 'grid',
      options: { convention, side, spacing: givenSpacing ?? null, deviation: givenDeviation ?? null },
    },
  };
}
