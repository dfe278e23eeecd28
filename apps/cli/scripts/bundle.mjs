// Joins the modules that commands load, up to 600 small ones, into a few files, so that a command starts in
// about half the time. There are two bundles, which share no module: of `solve`, and of the other commands.
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const dist = path('../dist');
const experiments = path('../node_modules/@stillpoint/experiments/dist');
for (const name of readdirSync(dist)) if (name.startsWith('bundle-')) rmSync(join(dist, name));

const commands = readdirSync(join(dist, 'commands'))
  .flatMap((name) => /^(.+)\.js$/.exec(name)?.[1] ?? [])
  .filter((name) => name !== 'solve');

/**
 * The text of a package's module, which finds files beside itself from the bundle too. Only the process of
 * trials is not beside it but in the bundle.
 */
function relocated(file) {
  const text = readFileSync(file, 'utf8');
  const [, name, module] = /packages[/\\](\w+)[/\\]dist[/\\](.+)$/.exec(file) ?? [];
  if (name === undefined || !text.includes('import.meta.url')) return undefined;
  const trials = "new URL('./process.js', import.meta.url)";
  const url = `new URL('./${module.replaceAll('\\', '/')}', import.meta.resolve('@stillpoint/${name}')).href`;
  return text
    .split(trials)
    .map((part) => part.replaceAll('import.meta.url', url))
    .join(trials.replace('process', 'bundle-process'));
}

const { dependencies } = JSON.parse(readFileSync(path('../package.json'), 'utf8'));
/** Whether an installed package finds this module from the bundle. */
const isFound = (wanted) =>
  /^(\.|node:)/.test(wanted) ||
  Object.keys(dependencies).some((name) => wanted === name || wanted.startsWith(`${name}/`));

/** @param placed what a module's path becomes in the bundle: undefined if the module is in it. */
async function bundle(entryPoints, placed) {
  const { metafile } = await build({
    entryPoints,
    outdir: dist,
    metafile: true,
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
        name: 'packages',
        setup(plugin) {
          plugin.onResolve({ filter: /./ }, ({ path: wanted, kind }) => {
            const other = kind === 'entry-point' ? undefined : placed(wanted, kind);
            return other === undefined ? undefined : { path: other, external: true };
          });
          plugin.onLoad({ filter: /\.js$/ }, ({ path: file }) => {
            const contents = relocated(file);
            return contents === undefined ? undefined : { contents };
          });
        },
      },
    ],
  });
  for (const { imports } of Object.values(metafile.outputs))
    for (const { path: wanted, external } of imports)
      if (external && !isFound(wanted))
        throw new Error(`the bundle imports ${wanted}, which is no dependency of stillpoint`);
}

// Not in the bundle: engine, which registers itself with tfjs, and so must be the one that a user's file
// gets if it imports a package itself; operators, which engine loads anyway; the packages of others; and what
// draws, which is imported when something is drawn.
const ofOthers = /^\.|^@stillpoint\/(?!(engine|operators)$)/;
await bundle(
  {
    ...Object.fromEntries(commands.map((name) => [`bundle-${name}`, join(dist, 'commands', `${name}.js`)])),
    'bundle-experiments': join(experiments, 'index.js'),
    'bundle-process': join(experiments, 'trial', 'process.js'),
  },
  (wanted, kind) => {
    const draws = kind === 'dynamic-import' && wanted === '@stillpoint/tracking';
    return ofOthers.test(wanted) && !draws ? undefined : wanted;
  },
);

// The last, since the program looks for its first file.
const ofSolve = /^\.|^@stillpoint\/(operators|problems|optimizers|tracking\/(csv|files))(\/|$)/;
await bundle({ 'bundle-main': join(dist, 'main.js') }, (wanted) => {
  const name = /^\.\/commands\/(.+)\.js$/.exec(wanted)?.[1];
  if (commands.includes(name)) return `./bundle-${name}.js`;
  // with which `solve` reads a file that needs tfjs
  if (wanted === '@stillpoint/experiments') return './bundle-experiments.js';
  return ofSolve.test(wanted) ? undefined : wanted;
});
