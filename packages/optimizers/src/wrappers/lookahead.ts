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

/** Options of {@link lookahead}. */
export interface LookaheadOptions {
  /** τ ≥ 1, inner steps between interpolations (k in Zhang et al.). Default 5. */
  readonly steps?: number;
  /** λ in (0, 1], how far the slow point moves towards the fast one (α in Zhang et al.). Default 0.5. */
  readonly weight?: number;
}

/** z is the slow point; the fast one is `inner.z`. */
export type LookaheadState<S extends State> = { readonly z: Vector; readonly inner: S; k: number };

/** Options of {@link lookahead}: what is accepted, and the defaults. */
export const lookaheadTable: OptionTable<LookaheadOptions> = {
  steps: option.integer({ about: 'inner steps between interpolations', symbol: 'τ', from: 1, default: 5 }),
  weight: option.number({
    about: 'how far the slow point moves towards the fast one',
    symbol: 'λ',
    above: 0,
    to: 1,
    default: 0.5,
  }),
};

/**
 * Lookahead: the inner method runs ahead; every τ-th of its steps
 *   z ← (1 − λ)z + λw,  all players at once, and the inner method restarts from z, its moments kept.
 *
 * One step is one *inner* step, so that a long τ can be saved half-way; `z` changes at every τ-th.
 * Converges where the inner method's τ-fold map is nonexpansive, though the inner method itself need not (gda
 * on xy). Oracle calls per step: the inner method's.
 * Source: Zhang, Lucas, Hinton, Ba 2019, arXiv 1907.08610; for games Chavdarova, Pagliardini, Stich, Fleuret,
 * Jaggi 2021, arXiv 2006.14567.
 */
export function lookahead<S extends State>(
  method: Method<S>,
  options: LookaheadOptions = {},
): Method<LookaheadState<S>> {
  checkMethod('lookahead', method);
  const { steps: τ, weight: λ } = parseOptions('method lookahead', lookaheadTable, options);
  return {
    name: 'lookahead',
    options: { method: { name: method.name, options: method.options }, steps: τ, weight: λ },
    ...(method.mostCalls === undefined ? {} : { mostCalls: method.mostCalls }),
    init: (space, z0) => ({ z: space.copy(z0), inner: method.init(space, z0), k: 0 }),
    begin(space) {
      const advance = method.begin(space);
      return function* (s) {
        yield* advance(s.inner);
        if (++s.k % τ !== 0) return;
        mix(s.z, λ, s.inner.z); // z ← (1 − λ)z + λw
        method.restart(s.inner, s.z);
      };
    },
    restart(s, z) {
      copy(s.z, z);
      method.restart(s.inner, z);
    },
    points: (s) => ({ last: s.inner.z }),
  };
}
