import type { Reference } from './reference.js';

/** The keys of these. */
export type MToZ =
  | 'malitsky2015'
  | 'malitsky2020'
  | 'malitsky2020reflected'
  | 'mann1953'
  | 'mescheder2017'
  | 'nemirovski2004'
  | 'nesterov2007'
  | 'palaniappan2016'
  | 'pascanu2013'
  | 'pethick2022'
  | 'pethick2023'
  | 'pethick2023stochastic'
  | 'polyak1964'
  | 'popov1980'
  | 'rakhlin2013'
  | 'reddi2018'
  | 'rockafellar1976'
  | 'schafer2019'
  | 'schmidt2017'
  | 'seetharaman2020'
  | 'shamir2013'
  | 'solodov1999'
  | 'su2016'
  | 'sun2022'
  | 'sutskever2013'
  | 'trandinh2021'
  | 'tseng2000'
  | 'vankov2024'
  | 'wang2020'
  | 'xu2024'
  | 'yazici2019'
  | 'yoon2021'
  | 'zhang2019'
  | 'zhang2020'
  | 'zhang2020improved'
  | 'zhang2022';

/** First authors M to Z. */
export const mToZ: { readonly [key in MToZ]: Reference } = {
  malitsky2015: {
    authors: ['Malitsky, Yura'],
    title: 'Projected Reflected Gradient Methods for Monotone Variational Inequalities',
    year: 2015,
    venue: { kind: 'journal', name: 'SIAM Journal on Optimization' },
    arxiv: '1502.04968',
    doi: '10.1137/14097238X',
  },
  malitsky2020: {
    authors: ['Malitsky, Yura'],
    title: 'Golden Ratio Algorithms for Variational Inequalities',
    year: 2020,
    venue: { kind: 'journal', name: 'Mathematical Programming' },
    arxiv: '1803.08832',
    doi: '10.1007/s10107-019-01416-w',
  },
  malitsky2020reflected: {
    authors: ['Malitsky, Yura', 'Tam, Matthew K.'],
    title: 'A Forward-Backward Splitting Method for Monotone Inclusions Without Cocoercivity',
    year: 2020,
    venue: { kind: 'journal', name: 'SIAM Journal on Optimization' },
    arxiv: '1808.04162',
    doi: '10.1137/18M1207260',
  },
  mann1953: {
    authors: ['Mann, W. Robert'],
    title: 'Mean Value Methods in Iteration',
    year: 1953,
    venue: { kind: 'journal', name: 'Proceedings of the American Mathematical Society' },
    doi: '10.1090/S0002-9939-1953-0054846-3',
  },
  mescheder2017: {
    authors: ['Mescheder, Lars', 'Nowozin, Sebastian', 'Geiger, Andreas'],
    title: 'The Numerics of GANs',
    year: 2017,
    venue: { kind: 'proceedings', name: 'Advances in Neural Information Processing Systems (NeurIPS)' },
    arxiv: '1705.10461',
  },
  nemirovski2004: {
    authors: ['Nemirovski, Arkadi'],
    title:
      'Prox-Method with Rate of Convergence O(1/t) for Variational Inequalities with Lipschitz Continuous Monotone Operators and Smooth Convex-Concave Saddle Point Problems',
    year: 2004,
    venue: { kind: 'journal', name: 'SIAM Journal on Optimization' },
    doi: '10.1137/S1052623403425629',
  },
  nesterov2007: {
    authors: ['Nesterov, Yurii'],
    title: 'Dual Extrapolation and Its Applications to Solving Variational Inequalities and Related Problems',
    year: 2007,
    venue: { kind: 'journal', name: 'Mathematical Programming' },
    doi: '10.1007/s10107-006-0034-z',
  },
  palaniappan2016: {
    authors: ['Palaniappan, Balamurugan', 'Bach, Francis'],
    title: 'Stochastic Variance Reduction Methods for Saddle-Point Problems',
    year: 2016,
    venue: { kind: 'proceedings', name: 'Advances in Neural Information Processing Systems' },
    arxiv: '1605.06398',
  },
  pascanu2013: {
    authors: ['Pascanu, Razvan', 'Mikolov, Tomas', 'Bengio, Yoshua'],
    title: 'On the Difficulty of Training Recurrent Neural Networks',
    year: 2013,
    venue: { kind: 'proceedings', name: 'International Conference on Machine Learning (ICML)' },
    arxiv: '1211.5063',
  },
  pethick2022: {
    authors: [
      'Pethick, Thomas',
      'Latafat, Puya',
      'Patrinos, Panagiotis',
      'Fercoq, Olivier',
      'Cevher, Volkan',
    ],
    title: 'Escaping Limit Cycles: Global Convergence for Constrained Nonconvex-Nonconcave Minimax Problems',
    year: 2022,
    venue: { kind: 'proceedings', name: 'International Conference on Learning Representations (ICLR)' },
    arxiv: '2302.09831',
  },
  pethick2023: {
    authors: ['Pethick, Thomas', 'Xie, Wanyun', 'Cevher, Volkan'],
    title: 'Stable Nonconvex-Nonconcave Training via Linear Interpolation',
    year: 2023,
    venue: { kind: 'proceedings', name: 'Advances in Neural Information Processing Systems (NeurIPS)' },
    arxiv: '2310.13459',
  },
  pethick2023stochastic: {
    authors: [
      'Pethick, Thomas',
      'Fercoq, Olivier',
      'Latafat, Puya',
      'Patrinos, Panagiotis',
      'Cevher, Volkan',
    ],
    title: 'Solving Stochastic Weak Minty Variational Inequalities Without Increasing Batch Size',
    year: 2023,
    venue: { kind: 'proceedings', name: 'International Conference on Learning Representations (ICLR)' },
    arxiv: '2302.09029',
  },
  polyak1964: {
    authors: ['Polyak, Boris T.'],
    title: 'Some Methods of Speeding Up the Convergence of Iteration Methods',
    year: 1964,
    venue: { kind: 'journal', name: 'USSR Computational Mathematics and Mathematical Physics' },
    doi: '10.1016/0041-5553(64)90137-5',
  },
  popov1980: {
    authors: ['Popov, L. D.'],
    title: 'A Modification of the Arrow-Hurwicz Method for Search of Saddle Points',
    year: 1980,
    venue: { kind: 'journal', name: 'Mathematical Notes of the Academy of Sciences of the USSR' },
    doi: '10.1007/BF01141092',
  },
  rakhlin2013: {
    authors: ['Rakhlin, Alexander', 'Sridharan, Karthik'],
    title: 'Optimization, Learning, and Games with Predictable Sequences',
    year: 2013,
    venue: { kind: 'proceedings', name: 'Advances in Neural Information Processing Systems (NeurIPS)' },
    arxiv: '1311.1869',
  },
  reddi2018: {
    authors: ['Reddi, Sashank J.', 'Kale, Satyen', 'Kumar, Sanjiv'],
    title: 'On the Convergence of Adam and Beyond',
    year: 2018,
    venue: { kind: 'proceedings', name: 'International Conference on Learning Representations (ICLR)' },
    arxiv: '1904.09237',
  },
  rockafellar1976: {
    authors: ['Rockafellar, R. Tyrrell'],
    title: 'Monotone Operators and the Proximal Point Algorithm',
    year: 1976,
    venue: { kind: 'journal', name: 'SIAM Journal on Control and Optimization' },
    doi: '10.1137/0314056',
  },
  schafer2019: {
    authors: ['Schäfer, Florian', 'Anandkumar, Anima'],
    title: 'Competitive Gradient Descent',
    year: 2019,
    venue: { kind: 'proceedings', name: 'Advances in Neural Information Processing Systems (NeurIPS)' },
    arxiv: '1905.12103',
  },
  schmidt2017: {
    authors: ['Schmidt, Mark', 'Le Roux, Nicolas', 'Bach, Francis'],
    title: 'Minimizing Finite Sums with the Stochastic Average Gradient',
    year: 2017,
    venue: { kind: 'journal', name: 'Mathematical Programming' },
    arxiv: '1309.2388',
  },
  seetharaman2020: {
    authors: ['Seetharaman, Prem', 'Wichern, Gordon', 'Pardo, Bryan', 'Le Roux, Jonathan'],
    title: 'AutoClip: Adaptive Gradient Clipping for Source Separation Networks',
    year: 2020,
    arxiv: '2007.14469',
  },
  shamir2013: {
    authors: ['Shamir, Ohad', 'Zhang, Tong'],
    title:
      'Stochastic Gradient Descent for Non-Smooth Optimization: Convergence Results and Optimal Averaging Schemes',
    year: 2013,
    venue: { kind: 'proceedings', name: 'International Conference on Machine Learning (ICML)' },
    arxiv: '1212.1824',
  },
  solodov1999: {
    authors: ['Solodov, Mikhail V.', 'Svaiter, Benar F.'],
    title:
      'A Hybrid Approximate Extragradient-Proximal Point Algorithm Using the Enlargement of a Maximal Monotone Operator',
    year: 1999,
    venue: { kind: 'journal', name: 'Set-Valued Analysis' },
  },
  su2016: {
    authors: ['Su, Weijie', 'Boyd, Stephen', 'Candès, Emmanuel J.'],
    title: 'A Differential Equation for Modeling Nesterov’s Accelerated Gradient Method: Theory and Insights',
    year: 2016,
    venue: { kind: 'journal', name: 'Journal of Machine Learning Research' },
    arxiv: '1503.01243',
  },
  sun2022: {
    authors: ['Sun, Yifan', 'Bach, Francis'],
    title: 'Screening for a Reweighted Penalized Conditional Gradient Method',
    year: 2022,
    venue: { kind: 'journal', name: 'Open Journal of Mathematical Optimization' },
    doi: '10.5802/ojmo.14',
  },
  sutskever2013: {
    authors: ['Sutskever, Ilya', 'Martens, James', 'Dahl, George', 'Hinton, Geoffrey'],
    title: 'On the Importance of Initialization and Momentum in Deep Learning',
    year: 2013,
    venue: { kind: 'proceedings', name: 'International Conference on Machine Learning (ICML)' },
  },
  trandinh2021: {
    authors: ['Tran-Dinh, Quoc', 'Luo, Yang'],
    title: 'Halpern-Type Accelerated and Splitting Algorithms for Monotone Inclusions',
    year: 2021,
    arxiv: '2110.08150',
  },
  tseng2000: {
    authors: ['Tseng, Paul'],
    title: 'A Modified Forward-Backward Splitting Method for Maximal Monotone Mappings',
    year: 2000,
    venue: { kind: 'journal', name: 'SIAM Journal on Control and Optimization' },
    doi: '10.1137/S0363012998338806',
  },
  vankov2024: {
    authors: [
      'Vankov, Daniil',
      'Rodomanov, Anton',
      'Nedich, Angelia',
      'Sankar, Lalitha',
      'Stich, Sebastian U.',
    ],
    title: 'Optimizing (L0, L1)-Smooth Functions by Gradient Methods',
    year: 2024,
    arxiv: '2410.10800',
  },
  wang2020: {
    authors: ['Wang, Yuanhao', 'Zhang, Guodong', 'Ba, Jimmy'],
    title: 'On Solving Minimax Optimization Locally: A Follow-the-Ridge Approach',
    year: 2020,
    venue: { kind: 'proceedings', name: 'International Conference on Learning Representations (ICLR)' },
    arxiv: '1910.07512',
  },
  xu2024: {
    authors: ['Xu, Xianliang', 'Du, Ting', 'Kong, Wang', 'Shan, Bin', 'Li, Ye', 'Huang, Zhongyi'],
    title: 'Convergence of Implicit Gradient Descent for Training Two-Layer Physics-Informed Neural Networks',
    year: 2024,
    arxiv: '2407.02827',
  },
  yazici2019: {
    authors: [
      'Yazıcı, Yasin',
      'Foo, Chuan-Sheng',
      'Winkler, Stefan',
      'Yap, Kim-Hui',
      'Piliouras, Georgios',
      'Chandrasekhar, Vijay',
    ],
    title: 'The Unusual Effectiveness of Averaging in GAN Training',
    year: 2019,
    venue: { kind: 'proceedings', name: 'International Conference on Learning Representations (ICLR)' },
    arxiv: '1806.04498',
  },
  yoon2021: {
    authors: ['Yoon, TaeHo', 'Ryu, Ernest K.'],
    title:
      'Accelerated Algorithms for Smooth Convex-Concave Minimax Problems with O(1/k²) Rate on Squared Gradient Norm',
    year: 2021,
    venue: { kind: 'proceedings', name: 'International Conference on Machine Learning (ICML)' },
    arxiv: '2102.07922',
  },
  zhang2019: {
    authors: ['Zhang, Michael R.', 'Lucas, James', 'Hinton, Geoffrey', 'Ba, Jimmy'],
    title: 'Lookahead Optimizer: k Steps Forward, 1 Step Back',
    year: 2019,
    venue: { kind: 'proceedings', name: 'Advances in Neural Information Processing Systems (NeurIPS)' },
    arxiv: '1907.08610',
  },
  zhang2020: {
    authors: ['Zhang, Jingzhao', 'He, Tianxing', 'Sra, Suvrit', 'Jadbabaie, Ali'],
    title: 'Why Gradient Clipping Accelerates Training: A Theoretical Justification for Adaptivity',
    year: 2020,
    venue: { kind: 'proceedings', name: 'International Conference on Learning Representations (ICLR)' },
    arxiv: '1905.11881',
  },
  zhang2020improved: {
    authors: ['Zhang, Bohang', 'Jin, Jikai', 'Fang, Cong', 'Wang, Liwei'],
    title: 'Improved Analysis of Clipping Algorithms for Non-convex Optimization',
    year: 2020,
    venue: { kind: 'proceedings', name: 'Advances in Neural Information Processing Systems (NeurIPS)' },
    arxiv: '2010.02519',
  },
  zhang2022: {
    authors: ['Zhang, Guodong', 'Wang, Yuanhao', 'Lessard, Laurent', 'Grosse, Roger'],
    title: 'Near-Optimal Local Convergence of Alternating Gradient Descent-Ascent for Minimax Optimization',
    year: 2022,
    venue: {
      kind: 'proceedings',
      name: 'International Conference on Artificial Intelligence and Statistics (AISTATS)',
    },
    arxiv: '2102.09468',
  },
};
