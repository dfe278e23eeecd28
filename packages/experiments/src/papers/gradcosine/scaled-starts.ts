import type { Problem, Vector } from '@stillpoint/operators';
import {
  gradCosine,
  optimiseInitialisation,
  probeAsync,
  type OptimiseInitialisationOptions,
  type PlayerCosine,
} from '@stillpoint/optimizers';

/** A start before or after its tensors were scaled, and what finding it cost. */
export interface ScaledStart {
  readonly label: string;
  readonly z: Vector;
  /** In calls of the problem that was asked. */
  readonly calls: number;
}

/** γ and the small and the large k, in the units of `optimiseInitialisation`. */
export const [BOUND, SMALL, LARGE] = [2, 0.1, 1];
export const labels = {
  plain: 'as drawn',
  gc: 'gc',
  small: `gc_gn_sqrt, k = ${SMALL}`,
  large: `gc_gn_sqrt, k = ${LARGE}`,
} as const;

/** A start, and the three that NIO makes of it. */
export async function startsOf(
  problem: Problem,
  start: Vector,
  options: Pick<OptimiseInitialisationOptions, 'subBatches' | 'iterations'>,
): Promise<readonly ScaledStart[]> {
  const made: ScaledStart[] = [{ label: labels.plain, z: start, calls: 0 }];
  for (const [label, target, weight] of [
    [labels.gc, 'gc', 0],
    [labels.small, 'gc_gn_sqrt', SMALL],
    [labels.large, 'gc_gn_sqrt', LARGE],
  ] as const) {
    const { z, calls } = await optimiseInitialisation(problem, {
      ...options,
      start,
      target,
      weight,
      bound: BOUND,
    });
    made.push({ label, z, calls });
  }
  return made;
}

/** GradCosine and norms of all players at a point. */
export async function cosinesAt(
  problem: Problem,
  z: Vector,
  subBatches: number,
): Promise<readonly PlayerCosine[]> {
  return (await probeAsync(problem, z, gradCosine(z, { subBatches }))).value;
}
