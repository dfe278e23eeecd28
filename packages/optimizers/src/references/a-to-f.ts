import type { Reference } from './reference.js';

/** The keys of these. */
export type AToF =
  | 'adeoye2024'
  | 'alacaoglu2024'
  | 'arrow1958'
  | 'babuschkin2020'
  | 'balduzzi2018'
  | 'bohm2022'
  | 'brock2021'
  | 'bruck1977'
  | 'bu2021'
  | 'chavdarova2021'
  | 'courbariaux2015'
  | 'cutkosky2020'
  | 'daskalakis2018'
  | 'defazio2014'
  | 'defazio2024'
  | 'diakonikolas2020'
  | 'diakonikolas2021'
  | 'dhingra2016'
  | 'dou2021'
  | 'eckstein1992'
  | 'facchinei2003'
  | 'fan2024'
  | 'foret2021'
  | 'frank1956';

/** First authors A to F. */
export const aToF: { readonly [key in AToF]: Reference } = {
  adeoye2024: {
    authors: ['Adeoye, Adeyemi D.', 'Petersen, Philipp Christian', 'Bemporad, Alberto'],
    title: 'Regularized Gauss-Newton for Optimizing Overparameterized Neural Networks',
    year: 2024,
    arxiv: '2404.14875',
  },
  alacaoglu2024: {
    authors: ['Alacaoglu, Ahmet', 'Kim, Donghwan', 'Wright, Stephen J.'],
    title:
      'Revisiting Inexact Fixed-Point Iterations for Min-Max Problems: Stochasticity and Structured Nonconvexity',
    year: 2024,
    arxiv: '2402.05071',
  },
  arrow1958: {
    authors: ['Arrow, Kenneth J.', 'Hurwicz, Leonid', 'Uzawa, Hirofumi'],
    title: 'Studies in Linear and Non-Linear Programming',
    year: 1958,
    venue: { kind: 'publisher', name: 'Stanford University Press' },
  },
  babuschkin2020: {
    authors: ['Babuschkin, Igor', 'others'],
    title: 'The DeepMind JAX Ecosystem',
    year: 2020,
    venue: { kind: 'software', name: 'DeepMind' },
    url: 'https://github.com/google-deepmind',
  },
  balduzzi2018: {
    authors: [
      'Balduzzi, David',
      'Racanière, Sébastien',
      'Martens, James',
      'Foerster, Jakob',
      'Tuyls, Karl',
      'Graepel, Thore',
    ],
    title: 'The Mechanics of n-Player Differentiable Games',
    year: 2018,
    venue: { kind: 'proceedings', name: 'International Conference on Machine Learning (ICML)' },
    arxiv: '1802.05642',
  },
  bohm2022: {
    authors: ['Böhm, Axel'],
    title: 'Solving Nonconvex-Nonconcave Min-Max Problems exhibiting Weak Minty Solutions',
    year: 2022,
    arxiv: '2201.12247',
  },
  brock2021: {
    authors: ['Brock, Andrew', 'De, Soham', 'Smith, Samuel L.', 'Simonyan, Karen'],
    title: 'High-Performance Large-Scale Image Recognition Without Normalization',
    year: 2021,
    venue: { kind: 'proceedings', name: 'International Conference on Machine Learning (ICML)' },
    arxiv: '2102.06171',
  },
  bruck1977: {
    authors: ['Bruck, Ronald E.'],
    title:
      'On the Weak Convergence of an Ergodic Iteration for the Solution of Variational Inequalities for Monotone Operators in Hilbert Space',
    year: 1977,
    venue: { kind: 'journal', name: 'Journal of Mathematical Analysis and Applications' },
  },
  bu2021: {
    authors: ['Bu, Zhiqi', 'Xu, Shiyun', 'Chen, Kan'],
    title: 'A Dynamical View on Optimization Algorithms of Overparameterized Neural Networks',
    year: 2021,
    venue: {
      kind: 'proceedings',
      name: 'International Conference on Artificial Intelligence and Statistics (AISTATS)',
    },
    arxiv: '2010.13165',
  },
  chavdarova2021: {
    authors: [
      'Chavdarova, Tatjana',
      'Pagliardini, Matteo',
      'Stich, Sebastian U.',
      'Fleuret, François',
      'Jaggi, Martin',
    ],
    title: 'Taming GANs with Lookahead-Minmax',
    year: 2021,
    venue: { kind: 'proceedings', name: 'International Conference on Learning Representations (ICLR)' },
    arxiv: '2006.14567',
  },
  courbariaux2015: {
    authors: ['Courbariaux, Matthieu', 'Bengio, Yoshua', 'David, Jean-Pierre'],
    title: 'BinaryConnect: Training Deep Neural Networks with binary weights during propagations',
    year: 2015,
    venue: { kind: 'proceedings', name: 'Advances in Neural Information Processing Systems' },
    arxiv: '1511.00363',
  },
  cutkosky2020: {
    authors: ['Cutkosky, Ashok', 'Mehta, Harsh'],
    title: 'Momentum Improves Normalized SGD',
    year: 2020,
    venue: { kind: 'proceedings', name: 'International Conference on Machine Learning (ICML)' },
    arxiv: '2002.03305',
  },
  daskalakis2018: {
    authors: ['Daskalakis, Constantinos', 'Ilyas, Andrew', 'Syrgkanis, Vasilis', 'Zeng, Haoyang'],
    title: 'Training GANs with Optimism',
    year: 2018,
    venue: { kind: 'proceedings', name: 'International Conference on Learning Representations (ICLR)' },
    arxiv: '1711.00141',
  },
  defazio2014: {
    authors: ['Defazio, Aaron', 'Bach, Francis', 'Lacoste-Julien, Simon'],
    title:
      'SAGA: A Fast Incremental Gradient Method With Support for Non-Strongly Convex Composite Objectives',
    year: 2014,
    venue: { kind: 'proceedings', name: 'Advances in Neural Information Processing Systems' },
    arxiv: '1407.0202',
  },
  defazio2024: {
    authors: [
      'Defazio, Aaron',
      'Yang, Xingyu Alice',
      'Mehta, Harsh',
      'Mishchenko, Konstantin',
      'Khaled, Ahmed',
      'Cutkosky, Ashok',
    ],
    title: 'The Road Less Scheduled',
    year: 2024,
    venue: { kind: 'proceedings', name: 'Advances in Neural Information Processing Systems (NeurIPS)' },
    arxiv: '2405.15682',
  },
  diakonikolas2020: {
    authors: ['Diakonikolas, Jelena'],
    title:
      'Halpern Iteration for Near-Optimal and Parameter-Free Monotone Inclusion and Strong Solutions to Variational Inequalities',
    year: 2020,
    venue: { kind: 'proceedings', name: 'Conference on Learning Theory (COLT)' },
    arxiv: '2002.08872',
  },
  diakonikolas2021: {
    authors: ['Diakonikolas, Jelena', 'Daskalakis, Constantinos', 'Jordan, Michael I.'],
    title: 'Efficient Methods for Structured Nonconvex-Nonconcave Min-Max Optimization',
    year: 2021,
    venue: {
      kind: 'proceedings',
      name: 'International Conference on Artificial Intelligence and Statistics (AISTATS)',
    },
    arxiv: '2011.00364',
  },
  dhingra2016: {
    authors: ['Dhingra, Neil K.', 'Khong, Sei Zhen', 'Jovanović, Mihailo R.'],
    title: 'The Proximal Augmented Lagrangian Method for Nonsmooth Composite Optimization',
    year: 2016,
    arxiv: '1610.04514',
  },
  dou2021: {
    authors: ['Dou, Zehao', 'Li, Yuanzhi'],
    title:
      'On the One-sided Convergence of Adam-type Algorithms in Non-convex Non-concave Min-max Optimization',
    year: 2021,
    arxiv: '2109.14213',
  },
  eckstein1992: {
    authors: ['Eckstein, Jonathan', 'Bertsekas, Dimitri P.'],
    title:
      'On the Douglas–Rachford Splitting Method and the Proximal Point Algorithm for Maximal Monotone Operators',
    year: 1992,
    venue: { kind: 'journal', name: 'Mathematical Programming' },
  },
  facchinei2003: {
    authors: ['Facchinei, Francisco', 'Pang, Jong-Shi'],
    title: 'Finite-Dimensional Variational Inequalities and Complementarity Problems',
    year: 2003,
    venue: { kind: 'publisher', name: 'Springer' },
    doi: '10.1007/b97543',
  },
  fan2024: {
    authors: ['Fan, Yifeng', 'Li, Yongqiang', 'Chen, Bo'],
    title: 'Weaker MVI Condition: Extragradient Methods with Multi-Step Exploration',
    year: 2024,
    venue: { kind: 'proceedings', name: 'International Conference on Learning Representations (ICLR)' },
    url: 'https://openreview.net/forum?id=RNGUbTYSjk',
  },
  foret2021: {
    authors: ['Foret, Pierre', 'Kleiner, Ariel', 'Mobahi, Hossein', 'Neyshabur, Behnam'],
    title: 'Sharpness-Aware Minimization for Efficiently Improving Generalization',
    year: 2021,
    venue: { kind: 'proceedings', name: 'International Conference on Learning Representations (ICLR)' },
    arxiv: '2010.01412',
  },
  frank1956: {
    authors: ['Frank, Marguerite', 'Wolfe, Philip'],
    title: 'An algorithm for quadratic programming',
    year: 1956,
    venue: { kind: 'journal', name: 'Naval Research Logistics Quarterly' },
    doi: '10.1002/nav.3800030109',
  },
};
