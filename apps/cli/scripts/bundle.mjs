// Joins the modules that `solve` loads, about 140 small ones, into a few files, so that it starts about 50 ms
// sooner. All other modules stay as they are compiled.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
for (const name of readdirSync(dist)) if (name.startsWith('bundle-')) rmSync(join(dist, name));

/** Modules in the bundle: those of the command line, and the packages that `solve` needs. */
const inside = /^\.|^@stillpoint\/(operators|problems|optimizers|tracking\/(csv|files))(\/|$)/;
const others = /\/commands\/(?!solve\.js$)/;

await build({
  entryPoints: { 'bundle-main': join(dist, 'main.js') },
  outdir: dist,
  chunkNames: 'bundle-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [
    {
      name: 'leave the rest',
      setup: (plugin) =>
        plugin.onResolve({ filter: /./ }, ({ path, kind }) =>
          kind === 'entry-point' || (inside.test(path) && !others.test(path))
            ? undefined
            : { path, external: true },
        ),
    },
  ],
});
