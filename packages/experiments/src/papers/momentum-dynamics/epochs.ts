import { published, type Figure } from '../paper.js';

const CODE = 'the authors’ code (Bu, Xu, Chen), its printed results';

/** The authors' runs on images, of which nothing is tried here. */
export const epochs: Figure = {
  name: 'epochs',
  title: 'Training losses over 5,000 epochs',
  shows: 'Gradient descent, Nesterov’s method and momentum of two lags on digits, with the same step size.',
  settings: [
    published('network', '784 – 3000 – 1, rectified, both layers trained, no factor m^(−1/2)', CODE),
    published(
      'data',
      'the first images of MNIST, the labels as targets; whether 600 or 60 is not recorded',
      CODE,
    ),
    published('step size', '1e-4, full batch, mean squared error', CODE),
  ],
  claims: [
    {
      name: 'nesterov',
      statement: 'After 5,000 epochs the error falls with d: it is smallest with d = 8',
      source: CODE,
      published: '1.5e-6, 5.5e-8, 9.3e-11, 2.9e-12 for d = 2, 3, 6, 8; gradient descent 0.062',
      needs: 'MNIST, a cell of the code that fits one of its tables, and 5,000 epochs of five runs',
      expected: false,
    },
    {
      name: 'two-lags',
      statement: 'With (0.2, 0.8) the error rises again, with (0.2, 0.2) and (0.2, 0.5) it does not',
      source: CODE,
      published: '4.71 at epoch 4,000 and 1.03 at 5,000, against 0.038 and 0.019 at 5,000',
      needs:
        'MNIST, a cell of the code that fits one of its tables, and 5,000 epochs of three runs; the figure two-lags shows that of the three (0.2, 0.8) tolerates the shortest steps only',
      expected: false,
    },
  ],
};
