import type { GamePreset } from './game-preset.js';

/**
 * Forsaken (Hsieh, Mertikopoulos, Cevher 2021): nearly every method ends on its cycle, but not Lookahead with
 * a long period. 0.9/L = 0.073.
 */
export const cycle: GamePreset = {
  name: 'cycle',
  title: 'A cycle: the game “forsaken”',
  about:
    'One solution inside an attracting cycle, as in GAN training that never settles. More steps do not help; Lookahead with a long period does: the mean over a turn of the cycle lies inside it.',
  game: 'forsaken',
  calls: 2000,
  methods: [
    'gda(stepSize=0.07)',
    'adam(stepSize=0.01)',
    'extragradient(stepSize=0.07)',
    'lookahead(gda(stepSize=0.07), steps=30)',
    'lookahead(extragradient(stepSize=0.07), steps=40, weight=0.7)',
  ],
  stepSizes: 'below 1/L = 0.081; adam 0.01',
};
