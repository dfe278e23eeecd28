import { copy, mix, number } from '@stillpoint/operators';
import { wrapper } from '../method.js';

/**
 * The average of the iterates of a method, whose own iterates it does not change:
 *   k ← k + 1,  z ← z + (p + 1)/(k + p)·(w − z),  w the method's k-th iterate;  p = 0: z = (w₁ + … + w_k)/k
 *
 * For monotone games the restricted gap of the average is O(1/K), even if the last iterates only cycle
 * (alternating gda on xy). `last` is the method's own point. Oracle calls per step: the inner method's.
 * Source: Bruck 1977; Nemirovski 2004; growing weights: Shamir, Zhang 2013, arXiv 1212.1824.
 */
export const average = wrapper({
  name: 'average',
  about: 'the average of a method’s iterates',
  when: 'bilinear and matrix games; of little use for networks: take ema for them',
  assumptions: 'monotone games: the average converges even if the last iterates cycle',
  reference: 'Bruck 1977; Shamir, Zhang 2013, arXiv 1212.1824',
  takes: ['method'],
  options: {
    power: number({ about: 'the weight of step k grows like kᵖ', symbol: 'p', from: 0, default: 0 }),
  },
  memory: '1 + the method’s',
  elementwise: true,
  /** z is the average, `inner.z` the last iterate. */
  init: (space, z0, { method }) => ({ z: space.copy(z0), inner: method.init(space, z0), k: 0 }),
  restart(s, z, { method }) {
    copy(s.z, z);
    method.restart(s.inner, z);
  },
  points: (s) => ({ last: s.inner.z }),
  figures: (s, { method }) => method.figures?.(s.inner) ?? {},
  begin(space, { method, power: p }) {
    const advance = method.begin(space);
    return function* (s) {
      yield* advance(s.inner);
      mix(s.z, (p + 1) / (++s.k + p), s.inner.z); // z ← z + (p + 1)/(k + p)·(w − z)
    };
  },
});
