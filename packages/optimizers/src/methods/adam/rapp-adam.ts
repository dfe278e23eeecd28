import { copy, mix } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { adamDirections, adamState } from '../../transforms/adam.js';

/**
 * RAPP with Adam's direction inside, all players together, a fresh sample per inner call:
 *   w = z;  τ times:  w ← (I + γA)⁻¹(z − γ·Adam(F(w))), one set of moments that advances at every inner call
 *   z⁺ = (1 − λ)z + λw
 *
 * No guarantee: RAPP's theory covers the gradient form. Oracle calls per step: τ.
 * Source: Pethick, Xie, Cevher 2023, arXiv 2310.13459, for RAPP; the combination with Adam is Stillpoint's
 * own, since no version in the authors' code runs.
 */
export const rappAdam = method({
  name: 'rapp-adam',
  group: 'Adam',
  family: 'adam',
  about: 'RAPP with Adam’s direction inside',
  when: 'for comparison: on the GANs measured here it is worse than alternating-adam and lookahead',
  assumptions: 'no guarantee; RAPP’s theory covers its gradient form',
  reference: 'Pethick, Xie, Cevher 2023, arXiv 2310.13459',
  options: {
    stepSize: option.adamStepSize,
    ...option.moments,
    ...option.proximal,
  },
  calls: ({ innerSteps: τ }) => τ,
  memory: 4,
  elementwise: true,
  init: (space, z0) => ({ z: space.copy(z0), moments: adamState(space), k: 0 }),
  begin(space, { stepSize, beta1, beta2, epsilon, innerSteps: τ, weight: λ }) {
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
});
