import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compareOnGame } from '@stillpoint/experiments';
import { formatSpec, InputError, type Game, type Spec } from '@stillpoint/operators';
import { methodFrom, specOf, type Group, type MethodRow } from '@stillpoint/optimizers/registry';
import { gameFrom } from '@stillpoint/problems';
import type { GameSection, Theory } from '@stillpoint/tracking';
import { fieldPlot, residualPlot, theoryPlot } from '@stillpoint/tracking/plots';
import { exampleSpec, list, oracleCallsOf, optionTable, sentence } from './blocks.js';
import { cited, code, plain } from './markdown.js';
import { registries } from './registries.js';

/** The order of the sidebar. */
const groups: readonly Group[] = ['baseline', 'monotone', 'single-call', 'weak Minty', 'anchored', 'proximal point', 'adaptive', 'stochastic', 'mirror', 'second-order', 'Adam', 'wrapper'];

/** On which games a method is shown, the first choice first. */
const usual = ['bilinear', 'linear(weakMinty=-0.1)', 'linear(weakMinty=0.2)'];
const shownOn: { readonly [group in Group]?: readonly string[] } = {
  'weak Minty': ['linear(weakMinty=-0.2)', ...usual], 'proximal point': ['linear(weakMinty=-0.2)', ...usual], 'mirror': ['matrix-game(matrix=[[2,-1],[-1,1]])'],
};
/** Times the default step size: at 1/L itself extragradient stands still on xy, and theory often wants less. */
const shares = [1, 0.9, 0.5, 0.25, 0.1, 0.05, 0.01];
const CALLS = 400;
const SOLVED = 1e-3;

/** The spec with every step size times a factor. */
function scaled(spec: Spec, factor: number): Spec {
  const { stepSize } = spec.options;
  return { ...spec, inner: spec.inner.map((inner) => scaled(inner, factor)), options: typeof stepSize === 'number' ? { ...spec.options, stepSize: Number((stepSize * factor).toPrecision(6)) } : spec.options };
}

interface Example {
  readonly game: Game;
  readonly spec: string;
  readonly section: GameSection;
}

/** A method on the first game that it solves, with a step size for which a theorem promises something if there is one; else where it came nearest. */
async function exampleOf(row: MethodRow): Promise<Example | undefined> {
  let nearest: { readonly example: Example; readonly residual: number } | undefined;
  for (const name of shownOn[row.group] ?? usual) {
    let solved: Example | undefined;
    for (const share of shares) {
      const game = gameFrom(name);
      try {
        const spec = formatSpec(scaled(specOf(methodFrom(exampleSpec(row), game.facts)), share));
        const section = await compareOnGame(game, { title: game.name, methods: [spec], calls: CALLS });
        const [run] = section.runs;
        if (run === undefined || run.status === 'failed') continue;
        const [example, residual] = [{ game, spec, section }, run.residual ?? Infinity];
        if (residual <= SOLVED && run.theory !== undefined && 'theorem' in run.theory) return example;
        if (residual <= SOLVED) solved ??= example;
        if (nearest === undefined || residual < nearest.residual) nearest = { example, residual };
      } catch (error) {
        if (!(error instanceof InputError)) throw error; // made for other games
      }
    }
    if (solved !== undefined) return solved;
  }
  return nearest?.example;
}

const sourceOf = (name: string): string | undefined => ['methods', 'wrappers'].map((folder) => fileURLToPath(new URL(`../../../packages/optimizers/src/${folder}/${name}.ts`, import.meta.url))).find(existsSync);

/** The docstring of the method in a file, without its stars. */
function docstring(source: string, name: string): string | undefined {
  const exported = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const [, text] = new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\\nexport function ${exported}\\b`).exec(source) ?? [];
  return text?.replace(/^[ \t]*\* ?/gm, '').trim();
}

/** A picture as it stands: neither markdown nor Vue reads it. Vue drops style elements in the browser only, which would shift what it finds there. */
const picture = (svg: string, words: string): string => (svg === '' ? '' : `<figure v-pre class="drawn" aria-label="${plain(words)}">${svg.replace(/<style>[^]*?<\/style>/g, '').replace(/\s*\n\s*/g, ' ')}</figure>`);

function theoryWords(theory: Theory | undefined): string {
  if (theory === undefined) return '';
  return 'theorem' in theory ? `Promised here by ${plain(theory.theorem)}: ${plain(theory.statement)}. ${cited(theory.source)}.` : `Nothing is promised here: ${plain(theory.reason)}.`;
}

function exampleSection({ game, spec, section }: Example): string {
  const [run] = section.runs;
  if (run === undefined) return '';
  const ended = run.status === 'converged' ? `converges in ${run.oracleCalls} oracle calls` : `has a residual of ${Number((run.residual ?? NaN).toPrecision(2))} after ${run.oracleCalls} oracle calls`;
  const command = `npx stillpoint compare '${game.name}' --methods '${spec}' --oracle-calls ${CALLS}`;
  return [
    '## On a small game', `On ${code(game.name)} it ${ended}.`, `\`\`\`sh not-run\n${command}\n\`\`\``,
    picture(fieldPlot(section), `the way of ${run.label} on ${game.name}; arrows: −F`), picture(residualPlot(section), 'residual against oracle calls'),
    '## What theory promises', theoryWords(run.theory), picture(theoryPlot(section), 'the bound, dashed, and what was measured'),
  ].filter(Boolean).join('\n\n');
}

async function pageOf(row: MethodRow): Promise<string> {
  const file = sourceOf(row.name);
  const source = file === undefined ? undefined : readFileSync(file, 'utf8');
  const said = source === undefined ? undefined : docstring(source, row.name);
  const example = await exampleOf(row);
  return [
    `# ${plain(row.name)}`, sentence(row.about), said === undefined ? '' : `\`\`\`text\n${said}\n\`\`\``,
    list({
      Assumes: plain(row.assumptions), 'When to take it': plain(row.when), 'Oracle calls per step': oracleCallsOf(row), Memory: `${plain(row.memory)} (vectors of the game’s length, z included)`,
      Family: row.family === 'inner' ? 'the method’s' : row.family, Elementwise: row.elementwise ? 'yes: many starts may be stacked in one vector' : 'no', Reference: cited(row.reference),
    }),
    '## Options', optionTable(row.options), example === undefined ? '' : exampleSection(example),
    source === undefined ? '' : `## The whole of it\n\n\`\`\`ts\n${source.trimEnd()}\n\`\`\``,
    '[All methods](/reference/methods) · [Which method?](/guide/which-method)',
  ].filter(Boolean).join('\n\n');
}

/** A page for every method, as VitePress wants its dynamic routes. */
export async function methodPages(): Promise<{ readonly params: { readonly method: string }; readonly content: string }[]> {
  const pages = [];
  for (const row of registries.methods) pages.push({ params: { method: row.name }, content: await pageOf(row) });
  return pages;
}

/** Links to the pages of the methods, by group. */
export function methodSidebar(): { readonly text: string; readonly collapsed: boolean; readonly items: { readonly text: string; readonly link: string }[] }[] {
  return groups.map((group) => ({ text: group, collapsed: true, items: registries.methods.filter((row) => row.group === group).map(({ name }) => ({ text: name, link: `/methods/${name}` })) })).filter(({ items }) => items.length > 0);
}
