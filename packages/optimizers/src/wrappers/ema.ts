import { copy, mix, number } from '@stillpoint/operators';
import { wrapper } from '../method.js';

/**
 * An exponential moving average of the iterates of a method, which runs on untouched; z₀ counts as the mean
 * so far:
 *   z ← βz + (1 − β)w,  w the method's iterate
 *
 * What GANs are usually evaluated at; it damps cycles of periods shorter than 1/(1 − β) steps. `last` is the
 * method's own point. Oracle calls per step: the inner method's.
 * Source: Yazıcı, Foo, Winkler, Yap, Piliouras, Chandrasekhar, "The unusual effectiveness of averaging in GAN
 * training", 2019, arXiv 1806.04498.
 */
export const ema = wrapper({
  name: 'ema',
  about: 'an exponential moving average of a method’s iterates',
  when: 'the generator that GANs are evaluated with; damps cycles shorter than 1/(1 − β) steps',
  assumptions: 'none of its own',
  reference: 'Yazıcı et al. 2019, arXiv 1806.04498',
  takes: ['method'],
  options: {
    decay: number({
      about: 'what is kept of the mean in each step',
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
