import type { Network } from '@stillpoint/networks';
import { constraintPrint, contentHash, type Constraint, type Data } from '@stillpoint/operators';
import type { GanOptions, RealData } from './gan.js';
import type { GanLoss } from './losses/loss.js';
import type { Penalty } from './penalties/penalty.js';

const hashOf = (code: unknown): string => contentHash(String(code));

/** A function's source does not show the values it closes over, so the first examples are hashed too. */
function dataIdentity(data: RealData, batch: number, seed: number): Data {
  if (data.identity !== undefined) return data.identity;
  const { buffer, byteOffset, byteLength } = data.batch(batch, { seed, call: 0, worker: 0 });
  return {
    kind: 'own data',
    name: data.name,
    shape: data.shape,
    batch: hashOf(data.batch),
    examples: contentHash(new Uint8Array(buffer, byteOffset, byteLength)),
    ...(data.labels === undefined
      ? {}
      : { labels: contentHash(Array.from(data.labels).join()), indices: hashOf(data.indices) }),
  };
}

const networkIdentity = (network: Network): Data =>
  network.identity ?? {
    kind: 'own network',
    inputs: network.inputs,
    outputs: network.outputs,
    normalised: network.normalised ?? [],
    parameters: network.parameters.map(({ name, shape }) => ({ name, shape })),
    functions: { apply: hashOf(network.apply), initialise: hashOf(network.initialise) },
  };

/** What decides whether a checkpoint trained with this loss fits. */
export const lossIdentity = (loss: GanLoss): Data =>
  loss.identity ?? {
    kind: 'own loss',
    name: loss.name,
    functions: { discriminator: hashOf(loss.discriminator), generator: hashOf(loss.generator) },
  };

/** What decides whether a checkpoint trained with this penalty fits. */
export const penaltyIdentity = (penalty: Penalty): Data =>
  penalty.identity ?? {
    kind: 'own penalty',
    name: penalty.name,
    functions: { discriminator: hashOf(penalty.discriminator), generator: hashOf(penalty.generator) },
  };

/**
 * Everything that decides whether a checkpoint fits a GAN. The engine does not; a checkpoint records it
 * separately.
 */
export function ganIdentity(
  options: Required<Omit<GanOptions, 'engine' | 'threads' | 'constraint'>>,
  constraint: Constraint | undefined,
  dim: number,
): Data {
  const { data, generator, discriminator, loss, batch, seed } = options;
  return {
    kind: 'gan',
    data: dataIdentity(data, batch, seed),
    generator: networkIdentity(generator),
    discriminator: networkIdentity(discriminator),
    loss: lossIdentity(loss),
    ...(constraint === undefined ? {} : { constraint: constraintPrint(constraint, dim) }),
    batch,
    seed,
  };
}
