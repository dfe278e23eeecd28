import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { amsgradDirections, amsgradState } from '../../transforms/amsgrad.js';

/**
 * amsgrad-extragradient whose second player, the dual, has a decaying rate (AMSGrad-EG-DRD): x moves by γ,
 * y by γ/(1 + k)ᵖ,
 *   w  = (I + ΓA)⁻¹(z − Γ·AMSGrad(F(z)))
 *   z⁺ = (I + ΓA)⁻¹(z − Γ·AMSGrad(F(w))),  Γ = γ for x and γ/(1 + k)ᵖ for y
 *
 * Assumes a one-sided MVI, as amsgrad-extragradient. The abstract of the paper was read, the algorithm was
 * not: the update is a reconstruction, the power of k is Stillpoint’s. Oracle calls per step: 2, a fresh
 * sample each. For other schedules give amsgrad-extragradient one for each player. Source: Dou, Li, "On the
 * one-sided convergence of Adam-type algorithms in non-convex non-concave min-max optimization", 2021, arXiv
 * 2109.14213.
 */
export const amsgradExtragradientDrd = method({
  name: 'amsgrad-extragradient-drd',
  group: 'Adam',
  family: 'adam',
  about: 'amsgrad-extragradient with a decaying rate of the second player',
  when: 'if only the first player has to converge, as the generator of a GAN (dual=0)',
  assumptions: 'two players; one-sided MVI, for the gradient of the first; nothing for the second',
  reference: 'Dou, Li 2021, arXiv 2109.14213',
  options: {
    stepSize: option.number({
      about: 'rate of x, and the first one of y',
      symbol: 'γ',
      above: 0,
      default: 1e-3,
    }),
    power: option.number({ about: 'how fast the rate of y falls', symbol: 'p', above: 0, default: 0.5 }),
    dual: option.integer({
      about: 'which player is y, by index; for a GAN 0, the discriminator',
      from: 0,
      to: 1,
      default: 1,
    }),
    ...option.moments,
  },
  calls: () => 2,
  memory: 5,
  elementwise: true,
  players: 2,
  init: (space, z0) => ({ z: space.copy(z0), moments: amsgradState(space), k: 0 }),
  begin(space, { stepSize: γ, power, dual, beta1, beta2, epsilon }) {
    const w = space.vector();
    const falling = { kind: 'power', from: γ, steps: 1, power } as const; // γ/(1 + k)ᵖ
    const stepAt = mover(space, dual === 0 ? [falling, γ] : [γ, falling]);
    const direction = amsgradDirections(space, { beta1, beta2, epsilon });
    return function* (s) {
      const move = stepAt(s.k++);
      move(w, s.z, direction(s.moments, yield s.z)); // w  = (I + ΓA)⁻¹(z − Γ·AMSGrad(F(z)))
      move(s.z, s.z, direction(s.moments, yield w)); // z⁺ = (I + ΓA)⁻¹(z − Γ·AMSGrad(F(w)))
    };
  },
});
