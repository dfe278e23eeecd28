import type { Paper } from '../paper.js';
import { rounds } from './rounds.js';

/** Guo, Liu, Yuan, Shen, Liu, Yang 2020: distributed maximisation of the AUC. */
export const codaPaper: Paper = {
  name: 'coda',
  title: 'Communication-Efficient Distributed Stochastic AUC Maximization with Deep Neural Networks',
  authors: 'Guo, Liu, Yuan, Shen, Liu, Yang',
  year: 2020,
  where: 'arXiv 2005.02426',
  about:
    'The AUC as a min-max loss of single examples, maximised by several workers that each make many primal–dual steps between two averages.',
  figures: [rounds],
};
