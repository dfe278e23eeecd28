// npm run docs: installs what the site needs, builds packages, API pages and site, serves it until Ctrl-C.
// `--port 8080` sets the port, `--build` builds without serving.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { install, root, run } from './workspace.mjs';

const fail = (status, message) => {
  if (message) console.error(message);
  process.exit(status);
};

let options;
try {
  options = parseArgs({ options: { port: { type: 'string' }, build: { type: 'boolean' } } }).values;
} catch (error) {
  fail(2, `${error.message}; expected --port <number> or --build`);
}
const port = Number(options.port ?? 4173);
if (!Number.isInteger(port) || port < 1 || port > 65_535) {
  fail(2, `--port is ${options.port}; expected a whole number from 1 to 65535`);
}

/** Whether a port is free. */
const free = (candidate) =>
  new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false));
    probe.listen(candidate, () => probe.close(() => resolve(true)));
  });

if (options.port !== undefined && !options.build && !(await free(port))) {
  fail(1, `Port ${port} is in use; give a free one with --port.`);
}

console.error('Installing (once) …');
install(['docs...', '.']);

const docs = join(root, 'apps', 'docs');
const bin = (name) => join(docs, 'node_modules', '.bin', name);
/** Runs one step of the build. Its output is shown only if it fails. */
const step = (words, command, args, cwd) => {
  console.error(words);
  const { status, output } = run(command, args, { quiet: true, cwd });
  if (status !== 0) fail(1, `${output}\nThat failed (status ${status}).`);
};
step('Building the packages …', join(root, 'node_modules', '.bin', 'tsc'), ['-b', 'apps/cli'], root);
step('Building the API pages …', bin('typedoc'), [], docs);
step('Building the site, a minute or so …', bin('vitepress'), ['build'], docs);
if (!existsSync(join(docs, '.vitepress', 'dist', 'index.html'))) fail(1, 'The site was not written.');

if (options.build) fail(0, `The site: ${join('apps', 'docs', '.vitepress', 'dist')}`);

let chosen = port;
while (options.port === undefined && chosen < port + 20 && !(await free(chosen))) chosen++;
const windows = process.platform === 'win32';
const server = spawn(bin('vitepress'), ['preview', '--port', String(chosen)], {
  cwd: docs,
  stdio: 'inherit',
  shell: windows,
});
console.error('Ctrl-C ends it.');
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 0;
});
