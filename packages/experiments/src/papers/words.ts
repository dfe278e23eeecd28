/** A number in three significant digits: 0.0123, 4,560, 2.18e17. */
export function short(x: number): string {
  const rounded = Number(x.toPrecision(3));
  const size = Math.abs(rounded);
  return size >= 1e6 || (size !== 0 && size < 1e-3)
    ? rounded.toExponential()
    : rounded.toLocaleString('en', { maximumFractionDigits: 6 });
}
/** How many there are of something: `1 seed`, `1,000 steps`. */
export const counted = (count: number, thing: string): string =>
  `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`;
