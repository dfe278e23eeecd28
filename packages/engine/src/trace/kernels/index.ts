import type { Kernels } from '../kernel.js';
import { convolutions } from './convolutions.js';
import { elementwise } from './elementwise.js';
import { images } from './images.js';
import { products } from './matmul.js';
import { reductions } from './reductions.js';
import { shapes } from './shapes.js';

/** Every tfjs kernel that can be traced. */
export const kernels: Kernels = { ...elementwise, ...reductions, ...shapes, ...products, ...convolutions, ...images };
