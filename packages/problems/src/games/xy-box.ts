import { box, constraintOf, type Game } from '@stillpoint/operators';
import { linear, minMax } from './linear.js';
import { game } from '../kinds/game.js';

/**
 * f(x, y) = xy on the box |x|, |y| ≤ 5. max_y f = 5|x|, so x = 0 is the minimax choice. Gradient
 * descent–ascent moves outwards until it runs along the box. L = 1, ρ = 0. Source: Keswani, Mangoubi,
 * Sachdeva, Vishnoi, "A convergent and dimension-independent min-max optimization algorithm", 2022, arXiv
 * 2006.12376, whose authors show it in a blog post of 2020.
 */
export const xyBox = game({
  name: 'xy-box',
  about: 'xy on the box |x|, |y| ≤ 5',
  reference: 'Keswani, Mangoubi, Sachdeva, Vishnoi 2022, arXiv 2006.12376',
  options: {},
  make(): Game {
    const { facts, ...bilinear } = linear({ lipschitz: 1, weakMinty: 0 });
    return {
      ...bilinear,
      name: 'xy-box',
      start: [2, 1],
      constraint: constraintOf(minMax, box({ lower: -5, upper: 5 })),
      facts: { ...facts, where: 'on the set' },
    };
  },
});
