import { InputError, shown, type Option, type Vector } from '@stillpoint/operators';

/** A numeric option with its default. */
export type Setting = Option<number> & { readonly default: number };

/**
 * Returns an argument whose fields are read next. Throws InputError unless it is an object: JavaScript
 * callers may pass anything.
 */
export function given<T extends object>(what: string, value: T, example: string): T {
  if (typeof value !== 'object' || value === null)
    throw new InputError(`${what}: found ${shown(value)}; expected an object, as ${example}`);
  return value;
}

/** Throws InputError unless it is a whole number of at least `least`, by default 1. */
export function checkWhole(what: string, n: number, example: string, least = 1): void {
  if (!Number.isSafeInteger(n) || n < least) {
    const from = least === 1 ? '> 0' : `>= ${least}`;
    throw new InputError(`${what} is ${shown(n)}; expected a whole number ${from}, such as ${example}`);
  }
}

/** Throws InputError unless it is a finite number > 0. */
export function checkPositive(what: string, x: number, example: string): void {
  if (!Number.isFinite(x) || x <= 0)
    throw new InputError(`${what} is ${shown(x)}; expected a number > 0${example}`);
}

/** Throws InputError unless the name of the features, which settings record, is text. */
export function checkFeatures(features: string): void {
  if (typeof features !== 'string' || features === '')
    throw new InputError(`features is ${shown(features)}; expected the name of what made them, as 'raw'`);
}

/**
 * Returns the number of examples in a flat set. Throws InputError for a set that is empty, of a wrong length
 * or not finite.
 */
export function countOf(what: string, samples: Vector, dim: number): number {
  if (!Number.isInteger(dim) || dim < 1)
    throw new InputError(`dim is ${shown(dim)}; expected a whole number > 0, the length of one example`);
  if (!(samples instanceof Float32Array || samples instanceof Float64Array)) {
    throw new InputError(
      `${what}: found ${shown(samples)}; expected a Float32Array or a Float64Array, ${dim} numbers for each example`,
    );
  }
  if (samples.length === 0 || samples.length % dim !== 0) {
    throw new InputError(
      `${what}: ${samples.length} numbers; expected a multiple of ${dim} > 0, ${dim} for each example (the nearest: ${Math.max(1, Math.round(samples.length / dim)) * dim})`,
    );
  }
  const odd = samples.findIndex((x) => !Number.isFinite(x));
  if (odd >= 0)
    throw new InputError(
      `${what}: example ${Math.floor(odd / dim)} has ${samples[odd]} at coordinate ${odd % dim}; expected finite numbers only`,
    );
  return samples.length / dim;
}

/** The largest |x|; NaN if there is one. */
export function largestOf(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!));
  return most;
}

/**
 * The factor for numbers up to `largest` before they are squared, so that squares and their sums neither
 * overflow nor underflow: a power of 2, which changes no digit, and 1 for ordinary sizes.
 */
export function unitOf(largest: number): number {
  if (largest === 0 || (largest > 2 ** -300 && largest < 2 ** 300)) return 1;
  return 2 ** -Math.max(-1022, Math.min(1022, Math.floor(Math.log2(largest))));
}
