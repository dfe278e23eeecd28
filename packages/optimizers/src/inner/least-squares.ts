import type { InnerEnd } from './inner-end.js';
import { copy, dot, fill, waxpy, type Asking, type Space, type Vector } from '@stillpoint/operators';

/** Asks for out = Mv, or Mᵀv. */
export type Product = (out: Vector, v: Vector, transposed: boolean) => Asking;

/**
 * When to end: at ‖Mᵀ(b − Mx)‖ ≤ tolerance·‖Mᵀb‖, at the rounding error of that, or after `innerSteps`
 * iterations.
 */
export interface LeastSquaresOptions {
  readonly innerSteps: number;
  readonly tolerance: number;
  /** Length of b. Default: the problem's. */
  readonly rows?: number;
}

/**
 * x = the solution of least norm of min ‖Mx − b‖, by conjugate gradients on MᵀMx = Mᵀb (Hestenes, Stiefel
 * 1952); exact after dim iterations except for rounding. b is overwritten. If it runs out of iterations, it
 * notes that in the run.
 */
export function leastSquares(
  space: Space,
  { innerSteps, tolerance, rows = space.dim }: LeastSquaresOptions,
): (x: Vector, b: Vector, product: Product) => Asking<InnerEnd> {
  const [p, q, s] = [space.vector(), space.vector(rows), space.vector()];
  return function* (x, b, product) {
    const roundoff = b instanceof Float32Array ? 2 ** -24 : 2 ** -53;
    yield* product(s, b, true);
    copy(p, s);
    fill(x, 0);
    let γ = dot(s, s);
    // below the rounding error of Mᵀb a residual means nothing, however small the tolerance
    const enough = Math.max(tolerance, roundoff) ** 2 * γ;
    for (let i = 0; ; i++) {
      if (!(γ > enough)) return { iterations: i, reached: γ <= enough };
      if (i >= innerSteps) {
        space.note(
          `conjugate gradients made all innerSteps = ${innerSteps} iterations without coming within tolerance = ${tolerance}`,
        );
        return { iterations: i, reached: false };
      }
      yield* product(q, p, false);
      const length = dot(q, q);
      if (!(length > 0)) return { iterations: i, reached: length === 0 };
      const α = γ / length;
      waxpy(x, x, α, p);
      waxpy(b, b, -α, q);
      yield* product(s, b, true);
      const next = dot(s, s);
      waxpy(p, s, next / γ, p);
      γ = next;
    }
  };
}
