import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Builds the packages that the docs are about; takes about a second where nothing has changed. */
export function setup(): void {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '-b', fileURLToPath(new URL('../../cli', import.meta.url))], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the packages do not build:\n${stdout}${stderr}`);
}
