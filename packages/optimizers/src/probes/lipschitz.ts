import {
  copy,
  distance,
  isFiniteVector,
  norm,
  normal,
  scale,
  waxpy,
  type Asking,
  type Problem,
  type Vector,
} from '@stillpoint/operators';
import { probed } from './probed.js';
import { fullProblem } from '../drivers/full-problem.js';

/** A lower estimate of L near a point. */
export interface LipschitzEstimate {
  /** L̂ ≥ 0: the largest ‖F(z) − F(z′)‖/‖z − z′‖ found. F may be steeper elsewhere. */
  readonly lipschitz: number;
  /** Calls of F that it took. */
  readonly calls: number;
}

/** Directions tried around the point. */
const DIRECTIONS = 8;
/**
 * Length of a difference as a share of ‖z‖, or of 1 if z = 0. It is long enough for the quotient not to be
 * affected by rounding.
 */
const LENGTH = 2 ** -10;

/**
 * Distances along −F(z), as shares of ‖z‖, at which F is evaluated: if F is curved, the quotient near z alone
 * says little.
 */
const FAR = [1 / 8, 1 / 2, 1, 2];

/**
 * Estimates the Lipschitz constant of F near z: difference quotients along F(z), then along the direction in
 * which F changed most (power iteration on the Jacobian), and between points along −F(z) up to a distance of
 * 2‖z‖. All points lie in the set; those where F is not finite are left out. At most 1 + 2·8 + 4 gradients,
 * of the full operator. The estimate scales exactly with F. The probe yields its questions;
 * `estimateLipschitz` asks them of a game.
 * @param sample what F is evaluated on: the full operator, or one sample. Default: `all`.
 */
export function* lipschitzNear(
  { constraint }: Pick<Problem, 'constraint'>,
  z: Vector,
  sample: 'all' | 'same' = 'all',
): Asking<LipschitzEstimate> {
  const [F, G, v, w] = [z.slice(), z.slice(), z.slice(), z.slice()];
  let calls = 1;
  copy(F, yield { want: 'gradient', at: z, sample });
  const reach = norm(z) || 1;
  const h = LENGTH * reach;
  let largest = 0;
  const take = (quotient: number): void => {
    if (quotient > largest && Number.isFinite(quotient)) largest = quotient;
  };
  /**
   * The quotient between z and the point of the set nearest to z + t·v; G holds F there minus F(z). 0 if z
   * cannot move that way.
   */
  function* quotient(t: number): Asking<number> {
    waxpy(w, z, t, v);
    constraint?.prox(w, Math.abs(t));
    const length = distance(w, z);
    if (!(length > 0)) return 0;
    calls++;
    waxpy(G, yield { want: 'gradient', at: w, sample }, -1, F);
    return norm(G) / length;
  }
  const randomDirection = (call: number): void => {
    normal(v, { seed: 0, purpose: 'lipschitz estimate', call });
    scale(v, 1 / norm(v));
  };
  const size = norm(F);
  if (size > 0) scale(copy(v, F), 1 / size);
  else randomDirection(0);
  for (let i = 1; i <= DIRECTIONS; i++) {
    const found = (yield* quotient(-h)) || (yield* quotient(h));
    take(found);
    if (found > 0 && Number.isFinite(found)) scale(copy(v, G), 1 / norm(G));
    else randomDirection(i);
  }
  if (!(size > 0 && Number.isFinite(size))) return { lipschitz: largest, calls };
  const [at, here] = [z.slice(), F.slice()];
  for (const share of FAR) {
    waxpy(w, z, -(share * reach) / size, F);
    constraint?.prox(w, share * reach);
    const length = distance(w, at);
    if (!(length > 0)) break;
    calls++;
    copy(G, yield { want: 'gradient', at: w, sample });
    if (!isFiniteVector(G)) break;
    take(distance(G, here) / length);
    copy(at, w);
    copy(here, G);
  }
  return { lipschitz: largest, calls };
}

/** L̂ of a synchronous problem. */
export function estimateLipschitz(game: Problem, z: Vector): LipschitzEstimate {
  return probed(game, z, (problem) => lipschitzNear(fullProblem(problem), z));
}
