import { integer, number } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { approach } from '../approach.js';
import { asPublished, isWhole, overL, point, pointInWords, sourceOf } from '../chosen.js';
import { figure } from '../figure.js';
import { ours } from '../paper.js';
import { onGame } from '../runs.js';

const CODE = 'the authors’ code, Experiments.nb';

const options = {
  start: point({ about: 'the start', reach: 4 / 3, default: [1.2, 1.2] }),
  steps: integer({ about: 'steps of each method', from: 2, to: 1_000_000, default: 1000 }),
  stepSize: number({ about: 'γ, in units of 1/L', above: 0, to: 1, default: 1 }),
  relaxation: number({ about: 'ᾱ of CEG+', above: 0, below: 1, default: 0.5 }),
};

/** GlobalForsaken, for which weak Minty holds: extragradient methods converge. */
export const globalForsaken = figure({
  name: 'global-forsaken',
  title: 'GlobalForsaken: weak Minty holds, and extragradient methods converge',
  shows:
    'The paths on f = xy + φ(x) − φ(y), φ(z) = z²/3 − z⁴/3 + 2z⁶/21, on the ball of radius 4/3. It has limit cycles, and ρ lies above −1/(2L).',
  takes: 'seconds',
  options,
  settings: ({ start, steps, stepSize, relaxation }) => [
    asPublished('start', pointInWords(start), '(1.2, 1.2)', CODE),
    asPublished('CEG+', `ᾱ = ${relaxation === 0.5 ? '1/2' : relaxation}`, 'ᾱ = 1/2', CODE),
    ours(
      'γ',
      `${overL(stepSize)} with L of the box of side 8/3, 3.0224; the notebook with this figure was not available`,
    ),
    ours('steps', `${steps.toLocaleString('en')}; the figure has 50`),
  ],
  claims: (values) => [
    {
      name: 'converge',
      statement: `From ${pointInWords(values.start)} CEG, CEG+ and AdaptiveEG+ reach the solution; gda does not`,
      source: sourceOf(options, values, 'on the paper’s game; the sentence is Stillpoint’s'),
      expected: true,
      judge: ([section]) => approach(section, { reach: [1, 2, 3], away: [0] }),
    },
  ],
  async run(values, given) {
    const { start, steps, stepSize, relaxation } = values;
    const step = `stepSize=${stepSize / gameFrom('global-forsaken').facts!.lipschitz!}`;
    return [
      await onGame(
        'global-forsaken',
        {
          title: `GlobalForsaken from ${pointInWords(start)}`,
          methods: [
            `gda(${step})`,
            `forward-backward-forward(${step})`,
            `ceg-plus(${step}, relaxation=${relaxation})`,
            `adaptive-eg-plus(${step})`,
          ],
          start: Float64Array.from(start),
          steps,
          stepSizes: isWhole(options, values) ? '1/L; ᾱ = 1/2 as the authors’ code' : 'as chosen',
        },
        given,
      ),
    ];
  },
});
