import { approach } from '../approach.js';
import { ours, published, type Figure } from '../paper.js';
import { onGame } from '../runs.js';

const CODE = 'the authors’ code, Forsaken.nb';

/** All methods on Forsaken, which has one solution inside an attracting cycle. */
export const forsaken: Figure = {
  name: 'forsaken',
  title: 'Forsaken: every method but CurvatureEG+ ends on the cycle',
  shows:
    'The paths of all methods on f = x(y − 0.45) + φ(x) − φ(y), φ(z) = z²/4 − z⁴/2 + z⁶/6, on the box |x|, |y| ≤ 3/2.',
  takes: 'seconds',
  settings: [
    published('game', 'forsaken, on the box of side 3', CODE),
    published('start', '(1, −0.8)', CODE),
    published('CEG, CEG+, AdaptiveEG+', 'γ = 1/L; ᾱ = 1/2; σ = −0.99γ/2, λ = 1', CODE),
    published('CurvatureEG+', 'ν = 0.99, τ = 0.5', CODE),
    ours('steps', '3,000; the figure has 200'),
    ours('gda', 'γ = 1/L'),
  ],
  claims: [
    {
      name: 'cycles',
      statement: 'gda, extragradient, EG+ and AdaptiveEG+ with γ = 1/L do not reach the solution',
      source: 'on the settings of the figure in Forsaken.nb; the sentence is ours',
      expected: true,
      judge: ([section]) => approach(section, { away: [0, 1, 2, 3] }),
    },
    {
      name: 'curvature',
      statement: 'CurvatureEG+ reaches the solution',
      source: 'on the settings of the figure in Forsaken.nb; the sentence is ours',
      expected: true,
      judge: ([section]) => approach(section, { reach: [4] }),
    },
  ],
  async run(options) {
    const step = `stepSize=${1 / 12.402569}`;
    return [
      await onGame(
        'forsaken',
        {
          title: 'Forsaken from (1, −0.8)',
          methods: [
            `gda(${step})`,
            `forward-backward-forward(${step})`,
            `ceg-plus(${step}, relaxation=0.5)`,
            `adaptive-eg-plus(${step})`,
            'curvature-eg-plus(safety=0.99, shrink=0.5)',
          ],
          start: Float64Array.of(1, -0.8),
          steps: 3000,
          stepSizes: 'those of the authors’ code; gda’s is ours',
        },
        options,
      ),
    ];
  },
};
