import { parseOptions, type Method, type OptionTable } from '@stillpoint/operators';
import { mover, type StepSize } from '../move.js';
import * as option from '../options.js';
import { moveTo, startAt, type PointState } from '../point.js';
import { turns } from '../turns.js';

/** Options of {@link alternatingGda}. */
export interface AlternatingGdaOptions {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
  /**
   * Who moves when, by index: `[0,0,0,0,0,1]` is five turns of the first player to one of the second.
   * Default: each once.
   */
  readonly order?: readonly number[] | null;
}

/** Options of {@link alternatingGda}: what is accepted, and the defaults. */
export const alternatingGdaTable: OptionTable<AlternatingGdaOptions> = {
  stepSize: option.γ(),
  order: option.order(),
};

/**
 * Alternating gradient descent–ascent (Gauss–Seidel): for each player p in order,
 *   z_p⁺ = (I + γA)⁻¹(z_p − γF_p(z)),  with the moves of those before it already in z.
 *
 * Bounded but not convergent on bilinear games (γ < 2/L). Oracle calls per step: 1 per turn of the busiest
 * player. Source: Zhang, Wang, Lessard, Grosse, "Near-optimal local convergence of alternating GDA", 2022,
 * arXiv 2102.09468.
 */
export function alternatingGda(options: AlternatingGdaOptions): Method<PointState> {
  const { stepSize, order } = parseOptions('method alternating-gda', alternatingGdaTable, options);
  return {
    name: 'alternating-gda',
    options: { stepSize, order },
    init: startAt,
    restart: moveTo,
    begin(space) {
      const stepAt = mover(space, stepSize);
      const players = turns(space, order);
      return function* (s) {
        const move = stepAt(s.k++);
        for (const player of players) move(s.z, s.z, yield { want: 'gradient', at: s.z, player }, player);
      };
    },
  };
}
