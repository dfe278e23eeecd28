import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const docs: string = fileURLToPath(new URL('..', import.meta.url));
/** TypeDoc's own start, which its package does not export. */
export const typedoc: string = join(docs, 'node_modules', 'typedoc', 'bin', 'typedoc');
const cli = fileURLToPath(new URL('../../cli/bin/stillpoint.mjs', import.meta.url));

/**
 * A fenced block of a page. Every js and sh block is run, in the order of its page and in one folder, unless
 * its fence says `not-run`. `file=name` writes a block, of any language, to that file instead; `exit=2`
 * expects that status of each command. The API pages' examples are those of the READMEs, which their packages
 * run. A `text output` block holds all that the last block run printed; a line … stands for any lines, and …
 * within a line for any text of that line, such as a number that depends on the engine.
 */
export interface Block {
  readonly language: string;
  readonly words: readonly string[];
  readonly text: string;
  readonly line: number;
}

export interface Page {
  readonly name: string;
  readonly blocks: readonly Block[];
}

export function readPages(): Page[] {
  const folder = join(docs, 'pages');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.startsWith('api'))
    .sort()
    .map((name) => {
      const source = readFileSync(join(folder, name), 'utf8');
      const blocks = [...source.matchAll(/^```(\w+)([^\n]*)\n(.*?)^```$/gms)].map(
        ({ 1: language = '', 2: info = '', 3: text = '', index }) => ({
          language,
          words: info.trim().split(/\s+/).filter(Boolean),
          text,
          line: source.slice(0, index).split('\n').length,
        }),
      );
      return { name: relative(folder, join(folder, name)), blocks };
    });
}

interface Ran {
  readonly status: number;
  readonly output: string;
}
function run(file: string, args: readonly string[], cwd: string): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(file, args, { cwd, encoding: 'utf8', timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({
        status: error === null ? 0 : typeof error.code === 'number' ? error.code : -1,
        // of a command that succeeds stderr is progress, which depends on the machine's speed
        output: error === null ? stdout : stdout + stderr,
      });
    });
  });
}

/** A command as a reader types it, with `npx stillpoint` meaning the CLI of this repository. */
function shell(line: string, cwd: string): Promise<Ran> {
  const command = line.replace(/^npx stillpoint(?= |$)/, `'${process.execPath}' '${cli}'`);
  if (command === line) throw new Error(`the docs run only npx stillpoint: "${line}"`);
  return run('sh', ['-c', command], cwd);
}

export interface Outcome {
  readonly block: Block;
  readonly status: number;
  readonly expected: number;
  readonly output: string;
  /** What the page says it prints. */
  readonly shown?: string;
}

/** Runs a page's examples in a fresh folder that sees the workspace's packages. */
export async function runPage({ blocks }: Page): Promise<Outcome[]> {
  const cwd = mkdtempSync(join(tmpdir(), 'stillpoint-docs-'));
  const outcomes: Outcome[] = [];
  try {
    symlinkSync(join(docs, 'node_modules'), join(cwd, 'node_modules'), 'junction');
    for (const [i, block] of blocks.entries()) {
      const { language, words, text } = block;
      if (words.includes('not-run')) continue;
      const file = words.find((word) => word.startsWith('file='))?.slice('file='.length);
      if (file !== undefined) {
        writeFileSync(join(cwd, file), text);
        continue;
      }
      if (language !== 'js' && language !== 'sh') continue;
      const expected = Number(words.find((word) => word.startsWith('exit='))?.slice('exit='.length) ?? 0);
      const ran: Ran[] = [];
      if (language === 'js') {
        writeFileSync(join(cwd, `example-${i}.mjs`), text);
        ran.push(await run(process.execPath, [`example-${i}.mjs`], cwd));
      } else for (const line of text.split('\n').filter(Boolean)) ran.push(await shell(line, cwd));
      const next = blocks[i + 1];
      outcomes.push({
        block,
        expected,
        status: ran.find(({ status }) => status !== expected)?.status ?? expected,
        output: ran.map(({ output }) => output).join(''),
        ...(next?.words.includes('output') ? { shown: next.text } : {}),
      });
    }
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
  return outcomes;
}

const escaped = (line: string): string => line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whether a page shows what was printed; a line … stands for any lines, … within a line for any text. */
export function agrees(shown: string, output: string): boolean {
  const pattern = shown
    .trimEnd()
    .split('\n')
    .map((line) => (line.trim() === '…' ? '[^]*' : escaped(line).replaceAll('…', '.*').trimEnd()))
    .join('\n');
  return new RegExp(`^${pattern}\\s*$`).test(output.replace(/[ \t]+$/gm, ''));
}
