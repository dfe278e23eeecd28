import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folder } from '../../../testing/folder.js';

const packages = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The sources of `@stillpoint/tracking/files` and `/run`, compiled, with those they import, into a new
 * folder: what a process of its own can import from there as `./files.mjs`, `./run.mjs` and
 * `./operators.mjs`. A test that kills a process needs one, and what was built may be older than the sources.
 */
export function compiled(): string {
  const root = folder();
  const operators = join(packages, 'operators/src/index.ts');
  const project = {
    compilerOptions: {
      outDir: root,
      rootDir: packages,
      module: 'nodenext',
      target: 'es2022',
      noCheck: true,
      types: [],
      paths: { '@stillpoint/operators': [operators] },
    },
    files: [operators, ...['files', 'run'].map((name) => join(packages, `tracking/src/${name}.ts`))],
  };
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify(project));
  const tsc = join(packages, 'tracking/node_modules/.bin/tsc');
  const { status, stdout } = spawnSync(tsc, ['-p', root], { cwd: packages, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the sources do not compile: ${stdout}`);
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  writeFileSync(join(root, 'operators/package.json'), '{"type":"module","exports":"./src/index.js"}');
  mkdirSync(join(root, 'node_modules/@stillpoint'), { recursive: true });
  symlinkSync(join(root, 'operators'), join(root, 'node_modules/@stillpoint/operators'), 'junction');
  for (const name of ['files', 'run'])
    writeFileSync(join(root, `${name}.mjs`), `export * from './tracking/src/${name}.js';\n`);
  writeFileSync(join(root, 'operators.mjs'), `export * from '@stillpoint/operators';\n`);
  return root;
}
