import { copy, parseOptions, type Method, type OptionTable } from '@stillpoint/operators';
import * as option from '../options.js';
import { moveTo, startAt, type PointState } from '../point.js';
import { resolvent, resolventCalls } from '../resolvent.js';

/** Options of {@link proximalPoint}. */
export interface ProximalPointOptions {
  /** γ > 0, one for all players; it may be larger than 1/L. */
  readonly stepSize: number;
  /** How large the error may be, as a share of the step ‖z⁺ − z‖. Default 1e-3. */
  readonly tolerance?: number;
  /** τ ≥ 1, inner steps at most. Default 200. */
  readonly innerSteps?: number;
}

/** Options of {@link proximalPoint}: what is accepted, and the defaults. */
export const proximalPointTable: OptionTable<ProximalPointOptions> = {
  stepSize: option.oneγ(),
  tolerance: option.tolerance('error allowed, as a share of the step', 1e-3),
  innerSteps: option.innerSteps('inner steps at most', 200),
};

/**
 * Proximal point, the resolvent found by inner forward–backward–forward steps with a line search
 * (resolvent.ts):
 *   z⁺ = (I + γ(A + F))⁻¹(z), up to an error of at most tolerance·‖z⁺ − z‖
 *
 * Assumes A + F maximally monotone, any γ; or ρ-comonotone, F L-Lipschitz and −2ρ < γ < 1/(|ρ|L²), for the
 * inner loop's sake. ‖z⁺ − z‖ falls, O(1/√K).
 * Oracle calls per step: 2 for each inner step, and 1 for each shortening in its line search.
 * Source: Rockafellar, "Monotone operators and the proximal point algorithm", 1976; the relative error as in
 * Solodov, Svaiter 1999.
 */
export function proximalPoint(options: ProximalPointOptions): Method<PointState> {
  const { stepSize, tolerance, innerSteps } = parseOptions(
    'method proximal-point',
    proximalPointTable,
    options,
  );
  const inner = { stepSize, innerSteps };
  return {
    name: 'proximal-point',
    options: { stepSize, tolerance, innerSteps },
    init: startAt,
    restart: moveTo,
    mostCalls: resolventCalls(inner),
    begin(space) {
      const w = space.vector();
      const solve = resolvent(space, inner);
      return function* (s) {
        s.k++;
        yield* solve(w, s.z, (moved) => tolerance * moved);
        copy(s.z, w); // z⁺ = (I + γ(A + F))⁻¹(z)
      };
    },
  };
}
