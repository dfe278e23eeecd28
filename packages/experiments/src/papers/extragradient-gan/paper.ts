import type { Paper } from '../paper.js';
import { bilinear } from './bilinear.js';
import { mainTable } from './table.js';

/** Gidel, Berard, Vignoud, Vincent, Lacoste-Julien 2019: extragradient and averaging for GANs. */
export const extragradientGan: Paper = {
  name: 'extragradient-gan',
  title: 'A Variational Inequality Perspective on Generative Adversarial Networks',
  authors: 'Gidel, Berard, Vignoud, Vincent, Lacoste-Julien',
  year: 2019,
  where: 'arXiv 1802.10551',
  about:
    'GANs as variational inequalities: averaging, extragradient, extrapolation from the past, and Adam with extrapolation.',
  figures: [bilinear, mainTable],
};
