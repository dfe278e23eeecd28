import { flag, number, waxpy } from '@stillpoint/operators';
import { playerAt } from '../move.js';
import { gradientTransform } from './transform.js';

/**
 * m ← βm + g,  g ← m, or g ← g + βm (Nesterov). In gda without constraints this is the heavy ball z⁺ = z −
 * γF(z) + β(z − z₋). Polyak 1964; Gidel et al., "Negative momentum for improved game dynamics", 2019, arXiv
 * 1807.04740.
 */
export const momentum = gradientTransform({
  name: 'momentum',
  about: 'a decaying sum of gradients: the heavy ball',
  reference: 'Polyak 1964; Gidel et al. 2019, arXiv 1807.04740',
  options: {
    decay: number({
      about: 'decay of the sum; a negative one helps alternating methods',
      symbol: 'β',
      above: -1,
      below: 1,
      default: 0.9,
    }),
    nesterov: flag({ about: 'look ahead: g + βm instead of m', default: false }),
  },
  /** m is the decaying sum of gradients, from 0. */
  init: (space) => ({ m: space.vector() }),
  begin:
    (space, { decay: β, nesterov }) =>
    ({ m }, g, player) => {
      const { start, end } = player === undefined ? { start: 0, end: space.dim } : playerAt(space, player);
      waxpy(m, g, β, m, start, end); // m ← βm + g
      if (nesterov) waxpy(g, g, β, m, start, end);
      else waxpy(g, m, 0, m, start, end);
      return g;
    },
});
