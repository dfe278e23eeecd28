// npm run tfjs-node: builds tfjs-node, which the engine `tensorflow` needs, on machines on which its own
// install script cannot download TensorFlow. Needs Linux on x64, npm, python3 with pip, and a C++ compiler;
// takes about a minute and 1 GB of disk.
//
// TensorFlow's C library is taken from the Python package tensorflow-cpu, the headers of Node's C interface
// from the npm package node-api-headers. One build works with every Node from 20 on. It is written to
// .cache/tfjs-node and linked from packages/engine/node_modules, where an import finds it and pnpm does not
// remove it. If it exists already, only the link is checked. `rm -r .cache/tfjs-node` removes it. A failure
// or Ctrl-C leaves no files.
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { install, root } from './workspace.mjs';

const versions = { 'tfjs-node': '4.22.0', 'tensorflow-cpu': '2.15.1', 'node-api-headers': '1.9.0' };
const words = `tfjs-node ${versions['tfjs-node']} with TensorFlow ${versions['tensorflow-cpu']}`;
const cache = join(root, '.cache');
const home = join(cache, 'tfjs-node');
// beside `home`, so that a rename finishes the work and relative links stay valid
const stage = join(cache, `tfjs-node.building-${process.pid}`);
const ours = join(root, 'packages', 'engine', 'node_modules', '@tensorflow');
const link = join(ours, 'tfjs-node');
/**
 * Packages of which there must be only one copy: a second tfjs-core would have another class Tensor, and a
 * second cpu backend would replace the first.
 */
const shared = ['tfjs-core', 'tfjs-layers', 'tfjs-backend-cpu'];

const unpack = `
import os, shutil, sys, zipfile
wheel, target = sys.argv[1:]
headers = ('include/tensorflow/c/', 'include/tensorflow/core/platform/ctstring', 'include/tsl/')
with zipfile.ZipFile(wheel) as archive:
    for item in archive.infolist():
        name = item.filename.removeprefix('tensorflow/')
        if name in ('libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'): name = 'lib/' + name
        elif not (name.startswith(headers) and name.endswith('.h')): continue
        path = os.path.join(target, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(item) as source, open(path, 'wb') as copy: shutil.copyfileobj(source, copy)
`;

const check = `
require('node:util').isNullOrUndefined ??= (value) => value == null;
const [core, node] = process.argv.slice(1).map((path) => require(path));
if (core.Tensor !== node.Tensor) throw new Error('tfjs-node found another tfjs-core than the workspace has');
const [sum] = core.sum(core.square(core.tensor1d([1, 2, 3]))).dataSync();
if (core.getBackend() !== 'tensorflow' || sum !== 14) throw new Error('1 + 4 + 9 is ' + sum + ' on ' + core.getBackend());
`;

const children = new Set();

/**
 * Runs a command in the stage; returns what it printed. @throws Error with the most telling line if it fails.
 */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: stage, stdio: ['ignore', 'pipe', 'pipe'] });
    children.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
      });
    child.on('error', reject);
    child.on('close', (status, signal) => {
      children.delete(child);
      if (status === 0) return resolve(output);
      const lines = output.split('\n').filter((line) => line.trim() !== '');
      reject(
        new Error(
          `${command} failed (${signal ?? `status ${status}`}): ${(lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? 'it printed nothing').trim()}`,
        ),
      );
    });
  });
}

/** The tools that are installed. @throws Error that names all that are missing. */
function findTools() {
  const works = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  const compilers = process.env.CXX ? [process.env.CXX] : ['c++', 'g++', 'clang++'];
  const compiler = compilers.find((name) => works(name, ['--version']));
  const python = ['python3', 'python'].find((name) => works(name, ['-m', 'pip', '--version']));
  const missing = [
    ...(works('npm', ['--version']) ? [] : ['npm']),
    ...(python ? [] : ['python3 with pip (Debian, Ubuntu: apt-get install python3-pip)']),
    ...(compiler
      ? []
      : [
          `a C++ compiler (tried ${compilers.join(', ')}; Debian, Ubuntu: apt-get install g++; or name yours in CXX)`,
        ]),
  ];
  if (missing.length > 0) throw new Error(`missing: ${missing.join(', and ')}`);
  return { compiler, python };
}

const built = () =>
  existsSync(join(home, 'versions.json')) &&
  readFileSync(join(home, 'versions.json'), 'utf8') === JSON.stringify(versions);

async function build() {
  if (
    process.platform !== 'linux' ||
    process.arch !== 'x64' ||
    process.report.getReport().header.glibcVersionRuntime === undefined
  ) {
    throw new Error(
      `builds on Linux x64 with glibc only; this is ${process.platform} ${process.arch}. Elsewhere: npm install @tensorflow/tfjs-node@${versions['tfjs-node']}`,
    );
  }
  const { compiler, python } = findTools();
  let step = 0;
  const say = (what) => console.error(`tfjs-node ${++step}/5: ${what} …`);
  const modules = join(stage, 'node_modules');
  const target = join(modules, '@tensorflow', 'tfjs-node');
  mkdirSync(stage, { recursive: true });
  writeFileSync(join(stage, 'package.json'), '{ "private": true }\n');

  say(`tfjs-node ${versions['tfjs-node']} from npm`);
  await run('npm', [
    'install',
    '--prefix',
    stage,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    `@tensorflow/tfjs-node@${versions['tfjs-node']}`,
    `node-api-headers@${versions['node-api-headers']}`,
  ]);
  for (const name of shared) {
    const path = join(modules, '@tensorflow', name);
    rmSync(path, { recursive: true });
    symlinkSync(relative(dirname(path), join(ours, name)), path);
  }

  say(`tensorflow-cpu ${versions['tensorflow-cpu']} from PyPI (200 MB)`);
  const wheels = join(stage, 'wheel');
  await run(python, [
    '-m',
    'pip',
    'download',
    '-q',
    '--no-deps',
    '--only-binary=:all:',
    '--python-version',
    '3.11',
    '--implementation',
    'cp',
    '--platform',
    'manylinux2014_x86_64',
    '-d',
    wheels,
    `tensorflow-cpu==${versions['tensorflow-cpu']}`,
  ]);
  say('unpacking its C library');
  const [wheel] = readdirSync(wheels);
  await run(python, ['-c', unpack, join(wheels, wheel), join(target, 'deps')]);
  rmSync(wheels, { recursive: true });

  say(`compiling the addon with ${compiler}`);
  const addon = join(target, 'lib', 'napi-v8');
  mkdirSync(addon, { recursive: true });
  await run(compiler, [
    '-std=c++17',
    '-O2',
    '-fPIC',
    '-shared',
    '-DNAPI_VERSION=8',
    '-I',
    join(modules, 'node-api-headers', 'include'),
    '-I',
    join(target, 'deps', 'include'),
    '-I',
    dirname(target),
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(target, 'binding', name)),
    '-o',
    join(addon, 'tfjs_binding.node'),
    ...['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'].map((name) =>
      join(target, 'deps', 'lib', name),
    ),
    '-Wl,-rpath,$ORIGIN/../../deps/lib',
  ]);

  say('trying it');
  await run(process.execPath, ['-e', check, join(ours, 'tfjs-core'), target]);
  writeFileSync(join(stage, 'versions.json'), JSON.stringify(versions));
  rmSync(home, { recursive: true, force: true });
  renameSync(stage, home);
}

/** Links the build from packages/engine, unless a package manager has installed a tfjs-node there. */
function connect() {
  const found = lstatSync(link, { throwIfNoEntry: false });
  if (found !== undefined && !found.isSymbolicLink())
    throw new Error(`${relative(root, link)} is already there and no link; remove it first`);
  const to = relative(ours, join(home, 'node_modules', '@tensorflow', 'tfjs-node'));
  if (found !== undefined && readlinkSync(link) === to) return;
  rmSync(link, { force: true });
  symlinkSync(to, link);
}

/** Files that killed runs have left. */
function clean() {
  const alive = (pid) => {
    try {
      return process.kill(pid, 0);
    } catch (error) {
      return error.code === 'EPERM';
    }
  };
  for (const name of existsSync(cache) ? readdirSync(cache) : []) {
    const pid = name.match(/^tfjs-node\.building-(\d+)$/)?.[1];
    if (pid !== undefined && !alive(Number(pid))) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.on(signal, () => {
    for (const child of children) child.kill();
    rmSync(stage, { recursive: true, force: true, maxRetries: 3 });
    process.exit(status);
  });
}

try {
  if (!existsSync(join(ours, 'tfjs-core'))) install(['@stillpoint/engine...']);
  const { version } = JSON.parse(readFileSync(join(ours, 'tfjs-core', 'package.json'), 'utf8'));
  if (version !== versions['tfjs-node'])
    throw new Error(
      `the workspace has tfjs-core ${version}, and ${versions['tfjs-node']} was to be built; both must be the same`,
    );
  clean();
  const there = built();
  if (!there) await build();
  connect();
  console.error(`${words} is ${there ? 'there already' : 'built'}: ${relative(process.cwd(), home) || '.'}`);
} catch (error) {
  console.error(`tfjs-node: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(stage, { recursive: true, force: true });
}
