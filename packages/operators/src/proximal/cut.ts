import type { Vector } from '../contracts/index.js';
import { largestEntry } from './contract.js';

/**
 * The depth below its largest entry `top` at which a slice must be cut so that the parts above add up to
 * `sum`: Σ max(z_i − top + depth, 0) = sum. Newton's method from above on this piecewise linear function ends
 * after a few passes. Depths are measured from the top, so that large entries that differ by little lose no
 * digits. Michelot, "A finite algorithm for finding the projection of a point onto the canonical simplex of
 * ℝⁿ", 1986.
 */
export function cutDepth(z: Vector, top: number, sum: number, start: number, end: number): number {
  let depth = sum; // right if only the top lies above the cut
  for (let before = Infinity; ;) {
    let total = 0;
    let count = 0;
    for (let i = start; i < end; i++) {
      const height = z[i]! - top;
      if (height + depth > 0) {
        total += height;
        count++;
      }
    }
    if (count >= before || count === 0) return depth;
    before = count;
    depth = Math.min(depth, (sum - total) / count);
  }
}

/** z ← its projection onto {z ≥ 0, Σz_i = sum}: z_i ← max(z_i − θ, 0) with the θ that meets the sum. */
export function ontoSimplex(z: Vector, sum: number, start: number, end: number): void {
  const top = largestEntry(z, start, end);
  const depth = cutDepth(z, top, sum, start, end);
  for (let i = start; i < end; i++) z[i] = Math.max(z[i]! - top + depth, 0);
}
