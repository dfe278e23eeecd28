import * as tf from '@tensorflow/tfjs-core';
import { countBuffers, innerSteps, unflatten, type Network } from '@stillpoint/networks';
import { InputError } from '@stillpoint/operators';
import type { GanLoss } from './losses/loss.js';
import type { Both, Sees } from './losses/sees.js';

// A player's loss as a function of both players' parameters and of the parts of its sample that it reads.

type T = tf.Tensor;

/** D or G. */
export type PlayerName = 'D' | 'G';

/**
 * A part of one player's sample, [batch, width]: real examples, the noise from which G makes its own, one-hot
 * labels of both, uniform numbers for the loss, and uniform numbers for the networks' random layers: D's on
 * real and on generated examples, and G's.
 */
export type Part =
  | 'real'
  | 'noise'
  | 'labelsReal'
  | 'labelsGenerated'
  | 'uniform'
  | 'randomReal'
  | 'randomGenerated'
  | 'randomG';

/** What the losses are computed from. */
export interface From {
  /** The parameters of both players and what D and the loss remember. */
  readonly d: T;
  readonly g: T;
  readonly buffers: T;
  /** A part of the player's sample. Each request for uniform numbers is for further columns. */
  readonly part: (part: Part, width: number) => T;
}

/** The networks, the loss, and what was found out about it. */
export interface Objective {
  readonly generator: Network;
  readonly discriminator: Network;
  readonly loss: GanLoss;
  /** Number of classes, if there are labels. */
  readonly classes: number | undefined;
  /**
   * Whether D is applied to real and to generated examples apart, though one batch of both would do: where a
   * loss applies D to one of the sets itself, to differentiate it, both have the same pass.
   */
  readonly apart: boolean;
  /** Called when a loss of D applies D to the real or to the generated examples itself. */
  readonly applied: () => void;
}

/** Numbers that a loss with moving averages remembers: both averages, and the number of steps in them. */
const AVERAGES = 3;

/** How many numbers D and the loss remember. */
export const countRemembered = ({ discriminator, loss }: Pick<Objective, 'discriminator' | 'loss'>): number =>
  countBuffers(discriminator) + (loss.decay === undefined ? 0 : AVERAGES);

/** D's own buffers, from those of D and of the loss. */
export function buffersOf(flat: T, network: Network): readonly T[] {
  const { buffers = [] } = network;
  if (buffers.length === 0) return [];
  const own = countBuffers(network);
  return tf.split(
    own === flat.size ? flat : tf.slice(flat, [0], [own]),
    buffers.map(({ start }) => start.length),
  );
}

/** The loss's averages and their number of steps, three scalars. */
function averagesOf(
  flat: T,
  { discriminator, loss }: Pick<Objective, 'discriminator' | 'loss'>,
): readonly T[] {
  if (loss.decay === undefined)
    throw new InputError(
      `${loss.name} reads moving averages of the logits; expected it to state their decay`,
    );
  const from = countBuffers(discriminator);
  return Array.from({ length: AVERAGES }, (_, i) => tf.reshape(tf.slice(flat, [from + i], [1]), []));
}

/**
 * Computes tensors at the first use only, and again if they have gone: those first used inside `tf.grad` end
 * with it.
 */
function once<V extends T | Both | readonly T[]>(make: () => V): () => V {
  let made: V | undefined;
  const gone = (value: V): boolean =>
    (value instanceof tf.Tensor ? [value] : Object.values(value)).some((tensor: T) => tensor.isDisposed);
  return () => (made === undefined || gone(made) ? (made = make()) : made);
}

/** What a player's loss sees, and D's logits as the loss gets them. */
function seenBy(
  player: PlayerName,
  { generator, discriminator, loss, classes, apart, applied }: Objective,
  { d, g, buffers, part }: From,
): Sees {
  const one = (what: string): never => {
    throw new InputError(`${what}, but neither the networks nor the data say how many classes there are`);
  };
  const labelled = (of: keyof Both): T =>
    part(
      of === 'real' || loss.paired === true ? 'labelsReal' : 'labelsGenerated',
      classes ?? one(`${loss.name} or a network reads labels`),
    );
  const labelsFor = (network: Network, labels: keyof Both | T): T | undefined =>
    network.classes === undefined ? undefined : typeof labels === 'string' ? labelled(labels) : labels;
  const random = (network: Network, name: Part): T | undefined =>
    network.noise === undefined ? undefined : part(name, network.noise);
  const randomD = (of: keyof Both): T | undefined =>
    random(discriminator, of === 'real' ? 'randomReal' : 'randomGenerated');

  const weights = once(() => {
    const parameters = unflatten(d, discriminator);
    return discriminator.used?.(parameters, buffersOf(buffers, discriminator)) ?? parameters;
  });
  const makers = once(() => unflatten(g, generator));
  const apply = (x: T, labels: keyof Both | T): T =>
    discriminator.apply(weights(), x, {
      labels: labelsFor(discriminator, labels),
      noise: randomD(labels === 'generated' ? 'generated' : 'real'),
    });
  const G = (noise: T, labels: keyof Both | T = 'generated'): T =>
    generator.apply(makers(), noise, {
      labels: labelsFor(generator, labels),
      noise: random(generator, 'randomG'),
    });
  const real = once(() => part('real', discriminator.inputs));
  const noise = once(() => part('noise', generator.inputs));
  const generated = once(() => G(noise()));

  /** D on both sets: as one batch where no example's logit depends on the others. */
  const together = once(() => {
    const pair = (of: (one: keyof Both) => T | undefined): T | undefined => {
      const [a, b] = [of('real'), of('generated')];
      return a === undefined || b === undefined ? undefined : tf.concat([a, b]);
    };
    const all = discriminator.apply(weights(), tf.concat([real(), generated()]), {
      labels: pair((of) => labelsFor(discriminator, of)),
      noise: pair(randomD),
    });
    const [onReal, onGenerated] = tf.split(all, 2);
    if (onReal === undefined || onGenerated === undefined)
      throw new InputError('the discriminator does not return one logit per example');
    return { real: onReal, generated: onGenerated };
  });
  const joined = player === 'D' && discriminator.independent === true && !apart;
  const outputs = {
    real: once(() => (joined ? together().real : apply(real(), 'real'))),
    generated: once(() => (joined ? together().generated : apply(generated(), 'generated'))),
  };
  const column = (y: T): T => (discriminator.outputs === 1 ? y : tf.slice(y, [0, 0], [-1, 1]));
  const others = (y: T): T => {
    if (loss.classifies !== true)
      throw new InputError(`${loss.name} reads class logits; expected it to state \`classifies: true\``);
    return tf.slice(y, [0, 1], [-1, discriminator.outputs - 1]);
  };
  const lazily = (of: (one: keyof Both) => T): Both => {
    const [onReal, onGenerated] = [once(() => of('real')), once(() => of('generated'))];
    return {
      get real() {
        return onReal();
      },
      get generated() {
        return onGenerated();
      },
    };
  };
  return {
    D(x, labels = 'real') {
      if (player === 'D' && (x === real() || x === generated())) applied();
      return column(apply(x, labels));
    },
    G,
    get real() {
      return real();
    },
    get generated() {
      return generated();
    },
    get noise() {
      return noise();
    },
    logits: lazily((of) => column(outputs[of]())),
    classLogits: lazily((of) => others(outputs[of]())),
    labels: lazily(labelled),
    uniform: (columns) => part('uniform', columns),
    averages: lazily((of) => averagesOf(buffers, { discriminator, loss })[of === 'real' ? 0 : 1]!),
  };
}

/**
 * What G's loss is computed from: D's parameters after the gradient steps of an unrolled loss, each on D's
 * loss of G's own sample, as functions of both players' parameters.
 */
function ahead(objective: Objective, from: From): From {
  const { unroll } = objective.loss;
  if (unroll === undefined) return from;
  // The parts are copies in each step: D's parameters depend on the sample after the first, and a penalty's
  // gradient in real examples would go through the steps before it if these had read the same tensor.
  const at = (parameters: T): From => ({
    ...from,
    d: parameters,
    part: (...asked) => tf.clone(from.part(...asked)),
  });
  return at(innerSteps((own) => lossOf('D', objective, at(own)), from.d, unroll));
}

/** A player's loss. */
export function lossOf(player: PlayerName, objective: Objective, from: From): tf.Scalar {
  const { loss } = objective;
  const sees = seenBy(player, objective, player === 'D' ? from : ahead(objective, from));
  return player === 'D'
    ? loss.discriminator(sees.logits.real, sees.logits.generated, sees)
    : loss.generator(sees.logits.generated, sees);
}

/**
 * What the loss remembers after a step: both averages moved towards D's mean logits by 1 − decay, and by
 * 1/steps while that is more, which makes them plain means at first.
 */
export function movedAverages(objective: Objective, from: From): T {
  const { real, generated } = seenBy('D', objective, from).logits;
  const [ofReal, ofGenerated, steps] = averagesOf(from.buffers, objective);
  const next = tf.add(steps!, 1);
  const share = tf.maximum(1 - (objective.loss.decay ?? 0), tf.reciprocal(next));
  const moved = (average: T, logits: T): T =>
    tf.add(average, tf.mul(share, tf.sub(tf.mean(logits), average)));
  return tf.stack([moved(ofReal!, real), moved(ofGenerated!, generated), next]);
}
