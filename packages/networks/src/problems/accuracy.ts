import { heldOutOutputs, type HeldOutOptions } from './held-out.js';

/** Options of {@link classifierAccuracy}. */
export type AccuracyOptions = HeldOutOptions;

/** What a classifier does on images that it has not seen. */
export interface AccuracyAndLoss {
  /** Of the images, in per cent, those whose largest logit is that of their class. */
  readonly accuracy: number;
  /** The mean cross-entropy, in nats. */
  readonly loss: number;
}

/** Measures classifiers of one network. */
export interface Accuracy {
  /** Of a point of the classifier's problem. */
  readonly measure: (z: Float32Array) => Promise<AccuracyAndLoss>;
  /** Frees the engine's memory. */
  readonly dispose: () => Promise<void>;
}

/** −log softmax(logits)[label], and whether that logit is the largest. */
function scored(logits: Float32Array, label: number): { readonly loss: number; readonly isRight: boolean } {
  const most = Math.max(...logits);
  const sum = logits.reduce((total, x) => total + Math.exp(x - most), 0);
  return { loss: Math.log(sum) - (logits[label]! - most), isRight: logits.indexOf(most) === label };
}

/**
 * Measures the accuracy of a classifier on images that it does not learn from. Layers with batch norm
 * normalise by the moments of 16 batches of `train`, pooled, so that an image is judged for itself.
 * @throws InputError for a count that is not a whole number from 1 to the images that there are.
 */
export async function classifierAccuracy(options: AccuracyOptions): Promise<Accuracy> {
  const { network, test } = options;
  const { count, outputs, dispose } = await heldOutOutputs('classifierAccuracy', options);
  return {
    async measure(z) {
      const logits = await outputs(z);
      let [right, loss] = [0, 0];
      for (let i = 0; i < count; i++) {
        const own = logits.subarray(i * network.outputs, (i + 1) * network.outputs);
        const one = scored(own, test.labels[i]!);
        loss += one.loss / count;
        if (one.isRight) right++;
      }
      return { accuracy: (100 * right) / count, loss };
    },
    dispose,
  };
}
