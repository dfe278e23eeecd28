import { published, type Figure } from '../paper.js';

const TEXT = 'Figures 3 and 4';

/** The paper's classifier of CIFAR-10, which is not trained here. */
export const cifar10: Figure = {
  name: 'cifar-10',
  title: 'CIFAR-10: a residual network',
  shows: 'Training and test performance of a ResNet with clipped steps, with momentum and with neither.',
  settings: [
    published('clipped', 'step size 5, clip at 0.25', TEXT),
    published('plain', 'step size 1', TEXT),
  ],
  claims: [
    {
      name: 'fastest',
      statement:
        'Clipped gradient descent trains fastest, and has the test performance of gradient descent with momentum',
      source: TEXT,
      published: '95.2 % test accuracy in 200 epochs',
      expected: false,
      needs:
        "a GPU for a day, CIFAR-10’s files, and a residual classifier of your own: problemFromLosses makes a problem of its loss and your data, and npx stillpoint compare classifier.mjs --methods 'clipped-gradient(stepSize=5, threshold=0.25); gda(stepSize=1); sgd-momentum(stepSize=0.1)' runs it",
    },
  ],
};
