import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { methodsFor } from '@stillpoint/experiments';
import type { Facts, Game } from '@stillpoint/operators';
import { solveWith } from '@stillpoint/optimizers/drivers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { problemFrom, problemKinds, type ProblemKind, type ProblemRow } from '@stillpoint/problems';
import { cited, code, figure, plain, table } from './markdown.js';
import { explained, withoutStars } from './docstrings.js';
import { anchor, list, optionTable, section, sentence } from './parts.js';
import { problemsByKind } from './registries.js';

// A page for every kind of problems, from the registry: a kind that is added there has one.

const STEPS = 100;

/** The command that solves a problem so, and the first line that it prints: the run is made here. */
export function solved(problem: string, method: string): string {
  const { message } = solveWith(problemFrom(problem).problem, (facts) => methodFrom(method, facts), {
    steps: STEPS,
  });
  const quoted = (spec: string): string => (/^[a-z\d-]+$/.test(spec) ? spec : `'${spec}'`);
  const command = `npx stillpoint solve ${quoted(problem)} --method ${quoted(method)} --steps ${STEPS}`;
  return `\`\`\`sh\n${command}\n\`\`\`\n\n\`\`\`text\n${message}\n\`\`\``;
}

/** As many entries of a vector are written out. */
const ENTRIES = 12;
const vector = (entries: ArrayLike<number>): string =>
  entries.length > ENTRIES
    ? `${entries.length} entries`
    : `(${Array.from(entries, (x) => figure(x)).join(', ')})`;
const constant = (x: number | undefined): string => (x === undefined ? '' : figure(x));
const pair = ({ generalisedSmooth: found }: Facts): string =>
  found === undefined ? '' : `${figure(found.L0)}, ${figure(found.L1)}`;

/** The columns of the tables; those that no problem of a kind fills are left out. */
const columns: { readonly [title: string]: (game: Game, facts: Facts) => string } = {
  L: (_, { lipschitz }) => constant(lipschitz),
  ρ: ({ players }, { weakMinty }) => (players.length === 1 ? '' : constant(weakMinty)),
  'L₀, L₁': (_, facts) => pair(facts),
  μ: (_, { stronglyMonotone }) => constant(stronglyMonotone),
  'least value': (_, { optimum }) => constant(optimum),
  players: ({ players }) =>
    players.map(({ name, start, end }) => `${plain(name)} (${end - start})`).join(', '),
  terms: ({ terms }) => (terms === undefined ? '' : String(terms.count)),
};

function constants(kind: ProblemKind, rows: readonly ProblemRow[]): string {
  const games = rows.map((row) => ({ row, game: problemFrom(row.name).exact }));
  const cells = Object.entries(columns).map(([title, cell]) => ({
    title,
    texts: games.map(({ game }) => cell(game, game.facts ?? {})),
  }));
  const filled = cells.filter(({ texts }) => texts.some(Boolean));
  return table(
    [kind.name, 'what it is', ...filled.map(({ title }) => title)],
    games.map(({ row: { name, about } }, i) => [
      anchor(name),
      plain(about),
      ...filled.map(({ texts }) => texts[i] || '–'),
    ]),
  );
}

/** What a problem defines beside F, in words; empty if nothing. */
const beside = (game: Game): string =>
  [
    game.losses && 'losses',
    game.jacobianVector && 'Jacobian products',
    game.residual && 'residuals',
    game.residual?.regulariser && 'a regulariser',
    game.constraint && 'a constraint',
    game.gap && 'a gap',
  ]
    .filter(Boolean)
    .join(', ');

/** A docstring without its tags: links become code, and errors, which the API pages name, are left out. */
const inProse = (text: string): string =>
  text.replace(/\{@link (\w+)\}/g, '`$1`').replace(/\s*@throws[^]*$/, '');
const sources = fileURLToPath(new URL('../../../packages/problems/src/', import.meta.url));
/** The docstrings of problems, by name: each stands above the problem in its file. */
const docstrings: ReadonlyMap<string, string> = new Map(
  readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) =>
      Array.from(
        readFileSync(join(sources, path), 'utf8').matchAll(
          /\/\*\*((?:(?!\*\/)[^])*)\*\/\nexport const \w+ = \w+\(\{\n {2}name: '([^']+)'/g,
        ),
        ([, text = '', name = '']): readonly [string, string] => [name, inProse(withoutStars(text))],
      ),
    ),
);

function problemSection({ kind, name, about, options, reference, shown }: ProblemRow): string {
  const { problem, exact } = problemFrom(name);
  const { facts } = exact;
  const said = docstrings.get(name);
  const run = shown ?? { method: kind.method ?? methodsFor(exact).at(-1)! };
  return section(
    name,
    sentence(about),
    ...(said === undefined ? [] : [explained(said)]),
    code(problem.name),
    optionTable(options),
    list({
      ...(beside(exact) && { 'Defines, beside F': beside(exact) }),
      ...(facts?.solution && { Solution: vector(facts.solution) }),
      ...(exact.start && { Start: vector(exact.start) }),
      ...(facts?.zeroSum && { 'Zero-sum': 'yes' }),
      ...(facts?.convexTerms && { 'Every term is convex': 'yes' }),
      ...(problem.terms && { 'A finite sum': `${problem.terms.count} terms` }),
      Reference: cited(reference),
    }),
    solved(run.problem ?? name, run.method),
  );
}

const legend = [
  'L is the Lipschitz constant of F; ρ is the weak-Minty constant, $\\langle F(z),\\ z - z^*\\rangle \\ge \\rho\\,\\|F(z)\\|^2$ for all $z$;',
  'L₀ and L₁ bound its curvature by L₀ + L₁‖F‖ ([what for](/guide/clipping)); μ is its strong monotonicity. All are for the default options.',
  'A dash means that the problem does not state it.',
].join(' ');

const titleOf = ({ plural }: ProblemKind): string => plural.slice(0, 1).toUpperCase() + plural.slice(1);
const slugOf = ({ plural }: ProblemKind): string => plural.replaceAll(' ', '-');

function pageOf(kind: ProblemKind): string {
  const rows = problemsByKind[kind.plural] ?? [];
  return [
    `# ${titleOf(kind)}`,
    plain(kind.about),
    legend,
    constants(kind, rows),
    'A problem of your own is an object or a file: see [getting started](/guide/getting-started#a-game-in-a-file).',
    'Each example below is a run, and the first line that it prints.',
    ...rows.map(problemSection),
  ].join('\n\n');
}

/** A page for every kind of problems, in the form of VitePress' dynamic routes. */
export const problemPages = (): {
  readonly params: { readonly kind: string };
  readonly content: string;
}[] => problemKinds.map((kind) => ({ params: { kind: slugOf(kind) }, content: pageOf(kind) }));

/** Links to these pages. */
export const problemLinks = (): { readonly text: string; readonly link: string }[] =>
  problemKinds.map((kind) => ({ text: titleOf(kind), link: `/reference/${slugOf(kind)}` }));

/** The sections of the page of a kind, for the search index; undefined if it is the page of no kind. */
export function searchSections(
  slug: string,
): { readonly anchor: string; readonly titles: string[]; readonly text: string }[] | undefined {
  const kind = problemKinds.find((one) => slugOf(one) === slug);
  return (
    kind &&
    (problemsByKind[kind.plural] ?? []).map(({ name, about, reference, options }) => ({
      anchor: name,
      titles: [titleOf(kind), name],
      text: [
        about,
        reference,
        ...Object.entries(options).map(([option, { about: what }]) => `${option}: ${what}`),
      ].join('\n'),
    }))
  );
}
