import type { Vector } from '@stillpoint/operators';

/** z is the average, `last` the iterate; `sum` is the sum of (γ_k/γ)² so far. */
export type ScheduleFreeState = { readonly z: Vector; readonly last: Vector; sum: number; k: number };

/**
 * Of the step that begins, which is counted: γ_k/γ = min(1, (k + 1)/warm-up steps), and what the new iterate
 * weighs in the average, its square over the sum of all so far. A schedule of γ does not enter the weights.
 */
export function scheduleFreeWeights(
  warmup: number,
): (s: Pick<ScheduleFreeState, 'k' | 'sum'>) => { readonly share: number; readonly average: number } {
  return (s) => {
    const share = s.k < warmup ? (s.k + 1) / warmup : 1;
    s.k++;
    s.sum += share * share;
    return { share, average: (share * share) / s.sum };
  };
}
