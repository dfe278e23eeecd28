import type { Constraint, Data } from '../contracts/index.js';
import { dot, norm } from '../vectors/vectors.js';

/** How far from 0 the points lie: small and large sets are told apart, and small and large weights. */
const SCALES = [1e-3, 1, 1e3, 1e9];

/** Numbers in [−1, 1) that are the same on every machine. */
const spread = (i: number, odd: number): number => (Math.imul(i + 1, odd) >>> 0) / 2 ** 31 - 1;

/**
 * Plain data that tells a constraint from others, for the identity of a problem: of an object made in code
 * neither its name nor its source says with which radius or weight. It contains the prox
 * of sample points that are the same on every machine: its norm and a weighted sum of it, to six digits.
 * @param dim entries of z.
 */
export function constraintPrint(constraint: Constraint, dim: number): Data {
  const weights = Float64Array.from({ length: dim }, (_, i) => spread(i, 0x9e3779b1));
  const moved = SCALES.map((scale) => {
    const z = Float64Array.from({ length: dim }, (_, i) => scale * spread(i, 0x85ebca77));
    constraint.prox(z, 1);
    return [norm(z), dot(z, weights)].map((x) => x.toPrecision(6));
  });
  return { name: constraint.name ?? null, moved };
}
