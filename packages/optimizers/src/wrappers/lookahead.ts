import { copy, integer, mix, number } from '@stillpoint/operators';
import { wrapper } from '../method.js';

/**
 * Lookahead: the inner method runs ahead; every τ-th of its steps
 *   z ← (1 − λ)z + λw,  all players at once, and the inner method restarts from z, its moments kept.
 *
 * One step is one *inner* step, so that a long τ can be saved half-way; `z` changes at every τ-th. Converges
 * if the inner method's τ-fold map is nonexpansive, even if the inner method itself does not converge (gda on
 * xy). Oracle calls per step: the inner method's.
 * Source: Zhang, Lucas, Hinton, Ba 2019, arXiv 1907.08610; for games Chavdarova, Pagliardini, Stich, Fleuret,
 * Jaggi 2021, arXiv 2006.14567.
 */
export const lookahead = wrapper({
  name: 'lookahead',
  about: 'makes τ steps of a method, then moves part of the way to where they led',
  when: 'around any method that cycles: GANs under Adam, games with limit cycles under gda',
  assumptions: 'the method’s τ-fold map nonexpansive; the method itself need not converge',
  reference: 'Zhang et al. 2019, arXiv 1907.08610; Chavdarova et al. 2021, arXiv 2006.14567',
  takes: ['method'],
  options: {
    /** k in Zhang et al. */
    steps: integer({ about: 'inner steps between interpolations', symbol: 'τ', from: 1, default: 5 }),
    /** α in Zhang et al. */
    weight: number({
      about: 'how far the slow point moves towards the fast one',
      symbol: 'λ',
      above: 0,
      to: 1,
      default: 0.5,
    }),
  },
  memory: '1 + the method’s',
  elementwise: true,
  innerShare: ({ steps: τ }, { group }) => (group === 'baseline' ? 1 / τ : 1),
  /** z is the slow point; the fast one is `inner.z`. */
  init: (space, z0, { method }) => ({ z: space.copy(z0), inner: method.init(space, z0), k: 0 }),
  restart(s, z, { method }) {
    copy(s.z, z);
    method.restart(s.inner, z);
  },
  points: (s) => ({ last: s.inner.z }),
  figures: (s, { method }) => method.figures?.(s.inner) ?? {},
  begin(space, { method, steps: τ, weight: λ }) {
    const advance = method.begin(space);
    return function* (s) {
      yield* advance(s.inner);
      if (++s.k % τ !== 0) return;
      mix(s.z, λ, s.inner.z); // z ← (1 − λ)z + λw
      method.restart(s.inner, s.z);
    };
  },
});
