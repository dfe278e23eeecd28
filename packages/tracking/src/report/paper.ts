import {
  verdictCounts,
  type PaperClaim,
  type PaperFigure,
  type PaperResults,
  type PaperSetting,
} from '../results/paper.js';
import { renumbered } from './draw.js';
import { definitions, escape, page, table } from './html.js';
import { sectionHtml } from './sections.js';

/** A claim's verdict, in the colour of its kind. */
function verdictCell({ verdict, scaled, needs }: PaperClaim): string {
  const kind = { reproduced: 'yes', 'scaled down': '', 'not reproduced': 'no', 'not tried here': 'soft' };
  const why = [scaled, verdict === 'not tried here' ? needs : null].filter((words) => words !== null);
  return [
    `<span class="${kind[verdict]}">${verdict}</span>`,
    ...why.map((words) => `<span class="soft">${escape(words)}</span>`),
  ].join('<br>');
}

/** The claims of a figure as a table. */
function claimsHtml(claims: readonly PaperClaim[]): string {
  return `<div class="claims">${table(
    ['claim', 'stated', 'the paper’s number', 'measured here', 'verdict'],
    claims.map((claim) => [
      escape(claim.statement),
      escape(claim.source),
      claim.published === null ? '–' : escape(claim.published),
      claim.measured === null ? '–' : escape(claim.measured),
      verdictCell(claim),
    ]),
  )}</div>`;
}

/** Settings with where each is published. */
const settingsHtml = (settings: readonly PaperSetting[]): string =>
  definitions(
    Object.fromEntries(
      settings.map(({ name, value, published }) => [
        name,
        `${value} (${published === null ? 'not published: ours' : published})`,
      ]),
    ),
  );

/** HTML whose headings are one rank lower: a section's title is below that of its figure. */
const lowered = (html: string): string =>
  html.replace(/<(\/?)h([2-5])>/g, (_, end: string, rank: string) => `<${end}h${Number(rank) + 1}>`);

const figureHtml = ({ name, title, shows, settings, claims, sections }: PaperFigure): string =>
  [
    `<h2 id="${escape(name)}">${escape(title)}</h2><p class="soft">${escape(shows)}</p>`,
    claimsHtml(claims),
    `<h3>Settings</h3>${settingsHtml(settings)}`,
    ...sections.map((section) => lowered(sectionHtml(section))),
  ].join('\n');

/** A paper's figures and claims as one HTML page, without scripts and external requests. A pure function. */
export function paperReport(results: PaperResults): string {
  const { title, authors, year, where, command, quick, interrupted, notBegun, figures } = results;
  const all = figures.flatMap(({ claims }) => claims);
  const warning = (words: string): string => `<div class="verdict warning"><p>${escape(words)}</p></div>`;
  const body = [
    `<h1>${escape(title)}</h1><p class="soft">${escape(`${authors} ${year}, ${where}`)}</p>`,
    interrupted ? warning('This was interrupted. It shows what was done until then.') : '',
    notBegun.length > 0 ? warning(`Never begun: ${notBegun.join(', ')}.`) : '',
    quick ? warning('The quick form: its runs are smaller than those of the whole.') : '',
    `<div class="verdict"><p>${escape(`Claims: ${verdictCounts(all)}.`)}</p></div>`,
    ...figures.map(figureHtml),
    `<h2>Make it again</h2><pre><code>${escape(command)}</code></pre>${definitions(results.environment)}`,
    '<p class="soft">“Not published: ours” marks a setting that could not be read in the paper or its code. A number of the paper is shown only where it was read.</p>',
    '<footer>Made by Stillpoint.</footer>',
  ];
  return page(title, renumbered(body.filter(Boolean).join('\n')));
}
