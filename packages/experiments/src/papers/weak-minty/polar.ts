import { integer, number, numbers } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import type { Section } from '@stillpoint/tracking';
import { approach } from '../approach.js';
import { asPublished, isWhole, overL, point, pointInWords, sourceOf } from '../chosen.js';
import { figure } from '../figure.js';
import { ours, published, type Finding } from '../paper.js';
import { onGame } from '../runs.js';

const CODE = 'the authors’ code, PolarGame.nb';
const OURS = 'on the settings of PolarGame.nb; the sentence is Stillpoint’s';

const options = {
  start: point({ about: 'the start', reach: 1.1, default: [1, 0.5] }),
  steps: integer({ about: 'steps of each method', from: 2, to: 1_000_000, default: 3000 }),
  a: numbers({
    about: 'a of each game; claims are about 1, 3/4 and 1/3',
    above: 0,
    default: [1, 3 / 4, 1 / 3],
  }),
  stepSize: number({ about: 'γ of all but CurvatureEG+, in units of 1/L', above: 0, to: 1, default: 1 }),
  relaxation: number({ about: 'ᾱ of CEG+', above: 0, below: 1, default: 0.5 }),
};

const aInWords = (a: number): string => (a === 3 / 4 ? '3/4' : a === 1 / 3 ? '1/3' : String(a));

/** CEG, CEG+, AdaptiveEG+ and CurvatureEG+ on three games with two limit cycles. */
export const polar = figure({
  name: 'polar',
  title: 'PolarGame: the smaller a, the more methods leave its cycles',
  shows:
    'A rotation with limit cycles of radius 1 and 3/4, on the box |x|, |y| ≤ 11/10; ρ lies between −1/L and −1/(2L) for a = 1, and above −1/(3L) and −1/(8L) for a = 3/4 and 1/3.',
  takes: 'seconds',
  options,
  settings: ({ start, steps, a, stepSize, relaxation }) => [
    asPublished('a', a.map(aInWords).join(', '), '1, 3/4, 1/3', CODE),
    asPublished('start', pointInWords(start), '(1, 0.5)', CODE),
    asPublished(
      'CEG, CEG+, AdaptiveEG+',
      `γ = ${overL(stepSize)}; ᾱ = ${relaxation === 0.5 ? '1/2' : relaxation}; σ = −0.99γ/2, λ = 1`,
      'γ = 1/L; ᾱ = 1/2; σ = −0.99γ/2, λ = 1',
      CODE,
    ),
    published('CurvatureEG+', 'ν = 0.99, τ = 0.5', CODE),
    ours('steps', `${steps.toLocaleString('en')}; the figures have 500, 600 and 200`),
  ],
  claims(values) {
    const source = sourceOf(options, values, OURS);
    const from = `from ${pointInWords(values.start)}`;
    /** Judges the game of an a, if it is among those that were played. */
    const of =
      (a: number, expected: Parameters<typeof approach>[1]) =>
      (sections: readonly Section[]): Finding | undefined =>
        approach(sections[values.a.indexOf(a)], expected);
    return [
      {
        name: 'hardest',
        statement: `a = 1, ${from}: CEG, CEG+ and AdaptiveEG+ do not reach the solution, CurvatureEG+ does`,
        source,
        expected: true,
        judge: of(1, { reach: [3], away: [0, 1, 2] }),
      },
      {
        name: 'middle',
        statement: `a = 3/4, ${from}: CEG does not reach the solution; CEG+, AdaptiveEG+ and CurvatureEG+ do`,
        source,
        expected: true,
        judge: of(3 / 4, { reach: [1, 2, 3], away: [0] }),
      },
      {
        name: 'easiest',
        statement: `a = 1/3, ${from}: all four reach the solution`,
        source,
        expected: true,
        judge: of(1 / 3, { reach: [0, 1, 2, 3] }),
      },
    ];
  },
  async run(values, given) {
    const { start, steps, a: all, stepSize, relaxation } = values;
    const sections = [];
    for (const a of all) {
      const spec = `polar(a=${a})`;
      const step = `stepSize=${stepSize / gameFrom(spec).facts!.lipschitz!}`;
      sections.push(
        await onGame(
          spec,
          {
            title: `PolarGame with a = ${Number(a.toPrecision(3))}`,
            methods: [
              `forward-backward-forward(${step})`,
              `ceg-plus(${step}, relaxation=${relaxation})`,
              `adaptive-eg-plus(${step})`,
              'curvature-eg-plus(safety=0.99, shrink=0.5)',
            ],
            start: Float64Array.from(start),
            steps,
            stepSizes: isWhole(options, values) ? 'those of the authors’ code' : 'as chosen',
          },
          given,
        ),
      );
    }
    return sections;
  },
});
