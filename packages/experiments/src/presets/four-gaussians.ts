import type { GanPreset } from './preset.js';

/**
 * The four Gaussians of Keswani, Mangoubi, Sachdeva, Vishnoi 2022 (arXiv 2006.12376), with their networks,
 * start, loss, batch and step sizes. A call is a gradient of both players, so that the budget is 1,500 of
 * their iterations of gda with one step of D, and fewer of methods that ask D more often.
 */
export const fourGaussians: GanPreset = {
  name: 'four-gaussians',
  title: 'Four Gaussians, one of them twice as likely',
  about:
    'Four narrow Gaussians on a circle, with the minimax loss, whose generator often learns one of them at a time. A mode counts as learned if at least 1 % of the samples lie within 20 deviations, 0.2, of its centre. Modes may be lost again, so that the last measurement alone is luck: look at the curves.',
  dataset: 'four-gaussians',
  model:
    'mlp(latent=256, generator=[128,128], discriminator=[128,128], activation=relu, kernel="orthogonal(gain=0.8)")',
  loss: 'saddle',
  batch: 512,
  calls: 1500,
  seeds: 2,
  evaluations: 15,
  snapshots: 5,
  tail: 1,
  metrics: ['modes(sigmas=20, share=0.01)', 'high-quality(sigmas=20)'],
  headline: 'modes',
  samples: 2000,
  trained: 'alternating-adam(stepSize=[0.0001,0.001], beta1=0.5)',
  methods: [
    'greedy-adam(stepSize=[0.0001,0.001], beta1=0.5, ascentSteps=6, rate=4)',
    'alternating-adam(stepSize=[0.0001,0.001], beta1=0.5)',
    'alternating-adam(stepSize=[0.0001,0.001], beta1=0.5, order=[0,0,0,0,0,0,1])',
    'optimistic-adam(stepSize=[0.0001,0.001], beta1=0.5)',
  ],
};
