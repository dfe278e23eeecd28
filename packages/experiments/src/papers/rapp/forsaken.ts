import { gameFrom } from '@stillpoint/problems';
import { approach } from '../approach.js';
import { ours, published, type Figure } from '../paper.js';
import { onGame } from '../runs.js';

/** RAPP, APP and Lookahead on Forsaken with steps above 1/L. */
export const forsaken: Figure = {
  name: 'forsaken',
  title: 'Forsaken: interpolation keeps long steps stable',
  shows:
    'RAPP with γ = 1/L and with γ = 4/L, APP, which is RAPP without interpolation (λ = 1), and Lookahead around gda, on the game with one solution inside an attracting cycle.',
  takes: 'seconds',
  settings: [
    published(
      'game',
      'forsaken, on the box of side 3',
      'Pethick et al. 2022, the authors’ code, Forsaken.nb',
    ),
    published('start', '(1, −0.8)', 'Pethick et al. 2022, the authors’ code, Forsaken.nb'),
    ours(
      'γ, τ, λ',
      'RAPP: γ = 1/L and 4/L, τ = 20, λ = 0.3; APP: γ = 4/L, τ = 20; LA-GDA: γ = 1/L, τ = 20, λ = 0.5',
    ),
    ours('steps', '3,000 of RAPP and APP; as many oracle calls of the others'),
  ],
  claims: [
    {
      name: 'long-steps',
      statement: 'With γ > 1/L RAPP reaches the solution, where APP, without interpolation, does not',
      source: 'Figures 2 and 6, by the text about them; their γ, τ and λ could not be read',
      expected: true,
      judge: ([section]) => approach(section, { reach: [1], away: [2] }),
    },
    {
      name: 'short-steps',
      statement: 'With γ = 1/L, where weak Minty does not hold, RAPP ends on the cycle',
      source: 'ours',
      expected: true,
      judge: ([section]) => approach(section, { away: [0] }),
    },
    {
      name: 'lookahead',
      statement: 'Lookahead around gda reaches the solution, with fewer gradients than RAPP; gda does not',
      source: 'section 7, by its text',
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
  ],
  async run(options) {
    const L = gameFrom('forsaken').facts!.lipschitz!;
    return [
      await onGame(
        'forsaken',
        {
          title: 'Forsaken from (1, −0.8)',
          methods: [
            `rapp(stepSize=${1 / L}, innerSteps=20, weight=0.3)`,
            `rapp(stepSize=${4 / L}, innerSteps=20, weight=0.3)`,
            `app(stepSize=${4 / L}, innerSteps=20)`,
            `lookahead(gda(stepSize=${1 / L}), steps=20, weight=0.5)`,
            `gda(stepSize=${1 / L})`,
          ],
          start: Float64Array.of(1, -0.8),
          calls: 60_000,
          stepSizes: 'ours',
        },
        options,
      ),
    ];
  },
};
