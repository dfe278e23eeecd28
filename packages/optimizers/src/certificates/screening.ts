import { InputError, norm, roundoff, type Atoms, type Vector } from '@stillpoint/operators';

/** What {@link keptAtoms} is told of a point z. */
export interface Screened {
  readonly z: Vector;
  /** ∇f(z). */
  readonly gradient: Vector;
  /** `linearGap` at this z, of the same problem: one of an earlier point says nothing here. */
  readonly gap: number;
  /** L, the Lipschitz constant of ∇f. */
  readonly lipschitz: number;
}

/**
 * The groups of atoms that a solution of min f + h may use, h a function of their gauge: a set or a penalty
 * ½ρκ². With the score σ_p = ‖p‖‖∇f(z)_g‖ of the atoms p of group g, those p are in no solution for which
 *   σ_p < σ_p̂ − (‖p‖ + ‖p̂‖)√(2L·gap),   p̂ the atoms of the largest score
 * For atoms of equal norm this is the paper's rule, with 2‖p‖. The proof: gap ≥ ‖∇f(z) − ∇f(x*)‖²/(2L) for f
 * convex and L-smooth, so that each score is within ‖p‖√(2L·gap) of that at a solution, and a solution uses
 * only atoms whose score there is the largest. To the gap is added what rounding may have taken from it: 8n
 * roundings of Σ|∇f(z)_i z_i|, n the entries of z. For atoms of unequal norm 2‖p‖ is not safe: the error of
 * the largest score is that of p̂. For a majorant of a concave penalty the solution is that of the majorant:
 * what is left out may come back when the weights change.
 * Returns indices of `atoms.groups`. Source: Yifan Sun, Francis Bach, "Screening for a reweighted penalized
 * conditional gradient method", 2022; unequal norms: derived here.
 * @throws InputError for a gap or an L that is negative or NaN.
 */
export function keptAtoms({ groups }: Atoms, { z, gradient, gap, lipschitz }: Screened): readonly number[] {
  const size = Array.from(z, (x, i) => Math.abs(x * gradient[i]!)).reduce((sum, part) => sum + part, 0);
  const error = Math.sqrt(2 * lipschitz * (gap + 8 * z.length * roundoff(z) * size));
  if (!(lipschitz >= 0 && gap >= 0))
    throw new InputError(`keptAtoms: gap is ${gap} and lipschitz ${lipschitz}; expected numbers >= 0`);
  const scores = groups.map(({ start, end, norm: length }) => length * norm(gradient, start, end));
  const best = scores.reduce((place, x, g) => (x > scores[place]! ? g : place), 0);
  const [most, longest] = [scores[best]!, groups[best]!.norm];
  return Array.from(groups.keys()).filter(
    // so written that nothing is left out where an entry is NaN
    (g) => !(scores[g]! < most - (groups[g]!.norm + longest) * error),
  );
}
