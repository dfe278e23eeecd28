import { copy, mix, parseOptions, type Method, type OptionTable } from '@stillpoint/operators';
import { mover } from '../move.js';
import * as option from '../options.js';
import { moveTo } from '../point.js';
import { adamDirections, adamState } from '../transforms/adam.js';
import type { AdamOptions, MomentsState } from './adam.js';

/** Options of {@link rappAdam}. */
export interface RappAdamOptions extends AdamOptions {
  /** τ ≥ 1, inner steps. Default 3. */
  readonly innerSteps?: number;
  /** λ in (0, 1]. Default 0.5. */
  readonly weight?: number;
}

/** Options of {@link rappAdam}: what is accepted, and the defaults. */
export const rappAdamTable: OptionTable<RappAdamOptions> = {
  stepSize: option.adamStep,
  ...option.moments,
  ...option.proximal,
};

/**
 * RAPP with Adam's direction inside, all players together, a fresh sample per inner call:
 *   w = z;  τ times:  w ← (I + γA)⁻¹(z − γ·Adam(F(w))), one set of moments that advances at every inner call
 *   z⁺ = (1 − λ)z + λw
 *
 * No guarantee: RAPP's theory covers the gradient form. Oracle calls per step: τ.
 * Source: Pethick, Xie, Cevher 2023, arXiv 2310.13459, for RAPP; this composition is Stillpoint's, their code
 * has none that runs.
 */
export function rappAdam(options: RappAdamOptions): Method<MomentsState> {
  const {
    stepSize,
    beta1,
    beta2,
    epsilon,
    innerSteps: τ,
    weight: λ,
  } = parseOptions('method rapp-adam', rappAdamTable, options);
  return {
    name: 'rapp-adam',
    options: { stepSize, beta1, beta2, epsilon, innerSteps: τ, weight: λ },
    restart: moveTo,
    init: (space, z0) => ({ z: space.copy(z0), moments: adamState(space), k: 0 }),
    begin(space) {
      const w = space.vector();
      const stepAt = mover(space, stepSize);
      const direction = adamDirections(space, { beta1, beta2, epsilon });
      return function* (s) {
        const move = stepAt(s.k++);
        copy(w, s.z);
        for (let t = 0; t < τ; t++) move(w, s.z, direction(s.moments, yield w));
        mix(s.z, λ, w); // z⁺ = (1 − λ)z + λw
      };
    },
  };
}
