/** re + i·im. */
export type Complex = readonly [re: number, im: number];

export const sum = (...all: readonly Complex[]): Complex => [
  all.reduce((s, [re]) => s + re, 0),
  all.reduce((s, [, im]) => s + im, 0),
];
export const product = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];
export const times = (c: number, [re, im]: Complex): Complex => [c * re, c * im];
export const over = (z: Complex, [c, d]: Complex): Complex => times(1 / (c * c + d * d), product(z, [c, -d]));
export const power = (z: Complex, n: number): Complex => (n === 0 ? [1, 0] : product(z, power(z, n - 1)));
export const size = ([re, im]: Complex): number => Math.hypot(re, im);
function root([re, im]: Complex): Complex {
  const length = Math.hypot(re, im);
  const real = Math.sqrt((length + Math.abs(re)) / 2); // no cancellation
  if (length === 0) return [0, 0];
  return re >= 0 ? [real, im / (2 * real)] : [Math.abs(im) / (2 * real), im < 0 ? -real : real];
}

/** [[a, b], [c, d]] as [a, b, c, d]. */
export type Square = readonly [a: Complex, b: Complex, c: Complex, d: Complex];
export const identity: Square = [
  [1, 0],
  [0, 0],
  [0, 0],
  [1, 0],
];
export const compose = ([a, b, c, d]: Square, [p, q, r, s]: Square): Square => [
  sum(product(a, p), product(b, r)),
  sum(product(a, q), product(b, s)),
  sum(product(c, p), product(d, r)),
  sum(product(c, q), product(d, s)),
];

/** The largest |eigenvalue|. */
export function spectralRadius([a, b, c, d]: Square): number {
  const half = times(0.5, sum(a, d));
  const difference = times(0.5, sum(a, times(-1, d)));
  const r = root(sum(product(difference, difference), product(b, c))); // ((a − d)/2)² + bc
  return Math.max(size(sum(half, r)), size(sum(half, times(-1, r))));
}
