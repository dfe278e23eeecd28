import * as tf from '@tensorflow/tfjs-core';
import type { Sees } from '../src/index.js';

/**
 * What a loss sees, made of the given parts; reading another part throws. D is the sum of an example's
 * entries.
 */
export function seen(parts: Partial<Sees>): Sees {
  const part = <V>(value: V | undefined, name: string): V => {
    if (value === undefined) throw new Error(`this test gives the loss no ${name}`);
    return value;
  };
  return {
    D: parts.D ?? ((x) => tf.sum(x, 1, true)),
    G: (...given) => part(parts.G, 'G')(...given),
    get real() {
      return part(parts.real, 'real');
    },
    get generated() {
      return part(parts.generated, 'generated');
    },
    get noise() {
      return part(parts.noise, 'noise');
    },
    get logits() {
      return part(parts.logits, 'logits');
    },
    get classLogits() {
      return part(parts.classLogits, 'classLogits');
    },
    get labels() {
      return part(parts.labels, 'labels');
    },
    uniform: (columns) => part(parts.uniform, 'uniform')(columns),
    get averages() {
      return part(parts.averages, 'averages');
    },
  };
}
