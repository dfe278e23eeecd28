import { gameFrom } from '@stillpoint/problems';
import { approach } from '../approach.js';
import { ours, published, type Figure } from '../paper.js';
import { onGame } from '../runs.js';

const CODE = 'the authors’ code, Experiments.nb';

/** GlobalForsaken, for which weak Minty holds: extragradient methods converge. */
export const globalForsaken: Figure = {
  name: 'global-forsaken',
  title: 'GlobalForsaken: weak Minty holds, and extragradient methods converge',
  shows:
    'The paths on f = xy + φ(x) − φ(y), φ(z) = z²/3 − z⁴/3 + 2z⁶/21, on the ball of radius 4/3. It has limit cycles, and ρ lies above −1/(2L).',
  takes: 'seconds',
  settings: [
    published('start', '(1.2, 1.2)', CODE),
    published('CEG+', 'ᾱ = 1/2', CODE),
    ours('γ', '1/L with L of the box of side 8/3, 3.0224; the notebook with this figure was not available'),
    ours('steps', '1,000; the figure has 50'),
  ],
  claims: [
    {
      name: 'converge',
      statement: 'CEG, CEG+ and AdaptiveEG+ reach the solution; gda does not',
      source: 'on the paper’s game; the sentence is ours',
      expected: true,
      judge: ([section]) => approach(section, { reach: [1, 2, 3], away: [0] }),
    },
  ],
  async run(options) {
    const step = `stepSize=${1 / gameFrom('global-forsaken').facts!.lipschitz!}`;
    return [
      await onGame(
        'global-forsaken',
        {
          title: 'GlobalForsaken from (1.2, 1.2)',
          methods: [
            `gda(${step})`,
            `forward-backward-forward(${step})`,
            `ceg-plus(${step}, relaxation=0.5)`,
            `adaptive-eg-plus(${step})`,
          ],
          start: Float64Array.of(1.2, 1.2),
          steps: 1000,
          stepSizes: '1/L; ᾱ = 1/2 as the authors’ code',
        },
        options,
      ),
    ];
  },
};
