import { copy, mix, number } from '@stillpoint/operators';
import { wrapper } from '../method.js';

/**
 * An exponential moving average of the iterates of a method, whose own iterates it does not change; it starts
 * at z₀:
 *   z ← βz + (1 − β)w,  w the method's iterate
 *
 * GANs are usually evaluated at this average; it damps cycles of periods shorter than 1/(1 − β) steps. `last`
 * is the method's own point. Oracle calls per step: the inner method's.
 * Source: Yazıcı, Foo, Winkler, Yap, Piliouras, Chandrasekhar, "The unusual effectiveness of averaging in GAN
 * training", 2019, arXiv 1806.04498.
 */
export const ema = wrapper({
  name: 'ema',
  about: 'an exponential moving average of a method’s iterates',
  when: 'to evaluate GANs; damps cycles shorter than 1/(1 − β) steps',
  assumptions: 'none of its own',
  reference: 'Yazıcı et al. 2019, arXiv 1806.04498',
  takes: ['method'],
  options: {
    decay: number({
      about: 'the share of the mean that each step keeps',
      symbol: 'β',
      from: 0,
      below: 1,
      default: 0.999,
    }),
  },
  memory: '1 + the method’s',
  elementwise: true,
  /** z is the mean, `inner.z` the last iterate. */
  init: (space, z0, { method }) => ({ z: space.copy(z0), inner: method.init(space, z0) }),
  restart(s, z, { method }) {
    copy(s.z, z);
    method.restart(s.inner, z);
  },
  points: (s) => ({ last: s.inner.z }),
  figures: (s, { method }) => method.figures?.(s.inner) ?? {},
  begin(space, { method, decay: β }) {
    const advance = method.begin(space);
    return function* (s) {
      yield* advance(s.inner);
      mix(s.z, 1 - β, s.inner.z); // z ← βz + (1 − β)w
    };
  },
});
