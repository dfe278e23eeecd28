import { adamDirection, copy, type Full, type Player, type Space, type Vector } from '@stillpoint/operators';
import { playerAt } from '../move.js';
import { moments } from '../options.js';
import { power } from '../inner/power.js';
import { gradientTransform } from './transform.js';

/** Decay rates and ε of Adam’s direction. */
export type AdamMoments = Full<typeof moments>;

/** First and second moments of all players, and how often each player's have advanced. */
export type AdamState = { readonly m: Vector; readonly v: Vector; readonly t: number[] };

/** Moments of zero, before the first gradient. */
export function adamState(space: Space): AdamState {
  return { m: space.vector(), v: space.vector(), t: space.players.map(() => 0) };
}

/** Copies moments. */
export function copyMoments(into: AdamState, from: AdamState): void {
  copy(into.m, from.m);
  copy(into.v, from.v);
  from.t.forEach((t, p) => void (into.t[p] = t));
}

/**
 * Adam's direction in place of the gradient, as PyTorch computes it:
 *   t ← t + 1,  m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²,  g ← m̂/(√v̂ + ε),  m̂ = m/(1 − β₁ᵗ),  v̂ = v/(1
 *     − β₂ᵗ).
 * Kingma, Ba, "Adam", 2015, arXiv 1412.6980.
 */
export function adamDirections(
  space: Space,
  { beta1, beta2, epsilon }: AdamMoments,
): (moments: AdamState, g: Vector, player?: number) => Vector {
  const advance = ({ m, v, t }: AdamState, g: Vector, p: number, { start, end }: Player): void => {
    const step = t[p]! + 1;
    t[p] = step;
    adamDirection(
      g,
      m,
      v,
      { beta1, beta2, epsilon, correction1: 1 - power(beta1, step), correction2: 1 - power(beta2, step) },
      start,
      end,
    );
  };
  return (moments, g, player) => {
    if (player !== undefined) advance(moments, g, player, playerAt(space, player));
    else for (let p = 0; p < space.players.length; p++) advance(moments, g, p, playerAt(space, p));
    return g;
  };
}

/** Adam's direction as a transform. */
export const adamTransform = gradientTransform({
  name: 'adam',
  about: 'Adam’s direction',
  reference: 'Kingma, Ba 2015, arXiv 1412.6980',
  family: 'adam',
  options: moments,
  init: adamState,
  begin: adamDirections,
});
