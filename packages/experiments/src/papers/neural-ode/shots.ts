import type { Game, Vector } from '@stillpoint/operators';
import { iterate } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { maximumPrincipleResidual, type Shooting } from '@stillpoint/problems';

/** The cost of a control. */
export function costAt(game: Game, θ: Vector): number {
  const out = new Float64Array(1);
  game.losses?.(θ, out);
  return out[0]!;
}

/** The spec of (1 − r)θ + rS(θ): `km`, whose weight is below 1, or without relaxation plain steps. */
export const relaxed = (weight: number): string =>
  weight < 1 ? `km(stepSize=1, innerSteps=1, weight=${weight})` : 'gda(stepSize=1)';

/** km asks once more at the point to which it moves. */
export const callsPerStep = (weight: number): number => (weight < 1 ? 2 : 1);

/** The control after `steps` relaxed steps, and the residual of the maximum principle after each. */
export function shoot(
  game: Shooting,
  weight: number,
  steps: number,
): { readonly θ: Float64Array; readonly residuals: readonly number[] } {
  const residuals = [maximumPrincipleResidual(game.cost, Float64Array.from(game.start ?? []))];
  for (const { z } of iterate(game, methodFrom(relaxed(weight)))) {
    residuals.push(maximumPrincipleResidual(game.cost, z));
    if (residuals.length > steps) return { θ: Float64Array.from(z), residuals };
  }
  throw new Error('a run of iterate does not end');
}
