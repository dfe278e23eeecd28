import { fashionTable } from '../gan-preset.js';
import { figure, seedsInWords } from '../figure.js';
import {
  beats,
  dataInWords,
  makeTable,
  quickTable,
  tableOptions,
  type GanTable,
  type TableValues,
} from '../gan-table.js';
import { counted } from '../words.js';
import { ours, published } from '../paper.js';

const CODE = 'the authors’ code, config/*.json, optim/extragradient.py';
const adam = 'beta1=0.5, beta2=0.9';

const table: GanTable = {
  preset: fashionTable({
    name: 'extragradient-gan-table',
    title: 'Fashion-MNIST with a Wasserstein loss and gradient penalty',
    calls: 600,
    model: 'dcgan(latent=64, channels=16)',
    loss: 'wasserstein(penalties=[gradient-penalty])',
  }),
  trials: 3,
  groups: [
    {
      methods: {
        Adam1: `alternating-adam(${adam})`,
        Adam5: `alternating-adam(${adam}, order=[0,0,0,0,0,1])`,
        OptimisticAdam: `optimistic-adam(${adam})`,
        ExtraAdam: `extra-adam(${adam})`,
        'average of Adam1': `average(alternating-adam(${adam}))`,
        'EMA of ExtraAdam': `ema(extra-adam(${adam}))`,
      },
      ranges: { stepSize: { among: [0.0005, 0.001, 0.002] } },
    },
  ],
};

const scaled = ({ seeds, calls, data }: TableValues): string =>
  `${dataInWords({ data })} in place of CIFAR-10, a DCGAN of 16 channels in place of 64, batch 32 in place of 64, ${calls.toLocaleString('en')} gradient computations in place of 500,000 steps of G, Fréchet distance in the features of a small classifier in place of the inception score, ${counted(seeds, 'seed')}`;

const frame = (values: TableValues) => ({
  source: 'Stillpoint’s: the main table, whose methods these are, could not be read',
  scaled: scaled(values),
});

/** The main table of GANs, scaled down. */
export const mainTable = figure({
  name: 'table',
  title: 'The main table, scaled down: WGAN-GP with Adam and with extrapolation',
  shows:
    'Adam with one and with five steps of D, optimistic Adam and ExtraAdam, with a uniform average and a moving one.',
  takes: 'about ten minutes',
  options: tableOptions(table),
  quick: quickTable,
  settings: (values) => [
    published('loss', 'WGAN-GP, weight 10, two-sided', CODE),
    published('networks', 'DCGAN without batch norm in D', CODE),
    published('Adam', 'β = (0.5, 0.9)', CODE),
    published(
      'step sizes',
      'WGAN-GP: 0.0001 for Adam, 0.0005 for ExtraAdam; here 0.0005, 0.001 or 0.002, from the sweep',
      CODE,
    ),
    published('moving average', 'β = 0.9999; here 0.9, 0.99 or 0.999, from the sweep', CODE),
    ours(
      'sweep',
      `${counted(values.trials, 'trial')} of each method with a quarter of the budget, on a seed of its own`,
    ),
    ours('seeds', seedsInWords(values)),
    ours('data, networks, budget', scaled(values)),
  ],
  claims: (values) => [
    beats(table, values, ['ExtraAdam', 'Adam1', 'Adam5'], frame(values)),
    beats(table, values, ['OptimisticAdam', 'Adam1'], frame(values)),
    beats(table, values, ['EMA of ExtraAdam', 'ExtraAdam'], frame(values)),
    {
      name: 'past',
      statement:
        'ExtraAdam from the past, one of the paper’s methods, does as well with half as many gradients',
      source: 'Stillpoint’s: the main table could not be read',
      expected: false,
      needs: 'extrapolation from the past with Adam’s moments, which is not among the methods here',
    },
    {
      name: 'CIFAR-10',
      statement: 'The same on CIFAR-10, by the inception score',
      source: 'the main table',
      expected: false,
      needs:
        'days on a GPU, CIFAR-10’s files, and Inception’s weights, which are not shipped; stillpoint train fashion-mnist --data <folder of CIFAR-10’s binary files> trains its runs',
    },
  ],
  run: (values, options) => makeTable(table, values, options),
});
