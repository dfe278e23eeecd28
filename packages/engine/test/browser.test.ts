import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { chromium, openPage, softwareWebgpu } from '../../../testing/chromium.js';
import { folder } from '../../../testing/folder.js';
import { bundlePage, vite } from '../../../testing/page.js';

const root = fileURLToPath(new URL('browser', import.meta.url));
const work = join(root, 'work.mjs');
const source = '@stillpoint/source';
const { results }: { readonly results: () => Promise<unknown> } = await import(pathToFileURL(work).href);

/** What the page of engine webgpu sends: a reason why there is none, or what it found. */
interface WebgpuResults {
  readonly reason?: string;
  readonly version: string;
  readonly errors: { readonly [name: string]: readonly number[] };
  readonly graphs: { readonly [seed: string]: readonly number[] };
  readonly same: readonly number[];
  readonly beyond: string;
  readonly auto: string;
}

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

/**
 * ‖webgpu − wasm‖ / ‖wasm‖: both add up at most 600 products, in other orders: √600 roundings of 2⁻²⁴, on
 * either side, in each of about six sums that a gradient passes through: √6 · 2 · √600 · 2⁻²⁴ = 7e-6.
 */
const apart = 1e-5;

test.skipIf(skipped)(
  `engine webgpu computes in a page what wasm does${skipped ? ' (skipped: no Chromium)' : ''}`,
  async (context) => {
    const page = folder();
    await bundlePage({ work: join(root, 'webgpu.mjs'), outDir: page, conditions: [source] });
    const text = await openPage(chromium!, page, 150_000, softwareWebgpu);
    if (!text.startsWith('{')) throw new Error(text); // the page's own error
    const sent: WebgpuResults = JSON.parse(text);
    if (sent.reason !== undefined) {
      process.stderr.write(`engine webgpu is not tested: ${sent.reason}\n`);
      context.skip(sent.reason);
    }
    expect(sent.version).toMatch(/^onnxruntime-web \d+\.\d+\.\d+ \(WebGPU on .+\)$/);
    expect(Object.keys(sent.errors)).toHaveLength(13);
    for (const [name, errors] of Object.entries(sent.errors)) {
      expect(errors.length, name).toBeGreaterThan(0);
      for (const error of errors) expect(error, name).toBeLessThan(apart);
    }
    // as in the fuzz test; six of the seven have convolutions that onnxruntime-web computes wrongly on WebGPU
    for (const [seed, errors] of Object.entries(sent.graphs))
      for (const error of errors) expect(error, seed).toBeLessThan(2 * 600 * 2 ** -24);
    expect(sent.same).toEqual([0, 0, 0]);
    expect(sent.beyond).toMatch(/^InputError: an index given to tf\.gather/);
    expect(sent.auto).toBe('wasm');
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
