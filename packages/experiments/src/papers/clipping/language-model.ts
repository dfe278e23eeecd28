import { integer, type Data, type Full, type Option } from '@stillpoint/operators';
import type { Column, Measure, Plot, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords } from '../figure.js';
import { ours, published, type Finding } from '../paper.js';
import { tableSection } from '../runs.js';
import { counted, short } from '../words.js';
import { languageRuns, type LanguageSize } from './language-runs.js';
import type { Contender } from './training-rows.js';

const FIGURE = 'Figure 2, AWD-LSTM on Penn Treebank';

/**
 * The long step, clipped and not; the paper’s short step, clipped and not; the best step without a clip, the
 * next best, and the best with momentum.
 */
export const contenders = {
  long: {
    label: 'long step, clipped: 16, at 0.25',
    method: 'clipped-gradient(stepSize=16, threshold=0.25)',
  },
  longPlain: { label: 'long step: 16', method: 'gda(stepSize=16)' },
  best: { label: 'best plain step: 6', method: 'gda(stepSize=6)' },
  shorter: { label: 'plain step: 4', method: 'gda(stepSize=4)' },
  short: { label: 'short step: 2', method: 'gda(stepSize=2)' },
  shortClipped: {
    label: 'short step, clipped: 2, at 0.25',
    method: 'clipped-gradient(stepSize=2, threshold=0.25)',
  },
  momentum: {
    label: 'best momentum: 2, 0.9',
    method: 'sgd-momentum(stepSize=2, momentum=0.9)',
  },
} as const satisfies { readonly [name: string]: Contender };

const TEXT = 'king-james';
const options = {
  ...seedOptions(3),
  data: {
    about: 'a text, as train --data takes it: a data set’s spec',
    expected: 'a text’s spec, as king-james or text(path="book.txt")',
    default: TEXT,
    accepts: (value: Data) => typeof value === 'string' && value !== '',
  } satisfies Option<string>,
  units: integer({ about: 'units of the LSTM', from: 1, to: 4096, default: 64 }),
  time: integer({ about: 'characters that are predicted in a window', from: 1, to: 4096, default: 32 }),
  batch: integer({ about: 'windows in a gradient', from: 1, to: 4096, default: 16 }),
  steps: integer({ about: 'steps of each run', from: 40, to: 1_000_000, default: 1000 }),
};
type Values = Full<typeof options>;
const sizeOf = ({ units, ...values }: Values, quick: boolean): LanguageSize => ({
  ...values,
  network: `lstm(embedding=32, units=${units})`,
  heldOut: quick ? 64 : 256,
  measured: quick ? 64 : 128,
  every: quick ? 5 : 8,
});
const titleOf = ({ data }: Values): string => (data === TEXT ? 'Genesis and Exodus' : data);

const columns: readonly Column[] = [
  { name: 'loss', label: 'training loss', unit: 'nats per character', better: 'lower', digits: 4 },
  { name: 'held-out loss', label: 'held-out loss', unit: 'nats per character', better: 'lower', digits: 4 },
  { name: 'correlation', label: 'correlation', better: 'higher', digits: 3 },
  { name: 'late correlation', label: 'without the first tenth', better: 'higher', digits: 3 },
  { name: 'L0', label: 'L₀', better: 'lower', digits: 3 },
  { name: 'L1', label: 'L₁', better: 'lower', digits: 3 },
  { name: 'threshold', label: 'suggested threshold', better: 'lower', digits: 3 },
  { name: 'engaged', label: 'share of steps clipped', better: 'lower', digits: 3 },
];

const plots: readonly Plot[] = [
  {
    draw: 'scatter',
    name: 'smoothness',
    title: 'smoothness against gradient',
    series: 'smoothness over gradient',
    note: 'A dot for every eighth step of each run, in the quick form for every fifth. Smoothness: the change of the gradient over half of the step, divided by its length.',
    x: { label: 'norm of the gradient where the step begins', scale: 'log' },
    y: { label: 'local smoothness', scale: 'log' },
  },
  {
    draw: 'lines',
    name: 'training-loss',
    title: 'training loss against steps',
    panels: [{ series: 'training loss' }],
    y: { label: 'nats per character', scale: 'log' },
  },
  {
    draw: 'lines',
    name: 'held-out-loss',
    title: 'loss on the end of the text, which no run trains on, against steps',
    panels: [{ series: 'held-out loss' }],
    y: { label: 'nats per character', scale: 'log' },
  },
];

type Name = keyof typeof contenders;
/** A loss to a thousandth of a nat; anything else in three digits. */
const inWords = (x: Measure, column: string): string =>
  x === null ? 'none' : column === 'loss' ? x.toFixed(3) : short(x);
const valuesOf = (section: Section | undefined, name: Name, column: string): readonly Measure[] =>
  (section?.runs ?? [])
    .filter(({ label }) => label === contenders[name].label)
    .map((run) => run.values[column] ?? null);
const ofSeeds = (section: Section | undefined, name: Name, column: string): string =>
  `${contenders[name].label}: ${valuesOf(section, name, column)
    .map((x) => inWords(x, column))
    .join(', ')}`;

/**
 * Judges each seed’s values of a column of one method against those of others. Undefined if runs are missing.
 * A value that is missing, as after an overflow, is none that `holds` sees: it counts as worse.
 */
function bySeed(
  section: Section | undefined,
  [own, ...others]: readonly [Name, ...Name[]],
  column: string,
  holds: (own: number, others: readonly number[]) => boolean,
): Finding | undefined {
  const values = valuesOf(section, own, column);
  const rest = others.map((name) => valuesOf(section, name, column));
  if (values.length === 0 || rest.some(({ length }) => length !== values.length)) return undefined;
  return {
    holds: values.every(
      (value, seed) =>
        value !== null &&
        holds(
          value,
          rest.map((one) => one[seed] ?? null).filter((x) => x !== null),
        ),
    ),
    measured: [own, ...others].map((name) => ofSeeds(section, name, column)).join('; '),
  };
}

/** Correlations are called strong from here on, and weak below. */
const [STRONG, WEAK] = [0.8, 0.5];
const scaled = ({ units, data, steps }: Values): string =>
  `an LSTM of ${counted(units, 'unit')} on ${data === TEXT ? '329,575 characters' : `the characters of ${data}`}, ${counted(steps, 'step')}; there AWD-LSTM on the words of Penn Treebank`;

/** The paper’s figure of its language model, on characters. */
export const languageModel = figure({
  name: 'language-model',
  title: 'A language model: with long clipped steps, smoothness and gradient go together',
  shows:
    'Local smoothness against the norm of the gradient along runs of a character LSTM, by default on Genesis and Exodus, with long and short steps, clipped and not, and the losses of these runs.',
  takes: 'five minutes',
  options,
  // the beginning of the runs of one seed
  quick: { seeds: 1, steps: 200 },
  settings: (values) => [
    published('clip', 'at the norm 0.25', FIGURE),
    published('short step', '2', FIGURE),
    ours(
      'long step',
      '16; the paper has 30. Training losses on king-james after 1,000 steps with seed 1: 1.538 with 4, 1.442 with 8, 1.451 with 16, 1.576 with 30',
    ),
    ours(
      'best plain step, best momentum',
      'by the training loss on king-james after 1,000 steps with seed 1, of 2, 3, 4, 6, 8 without a clip, and of 0.5, 1, 2, 4 with momentum 0.9',
    ),
    ours(
      'network',
      `${sizeOf(values, false).network}, each window from the state 0; the authors’ has 2 layers of 512 units`,
    ),
    ours(
      'data',
      `${values.data}: windows of ${counted(values.time, 'character')} to predict, ${values.batch} in a gradient; the authors have words, 256 windows of about 70`,
    ),
    ours(
      'smoothness',
      '‖∇f(w) − ∇f(z)‖/‖w − z‖, w in the middle of the step from z, both on the same 128 windows, in the quick form 64; the authors’ code takes a tenth of the data, cut at random places anew for each gradient',
    ),
    ours('correlation', 'Pearson’s, of the logarithms'),
    ours('steps', values.steps.toLocaleString('en')),
    ours('seeds', seedsInWords(values)),
  ],
  claims: (values) => [
    {
      name: 'strong',
      statement: `With long clipped steps the correlation is strong: ${STRONG} or more with each seed`,
      source: 'Figure 2, “strong” in words; the number is Stillpoint’s',
      scaled: scaled(values),
      expected: true,
      judge: ([section], quick) =>
        quick ? undefined : bySeed(section, ['long'], 'correlation', (own) => own >= STRONG),
    },
    {
      name: 'weak',
      statement: `With short steps, clipped or not, it is weak: below ${WEAK} with each seed`,
      source: 'Figure 2, “weak” in words; the number is Stillpoint’s',
      scaled: scaled(values),
      expected: false,
      judge: ([section], quick) =>
        quick
          ? undefined
          : bySeed(
              section,
              ['short', 'shortClipped'],
              'correlation',
              (own, others) =>
                // a value that is missing is not weak
                [own, ...others].filter((x) => x < WEAK).length === 2,
            ),
    },
    {
      name: 'stronger',
      statement: 'It is stronger with long clipped steps than with any of the others, with each seed',
      source: 'Stillpoint’s, of what Figure 2 shows',
      scaled: scaled(values),
      expected: true,
      judge: ([section], quick) =>
        quick
          ? undefined
          : bySeed(
              section,
              ['long', 'longPlain', 'best', 'shorter', 'short', 'shortClipped', 'momentum'],
              'correlation',
              (own, others) => others.every((x) => own > x),
            ),
    },
    {
      name: 'faster',
      statement:
        'Long clipped steps end with a lower training loss than plain steps and than momentum, with each seed',
      source: 'the paper’s title and its Figures 3 and 4, there of a ResNet on CIFAR-10',
      scaled: scaled(values),
      expected: false,
      judge: ([section], quick) =>
        quick
          ? undefined
          : bySeed(section, ['long', 'longPlain', 'best', 'shorter', 'momentum'], 'loss', (own, others) =>
              others.every((x) => own < x),
            ),
    },
  ],
  async run(values, { quick, ...given }) {
    const size = sizeOf(values, quick);
    const { rows, parameters } = await languageRuns(Object.values(contenders), size, given);
    return [
      tableSection({
        title: `A character LSTM on ${titleOf(values)}`,
        problem: `${size.network} on ${size.data}`,
        about: `The mean cross-entropy of the next character over windows of ${size.time}. ${size.batch} windows in a gradient; one player, ${parameters.toLocaleString('en')} parameters.`,
        columns,
        rows,
        plots,
        players: ['model'],
        settings: {
          runs: `${counted(size.steps, 'step')}, ${counted(size.seeds, 'seed')}; a seed gives all methods the same start and windows`,
          'training loss': `mean over the batches of the last ${Math.ceil(size.steps / 40)} steps`,
          'held-out loss': `on ${size.heldOut} windows of the end of the text`,
          correlation:
            'Pearson’s, of the logarithms of smoothness and gradient, over the whole run; beside it without its first tenth',
          'L₀, L₁': 'the line L₀ + L₁·gradient below which nine of ten smoothnesses of the run lie',
          'suggested threshold': '2L₀/(3L₁); none where L₀ = 0, where every step would be clipped',
        },
        verdict: rows.map(
          ({ label, seed, values: found }) =>
            `${label}, seed ${seed}: loss ${inWords(found['loss'] ?? null, 'loss')}, correlation ${inWords(found['correlation'] ?? null, 'correlation')}`,
        ),
        identity: { figure: 'clipping/language-model', ...size },
      }),
    ];
  },
});
