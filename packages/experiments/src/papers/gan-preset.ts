import type { GanPreset } from '../presets/preset.js';

/**
 * The GAN of images on which tables of papers are made again, of two cores' size: a DCGAN with hinge loss and
 * spectral norm on Fashion-MNIST, measured in the features of the classifier that is shipped.
 */
export const fashionTable = (
  frame: Pick<GanPreset, 'name' | 'title' | 'calls'> & Partial<Pick<GanPreset, 'model' | 'loss'>>,
): GanPreset => ({
  about:
    'Fréchet distance and classifier score are those of the Fashion-MNIST classifier that is shipped, in place of Inception’s.',
  dataset: 'fashion-mnist',
  model: 'dcgan(latent=64, channels=16, spectralNorm=true)',
  loss: 'hinge',
  batch: 32,
  seeds: 3,
  evaluations: 5,
  snapshots: 2,
  tail: 1,
  metrics: [
    'frechet-distance(extractor=fashion-classifier)',
    'classifier-score(extractor=fashion-classifier)',
  ],
  headline: 'frechet-distance',
  samples: 1000,
  trained: 'alternating-adam(stepSize=0.001, beta1=0)',
  methods: ['alternating-adam(stepSize=0.001, beta1=0)'],
  ...frame,
});
