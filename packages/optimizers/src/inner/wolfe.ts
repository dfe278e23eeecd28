import {
  copy,
  dot,
  fill,
  roundoff,
  waxpy,
  type Asking,
  type Space,
  type Vector,
} from '@stillpoint/operators';
import type { InnerEnd } from './inner-end.js';

/** How the first trial step is scaled: by 1/‖g‖₁, or by PyTorch's min(1, 1/‖g‖₁). */
export type Scaling = 'gradient' | 'pytorch';
/**
 * What is tried where no curvature is known: γ/‖g‖₁, which moves z by γ in the 1-norm, whatever the unit of
 * f; or γ·min(1, 1/‖g‖₁), which is shorter where g is small and depends on that unit.
 */
export function firstTrial(g: Vector, γ: number, scaling: Scaling): number {
  let sum = 0;
  for (let i = 0; i < g.length; i++) sum += Math.abs(g[i]!);
  if (sum === 0) return γ;
  return scaling === 'pytorch' ? γ * Math.min(1, 1 / sum) : γ / sum;
}

/** Trials at most. */
export const WOLFE_TRIES = 40;
const SUFFICIENT = 1e-4;
const CURVATURE = 0.9;

/** Where a search begins. */
export interface WolfeStart {
  /** f(z). */
  readonly loss: number;
  /** ⟨∇f(z), d⟩ < 0. */
  readonly slope: number;
  /** The t that is tried first. */
  readonly first: number;
}
/** How a search ended. */
export interface WolfeEnd extends InnerEnd {
  /** f(w). */
  readonly loss: number;
  /** Whether f fell enough at w, by its value or by its slopes: without it, w is not to be taken. */
  readonly decreased: boolean;
}

/** Asks for f(w), and writes ∇f(w) to g. */
export type Evaluate = (w: Vector, g: Vector) => Asking<number>;

/** f of the one player, on all terms of a finite sum. */
export function lossOf(space: Space): Evaluate {
  const losses = space.vector(space.players.length);
  return function* (w, g) {
    copy(g, yield { want: 'gradient', at: w, sample: 'all', losses: fill(losses, NaN) });
    return losses[0]!;
  };
}

/**
 * What a sum of terms that cancel may add to f by rounding, u the unit roundoff of z: half of the digits. A
 * minimum is where such terms cancel, as the residuals of an equation do; slopes keep more of their digits.
 */
export const hiddenBy = (f: number, z: Vector): number => Math.sqrt(roundoff(z)) * Math.abs(f);

/**
 * w = z + td and g = ∇f(w) with
 *   f(w) ≤ f(z) + 10⁻⁴t⟨∇f(z), d⟩  and  ⟨∇f(w), d⟩ ≥ 0.9⟨∇f(z), d⟩
 * (the weak Wolfe conditions): t is halved between what was too far and what was too near, and doubled while
 * nothing was too far. It ends for every smooth f that is bounded below. A gradient and a loss a trial.
 * Notes in the run where it ran out.
 *
 * Where |f(w) − f(z)| ≤ √u|f(z)|, u the unit roundoff of z, rounding may hide a decrease. There
 *   ⟨∇f(w), d⟩ ≤ (2·10⁻⁴ − 1)⟨∇f(z), d⟩
 * is as good as the first condition, and the same on quadratics (the approximate Wolfe conditions).
 * Source: Lewis, Overton, "Nonsmooth optimization via quasi-Newton methods", 2013; Hager, Zhang, "A new
 * conjugate gradient method with guaranteed descent and an efficient line search", 2005.
 * @param evaluate asks for f and ∇f. Default: those of the one player, on all terms of a finite sum.
 */
export function wolfe(
  space: Space,
  evaluate: Evaluate = lossOf(space),
): (w: Vector, g: Vector, z: Vector, d: Vector, start: WolfeStart) => Asking<WolfeEnd> {
  return function* (w, g, z, d, { loss, slope, first }) {
    const [rounding, hidden] = [4 * roundoff(z) * Math.abs(loss), hiddenBy(loss, z)];
    let [near, far, t] = [0, Infinity, first];
    for (let iterations = 1; ; iterations++) {
      waxpy(w, z, t, d);
      const value = yield* evaluate(w, g);
      const after = dot(g, d);
      const decreased =
        value <= loss + SUFFICIENT * t * slope + rounding ||
        (Math.abs(value - loss) <= hidden && after <= (2 * SUFFICIENT - 1) * slope);
      if (!decreased) far = t;
      else if (after < CURVATURE * slope) near = t;
      else return { iterations, reached: true, decreased, loss: value };
      if (iterations >= WOLFE_TRIES) {
        space.note(`the line search made all ${WOLFE_TRIES} trials without meeting the Wolfe conditions`);
        return { iterations, reached: false, decreased, loss: value };
      }
      t = far === Infinity ? 2 * near : (near + far) / 2;
    }
  };
}
