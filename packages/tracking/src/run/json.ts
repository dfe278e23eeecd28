import { InputError, shortened, shown } from '@stillpoint/operators';

/** As deep as `parseJson` reads. */
const DEPTH = 500;

/** An object of named parts, as JSON has them. */
export const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !ArrayBuffer.isView(value);

/**
 * A value as JSON text, from which the same value is read again. A part that is undefined counts as absent.
 * @throws InputError naming the part that JSON does not hold: `JSON.stringify` would drop or change it.
 */
export function jsonText(value: unknown, what: string, indent?: number): string {
  const check = (part: unknown, path: string, depth: number): void => {
    if (depth > DEPTH) throw new InputError(`${shortened(path)} is nested more than ${DEPTH} levels deep`);
    if (part === null || typeof part === 'string' || typeof part === 'boolean') return;
    if (typeof part === 'number' && Number.isFinite(part)) return;
    if (Array.isArray(part)) {
      for (const [i, entry] of part.entries()) check(entry, `${path}.${i}`, depth + 1);
      return;
    }
    if (isObject(part) && [Object.prototype, null].includes(Object.getPrototypeOf(part))) {
      for (const [name, entry] of Object.entries(part))
        if (entry !== undefined) check(entry, `${path}.${name}`, depth + 1);
      return;
    }
    throw new InputError(
      `${shortened(path)} is ${shown(part)}; expected what JSON holds: text, a finite number, true, false, null, an array or a plain object`,
    );
  };
  check(value, what, 1);
  return JSON.stringify(value, undefined, indent);
}
