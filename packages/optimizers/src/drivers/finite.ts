import { isFiniteVector, type State } from '@stillpoint/operators';

/**
 * The first vector of a state with an entry that is not finite, and the entry: `state.moments.v[3]`;
 * undefined if all are.
 */
export function nonFiniteEntry(state: State): string | undefined {
  const walk = (value: unknown, path: string): string | undefined => {
    if (value instanceof Float32Array || value instanceof Float64Array)
      return isFiniteVector(value) ? undefined : `${path}[${value.findIndex((x) => !Number.isFinite(x))}]`;
    if (value === null || typeof value !== 'object') return undefined;
    for (const [key, entry] of Object.entries(value)) {
      const found = walk(entry, `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(state, 'state');
}
