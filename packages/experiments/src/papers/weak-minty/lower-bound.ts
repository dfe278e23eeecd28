import type { Section } from '@stillpoint/tracking';
import { reaches } from '../approach.js';
import { ours, published, type Figure, type Finding } from '../paper.js';
import { onGame } from '../runs.js';

const CODE = 'the authors’ code, Lowerbounds.nb';

/** ρ = −c/L, and the relaxations ᾱ that are tried: on either side of 1 − 2c. */
const cases: readonly { readonly c: number; readonly relaxations: readonly number[] }[] = [
  { c: 1 / 8, relaxations: [0.25, 0.5, 0.7, 0.8, 0.95] },
  { c: 1 / 4, relaxations: [0.1, 0.3, 0.45, 0.55, 0.75] },
  { c: 1 / 3, relaxations: [0.1, 0.25, 0.4, 0.5, 0.75] },
  { c: 0.45, relaxations: [0.05, 0.08, 0.15, 0.3, 0.5] },
];

/** Which of the cases shrink the distance to the solution, against what the theorem says. */
function judge(sections: readonly Section[]): Finding | undefined {
  const all = cases.flatMap(({ c, relaxations }, i) =>
    relaxations.map((ᾱ, k) => ({ c, ᾱ, run: sections[i]?.runs[k] })),
  );
  if (all.some(({ run }) => run === undefined)) return undefined;
  const wrong = all.filter(({ c, ᾱ, run }) => {
    const distances = run!.series['distance']!.y;
    const shrinks = reaches(run!) || distances.at(-1)! < distances[0]!;
    return shrinks !== 2 * c + ᾱ < 1;
  });
  return {
    holds: wrong.length === 0,
    measured: `${all.length - wrong.length} of ${all.length} pairs of ᾱ and c as the theorem says${wrong
      .map(({ c, ᾱ }) => `; not ᾱ = ${ᾱ}, c = ${Number(c.toPrecision(3))}`)
      .join('')}`,
  };
}

/** On linear games EG+ converges for exactly those ᾱ for which the theory proves it. */
export const lowerBound: Figure = {
  name: 'lower-bound',
  title: 'The lower bound: EG+ with γ = 1/L converges if and only if ᾱ < 1 + 2ρL',
  shows:
    'EG+ on linear games with ρ = −c/L: it comes nearer to the solution if 2c + ᾱ < 1, and moves away if 2c + ᾱ > 1.',
  takes: 'seconds',
  settings: [
    published('game', 'f = a·xy + (b/2)(x² − y²) with ρ = −c/L', CODE),
    published('γ', '1/L', CODE),
    published('start', '(1, 1/2)', CODE),
    published('c = 1/3', 'ᾱ = 1/2 and 1/4', CODE),
    ours('L', '1'),
    ours(
      'the other pairs of c and ᾱ',
      'five ᾱ for each of c = 1/8, 1/4, 1/3, 0.45, on either side of 1 − 2c',
    ),
    ours('steps', '400, without a box'),
  ],
  claims: [
    {
      name: 'threshold',
      statement: 'EG+ with γ = 1/L converges on the linear game if and only if 2c + ᾱ < 1',
      source: 'Theorem 3.4, by the authors’ code, Lowerbounds.nb',
      expected: true,
      judge,
    },
  ],
  async run(options) {
    const sections = [];
    for (const { c, relaxations } of cases)
      sections.push(
        await onGame(
          `linear(lipschitz=1, weakMinty=${-c})`,
          {
            title: `ρ = −${Number(c.toPrecision(3))}/L`,
            methods: relaxations.map((ᾱ) => `eg-plus(stepSize=1, relaxation=${ᾱ})`),
            start: Float64Array.of(1, 0.5),
            steps: 400,
            stepSizes: 'γ = 1/L; ᾱ as given',
          },
          options,
        ),
      );
    return sections;
  },
};
