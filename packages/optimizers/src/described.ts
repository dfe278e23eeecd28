import { InputError, isRecord, shown, type Data } from '@stillpoint/operators';

/** A method as its name and options: the method itself, or plain data with these two members. */
export type Described = { readonly name: string; readonly options: Data };

/** The entries of options that are a record; an empty record for any other value. */
export function fields(options: Data | undefined): { readonly [key: string]: Data } {
  return isRecord(options) ? Object.fromEntries(Object.entries(options)) : {};
}

/**
 * Whether a value among options is a method or a transform, as { name, options }, that the options' owner
 * takes.
 */
export const isDescribed = (data: Data | undefined): data is Described => {
  const { name, options, ...more } = fields(data);
  return typeof name === 'string' && options !== undefined && Object.keys(more).length === 0;
};

/** The first method or transform that the owner of these options takes. */
export const innerOf = ({ options }: Described): Described | undefined =>
  Object.values(fields(options)).find(isDescribed);

const has = (value: unknown, functions: readonly string[]): boolean =>
  value !== null &&
  typeof value === 'object' &&
  typeof Reflect.get(value, 'name') === 'string' &&
  functions.every((key) => typeof Reflect.get(value, key) === 'function');

/**
 * @throws InputError if the value is not a method, as a caller without types may pass. `owner` names the
 *   function that takes it.
 */
export function checkMethod(owner: string, value: unknown): void {
  if (has(value, ['init', 'begin', 'restart'])) return;
  const called =
    typeof value === 'function' ? `the function ${value.name}, not what it returns` : shown(value);
  throw new InputError(
    `${owner} takes a method; found ${called}: expected what gda({ stepSize: 0.1 }) returns`,
  );
}

/** @throws InputError if the value has no name and options, as a caller without types may pass. */
export function checkDescribed(owner: string, value: unknown): void {
  if (has(value, []) && Reflect.get(Object(value), 'options') !== undefined) return;
  throw new InputError(`${owner} takes a method, or its { name, options }; found ${shown(value)}`);
}

/** @throws InputError if the value is not a transform, as a caller without types may pass. */
export function checkTransform(owner: string, value: unknown): void {
  if (has(value, ['init', 'begin'])) return;
  const called =
    typeof value === 'function' ? `the function ${value.name}, not what it returns` : shown(value);
  throw new InputError(`${owner} takes a transform; found ${called}: expected what momentum() returns`);
}

/** Sets a function's name, which errors show, to the camelCase of a method's name: `egPlus`. */
export function calledLike<F extends object>(name: string, make: F): F {
  const value = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return Object.defineProperty(make, 'name', { value });
}
