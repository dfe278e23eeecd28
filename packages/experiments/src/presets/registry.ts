import { cycle } from './cycle.js';
import { fashionMnist } from './fashion-mnist.js';
import { fashionR3gan } from './fashion-r3gan.js';
import { fourGaussians } from './four-gaussians.js';
import type { GamePreset } from './game-preset.js';
import { gridR3gan } from './grid-r3gan.js';
import { grid } from './grid.js';
import type { GanPreset } from './preset.js';
import { ringR3gan } from './ring-r3gan.js';
import { ring } from './ring.js';
import { spiral } from './spiral.js';
import { stackedFashion } from './stacked-fashion.js';
import { swissRoll } from './swiss-roll.js';
import { twoClassFashion } from './two-class-fashion.js';

/** Every preset of a GAN, by name. */
export const presets: readonly GanPreset[] = [
  ring,
  ringR3gan,
  grid,
  gridR3gan,
  swissRoll,
  fourGaussians,
  fashionMnist,
  fashionR3gan,
  stackedFashion,
  twoClassFashion,
];

/** Every preset of a game, by name: it shows in seconds which methods fail and which converge. */
export const gamePresets: readonly GamePreset[] = [spiral, cycle];
