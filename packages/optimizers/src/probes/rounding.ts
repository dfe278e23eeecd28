import {
  distance,
  norm,
  roundoff,
  type Asking,
  type Problem,
  type SampleRule,
  type Vector,
} from '@stillpoint/operators';

/**
 * What rounding may leave of the residual at z, given F(z): twice what F changes by when each entry of z
 * moves by four roundings of its own, some up and some down; four roundings of F; and under constraints,
 * where r compares z with J(z − γF), four roundings of z over γ. A residual below it says nothing more. One
 * gradient.
 */
export function* roundingOf(
  { constraint }: Pick<Problem, 'constraint'>,
  z: Vector,
  F: Vector,
  stepSize: number,
  sample: SampleRule,
): Asking<number> {
  const u = roundoff(z);
  // signs without a pattern of F's
  const moved = z.map((x, i) => x + (Math.cos(1 + 0.7 * i) > 0 ? 4 : -4) * u * x);
  let change = 0;
  try {
    change = distance(yield { want: 'gradient', at: moved, sample }, F);
  } catch {
    // F need not be defined beside z
  }
  return (
    2 * (Number.isFinite(change) ? change : 0) +
    4 * u * (norm(F) + (constraint === undefined ? 0 : norm(z) / stepSize))
  );
}
