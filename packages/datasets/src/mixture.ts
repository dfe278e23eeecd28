import { InputError, contentHash, normal, shown, uniform } from '@stillpoint/operators';
import { checkBatch, checkLength, checkWords, optionsOf, room } from './check.js';
import type { Mixture } from './types.js';

/** Options of `mixture`. */
export interface MixtureOptions {
  readonly name: string;
  readonly describe: string;
  /** Centres of the modes, `[modes][dim]`, in data units. */
  readonly centres: readonly (readonly number[])[];
  /** Standard deviation of each coordinate, > 0, in data units. */
  readonly deviation: number;
}

/**
 * A mixture of equally likely isotropic Gaussians. Every batch draws new points; a shorter batch is the
 * beginning of a longer one. Throws InputError unless there is at least one centre, all centres are finite
 * and have the same dimension, and the deviation is positive.
 */
export function mixture(options: MixtureOptions): Mixture {
  const { name, describe, centres, deviation } = optionsOf(
    'mixture',
    options,
    '{ name, describe, centres, deviation }',
  );
  checkWords(name, describe);
  if (!Array.isArray(centres))
    throw new InputError(
      `${name}: centres are ${shown(centres)}; expected an array of them, as [[0,0],[1,0]]`,
    );
  const dim = centres[0]?.length ?? 0;
  if (dim === 0) throw new InputError(`${name}: no centre with a coordinate; expected at least one`);
  for (let k = 0; k < centres.length; k++) {
    // by index: an array may have holes
    const centre: unknown = centres[k];
    const fits =
      Array.isArray(centre) && centre.length === dim && Array.from(centre).every((x) => Number.isFinite(x));
    if (!fits)
      throw new InputError(
        `${name}: centre ${k} is ${Array.isArray(centre) ? `[${Array.from(centre, shown).join(', ')}]` : shown(centre)}; expected ${dim} finite numbers`,
      );
    const most = Math.max(...centre.map(Math.abs));
    checkLength(`${name}: the largest coordinate of centre ${k}`, most, '>= 0', 1);
  }
  checkLength(`${name}: deviation`, deviation, '> 0', 0.01);
  const shape = [dim];
  const numbers = Float64Array.from(centres.flat());
  return {
    name,
    identity: {
      kind: 'mixture',
      name,
      dim,
      centres: contentHash(new Uint8Array(numbers.buffer)),
      deviation,
    },
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
