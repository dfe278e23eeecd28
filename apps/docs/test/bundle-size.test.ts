import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { bilinear } from '@stillpoint/problems';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

interface Bundle {
  readonly code: string;
  /** The bytes of each module in it that is not empty, the largest first. */
  readonly modules: ReadonlyMap<string, number>;
}

/** What esbuild makes of these names for a page. */
async function bundled(names: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `export { ${names} } from '@stillpoint/optimizers'`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    metafile: true,
    write: false,
  });
  const modules = Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .map(([path, { bytesInOutput }]) => [path.replace(/^.*packages\//, ''), bytesInOutput] as const)
    .filter(([, bytes]) => bytes > 0)
    .toSorted(([, a], [, b]) => b - a);
  return { code: outputFiles[0]?.text ?? '', modules: new Map(modules) };
}

/** What other methods need. */
const others = [
  'optimizers/dist/takes.js',
  'optimizers/dist/options.js',
  'optimizers/dist/transforms/transform.js',
  'operators/dist/vectors/adam-wasm.js',
  'operators/dist/proximal/mirror.js',
];

it('a page that solves by one method loads at most 19.3 kB, gzipped, and nothing that only others need', async () => {
  const { code, modules } = await bundled('solve, extragradient');
  const largest = [...modules].slice(0, 12).map(([path, bytes]) => `${path} ${bytes}`);
  const size = gzipSync(code, { level: 9 }).length;
  expect(size, `its largest modules: ${largest.join(', ')}`).toBeLessThanOrEqual(19_300);
  expect(others.filter((path) => modules.has(path))).toEqual([]);

  const page: typeof import('@stillpoint/optimizers') = await import(
    `data:text/javascript,${encodeURIComponent(code)}`
  );
  expect(page.solve(bilinear(), page.extragradient({ stepSize: 0.5 })).status).toBe('converged');
});

it('a page with the methods that need them has these modules', async () => {
  const { modules } = await bundled('solve, lookahead, transform, momentum, adam, mirrorProx');
  expect(others.filter((path) => !modules.has(path))).toEqual([]);
});
