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
 * The part of the residual at z that may be rounding, given F(z). It has three summands: twice the change of
 * F when each entry of z moves by four roundings of its own, some up and some down; four roundings of F; and,
 * with constraints, four roundings of z over γ, since r then compares z with J(z − γF). A residual below it
 * has no meaning. It asks for one gradient.
 */
export function* roundingOf(
  { constraint }: Pick<Problem, 'constraint'>,
  z: Vector,
  F: Vector,
  stepSize: number,
  sample: SampleRule,
): Asking<number> {
  const u = roundoff(z);
  // signs that follow no pattern of F
  const moved = z.map((x, i) => x + (Math.cos(1 + 0.7 * i) > 0 ? 4 : -4) * u * x);
  let change = 0;
  try {
    change = distance(yield { want: 'gradient', at: moved, sample }, F);
  } catch {
    // F need not be defined near z
  }
  return (
    2 * (Number.isFinite(change) ? change : 0) +
    4 * u * (norm(F) + (constraint === undefined ? 0 : norm(z) / stepSize))
  );
}
