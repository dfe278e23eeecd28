import { copy, dot, scale, waxpy, type Asking, type Space, type Vector } from '@stillpoint/operators';

/** Asks for out = Mv, or Mᵀv. */
export type Product = (out: Vector, v: Vector, transposed: boolean) => Asking;

/** When to end: ‖Mᵀ(b − Mx)‖ ≤ tolerance·‖Mᵀb‖, or after so many iterations. */
export interface LeastSquaresOptions {
  readonly innerSteps: number;
  readonly tolerance: number;
}

/**
 * x = the least solution of min ‖Mx − b‖ by conjugate gradients on MᵀMx = Mᵀb (Hestenes, Stiefel 1952); exact
 * after dim iterations but for rounding. b is overwritten.
 */
export function leastSquares(
  space: Space,
  { innerSteps, tolerance }: LeastSquaresOptions,
): (x: Vector, b: Vector, product: Product) => Asking {
  const [p, q, s] = [space.vector(), space.vector(), space.vector()];
  return function* (x, b, product) {
    yield* product(s, b, true);
    copy(p, s);
    scale(copy(x, s), 0);
    let γ = dot(s, s);
    const enough = tolerance ** 2 * γ;
    for (let i = 0; i < innerSteps && γ > enough; i++) {
      yield* product(q, p, false);
      const length = dot(q, q);
      if (!(length > 0)) return;
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
