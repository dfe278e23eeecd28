import type { Run } from '@stillpoint/tracking';
import { drawNamed } from '@stillpoint/tracking/plots';
import type { Example } from './example.js';
import { code, plain } from './markdown.js';

/**
 * A picture with its caption, which neither markdown nor Vue parses. Style elements are removed: Vue drops
 * them in the browser, and its elements would then no longer match the page. Coordinates are rounded to a
 * hundredth of a pixel, since most of a page is pictures.
 */
export function picture(svg: string, words: string, caption: string): string {
  if (svg === '') return '';
  const rounded = (coordinates: string): string =>
    coordinates.replace(/\d+\.\d{3,}/g, (x) => String(Number(Number(x).toFixed(2))));
  const drawn = svg
    .replace(/<style>[^]*?<\/style>/g, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/ (?:d|transform|c?[xy][12]?)="[^"]*"/g, rounded);
  const below = `<figcaption>${caption}</figcaption>`;
  return `<figure v-pre class="drawn" aria-label="${plain(words)}">${drawn}${below}</figure>`;
}

const short = (x: number): string =>
  x === 0 || (x >= 1e-3 && x < 1e4)
    ? String(Number(x.toPrecision(2)))
    : x.toExponential(0).replace('e+', 'e');

/** How a run ended, as the rest of a sentence that begins with the method. */
export function ended({ status, calls, values, series }: Run): string {
  const residual = values['residual'] ?? null;
  const spent = Number(calls.toPrecision(6));
  if (status === 'converged') return `converges in ${spent} oracle calls`;
  if (status === 'ended') return `ends by its own stopping rule after ${spent} oracle calls`;
  if (status === 'diverged' || status === 'non-finite' || residual === null) return 'diverges';
  const first = series['residual']?.y[0] ?? residual;
  const where = residual > 2 * first ? 'moves away: it ' : '';
  return `${where}has a residual of ${short(residual)} after ${spent} oracle calls`;
}

/** The paths of an example's runs, side by side; empty if the game does not have two entries. */
export function ways({ game, section, spec, beside }: Example): string {
  const pictures = section.runs.map((run, i) =>
    picture(
      drawNamed({ ...section, runs: [run] }, 'paths'),
      `the path of ${run.label} on ${game}; arrows: −F`,
      `${code(beside !== undefined && i === 0 ? beside : spec)} ${ended(run)}.`,
    ),
  );
  return pictures.every(Boolean) ? `<div class="beside">\n${pictures.join('\n')}\n</div>` : '';
}
