import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { colour } from './colours.js';

/**
 * Draws a plot as SVG. Its text takes the page's colour, so that one picture suits light and dark pages.
 * `name` is read out by screen readers.
 */
export function draw(name: string, options: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = Plot.plot({
    ...options,
    document,
    style: { background: 'transparent', fontSize: '12px', overflow: 'visible' },
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', name);
  return svg.outerHTML;
}

/**
 * Renumbers clip paths from 1 within a page or file. Plot numbers them by a counter of the process, which
 * would make the text depend on what was drawn before.
 */
export function renumbered(svg: string): string {
  const numbers = new Map<string, number>();
  return svg.replace(/plot-clip-(\d+)/g, (_, id: string) => {
    if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
    return `clip-${numbers.get(id) ?? 0}`;
  });
}

export const byLabel = (labels: readonly string[]): { domain: string[]; range: string[] } => ({
  domain: [...labels],
  range: labels.map((_, i) => colour(i)),
});

/** The x axis of oracle calls, with room for its label. */
export const callsAxis = { label: 'oracle calls', labelAnchor: 'center', labelOffset: 36 } as const;

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const raised = (exponent: number): string =>
  `${exponent < 0 ? '⁻' : ''}${Array.from(String(Math.abs(exponent)), (digit) => superscripts[Number(digit)] ?? '').join('')}`;

/** The text of a logarithmic axis's tick: 20, 0.05, 10⁻⁸, 2·10⁻⁸. */
export function logTick(x: number): string {
  const rounded = Number(x.toPrecision(2));
  if (rounded >= 0.01 && rounded < 1000) return rounded.toLocaleString('en', { maximumFractionDigits: 6 });
  const [mantissa = '1', exponent = '0'] = rounded.toExponential().split('e');
  return `${mantissa === '1' ? '' : `${mantissa}·`}10${raised(Number(exponent))}`;
}

/**
 * The ticks of a logarithmic axis over these values, at most `most`: powers of ten, evenly spaced. If there
 * are fewer than two, 1, 2 and 5 times powers of ten; if of these too, the ends.
 */
export function logTicks(values: readonly number[], most = 7): number[] {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), 0);
  if (!(low > 0 && low <= high && high < Infinity)) return [];
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  if (last - first >= 1) {
    const every = Math.ceil((last - first + 1) / most);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
      .filter((exponent) => exponent % every === 0)
      .map((exponent) => Number(`1e${exponent}`));
  }
  const within = [first - 1, first, first + 1]
    .flatMap((exponent) => [1, 2, 5].map((digit) => Number(`${digit}e${exponent}`)))
    .filter((x) => x >= low && x <= high);
  return within.length > 1 ? within : low < high ? [low, high] : [low];
}

/** The axis of a logarithmic quantity. */
export const logAxis = (values: readonly number[], label: string | null): Plot.ScaleOptions => ({
  type: 'log',
  label,
  grid: true,
  ticks: logTicks(values),
  tickFormat: logTick,
});

/** Dashes and marks that distinguish seeds. If there are more seeds, they are used again in turn. */
const dashes = ['none', '7 4', '2 3', '9 3 2 3', '4 2'];
const symbols = ['circle', 'triangle', 'square', 'diamond2', 'star'] as const;
const signs = ['●', '▲', '■', '◆', '★'];

export const dashOf = (index: number): string => dashes[index % dashes.length] ?? 'none';
export const symbolOf = (index: number): (typeof symbols)[number] =>
  symbols[index % symbols.length] ?? 'circle';
/** The mark as a character, for legends. */
export const signOf = (index: number): string => signs[index % signs.length] ?? '●';
