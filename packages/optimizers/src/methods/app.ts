import { parseOptions, type Method, type OptionTable } from '@stillpoint/operators';
import type { StepSize } from '../move.js';
import * as option from '../options.js';
import type { PointState } from '../point.js';
import { rapp } from './rapp.js';

/** Options of {@link app}. */
export interface AppOptions {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
  /** τ ≥ 1, inner steps towards the resolvent. Default 3. */
  readonly innerSteps?: number;
}

/** Options of {@link app}: what is accepted, and the defaults. */
export const appTable: OptionTable<AppOptions> = {
  stepSize: option.γ('0.9'),
  innerSteps: option.proximal.innerSteps,
};

/**
 * Approximate proximal point: rapp without relaxation, λ = 1:
 *   w = z;  τ times:  w ← (I + γA)⁻¹(z − γF(w)), always from the anchor z
 *   z⁺ = w
 *
 * Assumes A + F monotone, F L-Lipschitz, γ < 1/L; unlike rapp it may cycle where only weak Minty holds, γ >
 * 1/L or not. Oracle calls per step: τ. Source: Pethick, Xie, Cevher 2023, arXiv 2310.13459, section 7.
 */
export function app(options: AppOptions): Method<PointState> {
  const { stepSize, innerSteps } = parseOptions('method app', appTable, options);
  return { ...rapp({ stepSize, innerSteps, weight: 1 }), name: 'app', options: { stepSize, innerSteps } };
}
