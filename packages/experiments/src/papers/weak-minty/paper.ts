import type { Paper } from '../paper.js';
import { forsaken } from './forsaken.js';
import { globalForsaken } from './global-forsaken.js';
import { lowerBound } from './lower-bound.js';
import { polar } from './polar.js';
import { stochastic } from './stochastic.js';

/** Pethick, Latafat, Patrinos, Fercoq, Cevher 2022: CEG+, AdaptiveEG+ and CurvatureEG+. */
export const weakMinty: Paper = {
  name: 'weak-minty',
  title: 'Escaping limit cycles: Global convergence for constrained nonconvex-nonconcave minimax problems',
  authors: 'Pethick, Latafat, Patrinos, Fercoq, Cevher',
  year: 2022,
  where: 'arXiv 2302.09831',
  about:
    'Extragradient with a shorter second step (CEG+), with the longest step that its gradients allow (AdaptiveEG+), and with the local curvature (CurvatureEG+), on games with limit cycles.',
  figures: [forsaken, polar, globalForsaken, lowerBound, stochastic],
};
