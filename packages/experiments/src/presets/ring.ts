import type { GanPreset } from './preset.js';

/**
 * The 8-Gaussian ring with PacGAN's definitions (arXiv 1712.04086), small enough for a laptop.
 * Widths, batch, calls and each method's options were chosen by `scripts/choose.mjs` on seeds that no preset
 * uses; its output is `scripts/choices/ring.txt`.
 */
export const ring: GanPreset = {
  name: 'ring',
  title: 'The 8-Gaussian ring',
  about:
    'A small GAN learns eight narrow Gaussians on a circle. Modes are easily lost, and training rarely settles. gda is left out: with eleven step sizes, some of them a pair for the two players, in no run were 15 % of the samples of high quality.',
  dataset: 'ring',
  model: 'mlp(latent=2, generator=[64,64], discriminator=[64,64])',
  loss: 'non-saturating',
  batch: 128,
  calls: 18_000,
  seeds: 2,
  evaluations: 20,
  snapshots: 5,
  tail: 5,
  metrics: ['modes', 'high-quality', 'reverse-kl'],
  headline: 'high-quality',
  samples: 2500,
  goal: { modes: { atLeast: 8 }, highQuality: { atLeast: 80 }, reverseKl: { atMost: 0.1 } },
  goalWords:
    'Solved: all 8 modes, at least 80 % of samples of high quality, and reverse KL at most 0.1, each as the median of the last five measurements. Modes alone mislead: a run at 5 % quality covers all 8.',
  trained: 'lookahead(alternating-adam(stepSize=0.002, beta1=0.5), steps=200)',
  methods: [
    'adam(stepSize=0.002, beta1=0.5)',
    'alternating-adam(stepSize=0.002, beta1=0.5)',
    'extra-adam(stepSize=0.001, beta1=0.9)',
    'lookahead(alternating-adam(stepSize=0.002, beta1=0.5), steps=200)',
    'rapp-adam(stepSize=0.003, beta1=0.9, innerSteps=3, weight=0.5)',
  ],
};
