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
import { ours, published, type Claimed } from '../paper.js';

const CODE = 'the authors’ code, args.py, runner.py, README';

const preset = fashionTable({
  name: 'rapp-tables',
  title: 'Fashion-MNIST with hinge loss and spectral norm',
  calls: 1000,
});

const adam = 'beta1=0, beta2=0.9';

const table: GanTable = {
  preset,
  trials: 4,
  groups: [
    {
      methods: {
        GDA: 'alternating-gda',
        'LA-GDA': 'lookahead(alternating-gda)',
        EG: 'extragradient',
        'LA-EG': 'lookahead(extragradient)',
        'EG+': 'eg-plus(relaxation=0.5)',
        'LA-EG+': 'lookahead(eg-plus(relaxation=0.5))',
        RAPP: 'rapp(innerSteps=3, weight=0.9)',
      },
      // the paper's step sizes of D and G, and multiples of them
      ranges: {
        stepSize: {
          among: [
            [0.05, 0.01],
            [0.1, 0.02],
            [0.2, 0.04],
            [0.4, 0.08],
          ],
        },
      },
    },
    {
      methods: {
        Adam: `alternating-adam(${adam})`,
        'LA-Adam': `lookahead(alternating-adam(${adam}))`,
        ExtraAdam: `extra-adam(${adam})`,
        'LA-ExtraAdam': `lookahead(extra-adam(${adam}))`,
        'ExtraAdam+': `extra-adam(${adam}, relaxation=0.5)`,
        'LA-ExtraAdam+': `lookahead(extra-adam(${adam}, relaxation=0.5))`,
      },
      ranges: { stepSize: { among: [0.0005, 0.001, 0.002, 0.004] } },
    },
  ],
};

const scaled = ({ calls, data }: TableValues): string =>
  `${dataInWords({ data })} in place of CIFAR-10, a DCGAN of 16 channels in place of a ResNet of 256 and 128, batch 32 in place of 128, ${calls.toLocaleString('en')} gradient computations in place of about a million, features of a small classifier in place of Inception’s, the last measurement in place of the best`;

const pairs: readonly (readonly [string, string])[] = [
  ['LA-GDA', 'GDA'],
  ['LA-EG', 'EG'],
  ['LA-EG+', 'EG+'],
  ['LA-Adam', 'Adam'],
  ['LA-ExtraAdam', 'ExtraAdam'],
  ['LA-ExtraAdam+', 'ExtraAdam+'],
];

const claims = (values: TableValues): readonly Claimed[] => [
  ...pairs.map((names) =>
    beats(table, values, names, {
      source: 'Stillpoint’s: Tables 2 and 3, whose methods these are, could not be read',
      scaled: scaled(values),
    }),
  ),
  beats(table, values, ['RAPP', 'GDA', 'EG', 'EG+'], {
    source:
      'of GDA section 8: “extrapolation methods such as EG and RAPP still outperform the baseline”; of EG and EG+ Stillpoint’s, since Tables 2 and 3 could not be read',
    scaled: scaled(values),
  }),
  {
    name: 'CIFAR-10',
    statement: 'The same on CIFAR-10 with the paper’s ResNet',
    source: 'Tables 2 and 3',
    expected: false,
    needs:
      "days on a GPU, and CIFAR-10’s files: stillpoint train fashion-mnist --data <folder of CIFAR-10’s binary files> --set model='resnet(variant=rapp)' --set loss=hinge --set batch=128 --method 'rapp(stepSize=[0.1,0.02], innerSteps=3, weight=0.9)' trains one of its runs",
  },
];

/** The 13 methods of Tables 2 and 3, scaled down. */
export const tables = figure({
  name: 'tables-2-3',
  title: 'Tables 2 and 3, scaled down: 13 methods on a GAN of images',
  shows:
    'GDA, EG, EG+, Adam, ExtraAdam and ExtraAdam+ (that with EG+’s half step), each alone and inside Lookahead, and RAPP, each with its own sweep. Oracle calls are gradient computations as the paper counts them: one for each player.',
  takes: 'about twenty minutes',
  options: tableOptions(table),
  quick: quickTable,
  settings: (values) => [
    published('loss', 'hinge, with spectral norm in D', CODE),
    published('GDA and Adam', 'D moves before G', CODE),
    published('EG+', 'the second step is half as long', CODE),
    published('RAPP', 'τ = 3, λ = 0.9', CODE),
    published('Adam', 'β = (0, 0.9)', CODE),
    published('step sizes of GDA, EG, EG+, RAPP', 'D 0.1, G 0.02; here times 1/2, 1, 2 or 4', CODE),
    ours('step sizes of Adam', '0.0005, 0.001, 0.002 or 0.004'),
    ours('Lookahead', 'τ of 5, 20, 50, 200 and λ of 0.5, 0.8, from the sweep'),
    ours(
      'sweep',
      `${counted(values.trials, 'trial')} of each method with a quarter of the budget, on a seed of its own`,
    ),
    ours('data, networks, budget', scaled(values)),
    ours('seeds', seedsInWords(values)),
  ],
  claims,
  run: (values, options) => makeTable(table, values, options),
});
