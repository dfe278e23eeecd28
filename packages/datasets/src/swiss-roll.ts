import { normal, uniform } from '@stillpoint/operators';
import { checkBatch, checkLength, optionsOf, room } from './check.js';
import type { Dataset } from './types.js';

/** Options of `swissRoll`; the defaults are those of WGAN-GP's code. */
export interface SwissRollOptions {
  /**
   * Standard deviation of the noise on each coordinate, before the division; default 0.25. With 0 the points
   * lie on the curve.
   */
  readonly noise?: number;
  /** Divides every point, its noise included; default 7.5. */
  readonly divisor?: number;
}

/**
 * The swiss roll in the plane: ((t cos t, t sin t) + N(0, noise²)) / divisor with t = 1.5π(1 + 2u), u uniform
 * on [0, 1): one and a half turns of a spiral, radius 1.5π/divisor to 4.5π/divisor. Every batch draws new
 * points `[2]`; a shorter batch is the beginning of a longer one. It is not a mixture, so there are no modes
 * to count. These are the coordinates x and z of scikit-learn's `make_swiss_roll`. Source: Gulrajani, Ahmed,
 * Arjovsky, Dumoulin, Courville, "Improved training of Wasserstein GANs" (2017), arXiv 1704.00028,
 * gan_toy.py; the roll is Marsland's ("Machine learning: an algorithmic perspective", 2009). Throws
 * InputError for a negative noise or a divisor that is not positive.
 */
export function swissRoll(options: SwissRollOptions = {}): Dataset {
  const { noise = 0.25, divisor = 7.5 } = optionsOf('swiss-roll', options, '{ noise: 0.25 }');
  checkLength('swiss-roll: noise', noise, '>= 0', 0.25);
  checkLength('swiss-roll: divisor', divisor, '> 0', 7.5);
  // The radius is 4.5π < 15 at most; radius and noise are divided.
  checkLength(
    `swiss-roll: its size with noise ${noise} and divisor ${divisor}`,
    (15 + noise) / divisor,
    '> 0',
    2,
  );
  const shape = [2];
  return {
    name: 'swiss-roll',
    identity: { kind: 'dataset', name: 'swiss-roll', options: { noise, divisor } },
    shape,
    describe: `points on one and a half turns of a spiral, noise of deviation ${noise}, all divided by ${divisor}; new points in every batch`,
    batch(size, stream, out) {
      checkBatch('swiss-roll', size, stream);
      const points = normal(room('swiss-roll', size, shape, out), { ...stream, purpose: 'data' }, 0, noise);
      const places = uniform(new Float64Array(size), { ...stream, purpose: 'data-place' });
      for (let i = 0; i < size; i++) {
        const t = 1.5 * Math.PI * (1 + 2 * places[i]!);
        points[2 * i] = (t * Math.cos(t) + points[2 * i]!) / divisor;
        points[2 * i + 1] = (t * Math.sin(t) + points[2 * i + 1]!) / divisor;
      }
      return points;
    },
  };
}
