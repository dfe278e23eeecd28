import type { Atoms, Constraint, Vector } from '../contracts/index.js';
import { InputError, shown } from '../specs/errors.js';
import { fill, norm, rescale } from '../vectors/vectors.js';

/**
 * A convex function that is nowhere below a concave penalty, with its linear minimiser and its atoms, whose
 * norms are divided by their weights. `linearGap` takes it in a constraint's place.
 */
export type Majorant = Required<Pick<Constraint, 'value' | 'lmo' | 'atoms'>>;

/** A penalty that grows ever slower with the coefficients of the atoms. */
export interface ConcaveGauge {
  /** ½ρ(Σ γ(c_g))². */
  readonly value: (z: Vector) => number;
  /** The majorant that touches it at a point. */
  readonly majorantAt: (at: Vector) => Majorant;
}

/**
 * The penalty with γ(c_g) in place of each coefficient c_g = ‖z_g‖/norm_g of a gauge's atoms:
 *   h(z) = ½ρ(Σ γ(c_g))²,   γ(c) = ln(1 + εc)/ε,   ε the concavity; ε = 0 is ½ρκ²
 * γ is concave, so that at a point a with coefficients a_g it lies below its tangents:
 *   h(z) ≤ ½ρ(β + Σ w_g c_g)²,   w_g = γ′(a_g) = 1/(1 + εa_g),   β = Σ γ(a_g) − w_g a_g ≥ 0
 * with equality at a: a convex function of the gauge of the atoms of norm norm_g/w_g. Its linear minimiser is
 * ξ times the atom of the largest score σ, ξ = max(0, σ/ρ − β).
 * @throws InputError for atoms without the weight of a penalty, and for a concavity < 0.
 */
export function concaveGauge(atoms: Atoms, { concavity: ε }: { readonly concavity: number }): ConcaveGauge {
  const { groups, weight: ρ } = atoms;
  if (ρ === undefined)
    throw new InputError(
      'concaveGauge of the atoms of a set; expected those of a penalty, as of squared-gauge(l1-ball)',
    );
  if (!(ε >= 0 && ε < Infinity))
    throw new InputError(`concaveGauge: concavity is ${shown(ε)}; expected a number >= 0`);
  const γ = (c: number): number => (ε === 0 ? c : Math.log1p(ε * c) / ε);
  const coefficients = (z: Vector): number[] =>
    groups.map(({ start, end, norm: length }) => norm(z, start, end) / length);
  return {
    value: (z) => (ρ / 2) * coefficients(z).reduce((sum, c) => sum + γ(c), 0) ** 2,
    majorantAt(at) {
      const a = coefficients(at);
      const w = a.map((c) => 1 / (1 + ε * c));
      const β = a.reduce((sum, c, g) => sum + γ(c) - w[g]! * c, 0);
      return {
        value: (z) => (ρ / 2) * coefficients(z).reduce((sum, c, g) => sum + w[g]! * c, β) ** 2,
        lmo(slope, out) {
          const scores = groups.map(
            ({ start, end, norm: length }, g) => (length / w[g]!) * norm(slope, start, end),
          );
          const best = scores.reduce((place, x, g) => (x > scores[place]! ? g : place), 0);
          const { start, end, norm: length } = groups[best]!;
          const ξ = scores[best]! / ρ - β;
          const height = norm(slope, start, end);
          const toward = slope.slice(start, end);
          fill(out, 0);
          if (ξ <= 0) return;
          for (let i = start; i < end; i++) out[i] = -toward[i - start]!;
          rescale(out, height, (ξ * length) / w[best]!, start, end);
        },
        // made when asked for: a step needs the linear minimiser alone
        get atoms() {
          return { groups: groups.map((group, g) => ({ ...group, norm: group.norm / w[g]! })), weight: ρ };
        },
      };
    },
  };
}
