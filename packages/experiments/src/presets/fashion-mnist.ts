import type { GanPreset } from './preset.js';

/**
 * One run of a DCGAN for each method on real images, of which the pictures are to be judged. Options were
 * chosen by `scripts/choose.mjs`, whose output is `scripts/choices/fashion-mnist.txt`. gda has a step size
 * for each player: with 0.1 for both the generator was blank with one seed of two.
 */
export const fashionMnist: GanPreset = {
  name: 'fashion-mnist',
  title: 'Fashion-MNIST, a look',
  about:
    'The same methods on real images: 28×28 pictures of clothing, a small convolutional GAN, a small budget.',
  dataset: 'fashion-mnist',
  model: 'dcgan(latent=64, channels=16)',
  loss: 'non-saturating',
  batch: 32,
  calls: 1500,
  seeds: 1,
  evaluations: 5,
  snapshots: 5,
  tail: 1,
  metrics: ['sliced-wasserstein'],
  headline: 'sliced-wasserstein',
  samples: 1000,
  look: true,
  trained: 'alternating-adam(stepSize=0.001, beta1=0.5)',
  methods: [
    'gda(stepSize=[0.05,0.2])',
    'adam(stepSize=0.001, beta1=0.5)',
    'alternating-adam(stepSize=0.001, beta1=0.5)',
    'extra-adam(stepSize=0.002, beta1=0.5)',
    'lookahead(alternating-adam(stepSize=0.002, beta1=0.5), steps=5)',
    'rapp-adam(stepSize=0.002, beta1=0.5, innerSteps=2, weight=0.9)',
  ],
};
