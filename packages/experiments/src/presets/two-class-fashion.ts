import type { GanPreset } from './preset.js';

/**
 * Two classes of Fashion-MNIST in the place of the digits 0 and 1 of Keswani, Mangoubi, Sachdeva, Vishnoi
 * 2022 (arXiv 2006.12376), with their depth, step sizes, k = 1 and acceptance probability 1/5. For two cores
 * the widths are a quarter of theirs and the batch is half of it; there is no dropout.
 */
export const twoClassFashion: GanPreset = {
  name: 'two-class-fashion',
  title: 'Two classes of Fashion-MNIST, a look at whether both are generated',
  about:
    'T-shirts and trousers, whose generator may make one of them only. A classifier says which of the two each sample is more like, however it looks: a generator of noise, too, is found to make one or both.',
  dataset: 'fashion-mnist(classes=[0,1])',
  model: 'mlp(latent=100, generator=[64,128,256], discriminator=[256,128,64])',
  loss: 'non-saturating',
  batch: 64,
  calls: 1200,
  seeds: 2,
  evaluations: 12,
  snapshots: 4,
  tail: 1,
  metrics: ['least-class-share(extractor=fashion-classifier, among=[0,1])', 'sliced-wasserstein'],
  headline: 'least-class-share',
  samples: 300,
  look: true,
  trained: 'alternating-adam(stepSize=0.0002, beta1=0.5)',
  methods: [
    'greedy-adam(stepSize=0.0002, beta1=0.5, ascentSteps=1, rate=5)',
    'alternating-adam(stepSize=0.0002, beta1=0.5)',
    'optimistic-adam(stepSize=0.0002, beta1=0.5)',
  ],
};
