import { copy, dot, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';

/**
 * Symplectic gradient adjustment, with the antisymmetric part 𝒜 = (J − Jᵀ)/2 and ∇H = JᵀF, H = ½‖F‖²:
 *   λ  = |λ|·sign(⟨F, ∇H⟩⟨𝒜ᵀF, ∇H⟩/d + 1/10) if aligned
 *   z⁺ = (I + γA)⁻¹(z − γ(F(z) + λ𝒜(z)ᵀF(z)))
 *
 * Converges locally to stable fixed points for small γ. Oracle calls per step: 1, and a product with J and
 * one with Jᵀ. Source: Balduzzi, Racanière, Martens, Foerster, Tuyls, Graepel, "The mechanics of n-player
 * differentiable games", 2018, arXiv 1802.05642.
 */
export const symplecticAdjustment = method({
  name: 'symplectic-adjustment',
  group: 'second-order',
  about: 'gradient steps turned inwards by the antisymmetric part of the Jacobian',
  when: 'as a baseline for rotation-dominated games',
  assumptions: 'local, stable fixed points, small γ',
  reference: 'Balduzzi et al. 2018, arXiv 1802.05642',
  options: {
    stepSize: option.stepSize({ perLipschitz: 0.2 }),
    penalty: option.penalty,
    align: option.flag({ about: 'choose the sign so that stable points attract', default: true }),
  },
  calls: (_, { product, transposedProduct }) => 1 + product + transposedProduct,
  memory: 4,
  needs: ['products'],
  unconstrained: true,
  init: startAt,
  begin(space, { stepSize, penalty, align }) {
    const [F, gradH, adjustment] = [space.vector(), space.vector(), space.vector()];
    const stepAt = mover(space, stepSize);
    return function* (s) {
      copy(F, yield s.z);
      copy(gradH, yield { want: 'product', at: s.z, along: F, transposed: true });
      waxpy(adjustment, gradH, -1, yield { want: 'product', at: s.z, along: F }); // 2𝒜ᵀF = JᵀF − JF
      const sign = align && (dot(F, gradH) * dot(adjustment, gradH)) / 2 / space.dim + 0.1 < 0 ? -1 : 1;
      waxpy(F, F, (sign * penalty) / 2, adjustment); // F + λ𝒜ᵀF
      stepAt(s.k++)(s.z, s.z, F);
    };
  },
});
