import { copy, parseOptions, type Method, type OptionTable } from '@stillpoint/operators';
import { mover, type StepSize } from '../move.js';
import * as option from '../options.js';
import { moveTo, startAt, type PointState } from '../point.js';

/** Options of {@link multiStepExtragradient}. */
export interface MultiStepExtragradientOptions {
  /** γ > 0, the length of all exploration steps together, or one per player. */
  readonly stepSize: StepSize;
  /** τ ≥ 1, exploration steps. Default 2. */
  readonly innerSteps?: number;
  /** ᾱ in (0, 1], how much shorter the update is. Default 0.5. */
  readonly relaxation?: number;
}

/** Options of {@link multiStepExtragradient}: what is accepted, and the defaults. */
export const multiStepExtragradientTable: OptionTable<MultiStepExtragradientOptions> = {
  stepSize: option.γ(),
  innerSteps: option.innerSteps('exploration steps', 2),
  relaxation: option.relaxation(),
};

/**
 * Extragradient with several exploration steps:
 *   w = z;  τ times:  w ← (I + γ/τ·A)⁻¹(w − (γ/τ)F(w)), each from where the last one ended
 *   z⁺ = (I + ᾱγA)⁻¹(z − ᾱγF(w))
 *
 * Assumes weak Minty; more exploration reaches a more negative ρ: on linear games with γ = 1/L, small ᾱ and τ
 * = 1, 2, ∞ it converges for ρL > −1/2, −0.5764 and −0.6736 (own computation). τ = 1 is EG+. Oracle calls per
 * step: τ + 1. Source: Fan, Li, Chen, "Weaker MVI condition: extragradient methods with multi-step
 * exploration", 2024 (ICLR). Only its abstract and reviews were read; its exploration steps must be longer
 * together, since −0.5834 is reported for two: equal shares of γ are ours.
 */
export function multiStepExtragradient(options: MultiStepExtragradientOptions): Method<PointState> {
  const {
    stepSize,
    innerSteps: τ,
    relaxation: ᾱ,
  } = parseOptions('method multi-step-extragradient', multiStepExtragradientTable, options);
  return {
    name: 'multi-step-extragradient',
    options: { stepSize, innerSteps: τ, relaxation: ᾱ },
    init: startAt,
    restart: moveTo,
    begin(space) {
      const w = space.vector();
      const lookAt = mover(space, stepSize, 1 / τ);
      const stepAt = mover(space, stepSize, ᾱ);
      return function* (s) {
        const [look, step] = [lookAt(s.k), stepAt(s.k)];
        s.k++;
        copy(w, s.z);
        for (let t = 0; t < τ; t++) look(w, w, yield w); // w ← w − (γ/τ)F(w)
        step(s.z, s.z, yield w); // z⁺ = z − ᾱγF(w)
      };
    },
  };
}
