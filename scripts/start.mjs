// npm start: installs, builds what the CLI needs, and compares methods on the 8-Gaussian ring and on Fashion-MNIST.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { install, root, run } from './workspace.mjs';

console.error('Installing (once) …');
install(['stillpoint...', '.']);
console.error('Building …');
const { status } = run(join(root, 'node_modules', '.bin', 'tsc'), ['-b', 'apps/cli']);
if (status !== 0) process.exit(1);

const args = process.argv.slice(2);
const out = args.includes('--out') ? [] : ['--out', 'reports/start', '--overwrite'];
const chosen = args.some((arg) => !arg.startsWith('-'));
if (!chosen) console.error('Comparing methods on the ring and on Fashion-MNIST: about two minutes on two cores. Ctrl-C writes what is done.');
const child = spawn(process.execPath, [join(root, 'apps/cli/bin/stillpoint.mjs'), 'compare', ...(chosen ? [] : ['ring', 'fashion-mnist']), ...out, ...args], { cwd: root, stdio: 'inherit' });
// The child writes its report first. Ctrl-C reaches it by itself, as a part of the terminal's group; the others do not.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => { process.exitCode = code ?? 1; });
