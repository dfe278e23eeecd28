import type { Data, Player } from '@stillpoint/operators';

const written = (value: Data | undefined): string => {
  if (value === undefined) return 'nothing';
  if (Object.is(value, -0)) return '−0';
  return value !== null && typeof value === 'object' ? 'an object' : String(value);
};

/**
 * The first place where two pieces of plain data differ, on one line: `state.moments.m[5] (y[1]): 0.25
 * against 0.5`. For a vector of the game's length it names the player whose slice it is. Undefined if they
 * are equal; −0 and 0 differ.
 */
export function firstDifference(
  a: Data | undefined,
  b: Data | undefined,
  players: readonly Player[],
  path = 'state',
): string | undefined {
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) {
    if (a.constructor !== b.constructor || a.length !== b.length)
      return `${path}: ${a.constructor.name} of ${a.length} against ${b.constructor.name} of ${b.length}`;
    const differing = Array.from(a.keys()).filter((i) => !Object.is(a[i], b[i]));
    const [first] = differing;
    if (first === undefined) return undefined;
    const owner =
      a.length === players.at(-1)?.end
        ? players.find(({ start, end }) => start <= first && first < end)
        : undefined;
    const whose = owner === undefined ? '' : ` (${owner.name}[${first - owner.start}])`;
    return `${path}[${first}]${whose}: ${written(a[first])} against ${written(b[first])}${
      differing.length > 1 ? `, the first of ${differing.length} entries that differ` : ''
    }`;
  }
  const isTree = (value: Data | undefined): value is readonly Data[] | { readonly [key: string]: Data } =>
    value !== null && typeof value === 'object' && !ArrayBuffer.isView(value);
  if (!isTree(a) || !isTree(b))
    return Object.is(a, b) ? undefined : `${path}: ${written(a)} against ${written(b)}`;
  const [left, right] = [new Map<string, Data>(Object.entries(a)), new Map<string, Data>(Object.entries(b))];
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const found = firstDifference(left.get(key), right.get(key), players, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
