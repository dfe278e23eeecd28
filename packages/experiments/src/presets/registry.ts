import { fashionMnist } from './fashion-mnist.js';
import type { GanPreset } from './preset.js';
import { ring } from './ring.js';

/** Every preset, by name. */
export const presets: readonly GanPreset[] = [ring, fashionMnist];
