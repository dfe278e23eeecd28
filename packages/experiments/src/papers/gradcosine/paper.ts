import type { Paper } from '../paper.js';
import { blobs } from './blobs.js';
import { fashionMlp } from './fashion-mlp.js';
import { ring } from './ring.js';

/** Yang, Wang, Yuan, Lin 2022: GradCosine, and starts whose tensors are scaled by it. */
export const gradCosinePaper: Paper = {
  name: 'gradcosine',
  title: 'Towards Theoretically Inspired Neural Initialization Optimization',
  authors: 'Yang, Wang, Yuan, Lin',
  year: 2022,
  where: 'arXiv 2210.05956',
  about:
    'GradCosine is the mean cosine between the gradients of parts of a batch at a network’s start. Neural initialization optimization (NIO) learns one scale for each tensor of the start that raises it, while the norm of the gradients stays bounded.',
  figures: [blobs, fashionMlp, ring],
};
