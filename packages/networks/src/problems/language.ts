import * as tf from '@tensorflow/tfjs-core';
import { InputError, shown } from '@stillpoint/operators';
import type { Network } from '../network.js';
import { applyNetwork, parametersOf } from './networks.js';
import type { CompiledProblem, FromOptions } from './compiled.js';
import { problemFromLosses } from './from-losses.js';
import type { NamedNumbers } from './samples.js';
import type { DrawStream } from './source.js';

/** Where windows of tokens come from: a text of @stillpoint/datasets, or any object with these fields. */
export interface TokenData {
  readonly name: string;
  /** [tokens of a window]. */
  readonly shape: readonly number[];
  /** What the tokens 0, 1, … stand for. */
  readonly vocabulary: readonly string[];
  /** Returns `size` windows, flat [size, tokens of a window]: a pure function of the stream. */
  readonly batch: (size: number, stream: DrawStream) => Float32Array;
}

/** Options of {@link languageProblem}. */
export interface LanguageProblemOptions extends Pick<
  FromOptions<NamedNumbers>,
  'name' | 'seed' | 'engine' | 'threads' | 'facts'
> {
  /** Windows of tokens: each token but a window's first is predicted, from those before it. */
  readonly data: TokenData;
  /**
   * The shapes of its ends are [time] and [time, tokens], time one less than the tokens of a window:
   * `networkFrom('lstm(units=64)', languageEnds(data))`.
   */
  readonly network: Network;
  /** Windows in a gradient. Default 16. */
  readonly batch?: number;
}

function checkData(given: unknown): void {
  const data: { readonly shape?: unknown; readonly vocabulary?: unknown } =
    given !== null && typeof given === 'object' ? given : {};
  if (!Array.isArray(data.shape) || !Array.isArray(data.vocabulary) || !('batch' in data))
    throw new InputError(
      `languageProblem: data are ${shown(given)}; expected windows of tokens with shape, vocabulary and batch, as textSet or kingJames of @stillpoint/datasets return`,
    );
  const [length, more] = data.shape;
  if (!Number.isSafeInteger(length) || length < 2 || more !== undefined)
    throw new InputError(
      `languageProblem: the windows have shape [${data.shape.join(', ')}]; expected [2] or more: each token but the first is predicted from those before it`,
    );
}

/** The shapes of the ends of a network that predicts the next token of each in a window. */
export function languageEnds({ shape, vocabulary }: Pick<TokenData, 'shape' | 'vocabulary'>): {
  readonly inputs: readonly [number];
  readonly outputs: readonly [number, number];
} {
  const time = (shape[0] ?? 1) - 1;
  return { inputs: [time], outputs: [time, vocabulary.length] };
}

/**
 * Mean cross-entropy, in nats, of logits […, classes] with the class that is right, […], as of logits [batch,
 * time, tokens] with the next tokens [batch, time]: the mean of −log softmax(logits)[right].
 */
export function crossEntropy(logits: tf.Tensor, next: tf.Tensor): tf.Scalar {
  const tokens = logits.shape.at(-1) ?? 1;
  const rows = tf.reshape(logits, [-1, tokens]);
  const chosen = tf.oneHot(tf.cast(tf.reshape(next, [-1]), 'int32'), tokens);
  return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(rows), chosen), 1)));
}

/**
 * A language model's training as a problem of one player, `model`: its loss is the mean cross-entropy in nats
 * a token over windows that each draw takes anew. A network with a state starts each window from the state 0.
 * Source: Graves 2013, "Generating sequences with recurrent neural networks", arXiv 1308.0850.
 * @throws InputError for options that are not valid, and for a network of other ends.
 */
export async function languageProblem(options: LanguageProblemOptions): Promise<CompiledProblem> {
  const { data, network, batch = 16, name, ...rest } = options;
  checkData(data);
  const { inputs, outputs } = languageEnds(data);
  const [time, tokens] = outputs;
  if (network.inputs !== time || network.outputs !== time * tokens)
    throw new InputError(
      `languageProblem: the network ${network.describe} takes ${network.inputs} numbers and returns ${network.outputs}; expected [${inputs.join(', ')}] and [${outputs.join(', ')}], as networkFrom('lstm', languageEnds(data)) has them`,
    );
  if (!Number.isSafeInteger(batch) || batch < 1)
    throw new InputError(
      `languageProblem: batch is ${shown(batch)}; expected a whole number > 0, such as 16`,
    );
  return problemFromLosses({
    ...rest,
    name: name ?? `${network.describe} on ${data.name}`,
    players: { model: parametersOf(network) },
    draw: (stream) => ({ windows: { shape: [batch, time + 1], values: data.batch(batch, stream) } }),
    losses({ model }, { windows }) {
      const seen = tf.slice(windows!, [0, 0], [-1, time]);
      const next = tf.slice(windows!, [0, 1], [-1, time]);
      const logits = tf.reshape(applyNetwork(network, model, seen), [-1, time, tokens]);
      return { model: crossEntropy(logits, next) };
    },
  });
}
