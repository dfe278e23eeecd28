import type { Paper } from '../paper.js';
import { equations } from './equations.js';
import { singleRows } from './single-rows.js';

/** Xu et al. 2024 and Li, Chen, Huang 2023: implicit gradient steps for physics-informed networks. */
export const implicitSteps: Paper = {
  name: 'implicit-gradient',
  title: 'Convergence of Implicit Gradient Descent for Training Two-Layer Physics-Informed Neural Networks',
  authors: 'Xu, Du, Kong, Shan, Li, Huang',
  year: 2024,
  where: 'arXiv 2407.02827; with implicit SGD of Li, Chen, Huang 2023, arXiv 2303.01767',
  about:
    'A gradient step with the gradient at its end is stable for every step size. On the stiff losses of physics-informed networks it converges where gradient descent must take very short steps.',
  figures: [equations, singleRows],
};
