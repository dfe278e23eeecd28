import { integer, number, type Full } from '@stillpoint/operators';
import { approach } from '../approach.js';
import { asPublished, isWhole, overL, point, pointInWords, sourceOf } from '../chosen.js';
import { figure } from '../figure.js';
import { ours, published } from '../paper.js';
import { onGame } from '../runs.js';

const CODE = 'the authors’ code, Forsaken.nb';

const options = {
  start: point({ about: 'the start', reach: 1.5, default: [1, -0.8] }),
  steps: integer({ about: 'steps of each method', from: 2, to: 1_000_000, default: 3000 }),
  stepSize: number({
    about: 'γ of all but CurvatureEG+, in units of 1/L',
    above: 0,
    to: 1,
    default: 1,
  }),
  relaxation: number({ about: 'ᾱ of CEG+', above: 0, below: 1, default: 0.5 }),
};
type Values = Full<typeof options>;

const source = (values: Values): string =>
  sourceOf(options, values, 'on the settings of the figure in Forsaken.nb; the sentence is Stillpoint’s');

/** All methods on Forsaken, which has one solution inside an attracting cycle. */
export const forsaken = figure({
  name: 'forsaken',
  title: 'Forsaken: every method but CurvatureEG+ ends on the cycle',
  shows:
    'The paths of all methods on f = x(y − 0.45) + φ(x) − φ(y), φ(z) = z²/4 − z⁴/2 + z⁶/6, on the box |x|, |y| ≤ 3/2. The solution attracts only what starts close to it.',
  takes: 'seconds',
  options,
  settings: ({ start, steps, stepSize, relaxation }) => [
    published('game', 'forsaken, on the box of side 3', CODE),
    asPublished('start', pointInWords(start), '(1, −0.8)', CODE),
    asPublished(
      'CEG, CEG+, AdaptiveEG+',
      `γ = ${overL(stepSize)}; ᾱ = ${relaxation === 0.5 ? '1/2' : relaxation}; σ = −0.99γ/2, λ = 1`,
      'γ = 1/L; ᾱ = 1/2; σ = −0.99γ/2, λ = 1',
      CODE,
    ),
    published('CurvatureEG+', 'ν = 0.99, τ = 0.5', CODE),
    ours('steps', `${steps.toLocaleString('en')}; the figure has 200`),
    ours('gda', `γ = ${overL(stepSize)}`),
  ],
  claims: (values) => [
    {
      name: 'cycles',
      statement: `From ${pointInWords(values.start)} gda, extragradient, EG+ and AdaptiveEG+ with γ = ${overL(values.stepSize)} do not reach the solution`,
      source: source(values),
      expected: true,
      judge: ([section]) => approach(section, { away: [0, 1, 2, 3] }),
    },
    {
      name: 'curvature',
      statement: `From ${pointInWords(values.start)} CurvatureEG+ reaches the solution`,
      source: source(values),
      expected: true,
      judge: ([section]) => approach(section, { reach: [4] }),
    },
  ],
  async run(values, given) {
    const { start, steps, stepSize, relaxation } = values;
    const step = `stepSize=${stepSize / 12.402569}`;
    return [
      await onGame(
        'forsaken',
        {
          title: `Forsaken from ${pointInWords(start)}`,
          methods: [
            `gda(${step})`,
            `forward-backward-forward(${step})`,
            `ceg-plus(${step}, relaxation=${relaxation})`,
            `adaptive-eg-plus(${step})`,
            'curvature-eg-plus(safety=0.99, shrink=0.5)',
          ],
          start: Float64Array.from(start),
          steps,
          stepSizes: isWhole(options, values)
            ? 'those of the authors’ code; gda’s is Stillpoint’s'
            : 'as chosen',
        },
        given,
      ),
    ];
  },
});
