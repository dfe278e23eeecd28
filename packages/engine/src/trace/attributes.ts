import type { NamedAttrMap } from '@tensorflow/tfjs-core';

/** Reads a kernel's attributes and checks each, since tfjs gives them all the same type. */
export interface Attributes {
  number(name: string): number;
  /** A number, or undefined if it is something else or absent. */
  maybeNumber(name: string): number | undefined;
  /** A list of numbers; a single number counts as a list of one. */
  numbers(name: string): readonly number[];
  /** A list of numbers, or undefined if tfjs passed null or nothing. */
  optionalNumbers(name: string): readonly number[] | undefined;
  flag(name: string): boolean;
  text(name: string): string;
  /** A list of lists, such as paddings. */
  rows(name: string): readonly (readonly number[])[];
  has(name: string): boolean;
  isList(name: string): boolean;
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((x) => typeof x === 'number');
}

/** Wraps the attributes of one call of `kernel`, which errors name. */
export function attributesOf(kernel: string, map: NamedAttrMap | undefined): Attributes {
  const get = (name: string): unknown => map?.[name];
  const fail = (name: string, wanted: string): never => {
    throw new Error(`${kernel}: attribute ${name} is ${String(get(name))}; expected ${wanted}`);
  };
  const optionalNumbers = (name: string): readonly number[] | undefined => {
    const value = get(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number') return [value];
    return isNumbers(value) ? value : fail(name, 'numbers');
  };
  return {
    optionalNumbers,
    numbers: (name) => optionalNumbers(name) ?? fail(name, 'numbers'),
    number(name) {
      const value = get(name);
      return typeof value === 'number' ? value : fail(name, 'a number');
    },
    maybeNumber(name) {
      const value = get(name);
      return typeof value === 'number' ? value : undefined;
    },
    flag: (name) => get(name) === true,
    text(name) {
      const value = get(name);
      return typeof value === 'string' ? value : fail(name, 'a string');
    },
    rows(name) {
      const value = get(name);
      return Array.isArray(value) && value.every(isNumbers)
        ? value
        : fail(name, 'a list of lists of numbers');
    },
    has: (name) => get(name) !== undefined && get(name) !== null,
    isList: (name) => Array.isArray(get(name)),
  };
}
