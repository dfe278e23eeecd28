import { parseOptions, waxpy, type OptionTable, type Space, type Vector } from '@stillpoint/operators';
import { playerAt } from '../move.js';
import * as option from '../options.js';
import type { Transform } from './transform.js';

/** Options of {@link momentum}. */
export interface MomentumOptions {
  /** β in (−1, 1); negative momentum is known to help alternating play. Default 0.9. */
  readonly decay?: number;
  /** g + βm instead of m. Default false. */
  readonly nesterov?: boolean;
}

/** m is the decaying sum of gradients, from 0. */
export type MomentumState = { readonly m: Vector };

/** Options of {@link momentum}: what is accepted, and the defaults. */
export const momentumTable: OptionTable<MomentumOptions> = {
  decay: option.number({
    about: 'decay of the sum; negative helps alternating play',
    symbol: 'β',
    above: -1,
    below: 1,
    default: 0.9,
  }),
  nesterov: option.flag({ about: 'look ahead: g + βm instead of m', default: false }),
};

/**
 * m ← βm + g,  g ← m, or g ← g + βm (Nesterov). In gda without constraints this is the heavy ball z⁺ = z −
 * γF(z) + β(z − z₋). Polyak 1964; Gidel et al., "Negative momentum for improved game dynamics", 2019, arXiv
 * 1807.04740.
 */
export function momentum(options: MomentumOptions = {}): Transform<MomentumState> {
  const { decay: β, nesterov } = parseOptions('transform momentum', momentumTable, options);
  return {
    name: 'momentum',
    options: { decay: β, nesterov },
    init: (space: Space) => ({ m: space.vector() }),
    begin:
      (space) =>
      ({ m }, g, player) => {
        const { start, end } = player === undefined ? { start: 0, end: space.dim } : playerAt(space, player);
        waxpy(m, g, β, m, start, end); // m ← βm + g
        if (nesterov) waxpy(g, g, β, m, start, end);
        else waxpy(g, m, 0, m, start, end);
        return g;
      },
  };
}
