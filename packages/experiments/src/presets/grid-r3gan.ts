import { grid } from './grid.js';
import type { GanPreset } from './preset.js';

/**
 * `grid` with R3GAN's loss (arXiv 2501.05441), the relativistic loss with both zero-centred penalties. The
 * methods and step sizes are those of `grid`, chosen there for the plain loss. Of the weights 1 and 0.1 of
 * the penalties the second covered more modes in the guide “My GAN collapses”. Calls are equal, but the
 * penalties make each dearer.
 */
export const gridR3gan: GanPreset = {
  ...grid,
  name: 'grid-r3gan',
  title: 'The 25-Gaussian grid with R3GAN’s loss',
  about:
    'The data, networks, methods and number of calls of grid, with a regularised relativistic loss: does it keep modes that the plain loss loses? The penalties need second derivatives, so that a call takes longer.',
  loss: 'r3gan(weight=0.1)',
};
