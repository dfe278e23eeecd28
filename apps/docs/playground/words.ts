import type { Game, OptionRows } from '@stillpoint/operators';
import type { AskedAt } from './recorder.js';

/** A number in five digits. */
export function inDigits(x: number): string {
  if (!Number.isFinite(x)) return String(x);
  const size = Math.abs(x);
  return size !== 0 && (size < 1e-3 || size >= 1e6)
    ? x.toExponential(2).replace('e+', 'e')
    : String(Number(x.toPrecision(5)));
}

const pair = (point: readonly number[]): string => `(${point.map(inDigits).join(', ')})`;

/** A question as a reader of a paper would write it. */
export function questionInWords(
  { want, at, player, along }: AskedAt,
  { players }: Pick<Game, 'players'>,
): string {
  const where = pair(at);
  if (want === 'gradient')
    return player === undefined
      ? `F at ${where}`
      : `the gradient of ${players[player]?.name ?? player} at ${where}`;
  if (want === 'product')
    return `a product with J at ${where}${along === undefined ? '' : `, along ${pair(along)}`}`;
  return `the ${want === 'residual-product' ? 'product with the residual’s Jacobian' : want} at ${where}`;
}

/** Where the slider of step sizes is for a step size, and back, in two digits: it is logarithmic. */
export const toSlider = (stepSize: number): number => Math.log10(stepSize);
export const fromSlider = (place: number): string => String(Number((10 ** place).toPrecision(2)));

/** What each option is, one a line. */
export const optionsInWords = (options: OptionRows): string =>
  Object.entries(options)
    .map(([name, { about, expected }]) => `${name}: ${about}; ${expected}`)
    .join('\n');
