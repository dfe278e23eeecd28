import { integer, number } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { approach } from '../approach.js';
import { asPublished, isWhole, overL, point, pointInWords, sourceOf } from '../chosen.js';
import { figure } from '../figure.js';
import { ours, published } from '../paper.js';
import { onGame } from '../runs.js';

const CODE = 'Pethick et al. 2022, the authors’ code, Forsaken.nb';

const options = {
  start: point({ about: 'the start', reach: 1.5, default: [1, -0.8] }),
  calls: integer({ about: 'oracle calls of each method', from: 100, to: 10_000_000, default: 60_000 }),
  stepSize: number({ about: 'the long γ of RAPP and APP, in units of 1/L', above: 1, to: 100, default: 4 }),
  innerSteps: integer({ about: 'τ of RAPP and APP', from: 1, to: 1000, default: 20 }),
  weight: number({ about: 'λ of RAPP', above: 0, below: 1, default: 0.3 }),
};

/** RAPP, APP and Lookahead on Forsaken with steps above 1/L. */
export const forsaken = figure({
  name: 'forsaken',
  title: 'Forsaken: interpolation keeps long steps stable',
  shows:
    'RAPP with γ = 1/L and with a longer one, APP, which is RAPP without interpolation (λ = 1), and Lookahead around gda, on the game with one solution inside an attracting cycle.',
  takes: 'seconds',
  options,
  settings: ({ start, calls, stepSize, innerSteps: τ, weight: λ }) => [
    published('game', 'forsaken, on the box of side 3', CODE),
    asPublished('start', pointInWords(start), '(1, −0.8)', CODE),
    ours(
      'γ, τ, λ',
      `RAPP: γ = 1/L and ${overL(stepSize)}, τ = ${τ}, λ = ${λ}; APP: γ = ${overL(stepSize)}, τ = ${τ}; LA-GDA: γ = 1/L, τ = 20, λ = 0.5`,
    ),
    ours(
      'steps',
      `${Math.floor(calls / τ).toLocaleString('en')} of RAPP and APP; as many oracle calls of the others`,
    ),
  ],
  claims(values) {
    const from = `From ${pointInWords(values.start)}`;
    return [
      {
        name: 'long-steps',
        statement: `${from} RAPP with γ = ${overL(values.stepSize)} reaches the solution, where APP, without interpolation, does not`,
        source: sourceOf(
          options,
          values,
          'Figures 2 and 6, by the text about them, with γ > 1/L; their γ, τ and λ could not be read',
        ),
        expected: true,
        judge: ([section]) => approach(section, { reach: [1], away: [2] }),
      },
      {
        name: 'short-steps',
        statement: `${from} RAPP with γ = 1/L, where weak Minty does not hold, ends on the cycle`,
        source: 'Stillpoint’s',
        expected: true,
        judge: ([section]) => approach(section, { away: [0] }),
      },
      {
        name: 'lookahead',
        statement: `${from} Lookahead around gda reaches the solution, with fewer gradients than RAPP; gda does not`,
        source: sourceOf(options, values, 'section 7, by its text'),
        expected: true,
        judge([section]) {
          const found = approach(section, { reach: [1, 3], away: [4] });
          const [fast, slow] = [section?.runs[3], section?.runs[1]];
          if (found === undefined || fast === undefined || slow === undefined) return found;
          return {
            holds: found.holds && fast.calls < slow.calls,
            measured: `${found.measured}; ${fast.calls.toLocaleString('en')} calls of ${fast.label} until the residual was 1e-8 of the first, ${slow.calls.toLocaleString('en')} of ${slow.label}`,
          };
        },
      },
    ];
  },
  async run(values, given) {
    const { start, calls, stepSize, innerSteps, weight } = values;
    const L = gameFrom('forsaken').facts!.lipschitz!;
    return [
      await onGame(
        'forsaken',
        {
          title: `Forsaken from ${pointInWords(start)}`,
          methods: [
            `rapp(stepSize=${1 / L}, innerSteps=${innerSteps}, weight=${weight})`,
            `rapp(stepSize=${stepSize / L}, innerSteps=${innerSteps}, weight=${weight})`,
            `app(stepSize=${stepSize / L}, innerSteps=${innerSteps})`,
            `lookahead(gda(stepSize=${1 / L}), steps=20, weight=0.5)`,
            `gda(stepSize=${1 / L})`,
          ],
          start: Float64Array.from(start),
          calls,
          stepSizes: isWhole(options, values) ? 'Stillpoint’s' : 'as chosen',
        },
        given,
      ),
    ];
  },
});
