import { integer, number, numbers, type Full } from '@stillpoint/operators';
import type { Section } from '@stillpoint/tracking';
import { asPublished, isWhole, point, pointInWords } from '../chosen.js';
import { figure } from '../figure.js';
import { ours, published, type Finding } from '../paper.js';
import { onGame } from '../runs.js';

const CODE = 'the authors’ code, Lowerbounds.nb';

/** The relaxations ᾱ that are tried for some c: on either side of 1 − 2c. */
const usual: readonly (readonly [c: number, relaxations: readonly number[]])[] = [
  [1 / 8, [0.25, 0.5, 0.7, 0.8, 0.95]],
  [1 / 4, [0.1, 0.3, 0.45, 0.55, 0.75]],
  [1 / 3, [0.1, 0.25, 0.4, 0.5, 0.75]],
  [0.45, [0.05, 0.08, 0.15, 0.3, 0.5]],
];

const options = {
  start: point({ about: 'the start', default: [1, 0.5] }),
  steps: integer({ about: 'steps of each method', from: 1, to: 1_000_000, default: 400 }),
  c: numbers({
    about: 'c of each game: ρ = −c/L',
    above: 0,
    below: 1 / 2,
    default: usual.map(([c]) => c),
  }),
  relaxations: numbers({
    about: 'the ᾱ that are tried for each c',
    above: 0,
    below: 1,
    default: null,
    orNull: 'five on either side of 1 − 2c',
  }),
  lipschitz: number({ about: 'L of the games', above: 0, default: 1 }),
};
type Values = Full<typeof options>;

const casesOf = ({
  c: all,
  relaxations,
}: Values): readonly { readonly c: number; readonly relaxations: readonly number[] }[] =>
  all.map((c) => {
    const between = [0.3, 0.6, 0.95].map((share) => share * (1 - 2 * c));
    const above = [0.05, 0.5].map((share) => 1 - 2 * c + share * 2 * c);
    return {
      c,
      relaxations: relaxations ?? usual.find(([one]) => one === c)?.[1] ?? [...between, ...above],
    };
  });

/**
 * Which of the cases shrink the distance to the solution, against what the theorem says. A step multiplies it
 * by the root of 1 − 2ᾱ(1 + c)(1 − 2c − ᾱ); where that is 1 to rounding, nothing is judged.
 */
function judge(values: Values, sections: readonly Section[]): Finding | undefined {
  const tried = casesOf(values).flatMap(({ c, relaxations }, i) =>
    relaxations.map((ᾱ, k) => ({ c, ᾱ, run: sections[i]?.runs[k] })),
  );
  const all = tried.filter(({ c, ᾱ }) => 2 * ᾱ * (1 + c) * Math.abs(1 - 2 * c - ᾱ) > 16 * 2 ** -52);
  if (all.length === 0 || all.some(({ run }) => run === undefined)) return undefined;
  const wrong = all.filter(({ c, ᾱ, run }) => {
    const distances = run!.series['distance']!.y;
    // a distance that is none is that of a run that overflowed
    const shrinks = (distances.at(-1) ?? Infinity) < distances[0]!;
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
export const lowerBound = figure({
  name: 'lower-bound',
  title: 'The lower bound: EG+ with γ = 1/L converges if and only if ᾱ < 1 + 2ρL',
  shows:
    'EG+ on linear games with ρ = −c/L: it comes nearer to the solution if 2c + ᾱ < 1, and moves away if 2c + ᾱ > 1.',
  takes: 'seconds',
  options,
  settings: (values) => [
    published('game', 'f = a·xy + (b/2)(x² − y²) with ρ = −c/L', CODE),
    published('γ', '1/L', CODE),
    asPublished('start', pointInWords(values.start), '(1, 0.5)', CODE),
    ...(isWhole({ c: options.c, relaxations: options.relaxations }, values)
      ? [
          published('c = 1/3', 'ᾱ = 1/2 and 1/4', CODE),
          ours(
            'the other pairs of c and ᾱ',
            'five ᾱ for each of c = 1/8, 1/4, 1/3, 0.45, on either side of 1 − 2c',
          ),
        ]
      : casesOf(values).map(({ c, relaxations }) =>
          ours(`ᾱ with c = ${Number(c.toPrecision(3))}`, relaxations.map((ᾱ) => ᾱ.toPrecision(3)).join(', ')),
        )),
    ours('L', String(values.lipschitz)),
    ours('steps', `${values.steps.toLocaleString('en')}, without a box`),
  ],
  claims: (values) => [
    {
      name: 'threshold',
      statement: 'EG+ with γ = 1/L converges on the linear game if and only if 2c + ᾱ < 1',
      source: 'Theorem 3.4, by the authors’ code, Lowerbounds.nb',
      expected: true,
      judge: (sections) => judge(values, sections),
    },
  ],
  async run(values, given) {
    const { start, steps, lipschitz } = values;
    const sections = [];
    for (const { c, relaxations } of casesOf(values))
      sections.push(
        await onGame(
          `linear(lipschitz=${lipschitz}, weakMinty=${-c / lipschitz})`,
          {
            title: `ρ = −${Number(c.toPrecision(3))}/L`,
            methods: relaxations.map((ᾱ) => `eg-plus(stepSize=${1 / lipschitz}, relaxation=${ᾱ})`),
            start: Float64Array.from(start),
            steps,
            stepSizes: 'γ = 1/L; ᾱ as given',
          },
          given,
        ),
      );
    return sections;
  },
});
