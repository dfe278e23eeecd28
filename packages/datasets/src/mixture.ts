import { InputError, normal, uniform } from '@stillpoint/operators';
import { checkBatch, room } from './check.js';
import type { Mixture } from './types.js';

/** What a mixture is made of. */
export interface MixtureOptions {
  readonly name: string;
  readonly describe: string;
  /** `[modes][dim]`, in data units. */
  readonly centres: readonly (readonly number[])[];
  /** Standard deviation of each coordinate, > 0, in data units. */
  readonly deviation: number;
}

/**
 * A mixture of equally likely isotropic Gaussians, drawn afresh at each call; a shorter batch is the beginning of a longer one.
 * Throws InputError unless there is a centre, all centres have one dimension and are finite, and the deviation is positive.
 */
export function mixture({ name, describe, centres, deviation }: MixtureOptions): Mixture {
  const dim = centres[0]?.length ?? 0;
  if (dim === 0) throw new InputError(`${name}: no centre with a coordinate; expected at least one`);
  centres.forEach((centre, k) => {
    if (centre.length !== dim || !centre.every(Number.isFinite)) {
      throw new InputError(`${name}: centre ${k} is [${centre.join(', ')}]; expected ${dim} finite numbers`);
    }
  });
  if (!Number.isFinite(deviation) || deviation <= 0) throw new InputError(`${name}: deviation is ${deviation}; expected a number > 0`);
  const shape = [dim];
  return {
    name,
    shape,
    describe,
    centres,
    deviation,
    batch(size, stream, out) {
      checkBatch(name, size, stream);
      const points = normal(room(name, size, shape, out), { ...stream, purpose: 'data' }, 0, deviation);
      const modes = uniform(new Float64Array(size), { ...stream, purpose: 'data-mode' });
      for (let i = 0; i < size; i++) {
        const centre = centres[Math.floor(modes[i]! * centres.length)]!;
        for (let j = 0; j < dim; j++) points[i * dim + j] = points[i * dim + j]! + centre[j]!;
      }
      return points;
    },
  };
}
