import { integer, number, type Data, type Full } from '@stillpoint/operators';
import type { Column, Plot, Run, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords } from '../figure.js';
import { ours, published, type Finding } from '../paper.js';
import { runsAt, tableSection, valuesOf } from '../runs.js';
import { counted, short } from '../words.js';
import { classifierRuns, type ClassifierSize } from './classifier-runs.js';
import type { Contender } from './training-rows.js';

const TEXT = 'Figures 3 and 4';
const CODE = 'the authors’ code of 2010.02519, there with ResNet-32';

/** The paper’s long clipped step and its plain one, momentum as ResNets are trained, and clipped momentum. */
export const contenders: readonly Contender[] = [
  { label: 'clipped: 5, at 0.25', method: 'clipped-gradient(stepSize=5, threshold=0.25)' },
  { label: 'plain: 1', method: 'gda(stepSize=1)' },
  { label: 'momentum: 0.1, 0.9', method: 'sgd-momentum(stepSize=0.1, momentum=0.9)' },
  {
    label: 'clipped momentum: 1.5, at 1/6, 0.9',
    method: `clip-momentum(stepSize=1.5, threshold=${1 / 6}, momentum=0.9, mixture=1, form=soft)`,
  },
];
const [CLIPPED, PLAIN, MOMENTUM] = [0, 1, 2];

const anyDepth = integer({ about: 'depth of the network, 6n + 2', from: 8, to: 200, default: 20 });
const options = {
  ...seedOptions(1),
  depth: {
    ...anyDepth,
    expected: '6n + 2, as 8, 14, 20, up to 200',
    accepts: (value: Data) => anyDepth.accepts(value) && Number(value) % 6 === 2,
  },
  width: integer({ about: 'channels of its first blocks', from: 1, to: 256, default: 16 }),
  batch: integer({ about: 'images in a gradient', from: 1, to: 4096, default: 128 }),
  epochs: number({ about: 'times that a run sees all images', above: 0, to: 1000, default: 5 }),
  steps: integer({
    about: 'steps of each run',
    from: 1,
    to: 10_000_000,
    default: null,
    orNull: 'those of the epochs',
  }),
};
type Values = Full<typeof options>;
const HELD_OUT = 2000;
const networkOf = ({ depth, width }: Values): string => `resnet-classifier(depth=${depth}, width=${width})`;
const sizeOf = (values: Values, quick: boolean): ClassifierSize => ({
  network: networkOf(values),
  batch: values.batch,
  length: values.steps === null ? { epochs: values.epochs } : { steps: values.steps },
  ...(quick ? { heldOut: 64, points: 2 } : { heldOut: HELD_OUT, points: 20 }),
  seeds: values.seeds,
  firstSeed: values.firstSeed,
});
const lengthInWords = ({ epochs, steps }: Values): string =>
  steps === null ? counted(epochs, 'epoch') : counted(steps, 'step');

const columns: readonly Column[] = [
  { name: 'loss', label: 'training loss', unit: 'nats', better: 'lower', digits: 4 },
  { name: 'accuracy', label: 'test accuracy', unit: '%', better: 'higher', digits: 4 },
  { name: 'testLoss', label: 'test loss', unit: 'nats', better: 'lower', digits: 4 },
  { name: 'engaged', label: 'share of steps clipped', better: 'lower', digits: 3 },
];
const plots: readonly Plot[] = [
  {
    draw: 'lines',
    name: 'training-loss',
    title: 'training loss against steps',
    panels: [{ series: 'training loss' }],
    y: { label: 'nats', scale: 'log' },
  },
  {
    draw: 'lines',
    name: 'test-accuracy',
    title: 'accuracy on images that no run trains on, against steps',
    panels: [{ series: 'test accuracy' }],
    y: { label: '%', scale: 'linear' },
  },
];

const inWords = ({ label, seed, values }: Run, seeds: number): string =>
  `${label}${seeds === 1 ? '' : `, seed ${seed}`}: loss ${short(values['loss'] ?? NaN)}, test accuracy ${short(values['accuracy'] ?? NaN)} %`;

/** Percentage points by which two test performances may differ and count as the same. */
const SAME = 1;

function judge(values: Values, section: Section | undefined): Finding | undefined {
  const { seeds } = values;
  const runs = [CLIPPED, PLAIN, MOMENTUM].map((place) => runsAt(section, place));
  if (section === undefined || runs.some(({ length }) => length !== seeds)) return undefined;
  const [clipped = [], ...others] = runs.map((all) =>
    // a loss that is missing, as after an overflow, is no low one
    all.map((run) => run.values['loss'] ?? Infinity),
  );
  const [accuracy = NaN, , momentum = NaN] = runs.map((all) =>
    valuesOf(all, 'accuracy').reduce((sum, x) => sum + x / seeds, 0),
  );
  return {
    holds:
      clipped.every((loss, i) => others.every((other) => loss < other[i]!)) &&
      Math.abs(accuracy - momentum) <= SAME,
    measured: section.runs.map((run) => inWords(run, seeds)).join('; '),
    scaled: `${section.settings['data']}; ${lengthInWords(values)} instead of 200${values.steps === null ? '' : ' epochs'}, ${seeds === 1 ? 'one seed' : counted(seeds, 'seed')}`,
  };
}

/** The paper’s classifier of CIFAR-10, on the user’s files. */
export const cifar10 = figure({
  name: 'cifar-10',
  title: 'CIFAR-10: a residual network',
  shows:
    'Training loss and test accuracy of a ResNet with long clipped steps, with plain steps, with momentum and with clipped momentum.',
  takes: 'two hours, in one go',
  data: 'a folder of CIFAR-10’s binary files',
  options,
  // the quick form only shows that the runs can be made
  quick: { depth: 8, width: 4, batch: 16, steps: 16 },
  settings: (values) => [
    published('clipped', 'step size 5, clip at 0.25', TEXT),
    published('plain', 'step size 1', TEXT),
    published('clipped momentum', 'step size 1.5, γ 0.25, β 0.9, the soft form', CODE),
    ours('momentum', 'step size 0.1, momentum 0.9; the paper says the default'),
    ours('network', `${networkOf(values)}: ResNet-${values.depth} of He et al., batch norm, no weight decay`),
    ours(
      'data',
      `${counted(values.batch, 'image')} in a gradient, each shifted by up to 4 pixels and mirrored half of the time`,
    ),
    ours('length', `${lengthInWords(values)} with constant steps; the paper has 200 epochs`),
    ours('seeds', seedsInWords(values)),
    ours('test accuracy', `on the first ${HELD_OUT.toLocaleString('en')} images of the test set`),
  ],
  claims: (values) => [
    {
      name: 'fastest',
      statement: `Clipped gradient descent ends with the lowest training loss, below momentum and plain steps with each seed, and with the mean test accuracy of momentum, to ${SAME} point`,
      source: `${TEXT}; “to ${SAME} point” is Stillpoint’s`,
      published: '95.2 % test accuracy in 200 epochs',
      expected: false,
      needs:
        "CIFAR-10’s binary files: npx stillpoint reproduce clipping/cifar-10 --data <folder>, without --quick. A run of the paper’s length takes about a day on two cores: npx stillpoint train --data <folder> --set model=resnet-classifier --set batch=128 --set augment=true --oracle-calls 78200 --method 'clipped-gradient(stepSize=5, threshold=0.25)', which can be stopped and resumed",
      judge: ([section], quick) => (quick ? undefined : judge(values, section)),
    },
  ],
  async run(values, { quick, data = '', ...given }) {
    const size = sizeOf(values, quick);
    const {
      rows,
      data: images,
      network,
      parameters,
      steps,
      heldOut,
    } = await classifierRuns(contenders, size, {
      ...given,
      data,
    });
    return [
      tableSection({
        title: `A residual network on ${images.name}`,
        problem: `${size.network} on ${images.name}`,
        about: `The mean cross-entropy of the class over images that are shifted and mirrored. ${size.batch} images in a gradient; one player, ${parameters.toLocaleString('en')} parameters.`,
        columns,
        rows,
        plots,
        players: ['model'],
        settings: {
          data: images.describe,
          network,
          runs: `${counted(steps, 'step')}, ${counted(size.seeds, 'seed')}; a seed gives all methods the same start and batches`,
          'training loss': `mean over the batches of the last ${Math.ceil(steps / size.points)} steps`,
          'test accuracy, test loss': `on ${heldOut.toLocaleString('en')} images that no run trains on; batch norm by the moments of 16 batches of training images`,
        },
        verdict: rows.map(
          ({ label, seed, values: found }) =>
            `${label}, seed ${seed}: training loss ${short(found['loss'] ?? NaN)}, test accuracy ${short(found['accuracy'] ?? NaN)} %`,
        ),
        identity: { figure: 'clipping/cifar-10', data: images.name, network, batch: size.batch, steps },
      }),
    ];
  },
});
