#!/usr/bin/env node
import { statSync } from 'node:fs';

/** When a file was written; 0 if it is not there. */
function written(path) {
  return statSync(new URL(path, import.meta.url), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
// The bundle starts sooner. In the workspace it is not used if a package was compiled after it; a published
// package always uses it.
const packages = [
  'datasets',
  'experiments',
  'gans',
  'metrics',
  'networks',
  'operators',
  'optimizers',
  'problems',
  'tracking',
];
const parts = ['..', ...packages.map((name) => `../node_modules/@stillpoint/${name}`)];
const fresh =
  written('../dist/bundle-main.js') > Math.max(...parts.map((part) => written(`${part}/dist/.tsbuildinfo`)));
const { main } = await import(fresh ? '../dist/bundle-main.js' : '../dist/main.js');

// A reader that closes the pipe (| head) is no failure; a full disk is one.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') process.stderr.write(`stillpoint: cannot write to stdout: ${error.message}\n`);
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});
// Not awaited: if a user's file never finishes loading, newer versions of Node would warn of this line. The
// process ends when the command has, even if a timer of a user's file is pending, after its output is
// flushed.
void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
  process.stderr.write('', () => process.stdout.write('', () => process.exit()));
});
