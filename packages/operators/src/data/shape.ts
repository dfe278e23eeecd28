/** The number of elements of a shape, which is the product of its dimensions; 1 for a scalar's, []. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);
