import { number, order } from '@stillpoint/operators';
import { adaptiveGraal, type AdaptiveGraalOptions } from '../methods/adaptive-graal.js';
import { alternatingGda, type AlternatingGdaOptions } from '../methods/alternating-gda.js';
import { extragradient, type ExtragradientOptions } from '../methods/extragradient.js';
import { forwardBackwardForward, type ForwardBackwardForwardOptions } from '../methods/forward-backward-forward.js';
import { forwardReflectedBackward, type ForwardReflectedBackwardOptions } from '../methods/forward-reflected-backward.js';
import { gda, type GdaOptions } from '../methods/gda.js';
import { graal, type GraalOptions } from '../methods/graal.js';
import { ogda, type OgdaOptions } from '../methods/ogda.js';
import { pastExtragradient, type PastExtragradientOptions } from '../methods/past-extragradient.js';
import { projectedReflectedGradient, type ProjectedReflectedGradientOptions } from '../methods/projected-reflected-gradient.js';
import { averaged, busiest, oneγ, γ } from './options.js';
import { row, type MethodRow } from './row.js';

/** Gradient steps, and those that look ahead: two calls a step, or one. */
export const gradientRows: readonly MethodRow[] = [
  row<GdaOptions>({
    name: 'gda', family: 'gradient', group: 'baseline', about: 'simultaneous gradient descent–ascent', memory: '1', elementwise: true, oracle: () => 1, stepFrom: averaged,
    assumptions: 'cocoercive F, γ < 2/ℓ; diverges on bilinear games', when: 'as a baseline, and inside lookahead; alone only where F is cocoercive (minimisation, strong convexity on both sides)',
    reference: 'Arrow, Hurwicz, Uzawa 1958',
  }, { stepSize: γ('1/ℓ where the game states that F is cocoercive (facts.cocoercive), else 1') }, gda),
  row<AlternatingGdaOptions>({
    name: 'alternating-gda', family: 'gradient', group: 'baseline', about: 'gradient descent–ascent, one player after another', memory: '1', elementwise: true, oracle: ({ order: turns }) => busiest(turns),
    assumptions: 'bounded, not convergent, on bilinear games', when: 'as a baseline; with average it solves bilinear games; how GANs are trained without Adam',
    reference: 'Zhang, Wang, Lessard, Grosse 2022, arXiv 2102.09468',
  }, { stepSize: γ(), order: order() }, alternatingGda),
  row<ExtragradientOptions>({
    name: 'extragradient', family: 'gradient', group: 'monotone', about: 'looks one step ahead, then steps with the gradient found there', memory: '2', elementwise: true, oracle: () => 2, step: () => 0.7,
    assumptions: 'F monotone and L-Lipschitz, γ < 1/L', when: 'the first choice for monotone games, constrained or not, when L is known',
    reference: 'Korpelevich 1976',
  }, { stepSize: γ('0.7') }, extragradient),
  row<ForwardBackwardForwardOptions>({
    name: 'forward-backward-forward', family: 'gradient', group: 'monotone', about: 'extragradient with one projection instead of two', memory: '3', elementwise: true, oracle: () => 2, step: () => 0.7,
    assumptions: 'F monotone and L-Lipschitz, γ < 1/L', when: 'where the projection costs more than F; it asks F outside the constraints, too',
    reference: 'Tseng 2000',
  }, { stepSize: γ('0.7') }, forwardBackwardForward),
  row<PastExtragradientOptions>({
    name: 'past-extragradient', family: 'gradient', group: 'single-call', about: 'extragradient that looks ahead with the last gradient: one call a step', memory: '3', elementwise: true, oracle: () => 1, step: () => 0.49,
    assumptions: 'F monotone and L-Lipschitz, γ < 1/(2L)', when: 'monotone games where a call of F is what costs: half of extragradient’s calls at half its step',
    reference: 'Popov 1980; Gidel et al. 2019, arXiv 1802.10551',
  }, { stepSize: γ('0.49') }, pastExtragradient),
  row<OgdaOptions>({
    name: 'ogda', family: 'gradient', group: 'single-call', about: 'steps with twice the gradient minus the last one', memory: '3', elementwise: true, oracle: () => 1, step: () => 0.49,
    assumptions: 'F monotone and L-Lipschitz, γ < 1/(2L)', when: 'as past-extragradient; asks F at z itself, so that z’s losses come for free',
    reference: 'Daskalakis, Ilyas, Syrgkanis, Zeng 2018, arXiv 1711.00141',
  }, { stepSize: γ('0.49'), optimism: number({ about: 'weight of the correction', symbol: 'β', from: 0, default: 1 }) }, ogda),
  row<ForwardReflectedBackwardOptions>({
    name: 'forward-reflected-backward', family: 'gradient', group: 'single-call', about: 'ogda under constraints: one call and one projection a step', memory: '3', elementwise: true, oracle: () => 1, step: () => 0.49,
    assumptions: 'F monotone and L-Lipschitz, γ < 1/(2L)', when: 'constrained monotone games where both F and the projection cost',
    reference: 'Malitsky, Tam 2020, arXiv 1808.04162',
  }, { stepSize: γ('0.49') }, forwardReflectedBackward),
  row<ProjectedReflectedGradientOptions>({
    name: 'projected-reflected-gradient', family: 'gradient', group: 'single-call', about: 'steps with the gradient at the reflected point 2z − z₋', memory: '3', elementwise: true, oracle: () => 1, step: () => 0.41,
    assumptions: 'F monotone and L-Lipschitz, also outside the constraints, γ < (√2 − 1)/L', when: 'as forward-reflected-backward, where F is defined everywhere',
    reference: 'Malitsky 2015, arXiv 1502.04968',
  }, { stepSize: γ('0.41') }, projectedReflectedGradient),
  row<GraalOptions>({
    name: 'graal', family: 'gradient', group: 'single-call', about: 'golden ratio algorithm: steps from a running mean of the iterates', memory: '2', elementwise: true, oracle: () => 1, step: () => 0.8,
    assumptions: 'F monotone and L-Lipschitz, γ ≤ φ/(2L) = 0.809/L', when: 'one call a step with the longest step among such methods',
    reference: 'Malitsky 2020, arXiv 1803.08832',
  }, { stepSize: γ('0.8') }, graal),
  row<AdaptiveGraalOptions>({
    name: 'adaptive-graal', family: 'gradient', group: 'adaptive', about: 'golden ratio algorithm that finds its step size from the last two gradients', memory: '5', elementwise: false, oracle: () => 1, step: () => 0.1,
    assumptions: 'F monotone, locally Lipschitz; no constant need be known', when: 'monotone games whose L is unknown or varies; deterministic F only',
    reference: 'Malitsky 2020, arXiv 1803.08832',
  }, { stepSize: oneγ('0.1'), largest: { ...number({ about: 'the largest step size', symbol: 'γ̄', above: 0 }), default: null, expected: 'a number > 0; null: 10⁷ times stepSize', accepts: (value) => value === null || (typeof value === 'number' && value > 0) } }, adaptiveGraal),
];
