import type { Kernels } from '../kernel.js';
import { convolutions } from './convolutions.js';
import { depthwise } from './depthwise.js';
import { elementwise } from './elementwise.js';
import { functions } from './functions.js';
import { gathers } from './gathers.js';
import { images } from './images.js';
import { responses } from './lrn.js';
import { products } from './matmul.js';
import { reductions } from './reductions.js';
import { shapes } from './shapes.js';
import { slices } from './slices.js';

/** Every tfjs kernel that can be traced. */
export const kernels: Kernels = {
  ...elementwise,
  ...reductions,
  ...shapes,
  ...products,
  ...convolutions,
  ...images,
  ...functions,
  ...gathers,
  ...slices,
  ...depthwise,
  ...responses,
};
