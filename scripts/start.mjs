// npm start: installs, builds what the CLI needs, and compares methods on two games and two GANs, in one
// report.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { install, root, run } from './workspace.mjs';

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(0)} s`;

const begun = performance.now();
console.error('Installing (once) …');
install(['stillpoint...', '.']);
console.error(`Installed in ${seconds(begun)}. Building …`);
const installed = performance.now();
const { status } = run(join(root, 'node_modules', '.bin', 'tsc'), ['-b', 'apps/cli']);
if (status !== 0) process.exit(1);
console.error(`Built in ${seconds(installed)}.`);

const args = process.argv.slice(2);
const given = args.includes('--out');
const chosen = args.some((arg) => !arg.startsWith('-'));
if (!chosen)
  console.error(
    'First two games, which take seconds; then GANs on the ring and on Fashion-MNIST, about three minutes on two cores. Ctrl-C ends it and writes what was done.\n',
  );
const built = performance.now();
const child = spawn(
  process.execPath,
  [
    join(root, 'apps/cli/bin/stillpoint.mjs'),
    'compare',
    ...(chosen ? [] : ['spiral', 'cycle', 'ring', 'fashion-mnist']),
    ...(given ? [] : ['--out', 'reports/start', '--overwrite']),
    ...args,
  ],
  { cwd: root, stdio: 'inherit' },
);
// After a signal the child writes its report and then ends. Ctrl-C reaches it directly, since it is in the
// terminal's group; the other signals are passed on.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => {
  if (code === 0) console.error(`Compared in ${seconds(built)}.`);
  process.exitCode = code ?? 1;
});
