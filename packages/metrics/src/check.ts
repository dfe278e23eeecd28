import { InputError, type Vector } from '@stillpoint/operators';

/** The number of examples in a flat set; refuses sets that are empty, of a wrong length or not finite. */
export function countOf(what: string, samples: Vector, dim: number): number {
  if (!Number.isInteger(dim) || dim < 1) throw new InputError(`dim is ${dim}; expected a whole number > 0, the length of one example`);
  if (samples.length === 0 || samples.length % dim !== 0) {
    throw new InputError(`${what}: ${samples.length} numbers; expected a multiple of ${dim} > 0, ${dim} for each example (the nearest: ${Math.max(1, Math.round(samples.length / dim)) * dim})`);
  }
  const odd = samples.findIndex((x) => !Number.isFinite(x));
  if (odd >= 0) throw new InputError(`${what}: example ${Math.floor(odd / dim)} has ${samples[odd]} at coordinate ${odd % dim}; expected finite numbers only`);
  return samples.length / dim;
}
