import { adaptiveGraal, adaptiveGraalTable } from '../methods/adaptive-graal.js';
import { alternatingGda, alternatingGdaTable } from '../methods/alternating-gda.js';
import { extragradient, extragradientTable } from '../methods/extragradient.js';
import { forwardBackwardForward, forwardBackwardForwardTable } from '../methods/forward-backward-forward.js';
import {
  forwardReflectedBackward,
  forwardReflectedBackwardTable,
} from '../methods/forward-reflected-backward.js';
import { gda, gdaTable } from '../methods/gda.js';
import { graal, graalTable } from '../methods/graal.js';
import { ogda, ogdaTable } from '../methods/ogda.js';
import { pastExtragradient, pastExtragradientTable } from '../methods/past-extragradient.js';
import {
  projectedReflectedGradient,
  projectedReflectedGradientTable,
} from '../methods/projected-reflected-gradient.js';
import { averaged, busiest } from '../options.js';
import { row, type MethodRow } from './row.js';

/** Gradient steps, and those that look ahead: two calls a step, or one. */
export const gradientRows: readonly MethodRow[] = [
  row(
    {
      name: 'gda',
      family: 'gradient',
      group: 'baseline',
      about: 'simultaneous gradient descent–ascent',
      memory: '1',
      elementwise: true,
      oracle: () => 1,
      stepFrom: averaged,
      assumptions: 'cocoercive F, γ < 2/ℓ; diverges on bilinear games',
      when: 'as a baseline, and inside lookahead; alone only where F is cocoercive (minimisation, strong convexity on both sides)',
      reference: 'Arrow, Hurwicz, Uzawa 1958',
    },
    gdaTable,
    gda,
  ),
  row(
    {
      name: 'alternating-gda',
      family: 'gradient',
      group: 'baseline',
      about: 'gradient descent–ascent, one player after another',
      memory: '1',
      elementwise: true,
      oracle: ({ order: turns }) => busiest(turns),
      assumptions: 'bounded, not convergent, on bilinear games',
      when: 'as a baseline; with average it solves bilinear games; how GANs are trained without Adam',
      reference: 'Zhang, Wang, Lessard, Grosse 2022, arXiv 2102.09468',
    },
    alternatingGdaTable,
    alternatingGda,
  ),
  row(
    {
      name: 'extragradient',
      family: 'gradient',
      group: 'monotone',
      about: 'looks one step ahead, then steps with the gradient found there',
      memory: '2',
      elementwise: true,
      oracle: () => 2,
      step: () => 0.7,
      assumptions: 'F monotone and L-Lipschitz, γ < 1/L',
      when: 'the first choice for monotone games, constrained or not, when L is known',
      reference: 'Korpelevich 1976',
    },
    extragradientTable,
    extragradient,
  ),
  row(
    {
      name: 'forward-backward-forward',
      family: 'gradient',
      group: 'monotone',
      about: 'extragradient with one projection instead of two',
      memory: '3',
      elementwise: true,
      oracle: () => 2,
      step: () => 0.7,
      assumptions: 'F monotone and L-Lipschitz, γ < 1/L',
      when: 'where the projection costs more than F; it asks F outside the constraints, too',
      reference: 'Tseng 2000',
    },
    forwardBackwardForwardTable,
    forwardBackwardForward,
  ),
  row(
    {
      name: 'past-extragradient',
      family: 'gradient',
      group: 'single-call',
      about: 'extragradient that looks ahead with the last gradient: one call a step',
      memory: '3',
      elementwise: true,
      oracle: () => 1,
      step: () => 0.49,
      assumptions: 'F monotone and L-Lipschitz, γ < 1/(2L)',
      when: 'monotone games where a call of F is what costs: half of extragradient’s calls at half its step',
      reference: 'Popov 1980; Gidel et al. 2019, arXiv 1802.10551',
    },
    pastExtragradientTable,
    pastExtragradient,
  ),
  row(
    {
      name: 'ogda',
      family: 'gradient',
      group: 'single-call',
      about: 'steps with twice the gradient minus the last one',
      memory: '3',
      elementwise: true,
      oracle: () => 1,
      step: () => 0.49,
      assumptions: 'F monotone and L-Lipschitz, γ < 1/(2L)',
      when: 'as past-extragradient; asks F at z itself, so that z’s losses come for free',
      reference: 'Daskalakis, Ilyas, Syrgkanis, Zeng 2018, arXiv 1711.00141',
    },
    ogdaTable,
    ogda,
  ),
  row(
    {
      name: 'forward-reflected-backward',
      family: 'gradient',
      group: 'single-call',
      about: 'ogda under constraints: one call and one projection a step',
      memory: '3',
      elementwise: true,
      oracle: () => 1,
      step: () => 0.49,
      assumptions: 'F monotone and L-Lipschitz, γ < 1/(2L)',
      when: 'constrained monotone games where both F and the projection cost',
      reference: 'Malitsky, Tam 2020, arXiv 1808.04162',
    },
    forwardReflectedBackwardTable,
    forwardReflectedBackward,
  ),
  row(
    {
      name: 'projected-reflected-gradient',
      family: 'gradient',
      group: 'single-call',
      about: 'steps with the gradient at the reflected point 2z − z₋',
      memory: '3',
      elementwise: true,
      oracle: () => 1,
      step: () => 0.41,
      assumptions: 'F monotone and L-Lipschitz, also outside the constraints, γ < (√2 − 1)/L',
      when: 'as forward-reflected-backward, where F is defined everywhere',
      reference: 'Malitsky 2015, arXiv 1502.04968',
    },
    projectedReflectedGradientTable,
    projectedReflectedGradient,
  ),
  row(
    {
      name: 'graal',
      family: 'gradient',
      group: 'single-call',
      about: 'golden ratio algorithm: steps from a running mean of the iterates',
      memory: '2',
      elementwise: true,
      oracle: () => 1,
      step: () => 0.8,
      assumptions: 'F monotone and L-Lipschitz, γ ≤ φ/(2L) = 0.809/L',
      when: 'one call a step with the longest step among such methods',
      reference: 'Malitsky 2020, arXiv 1803.08832',
    },
    graalTable,
    graal,
  ),
  row(
    {
      name: 'adaptive-graal',
      family: 'gradient',
      group: 'adaptive',
      about: 'golden ratio algorithm that finds its step size from the last two gradients',
      memory: '5',
      elementwise: false,
      oracle: () => 1,
      step: () => 0.1,
      assumptions: 'F monotone, locally Lipschitz; no constant need be known',
      when: 'monotone games whose L is unknown or varies; deterministic F only',
      reference: 'Malitsky 2020, arXiv 1803.08832',
    },
    adaptiveGraalTable,
    adaptiveGraal,
  ),
];
