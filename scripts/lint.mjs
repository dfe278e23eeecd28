// Checks the layout (oxfmt), lints everything (oxlint, type-aware, warnings denied; .oxlintrc.json also says
// who may import whom), and checks the width of comments, which the formatter does not change.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { wide } from './width.mjs';

const runs = [
  ['oxfmt', '--check', '.'],
  ['oxlint', '--type-aware', '--deny-warnings', 'packages', 'apps', 'scripts', 'bench', 'testing'],
].map((command) => spawnSync('npx', ['--no-install', ...command], { stdio: 'inherit' }).status ?? 1);

const tracked = spawnSync('git', ['ls-files', '-z', '*.ts', '*.mjs', '*.js'], { encoding: 'utf8' }).stdout;
// git still lists a file that was removed and not committed
const lines = tracked
  .split('\0')
  .filter(existsSync)
  .flatMap((file) => wide(file, readFileSync(file, 'utf8')));
for (const line of lines) console.error(line);

process.exitCode = runs.find((status) => status !== 0) ?? (lines.length === 0 ? 0 : 1);
