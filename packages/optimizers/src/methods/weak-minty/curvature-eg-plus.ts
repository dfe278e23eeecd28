import { copy, distance, dot, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import * as option from '../../options.js';
import { LANCZOS_STEPS, spectralNorm, startDirection } from '../../inner/spectral-norm.js';

/** The most trial step sizes of one step. A continuous F does not need as many. */
const MOST_TRIES = 60;
/**
 * CurvatureEG+, AdaptiveEG+ with a step size from the local curvature:
 *   γ ← ν/‖J(z)‖;  while γ‖F(z̄) − F(z)‖ > ν‖z̄ − z‖, z̄ = (I + γA)⁻¹(z − γF(z)):  γ ← τγ;   σ = −0.99γ/2
 *   α = σ/γ + ⟨z̄ − z, Hz̄ − Hz⟩ / ‖Hz̄ − Hz‖²,   z⁺ = z + λα(Hz̄ − Hz),   H = I − γF
 *
 * Assumes weak Minty with ρ > −γ/2 for the γ found; where F is flat, this allows a lower ρ than 1/L does.
 * ‖J(z)‖ comes from Lanczos steps. Oracle calls per step: 2, and 1 for each shortening, and Jacobian
 * products.
 * Source: Pethick, Latafat, Patrinos, Fercoq, Cevher 2022, arXiv 2302.09831, algorithm 2.
 */
export const curvatureEgPlus = method({
  name: 'curvature-eg-plus',
  group: 'weak Minty',
  about: 'AdaptiveEG+ with a step size from the local curvature',
  when: 'deterministic games with limit cycles around the solution, where F is flatter than L says',
  assumptions: 'weak Minty with ρ > −γ/2 for the local γ; Jacobian products',
  reference: 'Pethick, Latafat, Patrinos, Fercoq, Cevher 2022, arXiv 2302.09831',
  options: {
    safety: option.number({ about: 'γ starts as ν/‖J(z)‖', symbol: 'ν', above: 0, below: 1, default: 0.99 }),
    shrink: option.number({
      about: 'what γ is multiplied by while it is too large',
      symbol: 'τ',
      above: 0,
      below: 1,
      default: 0.5,
    }),
    weight: option.weight(1),
  },
  calls(_, { product, transposedProduct }) {
    const pair = product + transposedProduct;
    return { first: 2 + pair, perStep: 2 + pair, atMost: MOST_TRIES + 1 + LANCZOS_STEPS * pair };
  },
  uneven: true,
  memory: '8, and up to 24 to find the curvature',
  needs: ['products'],
  /** v is the direction in which J stretched most: where the next search for it starts. */
  init: (space, z0) => ({ z: space.copy(z0), v: startDirection(space) }),
  begin(space, { safety: ν, shrink: τ, weight: λ }) {
    const [F, bar, d] = [space.vector(), space.vector(), space.vector()];
    const norm = spectralNorm(space);
    return function* (s) {
      copy(F, yield s.z);
      const stretch = yield* norm(s.z, s.v);
      let γ = stretch > 0 ? ν / stretch : 1;
      let G = F;
      for (let tries = 0; tries < MOST_TRIES; tries++, γ *= τ) {
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
});
