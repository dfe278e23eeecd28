import { fashionMnist } from '@stillpoint/datasets';
import { classifierAccuracy, classifierEnds, classifierProblem, networkFrom } from '@stillpoint/networks';
import type { Column, Plot, Run, Section } from '@stillpoint/tracking';
import { trainingRows, type Contender } from '../clipping/training-rows.js';
import { ours, type Figure, type FigureOptions } from '../paper.js';
import { runsAt, tableSection, valuesOf } from '../runs.js';
import { short } from '../words.js';

const BATCH = 64;
/** The whole form, and the quick one, which only shows that the runs can be made. */
const whole = { hidden: 128, steps: 3000, heldOut: 2000, seeds: 3, points: 15 };
const brief = { hidden: 32, steps: 150, heldOut: 300, seeds: 1, points: 2 };

/** Full precision, and one and four bits a weight, for so many steps. */
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

async function table({ quick, engine, processes, ...options }: FigureOptions): Promise<readonly Section[]> {
  const { hidden, steps, heldOut, seeds, points } = quick ? brief : whole;
  const { train, test } = await fashionMnist();
  const network = networkFrom(`mlp(hidden=[${hidden}])`, classifierEnds(train));
  // one run at a time has all processors
  const of = { network, batch: BATCH, engine, threads: processes };
  const problem = await classifierProblem({ ...of, data: train, seed: 1 });
  const accuracy = await classifierAccuracy({ ...of, train, test, count: heldOut });
  try {
    const rows = await trainingRows(
      contendersFor(steps),
      {
        problem,
        steps,
        seeds,
        points,
        heldOut: [
          { column: 'accuracy', series: 'test accuracy' },
          { column: 'testLoss', series: 'test loss' },
        ],
        async measure(z) {
          const found = await accuracy.measure(Float32Array.from(z));
          return [found.accuracy, found.loss];
        },
      },
      options,
    );
    return [
      tableSection({
        title: 'A fully connected network on Fashion-MNIST',
        problem: `${network.describe} on ${train.name}`,
        about: `The mean cross-entropy of the class. ${BATCH} images in a gradient; one player, ${problem.dim.toLocaleString('en')} parameters, of which the two matrices are quantised and the biases are not.`,
        columns,
        rows,
        plots,
        players: ['model'],
        settings: {
          data: train.describe,
          network: network.describe,
          runs: `${steps.toLocaleString('en')} steps; a seed gives all methods the same start and batches`,
          'test accuracy, test loss': `on ${heldOut.toLocaleString('en')} images that no run trains on`,
        },
        verdict: [`Test accuracy of the quantised networks beside full precision, ${seeds} seeds.`],
        identity: { figure: 'askew-sgd/fashion-mlp', network: network.describe, batch: BATCH, steps },
      }),
    ];
  } finally {
    await Promise.all([problem.dispose(), accuracy.dispose()]);
  }
}

const mean = (runs: readonly Run[]): number =>
  valuesOf(runs, 'accuracy').reduce((sum, x) => sum + x, 0) / runs.length;
const inWords = (section: Section): string =>
  [FLOAT, ONE, ONE_THROUGH, FOUR, FOUR_THROUGH]
    .map((place) => runsAt(section, place))
    .map((runs) => `${runs[0]?.label} ${short(mean(runs))} %`)
    .join(', ');

/** Percentage points that a bit, and four, may cost. */
const [COST_OF_ONE, COST_OF_FOUR] = [4, 1];
const needs = 'the whole form, without --quick';

/** A quantised network on images. */
export const fashionMlp: Figure = {
  name: 'fashion-mlp',
  title: 'Fashion-MNIST: a network of one bit a weight, and of four',
  shows:
    'The test accuracy of a fully connected network whose weights have one bit, or four, trained by AskewSGD and by the straight-through estimator, beside one of full precision.',
  takes: 'ten minutes',
  settings: [
    ours('network', `784-${whole.hidden}-10, rectified; the paper’s experiments on images have other ones`),
    ours(
      'levels',
      'one bit: ± the root mean square of the tensor’s start; four bits: 16 levels to 3 of these',
    ),
    ours('data', 'the 8,000 training images and 2,000 test images of this package'),
    ours('steps', `${whole.steps.toLocaleString('en')} of ${BATCH} images, step size 0.2 falling to 0.002`),
    ours('ε', '1 for a third of the steps, then 30 times 0.9 as much'),
    ours('seeds', `1 to ${whole.seeds}`),
  ],
  claims: [
    {
      name: 'accuracy',
      statement: `In the mean over seeds, one bit a weight costs at most ${COST_OF_ONE} points of test accuracy, and four bits at most ${COST_OF_FOUR}`,
      source: 'ours',
      expected: true,
      needs,
      judge([section], quick) {
        if (quick || section === undefined || runsAt(section, FOUR).length < whole.seeds) return undefined;
        const cost = (place: number): number => mean(runsAt(section, FLOAT)) - mean(runsAt(section, place));
        return {
          holds: cost(ONE) <= COST_OF_ONE && cost(FOUR) <= COST_OF_FOUR,
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
        if (quick || section === undefined || runsAt(section, FOUR).length < whole.seeds) return undefined;
        return {
          holds: mean(runsAt(section, ONE)) >= mean(runsAt(section, ONE_THROUGH)),
          measured: inWords(section),
        };
      },
    },
  ],
  run: table,
};
