import { InputError, copy, scale, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';

/**
 * Gradient descent with momentum, as PyTorch's SGD, all players at once:
 *   g = F(z) + λz,  m ← μm + (1 − τ)g,  z⁺ = (I + γA)⁻¹(z − γm)
 * At first m = g; with Nesterov g + μm stands for m in the last.
 *
 * On L-smooth convex quadratics it converges for γ < 2(1 + μ)/L. On bilinear games it diverges for every γ.
 * Oracle calls per step: 1. Source: Polyak 1964; Sutskever, Martens, Dahl, Hinton, "On the importance of
 * initialization and momentum in deep learning", 2013; conventions as in PyTorch.
 */
export const sgdMomentum = method({
  name: 'sgd-momentum',
  group: 'baseline',
  about: 'gradient descent with momentum, as PyTorch’s SGD',
  when: 'the usual baseline for smooth minimisation, from batches, too; not for bilinear games',
  assumptions: 'convex quadratics: γ < 2(1 + μ)/L; a weight decay above 0 moves the solution',
  reference: 'Polyak 1964; Sutskever, Martens, Dahl, Hinton 2013',
  options: {
    stepSize: option.averagedStepSize,
    momentum: option.momentum(0.9),
    dampening: option.number({
      about: 'how much less than a whole gradient enters m',
      symbol: 'τ',
      from: 0,
      to: 1,
      default: 0,
    }),
    nesterov: option.flag({ about: 'look ahead: g + μm instead of m', default: false }),
    weightDecay: option.weightDecay(0),
  },
  calls: () => 1,
  memory: 2,
  elementwise: true,
  check({ nesterov, momentum: μ, dampening: τ }) {
    if (nesterov && !(μ > 0 && τ === 0))
      throw new InputError(
        `sgd-momentum with nesterov needs momentum > 0 and dampening = 0; found momentum = ${μ}, dampening = ${τ}`,
      );
  },
  /** m is the decaying sum of gradients. */
  init: (space, z0) => ({ z: space.copy(z0), m: space.vector(), k: 0 }),
  begin(space, { stepSize, momentum: μ, dampening: τ, nesterov, weightDecay: λ }) {
    const stepAt = mover(space, stepSize);
    return function* (s) {
      const move = stepAt(s.k);
      const g = yield s.z;
      if (λ > 0) waxpy(g, g, λ, s.z);
      scale(s.m, μ);
      waxpy(s.m, s.m, s.k++ === 0 ? 1 : 1 - τ, g); // m ← μm + (1 − τ)g
      if (nesterov) waxpy(g, g, μ, s.m);
      else copy(g, s.m);
      move(s.z, s.z, g);
    };
  },
});
