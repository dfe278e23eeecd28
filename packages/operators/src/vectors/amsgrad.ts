import type { Vector } from '../contracts/index.js';
import type { AdamUpdate } from './vectors.js';

/**
 * m, v ← moments of g;  peak ← max(peak, v);  g ← m̂ / (√(peak/(1 − β₂ᵗ)) + ε)  on [start, end): the AMSGrad
 * direction replaces the gradient. All arithmetic is float64.
 */
export function amsgradDirection(
  g: Vector,
  m: Vector,
  v: Vector,
  peak: Vector,
  update: AdamUpdate,
  start = 0,
  end: number = g.length,
): void {
  const { beta1, beta2, epsilon } = update;
  const scale1 = 1 / update.correction1;
  const scale2 = 1 / update.correction2;
  for (let i = start; i < end; i++) {
    const gi = g[i]!;
    const mi = beta1 * m[i]! + (1 - beta1) * gi;
    const vi = beta2 * v[i]! + (1 - beta2) * gi * gi;
    const highest = Math.max(peak[i]!, vi);
    m[i] = mi;
    v[i] = vi;
    peak[i] = highest;
    g[i] = (scale1 * mi) / (Math.sqrt(scale2 * highest) + epsilon);
  }
}
