import type { ExtractorEntry } from '@stillpoint/metrics';
import { fashionClassifier } from './fashion-classifier.js';

/** The extractors that need a runtime, as rows of the same kind as those of @stillpoint/metrics. */
export const extractorRows: readonly ExtractorEntry[] = [
  {
    name: 'fashion-classifier',
    about: 'the classifier of Fashion-MNIST in @stillpoint/networks: 64 features, and a logit for each class',
    shapes: '[28, 28, 1] in [−1, 1] → 64 features, 10 logits',
    reference: 'trained by bench/classifier/train.mjs',
    options: {},
    make: async (read) => {
      read({});
      return fashionClassifier();
    },
  },
];
