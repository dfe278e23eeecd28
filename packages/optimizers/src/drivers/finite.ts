import { isFiniteVector, type Problem, type State } from '@stillpoint/operators';

/**
 * The first vector of a state with an entry that is not finite, and the entry: `state.moments.v[3]`;
 * undefined if all are. A vector of z's length is read by the problem's blocks and players: which tensor it
 * is, and which players are still finite, since the border is where it began.
 */
export function nonFiniteEntry(
  state: State,
  { dim, players, blocks }: Pick<Problem, 'dim' | 'players' | 'blocks'>,
): string | undefined {
  const named = (vector: Float32Array | Float64Array, path: string): string => {
    const i = vector.findIndex((x) => !Number.isFinite(x));
    const at = `${path}[${i}]`;
    const block = blocks?.findLast(({ offset }) => offset <= i);
    if (vector.length !== dim || block === undefined) return at;
    const clean = players.filter(({ start, end }) => isFiniteVector(vector.subarray(start, end)));
    const still = clean.map(({ name }) => name).join(', ');
    return `${at} (${block.name}[${i - block.offset}]${still === '' ? '' : `; ${still} ${clean.length === 1 ? 'is' : 'are'} still finite`})`;
  };
  const walk = (value: unknown, path: string): string | undefined => {
    if (value instanceof Float32Array || value instanceof Float64Array)
      return isFiniteVector(value) ? undefined : named(value, path);
    if (value === null || typeof value !== 'object') return undefined;
    for (const [key, entry] of Object.entries(value)) {
      const found = walk(entry, `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(state, 'state');
}
