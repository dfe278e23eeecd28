import { InputError, shown, sizeOf } from '@stillpoint/operators';
import type { Shape } from './graph.js';
import { suggestion } from './names.js';
import { engineNames } from './run/engines.js';

// Checks of what callers pass, who may be without types.

export const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

export function checkEngine(engine: unknown): void {
  if (engine === 'auto' || engineNames.some((known) => known === engine)) return;
  const near = typeof engine === 'string' ? suggestion(engine, ['auto', ...engineNames]) : '';
  throw new InputError(
    `unknown engine ${shown(engine)}${near || `; known: auto, ${engineNames.join(', ')}`}`,
  );
}

export function checkThreadCount(threads: unknown): void {
  if (!(typeof threads === 'number' && Number.isSafeInteger(threads) && threads >= 1))
    throw new InputError(`threads is ${shown(threads)}; expected a whole number from 1`);
}

/** Throws unless `array` is a Float32Array of as many numbers as the shape has. */
export function checkArray(what: string, array: unknown, shape: Shape): void {
  if (!(array instanceof Float32Array))
    throw new InputError(
      `${what} is ${array === undefined ? 'missing' : `not a Float32Array but ${Object.prototype.toString.call(array)}`}; expected ${sizeOf(shape)} float32 numbers of shape [${shape.join(',')}]`,
    );
  if (array.length !== sizeOf(shape))
    throw new InputError(
      `${what} has ${array.length} elements; shape [${shape.join(',')}] has ${sizeOf(shape)}`,
    );
}

/** Throws unless `given` is a record all of whose names are known. */
export function checkNames(kind: string, given: unknown, known: readonly string[]): void {
  if (!isRecord(given))
    throw new InputError(
      `the ${kind}s are ${shown(given)}; expected Float32Arrays by name: { ${known.map((name) => `${name}: …`).join(', ')} }`,
    );
  for (const name of Object.keys(given)) {
    if (!known.includes(name))
      throw new InputError(`unknown ${kind} ${JSON.stringify(name)}${suggestion(name, known)}`);
  }
}
