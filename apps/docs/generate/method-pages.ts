import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { groups, type MethodRow } from '@stillpoint/optimizers/registry';
import type { RunClaim, Section } from '@stillpoint/tracking';
import { drawNamed } from '@stillpoint/tracking/plots';
import { oracleCallsOf } from './blocks.js';
import { exampleOf, type Example } from './example.js';
import { explained, withoutStars } from './docstrings.js';
import { displayed, inline } from './formulas.js';
import { cited, code, plain } from './markdown.js';
import { list, optionTable, sentence } from './parts.js';
import { ended, picture, ways } from './pictures.js';
import { linked } from './references.js';
import { registries } from './registries.js';

const folderOf = ({ group }: MethodRow): string =>
  group === 'wrapper' ? 'wrappers' : `methods/${group.toLowerCase().replaceAll(' ', '-')}`;
/** The path of a method's file, in the folder of its group; undefined for a method of another package. */
const sourceOf = (row: MethodRow): string | undefined =>
  [`../../../packages/optimizers/src/${folderOf(row)}/${row.name}.ts`]
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find(existsSync);

/** The docstring of a method file's export. */
function docstring(source: string): string | undefined {
  const [, text] = /\/\*\*((?:(?!\*\/)[^])*)\*\/\nexport const /.exec(source) ?? [];
  return text === undefined ? undefined : withoutStars(text);
}

/**
 * What a theorem says of a run. A statement is `conditions: inequality`; the inequality gets a line of its
 * own.
 */
function theoryWords(theory: RunClaim | undefined): string {
  if (theory === undefined) return '';
  if (theory.claim === 'no-bound') return `No theorem bounds this run: ${plain(theory.reason)}.`;
  const [, conditions, inequality] = /^(.*?): (.*)$/s.exec(theory.statement) ?? [];
  const source = `${cited(theory.source)}.`;
  const promised = `A theorem bounds this run: ${plain(theory.theorem)}`;
  if (conditions === undefined || inequality === undefined) {
    return `${promised}. ${inline(theory.statement, plain)}. ${source}`;
  }
  return `${promised} (${inline(conditions, plain)}):\n\n${displayed([inequality])}\n\n${source}`;
}

const ofMeans =
  'No theorem bounds this run: the theorems are about means over all samples, and this is a single run.';
const bound = (section: Section): string =>
  picture(
    drawNamed(section, 'theory'),
    'the bound (dashed) and what was measured',
    'The bound (dashed) and what was measured.',
  );

function exampleSection(example: Example): string {
  const { game, spec, calls, section, run, beside, why, sampled } = example;
  const [first] = section.runs;
  const other = beside === undefined || first === run ? undefined : first;
  const methods = beside === undefined ? spec : `${beside}; ${spec}`;
  const quoted = /^[a-z-]+$/.test(game) ? game : `'${game}'`;
  const command = `npx stillpoint compare ${quoted} --methods '${methods}' --oracle-calls ${calls}`;
  const otherEnded = other === undefined ? '' : `; ${code(beside ?? '')} ${ended(other)}`;
  const own = { ...section, runs: [run] };
  return [
    '## Example',
    why ?? '',
    `On ${code(game)}, ${code(spec)} ${ended(run)}${otherEnded}.`,
    `\`\`\`sh not-run\n${command}\n\`\`\``,
    ways(example),
    picture(
      drawNamed(own, 'residual'),
      'residual against oracle calls',
      `${code(spec)}: residual against oracle calls.`,
    ),
    '## What theory promises',
    ...(sampled ? [ofMeans] : [theoryWords(run.claims[0]), bound(own)]),
  ]
    .filter(Boolean)
    .join('\n\n');
}

async function pageOf(row: MethodRow): Promise<string> {
  const file = sourceOf(row);
  const source = file === undefined ? undefined : readFileSync(file, 'utf8');
  const said = source === undefined ? undefined : docstring(source);
  const example = await exampleOf(row);
  return [
    `# ${plain(row.name)}`,
    sentence(row.about),
    said === undefined ? '' : explained(said),
    list({
      Assumes: plain(row.assumptions),
      'When to take it': plain(row.when),
      'Oracle calls per step': oracleCallsOf(row),
      Memory: `${plain(String(row.memory))} (vectors of the game’s length, z included)`,
      Family: row.family === 'inner' ? 'that of the method inside' : row.family,
      Elementwise: row.elementwise ? 'yes: many starts may be stacked in one vector' : 'no',
      ...(said?.includes('Source:') ? {} : { Reference: cited(row.reference) }),
      References: linked(row),
    }),
    '## Options',
    optionTable(row.options),
    example === undefined ? '' : exampleSection(example),
    source === undefined ? '' : `## Source\n\n\`\`\`ts\n${source.trimEnd()}\n\`\`\``,
    '[All methods](/reference/methods) · [Which method?](/guide/which-method)',
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** The text of a method's page for the search. VitePress does not see the page, since it is in no file. */
export function searchText(row: MethodRow): string {
  const { about, assumptions, when, reference, options, group } = row;
  const file = sourceOf(row);
  const said = file === undefined ? undefined : docstring(readFileSync(file, 'utf8'));
  const optionWords = Object.entries(options).map(([option, { about: what }]) => `${option}: ${what}`);
  return [about, assumptions, when, reference, group, said ?? '', ...optionWords].join('\n');
}

/** A page for every method, in the form of VitePress' dynamic routes. */
export async function methodPages(): Promise<
  { readonly params: { readonly method: string }; readonly content: string }[]
> {
  const pages = [];
  for (const row of registries.methods)
    pages.push({ params: { method: row.name }, content: await pageOf(row) });
  return pages;
}

/** Links to the pages of the methods, by group. */
export function methodSidebar(): {
  readonly text: string;
  readonly collapsed: boolean;
  readonly items: { readonly text: string; readonly link: string }[];
}[] {
  return groups
    .map((group) => ({
      text: group,
      collapsed: true,
      items: registries.methods
        .filter((row) => row.group === group)
        .map(({ name }) => ({ text: name, link: `/methods/${name}` })),
    }))
    .filter(({ items }) => items.length > 0);
}
