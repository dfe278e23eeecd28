import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { typedoc } from './examples.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
function run(what: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: path('..'), encoding: 'utf8' });
  if (status !== 0) throw new Error(`${what} not build:\n${stdout}${stderr}`);
}

/** Whether there are API pages, made since what makes them has changed. */
function upToDate(): boolean {
  const made = path('../pages/api/typedoc-sidebar.json');
  const makers = [
    '../typedoc.json',
    '../generate/typedoc-modules.mjs',
    '../generate/typedoc-names.mjs',
    '../generate/api-sentences.json',
  ];
  return existsSync(made) && makers.every((file) => statSync(path(file)).mtimeMs <= statSync(made).mtimeMs);
}

/**
 * Builds the packages that the docs are about, with the compiler that builds them elsewhere (about a second
 * where nothing has changed), and the API pages where there are none or old ones.
 */
export function setup(): void {
  const tsc = join(
    dirname(createRequire(path('../../cli/package.json')).resolve('typescript/package.json')),
    'bin',
    'tsc',
  );
  run('the packages do', [tsc, '-b', path('../../cli')]);
  if (!upToDate()) run('the API pages do', [typedoc]);
}
