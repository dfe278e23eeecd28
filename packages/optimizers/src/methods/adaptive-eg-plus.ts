import {
  InputError,
  copy,
  dot,
  parseOptions,
  waxpy,
  type Method,
  type OptionTable,
} from '@stillpoint/operators';
import * as option from '../options.js';
import { moveTo, startAt, type PointState } from '../point.js';

/** Options of {@link adaptiveEgPlus}. */
export interface AdaptiveEgPlusOptions {
  /** γ > 0, one for all players. */
  readonly stepSize: number;
  /** λ in (0, 2). Default 1. */
  readonly weight?: number;
  /**
   * σ in (−γ/2, ρ], a guess of the weak-Minty constant. Default: −0.99γ/2, which assumes as little as
   * possible.
   */
  readonly weakMinty?: number | null;
}

/** Options of {@link adaptiveEgPlus}: what is accepted, and the defaults. */
export const adaptiveEgPlusTable: OptionTable<AdaptiveEgPlusOptions> = {
  stepSize: option.oneγ('0.9'),
  weight: option.weight(1, 2),
  weakMinty: {
    ...option.number({ about: 'guess of the weak-Minty constant', symbol: 'σ' }),
    default: null,
    expected: 'a number; null: −0.99γ/2',
    accepts: (value) => value === null || typeof value === 'number',
  },
};

/**
 * AdaptiveEG+, CEG+ with the longest step that the two gradients allow; H = I − γF:
 *   z̄ = (I + γA)⁻¹(Hz),   α = σ/γ + ⟨z̄ − z, Hz̄ − Hz⟩ / ‖Hz̄ − Hz‖²
 *   z⁺ = z + λα(Hz̄ − Hz)
 *
 * Assumes weak Minty of A + F with ρ ≥ σ > −γ/2, F L-Lipschitz, γ ≤ 1/L. α ≥ ½ + σ/γ. Oracle calls per step:
 * 2. Source: Pethick, Latafat, Patrinos, Fercoq, Cevher 2022, arXiv 2302.09831, algorithm 1.
 */
export function adaptiveEgPlus(options: AdaptiveEgPlusOptions): Method<PointState> {
  const {
    stepSize: γ,
    weight: λ,
    weakMinty,
  } = parseOptions('method adaptive-eg-plus', adaptiveEgPlusTable, options);
  const σ = weakMinty ?? (-0.99 * γ) / 2;
  if (!(σ > -γ / 2))
    throw new InputError(
      `adaptive-eg-plus: weakMinty is ${σ}; expected a number above −stepSize/2 = ${-γ / 2}`,
    );
  return {
    name: 'adaptive-eg-plus',
    options: { stepSize: γ, weight: λ, weakMinty },
    init: startAt,
    restart: moveTo,
    begin(space) {
      const [h, bar, d] = [space.vector(), space.vector(), space.vector()];
      return function* (s) {
        s.k++;
        waxpy(h, s.z, -γ, yield s.z); // Hz
        space.prox(copy(bar, h), γ); // z̄ = (I + γA)⁻¹(Hz)
        waxpy(d, bar, -γ, yield bar);
        waxpy(d, d, -1, h); // Hz̄ − Hz
        waxpy(bar, bar, -1, s.z);
        const square = dot(d, d);
        if (square === 0) return; // z̄ solves the problem
        const α = σ / γ + dot(bar, d) / square;
        waxpy(s.z, s.z, λ * α, d); // z⁺ = z + λα(Hz̄ − Hz)
      };
    },
  };
}
