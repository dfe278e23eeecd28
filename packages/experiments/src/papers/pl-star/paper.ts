import type { Paper } from '../paper.js';
import { widths } from './widths.js';

/** Liu, Zhu, Belkin 2020: the PL* condition of wide networks. */
export const plStar: Paper = {
  name: 'pl-star',
  title: 'Loss landscapes and optimization in over-parameterized non-linear systems and neural networks',
  authors: 'Liu, Zhu, Belkin',
  year: 2020,
  where: 'arXiv 2003.00307',
  about:
    'The loss of a wide network is not convex, but on a ball around its start it obeys ½‖∇f‖² ≥ μf, with μ the least eigenvalue of the tangent kernel: so gradient descent converges linearly, to a loss of 0, inside of that ball.',
  figures: [widths],
};
