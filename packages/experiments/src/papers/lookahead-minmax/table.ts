import { beats, makeTable, type GanTable } from '../gan-table.js';
import { fashionTable } from '../gan-preset.js';
import { ours, published, type Figure } from '../paper.js';

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

const SCALED =
  'Fashion-MNIST in place of CIFAR-10, a DCGAN of 16 channels in place of a ResNet of 256 and 128, batch 32 in place of 128, 1,000 gradient computations in place of 500,000 steps of G, features of a small classifier in place of Inception’s, 3 seeds';

const frame = { source: 'ours: the main table, whose methods these are, could not be read', scaled: SCALED };

/** The main table of GANs, scaled down. */
export const mainTable: Figure = {
  name: 'table',
  title: 'The main table, scaled down: GANs of images with and without Lookahead',
  shows:
    'Adam with alternating steps and ExtraAdam, each alone and inside Lookahead, and moving averages of the first two.',
  takes: 'about ten minutes',
  settings: [
    published('loss', 'hinge, with spectral norm in D', CODE),
    published('steps of D for one of G', '5', CODE),
    published('Adam', 'β = (0, 0.9)', CODE),
    published('LA-AltGAN', 'k = 5, α = 0.5', CODE),
    published('LA-ExtraGrad', 'k = 5000, α = 0.5; here k of 5, 20, 50 or 200, from the sweep', CODE),
    published('EMA', 'β = 0.9999; here 0.9, 0.99 or 0.999, from the sweep', CODE),
    published('Adam’s step size', '0.0002; here 0.0005, 0.001, 0.002 or 0.004, from the sweep', CODE),
    ours('ExtraGrad', 'one step of D for one of G'),
    ours('data, networks, budget', SCALED),
  ],
  claims: [
    beats(table, ['LA-AltGAN', 'AltGAN'], frame),
    beats(table, ['LA-ExtraGrad', 'ExtraGrad'], frame),
    beats(table, ['EMA of LA-AltGAN', 'EMA of AltGAN'], frame),
    {
      name: 'best',
      statement: 'On CIFAR-10 the best Fréchet distance is below those of the time',
      source: 'the abstract',
      published: '12.19, unconditional CIFAR-10',
      expected: false,
      needs: 'days on a GPU, CIFAR-10’s files, and Inception’s weights, which are not shipped',
    },
  ],
  run: (options) => makeTable(table, options),
};
