import { integer, number } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { approach } from '../approach.js';
import { asPublished, isWhole, point, pointInWords } from '../chosen.js';
import { figure } from '../figure.js';
import { ours, published } from '../paper.js';
import { onGame } from '../runs.js';

const CODE = 'Pethick et al. 2022, the authors’ code, PolarGame.nb';

const options = {
  start: point({ about: 'the start', reach: 1.1, default: [1, 0.5] }),
  calls: integer({ about: 'oracle calls of each method', from: 100, to: 10_000_000, default: 60_000 }),
  weight: number({ about: 'λ of RAPP and Lookahead', above: 0, below: 1, default: 0.3 }),
};

/** RAPP and Lookahead on two games with two limit cycles. */
export const polar = figure({
  name: 'polar',
  title: 'PolarGame: which steps leave its cycles',
  shows:
    'RAPP and Lookahead around gda with short, long and too long steps, for a = 1/3, where ρ > −1/(8L), and for a = 1, where ρ < −1/(2L).',
  takes: 'seconds',
  options,
  settings: ({ start, calls, weight }) => [
    published('a', '1/3 and 1', CODE),
    asPublished('start', pointInWords(start), '(1, 0.5)', CODE),
    ours('γ, τ, λ', `as each claim says; λ = ${weight}`),
    ours('steps', `${calls.toLocaleString('en')} oracle calls each`),
  ],
  claims({ start }) {
    const from = `from ${pointInWords(start)}`;
    return [
      {
        name: 'easier',
        statement: `a = 1/3, ${from}: RAPP with γ = 1/L and τ = 5 reaches the solution, as does LA-GDA with γ = 1/L and τ = 20; RAPP with γ = 8/L and LA-GDA with γ = 5/L do not`,
        source: 'Stillpoint’s, on the game of Example 3',
        expected: true,
        judge: ([section]) => approach(section, { reach: [0, 2], away: [1, 3] }),
      },
      {
        name: 'harder',
        statement: `a = 1, ${from}: RAPP with γ = 3/L and τ = 20 and LA-GDA with γ = 1/L and τ = 20 reach the solution; RAPP with γ = 0.9/L does not`,
        source: 'Stillpoint’s, on the game of Example 3',
        expected: true,
        judge: ([, section]) => approach(section, { reach: [0, 2], away: [1] }),
      },
    ];
  },
  async run(values, given) {
    const { start, calls, weight } = values;
    const inverse = (a: number): number => 1 / gameFrom(`polar(a=${a})`).facts!.lipschitz!;
    const [easy, hard] = [inverse(1 / 3), inverse(1)];
    const frame = {
      start: Float64Array.from(start),
      calls,
      stepSizes: isWhole(options, values) ? 'Stillpoint’s' : 'as chosen',
    };
    const [rapp, lookahead] = [
      (stepSize: number, τ: number): string =>
        `rapp(stepSize=${stepSize}, innerSteps=${τ}, weight=${weight})`,
      (stepSize: number): string => `lookahead(gda(stepSize=${stepSize}), steps=20, weight=${weight})`,
    ];
    return [
      await onGame(
        `polar(a=${1 / 3})`,
        {
          ...frame,
          title: 'PolarGame with a = 1/3',
          methods: [rapp(easy, 5), rapp(8 * easy, 20), lookahead(easy), lookahead(5 * easy)],
        },
        given,
      ),
      await onGame(
        'polar(a=1)',
        {
          ...frame,
          title: 'PolarGame with a = 1',
          methods: [rapp(3 * hard, 20), rapp(0.9 * hard, 20), lookahead(hard)],
        },
        given,
      ),
    ];
  },
});
