import type { Vector } from '../contracts/index.js';
import { InputError } from '../specs/errors.js';
import { expectOptions, expectPositive } from '../specs/expect.js';
import { dot, isFiniteVector } from '../vectors/vectors.js';
import { expectFunction, proximalFunction, type ProximalFunction } from './contract.js';

/** Evaluations of a root's function at most; a bracket is halved in every second at least. */
const MOST_EVALUATIONS = 200;

/**
 * f(z) = (weight/2)κ(z)², κ the gauge of a bounded set: the penalised form of a constraint. Its `lmo` is
 * argmin ⟨g, u⟩ + f(u) = ξs with s the set's, ξ = max(0, −⟨g, s⟩)/weight: the step of the penalised
 * conditional gradient method. The prox is the projection onto t·set with the t at which weight·γt² = ⟨z − p,
 * p⟩, a root found by regula falsi. Sun, Bach, "Screening for a reweighted penalized conditional gradient
 * method", 2022.
 * @throws InputError for what has no gauge or no linear minimiser.
 */
export function squaredGauge(
  set: ProximalFunction,
  options: { readonly weight?: number } = {},
): ProximalFunction {
  expectFunction('squared-gauge', set);
  const { weight = 1 } = expectOptions('squared-gauge', options, '{ weight: 1 }');
  expectPositive('squared-gauge', 'weight', weight);
  const { gauge, lmo, support, atoms } = set;
  if (!set.is.set || !gauge || !lmo || !support)
    throw new InputError(
      `squared-gauge of ${set.name}; expected a bounded set with a gauge, as l1-ball(radius=1)`,
    );
  return proximalFunction({
    name: 'squared-gauge',
    length: set.length,
    is: {},
    value: (z, start, end) => (weight / 2) * gauge(z, start, end) ** 2,
    conjugateValue: (z, start, end) => Math.max(0, support(z, start, end)) ** 2 / (2 * weight),
    prox(z, γ, start, end) {
      const own = Float64Array.from(z.subarray(start, end));
      if (!isFiniteVector(own)) return void z.fill(NaN, start, end);
      z.set(onto(set, own, weight * γ, support(own)), start);
    },
    lmo(g, out, start, end) {
      const [slope, s] = [Float64Array.from(g.subarray(start, end)), new Float64Array(end - start)];
      lmo(slope, s);
      const ξ = Math.max(0, -dot(slope, s)) / weight;
      for (let i = start; i < end; i++) out[i] = ξ * s[i - start]!;
    },
    atoms: atoms && ((n) => ({ ...atoms(n), weight })),
  });
}

/** argmin (ρ/2)κ(u)² + ½‖u − z‖²; σ is the set's support function at z. */
function onto(set: ProximalFunction, z: Float64Array, ρ: number, σ: number): Vector {
  const p = new Float64Array(z.length);
  if (!(σ > 0)) return p;
  /** The derivative in t of (ρ/2)t² + ½·(distance of z to t·set)²; p is then the projection. */
  const slope = (t: number): number => {
    for (let i = 0; i < p.length; i++) p[i] = z[i]! / t;
    set.prox(p, 1);
    let pull = 0;
    for (let i = 0; i < p.length; i++) {
      pull += (z[i]! - t * p[i]!) * p[i]!;
      p[i] = t * p[i]!;
    }
    return ρ * t - pull;
  };
  // at 0 the slope is −σ, and at σ/ρ it is at least 0: the pull only falls
  let [low, high, below, above] = [0, σ / ρ, -σ, slope(σ / ρ)];
  for (let k = 0; k < MOST_EVALUATIONS && above !== 0 && high - low > 2 ** -52 * high; k++) {
    const secant = high - (above * (high - low)) / (above - below);
    const t = k % 2 === 0 && secant > low && secant < high ? secant : low + (high - low) / 2;
    if (t === low || t === high) break;
    const at = slope(t);
    if (at < 0) [low, below] = [t, at];
    else [high, above] = [t, at];
  }
  slope(high);
  return p;
}
