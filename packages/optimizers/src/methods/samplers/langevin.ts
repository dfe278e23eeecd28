import { scale, waxpy } from '@stillpoint/operators';
import { addRotated, expectDensity } from '../../inner/sampling.js';
import { method } from '../../method.js';
import * as option from '../../options.js';

/**
 * Langevin dynamics: its points come to have the density exp(−βf), but for what the step h leaves; with g =
 * ∇f(z), ξ ~ N(0, I), e = exp(−γh). Overdamped, non-reversible, underdamped:
 *   z⁺ = z − hg + √(2h/β)ξ
 *   z⁺ = z − h(I + J)g + √(2h/β)ξ
 *   v⁺ = ev − ((1 − e)/γ)g + √((1 − e²)/β)ξ,   z⁺ = z + hv⁺
 * J is skew: σ times [[0, 1], [−1, 0]] in each plane (z₀, z₁), (z₂, z₃), …
 *
 * Where ∇²f ≥ m it forgets its start at the rate m (overdamped), at least m (non-reversible) or √m
 * (underdamped, γ = 2√m). J leaves a well faster; momentum only where γ + |λ| < 1, λ the saddle's negative
 * curvature. Stable for h < 2/L, non-reversible for less. On batches of a finite sum their noise is added
 * (SGLD). A sampler: its points go on spreading. Oracle calls per step: 1. Source: Gao, Gürbüzbalaban, Zhu,
 * "Breaking reversibility accelerates Langevin dynamics for global non-convex optimization", 2018, arXiv
 * 1812.07725.
 */
export const langevin = method({
  name: 'langevin',
  group: 'samplers',
  family: 'sampler',
  sampler: true,
  about: 'samples from exp(−βf): gradient steps with noise, alone, with a rotation or with momentum',
  when: 'one player: a distribution instead of a point, or to leave wells that are not the lowest',
  assumptions: 'no constraint; rates for strongly convex f and small steps',
  reference: 'Gao, Gürbüzbalaban, Zhu 2018, arXiv 1812.07725',
  options: {
    form: option.choice({
      about: 'which dynamics',
      among: ['overdamped', 'non-reversible', 'underdamped'],
      default: 'overdamped',
    }),
    stepSize: option.timeStep,
    inverseTemperature: option.number({ about: 'inverse temperature', symbol: 'β', above: 0, default: 1 }),
    friction: option.number({ about: 'friction, underdamped', symbol: 'γ', above: 0, default: 1 }),
    rotation: option.number({ about: 'strength of J, non-reversible', symbol: 'σ', default: 1 }),
  },
  calls: () => 1,
  memory: 3,
  players: 1,
  unconstrained: true,
  init(space, z0) {
    expectDensity('langevin', space);
    /** v: the velocity; 0 where the form has none. */
    return { z: space.copy(z0), v: space.vector(), k: 0 };
  },
  begin(space, { form, stepSize: h, inverseTemperature: β, friction: γ, rotation: σ }) {
    const ξ = space.vector();
    const noise = space.random('langevin');
    const e = Math.exp(-γ * h);
    const rest = -Math.expm1(-γ * h); // 1 − e
    return function* (s) {
      const g = yield s.z;
      noise(s.k++).normals(ξ);
      if (form === 'underdamped') {
        scale(s.v, e);
        waxpy(s.v, s.v, -rest / γ, g);
        waxpy(s.v, s.v, Math.sqrt((rest * (1 + e)) / β), ξ);
        waxpy(s.z, s.z, h, s.v);
        return;
      }
      if (form === 'non-reversible') addRotated(g, σ);
      waxpy(s.z, s.z, -h, g);
      waxpy(s.z, s.z, Math.sqrt((2 * h) / β), ξ);
    };
  },
});
