import { gameFrom } from '@stillpoint/problems';
import { approach } from '../approach.js';
import { ours, published, type Figure } from '../paper.js';
import { onGame } from '../runs.js';

const CODE = 'Pethick et al. 2022, the authors’ code, PolarGame.nb';

/** RAPP and Lookahead on two games with two limit cycles. */
export const polar: Figure = {
  name: 'polar',
  title: 'PolarGame: which steps leave its cycles',
  shows:
    'RAPP and Lookahead around gda with short, long and too long steps, for a = 1/3, where ρ > −1/(8L), and for a = 1, where ρ < −1/(2L).',
  takes: 'seconds',
  settings: [
    published('a, start', '1/3 and 1; (1, 1/2)', CODE),
    ours('γ, τ, λ', 'as each claim says; λ = 0.3'),
    ours('steps', '60,000 oracle calls each'),
  ],
  claims: [
    {
      name: 'easier',
      statement:
        'a = 1/3: RAPP with γ = 1/L and τ = 5 reaches the solution, as does LA-GDA with γ = 1/L and τ = 20; RAPP with γ = 8/L and LA-GDA with γ = 5/L do not',
      source: 'ours, on the game of Example 3',
      expected: true,
      judge: ([section]) => approach(section, { reach: [0, 2], away: [1, 3] }),
    },
    {
      name: 'harder',
      statement:
        'a = 1: RAPP with γ = 3/L and τ = 20 and LA-GDA with γ = 1/L and τ = 20 reach the solution; RAPP with γ = 0.9/L does not',
      source: 'ours, on the game of Example 3',
      expected: true,
      judge: ([, section]) => approach(section, { reach: [0, 2], away: [1] }),
    },
  ],
  async run(options) {
    const inverse = (a: number): number => 1 / gameFrom(`polar(a=${a})`).facts!.lipschitz!;
    const [easy, hard] = [inverse(1 / 3), inverse(1)];
    const frame = { start: Float64Array.of(1, 0.5), calls: 60_000, stepSizes: 'ours' };
    return [
      await onGame(
        `polar(a=${1 / 3})`,
        {
          ...frame,
          title: 'PolarGame with a = 1/3',
          methods: [
            `rapp(stepSize=${easy}, innerSteps=5, weight=0.3)`,
            `rapp(stepSize=${8 * easy}, innerSteps=20, weight=0.3)`,
            `lookahead(gda(stepSize=${easy}), steps=20, weight=0.3)`,
            `lookahead(gda(stepSize=${5 * easy}), steps=20, weight=0.3)`,
          ],
        },
        options,
      ),
      await onGame(
        'polar(a=1)',
        {
          ...frame,
          title: 'PolarGame with a = 1',
          methods: [
            `rapp(stepSize=${3 * hard}, innerSteps=20, weight=0.3)`,
            `rapp(stepSize=${0.9 * hard}, innerSteps=20, weight=0.3)`,
            `lookahead(gda(stepSize=${hard}), steps=20, weight=0.3)`,
          ],
        },
        options,
      ),
    ];
  },
};
