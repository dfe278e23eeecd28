import { roundoff, type Asking, type Space, type Vector } from '@stillpoint/operators';

/** What Armijo's rule starts from. */
export interface DescentDirection {
  /** f at the step's start. */
  readonly from: number;
  /** −⟨∇f, d⟩ > 0: what a step a = 1 would gain, were f linear. */
  readonly decrease: number;
  /** How often the step is halved at most. */
  readonly halvings: number;
  /** What rounding may have added to f. */
  readonly rounding: number;
}

/** What rounding may have added to f, computed in the precision of z. */
export const roundingOf = (f: number, z: Vector): number => 8 * roundoff(z) * Math.abs(f);

/** The share of the linear decrease that is asked for (Nocedal, Wright 2006, section 3.1). */
const SHARE = 1e-4;

/**
 * The first a of 1, ½, ¼, … with f(a) ≤ f(0) − 10⁻⁴·a·decrease (Armijo 1966), or with a decrease that
 * rounding of f hides. Returns 0 where none was found, and notes it in the run.
 */
export function* armijo(
  space: Pick<Space, 'note'>,
  { from, decrease, halvings, rounding }: DescentDirection,
  f: (a: number) => Asking<number>,
): Asking<number> {
  for (let i = 0, a = 1; i <= halvings; i++, a /= 2)
    if ((yield* f(a)) <= from - SHARE * a * decrease + (a * decrease <= rounding ? rounding : 0)) return a;
  space.note(`Armijo’s line search halved its step ${halvings} times without a sufficient decrease`);
  return 0;
}
