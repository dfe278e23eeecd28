import { integer, numbers, type Data, type Full } from '@stillpoint/operators';
import type { Run, Section } from '@stillpoint/tracking';
import { twoClassFashion as preset } from '../../presets/two-class-fashion.js';
import { figure, seedOptions, seedsInWords } from '../figure.js';
import { ours, published, type FigureOptions, type Finding } from '../paper.js';
import { runsAt } from '../runs.js';
import { counted } from '../words.js';
import { onGan } from './gan-runs.js';

const anyClasses = numbers({
  about: 'two of the ten classes of Fashion-MNIST, by index',
  whole: true,
  from: 0,
  to: 9,
  default: [0, 1],
});
const options = {
  ...seedOptions(10),
  classes: {
    ...anyClasses,
    expected: 'two different whole numbers from 0 to 9, as [0,1]',
    accepts: (value: Data) =>
      anyClasses.accepts(value) && Array.isArray(value) && value.length === 2 && value[0] !== value[1],
  },
  steps: integer({ about: 'iterations of each run', from: 1, to: 1_000_000, default: 1000 }),
  batch: integer({ about: 'examples in a gradient', from: 1, to: 1024, default: 64 }),
};
type Values = Full<typeof options>;
const classesInWords = ({ classes }: Values): string =>
  classes.join() === '0,1' ? 'T-shirts and trousers' : `Classes ${classes.join(' and ')}`;

/** The share, in per cent, that the rarer class must have for both to be generated. */
const BOTH = 5;

const adam = 'stepSize=0.0002, beta1=0.5';
const turns = `alternating-adam(${adam})`;
/** Those that are compared on the plain loss. */
const methods: readonly string[] = [
  `greedy-adam(${adam}, ascentSteps=1, rate=5)`,
  turns,
  `optimistic-adam(${adam})`,
  'gda(stepSize=0.03)',
];
/** The loss of the last, which alternating-adam trains. */
const UNROLLED = 'unrolled(non-saturating, steps=3, stepSize=0.01)';

const bothIn = (runs: readonly Run[]): number =>
  runs.filter(({ values }) => (values['leastClassShare'] ?? 0) >= BOTH).length;

/**
 * Judges in how many runs both classes are generated, of the greedy method and of the others: Adam in turns,
 * optimistic Adam, gda and the unrolled GAN.
 */
const judgeOf =
  ({ seeds }: Values) =>
  (
    holds: (greedy: number, others: readonly number[]) => boolean,
  ): ((sections: readonly Section[], quick: boolean) => Finding | undefined) =>
  ([plain, ahead], quick) => {
    const contenders = [...methods.map((_, place) => runsAt(plain, place)), runsAt(ahead, 0)];
    if (quick || contenders.some((runs) => runs.length < seeds)) return undefined;
    const [greedy = 0, ...others] = contenders.map(bothIn);
    const named = contenders.map((runs, i) => (i < methods.length ? runs[0]!.label : 'unrolled'));
    return {
      holds: holds(greedy, others),
      measured: `both, in how many of ${counted(seeds, 'run')}: ${[greedy, ...others].map((count, i) => `${named[i]} ${count}`).join(', ')}`,
    };
  };

const scaled = ({ seeds }: Values): string =>
  `two classes of clothing, networks of a quarter of the widths, ${counted(seeds, 'seed')}`;
const needs = 'the whole form, without --quick';

/** Whether both of two classes are generated. */
export const twoClass = figure({
  name: 'two-classes',
  title: 'Two classes: whether both are generated',
  shows:
    'Whether a GAN trained on two classes of Fashion-MNIST, T-shirts and trousers, generates both at the end of its iterations: greedy-adam with one step of D, Adam in turns, optimistic Adam, plain gradients, and an unrolled GAN. The paper has the digits 0 and 1.',
  takes: 'ten minutes',
  options,
  // the quick form only shows that the figure can be made
  quick: { seeds: 1, steps: 8 },
  settings: (values) => [
    ours('data', `${classesInWords(values)} of the 8,000 training images; theirs are the digits 0 and 1`),
    published('networks', 'three hidden layers, leaky ReLU of slope 0.2; tanh out', 'the authors’ code'),
    ours('widths, batch', `a quarter of theirs, ${values.batch} instead of 128; no dropout; ReLU in G`),
    ours('iterations, seeds', `${values.steps.toLocaleString('en')}; ${seedsInWords(values)}`),
    published('step sizes, β₁, k, acceptance', '2e-4 for both, 0.5, 1, 1/5', 'the authors’ code'),
    published(
      'loss',
      'non-saturating for G; log D(x) + log(1 − D(G(z))) in the accept test',
      'the authors’ code',
    ),
    ours(
      'gda',
      'plain gradients, step size 0.03 for both players; with 0.1 it overflowed in the first 27 steps',
    ),
    ours(
      'unrolled',
      `${UNROLLED}: of the step sizes 0.01 and 0.03 the one that had both classes at the end with seed 1`,
    ),
    ours('both', `the classifier finds at least ${BOTH} % of 300 samples to be of the rarer class`),
  ],
  claims(values) {
    const judge = judgeOf(values);
    return [
      {
        name: 'both-classes',
        statement: `After ${values.steps.toLocaleString('en')} iterations more runs of the greedy method than of descent–ascent, Adam in turns, generate both classes`,
        source: 'the authors’ article on offconvex.org, 6 July 2020',
        published: 'both digits in 86 % of runs against 23 %',
        scaled: scaled(values),
        expected: false,
        needs,
        judge: judge((greedy, [inTurns = Infinity]) => greedy > inTurns),
      },
      {
        name: 'most-runs',
        statement:
          'More runs of the greedy method than of descent–ascent, optimistic Adam and unrolled GANs generate both classes',
        source: 'Stillpoint’s, after the abstract of version 4',
        scaled: scaled(values),
        expected: false,
        needs,
        judge: judge((greedy, others) => others.every((other) => greedy > other)),
      },
    ];
  },
  async run(values, given) {
    const { seeds, firstSeed, classes, steps, batch } = values;
    const both = `[${classes.join()}]`;
    const chosen = {
      ...preset,
      about: preset.about.replace('T-shirts and trousers', classesInWords(values)),
      batch,
      dataset: preset.dataset.replace('[0,1]', both),
      metrics: preset.metrics.map((metric) => metric.replace('[0,1]', both)),
    };
    const common = { seeds, firstSeed, steps, stepSizes: 'the paper’s, and those of the settings' };
    /** The options of the section whose runs are that part of all. */
    const part = (from: number, to: number): FigureOptions => ({
      ...given,
      onProgress: (share, now) => given.onProgress?.(from + share * (to - from), now),
    });
    return [
      await onGan(chosen, { ...common, methods }, part(0, 0.7)),
      await onGan(chosen, { ...common, methods: [turns], loss: UNROLLED }, part(0.7, 1)),
    ];
  },
});
