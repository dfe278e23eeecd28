import { parseOptions, type Method, type OptionTable, type Vector } from '@stillpoint/operators';
import { mover } from '../move.js';
import * as option from '../options.js';
import { moveTo } from '../point.js';
import { amsgradDirections, amsgradState, type AmsgradState } from '../transforms/amsgrad.js';
import type { AdamOptions } from './adam.js';

/** z, and AMSGrad’s memory of gradients. */
export type PeakedState = { readonly z: Vector; readonly moments: AmsgradState; k: number };

/** Options of {@link amsgrad}: what is accepted, and the defaults. */
export const amsgradTable: OptionTable<AdamOptions> = { stepSize: option.adamStep, ...option.moments };

/**
 * Simultaneous AMSGrad, Adam with second moments that never fall:  z⁺ = (I + γA)⁻¹(z − γ·AMSGrad(F(z))),  all
 * players at once.
 *
 * No guarantee for games; for minimisation it mends Adam's proof. Oracle calls per step: 1.
 * Source: Reddi, Kale, Kumar, "On the convergence of Adam and beyond", 2018, arXiv 1904.09237.
 */
export function amsgrad(options: AdamOptions): Method<PeakedState> {
  const { stepSize, beta1, beta2, epsilon } = parseOptions('method amsgrad', amsgradTable, options);
  return {
    name: 'amsgrad',
    options: { stepSize, beta1, beta2, epsilon },
    restart: moveTo,
    init: (space, z0) => ({ z: space.copy(z0), moments: amsgradState(space), k: 0 }),
    begin(space) {
      const stepAt = mover(space, stepSize);
      const direction = amsgradDirections(space, { beta1, beta2, epsilon });
      return function* (s) {
        const move = stepAt(s.k++);
        move(s.z, s.z, direction(s.moments, yield s.z)); // z⁺ = (I + γA)⁻¹(z − γ·AMSGrad(F(z)))
      };
    },
  };
}
