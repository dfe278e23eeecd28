import type { Vector } from '../contracts/index.js';
import { norm } from './vectors.js';

/** ‖a‖₂ of every `stride`-th entry on [start, end), exact also where squares overflow or underflow. */
function stridedNorm(a: Vector, start: number, end: number, stride: number): number {
  if (stride === 1) return norm(a, start, end);
  let largest = 0;
  for (let i = start; i < end; i += stride) largest = Math.max(largest, Math.abs(a[i]!));
  if (largest === 0) return 0;
  let sum = 0;
  for (let i = start; i < end; i += stride) sum += (a[i]! / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/**
 * g ← g·min(1, share·max(‖w‖, least)/‖g‖) of each of the `units` interleaved on [start, end): unit j has
 * every `units`-th entry from start + j on. A NaN or ±∞ stays, or leaves a NaN there. Returns how many were
 * too long, and the largest norm before.
 */
export function clipUnits(
  g: Vector,
  w: Vector,
  share: number,
  least: number,
  units: number,
  start = 0,
  end: number = g.length,
): { readonly engaged: number; readonly norm: number } {
  let [engaged, largest] = [0, 0];
  for (let unit = start; unit < start + units; unit++) {
    const length = stridedNorm(g, unit, end, units);
    const limit = share * Math.max(stridedNorm(w, unit, end, units), least);
    largest = Math.max(largest, length);
    if (!(length > limit)) continue;
    engaged++;
    // not a quotient of lengths alone, which may underflow where the entries need not
    for (let i = unit; i < end; i += units) g[i] = limit * (g[i]! / length);
  }
  return { engaged, norm: largest };
}
