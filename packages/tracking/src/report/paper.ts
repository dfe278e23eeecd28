import {
  verdictCounts,
  type PaperClaim,
  type PaperFigure,
  type PaperResults,
  type PaperSetting,
} from '../results/paper.js';
import { renumbered } from './draw.js';
import { definitions, escape, page } from './html.js';
import { sectionHtml } from './sections.js';

const colours = {
  reproduced: 'yes',
  'scaled down': 'yes',
  'not reproduced': 'no',
  'not tried here': 'soft',
} as const;

/** A claim below its verdict: where it is stated, what the paper has, and what came out here. */
function claimHtml({ statement, source, published, measured, verdict, scaled, needs }: PaperClaim): string {
  const rows: readonly (readonly [string, string | null])[] = [
    ['stated', source],
    ['the paper’s number', published],
    ['measured here', measured],
    ['smaller here', scaled],
    ['it would take', verdict === 'not tried here' ? needs : null],
  ];
  const known = rows.flatMap(([name, words]) => (words === null ? [] : [[name, words] as const]));
  return `<p><span class="${colours[verdict]}">${verdict}</span>: ${escape(statement)}</p>${definitions(Object.fromEntries(known))}`;
}

/** Settings with where each is published. */
const settingsHtml = (settings: readonly PaperSetting[]): string =>
  definitions(
    Object.fromEntries(
      settings.map(({ name, value, published }) => [
        name,
        `${value} (${published === null ? 'not published: Stillpoint’s' : published})`,
      ]),
    ),
  );

/** HTML whose headings are one rank lower: a section's title is below that of its figure. */
const lowered = (html: string): string =>
  html.replace(/<(\/?)h([2-5])>/g, (_, end: string, rank: string) => `<${end}h${Number(rank) + 1}>`);

const figureHtml = ({ name, title, shows, settings, claims, sections }: PaperFigure): string =>
  [
    `<h2 id="${escape(name)}">${escape(title)}</h2><p class="soft">${escape(shows)}</p>`,
    ...claims.map(claimHtml),
    `<h3>Settings</h3>${settingsHtml(settings)}`,
    ...sections.map((section) => lowered(sectionHtml(section))),
  ].join('\n');

/** A paper's figures and claims as one HTML page, without scripts and external requests. A pure function. */
export function paperReport(results: PaperResults): string {
  const { title, authors, year, where, command, quick, interrupted, incomplete, figures } = results;
  const all = figures.flatMap(({ claims }) => claims);
  const warning = (words: string): string => `<div class="verdict warning"><p>${escape(words)}</p></div>`;
  const body = [
    `<h1>${escape(title)}</h1><p class="soft">${escape(`${authors} ${year}, ${where}`)}</p>`,
    interrupted ? warning('This was interrupted. It shows what was done until then.') : '',
    incomplete.length > 0 ? warning(`Not complete: ${incomplete.join(', ')}.`) : '',
    quick ? warning('The quick form: its runs are smaller than those of the whole.') : '',
    `<div class="verdict"><p>${escape(`Claims: ${verdictCounts(all)}.`)}</p></div>`,
    ...figures.map(figureHtml),
    `<h2>Make it again</h2><pre><code>${escape(command)}</code></pre>${definitions(results.environment)}`,
    '<p class="soft">“Not published: Stillpoint’s” marks a setting that could not be read in the paper or its code. A number of the paper is shown only where it was read.</p>',
    '<footer>Made by Stillpoint.</footer>',
  ];
  return page(title, renumbered(body.filter(Boolean).join('\n')));
}
