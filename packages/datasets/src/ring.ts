import { InputError } from '@stillpoint/operators';
import { mixture } from './mixture.js';
import type { Mixture } from './types.js';

/** Options of `ring`; the defaults are PacGAN's. */
export interface RingOptions {
  /** Number of Gaussians; default 8. */
  readonly modes?: number;
  /** Radius of the circle of centres, in data units; default 1. */
  readonly radius?: number;
  /** Standard deviation of each coordinate, in data units; default 0.01. */
  readonly deviation?: number;
}

/**
 * The ring of Gaussians: centres radius·(cos, sin)(2πk/modes), equally likely, points `[2]` generated afresh.
 * Source: Lin, Khetan, Fanti, Oh, "PacGAN: the power of two samples in generative adversarial networks" (2018), arXiv 1712.04086.
 * Throws InputError for modes that are no whole number > 0, a radius that is negative, a deviation that is not positive.
 */
export function ring({ modes = 8, radius = 1, deviation = 0.01 }: RingOptions = {}): Mixture {
  if (!Number.isInteger(modes) || modes < 1) throw new InputError(`ring: modes is ${modes}; expected a whole number > 0, such as 8`);
  if (!Number.isFinite(radius) || radius < 0) throw new InputError(`ring: radius is ${radius}; expected a number >= 0, such as 1`);
  const centres = Array.from({ length: modes }, (_, k) => {
    const angle = (2 * Math.PI * k) / modes;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  const describe = `${modes} equally likely Gaussians on a circle of radius ${radius}, deviation ${deviation}; fresh points`;
  return mixture({ name: 'ring', describe, centres, deviation });
}
