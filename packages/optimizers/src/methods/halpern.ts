import { copy, mix, parseOptions, type Method, type OptionTable, type Vector } from '@stillpoint/operators';
import { mover, type StepSize } from '../move.js';
import * as option from '../options.js';

/** Options of {@link halpern}. */
export interface HalpernOptions {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
}

/** anchor is z₀, towards which every step is drawn. */
export type AnchoredState = { readonly z: Vector; readonly anchor: Vector; k: number };

/** z = anchor = z₀. */
export function anchoredAt(z: Vector, anchor: Vector): AnchoredState {
  return { z, anchor, k: 0 };
}
/** A new start: the anchor moves as well; k stays. */
export function reanchor(s: AnchoredState, z: Vector): void {
  copy(s.z, z);
  copy(s.anchor, z);
}

/** Options of {@link halpern}: what is accepted, and the defaults. */
export const halpernTable: OptionTable<HalpernOptions> = {
  stepSize: option.γ('1/ℓ where the game states that F is cocoercive (facts.cocoercive), else 1'),
};

/**
 * Halpern's iteration on the forward–backward map T = (I + γA)⁻¹(I − γF):
 *   z⁺ = βz₀ + (1 − β)Tz,  β = 1/(k + 2),  k = 0, 1, …
 *
 * Assumes T nonexpansive: F cocoercive with ℓ, γ ≤ 2/ℓ. Then ‖z − Tz‖ ≤ 2‖z₀ − z*‖/(k + 1), which cannot be
 * improved. For F that is merely monotone take eag-c, or double-loop-halpern. Oracle calls per step: 1.
 * Source: Halpern 1967; Lieder 2021 for the rate; Diakonikolas 2020, arXiv 2002.08872 for monotone
 * inclusions.
 */
export function halpern(options: HalpernOptions): Method<AnchoredState> {
  const { stepSize } = parseOptions('method halpern', halpernTable, options);
  return {
    name: 'halpern',
    options: { stepSize },
    restart: reanchor,
    init: (space, z0) => anchoredAt(space.copy(z0), space.copy(z0)),
    begin(space) {
      const stepAt = mover(space, stepSize);
      return function* (s) {
        const β = 1 / (s.k + 2);
        stepAt(s.k++)(s.z, s.z, yield s.z); // Tz
        mix(s.z, β, s.anchor); // z⁺ = βz₀ + (1 − β)Tz
      };
    },
  };
}
