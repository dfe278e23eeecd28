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
  /** How likely each mode is, numbers > 0 in any scale. Default: all equally. */
  readonly weights?: readonly number[];
}

/** The shares of the modes, which sum to 1. */
function sharesOf(name: string, weights: readonly number[], modes: number): readonly number[] {
  const given: unknown = weights;
  const fits =
    Array.isArray(given) &&
    given.length === modes &&
    Array.from(given).every((w) => typeof w === 'number' && Number.isFinite(w) && w > 0);
  if (!fits)
    throw new InputError(
      `${name}: weights are ${Array.isArray(given) ? `[${Array.from(given, shown).join(', ')}]` : shown(given)}; expected a number > 0 for each of ${modes} centres`,
    );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}

/**
 * A mixture of isotropic Gaussians, equally likely without weights. Every batch draws new points; a shorter
 * batch is the beginning of a longer one. Throws InputError unless there is at least one centre, all centres
 * are finite and have the same dimension, the deviation is positive, and each weight is.
 */
export function mixture(options: MixtureOptions): Mixture {
  const { name, describe, centres, deviation, weights } = optionsOf(
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
  const shares = weights === undefined ? undefined : sharesOf(name, weights, centres.length);
  /** Where on [0, 1) each mode ends; the last one at 1, whatever the sum is rounded to. */
  let sum = 0;
  const ends = shares?.map((share, k) => (k === centres.length - 1 ? 1 : (sum += share)));
  const modeOf = (u: number): number =>
    ends === undefined ? Math.floor(u * centres.length) : ends.findIndex((end) => u < end);
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
      ...(shares !== undefined && { weights: shares }),
    },
    shape,
    describe,
    centres,
    deviation,
    ...(shares !== undefined && { weights: shares }),
    batch(size, stream, out) {
      checkBatch(name, size, stream);
      const points = normal(room(name, size, shape, out), { ...stream, purpose: 'data' }, 0, deviation);
      const modes = uniform(new Float64Array(size), { ...stream, purpose: 'data-mode' });
      for (let i = 0; i < size; i++) {
        const centre = centres[modeOf(modes[i]!)]!;
        for (let j = 0; j < dim; j++) points[i * dim + j] = points[i * dim + j]! + centre[j]!;
      }
      return points;
    },
  };
}
