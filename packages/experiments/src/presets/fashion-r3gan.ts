import { fashionMnist } from './fashion-mnist.js';
import type { GanPreset } from './preset.js';

/**
 * R3GAN's recipe (arXiv 2501.05441), the relativistic loss with both zero-centred penalties on residual
 * networks without normalisation, on images of clothing and at a budget for two cores: a look. The networks
 * are far smaller than the paper's, its weight of the penalties is not known for this data, and the step
 * sizes are those of `fashion-mnist`; none was chosen here.
 */
export const fashionR3gan: GanPreset = {
  name: 'fashion-r3gan',
  title: 'Fashion-MNIST with R3GAN’s loss, a look',
  about:
    'The images of fashion-mnist with a regularised relativistic loss and small residual networks without normalisation. The budget is a small fraction of what such GANs are usually trained with.',
  dataset: 'fashion-mnist',
  model: 'r3gan(latent=64, width=16)',
  loss: 'r3gan(weight=1)',
  batch: 32,
  calls: 300,
  seeds: 1,
  evaluations: 5,
  snapshots: 5,
  tail: 1,
  metrics: ['sliced-wasserstein'],
  headline: 'sliced-wasserstein',
  samples: 1000,
  look: true,
  trained: 'alternating-adam(stepSize=0.001, beta1=0.5)',
  methods: fashionMnist.methods,
};
