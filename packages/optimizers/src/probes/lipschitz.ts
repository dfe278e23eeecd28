import { copy, distance, norm, normal, scale, waxpy, type Game, type Vector } from '@stillpoint/operators';

/** An estimate from below of L near a point. */
export interface LipschitzEstimate {
  /** L̂ ≥ 0: the largest ‖F(z) − F(z′)‖/‖z − z′‖ met. F may be steeper elsewhere. */
  readonly lipschitz: number;
  /** Calls of F that it took. */
  readonly calls: number;
}

/** Directions tried around the point. */
const DIRECTIONS = 8;
/** Length of a difference as a share of ‖z‖, or of 1 where z = 0: long enough that rounding does not reach the quotient. */
const LENGTH = 2 ** -10;

/**
 * Estimates the Lipschitz constant of F near z: difference quotients along F(z), then along where F changed most (power
 * iteration on the Jacobian), and one along the step −F(z)/(2L̂) that a method would take. All points lie in the set. At
 * most DIRECTIONS + 2 calls of F. The estimate scales exactly with F.
 */
export function estimateLipschitz(game: Game, z: Vector): LipschitzEstimate {
  const [F, G, v, w] = [z.slice(), z.slice(), z.slice(), z.slice()];
  let calls = 1;
  game.operator(z, F);
  const h = LENGTH * (norm(z) || 1);
  let largest = 0;
  /** The quotient between z and the point of the set next to z + t·v; G holds F there minus F(z). 0 where z cannot move so. */
  const quotient = (t: number): number => {
    waxpy(w, z, t, v);
    game.resolve?.(w, Math.abs(t));
    const length = distance(w, z);
    if (!(length > 0)) return 0;
    calls++;
    game.operator(w, G);
    waxpy(G, G, -1, F);
    return norm(G) / length;
  };
  const randomDirection = (call: number): void => {
    normal(v, { seed: 0, purpose: 'lipschitz estimate', call });
    scale(v, 1 / norm(v));
  };
  if (norm(F) > 0) scale(copy(v, F), 1 / norm(F));
  else randomDirection(0);
  for (let i = 1; i <= DIRECTIONS; i++) {
    const found = quotient(-h) || quotient(h);
    if (found > largest) largest = found;
    if (found > 0 && Number.isFinite(found)) scale(copy(v, G), 1 / norm(G));
    else randomDirection(i);
  }
  if (norm(F) > 0 && largest > 0) {
    copy(v, F);
    const found = quotient(-1 / (2 * largest));
    if (found > largest) largest = found;
  }
  return { lipschitz: largest, calls };
}
