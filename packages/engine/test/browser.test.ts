import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { chromium, openPage } from '../../../testing/chromium.js';
import { folder } from '../../../testing/folder.js';
import { bundlePage, vite } from '../../../testing/page.js';

const root = fileURLToPath(new URL('browser', import.meta.url));
const work = join(root, 'work.mjs');
const source = '@stillpoint/source';
const { results }: { readonly results: () => Promise<unknown> } = await import(pathToFileURL(work).href);

const expected: unknown = JSON.parse(JSON.stringify(await results()));

/** Bundles the sources for Node. npm's packages stay outside. */
async function bundleForNode(outDir: string): Promise<void> {
  await vite.build({
    configFile: false,
    logLevel: 'error',
    root,
    ssr: { noExternal: [/^@stillpoint/], resolve: { conditions: [source, 'module', 'node'] } },
    build: { outDir, target: 'es2022', minify: false, ssr: join(root, 'node.mjs') },
  });
}

const skipped = chromium === undefined;
test.skipIf(skipped)(
  `a bundled page computes what Node does, on wasm and cpu${skipped ? ' (skipped: no Chromium)' : ''}`,
  async () => {
    const page = folder();
    await bundlePage({ work, outDir: page, conditions: [source] });
    expect(JSON.parse(await openPage(chromium!, page))).toEqual(expected);
  },
  180_000,
);

test('a bundle for Node, which imports of tfjs the core alone, computes it in a process of its own', async () => {
  const outDir = join(root, `.node-${process.pid}`);
  try {
    await bundleForNode(outDir);
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(outDir, 'node.js')], {
      encoding: 'utf8',
    });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(JSON.parse(stdout)).toEqual(expected);
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}, 60_000);
