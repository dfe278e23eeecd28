import { renumbered } from './report/draw.js';
import { definitions, escape, page } from './report/html.js';
import { sectionHtml } from './report/sections.js';
import type { Results } from './results.js';

/**
 * The results as one HTML page that can be mailed: without scripts and external requests, for light and dark
 * displays and for phones. A pure function.
 */
export function report({ title, command, interrupted, notBegun, sections, environment }: Results): string {
  const body = [
    `<h1>${escape(title)}</h1>`,
    interrupted
      ? '<div class="verdict warning"><p>This comparison was interrupted. It shows what was done until then.</p></div>'
      : '',
    notBegun.length > 0
      ? `<div class="verdict warning"><p>Never begun: ${escape(notBegun.join(', '))}.</p></div>`
      : '',
    ...sections.map(sectionHtml),
    `<h2>Make it again</h2><pre><code>${escape(command)}</code></pre>${definitions(environment)}`,
    '<p class="soft">The same command with the same engine, thread count and version of Node gives the same numbers, bit for bit; only the seconds differ.</p>',
    '<footer>Made by Stillpoint. Every method has the same budget.</footer>',
  ];
  return page(title, renumbered(body.filter(Boolean).join('\n')));
}
