import type * as tf from '@tensorflow/tfjs-core';
import { InputError, shortNumber } from '@stillpoint/operators';
import type { Body, Computer, Tensors } from './computer.js';
import type { InnerSteps } from './inner-steps.js';
import { descent, steepest, type Levels } from './levels.js';
import type { NamedDense } from './samples.js';

/** A loss may rise by so much of itself by rounding in float32. */
const ROUNDED = 2 ** -12;

/**
 * Finds out whether inner steps are too long. A step below 2/L, L the largest curvature of a level's loss on
 * its way, lowers that loss, convex or not: f(y − η∇f) ≤ f(y) − η(1 − ηL/2)‖∇f‖². So where the loss at the
 * end is above that at the start, steps are longer.
 * @param below the names of the lower levels.
 * @returns a function of z: an error that names the deepest such level and says what to do, or undefined.
 */
export function innerCheck(
  owner: string,
  below: readonly string[],
  inner: readonly InnerSteps[],
  levelsOn: (sample: Tensors) => Levels,
  computer: Computer,
): (z: Float32Array, sample: NamedDense) => Promise<InputError | undefined> {
  /** The tensors above a lower level, where levels between it and the top have not moved. */
  const unmoved = (levels: Levels, z: readonly tf.Tensor[], i: number): readonly tf.Tensor[] => [
    ...z,
    ...levels.lower.slice(0, i).map(({ start }) => start()),
  ];
  const courses: Body = ({ z = [] }, sample) => {
    const levels = levelsOn(sample);
    return Object.fromEntries(below.map((name, i) => [name, descent(levels, unmoved(levels, z, i)).course]));
  };
  const curvatures = below.map((_, i): Body => ({ z = [] }, sample) => {
    const levels = levelsOn(sample);
    return { curvature: steepest(levels, unmoved(levels, z, i)) };
  });
  return async (z, sample) => {
    const found = await computer.run(courses, sample, { z });
    for (const [i, name] of [...below.entries()].toReversed()) {
      const [first = NaN, last = NaN] = found[name]!;
      // a loss that is not finite where the steps begin says nothing about them
      if (!Number.isFinite(first)) continue;
      if (Number.isFinite(last) && last - first <= ROUNDED * (Math.abs(first) + Math.abs(last))) continue;
      const [L = NaN] = (await computer.run(curvatures[i]!, sample, { z }))['curvature']!;
      const { steps, stepSize } = inner[i]!;
      const limit = 2 / L;
      return new InputError(
        `${owner}: ${steps} steps of ${stepSize} take the loss of ${name} from ${shortNumber(first)} to ${shortNumber(last)}, so they are too long; expected a stepSize of ${name} below 2/L, L the largest curvature of its loss${limit <= stepSize ? `: ${shortNumber(L)} at its start, so below ${shortNumber(limit)}` : `, as ${shortNumber(stepSize / 2)}`}`,
      );
    }
    return undefined;
  };
}
