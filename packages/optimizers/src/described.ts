import { InputError, shown, type Data, type Method, type State } from '@stillpoint/operators';

/** A method by its name and options, as its `name` and `options` or a parsed spec give them. */
export type Described = Pick<Method<State>, 'name' | 'options'>;

/** The fields of options that are a record; none of anything else. */
export function fields(options: Data | undefined): { readonly [key: string]: Data } {
  return options !== null &&
    typeof options === 'object' &&
    !Array.isArray(options) &&
    !ArrayBuffer.isView(options)
    ? Object.fromEntries(Object.entries(options))
    : {};
}

/** What stands inside a wrapper's options as a method or a transform. */
export function described(data: Data | undefined): Described | undefined {
  const { name, options } = fields(data);
  return typeof name === 'string' ? { name, options: options ?? null } : undefined;
}

const has = (value: unknown, functions: readonly string[]): boolean =>
  value !== null &&
  typeof value === 'object' &&
  typeof Reflect.get(value, 'name') === 'string' &&
  functions.every((key) => typeof Reflect.get(value, key) === 'function');

/**
 * @throws InputError where a caller without types hands over something that is no method. `owner` is who
 * takes it.
 */
export function checkMethod(owner: string, value: unknown): void {
  if (has(value, ['init', 'begin', 'restart'])) return;
  const called =
    typeof value === 'function' ? `the function ${value.name}, not what it returns` : shown(value);
  throw new InputError(
    `${owner} takes a method; found ${called}: expected what gda({ stepSize: 0.1 }) returns`,
  );
}

/** @throws InputError where a caller without types hands over something without a name and options. */
export function checkDescribed(owner: string, value: unknown): void {
  if (has(value, []) && Reflect.get(Object(value), 'options') !== undefined) return;
  throw new InputError(`${owner} takes a method, or its { name, options }; found ${shown(value)}`);
}

/** @throws InputError where a caller without types hands over something that is no transform. */
export function checkTransform(owner: string, value: unknown): void {
  if (has(value, ['init', 'begin'])) return;
  const called =
    typeof value === 'function' ? `the function ${value.name}, not what it returns` : shown(value);
  throw new InputError(`${owner} takes a transform; found ${called}: expected what momentum() returns`);
}
