import { fashionMnist } from './fashion-mnist.js';
import { grid } from './grid.js';
import type { GanPreset } from './preset.js';
import { ring } from './ring.js';
import { swissRoll } from './swiss-roll.js';

/** Every preset, by name. */
export const presets: readonly GanPreset[] = [ring, grid, swissRoll, fashionMnist];
