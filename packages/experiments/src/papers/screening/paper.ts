import type { Paper } from '../paper.js';
import { blowUp } from './blow-up.js';
import { reweighted } from './reweighted.js';
import { safe } from './safe.js';

/** Sun, Bach 2022: the penalised conditional gradient method with screening, also reweighted. */
export const screening: Paper = {
  name: 'screening',
  title: 'Screening for a Reweighted Penalized Conditional Gradient Method',
  authors: 'Sun, Bach',
  year: 2022,
  where: 'doi 10.5802/ojmo.14',
  about:
    'The conditional gradient method with a penalty in the place of a set. Its gap bounds how far it is from the optimum, and tells which atoms no solution uses; reweighted, it treats concave penalties, for which that is no longer certain half-way.',
  figures: [safe, blowUp, reweighted],
};
