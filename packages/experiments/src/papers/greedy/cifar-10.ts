import { published, type Figure } from '../paper.js';

const CODE = 'the authors’ code (Keswani)';
const TRY =
  "a GPU for days, CIFAR-10’s files, and Inception’s weights, which are not shipped; one of its runs is npx stillpoint train fashion-mnist --data <folder of CIFAR-10’s binary files> --set batch=64 --method 'greedy-adam(stepSize=0.0002, beta1=0.5, ascentSteps=1, rate=2)'";

/** The paper's GANs on CIFAR-10, which are not made here. */
export const cifar10: Figure = {
  name: 'cifar-10',
  title: 'CIFAR-10: inception scores',
  shows:
    'The inception score over 50,000 iterations of the greedy method, of descent–ascent and of optimistic Adam.',
  settings: [
    published(
      'networks',
      'three transposed convolutions of 128 channels; D with four convolutions, dropout 0.4',
      CODE,
    ),
    published('step sizes, β₁', '2e-4 for both, 0.5', CODE),
    published('k, acceptance', '1, 1/2; in the code as it stands no step is rejected', CODE),
    published('batch, iterations, runs', '64, 50,000, 20', CODE),
  ],
  claims: [
    {
      name: 'inception-score',
      statement:
        'Over the last 10,000 iterations the greedy method has a higher mean inception score than descent–ascent and optimistic Adam',
      source: 'the figure in the authors’ notebook',
      published: '5.0 against 4.6 and 2.3, read off that figure',
      expected: false,
      needs: TRY,
    },
  ],
};
