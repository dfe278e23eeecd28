import { copy, parseOptions, waxpy, type Method, type OptionTable } from '@stillpoint/operators';
import { mover, type StepSize } from '../move.js';
import * as option from '../options.js';
import { moveTo, startAt, type PointState } from '../point.js';

/** Options of {@link consensus}. */
export interface ConsensusOptions {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
  /** c ≥ 0, weight of ½‖F‖² beside the losses. Default 1. */
  readonly penalty?: number;
}

/** Options of {@link consensus}: what is accepted, and the defaults. */
export const consensusTable: OptionTable<ConsensusOptions> = {
  stepSize: option.γ('0.2'),
  penalty: option.penalty,
};

/**
 * Consensus optimisation: gradient steps on the losses and on ½‖F‖² at once:
 *   z⁺ = (I + γA)⁻¹(z − γ(F(z) + cJ(z)ᵀF(z)))
 *
 * Converges locally where J is invertible, c large enough and γ small; ½‖F‖² then attracts to any F = 0,
 * maxima of losses included. Oracle calls per step: 1, and one product with Jᵀ. Source: Mescheder, Nowozin,
 * Geiger, "The numerics of GANs", 2017, arXiv 1705.10461.
 */
export function consensus(options: ConsensusOptions): Method<PointState> {
  const { stepSize, penalty: c } = parseOptions('method consensus', consensusTable, options);
  return {
    name: 'consensus',
    options: { stepSize, penalty: c },
    init: startAt,
    restart: moveTo,
    begin(space) {
      const F = space.vector();
      const stepAt = mover(space, stepSize);
      return function* (s) {
        copy(F, yield s.z);
        waxpy(F, F, c, yield { want: 'product', at: s.z, along: F, transposed: true }); // F + cJᵀF
        stepAt(s.k++)(s.z, s.z, F);
      };
    },
  };
}
