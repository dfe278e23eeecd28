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
import { fashionTable } from '../gan-preset.js';
import { counted } from '../words.js';
import { ours, published } from '../paper.js';

const CODE = 'the authors’ code, lagan/';
const adam = 'beta1=0, beta2=0.9';
const rates = { stepSize: { among: [0.0005, 0.001, 0.002, 0.004] } } as const;
// five steps of D for one of G, as in the authors' code
const ORDER = 'order=[0,0,0,0,0,1]';

const table: GanTable = {
  preset: fashionTable({
    name: 'lookahead-minmax-table',
    title: 'Fashion-MNIST with hinge loss and spectral norm, five steps of D for one of G',
    calls: 1000,
  }),
  trials: 4,
  groups: [
    {
      methods: {
        AltGAN: `alternating-adam(${adam}, ${ORDER})`,
        'LA-AltGAN': `lookahead(alternating-adam(${adam}, ${ORDER}), steps=5, weight=0.5)`,
        'EMA of AltGAN': `ema(alternating-adam(${adam}, ${ORDER}))`,
        'EMA of LA-AltGAN': `ema(lookahead(alternating-adam(${adam}, ${ORDER}), steps=5, weight=0.5))`,
        ExtraGrad: `extra-adam(${adam})`,
        'LA-ExtraGrad': `lookahead(extra-adam(${adam}), weight=0.5)`,
      },
      ranges: rates,
    },
  ],
};

const scaled = ({ seeds, calls, data }: TableValues): string =>
  `${dataInWords({ data })} in place of CIFAR-10, a DCGAN of 16 channels in place of a ResNet of 256 and 128, batch 32 in place of 128, ${calls.toLocaleString('en')} gradient computations in place of 500,000 steps of G, features of a small classifier in place of Inception’s, ${counted(seeds, 'seed')}`;

const frame = (values: TableValues) => ({
  source: 'Stillpoint’s: the main table, whose methods these are, could not be read',
  scaled: scaled(values),
});

/** The main table of GANs, scaled down. */
export const mainTable = figure({
  name: 'table',
  title: 'The main table, scaled down: GANs of images with and without Lookahead',
  shows:
    'Adam with alternating steps and ExtraAdam, each alone and inside Lookahead, and moving averages of the first two.',
  takes: 'about ten minutes',
  options: tableOptions(table),
  quick: quickTable,
  settings: (values) => [
    published('loss', 'hinge, with spectral norm in D', CODE),
    published('steps of D for one of G', '5', CODE),
    published('Adam', 'β = (0, 0.9)', CODE),
    published('LA-AltGAN', 'k = 5, α = 0.5', CODE),
    published('LA-ExtraGrad', 'k = 5000, α = 0.5; here k of 5, 20, 50 or 200, from the sweep', CODE),
    published('EMA', 'β = 0.9999; here 0.9, 0.99 or 0.999, from the sweep', CODE),
    published('Adam’s step size', '0.0002; here 0.0005, 0.001, 0.002 or 0.004, from the sweep', CODE),
    ours('ExtraGrad', 'one step of D for one of G'),
    ours(
      'sweep',
      `${counted(values.trials, 'trial')} of each method with a quarter of the budget, on a seed of its own`,
    ),
    ours('seeds', seedsInWords(values)),
    ours('data, networks, budget', scaled(values)),
  ],
  claims: (values) => [
    beats(table, values, ['LA-AltGAN', 'AltGAN'], frame(values)),
    beats(table, values, ['LA-ExtraGrad', 'ExtraGrad'], frame(values)),
    beats(table, values, ['EMA of LA-AltGAN', 'EMA of AltGAN'], frame(values)),
    {
      name: 'best',
      statement: 'On CIFAR-10 the best Fréchet distance is below those of the time',
      source: 'the abstract',
      published: '12.19, unconditional CIFAR-10',
      expected: false,
      needs: 'days on a GPU, CIFAR-10’s files, and Inception’s weights, which are not shipped',
    },
  ],
  run: (values, options) => makeTable(table, values, options),
});
