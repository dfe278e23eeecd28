import type { Method } from '@stillpoint/operators';
import { mover } from '../move.js';
import { moveTo } from '../point.js';
import { adamDirections, adamState } from '../transforms/adam.js';
import type { AdamOptions, MomentsState } from './adam.js';

/**
 * ExtraAdam, with one set of moments that advances on both half steps:
 *   w  = (I + γA)⁻¹(z − γ·Adam(F(z)))
 *   z⁺ = (I + γA)⁻¹(z − γ·Adam(F(w)))
 *
 * No guarantee; extragradient's geometry with Adam's scaling. Oracle calls per step: 2, a fresh sample each.
 * Source: Gidel, Berard, Vignoud, Vincent, Lacoste-Julien 2019, arXiv 1802.10551, algorithm 4.
 */
export function extraAdam({ stepSize, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions): Method<MomentsState> {
  return {
    name: 'extra-adam', options: { stepSize, beta1, beta2, epsilon }, restart: moveTo,
    init: (space, z0) => ({ z: space.copy(z0), moments: adamState(space) }),
    begin(space) {
      const w = space.vector();
      const move = mover(space, stepSize);
      const direction = adamDirections(space, { beta1, beta2, epsilon });
      return function* (s) {
        move(w, s.z, direction(s.moments, yield s.z));          // w  = (I + γA)⁻¹(z − γ·Adam(F(z)))
        move(s.z, s.z, direction(s.moments, yield w));          // z⁺ = (I + γA)⁻¹(z − γ·Adam(F(w)))
      };
    },
  };
}
