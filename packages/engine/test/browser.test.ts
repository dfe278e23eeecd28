import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { Vite } from 'vitest/node';
import { chromium, openPage } from '../../../testing/chromium.js';
import { folder } from '../../../testing/folder.js';

const root = fileURLToPath(new URL('browser', import.meta.url));
const require = createRequire(import.meta.url);
// vitest brings Vite
const vite: typeof Vite = await import(
  pathToFileURL(createRequire(require.resolve('vitest/package.json')).resolve('vite')).href
);
const { results }: { readonly results: () => Promise<unknown> } = await import(
  new URL('browser/work.mjs', import.meta.url).href
);

const expected: unknown = JSON.parse(JSON.stringify(await results()));

/** Bundles the sources for a page, or for Node if `entry` is given, which leaves npm's packages outside. */
async function bundle(outDir: string, entry?: string): Promise<void> {
  await vite.build({
    configFile: false,
    logLevel: 'error',
    root,
    base: './',
    resolve: { conditions: ['@stillpoint/source', 'module', 'browser'] },
    ssr: {
      noExternal: [/^@stillpoint/],
      resolve: { conditions: ['@stillpoint/source', 'module', 'node'] },
    },
    build: {
      outDir,
      target: 'es2022',
      minify: entry === undefined,
      ...(entry === undefined ? {} : { ssr: entry }),
    },
  });
}

const skipped = chromium === undefined;
test.skipIf(skipped)(
  `a bundled page computes what Node does, on wasm and cpu${skipped ? ' (skipped: no Chromium)' : ''}`,
  async () => {
    const page = folder();
    await bundle(page);
    expect(JSON.parse(await openPage(chromium!, page))).toEqual(expected);
  },
  180_000,
);

test('a bundle for Node, which imports of tfjs the core alone, computes it in a process of its own', async () => {
  const outDir = join(root, `.node-${process.pid}`);
  try {
    await bundle(outDir, join(root, 'node.mjs'));
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(outDir, 'node.js')], {
      encoding: 'utf8',
    });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(JSON.parse(stdout)).toEqual(expected);
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}, 60_000);
