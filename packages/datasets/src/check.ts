import { InputError, shown, sizeOf } from '@stillpoint/operators';
import type { BatchStream } from './types.js';

// Checks of the arguments of constructors and batches. Types are checked too, because JavaScript callers have
// no compiler that does so.

function whole(what: string, value: number, from: number): void {
  if (!Number.isInteger(value) || value < from || value > 0xffffffff) {
    throw new InputError(`${what} is ${shown(value)}; expected an integer from ${from} to 4294967295`);
  }
}

/** Returns the options unchanged. Throws InputError for anything but an object. */
export function optionsOf<O extends object>(owner: string, options: O, example: string): O {
  if (typeof options !== 'object' || options === null) {
    throw new InputError(`the options of ${owner} are ${shown(options)}; expected an object, as ${example}`);
  }
  return options;
}

/** What data are called whose caller gives no description. */
export const GIVEN = 'given as an array';

/** Throws InputError unless both are strings; the description may be empty, the name may not. */
export function checkWords(name: string, describe: string): void {
  if (typeof name !== 'string' || name === '')
    throw new InputError(`the name of a data set is ${shown(name)}; expected text, as 'mine'`);
  if (typeof describe !== 'string')
    throw new InputError(`${name}: describe is ${shown(describe)}; expected text`);
}

/** The largest number of Gaussians; their centres then still fit into memory. */
const MOST_GAUSSIANS = 1_000_000;

/** Throws InputError unless it is a whole number from 1 to `most`. */
export function checkCount(what: string, n: number, example: number, most: number = MOST_GAUSSIANS): void {
  if (!Number.isInteger(n) || n < 1)
    throw new InputError(`${what} is ${shown(n)}; expected a whole number > 0, such as ${example}`);
  if (n > most) throw new InputError(`${what} is ${n}; expected ${most} at most`);
}

/**
 * The largest length. Batches are float32, whose largest number is 3.4e38; a draw lies within 7 deviations.
 */
const LARGEST = 1e37;

/** Throws InputError unless x is a number > 0 (or >= 0, by `from`) that float32 can hold. */
export function checkLength(what: string, x: number, from: '> 0' | '>= 0', example: number): void {
  if (!Number.isFinite(x) || x < 0 || (x === 0 && from === '> 0'))
    throw new InputError(`${what} is ${shown(x)}; expected a number ${from}, such as ${example}`);
  if (x > LARGEST)
    throw new InputError(`${what} is ${x}; expected ${LARGEST} at most, since batches are float32`);
}

/** Throws InputError for an invalid batch size or stream, before any work is done. */
export function checkBatch(name: string, size: number, stream: BatchStream): void {
  whole(`${name}: batch size`, size, 1);
  if (typeof stream !== 'object' || stream === null)
    throw new InputError(
      `${name}: the stream is ${shown(stream)}; expected an object, as { seed: 1, call: 0 }`,
    );
  const { seed, call, player = 0, worker = 0 } = stream;
  for (const [key, value] of Object.entries({ seed, call, player, worker }))
    whole(`${name}: ${key}`, value, 0);
}

/**
 * Returns the array that a batch is written to: `out` if it is given, else a new one. Throws InputError if
 * `out` does not fit, or the batch is too long.
 */
export function room(
  name: string,
  size: number,
  shape: readonly number[],
  out: Float32Array | undefined,
): Float32Array {
  const length = size * sizeOf(shape);
  if (out === undefined) {
    if (length > 2 ** 31)
      throw new InputError(
        `${name}: ${size} examples are ${length} numbers; expected ${2 ** 31} at most in one batch`,
      );
    return new Float32Array(length);
  }
  if (!(out instanceof Float32Array))
    throw new InputError(`${name}: out is ${shown(out)}; expected a Float32Array of ${length} numbers`);
  if (out.length !== length) {
    throw new InputError(
      `${name}: out holds ${out.length} numbers; expected ${length} for ${size} examples of shape [${shape.join(', ')}]`,
    );
  }
  return out;
}
