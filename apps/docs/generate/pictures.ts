import type { GameRun } from '@stillpoint/tracking';
import { fieldPlot } from '@stillpoint/tracking/plots';
import type { Example } from './example.js';
import { code, plain } from './markdown.js';

/** A picture as it stands: neither markdown nor Vue reads it. Vue drops style elements in the browser only, which would shift what it finds there. */
export function picture(svg: string, words: string, caption: string): string {
  if (svg === '') return '';
  const drawn = svg.replace(/<style>[^]*?<\/style>/g, '').replace(/\s*\n\s*/g, ' ');
  return `<figure v-pre class="drawn" aria-label="${plain(words)}">${drawn}<figcaption>${caption}</figcaption></figure>`;
}

/** How a run ended, as a predicate. */
export function ended({ status, oracleCalls, residual }: GameRun): string {
  if (status === 'converged') return `converges in ${oracleCalls} oracle calls`;
  if (status === 'diverged' || status === 'non-finite') return 'diverges';
  return `has a residual of ${Number((residual ?? NaN).toPrecision(2))} after ${oracleCalls} oracle calls`;
}

/** Where the runs of an example went, side by side; nothing if the game has not two entries. */
export function ways({ game, section }: Example): string {
  const pictures = section.runs.map((run) => picture(
    fieldPlot({ ...section, runs: [run] }), `the way of ${run.label} on ${game}; arrows: −F`, `${code(run.method)} ${ended(run)}.`,
  ));
  return pictures.every(Boolean) ? `<div class="beside">\n${pictures.join('\n')}\n</div>` : '';
}
