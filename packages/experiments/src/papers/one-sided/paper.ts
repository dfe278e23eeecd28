import type { Paper } from '../paper.js';
import { gan } from './gan.js';
import { game } from './game.js';
import { gameWithoutMinty } from './game-without-minty.js';

/** Dou, Li 2021: one-sided convergence of Adam-type methods. */
export const oneSided: Paper = {
  name: 'one-sided',
  title:
    'On the One-sided Convergence of Adam-type Algorithms in Non-convex Non-concave Min-max Optimization',
  authors: 'Dou, Li',
  year: 2021,
  where: 'arXiv 2109.14213',
  about:
    'In the training of a GAN the gradient of the generator gets small and that of the discriminator does not. Under a one-sided Minty variational inequality Adam-type methods are proven to do that.',
  figures: [game, gameWithoutMinty, gan],
};
