import { execFileSync, execSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { folder } from '../../../testing/folder.js';

// The README's first commands, each run in an empty folder by the built program.

const place = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
if (!existsSync(place('../dist/main.js')))
  throw new Error('the program is not built, and these tests run it: npm run build');
const lines =
  /```sh\n([\s\S]*?)```/
    .exec(readFileSync(place('../README.md'), 'utf8'))?.[1]
    ?.trim()
    .split('\n') ?? [];
const cwd = folder();

test('the README starts with commands', () =>
  expect(lines.every((line) => line.startsWith('npx stillpoint '))).toBe(true));
test.each(lines)('%s', (line) => {
  expect(
    execSync(line.replace('npx stillpoint', `"${process.execPath}" "${place('../bin/stillpoint.mjs')}"`), {
      cwd,
      encoding: 'utf8',
      stdio: 'pipe',
    }),
  ).not.toBe('');
});
test('the file of losses in the repository’s README is solved', () => {
  const blocks = readFileSync(place('../../../README.md'), 'utf8').matchAll(/```js\n([\s\S]*?)```/g);
  const [file = ''] = [...blocks]
    .map(([, code = '']) => code)
    .filter((code) => code.includes('export default'));
  writeFileSync(join(cwd, 'mine.mjs'), file);
  const printed = execFileSync(
    process.execPath,
    [place('../bin/stillpoint.mjs'), 'solve', 'mine.mjs', '--method', 'extragradient', '--json'],
    { cwd, encoding: 'utf8', stdio: 'pipe' },
  );
  const { z }: { readonly z: readonly number[] } = JSON.parse(printed);
  // the errors (w₁ − 1, w₂ − 2, w₁ + w₂ − 2) of the worst case are equal in size: −⅓, −⅓, ⅓
  expect(z[0]).toBeCloseTo(2 / 3, 2);
  expect(z[1]).toBeCloseTo(5 / 3, 2);
});
