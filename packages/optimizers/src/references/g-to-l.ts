import type { Reference } from './reference.js';

/** The keys of these. */
export type GToL =
  | 'gao2018'
  | 'gidel2019'
  | 'gidel2019momentum'
  | 'goodfellow2014'
  | 'gorbunov2022'
  | 'goujaud2024'
  | 'guo2020'
  | 'halpern1967'
  | 'hubler2024'
  | 'jaggi2013'
  | 'jordan2024'
  | 'keswani2022'
  | 'kingma2015'
  | 'korpelevich1976'
  | 'krasnoselskii1955'
  | 'leconte2023'
  | 'lee2021'
  | 'lewis2013'
  | 'li2023'
  | 'lieder2021'
  | 'liu1989'
  | 'liu2020'
  | 'liu2025'
  | 'loshchilov2019';

/** First authors G to L. */
export const gToL: { readonly [key in GToL]: Reference } = {
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
  guo2020: {
    authors: ['Guo, Zhishuai', 'Liu, Mingrui', 'Yuan, Zhuoning', 'Shen, Li', 'Liu, Wei', 'Yang, Tianbao'],
    title: 'Communication-Efficient Distributed Stochastic AUC Maximization with Deep Neural Networks',
    year: 2020,
    venue: { kind: 'proceedings', name: 'International Conference on Machine Learning (ICML)' },
    arxiv: '2005.02426',
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
  leconte2023: {
    authors: ['Leconte, Louis', 'Schechtman, Sholom', 'Moulines, Eric'],
    title:
      'AskewSGD: An Annealed interval-constrained Optimisation method to train Quantized Neural Networks',
    year: 2023,
    venue: {
      kind: 'proceedings',
      name: 'International Conference on Artificial Intelligence and Statistics',
    },
    arxiv: '2211.03741',
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
  li2023: {
    authors: ['Li, Ye', 'Chen, Song-Can', 'Huang, Sheng-Jun'],
    title: 'Implicit Stochastic Gradient Descent for Training Physics-informed Neural Networks',
    year: 2023,
    venue: { kind: 'proceedings', name: 'AAAI Conference on Artificial Intelligence' },
    arxiv: '2303.01767',
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
