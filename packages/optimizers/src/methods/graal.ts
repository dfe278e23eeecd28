import { copy, mix, parseOptions, type Method, type OptionTable, type Vector } from '@stillpoint/operators';
import { mover, type StepSize } from '../move.js';
import * as option from '../options.js';

/** Options of {@link graal}. */
export interface GraalOptions {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
}

/** bar is z̄, a running mean of the iterates. */
export type GoldenState = { readonly z: Vector; readonly bar: Vector; k: number };

/** φ, the golden ratio: φ² = φ + 1. */
const φ = (1 + Math.sqrt(5)) / 2;

/** Options of {@link graal}: what is accepted, and the defaults. */
export const graalTable: OptionTable<GraalOptions> = { stepSize: option.γ('0.8') };

/**
 * Golden ratio algorithm, with z̄₋₁ = z₀:
 *   z̄  = ((φ − 1)z + z̄₋)/φ,   φ = (1 + √5)/2
 *   z⁺ = (I + γA)⁻¹(z̄ − γF(z))
 *
 * Assumes F monotone and L-Lipschitz, γ ≤ φ/(2L). Oracle calls per step: 1.
 * Source: Malitsky, "Golden ratio algorithms for variational inequalities", 2020, arXiv 1803.08832.
 */
export function graal(options: GraalOptions): Method<GoldenState> {
  const { stepSize } = parseOptions('method graal', graalTable, options);
  return {
    name: 'graal',
    options: { stepSize },
    init: (space, z0) => ({ z: space.copy(z0), bar: space.copy(z0), k: 0 }),
    restart(s, z) {
      copy(s.z, z);
      copy(s.bar, z);
    },
    begin(space) {
      const stepAt = mover(space, stepSize);
      return function* (s) {
        mix(s.bar, 1 - 1 / φ, s.z); // z̄  = ((φ − 1)z + z̄₋)/φ
        stepAt(s.k++)(s.z, s.bar, yield s.z); // z⁺ = (I + γA)⁻¹(z̄ − γF(z))
      };
    },
  };
}
