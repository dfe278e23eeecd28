// Packs every package that works in a page, installs the packed files with npm in an empty project, builds a
// page with Vite there, and opens it in Chromium: it has to compute what Node does with the same packed
// files. Takes a few minutes and needs the npm registry, so npm test does not run it;
// apps/docs/test/page.test.ts is the same on what is built. `--keep` keeps the project and prints where it
// is.
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { install, root, run } from './workspace.mjs';

const { keep } = parseArgs({ options: { keep: { type: 'boolean', default: false } } }).values;

/** Runs one step quietly, and returns its output. Throws with the output if it fails. */
function step(words, command, args, cwd) {
  console.log(words);
  const { status, output } = run(command, args, { quiet: true, cwd });
  if (status !== 0) throw new Error(`${output}\n${command} ${args.join(' ')} failed (status ${status}).`);
  return output;
}
const kilobytes = (file) => `${Math.round(statSync(file).size / 1000)} kB`;

/** Makes the project of packed packages in a folder, and builds its page. */
function build(project, viteVersion) {
  const names = readdirSync(join(root, 'packages')).filter((name) => name !== 'experiments');
  for (const name of names)
    step(`packing ${name} …`, 'pnpm', ['pack', '--pack-destination', project], join(root, 'packages', name));
  const tarballs = readdirSync(project).filter((file) => file.endsWith('.tgz'));
  console.log(tarballs.map((file) => `  ${file}: ${kilobytes(join(project, file))}`).join('\n'));
  const page = join(root, 'testing', 'page');
  copyFileSync(join(page, 'index.html'), join(project, 'index.html'));
  copyFileSync(join(root, 'apps', 'docs', 'test', 'page', 'work.mjs'), join(project, 'work.mjs'));
  const text = readFileSync(join(page, 'page.mjs'), 'utf8').replace("from 'work'", "from './work.mjs'");
  writeFileSync(join(project, 'page.mjs'), text);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  const tfjs = createRequire(join(root, 'package.json'))('@tensorflow/tfjs-core/package.json').version;
  const others = [`@tensorflow/tfjs-core@${tfjs}`, 'onnxruntime-web', `vite@${viteVersion}`];
  const packed = tarballs.map((file) => `./${file}`);
  step('npm install …', 'npm', ['install', '--no-audit', '--no-fund', ...packed, ...others], project);
  console.log(step('vite build …', join(project, 'node_modules', '.bin', 'vite'), ['build'], project).trim());
}

install();
step('building the packages …', 'tsc', ['-b', 'apps/cli'], root);
const require = createRequire(createRequire(join(root, 'package.json')).resolve('vitest/package.json'));
const vite = await import(pathToFileURL(require.resolve('vite')).href);
const { chromium, openPage } = (await vite.runnerImport(join(root, 'testing', 'chromium.ts'))).module;
if (chromium === undefined) {
  console.error('There is no Chromium; install it, or set the variable CHROMIUM to its command.');
  process.exit(2);
}
const project = mkdtempSync(join(tmpdir(), 'stillpoint-page-'));
try {
  build(project, vite.version);
  console.log('Node …');
  const inNode = "process.stdout.write(JSON.stringify(await (await import('./work.mjs')).results()))";
  const { status, output } = run(process.execPath, ['--input-type=module', '--eval', inNode], {
    quiet: true,
    cwd: project,
  });
  if (status !== 0) throw new Error(output);
  console.log('Chromium …');
  const sent = await openPage(chromium, join(project, 'dist'), 300_000);
  console.log(sent);
  const same = isDeepStrictEqual(JSON.parse(sent), JSON.parse(output));
  console.log(
    same ? 'The page computed what Node did, bit for bit.' : `Node computed something else:\n${output}`,
  );
  process.exitCode = same ? 0 : 1;
} finally {
  if (keep) console.log(`The project: ${project}`);
  else rmSync(project, { recursive: true, force: true, maxRetries: 3 });
}
