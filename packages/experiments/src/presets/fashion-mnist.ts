import type { GanPreset } from './preset.js';

/** A DCGAN per method on real images, to be looked at. Options were chosen by `scripts/choose.mjs`; `scripts/choices/fashion-mnist.txt` is what it printed. */
export const fashionMnist: GanPreset = {
  name: 'fashion-mnist',
  title: 'Fashion-MNIST, a look',
  about: 'The same methods on real images: 28×28 pictures of clothing, a small convolutional GAN, a small budget.',
  dataset: 'fashion-mnist', model: 'dcgan(latent=64, channels=16)', loss: 'non-saturating', batch: 64,
  calls: 1500, seeds: 1, evaluations: 5, snapshots: 5, tail: 1, measure: 'sliced-wasserstein', samples: 1000, look: true,
  methods: [
    'gda(stepSize=0.1)',
    'adam(stepSize=0.002, beta1=0.5)',
    'alternating-adam(stepSize=0.002, beta1=0.5)',
    'extra-adam(stepSize=0.001, beta1=0.5)',
    'lookahead(alternating-adam(stepSize=0.001, beta1=0.5), steps=5)',
    'rapp-adam(stepSize=0.002, beta1=0.5, innerSteps=3, weight=0.9)',
  ],
};
