import { copy, mix, parseOptions, type Method, type OptionTable } from '@stillpoint/operators';
import { mover, type StepSize } from '../move.js';
import * as option from '../options.js';
import { anchoredAt, reanchor, type AnchoredState } from './halpern.js';

/** Options of {@link eagC}. */
export interface EagCOptions {
  /** γ > 0 (Yoon and Ryu's α), or one per player. Default: 1/(8L). */
  readonly stepSize: StepSize;
}

/** Options of {@link eagC}: what is accepted, and the defaults. */
export const eagCTable: OptionTable<EagCOptions> = { stepSize: option.γ('1/8') };

/**
 * Extra anchored gradient with constant step size, β = 1/(k + 2), k = 0, 1, …:
 *   w  = (I + γA)⁻¹(z + β(z₀ − z) − γF(z))
 *   z⁺ = (I + γA)⁻¹(z + β(z₀ − z) − γF(w))
 *
 * Assumes F monotone and L-Lipschitz, γ = 1/(8L): the last iterate's ‖F(z)‖² is O(1/k²). Their k starts at 0,
 * as here. Oracle calls per step: 2. Source: Yoon, Ryu 2021, arXiv 2102.07922. With constraints, the same
 * moves projected: no guarantee.
 */
export function eagC(options: EagCOptions): Method<AnchoredState> {
  const { stepSize } = parseOptions('method eag-c', eagCTable, options);
  return {
    name: 'eag-c',
    options: { stepSize },
    restart: reanchor,
    init: (space, z0) => anchoredAt(space.copy(z0), space.copy(z0)),
    begin(space) {
      const [a, w] = [space.vector(), space.vector()];
      const stepAt = mover(space, stepSize);
      return function* (s) {
        const move = stepAt(s.k);
        const β = 1 / (s.k++ + 2);
        mix(copy(a, s.z), β, s.anchor); // z + β(z₀ − z)
        move(w, a, yield s.z);
        move(s.z, a, yield w);
      };
    },
  };
}
