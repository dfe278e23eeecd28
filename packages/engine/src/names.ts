function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/** `; did you mean x?` if a known name is close to the given one, else the list of known names. */
export function suggestion(given: string, known: readonly string[]): string {
  const [nearest] = known
    .map((name) => ({ name, distance: editDistance(given.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  if (nearest !== undefined && nearest.distance <= Math.max(2, nearest.name.length / 3))
    return `; did you mean ${nearest.name}?`;
  return known.length > 0 ? `; known: ${known.join(', ')}` : '';
}

function hasAll<K extends string, V>(
  record: { [name: string]: V },
  keys: readonly K[],
): record is { [name in K]: V } {
  return keys.every((key) => Object.hasOwn(record, key));
}

/** A record with exactly these keys. */
export function recordOf<K extends string, V>(keys: readonly K[], make: (key: K) => V): { [name in K]: V } {
  const record: { [name: string]: V } = {};
  for (const key of keys) record[key] = make(key);
  if (!hasAll(record, keys)) throw new Error('a key got lost');
  return record;
}

/** Object.keys, with the type the record's declaration promises. */
export function keysOf<K extends string>(record: { readonly [name in K]: unknown }): readonly K[] {
  const keys: K[] = [];
  for (const key in record) if (Object.hasOwn(record, key)) keys.push(key);
  return keys;
}
