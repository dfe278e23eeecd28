import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '@stillpoint/operators';
import { lossIdentity, penaltyIdentity } from '../identity.js';
import type { GanLoss } from '../losses/loss.js';
import type { Penalty } from './penalty.js';

/** The loss's spec with the option `penalties`. */
const named = (name: string, penalties: readonly Penalty[]): string => {
  const option = `penalties=[${penalties.map((penalty) => penalty.name).join(',')}]`;
  return name.endsWith(')') ? `${name.slice(0, -1)}, ${option})` : `${name}(${option})`;
};

/**
 * A loss with penalties added to it: `regularised(wasserstein, [gradientPenalty({ weight: 10 })])`. As a
 * spec: `wasserstein(penalties=[gradient-penalty(weight=10)])`. @throws InputError for two penalties with
 * moving averages of unlike decay, and for an unrolled loss.
 */
export function regularised(loss: GanLoss, penalties: readonly Penalty[]): GanLoss {
  if (penalties.length === 0) return loss;
  if (loss.unroll !== undefined)
    throw new InputError(
      `regularised: ${loss.name} is unrolled already; expected its penalties within, as unrolled(regularised(saddle, [r1()]))`,
    );
  const decays = new Set([loss, ...penalties].flatMap(({ decay }) => (decay === undefined ? [] : [decay])));
  if (decays.size > 1)
    throw new InputError(
      `${loss.name}: its penalties have the decays ${[...decays].join(' and ')}; expected one, as a game keeps one moving average`,
    );
  const [decay] = decays;
  const plus = (value: tf.Scalar, terms: readonly (tf.Scalar | undefined)[]): tf.Scalar =>
    terms.reduce<tf.Scalar>((sum, term) => (term === undefined ? sum : tf.add(sum, term)), value);
  const limited = penalties.some(({ slope }) => slope);
  return {
    ...loss,
    name: named(loss.name, penalties),
    identity: {
      kind: 'loss with penalties',
      loss: lossIdentity(loss),
      penalties: penalties.map(penaltyIdentity),
    },
    reference: [loss.reference, ...penalties.map(({ reference }) => reference)].join('; '),
    discriminator: (real, fake, sees) =>
      plus(
        loss.discriminator(real, fake, sees),
        penalties.map((penalty) => penalty.discriminator?.(sees)),
      ),
    generator: (fake, sees) =>
      plus(
        loss.generator(fake, sees),
        penalties.map((penalty) => penalty.generator?.(sees)),
      ),
    unbounded: loss.unbounded === true && !limited,
    classifies: loss.classifies === true || penalties.some(({ classifies }) => classifies),
    ...(decay === undefined ? {} : { decay }),
  };
}
