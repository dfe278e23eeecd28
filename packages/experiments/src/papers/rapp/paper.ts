import type { Paper } from '../paper.js';
import { forsaken } from './forsaken.js';
import { polar } from './polar.js';
import { tables } from './tables.js';
import { theory } from './theory.js';

/** Pethick, Xie, Cevher 2023: RAPP and Lookahead. */
export const rapp: Paper = {
  name: 'rapp',
  title: 'Stable Nonconvex-Nonconcave Training via Linear Interpolation',
  authors: 'Pethick, Xie, Cevher',
  year: 2023,
  where: 'arXiv 2310.13459',
  about:
    'Lookahead and the relaxed approximate proximal point method (RAPP): interpolating towards where inner steps lead stabilises training.',
  figures: [forsaken, polar, theory, tables],
};
