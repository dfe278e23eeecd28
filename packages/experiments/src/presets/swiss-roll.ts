import type { GanPreset } from './preset.js';

/**
 * The swiss roll of WGAN-GP's code (arXiv 1704.00028): one connected curve, no modes to count.
 * Each method's options were chosen by `scripts/choose.mjs`, whose output is
 * `scripts/choices/swiss-roll.txt`.
 */
export const swissRoll: GanPreset = {
  name: 'swiss-roll',
  title: 'The swiss roll',
  about:
    'A small GAN learns points along a spiral. No part can be lost for good, but the ends and the windings are easily blurred. gda is left out: with eight step sizes, some of them a pair for the two players, no run came below 0.11 within this budget.',
  dataset: 'swiss-roll',
  model: 'mlp(latent=2, generator=[64,64], discriminator=[64,64])',
  loss: 'non-saturating',
  batch: 128,
  calls: 12_000,
  seeds: 2,
  evaluations: 20,
  snapshots: 5,
  tail: 5,
  metrics: ['sliced-wasserstein'],
  headline: 'sliced-wasserstein',
  samples: 2500,
  goal: { slicedWasserstein: { atMost: 0.08 } },
  goalWords:
    'Solved: a sliced Wasserstein distance of at most 0.08 to other real points, as the median of the last five measurements.',
  trained: 'lookahead(alternating-adam(stepSize=0.002, beta1=0.5), steps=200)',
  methods: [
    'adam(stepSize=0.001, beta1=0.5)',
    'alternating-adam(stepSize=0.002, beta1=0.5)',
    'extra-adam(stepSize=0.002, beta1=0.5)',
    'lookahead(alternating-adam(stepSize=0.002, beta1=0.5), steps=200)',
    'rapp-adam(stepSize=0.003, beta1=0.5, innerSteps=3, weight=0.9)',
  ],
};
