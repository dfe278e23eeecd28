// The parts of `npm run release:dry` that compute without running anything: what a README's examples are and
// need, what is wrong with a packed package, which packages a change bumps, and the table of results.

const HOOKS = ['preinstall', 'install', 'postinstall', 'prepare'];
const RUNTIME = ['dependencies', 'optionalDependencies', 'peerDependencies'];
const ALWAYS_PACKED = /^(package\.json|README\.md|LICENSE)$/;

/** The JavaScript examples of a README, each with the lines that its comments `// → …` say it prints. */
export const examplesOf = (readme) =>
  Array.from(readme.matchAll(/^```js\n([\s\S]*?)^```$/gm), ([, code]) => ({
    code,
    prints: Array.from(code.matchAll(/\/\/ → (.*)/g), ([, line]) => line).join('\n'),
  }));

/** The lines of a README's blocks of shell commands. */
export const commandsOf = (readme) =>
  Array.from(readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm), ([, code]) => code.trim().split('\n')).flat();

/**
 * What a README says to install before its examples run: the arguments of each indented line
 * `npm install …`. Without such a line, the package alone.
 */
export function installsOf(readme, name) {
  const lines = Array.from(readme.matchAll(/^ {4}npm install (.+)$/gm), ([, args]) =>
    args.trim().split(/\s+/),
  );
  return lines.length === 0 ? [[name]] : lines;
}

/** The name of a package from what is imported or installed: `@a/b/c` and `@a/b@1.2.3` are of `@a/b`. */
const packageOf = (text) => /^(@[^/@]+\/)?[^/@]+/.exec(text)?.[0] ?? text;

/**
 * The packages that an example imports and its README does not install. npm puts the dependencies of an
 * installed package where they can be imported, too; other package managers do not.
 */
export function notInstalled(readme, name) {
  const installed = new Set(installsOf(readme, name).flat().map(packageOf));
  const imported = examplesOf(readme).flatMap(({ code }) =>
    Array.from(code.matchAll(/^import .* from '([^'.][^']*)';$/gm), ([, from]) => packageOf(from)),
  );
  return [...new Set(imported)].filter((from) => !from.startsWith('node:') && !installed.has(from));
}

/** All strings in nested `exports`, each with the conditions that lead to it. */
const targetsOf = (value, path = []) =>
  typeof value === 'string'
    ? [{ target: value, path }]
    : Object.entries(value ?? {}).flatMap(([key, inner]) => targetsOf(inner, [...path, key]));

/** What a pattern's star stands for in each file that it matches: `./dist/*.js` in dist/a/b.js is a/b. */
function starsOf(target, files) {
  const [start, end] = target.replace(/^\.\//, '').split('*');
  return files
    .filter((file) => file.startsWith(start) && file.endsWith(end))
    .map((file) => file.slice(start.length, file.length - end.length));
}

/** What can be imported of a packed package: its main entry and those below it, patterns written out. */
export const entriesOf = ({ name, exports }, files) =>
  Object.entries(exports)
    .filter(([entry]) => entry !== './package.json')
    .flatMap(([entry, value]) =>
      entry.includes('*')
        ? starsOf(targetsOf(value).at(-1).target, files).map((star) => entry.replace('*', star))
        : [entry],
    )
    .map((entry) => name + entry.slice(1));

/**
 * What is wrong with a package as it was packed: `manifest` is its package.json, `files` are the paths in it,
 * `versions` are the versions of all packages of this release.
 */
export function packageFaults(manifest, files, versions) {
  const faults = [];
  for (const field of [...RUNTIME, 'devDependencies'])
    for (const [name, range] of Object.entries(manifest[field] ?? {})) {
      if (/^(workspace|catalog|file|link):/.test(range)) faults.push(`${field} has ${name}: "${range}"`);
      else if (versions[name] !== undefined && range !== `^${versions[name]}`)
        faults.push(`${field} has ${name}: "${range}"; expected "^${versions[name]}"`);
    }
  for (const hook of HOOKS)
    if (manifest.scripts?.[hook] !== undefined) faults.push(`installing it would run its script "${hook}"`);
  const bins = typeof manifest.bin === 'string' ? { [manifest.name]: manifest.bin } : (manifest.bin ?? {});
  const targets = [
    ...targetsOf(manifest.exports, ['exports']),
    ...Object.entries(bins).map(([name, target]) => ({ target, path: ['bin', name] })),
  ];
  const packed = new Set(files);
  for (const { target, path } of targets) {
    const file = target.replace(/^\.\//, '');
    if (path.some((key) => key.endsWith('/source')) || file.startsWith('src/'))
      faults.push(`${path.join(' > ')} leads to sources: ${target}`);
    else if (file.includes('*')) {
      if (starsOf(file, files).length === 0)
        faults.push(`${path.join(' > ')} matches no packed file: ${target}`);
    } else if (!packed.has(file)) faults.push(`${path.join(' > ')} is not packed: ${target}`);
  }
  return [...faults, ...unexpectedFiles(manifest, files)];
}

/**
 * Packed files that `files` of the package.json does not name, and names in it of which nothing was packed.
 */
function unexpectedFiles(manifest, files) {
  const wanted = manifest.files.filter((entry) => !entry.startsWith('!'));
  const endings = manifest.files.filter((entry) => entry.startsWith('!**/*')).map((entry) => entry.slice(5));
  const covers = (entry, file) => file === entry || file.startsWith(`${entry}/`);
  return [
    ...files
      .filter((file) => !ALWAYS_PACKED.test(file) && !wanted.some((entry) => covers(entry, file)))
      .map((file) => `packed, but "files" does not name it: ${file}`),
    ...files
      .filter((file) => endings.some((ending) => file.endsWith(ending)))
      .map((file) => `packed, but "files" excludes it: ${file}`),
    ...[...wanted, 'package.json', 'README.md', 'LICENSE']
      .filter((entry) => !files.some((file) => covers(entry, file)))
      .map((entry) => `nothing was packed of: ${entry}`),
  ];
}

export const byText = (a, b) => (a < b ? -1 : 1);

/** The packages that name a package among what they need when they run. */
const dependentsOf = (manifests, name) =>
  manifests
    .filter((manifest) => RUNTIME.some((field) => manifest[field]?.[name] !== undefined))
    .map((manifest) => manifest.name);

/**
 * What a change of a package releases, each as "name type". A range ^0.2.0 accepts 0.2.1, but not 0.3.0;
 * ^1.2.0 accepts 1.3.0. Packages whose range no longer accepts the new version get a patch. That patch is
 * accepted by the ranges of their own dependents.
 */
export function expectedBumps(manifests, name, type) {
  const { version } = manifests.find((manifest) => manifest.name === name);
  const accepted = type === 'patch' || (type === 'minor' && !version.startsWith('0.'));
  const others = accepted ? [] : dependentsOf(manifests, name);
  return [`${name} ${type}`, ...others.map((other) => `${other} patch`)].toSorted(byText);
}

/** Whether a package needs tfjs-core when it runs, itself or through other packages of the workspace. */
export function needsTfjs(manifests, name) {
  const found = new Set(['@tensorflow/tfjs-core']);
  // a set that grows while it is walked is walked to its end
  for (const base of found) for (const dependent of dependentsOf(manifests, base)) found.add(dependent);
  return found.has(name);
}

/** Rows as aligned columns under a head; columns of numbers are aligned on the right. */
export function tableOf(head, rows) {
  const cells = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  const right = head.map((_, i) => rows.length > 0 && rows.every((row) => Number.isFinite(Number(row[i]))));
  return cells
    .map((row) =>
      row
        .map((cell, i) => (right[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
