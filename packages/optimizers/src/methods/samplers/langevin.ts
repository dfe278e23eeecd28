import {
  InputError,
  choice,
  overLipschitz,
  scale,
  waxpy,
  type Space,
  type Vector,
} from '@stillpoint/operators';
import { method } from '../../method.js';
import * as option from '../../options.js';

/**
 * Langevin dynamics, whose points come to have the density exp(−βf), but for what the step h leaves; with g =
 * ∇f(z), ξ ~ N(0, I) and e = exp(−γh):
 *   overdamped       z⁺ = z − hg + √(2h/β)ξ
 *   non-reversible   z⁺ = z − h(I + J)g + √(2h/β)ξ, J skew: σ[[0, 1], [−1, 0]] in each plane (z₀, z₁), (z₂, z₃), …
 *   underdamped      v⁺ = ev − ((1 − e)/γ)g + √((1 − e²)/β)ξ,   z⁺ = z + hv⁺
 *
 * Where ∇²f ≥ m it forgets its start at the rate m (overdamped), at least that (non-reversible), or √m
 * (underdamped, γ = 2√m). It leaves a well faster with J; underdamped only where γ + |λ| < 1, λ the saddle's
 * negative curvature. Needs h < 2/L, non-reversible less by 1 + σ². On batches of a finite sum the gradient's
 * own noise is added (SGLD). A sampler: its points go on spreading. Source: Gao, Gürbüzbalaban, Zhu,
 * "Breaking reversibility accelerates Langevin dynamics for global non-convex optimization", arXiv 1812.07725.
 */
export const langevin = method({
  name: 'langevin',
  group: 'samplers',
  family: 'sampler',
  sampler: true,
  about: 'samples from exp(−βf): gradient steps with noise, without, with a rotation or with momentum',
  when: 'one player: a distribution instead of a point, or to leave wells that are not the lowest',
  assumptions: 'no constraint; rates for strongly convex f, small steps',
  reference: 'Gao, Gürbüzbalaban, Zhu 2018, arXiv 1812.07725',
  options: {
    form: choice({
      about: 'which dynamics',
      among: ['overdamped', 'non-reversible', 'underdamped'],
      default: 'overdamped',
    }),
    stepSize: option.number({
      about: 'time step',
      symbol: 'h',
      above: 0,
      fallback: '0.1/L where the problem states L (facts.lipschitz)',
      fromFacts({ lipschitz: L }, { share }) {
        const unit = overLipschitz(L);
        return unit === undefined ? undefined : 0.1 * unit * share;
      },
    }),
    inverseTemperature: option.number({ about: 'inverse temperature', symbol: 'β', above: 0, default: 1 }),
    friction: option.number({ about: 'friction, underdamped', symbol: 'γ', above: 0, default: 1 }),
    rotation: option.number({ about: 'strength of J, non-reversible', symbol: 'σ', default: 1 }),
  },
  calls: () => 1,
  memory: 3,
  players: 1,
  unconstrained: true,
  init(space, z0) {
    refuse(space);
    /** v: the velocity; 0 where the form has none. */
    return { z: space.copy(z0), v: space.vector(), k: 0 };
  },
  begin(space, { form, stepSize: h, inverseTemperature: β, friction: γ, rotation: σ }) {
    refuse(space);
    const ξ = space.vector();
    const noise = space.random('langevin');
    const e = Math.exp(-γ * h);
    return function* (s) {
      const g = yield s.z;
      noise(s.k++).normals(ξ);
      if (form === 'underdamped') {
        scale(s.v, e);
        waxpy(s.v, s.v, Math.expm1(-γ * h) / γ, g);
        waxpy(s.v, s.v, Math.sqrt(-Math.expm1(-2 * γ * h) / β), ξ);
        waxpy(s.z, s.z, h, s.v);
        return;
      }
      if (form === 'non-reversible') turn(g, σ);
      waxpy(s.z, s.z, -h, g);
      waxpy(s.z, s.z, Math.sqrt((2 * h) / β), ξ);
    };
  },
});

/** g ← (I + J)g; the last entry of an odd number stays. */
function turn(g: Vector, σ: number): void {
  for (let i = 0; i + 1 < g.length; i += 2) {
    const [a, b] = [g[i]!, g[i + 1]!];
    g[i] = a + σ * b;
    g[i + 1] = b - σ * a;
  }
}

/** @throws InputError where exp(−βf) is no density of this problem's. */
function refuse({ players, constraint }: Space): void {
  if (players.length !== 1)
    throw new InputError(`langevin samples from exp(−βf) of one player; this game has ${players.length}`);
  if (constraint !== undefined)
    throw new InputError('langevin samples from exp(−βf) on the whole space; this problem has a constraint');
}
