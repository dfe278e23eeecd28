import {
  copy,
  copyRange,
  norm,
  waxpy,
  type Asking,
  type SampleRule,
  type Space,
  type Vector,
} from '@stillpoint/operators';
import { playerAt } from '../move.js';
import type { InnerEnd } from './inner-end.js';

/** Options of an ascent. */
export interface AscentOptions {
  /** Who ascends: y, whose own loss is −f. */
  readonly player: number;
  /** η. */
  readonly stepSize: number;
  /** ε: how small the gradient has to be at the end. */
  readonly tolerance: number;
  /** The most steps. */
  readonly ascentSteps: number;
  /** On which sample gradients are evaluated. Default: fresh. */
  readonly sample?: SampleRule;
}

/** How an ascent ended. */
export interface AscentEnd extends InnerEnd {
  /** ‖∇_y f‖ at its end; with a constraint ‖P(w + η∇_y f) − w‖/η. */
  readonly slope: number;
  /** The same where it began. */
  readonly first: number;
  /** False if the gradient grew beyond every bound or is not finite. */
  readonly bounded: boolean;
}

/** An ascent whose gradient has grown by this factor has no end: no step of doubles brings it back. */
const GROWTH = 2 ** 40;

/**
 * Gradient ascent of one player from w, in place, until its gradient is within the tolerance:
 *   w_y ← P(w_y + η∇_y f(w))   until   ‖∇_y f(w)‖ ≤ ε
 * It asks for a gradient of one player per step, and one more at its end. If it uses up its steps, the run
 * gets a warning. `steepest`: the slope of the run’s first ascent, to which growth is compared; 0: this is
 * the first one.
 */
export function ascent(
  space: Space,
  { player, stepSize: η, tolerance: ε, ascentSteps, sample = 'fresh' }: AscentOptions,
): (w: Vector, steepest?: number) => Asking<AscentEnd> {
  const { start, end } = playerAt(space, player);
  const [next, move] = [space.vector(), space.vector()];
  return function* (w, steepest = 0) {
    let first = NaN;
    for (let iterations = 0; ; iterations++) {
      const g = yield { want: 'gradient', at: w, player, sample };
      waxpy(copy(next, w), w, -η, g, start, end); // g = −∇_y f
      space.prox(next, η, player);
      waxpy(move, next, -1, w, start, end);
      const slope = space.constraint ? norm(move, start, end) / η : norm(g, start, end);
      if (iterations === 0) first = slope;
      const bounded = slope <= GROWTH * Math.max(ε, steepest > 0 ? steepest : first);
      const reached = slope <= ε;
      if (reached || !bounded || iterations >= ascentSteps) {
        if (bounded && !reached)
          space.note(
            `the ascent made all ascentSteps = ${ascentSteps} steps without coming within its tolerance${space.constraint ? '' : '; where more do not help, sup over y may not be bounded'}`,
          );
        return { iterations, reached, slope, first, bounded };
      }
      copyRange(w, next, start, end);
    }
  };
}
