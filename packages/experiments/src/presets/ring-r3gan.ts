import type { GanPreset } from './preset.js';
import { ring } from './ring.js';

/**
 * `ring` with R3GAN's loss (arXiv 2501.05441), the relativistic loss with both zero-centred penalties. The
 * methods and step sizes are those of `ring`, chosen there for the plain loss, and the weight of the
 * penalties is that of `grid-r3gan`. Calls are equal, but the penalties make each dearer.
 */
export const ringR3gan: GanPreset = {
  ...ring,
  name: 'ring-r3gan',
  title: 'The 8-Gaussian ring with R3GAN’s loss',
  about:
    'The data, networks, methods and number of calls of ring, with a regularised relativistic loss: does it keep modes that the plain loss loses? The penalties need second derivatives, so that a call takes longer. gda is left out: on ring none of its step sizes trained.',
  loss: 'r3gan(weight=0.1)',
};
