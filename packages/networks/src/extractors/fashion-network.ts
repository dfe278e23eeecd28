import type { Network } from '../network.js';
import { sequential } from '../sequential.js';
import { activation } from '../layers/activation.js';
import { conv } from '../layers/conv.js';
import { dense } from '../layers/dense.js';
import { dropout } from '../layers/dropout.js';
import { flatten, pool } from '../layers/shapes.js';

/** Two networks, one after the other: images to features, features to a logit per class. */
export interface Classifier {
  readonly body: Network;
  readonly head: Network;
}

/**
 * The classifier of 28×28 grey images in [−1, 1] into the ten classes of Fashion-MNIST: three convolutions
 * and 64 features. Its weights are in `data/fashion-classifier.safetensors`.
 */
export function fashionNetwork(): Classifier {
  const relu = activation({ of: 'relu' });
  const start = 'he-normal';
  const body = sequential({
    inputs: [28, 28, 1],
    describe: 'Fashion-MNIST classifier, 64 features',
    layers: [
      conv({ filters: 32, size: 3, kernel: start }),
      relu,
      pool({ of: 'max' }),
      conv({ filters: 64, size: 3, kernel: start }),
      relu,
      pool({ of: 'max' }),
      conv({ filters: 48, size: 3, kernel: start }),
      relu,
      flatten(),
      dropout({ rate: 0.3 }),
      dense({ units: 64, kernel: start }),
      relu,
    ],
  });
  const head = sequential({ inputs: 64, layers: [dense({ units: 10 })] });
  return { body, head };
}
