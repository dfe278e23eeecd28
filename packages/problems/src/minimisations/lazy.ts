/** A function that computes its value at its first call and keeps it. */
export function lazy<T extends object | number>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
