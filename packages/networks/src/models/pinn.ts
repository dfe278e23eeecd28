import * as tf from '@tensorflow/tfjs-core';
import {
  choice,
  InputError,
  parseRows,
  type Data,
  type Full,
  type GivenOf,
  type Option,
} from '@stillpoint/operators';
import { activation } from '../layers/activation.js';
import { dense } from '../layers/dense.js';
import { builtLayer, misfit, type Layer } from '../layers/layer.js';
import type { Network } from '../network.js';
import { sequential } from '../sequential.js';

const isNumber = (n: unknown): n is number => typeof n === 'number' && Number.isFinite(n);
const limits = (
  about: string,
): Option<readonly number[] | null> & { readonly default: readonly number[] | null } => ({
  about,
  expected: 'a number per input as [-1,0]; null: inputs are not scaled',
  default: null,
  accepts: (value: Data) => value === null || (Array.isArray(value) && value.every(isNumber)),
});

/** An option of hidden widths. */
export const hidden = <const D extends readonly number[]>(
  value: D,
): Option<readonly number[]> & { readonly default: readonly number[] } => ({
  about: 'hidden widths',
  expected: 'whole numbers > 0 as [128,128]',
  default: value,
  accepts: (given: Data) =>
    Array.isArray(given) && given.every((n) => isNumber(n) && Number.isSafeInteger(n) && n > 0),
});

/** Options of the network, as a row of a registry states them. */
export const pinnTable = {
  hidden: hidden([32, 32, 32]),
  activation: choice({
    about: 'activation, smooth so that it can be differentiated several times',
    among: ['tanh', 'sigmoid', 'softplus', 'gelu', 'silu', 'sine'],
    default: 'tanh',
  }),
  lower: limits('least value of each input; the inputs are scaled from [lower, upper] to [-1, 1]'),
  upper: limits('largest value of each input'),
};
/** Options of {@link pinn}. */
export interface PinnOptions extends GivenOf<typeof pinnTable> {
  /** Number of inputs, as 2 for (x, t). Default 2. */
  readonly inputs?: number;
  /** Number of outputs. Default 1. */
  readonly outputs?: number;
}

/** Scales each input from [lower, upper] to [−1, 1]. */
function scaled(lower: readonly number[], upper: readonly number[]): Layer {
  return {
    name: 'scale-inputs',
    identity: { layer: 'scale-inputs', lower, upper },
    build(input, name) {
      if (input.length !== 1 || input[0] !== lower.length || lower.length !== upper.length)
        throw misfit(name, `[${lower.length}], as lower has it, and upper of as many`, input);
      const factors = lower.map((a, i) => 2 / (upper[i]! - a));
      return builtLayer({
        output: input,
        parameters: {},
        apply: (_, x) => tf.sub(tf.mul(tf.sub(x, tf.tensor1d([...lower])), tf.tensor1d(factors)), 1),
      });
    },
  };
}

/**
 * A network for differential equations: (x, t) → u, fully connected, smooth, Glorot's normal start, biases
 * 0. Raissi, Perdikaris, Karniadakis 2019, “Physics-informed neural networks”. @throws InputError for sizes
 * that are not whole numbers > 0, and for limits that do not fit the inputs.
 */
export function pinn({ inputs = 2, outputs = 1, ...given }: PinnOptions = {}): Network {
  const {
    hidden: widths,
    activation: of,
    lower,
    upper,
  }: Full<typeof pinnTable> = parseRows('pinn', pinnTable, given);
  if ((lower === null) !== (upper === null))
    throw new InputError(
      `pinn: ${lower === null ? 'upper' : 'lower'} is given alone; expected both lower and upper`,
    );
  if (lower !== null && upper !== null && !lower.every((a, i) => a < (upper[i] ?? Infinity)))
    throw new InputError(
      `pinn: lower [${lower.join(',')}], upper [${upper.join(',')}]; expected lower < upper`,
    );
  const kernel = 'glorot-normal';
  return sequential({
    describe: `PINN ${[inputs, ...widths, outputs].join('-')} ${of}`,
    inputs,
    layers: [
      ...(lower === null || upper === null ? [] : [scaled(lower, upper)]),
      ...widths.flatMap((units) => [dense({ units, kernel }), activation({ of })]),
      dense({ units: outputs, kernel }),
    ],
  });
}
