import { integer, type Full } from '@stillpoint/operators';
import type { Column, Plot, Run, Section } from '@stillpoint/tracking';
import { classifierRuns } from '../clipping/classifier-runs.js';
import type { Contender } from '../clipping/training-rows.js';
import { figure, seedOptions, seedsInWords } from '../figure.js';
import { imagesOption } from '../image-classifier.js';
import { ours, type FigureOptions } from '../paper.js';
import { runsAt, tableSection, valuesOf } from '../runs.js';
import { short } from '../words.js';

const options = {
  ...seedOptions(3),
  data: imagesOption,
  hidden: integer({ about: 'hidden units', from: 1, default: 128 }),
  batch: integer({ about: 'images in a gradient', from: 1, default: 64 }),
  steps: integer({ about: 'steps of each run', from: 3, default: 3000 }),
};
type Values = Full<typeof options>;

/** Full precision, and one and four bits a weight, for runs of `steps` steps. */
export function contendersFor(steps: number): readonly Contender[] {
  const falling = (from: number): string => `{kind=cosine, from=${from}, to=${from / 100}, steps=${steps}}`;
  const fine = 'levels=16, reach=3, unit=tensor';
  // ε: 1 for a third of the steps, then to 0.9^30 = 0.04 at the end
  const anneal = `anneal=0.9, every=${Math.ceil((2 * steps) / 3 / 30)}, hold=${Math.floor(steps / 3)}`;
  return [
    { label: 'full precision', method: `gda(stepSize=${falling(0.2)})` },
    { label: 'askew-sgd, 1 bit', method: `askew-sgd(stepSize=${falling(0.2)}, unit=tensor, ${anneal})` },
    { label: 'straight-through, 1 bit', method: `straight-through(stepSize=${falling(0.2)}, unit=tensor)` },
    { label: 'askew-sgd, 4 bits', method: `askew-sgd(stepSize=${falling(0.2)}, ${fine}, ${anneal})` },
    { label: 'straight-through, 4 bits', method: `straight-through(stepSize=${falling(0.2)}, ${fine})` },
  ];
}
const [FLOAT, ONE, ONE_THROUGH, FOUR, FOUR_THROUGH] = [0, 1, 2, 3, 4];

const columns: readonly Column[] = [
  { name: 'accuracy', label: 'test accuracy', unit: '%', better: 'higher', digits: 4, best: 100 },
  { name: 'testLoss', label: 'test loss', unit: 'nats', better: 'lower', digits: 4 },
  { name: 'loss', label: 'training loss at the gradients', unit: 'nats', better: 'lower', digits: 4 },
];
const plots: readonly Plot[] = [
  {
    draw: 'lines',
    name: 'test-accuracy',
    title: 'accuracy of the quantised network on images that no run trains on, against steps',
    panels: [{ series: 'test accuracy' }],
    y: { label: '%', scale: 'linear' },
  },
];

async function table(
  { hidden, batch, steps, data, seeds, firstSeed }: Values,
  { quick, ...options }: FigureOptions,
): Promise<readonly Section[]> {
  const found = await classifierRuns(
    contendersFor(steps),
    {
      network: `mlp(hidden=[${hidden}])`,
      batch,
      length: { steps },
      seeds,
      firstSeed,
      augment: false,
      // the quick form only shows that the runs can be made
      ...(quick ? { heldOut: 300, points: 2 } : { heldOut: 2000, points: 15 }),
    },
    { ...options, data },
  );
  return [
    tableSection({
      title: `A fully connected network on ${found.data.title}`,
      problem: `${found.network} on ${found.data.name}`,
      about: `The mean cross-entropy of the class. ${batch} images in a gradient; one player, ${found.parameters.toLocaleString('en')} parameters, of which the two matrices are quantised and the biases are not.`,
      columns,
      rows: found.rows,
      plots,
      players: ['model'],
      settings: {
        data: found.data.describe,
        network: found.network,
        runs: `${steps.toLocaleString('en')} steps; a seed gives all methods the same start and batches`,
        'test accuracy, test loss': `on ${found.heldOut.toLocaleString('en')} images that no run trains on`,
      },
      verdict: [`Test accuracy of the quantised networks beside full precision, ${seeds} seeds.`],
      identity: {
        figure: 'askew-sgd/fashion-mlp',
        data: found.data.describe,
        network: found.network,
        batch,
        steps,
      },
    }),
  ];
}

const mean = (runs: readonly Run[]): number =>
  valuesOf(runs, 'accuracy').reduce((sum, x) => sum + x, 0) / runs.length;
const inWords = (section: Section): string =>
  [FLOAT, ONE, ONE_THROUGH, FOUR, FOUR_THROUGH]
    .map((place) => runsAt(section, place))
    .map((runs) => `${runs[0]?.label} ${short(mean(runs))} %`)
    .join(', ');

/** Percentage points that one bit may cost. */
const COST = 4;
const needs = 'the whole form, without --quick';

/** A quantised network on images. */
export const fashionMlp = figure({
  name: 'fashion-mlp',
  title: 'Images: a network of one bit a weight, and of four',
  shows:
    'The test accuracy of a fully connected network whose weights have one bit, or four, trained by AskewSGD and by the straight-through estimator, beside one of full precision.',
  takes: 'ten minutes',
  options,
  quick: { hidden: 32, steps: 150, seeds: 1 },
  settings: ({ hidden, batch, steps, data, ...values }) => [
    ours(
      'network',
      `one hidden layer of ${hidden} units, rectified; the paper’s experiments on images have other ones`,
    ),
    ours(
      'levels',
      'one bit: ± the root mean square of the tensor’s start; four bits: 16 levels to 3 of these',
    ),
    ours('data', `${data}; at most 2,000 of the images that no run trains on measure the accuracy`),
    ours('steps', `${steps.toLocaleString('en')} of ${batch} images, step size 0.2 falling to 0.002`),
    ours('ε', '1 for a third of the steps, then 30 times 0.9 as much'),
    ours('seeds', seedsInWords(values)),
  ],
  claims: ({ seeds }) => [
    {
      name: 'accuracy',
      statement: `In the mean over seeds, one bit a weight costs at most ${COST} points of test accuracy, and four bits cost less than that one`,
      source: 'Stillpoint’s',
      expected: true,
      needs,
      judge([section], quick) {
        if (quick || section === undefined || runsAt(section, FOUR_THROUGH).length < seeds) return undefined;
        const cost = (place: number): number => mean(runsAt(section, FLOAT)) - mean(runsAt(section, place));
        return {
          holds: cost(ONE) <= COST && cost(FOUR) < cost(ONE),
          measured: inWords(section),
        };
      },
    },
    {
      name: 'straight-through',
      statement:
        'With one bit a weight AskewSGD has at least the mean test accuracy of the straight-through estimator',
      source:
        'the abstract: “better than or on par with”, there on classical benchmarks; here on our network',
      expected: false,
      needs,
      judge([section], quick) {
        if (quick || section === undefined || runsAt(section, FOUR_THROUGH).length < seeds) return undefined;
        return {
          holds: mean(runsAt(section, ONE)) >= mean(runsAt(section, ONE_THROUGH)),
          measured: inWords(section),
        };
      },
    },
  ],
  run: table,
});
