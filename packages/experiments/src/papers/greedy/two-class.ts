import type { Run } from '@stillpoint/tracking';
import { twoClassFashion as preset } from '../../presets/two-class-fashion.js';
import { ours, published, type Figure } from '../paper.js';
import { runsAt } from '../runs.js';
import { onGan } from './gan-runs.js';

const STEPS = 1000;
const QUICK_STEPS = 8;
const SEEDS = 10;
/** The share, in per cent, that the rarer class must have for both to be generated. */
const BOTH = 5;

const methods: readonly string[] = preset.methods.slice(0, 2);

const bothIn = (runs: readonly Run[]): number =>
  runs.filter(({ values }) => (values['leastClassShare'] ?? 0) >= BOTH).length;

/** Whether both of two classes are generated. */
export const twoClass: Figure = {
  name: 'two-classes',
  title: 'Two classes: whether both are generated',
  shows:
    'Whether a GAN trained on T-shirts and trousers of Fashion-MNIST generates both after 1,000 iterations: greedy-adam with one step of D, and Adam in turns. The paper has the digits 0 and 1.',
  takes: 'ten minutes',
  settings: [
    ours('data', 'T-shirts and trousers of the 8,000 training images; theirs are the digits 0 and 1'),
    published('networks', 'three hidden layers, leaky ReLU of slope 0.2; tanh out', 'the authors’ code'),
    ours('widths, batch', 'a quarter of theirs, 64 instead of 128; no dropout; ReLU in G'),
    published('step sizes, β₁, k, acceptance', '2e-4 for both, 0.5, 1, 1/5', 'the authors’ code'),
    published(
      'loss',
      'non-saturating for G; log D(x) + log(1 − D(G(z))) in the accept test',
      'the authors’ code',
    ),
    ours('both', `the classifier finds at least ${BOTH} % of 300 samples to be of the rarer class`),
  ],
  claims: [
    {
      name: 'both-classes',
      statement:
        'After 1,000 iterations more runs of the greedy method than of descent–ascent generate both classes',
      source: 'the authors’ article on offconvex.org, 6 July 2020',
      published: 'both digits in 86 % of runs against 23 %',
      scaled: 'two classes of clothing, networks of a quarter of the widths, 10 seeds',
      expected: false,
      needs: 'the whole form, without --quick',
      judge([section], quick) {
        const [greedy, turns] = [runsAt(section, 0), runsAt(section, 1)];
        if (quick || greedy.length < SEEDS || turns.length < SEEDS) return undefined;
        return {
          holds: bothIn(greedy) > bothIn(turns),
          measured: `both in ${bothIn(greedy)} of ${SEEDS} runs of ${greedy[0]!.label}, in ${bothIn(turns)} of ${turns[0]!.label}`,
        };
      },
    },
  ],
  async run(options) {
    const form = options.quick ? { seeds: 1, steps: QUICK_STEPS } : { seeds: SEEDS, steps: STEPS };
    return [await onGan(preset, { ...form, methods, stepSizes: 'the paper’s' }, options)];
  },
};
