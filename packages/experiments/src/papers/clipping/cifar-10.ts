import type { Column, Plot, Run, Section } from '@stillpoint/tracking';
import { ours, published, type Figure, type Finding } from '../paper.js';
import { runsAt, tableSection } from '../runs.js';
import { short } from '../words.js';
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

const EPOCHS = 5;
/** The whole form. */
export const whole: ClassifierSize = {
  network: 'resnet-classifier(depth=20, width=16)',
  batch: 128,
  length: { epochs: EPOCHS },
  heldOut: 2000,
  points: 20,
  seeds: 1,
};
/** The quick form, which only shows that the runs can be made. */
export const brief: ClassifierSize = {
  ...whole,
  network: 'resnet-classifier(depth=8, width=4)',
  batch: 16,
  length: { steps: 16 },
  heldOut: 64,
  points: 2,
};

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

const inWords = ({ label, values }: Run): string =>
  `${label}: loss ${short(values['loss'] ?? NaN)}, test accuracy ${short(values['accuracy'] ?? NaN)} %`;

/** Percentage points by which two test performances may differ and count as the same. */
const SAME = 1;

function judge([section]: readonly Section[], quick: boolean): Finding | undefined {
  const runs = [CLIPPED, PLAIN, MOMENTUM].map((place) => runsAt(section, place));
  if (quick || section === undefined || runs.some(({ length }) => length !== whole.seeds)) return undefined;
  const [clipped = NaN, plain = Infinity, momentum = Infinity] = runs.map(
    // a loss that is missing, as after an overflow, is no low one
    ([run]) => run?.values['loss'] ?? Infinity,
  );
  const accuracy = (place: number): number => runs[place]![0]?.values['accuracy'] ?? NaN;
  return {
    holds: clipped < Math.min(plain, momentum) && Math.abs(accuracy(CLIPPED) - accuracy(MOMENTUM)) <= SAME,
    measured: section.runs.map(inWords).join('; '),
    scaled: `${section.settings['data']}; ${EPOCHS} epochs instead of 200, one seed`,
  };
}

/** The paper’s classifier of CIFAR-10, on the user’s files. */
export const cifar10: Figure = {
  name: 'cifar-10',
  title: 'CIFAR-10: a residual network',
  shows:
    'Training loss and test accuracy of a ResNet with long clipped steps, with plain steps, with momentum and with clipped momentum.',
  takes: 'two hours, in one go',
  data: 'a folder of CIFAR-10’s binary files',
  settings: [
    published('clipped', 'step size 5, clip at 0.25', TEXT),
    published('plain', 'step size 1', TEXT),
    published('clipped momentum', 'step size 1.5, γ 0.25, β 0.9, the soft form', CODE),
    ours('momentum', 'step size 0.1, momentum 0.9; the paper says the default'),
    ours('network', `${whole.network}: ResNet-20 of He et al., batch norm, no weight decay`),
    ours('data', '128 images in a gradient, each shifted by up to 4 pixels and mirrored half of the time'),
    ours('length', `${EPOCHS} epochs with constant steps, one seed; the paper has 200 epochs`),
    ours('test accuracy', `on the first ${whole.heldOut.toLocaleString('en')} images of the test set`),
  ],
  claims: [
    {
      name: 'fastest',
      statement: `Clipped gradient descent ends with the lowest training loss, below momentum and plain steps, and with the test accuracy of momentum, to ${SAME} point`,
      source: `${TEXT}; “to ${SAME} point” is ours`,
      published: '95.2 % test accuracy in 200 epochs',
      expected: false,
      needs:
        "CIFAR-10’s binary files: npx stillpoint reproduce clipping/cifar-10 --data <folder>, without --quick. A run of the paper’s length takes about a day on two cores: npx stillpoint train --data <folder> --set model=resnet-classifier --set batch=128 --set augment=true --oracle-calls 78200 --method 'clipped-gradient(stepSize=5, threshold=0.25)', which can be stopped and resumed",
      judge,
    },
  ],
  async run({ quick, data = '', ...options }) {
    const size = quick ? brief : whole;
    const {
      rows,
      data: images,
      network,
      parameters,
      steps,
      heldOut,
    } = await classifierRuns(contenders, size, {
      ...options,
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
          runs: `${steps.toLocaleString('en')} steps, ${size.seeds} seed${size.seeds === 1 ? '' : 's'}; a seed gives all methods the same start and batches`,
          'training loss': `mean over the batches of the last ${Math.ceil(steps / size.points)} steps`,
          'test accuracy, test loss': `on ${heldOut.toLocaleString('en')} images that no run trains on; batch norm by the moments of 16 batches of training images`,
        },
        verdict: rows.map(
          ({ label, values }) =>
            `${label}: training loss ${short(values['loss'] ?? NaN)}, test accuracy ${short(values['accuracy'] ?? NaN)} %`,
        ),
        identity: { figure: 'clipping/cifar-10', data: images.name, network, batch: size.batch, steps },
      }),
    ];
  },
};
