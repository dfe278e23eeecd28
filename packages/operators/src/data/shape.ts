/**
 * The number of elements of a shape, which is the product of its dimensions; 1 for [], the shape of a scalar.
 */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);
