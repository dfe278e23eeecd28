import type { GanPreset } from './preset.js';

/**
 * The 25-Gaussian grid with PacGAN's definitions (arXiv 1712.04086).
 * Each method's options were chosen by `scripts/choose.mjs`, whose output is `scripts/choices/grid.txt`.
 */
export const grid: GanPreset = {
  name: 'grid',
  title: 'The 25-Gaussian grid',
  about:
    'A small GAN learns 25 narrow Gaussians on a square grid. It has more modes to lose than the ring, and wider gaps between them.',
  dataset: 'grid',
  model: 'mlp(latent=4, generator=[64,64,64], discriminator=[64,64,64])',
  loss: 'non-saturating',
  batch: 128,
  calls: 36_000,
  seeds: 2,
  evaluations: 20,
  snapshots: 5,
  tail: 5,
  metrics: ['modes', 'high-quality', 'reverse-kl'],
  headline: 'high-quality',
  samples: 2500,
  goal: { modes: { atLeast: 23 }, highQuality: { atLeast: 80 }, reverseKl: { atMost: 0.3 } },
  goalWords:
    'Solved: at least 23 of the 25 modes, at least 80 % of samples of high quality, and reverse KL at most 0.3, each as the median of the last five measurements.',
  trained: 'lookahead(alternating-adam(stepSize=0.002, beta1=0.5), steps=200)',
  methods: [
    'gda(stepSize=0.01)',
    'adam(stepSize=0.002, beta1=0.5)',
    'alternating-adam(stepSize=0.002, beta1=0.5)',
    'extra-adam(stepSize=0.002, beta1=0.5)',
    'lookahead(alternating-adam(stepSize=0.002, beta1=0.5), steps=200)',
    'rapp-adam(stepSize=0.003, beta1=0.5, innerSteps=3, weight=0.9)',
  ],
};
