import { copy, distance, mix, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import * as option from '../../options.js';

const φ = 1.5;
const growth = 1 / φ + 1 / φ ** 2;

/**
 * Adaptive golden ratio algorithm, φ = 3/2, z̄₀ = z₀, θ₀ = 1; the first step is z₁ = (I + γ₀A)⁻¹(z₀ −
 * γ₀F(z₀)), then
 *   γ  = min( (1/φ + 1/φ²)γ₋,  φθ₋/(4γ₋) · ‖z − z₋‖²/‖F(z) − F(z₋)‖²,  γ̄ )
 *   z̄  = ((φ − 1)z + z̄₋)/φ,   z⁺ = (I + γA)⁻¹(z̄ − γF(z)),   θ = φγ/γ₋
 *
 * Assumes F monotone and locally Lipschitz; no constant is needed. Oracle calls per step: 1.
 * Source: Malitsky, "Golden ratio algorithms for variational inequalities", 2020, arXiv 1803.08832, algorithm
 * 1.
 */
export const adaptiveGraal = method({
  name: 'adaptive-graal',
  group: 'adaptive',
  about: 'golden ratio algorithm that finds its step size from the last two gradients',
  when: 'monotone games whose L is unknown or varies; deterministic F only',
  assumptions: 'F monotone, locally Lipschitz; no constant is needed',
  reference: 'Malitsky 2020, arXiv 1803.08832',
  options: {
    /**
     * γ₀ > 0, the first step size. If it is too small it grows; if it is too large the next step reduces it.
     */
    stepSize: option.oneStepSize({ perLipschitz: 0.1 }),
    largest: option.number({
      about: 'the largest step size',
      symbol: 'γ̄',
      above: 0,
      default: null,
      orNull: '10⁷ times stepSize',
    }),
  },
  calls: () => 1,
  memory: 4,
  /** last is z₋, bar is z̄, g is F(z₋); gamma is γ₋ and theta is θ₋. */
  init: (space, z0, { stepSize }) => ({
    z: space.copy(z0),
    last: space.copy(z0),
    bar: space.copy(z0),
    g: space.vector(),
    k: 0,
    gamma: stepSize,
    theta: 1,
  }),
  restart(s, z) {
    // z₋ and F(z₋) stay: the curvature that they show limits γ
    for (const point of [s.z, s.bar]) copy(point, z);
  },
  begin(space, { stepSize, largest }) {
    const most = largest ?? 1e7 * stepSize;
    return function* (s) {
      const F = yield s.z;
      if (s.k++ > 0) {
        const [moved, changed, γ] = [distance(s.z, s.last), distance(F, s.g), s.gamma];
        const local =
          moved > 0 && changed > 0 ? ((φ * s.theta) / (4 * γ)) * (moved / changed) ** 2 : Infinity;
        s.gamma = Math.min(growth * γ, local, most);
        s.theta = (φ * s.gamma) / γ;
      }
      mix(s.bar, 1 - 1 / φ, s.z); // z̄  = ((φ − 1)z + z̄₋)/φ
      copy(s.last, s.z);
      copy(s.g, F);
      waxpy(s.z, s.bar, -s.gamma, F);
      space.prox(s.z, s.gamma); // z⁺ = (I + γA)⁻¹(z̄ − γF(z))
    };
  },
});
