import { nearest } from '@stillpoint/operators';

/**
 * The end of an error for an unknown name: `; did you mean x?` if a known name is close, else the list of
 * known names.
 */
export function suggestion(given: string, known: readonly string[]): string {
  const near = nearest(given, known);
  if (near !== undefined) return `; did you mean ${near}?`;
  return known.length > 0 ? `; known: ${known.join(', ')}` : '';
}

function hasAll<K extends string, V>(
  record: { [name: string]: V },
  keys: readonly K[],
): record is { [name in K]: V } {
  return keys.every((key) => Object.hasOwn(record, key));
}

/** Makes a record with exactly these keys. */
export function recordOf<K extends string, V>(keys: readonly K[], make: (key: K) => V): { [name in K]: V } {
  const record: { [name: string]: V } = {};
  for (const key of keys) record[key] = make(key);
  if (!hasAll(record, keys)) throw new Error('a key got lost');
  return record;
}

/** Object.keys, with the type that the record's declaration gives the keys. */
export function keysOf<K extends string>(record: { readonly [name in K]: unknown }): readonly K[] {
  const keys: K[] = [];
  for (const key in record) if (Object.hasOwn(record, key)) keys.push(key);
  return keys;
}
