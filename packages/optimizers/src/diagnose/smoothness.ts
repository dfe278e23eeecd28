import { norm, waxpy, type Asking, type Problem } from '@stillpoint/operators';
import { smoothnessBetween } from '../probes/generalised-smoothness.js';
import type { SmoothnessPoint } from '../probes/smoothness-fit.js';
import type { Visited } from './visited.js';

/** The length of a probing step, as a share of ‖z‖, or of 1 if z = 0. */
const LENGTH = 2 ** -7;

/** The smoothness of F along short steps against it, from the points of a path: two gradients each. */
export function* alongPath(
  { constraint }: Pick<Problem, 'constraint'>,
  visited: readonly Visited[],
  sample: 'all' | 'same',
): Asking<SmoothnessPoint[]> {
  const points: SmoothnessPoint[] = [];
  for (const { name, z, F } of visited) {
    const size = norm(F);
    if (name === 'around' || !(size > 0)) continue;
    const step = (LENGTH * (norm(z) || 1)) / size;
    const next = z.slice();
    waxpy(next, z, -step, F);
    constraint?.prox(next, step);
    const point = yield* smoothnessBetween(z, next, sample);
    if (point !== undefined) points.push(point);
  }
  return points;
}
