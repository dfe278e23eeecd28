// Checks the layout (oxfmt), lints everything (oxlint, type-aware, warnings denied; .oxlintrc.json also says
// who may import whom), and checks the width of comments, which the formatter does not change.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const WIDTH = 110;
const runs = [
  ['oxfmt', '--check', '.'],
  ['oxlint', '--type-aware', '--deny-warnings', 'packages', 'apps', 'scripts', 'bench', 'testing'],
].map((command) => spawnSync('npx', ['--no-install', ...command], { stdio: 'inherit' }).status ?? 1);

/** Strings, templates of one line, and regular expressions: these stand behind a bracket or an operator. */
const literals =
  /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|(?<=(?:^|[(,=:[!&|?])\s*)\/(?:[^/\\]|\\.)+\//g;

/** Lines that are too wide where their literals and links do not count. */
function wide(file) {
  const found = [];
  let inTemplate = false;
  for (const [i, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    const comment = !inTemplate && /^\s*(\/\/|\/?\*)/.test(line);
    const openTemplate = inTemplate || (line.match(/(?<!\\)`/g) ?? []).length % 2 === 1;
    const excused = /https?:/.test(line) || (!comment && (openTemplate || line.includes('${')));
    const counted = comment ? line : line.replace(literals, '');
    if (counted.length > WIDTH && !excused)
      found.push(`${file}:${i + 1}: ${line.length} columns; expected at most ${WIDTH}`);
    if (!comment && (line.match(/(?<!\\)`/g) ?? []).length % 2 === 1) inTemplate = !inTemplate;
  }
  return found;
}
const tracked = spawnSync('git', ['ls-files', '-z', '*.ts', '*.mjs', '*.js'], { encoding: 'utf8' }).stdout;
// git still lists a file that was removed and not committed
const lines = tracked.split('\0').filter(existsSync).flatMap(wide);
for (const line of lines) console.error(line);

process.exitCode = runs.find((status) => status !== 0) ?? (lines.length === 0 ? 0 : 1);
