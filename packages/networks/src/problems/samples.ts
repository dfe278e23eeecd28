import { InputError, shown } from '@stillpoint/operators';
import type { Shape } from '../layers/layer.js';

/**
 * Numbers with a shape: a number, nested lists (`[[1, 2], [3, 4]]`), a typed array (one axis), or flat values
 * with their shape.
 */
export type Numbers =
  | number
  | readonly Numbers[]
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array
  | { readonly shape: Shape; readonly values: ArrayLike<number> };

/** Named numbers. */
export type NamedNumbers = { readonly [name: string]: Numbers };

/** A dense array: row-major values and their shape. */
export interface Dense {
  readonly shape: Shape;
  readonly values: Float32Array;
}

const isTyped = (value: unknown): value is Float32Array | Float64Array | Int32Array | Uint8Array =>
  value instanceof Float32Array ||
  value instanceof Float64Array ||
  value instanceof Int32Array ||
  value instanceof Uint8Array;

const isShaped = (value: unknown): value is { readonly shape: Shape; readonly values: ArrayLike<number> } =>
  value !== null &&
  typeof value === 'object' &&
  'shape' in value &&
  Array.isArray(value.shape) &&
  value.shape.every((d) => Number.isSafeInteger(d) && d > 0) &&
  'values' in value &&
  (Array.isArray(value.values) || isTyped(value.values));

/** The sizes of nested lists, along their first entries. */
function shapeOf(value: unknown): Shape {
  if (isTyped(value)) return [value.length];
  return Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : [];
}

/** Makes named numbers dense. @throws InputError that names what is ragged, empty or not finite. */
function denseOf(what: string, given: unknown): Dense {
  if (isTyped(given)) return finite(what, { shape: [given.length], values: Float32Array.from(given) });
  if (isShaped(given)) {
    const { shape } = given;
    const size = shape.reduce((product, d) => product * d, 1);
    if (given.values.length !== size)
      throw new InputError(
        `${what} has ${given.values.length} values; shape [${shape.join(',')}] has ${size}`,
      );
    return finite(what, {
      shape,
      values: given.values instanceof Float32Array ? given.values : Float32Array.from(given.values),
    });
  }
  const shape = shapeOf(given);
  if (shape.includes(0)) throw new InputError(`${what} is empty; expected at least one number`);
  const values: number[] = [];
  const walk = (value: unknown, depth: number, at: string): void => {
    if (depth < shape.length) {
      if (!(Array.isArray(value) || isTyped(value)) || value.length !== shape[depth])
        throw new InputError(
          `${what}${at} is ${shown(value)}; expected a list of ${shape[depth]}, as the ${depth === 0 ? 'whole' : 'first one'} is`,
        );
      const list: readonly unknown[] = Array.from<unknown>(value);
      for (const [i, entry] of list.entries()) walk(entry, depth + 1, `${at}[${i}]`);
    } else if (typeof value === 'number') values.push(value);
    else
      throw new InputError(
        `${what}${at} is ${shown(value)}; expected numbers, nested lists of numbers, a typed array, or { shape, values }`,
      );
  };
  walk(given, 0, '');
  return finite(what, { shape, values: Float32Array.from(values) });
}

function finite(what: string, dense: Dense): Dense {
  const wrong = dense.values.findIndex((x) => !Number.isFinite(x));
  if (wrong >= 0)
    throw new InputError(
      `${what}: number ${wrong} is ${dense.values[wrong]}; expected finite float32 numbers`,
    );
  return dense;
}

/** Named dense arrays. */
export type NamedDense = { readonly [name: string]: Dense };

/** Makes each of some named numbers dense. @throws InputError that names what is wrong. */
export function namedDense(what: string, given: unknown): NamedDense {
  if (given === null || typeof given !== 'object' || Array.isArray(given) || isTyped(given))
    throw new InputError(
      `${what} is ${shown(given)}; expected numbers by name, as { data: [[1, 2], [3, 4]] }`,
    );
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, denseOf(`${what}.${name}`, value)] as const),
  );
}

/** Some rows of each array. */
export function rowsOf(data: NamedDense, rows: readonly number[]): NamedDense {
  return Object.fromEntries(
    Object.entries(data).map(([name, { shape, values }]) => {
      const length = shape.slice(1).reduce((product, d) => product * d, 1);
      const chosen = new Float32Array(rows.length * length);
      for (const [i, row] of rows.entries())
        chosen.set(values.subarray(row * length, (row + 1) * length), i * length);
      return [name, { shape: [rows.length, ...shape.slice(1)], values: chosen }];
    }),
  );
}

/** The number of rows, the same in each array. @throws InputError if they differ, or if there is none. */
export function countRows(what: string, data: NamedDense): number {
  const [first, ...rest] = Object.entries(data);
  if (first === undefined) throw new InputError(`${what} is empty; expected at least one array`);
  const count = first[1].shape[0];
  if (count === undefined)
    throw new InputError(`${what}.${first[0]} is one number; expected rows, one for each example`);
  for (const [name, { shape }] of rest)
    if (shape[0] !== count)
      throw new InputError(
        `${what}.${name} has ${shape[0] ?? 'no'} rows and ${what}.${first[0]} has ${count}; expected as many, one for each example`,
      );
  return count;
}
