import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { papers, type Figure, type Paper } from '@stillpoint/experiments/papers';
import { formatData } from '@stillpoint/operators';
import { verdictCounts, type PaperClaim, type PaperResults } from '@stillpoint/tracking';
import { code, plain, table } from './markdown.js';

/** A figure as papers.mjs keeps it: its claims, and the names of its pictures. */
interface Kept {
  readonly name: string;
  readonly claims: readonly PaperClaim[];
  readonly pictures: readonly string[];
}
type Made = Omit<PaperResults, 'figures'> & { readonly figures: readonly Kept[] };

const place = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What the repository keeps of a paper's reproduction; undefined if there is nothing. */
function keptOf({ name }: Paper): Made | undefined {
  const file = place(`../papers/${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** The claims of a figure as a table; those that were not tried with what it would take. */
const claimTable = (claims: readonly PaperClaim[]): string =>
  table(
    ['claim', 'stated', 'the paper’s number', 'measured here', 'verdict'],
    claims.map(({ statement, source, published, measured, verdict, scaled, needs }) => [
      plain(statement),
      plain(source),
      published === null ? '' : plain(published),
      measured === null ? '' : plain(measured),
      [
        `**${verdict}**`,
        scaled === null ? '' : plain(scaled),
        verdict === 'not tried here' && needs !== null ? `it would take ${plain(needs)}` : '',
      ]
        .filter(Boolean)
        .join(': '),
    ]),
  );

function figureSection(paper: Paper, figure: Figure, made: Made | undefined): string {
  const { name, title, shows, takes, settings, options = {} } = figure;
  const kept = made?.figures.find((one) => one.name === name);
  const pictures = (kept?.pictures ?? []).map(
    (file) => `![${plain(title)}](/papers/${paper.name}/${name}/${file})`,
  );
  return [
    `## ${plain(title)} {#${name}}`,
    plain(shows),
    ...(takes === undefined
      ? ['It is not made here.']
      : [
          `\`\`\`sh not-run\nnpx stillpoint reproduce ${paper.name}/${name}\n\`\`\``,
          `It takes ${plain(takes)} on two cores.`,
        ]),
    kept === undefined ? 'No result of it is kept in these pages.' : claimTable(kept.claims),
    ...pictures,
    settings.length === 0
      ? ''
      : table(
          ['setting', 'value', 'published'],
          settings.map(({ name: what, value, published }) => [
            plain(what),
            plain(value),
            published === null ? 'not published: Stillpoint’s' : plain(published),
          ]),
        ),
    Object.keys(options).length === 0
      ? ''
      : table(
          ['to choose with --set', 'here', ''],
          Object.entries(options).map(([option, { default: value = null, about }]) => [
            code(option),
            code(formatData(value)),
            plain(about),
          ]),
        ),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function pageOf(paper: Paper): string {
  const { name, title, authors, year, where, about, figures } = paper;
  const made = keptOf(paper);
  const claims = made?.figures.flatMap((figure) => figure.claims) ?? [];
  const link = where.replace(/^arXiv (\S+)$/, '[arXiv $1](https://arxiv.org/abs/$1)');
  return [
    `# ${plain(title)}`,
    `${plain(authors)} ${year}, ${link}. ${plain(about)}`,
    `Claims: ${verdictCounts(claims)}.`,
    `\`stillpoint reproduce ${name}\` makes these figures again, and writes them with a report. Words: a claim that held with the paper’s settings, or with Stillpoint’s where none are published, is *reproduced*; one that held in a smaller form is *scaled down*; *not reproduced* did not hold; *not tried here* says what it would take. A number of the paper is shown only where it was read. \`--set option=value\` chooses other seeds and sizes, as in \`--set firstSeed=101\`.`,
    ...figures.map((figure) => figureSection(paper, figure, made)),
    made === undefined
      ? ''
      : `Made with ${Object.entries(made.environment)
          .map(([what, value]) => `${plain(what)} ${plain(value)}`)
          .join(', ')}.`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** The pages of papers, for VitePress. */
export const paperPages = (): readonly {
  readonly params: { readonly paper: string };
  readonly content: string;
}[] => papers.map((paper) => ({ params: { paper: paper.name }, content: pageOf(paper) }));

/** The papers in the sidebar. */
export const paperSidebar = (): readonly { readonly text: string; readonly link: string }[] => [
  { text: 'What is reproduced', link: '/papers/' },
  ...papers.map(({ name, authors, year }) => ({
    text: `${authors.split(',')[0]} et al. ${year}`,
    link: `/papers/${name}`,
  })),
];

/** All papers in a table: the block `papers` of the overview. */
export const paperTable = (): string =>
  table(
    ['paper', 'command', 'claims'],
    papers.map((paper) => [
      `[${plain(`${paper.authors.split(',')[0]} et al. ${paper.year}`)}](./${paper.name}): ${plain(paper.title)}`,
      code(`stillpoint reproduce ${paper.name}`),
      verdictCounts(keptOf(paper)?.figures.flatMap(({ claims }) => claims) ?? []),
    ]),
  );
