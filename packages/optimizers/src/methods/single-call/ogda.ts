import { copy, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';

/**
 * Optimistic gradient descent–ascent, with z₋₁ = z₀ (so the first step is gda's):
 *   z⁺ = (I + γA)⁻¹(z − γ(F(z) + β(F(z) − F(z₋))))
 *
 * Assumes F monotone and L-Lipschitz, β = 1, γ < 1/(2L). Without constraints its z is past-extragradient's w,
 * started with g₋₁ = F(z₀); with them it is forward-reflected-backward (which takes γ₋ for the correction if
 * γ varies; here both terms have γ). Oracle calls per step: 1. Source: Daskalakis, Ilyas, Syrgkanis, Zeng,
 * "Training GANs with optimism", 2018, arXiv 1711.00141. Others start with F(z₋₁) = 0.
 */
export const ogda = method({
  name: 'ogda',
  group: 'single-call',
  about: 'steps with twice the gradient minus the previous one',
  when: 'as past-extragradient; evaluates F at z itself, so that the losses at z cost nothing more',
  assumptions: 'F monotone and L-Lipschitz, γ < 1/(2L)',
  reference: 'Daskalakis, Ilyas, Syrgkanis, Zeng 2018, arXiv 1711.00141',
  options: {
    stepSize: option.stepSize({ perLipschitz: 0.49 }),
    optimism: option.number({ about: 'weight of the correction', symbol: 'β', from: 0, default: 1 }),
  },
  calls: () => 1,
  memory: 3,
  elementwise: true,
  init: (space, z0) => ({ z: space.copy(z0), g: space.vector(), k: 0 }),
  begin(space, { stepSize, optimism: β }) {
    const d = space.vector();
    const stepAt = mover(space, stepSize);
    return function* (s) {
      const F = yield s.z;
      if (s.k === 0) copy(s.g, F); // z₋₁ = z₀
      waxpy(d, F, -1, s.g);
      waxpy(d, F, β, d); // F(z) + β(F(z) − F(z₋))
      copy(s.g, F);
      stepAt(s.k++)(s.z, s.z, d);
    };
  },
});
