const KEPT = 800;

/** Keeps at most 800 entries, evenly spaced, of a sequence of unknown length, and its last entry. */
export function thinned<T>(): { add(entry: T): void; entries(): T[] } {
  let [kept, stride, seen]: [T[], number, number] = [[], 1, 0];
  let last: T | undefined;
  return {
    add(entry) {
      if (seen++ % stride === 0) kept.push(entry);
      last = entry;
      if (kept.length > KEPT) {
        kept = kept.filter((_, i) => i % 2 === 0);
        stride *= 2;
      }
    },
    entries: () => (last !== undefined && kept[kept.length - 1] !== last ? [...kept, last] : kept),
  };
}
