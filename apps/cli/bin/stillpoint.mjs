#!/usr/bin/env node
import { statSync } from 'node:fs';

/** When a file was written; 0 if it is not there. */
function written(path) {
  return statSync(new URL(path, import.meta.url), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
// The bundle starts sooner. In the workspace it is passed by where something was compiled after it; as
// published it is always taken.
const parts = [
  '..',
  ...['operators', 'problems', 'optimizers', 'tracking'].map((name) => `../node_modules/@stillpoint/${name}`),
];
const fresh =
  written('../dist/bundle-main.js') > Math.max(...parts.map((part) => written(`${part}/dist/.tsbuildinfo`)));
const { main } = await import(fresh ? '../dist/bundle-main.js' : '../dist/main.js');

// A reader that leaves (| head) is no failure; a full disk is.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') process.stderr.write(`stillpoint: cannot write to stdout: ${error.message}\n`);
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});
// Not awaited: where a user's file never finishes, newer versions of Node would warn of this line instead.
// It ends when the command has, not when a timer of a user's file has; first what was written is handed over.
void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
  process.stderr.write('', () => process.stdout.write('', () => process.exit()));
});
