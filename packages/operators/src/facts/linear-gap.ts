import type { Constraint, Vector } from '../contracts/index.js';
import { InputError } from '../specs/errors.js';
import { dot } from '../vectors/vectors.js';

/**
 * The gap of a convex minimisation over a bounded set, Frank and Wolfe's certificate:
 *   gap(z) = ⟨F(z), z − s⟩,   s = argmin ⟨F(z), u⟩ over the set
 * It is at least f(z) − f*, and 0 exactly at solutions. For f + h with a function h whose `lmo` is argmin
 * ⟨g, u⟩ + h(u), h(z) − h(s) is added. What a problem has as its `gap`. z must lie in the set. NaN where it
 * is beyond the range of numbers.
 * @throws InputError for a constraint without `lmo`.
 */
export function linearGap(
  constraint: Pick<Constraint, 'lmo' | 'value' | 'support'>,
): (z: Vector, F: Vector) => number {
  if (typeof constraint?.lmo !== 'function')
    throw new InputError('linearGap takes a constraint with a linear minimiser (lmo), as of a bounded set');
  // the indicator of a set is 0 at all points here
  const h = (z: Vector): number => (constraint.support ? 0 : (constraint.value?.(z) ?? 0));
  return (z, F) => {
    const s = z.slice();
    constraint.lmo!(F, s);
    const gap = dot(F, z) - dot(F, s) + h(z) - h(s);
    // below 0 only by rounding; −∞ is an overflow, of which nothing is known
    return gap === -Infinity ? NaN : Math.max(0, gap);
  };
}
