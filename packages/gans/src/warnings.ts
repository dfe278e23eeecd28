import type { Network } from '@stillpoint/networks';
import type { GanLoss } from './losses/loss.js';

/** What is missing for a loss to have its meaning with this D, one sentence each; `GanGame.warnings`. */
export function warningsOf({
  loss,
  discriminator,
  constrained,
}: {
  readonly loss: GanLoss;
  readonly discriminator: Network;
  /** Whether D's parameters stay in a set. */
  readonly constrained: boolean;
}): readonly string[] {
  // a network that does not use its parameters as they are is normalised, as spectralNorm does
  if (loss.unbounded !== true || constrained || discriminator.used !== undefined) return [];
  return [
    `the loss ${loss.name} has no lower bound for D while nothing limits D\u2019s slope: add a penalty, as wasserstein(penalties=[gradient-penalty]), spectral norm in D, or a constraint that clips D\u2019s weights`,
  ];
}
