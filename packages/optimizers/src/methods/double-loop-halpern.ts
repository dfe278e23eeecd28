import { InputError, mix, parseOptions, type Method, type OptionTable } from '@stillpoint/operators';
import * as option from '../options.js';
import { resolvent, resolventCalls } from '../resolvent.js';
import { anchoredAt, reanchor, type AnchoredState } from './halpern.js';

/** Options of {@link doubleLoopHalpern}. */
export interface DoubleLoopHalpernOptions {
  /** γ > 0, one for all players. */
  readonly stepSize: number;
  /** ρ of comonotonicity, ρ > −γ. Default: the game's, else 0. */
  readonly comonotone?: number;
  /** How large the error of step k may be, as a share of ‖w − z‖, times (k + 1). Default 0.1. */
  readonly tolerance?: number;
  /** τ ≥ 1, inner steps at most. Default 200. */
  readonly innerSteps?: number;
}

/** Options of {@link doubleLoopHalpern}: what is accepted, and the defaults. */
export const doubleLoopHalpernTable: OptionTable<DoubleLoopHalpernOptions> = {
  stepSize: option.oneγ('0.99'),
  comonotone: option.comonotone,
  tolerance: option.tolerance('error allowed in step k, as a share of the step, times k + 1', 0.1),
  innerSteps: option.innerSteps('inner steps at most', 200),
};

/**
 * Halpern's iteration on a relaxed resolvent, which inner forward–backward–forward steps find (resolvent.ts);
 * β = 1/(k + 2):
 *   w  ≈ (I + γ(A + F))⁻¹(z)
 *   z⁺ = βz₀ + (1 − β)((1 − α)z + αw),   α = 1 + ρ/γ
 *
 * Assumes A + F ρ-comonotone, F L-Lipschitz, −ρ < γ < 1/L: by conic nonexpansiveness the range is ρ > −1/L.
 * ‖z − w‖ = O(1/k) for exact resolvents. Oracle calls per step: 2 for each inner step, and 1 for each
 * shortening in its line search. Source: Alacaoglu, Kim, Wright, "Revisiting inexact fixed-point iterations
 * for min-max problems", 2024, arXiv 2402.05071. Their inner loop makes a number of steps fixed beforehand,
 * of the order of log k; here a certified error ends it.
 */
export function doubleLoopHalpern(options: DoubleLoopHalpernOptions): Method<AnchoredState> {
  const {
    stepSize,
    comonotone: ρ,
    tolerance,
    innerSteps,
  } = parseOptions('method double-loop-halpern', doubleLoopHalpernTable, options);
  if (!(ρ > -stepSize))
    throw new InputError(
      `double-loop-halpern: comonotone is ${ρ}; expected a number above −stepSize = ${-stepSize}`,
    );
  const inner = { stepSize, innerSteps };
  const α = 1 + ρ / stepSize;
  return {
    name: 'double-loop-halpern',
    options: { stepSize, comonotone: ρ, tolerance, innerSteps },
    restart: reanchor,
    mostCalls: resolventCalls(inner),
    init: (space, z0) => anchoredAt(space.copy(z0), space.copy(z0)),
    begin(space) {
      const w = space.vector();
      const solve = resolvent(space, inner);
      return function* (s) {
        const k = s.k++;
        yield* solve(w, s.z, (moved) => (tolerance * moved) / (k + 1));
        mix(s.z, α, w);
        mix(s.z, 1 / (k + 2), s.anchor); // z⁺ = βz₀ + (1 − β)((1 − α)z + αw)
      };
    },
  };
}
