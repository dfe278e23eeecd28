import type { Data, Method, State } from '@stillpoint/operators';

/** A method by its name and options, as its `name` and `options` or a parsed spec give them. */
export type Described = Pick<Method<State>, 'name' | 'options'>;

/** The fields of options that are a record; none of anything else. */
export function fields(options: Data | undefined): { readonly [key: string]: Data } {
  return options !== null && typeof options === 'object' && !Array.isArray(options) && !ArrayBuffer.isView(options) ? Object.fromEntries(Object.entries(options)) : {};
}

/** What stands inside a wrapper's options as a method or a transform. */
export function described(data: Data | undefined): Described | undefined {
  const { name, options } = fields(data);
  return typeof name === 'string' ? { name, options: options ?? null } : undefined;
}
