import { gameFrom } from '@stillpoint/problems';
import { approach } from '../approach.js';
import { ours, published, type Figure } from '../paper.js';
import { onGame } from '../runs.js';

const CODE = 'the authors’ code, PolarGame.nb';
const OURS = 'on the settings of PolarGame.nb; the sentence is ours';

/** The three games of the figure, from the hardest: their parameter, and their steps there and here. */
const games = [
  { a: 1, published: 500, steps: 3000 },
  { a: 3 / 4, published: 600, steps: 3000 },
  { a: 1 / 3, published: 200, steps: 3000 },
] as const;

/** CEG, CEG+, AdaptiveEG+ and CurvatureEG+ on three games with two limit cycles. */
export const polar: Figure = {
  name: 'polar',
  title: 'PolarGame: the smaller a, the more methods leave its cycles',
  shows:
    'A rotation with limit cycles of radius 1 and 3/4, on the box |x|, |y| ≤ 11/10; ρ lies between −1/L and −1/(2L) for a = 1, and above −1/(3L) and −1/(8L) for the others.',
  takes: 'seconds',
  settings: [
    published('a', '1, 3/4, 1/3', CODE),
    published('start', '(1, 1/2)', CODE),
    published('CEG, CEG+, AdaptiveEG+', 'γ = 1/L; ᾱ = 1/2; σ = −0.99γ/2, λ = 1', CODE),
    published('CurvatureEG+', 'ν = 0.99, τ = 0.5', CODE),
    ours('steps', '3,000; the figures have 500, 600 and 200'),
  ],
  claims: [
    {
      name: 'hardest',
      statement: 'a = 1: CEG, CEG+ and AdaptiveEG+ do not reach the solution, CurvatureEG+ does',
      source: OURS,
      expected: true,
      judge: ([section]) => approach(section, { reach: [3], away: [0, 1, 2] }),
    },
    {
      name: 'middle',
      statement: 'a = 3/4: CEG does not reach the solution; CEG+, AdaptiveEG+ and CurvatureEG+ do',
      source: OURS,
      expected: true,
      judge: ([, section]) => approach(section, { reach: [1, 2, 3], away: [0] }),
    },
    {
      name: 'easiest',
      statement: 'a = 1/3: all four reach the solution',
      source: OURS,
      expected: true,
      judge: ([, , section]) => approach(section, { reach: [0, 1, 2, 3] }),
    },
  ],
  async run(options) {
    const sections = [];
    for (const { a, steps } of games) {
      const spec = `polar(a=${a})`;
      const step = `stepSize=${1 / gameFrom(spec).facts!.lipschitz!}`;
      sections.push(
        await onGame(
          spec,
          {
            title: `PolarGame with a = ${Number(a.toPrecision(3))}`,
            methods: [
              `forward-backward-forward(${step})`,
              `ceg-plus(${step}, relaxation=0.5)`,
              `adaptive-eg-plus(${step})`,
              'curvature-eg-plus(safety=0.99, shrink=0.5)',
            ],
            start: Float64Array.of(1, 0.5),
            steps,
            stepSizes: 'those of the authors’ code',
          },
          options,
        ),
      );
    }
    return sections;
  },
};
