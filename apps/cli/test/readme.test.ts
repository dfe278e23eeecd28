import { execSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
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
