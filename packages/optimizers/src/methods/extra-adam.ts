import { parseOptions, type Method, type OptionTable } from '@stillpoint/operators';
import { mover } from '../move.js';
import * as option from '../options.js';
import { moveTo } from '../point.js';
import { adamDirections, adamState } from '../transforms/adam.js';
import type { AdamOptions, MomentsState } from './adam.js';

/** Options of {@link extraAdam}. */
export interface ExtraAdamOptions extends AdamOptions {
  /** ᾱ in (0, 1], how much shorter the second step is; ½ makes it ExtraAdam+. Default 1. */
  readonly relaxation?: number;
}

/** Options of {@link extraAdam}: what is accepted, and the defaults. */
export const extraAdamTable: OptionTable<ExtraAdamOptions> = {
  stepSize: option.adamStep,
  ...option.moments,
  relaxation: option.relaxation(1),
};

/**
 * ExtraAdam, with one set of moments that advances on both half steps:
 *   w  = (I + γA)⁻¹(z − γ·Adam(F(z)))
 *   z⁺ = (I + γA)⁻¹(z − ᾱγ·Adam(F(w)))
 *
 * No guarantee; extragradient's geometry with Adam's scaling. Oracle calls per step: 2, a fresh sample each.
 * Source: Gidel, Berard, Vignoud, Vincent, Lacoste-Julien 2019, arXiv 1802.10551, algorithm 4.
 */
export function extraAdam(options: ExtraAdamOptions): Method<MomentsState> {
  const {
    stepSize,
    beta1,
    beta2,
    epsilon,
    relaxation: ᾱ,
  } = parseOptions('method extra-adam', extraAdamTable, options);
  return {
    name: 'extra-adam',
    options: { stepSize, beta1, beta2, epsilon, relaxation: ᾱ },
    restart: moveTo,
    init: (space, z0) => ({ z: space.copy(z0), moments: adamState(space), k: 0 }),
    begin(space) {
      const w = space.vector();
      const lookAt = mover(space, stepSize);
      const stepAt = mover(space, stepSize, ᾱ);
      const direction = adamDirections(space, { beta1, beta2, epsilon });
      return function* (s) {
        const [look, step] = [lookAt(s.k), stepAt(s.k)];
        s.k++;
        look(w, s.z, direction(s.moments, yield s.z)); // w  = (I + γA)⁻¹(z − γ·Adam(F(z)))
        step(s.z, s.z, direction(s.moments, yield w)); // z⁺ = (I + γA)⁻¹(z − ᾱγ·Adam(F(w)))
      };
    },
  };
}
