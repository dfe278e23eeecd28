import { readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { chromium, openPage } from '../../../testing/chromium.js';
import { folder } from '../../../testing/folder.js';
import { bundlePage, vite } from '../../../testing/page.js';

const packages = fileURLToPath(new URL('../../../packages', import.meta.url));
const work = fileURLToPath(new URL('page/work.mjs', import.meta.url));
const { results }: { readonly results: () => Promise<unknown> } = await import(pathToFileURL(work).href);

const skipped = chromium === undefined;
it.skipIf(skipped)(
  `a page solves a game, solves a problem from losses and trains a GAN as Node does, bit for bit${skipped ? ' (skipped: no Chromium)' : ''}`,
  async () => {
    const expected: unknown = JSON.parse(JSON.stringify(await results()));
    expect(expected).toMatchObject({
      game: { status: 'converged' },
      losses: { status: 'converged' },
      gan: { status: 'budget', engine: { name: 'wasm' }, ledger: { gradients: [60, 60] } },
    });
    const page = folder();
    await bundlePage({ work, outDir: page });
    expect(JSON.parse(await openPage(chromium!, page, 150_000))).toEqual(expected);
  },
  300_000,
);

/** Bundles main entries for a page, and returns which of our modules import which of Node's. */
async function nodeImports(names: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  const bundled = new Set<string>();
  await vite.build({
    configFile: false,
    logLevel: 'silent',
    root: packages,
    plugins: [
      {
        name: 'node-imports',
        enforce: 'pre',
        resolveId(id, importer) {
          if (importer === undefined || importer.includes('node_modules')) return;
          bundled.add(relative(packages, importer).split('/')[0] ?? '');
          if (isBuiltin(id)) found.add(`${relative(packages, importer)}: ${id}`);
        },
      },
    ],
    build: {
      write: false,
      minify: false,
      rolldownOptions: { input: names.map((name) => join(packages, name, 'dist', 'index.js')) },
    },
  });
  expect([...bundled]).toEqual(expect.arrayContaining([...names]));
  return [...found].toSorted();
}

it('the main entry of every package but experiments bundles for a page, without a module of Node', async () => {
  const names = readdirSync(packages).filter((name) => name !== 'experiments');
  expect(names).toEqual(expect.arrayContaining(['datasets', 'gans', 'networks', 'operators', 'tracking']));
  expect(await nodeImports(names)).toEqual([]);
  // what runs trials in processes; it shows that such imports are found
  expect(await nodeImports(['experiments'])).toContain(
    'experiments/dist/trial/process-worker.js: node:child_process',
  );
}, 120_000);
