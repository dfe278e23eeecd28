/** xⁿ for a whole n ≥ 0, by squaring. Unlike `**`, it gives the same bits in every version of Node. */
export function power(x: number, n: number): number {
  let result = 1;
  for (let square = x; n > 0; square *= square) {
    if (n % 2 === 1) result *= square;
    n = Math.floor(n / 2);
  }
  return result;
}
