import type { TextParts } from '@stillpoint/datasets';
import {
  languageEnds,
  languageProblem,
  networkFrom,
  type EngineProblem,
  type Network,
} from '@stillpoint/networks';
import { InputError } from '@stillpoint/operators';
import type { TrainConfig } from './config.js';

/** The network of a text where none is given. */
export const languageNetwork = 'lstm';

/**
 * The network that a config trains on a text. @throws InputError for a spec that names none with these ends,
 * and for settings of GANs.
 */
export function languageNetworkOf(
  { data, model, loss, constrainD }: Pick<TrainConfig, 'data' | 'model' | 'loss' | 'constrainD'>,
  { train }: TextParts,
  ganLoss: string,
): Network {
  // a config states GANs' usual loss before it is known that its data are a text
  for (const [key, value] of Object.entries({ loss: loss === ganLoss ? null : loss, constrainD }))
    if (value !== null)
      throw new InputError(
        `${key} is ${value}, but ${data} is a text: a language model has one player, whose loss is the cross-entropy; leave ${key} out`,
      );
  return networkFrom(model ?? languageNetwork, languageEnds(train));
}

/** The language model that a config names, as a problem of one player. */
export async function languageModelBy(
  { seed, batch, engine, threads }: TrainConfig,
  network: Network,
  { train }: TextParts,
): Promise<EngineProblem> {
  return languageProblem({ data: train, network, seed, engine, threads, ...(batch !== null && { batch }) });
}
