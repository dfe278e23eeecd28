import { copy, mix, parseOptions, type Method, type OptionTable, type Vector } from '@stillpoint/operators';
import { mover, type StepSize } from '../move.js';
import * as option from '../options.js';

/** Options of {@link anchoredPopov}. */
export interface AnchoredPopovOptions {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
}

/** g is the last gradient asked for, F(w₋). */
export type AnchoredPastState = {
  readonly z: Vector;
  readonly anchor: Vector;
  readonly g: Vector;
  k: number;
};

/** Options of {@link anchoredPopov}: what is accepted, and the defaults. */
export const anchoredPopovTable: OptionTable<AnchoredPopovOptions> = { stepSize: option.γ('1/8') };

/**
 * Anchored Popov: eag-c with the gradient of the step before in the place of F(z), 0 in the first (so w₀ =
 * z₀); β = 1/(k + 2):
 *   w  = (I + γA)⁻¹(z + β(z₀ − z) − γg₋)
 *   g  = F(w),  z⁺ = (I + γA)⁻¹(z + β(z₀ − z) − γg)
 *
 * Assumes F monotone and L-Lipschitz and a small γ: the last iterate's ‖F(z)‖² is O(1/k²). The source varies
 * γ a little with k (γ_k falls to a positive limit); a constant one is used here. Oracle calls per step: 1.
 * Source: Tran-Dinh, Luo, "Halpern-type accelerated and splitting algorithms for monotone inclusions", 2021,
 * arXiv 2110.08150.
 */
export function anchoredPopov(options: AnchoredPopovOptions): Method<AnchoredPastState> {
  const { stepSize } = parseOptions('method anchored-popov', anchoredPopovTable, options);
  return {
    name: 'anchored-popov',
    options: { stepSize },
    init: (space, z0) => ({ z: space.copy(z0), anchor: space.copy(z0), g: space.vector(), k: 0 }),
    restart(s, z) {
      copy(s.z, z);
      copy(s.anchor, z);
    },
    begin(space) {
      const [a, w] = [space.vector(), space.vector()];
      const stepAt = mover(space, stepSize);
      return function* (s) {
        const move = stepAt(s.k);
        mix(copy(a, s.z), 1 / (s.k++ + 2), s.anchor); // z + β(z₀ − z)
        move(w, a, s.g);
        move(s.z, a, copy(s.g, yield w));
      };
    },
  };
}
