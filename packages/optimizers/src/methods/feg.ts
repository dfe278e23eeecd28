import {
  InputError,
  copy,
  mix,
  parseOptions,
  waxpy,
  type Method,
  type OptionTable,
} from '@stillpoint/operators';
import * as option from '../options.js';
import { anchoredAt, reanchor, type AnchoredState } from './halpern.js';

/** Options of {@link feg}. */
export interface FegOptions {
  /** γ > 0, one for all players: 1/L. */
  readonly stepSize: number;
  /** ρ of comonotonicity, ρ > −γ/2. Default: the game's, else 0. */
  readonly comonotone?: number;
}

/** Options of {@link feg}: what is accepted, and the defaults. */
export const fegTable: OptionTable<FegOptions> = { stepSize: option.oneγ(), comonotone: option.comonotone };

/**
 * Fast extragradient, β = 1/(k + 1), k = 0, 1, … (so the first step is z₀ − γF(z₀)):
 *   w  = z + β(z₀ − z) − (1 − β)(γ + 2ρ)F(z)
 *   z⁺ = z + β(z₀ − z) − γF(w) − (1 − β)2ρF(z)
 *
 * Assumes F ρ-comonotone with ρ > −1/(2L) and L-Lipschitz, γ = 1/L: the last iterate's ‖F(z)‖² is O(1/k²).
 * The theory is without constraints; with them each move is projected. Oracle calls per step: 2.
 * Source: Lee, Kim, "Fast extra gradient methods for smooth structured nonconvex-nonconcave minimax
 * problems", 2021, arXiv 2106.02326.
 */
export function feg(options: FegOptions): Method<AnchoredState> {
  const { stepSize: γ, comonotone: ρ } = parseOptions('method feg', fegTable, options);
  if (!(ρ > -γ / 2))
    throw new InputError(`feg: comonotone is ${ρ}; expected a number above −stepSize/2 = ${-γ / 2}`);
  return {
    name: 'feg',
    options: { stepSize: γ, comonotone: ρ },
    restart: reanchor,
    init: (space, z0) => anchoredAt(space.copy(z0), space.copy(z0)),
    begin(space) {
      const [a, w, F] = [space.vector(), space.vector(), space.vector()];
      return function* (s) {
        const β = 1 / (s.k++ + 1);
        copy(F, yield s.z);
        mix(copy(a, s.z), β, s.anchor); // z + β(z₀ − z)
        waxpy(w, a, -(1 - β) * (γ + 2 * ρ), F);
        space.prox(w, γ);
        waxpy(s.z, a, -γ, yield w);
        waxpy(s.z, s.z, -(1 - β) * 2 * ρ, F);
        space.prox(s.z, γ);
      };
    },
  };
}
