import type { GanPreset } from './preset.js';

/**
 * A DCGAN per method on real images, to be looked at. Options were chosen by `scripts/choose.mjs`;
 * `scripts/choices/fashion-mnist.txt` is what it printed. gda has a step size per player: with one for both,
 * the generator was blank at 0.1 with one seed of two.
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
  methods: [
    'gda(stepSize=[0.05,0.2])',
    'adam(stepSize=0.001, beta1=0.5)',
    'alternating-adam(stepSize=0.001, beta1=0.5)',
    'extra-adam(stepSize=0.002, beta1=0.5)',
    'lookahead(alternating-adam(stepSize=0.002, beta1=0.5), steps=5)',
    'rapp-adam(stepSize=0.002, beta1=0.5, innerSteps=2, weight=0.9)',
  ],
};
