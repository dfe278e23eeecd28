import type { Reference } from './reference.js';

/** The keys of these. */
export type AToL =
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
  | 'cutkosky2020'
  | 'daskalakis2018'
  | 'defazio2014'
  | 'defazio2024'
  | 'diakonikolas2020'
  | 'diakonikolas2021'
  | 'dou2021'
  | 'facchinei2003'
  | 'fan2024'
  | 'foret2021'
  | 'frank1956'
  | 'gao2018'
  | 'gidel2019'
  | 'gidel2019momentum'
  | 'goodfellow2014'
  | 'gorbunov2022'
  | 'goujaud2024'
  | 'halpern1967'
  | 'hubler2024'
  | 'jaggi2013'
  | 'jordan2024'
  | 'keswani2022'
  | 'kingma2015'
  | 'korpelevich1976'
  | 'krasnoselskii1955'
  | 'lee2021'
  | 'lewis2013'
  | 'lieder2021'
  | 'liu1989'
  | 'liu2020'
  | 'liu2025'
  | 'loshchilov2019';

/** First authors A to L. */
export const aToL: { readonly [key in AToL]: Reference } = {
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
  dou2021: {
    authors: ['Dou, Zehao', 'Li, Yuanzhi'],
    title:
      'On the One-sided Convergence of Adam-type Algorithms in Non-convex Non-concave Min-max Optimization',
    year: 2021,
    arxiv: '2109.14213',
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
  gao2018: {
    authors: ['Gao, Xuefeng', 'Gürbüzbalaban, Mert', 'Zhu, Lingjiong'],
    title: 'Breaking Reversibility Accelerates Langevin Dynamics for Global Non-Convex Optimization',
    year: 2018,
    arxiv: '1812.07725',
  },
  gidel2019: {
    authors: [
      'Gidel, Gauthier',
      'Berard, Hugo',
      'Vignoud, Gaëtan',
      'Vincent, Pascal',
      'Lacoste-Julien, Simon',
    ],
    title: 'A Variational Inequality Perspective on Generative Adversarial Networks',
    year: 2019,
    venue: { kind: 'proceedings', name: 'International Conference on Learning Representations (ICLR)' },
    arxiv: '1802.10551',
  },
  gidel2019momentum: {
    authors: [
      'Gidel, Gauthier',
      'Askari Hemmat, Reyhane',
      'Pezeshki, Mohammad',
      'Le Priol, Rémi',
      'Huang, Gabriel',
      'Lacoste-Julien, Simon',
      'Mitliagkas, Ioannis',
    ],
    title: 'Negative Momentum for Improved Game Dynamics',
    year: 2019,
    venue: {
      kind: 'proceedings',
      name: 'International Conference on Artificial Intelligence and Statistics (AISTATS)',
    },
    arxiv: '1807.04740',
  },
  goodfellow2014: {
    authors: [
      'Goodfellow, Ian J.',
      'Pouget-Abadie, Jean',
      'Mirza, Mehdi',
      'Xu, Bing',
      'Warde-Farley, David',
      'Ozair, Sherjil',
      'Courville, Aaron',
      'Bengio, Yoshua',
    ],
    title: 'Generative Adversarial Networks',
    year: 2014,
    venue: { kind: 'proceedings', name: 'Advances in Neural Information Processing Systems (NeurIPS)' },
    arxiv: '1406.2661',
  },
  gorbunov2022: {
    authors: ['Gorbunov, Eduard', 'Loizou, Nicolas', 'Gidel, Gauthier'],
    title:
      'Extragradient Method: O(1/K) Last-Iterate Convergence for Monotone Variational Inequalities and Connections With Cocoercivity',
    year: 2022,
    venue: {
      kind: 'proceedings',
      name: 'International Conference on Artificial Intelligence and Statistics (AISTATS)',
    },
    arxiv: '2110.04261',
  },
  goujaud2024: {
    authors: [
      'Goujaud, Baptiste',
      'Moucer, Céline',
      'Glineur, François',
      'Hendrickx, Julien M.',
      'Taylor, Adrien B.',
      'Dieuleveut, Aymeric',
    ],
    title: 'PEPit: Computer-Assisted Worst-Case Analyses of First-Order Optimization Methods in Python',
    year: 2024,
    venue: { kind: 'journal', name: 'Mathematical Programming Computation' },
    arxiv: '2201.04040',
  },
  halpern1967: {
    authors: ['Halpern, Benjamin'],
    title: 'Fixed Points of Nonexpanding Maps',
    year: 1967,
    venue: { kind: 'journal', name: 'Bulletin of the American Mathematical Society' },
    doi: '10.1090/S0002-9904-1967-11864-0',
  },
  hubler2024: {
    authors: ['Hübler, Florian', 'Yang, Junchi', 'Li, Xiang', 'He, Niao'],
    title: 'Parameter-Agnostic Optimization under Relaxed Smoothness',
    year: 2024,
    venue: {
      kind: 'proceedings',
      name: 'International Conference on Artificial Intelligence and Statistics (AISTATS)',
    },
    arxiv: '2311.03252',
  },
  jaggi2013: {
    authors: ['Jaggi, Martin'],
    title: 'Revisiting Frank–Wolfe: Projection-Free Sparse Convex Optimization',
    year: 2013,
    venue: { kind: 'proceedings', name: 'International Conference on Machine Learning (ICML)' },
    url: 'https://proceedings.mlr.press/v28/jaggi13.html',
  },
  jordan2024: {
    authors: ['Jordan, Keller', 'others'],
    title: 'Muon: An Optimizer for Hidden Layers in Neural Networks',
    year: 2024,
    url: 'https://kellerjordan.github.io/posts/muon/',
  },
  keswani2022: {
    authors: ['Keswani, Vijay', 'Mangoubi, Oren', 'Sachdeva, Sushant', 'Vishnoi, Nisheeth K.'],
    title: 'A Convergent and Dimension-Independent Min-Max Optimization Algorithm',
    year: 2022,
    venue: { kind: 'proceedings', name: 'International Conference on Machine Learning (ICML)' },
    arxiv: '2006.12376',
  },
  kingma2015: {
    authors: ['Kingma, Diederik P.', 'Ba, Jimmy'],
    title: 'Adam: A Method for Stochastic Optimization',
    year: 2015,
    venue: { kind: 'proceedings', name: 'International Conference on Learning Representations (ICLR)' },
    arxiv: '1412.6980',
  },
  korpelevich1976: {
    authors: ['Korpelevich, G. M.'],
    title: 'The Extragradient Method for Finding Saddle Points and Other Problems',
    year: 1976,
    venue: { kind: 'journal', name: 'Ekonomika i Matematicheskie Metody' },
  },
  krasnoselskii1955: {
    authors: ['Krasnosel’skii, M. A.'],
    title: 'Two Remarks on the Method of Successive Approximations',
    year: 1955,
    venue: { kind: 'journal', name: 'Uspekhi Matematicheskikh Nauk' },
  },
  lee2021: {
    authors: ['Lee, Sucheol', 'Kim, Donghwan'],
    title: 'Fast Extra Gradient Methods for Smooth Structured Nonconvex-Nonconcave Minimax Problems',
    year: 2021,
    venue: { kind: 'proceedings', name: 'Advances in Neural Information Processing Systems (NeurIPS)' },
    arxiv: '2106.02326',
  },
  lewis2013: {
    authors: ['Lewis, Adrian S.', 'Overton, Michael L.'],
    title: 'Nonsmooth Optimization via Quasi-Newton Methods',
    year: 2013,
    venue: { kind: 'journal', name: 'Mathematical Programming' },
    doi: '10.1007/s10107-012-0514-2',
  },
  lieder2021: {
    authors: ['Lieder, Felix'],
    title: 'On the Convergence Rate of the Halpern-Iteration',
    year: 2021,
    venue: { kind: 'journal', name: 'Optimization Letters' },
    doi: '10.1007/s11590-020-01617-9',
  },
  liu1989: {
    authors: ['Liu, Dong C.', 'Nocedal, Jorge'],
    title: 'On the Limited Memory BFGS Method for Large Scale Optimization',
    year: 1989,
    venue: { kind: 'journal', name: 'Mathematical Programming' },
    doi: '10.1007/BF01589116',
  },
  liu2020: {
    authors: [
      'Liu, Mingrui',
      'Mroueh, Youssef',
      'Ross, Jerret',
      'Zhang, Wei',
      'Cui, Xiaodong',
      'Das, Payel',
      'Yang, Tianbao',
    ],
    title: 'Towards Better Understanding of Adaptive Gradient Algorithms in Generative Adversarial Nets',
    year: 2020,
    venue: { kind: 'proceedings', name: 'International Conference on Learning Representations (ICLR)' },
    arxiv: '1912.11940',
  },
  liu2025: {
    authors: ['Liu, Jingyuan', 'Su, Jianlin', 'others'],
    title: 'Muon is Scalable for LLM Training',
    year: 2025,
    arxiv: '2502.16982',
  },
  loshchilov2019: {
    authors: ['Loshchilov, Ilya', 'Hutter, Frank'],
    title: 'Decoupled Weight Decay Regularization',
    year: 2019,
    venue: { kind: 'proceedings', name: 'International Conference on Learning Representations (ICLR)' },
    arxiv: '1711.05101',
  },
};
