import { gradientTransform } from './transform.js';

/** The gradient itself:  g ← g. */
export const identity = gradientTransform({
  name: 'identity',
  about: 'the gradient itself',
  reference: 'classical',
  options: {},
  init: () => null,
  begin: () => (_, g) => g,
});
