import type { GamePreset } from './game-preset.js';

/**
 * The simplest game on which training fails: gda diverges with every step size, four methods converge. L = 1.
 */
export const spiral: GamePreset = {
  name: 'spiral',
  title: 'A spiral: min over x, max over y, of xy',
  about:
    'Each player descends its own loss, and together they move away from the solution. Methods that evaluate the gradient at a point ahead, or average over several steps, converge.',
  game: 'bilinear',
  calls: 1000,
  methods: [
    'gda(stepSize=0.3)',
    'adam(stepSize=0.1)',
    'extragradient(stepSize=0.7)',
    'past-extragradient(stepSize=0.45)',
    'rapp(stepSize=0.9)',
    'lookahead(gda(stepSize=0.3), steps=10)',
  ],
  stepSizes: 'each within its theorem’s limit (L = 1); gda and adam converge with no step size',
};
