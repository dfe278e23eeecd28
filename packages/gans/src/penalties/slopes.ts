import * as tf from '@tensorflow/tfjs-core';
import { formatSpec, InputError } from '@stillpoint/operators';
import type { Both, Sees } from '../losses/sees.js';
import type { Penalty } from './penalty.js';

type T = tf.Tensor;

/** Added to ‖∇D‖² under the root: the root's derivative is infinite at 0, where D is constant. */
const EPSILON = 1e-12;

/**
 * ‖∇D(x)‖² of each example, ∇ that of the sum of all logits; `of` says whose labels a D with classes gets.
 */
const squaredSlopes = ({ D }: Sees, x: T, of: keyof Both = 'real'): T =>
  tf.sum(tf.square(tf.grad((at) => tf.sum(D(at, of)))(x)), 1);

/** E(‖∇D(x)‖ − target)². */
const meanDistance = (squares: T, target: number): tf.Scalar =>
  tf.mean(tf.square(tf.sub(tf.sqrt(tf.add(squares, EPSILON)), target)));

/** εx + (1 − ε)G(z), ε uniform in [0, 1) for each example. */
function interpolates({ real, generated, uniform }: Sees): T {
  const share = uniform(1);
  return tf.add(tf.mul(share, real), tf.mul(tf.sub(1, share), generated));
}

const MESCHEDER = 'Mescheder, Geiger, Nowozin 2018, arXiv 1801.04406';

/** Options of a penalty of D's slope. */
export interface WeightOptions {
  /** What the penalty is multiplied by. */
  readonly weight?: number;
}

/** A penalty of D's slope, from its value without the weight. */
function slopePenalty(
  name: string,
  reference: string,
  options: { readonly weight: number; readonly [option: string]: number },
  value: (sees: Sees) => tf.Scalar,
): Penalty {
  for (const [option, given] of Object.entries(options))
    if (!(typeof given === 'number' && Number.isFinite(given) && given > 0))
      throw new InputError(`${name}: ${option} is ${given}; expected a number > 0`);
  return {
    name: formatSpec({ name, inner: [], options }),
    identity: { kind: 'penalty', name, options },
    reference,
    slope: true,
    discriminator: (sees) => tf.mul(options.weight, value(sees)),
  };
}

/** Options of {@link gradientPenalty}. */
export interface GradientPenaltyOptions extends WeightOptions {
  /** The slope that is aimed at; default 1. */
  readonly target?: number;
}

/**
 * WGAN-GP's penalty:  weight · E(‖∇D(x̂)‖ − target)²  at x̂ = εx + (1 − ε)G(z), ε uniform in [0, 1) for each
 * pair, with target 1 one-centred. Computed as √(‖∇D‖² + 1e-12), so that it has a derivative where D is
 * constant. Source: Gulrajani et al. 2017, arXiv 1704.00028, with weight 10. (TF-GAN divides by the target².)
 */
export const gradientPenalty = ({ weight = 10, target = 1 }: GradientPenaltyOptions = {}): Penalty =>
  slopePenalty('gradient-penalty', 'Gulrajani et al. 2017, arXiv 1704.00028', { weight, target }, (sees) =>
    meanDistance(squaredSlopes(sees, interpolates(sees)), target),
  );

/**
 * The zero-centred penalty between real and generated examples:  weight · E‖∇D(x̂)‖²  at the points of
 * {@link gradientPenalty}. Source: Thanh-Tung, Tran, Venkatesh 2019, arXiv 1902.03984.
 */
export const zeroCentredPenalty = ({ weight = 10 }: WeightOptions = {}): Penalty =>
  slopePenalty('zero-centred', 'Thanh-Tung, Tran, Venkatesh 2019, arXiv 1902.03984', { weight }, (sees) =>
    tf.mean(squaredSlopes(sees, interpolates(sees))),
  );

/**
 * R1:  weight · ½ E‖∇D(x)‖²  at real examples; the weight is the paper's γ. Source: Mescheder, Geiger,
 * Nowozin 2018, arXiv 1801.04406, with γ = 10.
 */
export const r1 = ({ weight = 10 }: WeightOptions = {}): Penalty =>
  slopePenalty('r1', MESCHEDER, { weight }, (sees) => tf.mul(0.5, tf.mean(squaredSlopes(sees, sees.real))));

/**
 * R2:  weight · ½ E‖∇D(G(z))‖²  at generated examples; the weight is the paper's γ. Source: Mescheder,
 * Geiger, Nowozin 2018, arXiv 1801.04406.
 */
export const r2 = ({ weight = 10 }: WeightOptions = {}): Penalty =>
  slopePenalty('r2', MESCHEDER, { weight }, (sees) =>
    tf.mul(0.5, tf.mean(squaredSlopes(sees, sees.generated, 'generated'))),
  );

/** Options of {@link dragan}. */
export interface DraganOptions extends WeightOptions {
  /** The largest perturbation, in standard deviations of the real examples; default 0.5. */
  readonly spread?: number;
}

/**
 * DRAGAN's penalty around real examples:  weight · E(‖∇D(x + δ)‖ − 1)²,  δ = (1 − ε) · spread · σ · u, σ the
 * standard deviation of all numbers of the real batch, ε and each entry of u uniform in [0, 1): a point on
 * the way from x to the perturbed x, as in the authors' code. Source: Kodali, Abernethy, Hays, Kira 2017,
 * arXiv 1705.07215.
 */
export const dragan = ({ weight = 10, spread = 0.5 }: DraganOptions = {}): Penalty =>
  slopePenalty(
    'dragan',
    'Kodali, Abernethy, Hays, Kira 2017, arXiv 1705.07215',
    { weight, spread },
    (sees) => {
      const { real, uniform } = sees;
      const deviation = tf.sqrt(tf.mean(tf.square(tf.sub(real, tf.mean(real)))));
      const [share, direction] = [uniform(1), uniform(real.shape[1] ?? 1)];
      const moved = tf.mul(tf.mul(tf.sub(1, share), tf.mul(spread, deviation)), direction);
      return meanDistance(squaredSlopes(sees, tf.add(real, moved)), 1);
    },
  );
