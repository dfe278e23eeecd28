import { fashionMnist } from './fashion-mnist.js';
import type { GanPreset } from './preset.js';

/**
 * PacGAN's 1,000 modes (arXiv 1712.04086, section 4.2) with three Fashion-MNIST images as channels instead of
 * digits, at a budget for two cores: a look at which modes are found at all. The step sizes are those of
 * `fashion-mnist`, whose networks and images are the same but for the channels; none was chosen here.
 */
export const stackedFashion: GanPreset = {
  name: 'stacked-fashion',
  title: 'Stacked Fashion-MNIST, a look at 1,000 modes',
  about:
    'Three pictures of clothing as the colours of one: 1,000 combinations of classes. A classifier counts those that are generated. It is wrong about one image in eleven, so that it finds combinations that are not there: the table says what it counts on real stacks. Blurred pictures are counted too (after 300 oracle calls of alternating-adam, 510 combinations of them), so that the Fréchet distance of the classifier’s features stands beside. The budget is a small fraction of what such GANs are usually trained with.',
  dataset: 'stacked-fashion',
  model: 'dcgan(latent=64, channels=16)',
  loss: 'non-saturating',
  batch: 32,
  calls: 1500,
  seeds: 1,
  evaluations: 5,
  snapshots: 5,
  tail: 1,
  metrics: [
    'stacked-modes(extractor=fashion-classifier)',
    'stacked-reverse-kl(extractor=fashion-classifier)',
    'frechet-distance(extractor=fashion-classifier)',
  ],
  headline: 'stacked-reverse-kl',
  samples: 2500,
  look: true,
  trained: fashionMnist.trained,
  methods: fashionMnist.methods,
};
