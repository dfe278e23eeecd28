import { isFiniteVector, isVector, type Problem, type State } from '@stillpoint/operators';

/**
 * The path of the first entry of a state that is not finite: `state.moments.v[3]`; undefined if all entries
 * are finite. For a vector of z's length it also names the tensor, from the problem's blocks, and the players
 * whose slices are still finite, since these show where the overflow began.
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
    if (isVector(value)) return isFiniteVector(value) ? undefined : named(value, path);
    if (value === null || typeof value !== 'object') return undefined;
    for (const [key, entry] of Object.entries(value)) {
      const found = walk(entry, `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(state, 'state');
}
