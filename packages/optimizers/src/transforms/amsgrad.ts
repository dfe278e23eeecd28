import { amsgradDirection, type Space, type Vector } from '@stillpoint/operators';
import { playerAt } from '../move.js';
import { moments } from '../options.js';
import { power } from '../inner/power.js';
import type { AdamMoments } from './adam.js';
import { gradientTransform } from './transform.js';

/** First and second moments, the largest second moments so far, and how often each player's have advanced. */
export type AmsgradState = {
  readonly m: Vector;
  readonly v: Vector;
  readonly peak: Vector;
  readonly t: number[];
};

/** Moments of zero, before the first gradient. */
export function amsgradState(space: Space): AmsgradState {
  return { m: space.vector(), v: space.vector(), peak: space.vector(), t: space.players.map(() => 0) };
}

/**
 * AMSGrad's direction in place of the gradient, as PyTorch computes it: m and v as in Adam,
 *   v̂ ← max(v̂, v),  g ← (m/(1 − β₁ᵗ)) / (√(v̂/(1 − β₂ᵗ)) + ε).
 * Reddi, Kale, Kumar, "On the convergence of Adam and beyond", 2018, arXiv 1904.09237 (there without the two
 * corrections).
 */
export function amsgradDirections(
  space: Space,
  { beta1, beta2, epsilon }: AdamMoments,
): (state: AmsgradState, g: Vector, player?: number) => Vector {
  return ({ m, v, peak, t }, g, player) => {
    for (let p = player ?? 0; p < (player === undefined ? space.players.length : player + 1); p++) {
      const { start, end } = playerAt(space, p);
      const step = t[p]! + 1;
      t[p] = step;
      amsgradDirection(
        g,
        m,
        v,
        peak,
        { beta1, beta2, epsilon, correction1: 1 - power(beta1, step), correction2: 1 - power(beta2, step) },
        start,
        end,
      );
    }
    return g;
  };
}

/** AMSGrad as a transform. */
export const amsgradTransform = gradientTransform({
  name: 'amsgrad',
  about: 'AMSGrad’s direction',
  reference: 'Reddi, Kale, Kumar 2018, arXiv 1904.09237',
  family: 'adam',
  options: moments,
  init: amsgradState,
  begin: amsgradDirections,
});
