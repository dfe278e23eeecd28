// npm run release:dry: releases a copy of the working tree to a registry on loopback, installs each package
// from there alone in an empty folder and runs its README's examples, then checks which packages a change of
// each package would release. Takes minutes and needs the npm registry for the packages of others. Nothing
// outside the system's temporary folder changes, except .cache, which keeps the registry and what it fetched.
// `npm run release:dry engine gans` installs only these two; `-- --keep` keeps the copy and the
// installations, and prints where they are.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import * as checks from './release/checks.mjs';
import { environment, execute, must } from './release/commands.mjs';
import { startRegistry } from './release/registry.mjs';
import { install, root } from './workspace.mjs';

const { values, positionals } = parseArgs({
  options: { keep: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const control = new AbortController();
const { signal } = control;
const begun = performance.now();
const seconds = (since) => Math.round((performance.now() - since) / 100) / 10;
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));
const shortOf = (name) => name.replace('@stillpoint/', '');
const count = { passed: 0, failed: 0 };

/** Counts a check, and prints what is wrong if it failed; returns whether it passed. */
function check(name, faults) {
  count[faults.length === 0 ? 'passed' : 'failed']++;
  if (faults.length > 0) console.log(`✗ ${name}:\n  ${faults.join('\n').replaceAll('\n', '\n  ')}`);
  return faults.length === 0;
}

/** Copies the files that git tracks or would track to a folder, as a repository of its own. */
async function copyTree(copy) {
  const listed = await must('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    env: process.env,
    signal,
  });
  // not what was deleted, and not other repositories inside this one, which git lists as folders
  const present = listed.split('\0').filter((name) => !/(^|\/)$/.test(name) && existsSync(join(root, name)));
  for (const file of present) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    copyFileSync(join(root, file), join(copy, file));
  }
  await must('git', ['init', '--quiet', '--initial-branch=main'], { cwd: copy, env: process.env, signal });
  await commit(copy);
}

/** Commits everything in the copy: changesets compares with the branch main. */
async function commit(copy) {
  const options = { cwd: copy, env: process.env, signal };
  const settings = ['user.name=dry run', 'user.email=dry@run.invalid', 'commit.gpgsign=false'];
  const nobody = settings.flatMap((setting) => ['-c', setting]);
  await must('git', ['add', '--all'], options);
  await must('git', [...nobody, 'commit', '--quiet', '--no-verify', '--message=dry run'], options);
}

/** The package.json files of the packages that are published, with their folders. */
const publicOf = (copy) =>
  ['packages', 'apps']
    .flatMap((folder) => readdirSync(join(copy, folder)).map((name) => join(folder, name)))
    .map((folder) => ({ folder: join(copy, folder), file: join(copy, folder, 'package.json') }))
    .filter(({ file }) => existsSync(file))
    .map(({ folder, file }) => ({ folder, ...json(file) }))
    .filter((manifest) => manifest.private !== true);

/** Fetches a package as it was published, and checks it; returns its package.json, files and size. */
async function inspect(name, versions, url, folder) {
  const { versions: published } = await (await fetch(`${url}${name}`)).json();
  const { dist } = published?.[versions[name]] ?? {};
  if (dist === undefined) {
    check(`${name} as published`, [`the registry does not have its version ${versions[name]}`]);
    return undefined;
  }
  const tarball = join(folder, 'package.tgz');
  writeFileSync(tarball, new Uint8Array(await (await fetch(dist.tarball)).arrayBuffer()));
  const options = { cwd: folder, env: process.env, signal };
  const files = (await must('tar', ['-tzf', 'package.tgz'], options))
    .split('\n')
    .filter((file) => file !== '' && !file.endsWith('/'))
    .map((file) => file.replace(/^package\//, ''));
  const manifest = JSON.parse(await must('tar', ['-xzOf', 'package.tgz', 'package/package.json'], options));
  check(`${name} as published`, checks.packageFaults(manifest, files, versions));
  return { manifest, files, kilobytes: Math.round(statSync(tarball).size / 1000) };
}

/** The versions of every copy of tfjs-core in a folder, however deep. */
const tfjsIn = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /(^|\/)node_modules\/@tensorflow\/tfjs-core\/package\.json$/.test(path))
    .map((path) => `${path}: ${json(join(folder, path)).version}`);

/** Runs a README's example or command in the folder; returns what is wrong. */
async function runExample({ command, args = [], shell = false, prints }, options) {
  const { status, stdout, stderr } = await execute(command, args, { ...options, shell });
  if (status !== 0) return [`status ${status}\n${stdout}${stderr}`.trim()];
  if (prints === undefined) return stdout.trim() === '' ? ['it printed nothing'] : [];
  return stdout.trimEnd() === prints ? [] : [`it printed\n${stdout}instead of\n${prints}`];
}

/** Installs a package alone, then what its README says, and runs the README's examples. */
async function installAndRun({ name, bin, exports }, files, readme, expectsTfjs, folder, registry) {
  const options = { cwd: folder, env: environment(registry.variables), signal };
  const cache = ['--cache', join(folder, '.npm'), '--no-audit', '--no-fund'];
  const lines = [[name], ...checks.installsOf(readme, name).filter((line) => line.join() !== name)];
  for (const [i, line] of lines.entries()) {
    // no package of this workspace has install scripts, which is checked; those of others download
    const args = ['install', ...line.filter((word) => word !== '--ignore-scripts'), '--ignore-scripts'];
    const { status, stdout, stderr } = await execute('npm', [...args, ...cache], options);
    const seen = `${stdout}${stderr}\nThe registry on loopback reported:\n${[...registry.errors].join('\n')}`;
    if (!check(`npm install ${line.join(' ')}`, status === 0 ? [] : [seen])) return undefined;
    const tfjs = tfjsIn(folder);
    const expected = expectsTfjs || line.some((word) => word.includes('tfjs-core')) ? 1 : 0;
    const found = `${tfjs.length} copies of tfjs-core; expected ${expected}\n${tfjs.join('\n')}`;
    check(`one tfjs-core after npm install ${line.join(' ')}`, tfjs.length === expected ? [] : [found]);
    const entries = i === 0 ? checks.entriesOf({ name, exports }, files) : [];
    if (entries.length > 0) {
      const imports = entries.map((entry) => `await import('${entry}')`).join(';\n');
      const args = ['--input-type=module', '--eval', imports];
      const faults = await runExample({ command: process.execPath, args, prints: '' }, options);
      check(`importing each of ${entries.length} entries after npm install ${name}`, faults);
    }
  }
  const examples = checks.examplesOf(readme).map(({ code, prints }, i) => {
    writeFileSync(join(folder, `example-${i + 1}.mjs`), code);
    return { name: `example ${i + 1}`, command: process.execPath, args: [`example-${i + 1}.mjs`], prints };
  });
  const commands =
    bin === undefined
      ? []
      : checks.commandsOf(readme).map((command) => ({ name: command, command, shell: true }));
  const undeclared = checks.notInstalled(readme, name).map((other) => `it does not install ${other}`);
  check(`the README of ${name}`, [
    ...(examples.length + commands.length === 0 ? ['it has no example'] : []),
    ...undeclared,
  ]);
  let ran = 0;
  for (const example of [...examples, ...commands])
    if (check(`${name}, ${example.name}`, await runExample(example, options))) ran++;
  return `${ran} of ${examples.length + commands.length}`;
}

/** Compares what a change of each package would release with the dependency graph. */
async function checkBumps(copy, names) {
  const manifests = publicOf(copy);
  const changeset = join(copy, '.changeset', 'dry-run.md');
  const plan = join(copy, '.changeset', 'plan.json');
  for (const name of names)
    for (const type of ['patch', 'minor']) {
      writeFileSync(changeset, `---\n'${name}': ${type}\n---\n\nA change.\n`);
      await must('changeset', ['status', '--output', '.changeset/plan.json'], inCopy(copy));
      const released = json(plan)
        .releases.filter((release) => release.type !== 'none')
        .map(({ name: released, type: bump }) => `${released} ${bump}`)
        .toSorted(checks.byText);
      const expected = checks.expectedBumps(manifests, name, type);
      const both = [`released: ${released.join(', ')}`, `expected: ${expected.join(', ')}`];
      check(`a ${type} change of ${name}`, released.join() === expected.join() ? [] : both);
    }
  rmSync(changeset, { force: true });
  rmSync(plan, { force: true });
}

/** Options of a command of the copy's own tools. */
const inCopy = (copy, own = {}) => {
  const env = environment(own);
  const bin = join(copy, 'node_modules', '.bin');
  return {
    cwd: copy,
    env: { ...env, PATH: `${bin}${process.platform === 'win32' ? ';' : ':'}${env.PATH}` },
    signal,
  };
};

async function dryRun(scratch, stack) {
  const copy = join(scratch, 'copy');
  console.log('copying the working tree …');
  await copyTree(copy);
  const pnpm = join(root, 'node_modules', '.bin', 'pnpm');
  const fromStore = ['install', '--frozen-lockfile', '--prefer-offline'];
  await must(pnpm, fromStore, { cwd: copy, env: process.env, signal });
  console.log('changeset version …');
  await must('changeset', ['version'], inCopy(copy));
  await commit(copy);
  const packages = publicOf(copy);
  const elsewhere = packages.find(({ publishConfig }) => publishConfig?.registry !== undefined);
  if (elsewhere !== undefined)
    throw new Error(`${elsewhere.name} names a registry of its own: not published.`);
  const versions = Object.fromEntries(packages.map(({ name, version }) => [name, version]));
  console.log('building …');
  const filters = packages.map(({ name }) => `--filter=${name}`);
  const quietly = { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
  await must('turbo', ['run', 'build', ...filters, '--output-logs=errors-only'], inCopy(copy, quietly));
  const registry = await startRegistry({ cache: join(root, '.cache'), scratch, signal });
  stack.push(registry.close);
  console.log(`publishing to ${registry.url} …`);
  await must('changeset', ['publish'], inCopy(copy, registry.variables));

  const chosen = (name) => positionals.length === 0 || positionals.includes(shortOf(name));
  const rows = [];
  for (const manifest of packages) {
    const { name } = manifest;
    const started = performance.now();
    const folder = join(scratch, 'installed', shortOf(name));
    mkdirSync(folder, { recursive: true });
    const packed = await inspect(name, versions, registry.url, scratch);
    let ran = '–';
    if (packed !== undefined && chosen(name)) {
      console.log(`npm install ${name} …`);
      const readme = readFileSync(join(manifest.folder, 'README.md'), 'utf8');
      const tfjs = checks.needsTfjs(packages, name);
      ran =
        (await installAndRun(packed.manifest, packed.files, readme, tfjs, folder, registry)) ??
        'not installed';
    }
    rows.push([
      name,
      versions[name],
      packed?.kilobytes ?? 0,
      packed?.files.length ?? 0,
      seconds(started).toFixed(1),
      ran,
    ]);
    if (!values.keep) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
  console.log('what a change of each package releases …');
  await checkBumps(copy, Object.keys(versions));
  console.log(
    `\n${checks.tableOf(['package', 'version', 'kB', 'files', 'seconds', 'examples ran'], rows)}\n`,
  );
}

const known = publicOf(root).map(({ name }) => shortOf(name));
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no package ${unknown.join(', ')}; expected some of: ${known.join(', ')}.`);
  process.exit(2);
}
install();
const scratch = mkdtempSync(join(realpathSync(tmpdir()), 'stillpoint-release-'));
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(name, () => control.abort(new Error(`stopped by ${name}`)));
const stack = [];
try {
  await dryRun(scratch, stack);
} catch (error) {
  count.failed++;
  console.error(error.message);
} finally {
  for (const close of stack) await close();
  console.log(values.keep ? `kept: ${scratch}` : 'removing the copy …');
  if (!values.keep) rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
}
console.log(`${(seconds(begun) / 60).toFixed(1)} minutes`);
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = signal.aborted ? 130 : count.failed === 0 ? 0 : 1;
