import { InputError } from '@stillpoint/operators';
import { afterEach, expect, it, vi } from 'vitest';
import { fashionClassifier } from '../src/index.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

it.each([undefined, { env: {} }])(
  'in a page the classifier asks for its weights: process is %j',
  async (process) => {
    vi.stubGlobal('process', process);
    const [outcome] = await Promise.allSettled([fashionClassifier()]);
    vi.unstubAllGlobals();
    expect(outcome).toEqual({
      status: 'rejected',
      reason: new InputError(
        'fashion-classifier: found no Node here, which reads the weights; expected the option weights: in a page, fetch the file data/fashion-classifier.safetensors of this package and give its bytes',
      ),
    });
  },
);
