// npm start: installs, builds what the CLI needs, and shows two games with their cures, then GANs, in one
// report.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
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
if (!given) rmSync(join(root, 'reports', 'start'), { recursive: true, force: true }); // of the last npm start
if (!chosen)
  console.error(
    'Two games first, in seconds; then GANs on the ring and on Fashion-MNIST: about three minutes on two cores. Ctrl-C writes what is done.\n',
  );
const built = performance.now();
const child = spawn(
  process.execPath,
  [
    join(root, 'apps/cli/bin/stillpoint.mjs'),
    'compare',
    ...(chosen ? [] : ['spiral', 'cycle', 'ring', 'fashion-mnist']),
    ...(given ? [] : ['--out', 'reports/start']),
    ...args,
  ],
  { cwd: root, stdio: 'inherit' },
);
process.on('SIGINT', () => {}); // the child writes its report first
child.on('exit', (code) => {
  if (code === 0) console.error(`Compared in ${seconds(built)}.`);
  process.exitCode = code ?? 1;
});
