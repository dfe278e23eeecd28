import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { plain } from './markdown.js';

const run = promisify(execFile);
const cli = fileURLToPath(new URL('../../cli/bin/stillpoint.mjs', import.meta.url));
const help = async (...names: readonly string[]): Promise<string> =>
  (await run(process.execPath, [cli, 'help', ...names])).stdout.trimEnd();

/** The names in the list of commands that `stillpoint help` prints. */
export const commandNames = (overview: string): readonly string[] =>
  [...overview.matchAll(/^ {2}stillpoint (\S+) {2,}\S/gm)].map(([, name = '']) => name);

/** A section for each command: what it does, then the rest of what `stillpoint help` prints about it. */
export async function commandSections(): Promise<string> {
  const names = commandNames(await help());
  const texts = await Promise.all(names.map((name) => help(name)));
  return names
    .map((name, i) => {
      const [about = '', ...rest] = texts[i]!.split('\n\n');
      return `## ${name} {#${name}}\n\n${plain(about)}\n\n\`\`\`text\n${rest.join('\n\n')}\n\`\`\``;
    })
    .join('\n\n');
}
