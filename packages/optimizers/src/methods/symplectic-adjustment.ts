import { copy, dot, parseOptions, waxpy, type Method, type OptionTable } from '@stillpoint/operators';
import { mover, type StepSize } from '../move.js';
import * as option from '../options.js';
import { moveTo, startAt, type PointState } from '../point.js';

/** Options of {@link symplecticAdjustment}. */
export interface SymplecticAdjustmentOptions {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
  /** |λ| ≥ 0, weight of the adjustment. Default 1. */
  readonly penalty?: number;
  /** Choose the sign of λ so that stable points attract and unstable ones repel. Default true. */
  readonly align?: boolean;
}

/** Options of {@link symplecticAdjustment}: what is accepted, and the defaults. */
export const symplecticAdjustmentTable: OptionTable<SymplecticAdjustmentOptions> = {
  stepSize: option.γ('0.2'),
  penalty: option.penalty,
  align: option.flag({ about: 'choose the sign so that stable points attract', default: true }),
};

/**
 * Symplectic gradient adjustment, with the antisymmetric part 𝒜 = (J − Jᵀ)/2 and ∇H = JᵀF, H = ½‖F‖²:
 *   λ  = |λ|·sign(⟨F, ∇H⟩⟨𝒜ᵀF, ∇H⟩/d + 1/10) if aligned
 *   z⁺ = (I + γA)⁻¹(z − γ(F(z) + λ𝒜(z)ᵀF(z)))
 *
 * Converges locally to stable fixed points for small γ. Oracle calls per step: 1, and a product with J and
 * one with Jᵀ. Source: Balduzzi, Racanière, Martens, Foerster, Tuyls, Graepel, "The mechanics of n-player
 * differentiable games", 2018, arXiv 1802.05642.
 */
export function symplecticAdjustment(options: SymplecticAdjustmentOptions): Method<PointState> {
  const { stepSize, penalty, align } = parseOptions(
    'method symplectic-adjustment',
    symplecticAdjustmentTable,
    options,
  );
  return {
    name: 'symplectic-adjustment',
    options: { stepSize, penalty, align },
    init: startAt,
    restart: moveTo,
    begin(space) {
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
  };
}
