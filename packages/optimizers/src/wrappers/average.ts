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

/** Options of {@link average}. */
export interface AverageOptions {
  /** p ≥ 0: the weight of step k grows like kᵖ, so that early steps are forgotten. Default 0, all alike. */
  readonly power?: number;
}

/** z is the average, `inner.z` the last iterate. */
export type AverageState<S extends State> = { readonly z: Vector; readonly inner: S; k: number };

/** Options of {@link average}: what is accepted, and the defaults. */
export const averageTable: OptionTable<AverageOptions> = {
  power: option.number({ about: 'the weight of step k grows like kᵖ', symbol: 'p', from: 0, default: 0 }),
};

/**
 * The average of the iterates of a method, which runs on untouched:
 *   k ← k + 1,  z ← z + (p + 1)/(k + p)·(w − z),  w the method's k-th iterate;  p = 0: z = (w₁ + … + w_k)/k
 *
 * For monotone games the average converges like 1/K where last iterates only cycle (alternating gda on xy),
 * in the restricted gap. `last` is the method's own point. Oracle calls per step: the inner method's.
 * Source: Bruck 1977; Nemirovski 2004; growing weights: Shamir, Zhang 2013, arXiv 1212.1824.
 */
export function average<S extends State>(
  method: Method<S>,
  options: AverageOptions = {},
): Method<AverageState<S>> {
  checkMethod('average', method);
  const { power: p } = parseOptions('method average', averageTable, options);
  return {
    name: 'average',
    options: { method: { name: method.name, options: method.options }, power: p },
    ...(method.mostCalls === undefined ? {} : { mostCalls: method.mostCalls }),
    init: (space, z0) => ({ z: space.copy(z0), inner: method.init(space, z0), k: 0 }),
    begin(space) {
      const advance = method.begin(space);
      return function* (s) {
        yield* advance(s.inner);
        mix(s.z, (p + 1) / (++s.k + p), s.inner.z); // z ← z + (p + 1)/(k + p)·(w − z)
      };
    },
    restart(s, z) {
      copy(s.z, z);
      method.restart(s.inner, z);
    },
    points: (s) => ({ last: s.inner.z }),
  };
}
