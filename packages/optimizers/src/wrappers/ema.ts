import {
  copy,
  mix,
  parseOptions,
  type Method,
  type OptionTable,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { checkMethod } from '../described.js';
import * as option from '../options.js';

/** Options of {@link ema}. */
export interface EmaOptions {
  /** β in [0, 1), what is kept of the mean in each step. Default 0.999. */
  readonly decay?: number;
}

/** z is the mean, `inner.z` the last iterate. */
export type EmaState<S extends State> = { readonly z: Vector; readonly inner: S };

/** Options of {@link ema}: what is accepted, and the defaults. */
export const emaTable: OptionTable<EmaOptions> = {
  decay: option.number({
    about: 'what is kept of the mean in each step',
    symbol: 'β',
    from: 0,
    below: 1,
    default: 0.999,
  }),
};

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
export function ema<S extends State>(method: Method<S>, options: EmaOptions = {}): Method<EmaState<S>> {
  checkMethod('ema', method);
  const { decay: β } = parseOptions('method ema', emaTable, options);
  return {
    name: 'ema',
    options: { method: { name: method.name, options: method.options }, decay: β },
    ...(method.mostCalls === undefined ? {} : { mostCalls: method.mostCalls }),
    init: (space, z0) => ({ z: space.copy(z0), inner: method.init(space, z0) }),
    begin(space) {
      const advance = method.begin(space);
      return function* (s) {
        yield* advance(s.inner);
        mix(s.z, 1 - β, s.inner.z); // z ← βz + (1 − β)w
      };
    },
    restart(s, z) {
      copy(s.z, z);
      method.restart(s.inner, z);
    },
    points: (s) => ({ last: s.inner.z }),
  };
}
