import { isVector } from '../contracts/index.js';
import { InputError, shown } from './errors.js';

// Checks of constructors' arguments. They include the types, since callers in JavaScript have no compiler.

/** Returns the options as they were given. @throws InputError if they are not an object. */
export function expectOptions<O extends object>(owner: string, options: O, example: string): O {
  if (typeof options !== 'object' || options === null) {
    throw new InputError(`the options of ${owner} are ${shown(options)}; expected an object, as ${example}`);
  }
  return options;
}

/** @throws InputError unless x is a finite number. */
export function expectNumber(owner: string, what: string, x: number): void {
  if (!Number.isFinite(x)) throw new InputError(`${owner}: ${what} is ${shown(x)}; expected a finite number`);
}

/** @throws InputError unless x is a finite number > 0. */
export function expectPositive(owner: string, what: string, x: number): void {
  if (!Number.isFinite(x) || x <= 0)
    throw new InputError(`${owner}: ${what} is ${shown(x)}; expected a number > 0`);
}

/** @throws InputError unless n is a whole number >= 1. */
export function expectCount(owner: string, what: string, n: number, meaning = ''): void {
  if (!Number.isSafeInteger(n) || n < 1)
    throw new InputError(`${owner}: ${what} is ${shown(n)}; expected ${meaning}a whole number >= 1`);
}

/** @throws InputError unless it is an array, a Float32Array or a Float64Array with at least one entry. */
export function expectList(owner: string, what: string, values: ArrayLike<unknown>, example: string): void {
  const list = Array.isArray(values) || isVector(values);
  if (!list) throw new InputError(`${owner}: ${what} is ${shown(values)}; expected ${example}`);
  if (values.length === 0) throw new InputError(`${owner}: ${what} is empty; expected ${example}`);
}

/** @throws InputError unless all are finite numbers, and there is at least one. */
export function expectFinite(owner: string, what: string, values: ArrayLike<number>): void {
  expectList(owner, what, values, 'numbers, as [1,2]');
  // by index: an array may have holes
  for (let i = 0; i < values.length; i++) expectNumber(owner, `${what}[${i}]`, values[i]!);
}
