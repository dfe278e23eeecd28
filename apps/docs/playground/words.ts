import type { OptionRows } from '@stillpoint/operators';

/** A number in five digits. */
export function inDigits(x: number): string {
  if (!Number.isFinite(x)) return String(x);
  const size = Math.abs(x);
  return size !== 0 && (size < 1e-3 || size >= 1e6)
    ? x.toExponential(2).replace('e+', 'e')
    : String(Number(x.toPrecision(5)));
}

/** Where the slider of step sizes is for a step size, and back, in two digits: it is logarithmic. */
export const toSlider = (stepSize: number): number => Math.log10(stepSize);
export const fromSlider = (place: number): string => String(Number((10 ** place).toPrecision(2)));

/** What each option is, one a line. */
export const optionsInWords = (options: OptionRows): string =>
  Object.entries(options)
    .map(([name, { about, expected }]) => `${name}: ${about}; ${expected}`)
    .join('\n');
