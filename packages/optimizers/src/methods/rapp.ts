import { copy, mix, parseOptions, type Method, type OptionTable } from '@stillpoint/operators';
import { mover, type StepSize } from '../move.js';
import * as option from '../options.js';
import { moveTo, startAt, type PointState } from '../point.js';

/** Options of {@link rapp}. */
export interface RappOptions {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
  /** τ ≥ 1, inner steps towards the resolvent. Default 3. */
  readonly innerSteps?: number;
  /** λ in (0, 1], how far to move towards it; 1 is the unrelaxed method (APP). Default 0.5. */
  readonly weight?: number;
}

/** Options of {@link rapp}: what is accepted, and the defaults. */
export const rappTable: OptionTable<RappOptions> = { stepSize: option.γ('0.9'), ...option.proximal };

/**
 * Relaxed approximate proximal point:
 *   w = z;  τ times:  w ← (I + γA)⁻¹(z − γF(w)), always from the anchor z
 *   z⁺ = (1 − λ)z + λw
 *
 * Assumes A + F ρ-comonotone, F L-Lipschitz, γ in (max(0, −2ρ), 1/L), so ρ > −1/(2L), or γ > −ρ and λ < 2(γ +
 * ρ)/γ, so ρ > −1/L; the inner loop contracts by γL, and τ must be large enough for that: at γ = 1/L no τ is.
 * τ = 1 is gda with step λγ, τ = 2 without constraints is EG+. Oracle calls per step: τ.
 * Source: Pethick, Xie, Cevher, "Stable nonconvex-nonconcave training via linear interpolation", 2023, arXiv
 * 2310.13459.
 */
export function rapp(options: RappOptions): Method<PointState> {
  const { stepSize, innerSteps: τ, weight: λ } = parseOptions('method rapp', rappTable, options);
  return {
    name: 'rapp',
    options: { stepSize, innerSteps: τ, weight: λ },
    init: startAt,
    restart: moveTo,
    begin(space) {
      const w = space.vector();
      const stepAt = mover(space, stepSize);
      return function* (s) {
        const move = stepAt(s.k++);
        copy(w, s.z);
        for (let t = 0; t < τ; t++) move(w, s.z, yield w); // w ← (I + γA)⁻¹(z − γF(w))
        mix(s.z, λ, w); // z⁺ = (1 − λ)z + λw
      };
    },
  };
}
