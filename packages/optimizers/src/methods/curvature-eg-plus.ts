import {
  copy,
  distance,
  dot,
  parseOptions,
  waxpy,
  type Method,
  type OptionTable,
  type Vector,
} from '@stillpoint/operators';
import * as option from '../options.js';
import { moveTo } from '../point.js';
import { spectralNorm, startDirection } from '../spectral-norm.js';

/** Options of {@link curvatureEgPlus}. */
export interface CurvatureEgPlusOptions {
  /** ν in (0, 1): γ starts as ν/‖J(z)‖. Default 0.99. */
  readonly safety?: number;
  /** τ in (0, 1): γ ← τγ while it is too long. Default 0.5. */
  readonly shrink?: number;
  /** λ in (0, 2). Default 1. */
  readonly weight?: number;
}

/** v is the direction in which J stretched most: where the next search for it starts. */
export type CurvatureState = { readonly z: Vector; readonly v: Vector };

/** A step size that is halved this often has met an F that is not continuous. */
const MOST = 60;

/** Options of {@link curvatureEgPlus}: what is accepted, and the defaults. */
export const curvatureEgPlusTable: OptionTable<CurvatureEgPlusOptions> = {
  safety: option.number({ about: 'γ starts as ν/‖J(z)‖', symbol: 'ν', above: 0, below: 1, default: 0.99 }),
  shrink: option.number({
    about: 'what γ is multiplied by while it is too long',
    symbol: 'τ',
    above: 0,
    below: 1,
    default: 0.5,
  }),
  weight: option.weight(1, 2),
};

/**
 * CurvatureEG+, AdaptiveEG+ with a step size from the local curvature:
 *   γ ← ν/‖J(z)‖;  while γ‖F(z̄) − F(z)‖ > ν‖z̄ − z‖, z̄ = (I + γA)⁻¹(z − γF(z)):  γ ← τγ;   σ = −0.99γ/2
 *   α = σ/γ + ⟨z̄ − z, Hz̄ − Hz⟩ / ‖Hz̄ − Hz‖²,   z⁺ = z + λα(Hz̄ − Hz),   H = I − γF
 *
 * Assumes weak Minty with ρ > −γ/2 for the γ found, so more than 1/L allows where F is flat. ‖J(z)‖ comes
 * from Lanczos steps. Oracle calls per step: 2, and 1 for each shortening; Jacobian products beside them.
 * Source: Pethick, Latafat, Patrinos, Fercoq, Cevher 2022, arXiv 2302.09831, algorithm 2.
 */
export function curvatureEgPlus(options: CurvatureEgPlusOptions = {}): Method<CurvatureState> {
  const {
    safety: ν,
    shrink: τ,
    weight: λ,
  } = parseOptions('method curvature-eg-plus', curvatureEgPlusTable, options);
  return {
    name: 'curvature-eg-plus',
    options: { safety: ν, shrink: τ, weight: λ },
    restart: moveTo,
    mostCalls: MOST + 1,
    init: (space, z0) => ({ z: space.copy(z0), v: startDirection(space) }),
    begin(space) {
      const [F, bar, d] = [space.vector(), space.vector(), space.vector()];
      const norm = spectralNorm(space);
      return function* (s) {
        copy(F, yield s.z);
        const stretch = yield* norm(s.z, s.v);
        let γ = stretch > 0 ? ν / stretch : 1;
        let G = F;
        for (let tries = 0; tries < MOST; tries++, γ *= τ) {
          waxpy(bar, s.z, -γ, F);
          space.prox(bar, γ); // z̄ = (I + γA)⁻¹(z − γF(z))
          G = yield bar;
          // on linear games the two are equal: rounding must not decide
          if (!(γ * distance(G, F) > ν * distance(bar, s.z) * (1 + 1e-6))) break;
        }
        waxpy(bar, bar, -1, s.z); // z̄ − z
        waxpy(G, G, -1, F);
        waxpy(d, bar, -γ, G); // Hz̄ − Hz = z̄ − z − γ(F(z̄) − F(z))
        const square = dot(d, d);
        if (square === 0) return;
        const α = -0.99 / 2 + dot(bar, d) / square;
        waxpy(s.z, s.z, λ * α, d); // z⁺ = z + λα(Hz̄ − Hz)
      };
    },
  };
}
