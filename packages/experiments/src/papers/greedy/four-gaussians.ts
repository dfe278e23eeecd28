import { integer, type Full } from '@stillpoint/operators';
import type { Section } from '@stillpoint/tracking';
import { fourGaussians as preset } from '../../presets/four-gaussians.js';
import { asPublished } from '../chosen.js';
import { figure, seedOptions, seedsInWords } from '../figure.js';
import { ours, published, type FigureOptions, type Finding } from '../paper.js';
import { runsAt } from '../runs.js';
import { counted } from '../words.js';
import { onGan } from './gan-runs.js';

const options = {
  ...seedOptions(10),
  steps: integer({ about: 'iterations of each run', from: 1, to: 1_000_000, default: 1500 }),
  batch: integer({ about: 'examples in a gradient', from: 1, to: 8192, default: 128 }),
  latent: integer({ about: 'numbers of the generator’s noise', from: 1, to: 4096, default: 16 }),
};
type Values = Full<typeof options>;

const adam = 'stepSize=[0.0001,0.001], beta1=0.5';
const GREEDY = `greedy-adam(${adam}, ascentSteps=6, rate=4)`;
const turns = `alternating-adam(${adam})`;
/** Those that are compared on the minimax loss. */
const methods: readonly string[] = [
  GREEDY,
  turns,
  `alternating-adam(${adam}, order=[0,0,0,0,0,0,1])`,
  `optimistic-adam(${adam})`,
  'gda(stepSize=0.1)',
];
/** The loss of the last, which alternating-adam trains with one step of D. */
const UNROLLED = 'unrolled(saddle, steps=6, stepSize=0.1)';

/** How many modes each run of a section's method of some place had learned at its end, by seed. */
const modesOf = (section: Section | undefined, place: number): readonly number[] =>
  runsAt(section, place).map(({ values }) => values['modes'] ?? 0);

const mean = (x: readonly number[]): number => x.reduce((sum, each) => sum + each, 0) / x.length;
/** How many runs learned all four. */
const all = (modes: readonly number[]): number => modes.filter((n) => n === 4).length;
/** `4 modes in 3 of 10 runs, 2 in 7; mean 2.6`. */
function words(modes: readonly number[]): string {
  const counts = [4, 3, 2, 1, 0].flatMap((wanted) => {
    const runs = modes.filter((found) => found === wanted).length;
    return runs === 0 ? [] : [`${wanted} in ${runs}`];
  });
  return `${counts.join(', ')} of ${modes.length} runs, mean ${mean(modes).toFixed(1)}`;
}

/** The modes of each contender, the greedy method first; undefined where a run is missing. */
function learned(
  { seeds }: Values,
  sections: readonly Section[],
): readonly { readonly name: string; readonly modes: readonly number[] }[] | undefined {
  const [plain, ahead] = sections;
  const found = [
    ...methods.map((_, place) => ({
      name: runsAt(plain, place)[0]?.label ?? '',
      modes: modesOf(plain, place),
    })),
    { name: 'unrolled', modes: modesOf(ahead, 0) },
  ];
  return found.every(({ modes }) => modes.length === seeds) ? found : undefined;
}

const ARTICLE = 'the authors’ article on offconvex.org, 6 July 2020';
const DESCENT = `${ARTICLE}; their code has one step of D and six, the article does not say which`;
const scaled = ({ batch, latent, seeds }: Values): string =>
  `batch ${batch} instead of 512, noise of ${counted(latent, 'number')} instead of 256, ${counted(seeds, 'seed')}; a mode is counted by a rule, not by eye`;

type Judge = (sections: readonly Section[], quick: boolean) => Finding | undefined;
/** Judges what is claimed of the modes that were learned, if there are `fewest` seeds or more. */
const judgeOf =
  (values: Values) =>
  (
    holds: (greedy: readonly number[], others: readonly (readonly number[])[]) => boolean,
    fewest = 1,
  ): Judge =>
  (sections, quick) => {
    const found = quick || values.seeds < fewest ? undefined : learned(values, sections);
    if (found === undefined) return undefined;
    const [greedy, ...others] = found.map(({ modes }) => modes);
    return {
      holds: holds(greedy!, others),
      measured: found.map(({ name, modes }) => `${name}: ${words(modes)}`).join('; '),
    };
  };

/** Modes of four Gaussians that each way of training learns. */
export const fourGaussians = figure({
  name: 'four-gaussians',
  title: 'Four Gaussians: the modes that are learned',
  shows:
    'How many of four modes a small GAN has learned at the end of its iterations: greedy-adam with six steps of D, Adam in turns with one and with six, optimistic Adam, plain gradients, and an unrolled GAN with six unrolled steps.',
  takes: 'ten minutes',
  options,
  // the quick form only shows that the figure can be made
  quick: { seeds: 1, steps: 8 },
  settings: ({ steps, batch, latent, ...values }) => [
    published(
      'data',
      'four Gaussians of deviation 0.01 on the unit circle, weights 2/5, 1/5, 1/5, 1/5',
      'the authors’ code',
    ),
    published(
      'networks',
      'G and D with 2 hidden layers of 128 and ReLU, orthogonal start of gain 0.8',
      'the authors’ code',
    ),
    published(
      'loss',
      'the minimax loss; f of the accept test is −L_D on a fresh batch',
      'section 5 and the authors’ code, whose test of the Gaussians has the other sign',
    ),
    published('step sizes, β₁', 'D 1e-4, G 1e-3, 0.5', 'the authors’ code'),
    asPublished('iterations', steps.toLocaleString('en'), '1,500', 'the authors’ code'),
    published(
      'k, acceptance',
      '6 steps of D; every fourth rejected step is accepted, here with probability 1/4',
      'the authors’ code',
    ),
    ours('batch and noise', `${batch} and ${counted(latent, 'number')}; theirs are 512 and 256`),
    ours('seeds', seedsInWords(values)),
    ours(
      'a mode is learned',
      'if 1 % of 2,000 samples lie within 0.2 of its centre; theirs are counted by eye',
    ),
    ours(
      'gda',
      'plain gradients, step size 0.1 for both players: of 0.01, 0.03, 0.1 and 0.3 the one with the most samples near a mode with seed 1 and batch 512',
    ),
    ours('unrolled', `${UNROLLED}: gradient steps, whose size was not tuned`),
  ],
  claims(values) {
    const judge = judgeOf(values);
    return [
      {
        name: 'all-modes',
        statement: 'The greedy method learns all four modes in most runs',
        source: ARTICLE,
        published: 'all 4 modes in 68 % of runs, 3 in 26 %',
        scaled: scaled(values),
        expected: false,
        needs: 'the whole form, without --quick',
        judge: judge((greedy) => all(greedy) > greedy.length / 2),
      },
      {
        name: 'one-mode',
        statement: 'Descent–ascent, Adam in turns, has at most one mode with one step of D',
        source: DESCENT,
        published: '1 mode in 100 % of runs',
        scaled: scaled(values),
        expected: true,
        needs: 'the whole form, without --quick',
        judge: judge((_, [one = []]) => one.every((n) => n <= 1)),
      },
      {
        name: 'one-mode-six',
        statement: 'Descent–ascent, Adam in turns, has at most one mode with six steps of D too',
        source: DESCENT,
        published: '1 mode in 100 % of runs',
        scaled: scaled(values),
        expected: false,
        needs: 'the whole form, without --quick',
        judge: judge((_, [, six = []]) => six.every((n) => n <= 1)),
      },
      {
        name: 'one-mode-plain',
        statement: 'Descent–ascent with plain gradients, both players at once, has at most one mode too',
        source: 'Stillpoint’s, after that article: the descent–ascent of their code has Adam',
        scaled: scaled(values),
        expected: false,
        needs: 'the whole form, without --quick',
        judge: judge((_, [, , , plain = []]) => plain.every((n) => n <= 1)),
      },
      {
        name: 'most-modes',
        statement:
          'The greedy method learns more modes than descent–ascent, optimistic Adam and unrolled GANs',
        source: 'the abstract of version 4; the means over seeds are Stillpoint’s',
        scaled: scaled(values),
        expected: false,
        needs: 'the whole form, without --quick',
        judge: judge((greedy, others) => others.every((other) => mean(other) < mean(greedy))),
      },
      {
        name: 'steps-of-D',
        statement:
          'It is the six steps of D that find the modes, not the test: with them Adam in turns, which takes every step, learns all four in most runs, and with one step of D in none',
        source: 'Stillpoint’s',
        expected: true,
        needs: 'the whole form, without --quick, and 5 seeds or more',
        judge: judge((_, [one = [], six = []]) => all(six) > six.length / 2 && all(one) === 0, 5),
      },
    ];
  },
  async run({ seeds, firstSeed, steps, batch, latent }, given) {
    const smaller = {
      ...preset,
      batch,
      model: preset.model.replace('latent=256', `latent=${latent}`),
    };
    const common = { seeds, firstSeed, steps, stepSizes: 'the paper’s' };
    /** The options of the section whose runs are that part of all. */
    const part = (from: number, to: number): FigureOptions => ({
      ...given,
      onProgress: (share, now) => given.onProgress?.(from + share * (to - from), now),
    });
    return [
      await onGan(smaller, { ...common, methods }, part(0, 0.6)),
      // G's gradient through six steps makes it the slowest
      await onGan(smaller, { ...common, methods: [turns], loss: UNROLLED }, part(0.6, 1)),
    ];
  },
});
