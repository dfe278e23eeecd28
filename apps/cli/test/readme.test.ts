import { execFileSync, execSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readRun } from '@stillpoint/tracking/run';
import { folder } from '../../../testing/folder.js';
import { commands } from '../src/entries.js';

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

test('the README’s table has every command', () => {
  const table = readFileSync(place('../README.md'), 'utf8');
  const named = [...table.matchAll(/^\| (.*?) \| /gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([a-z]+)[ `]/g)].map(([, name]) => name),
  );
  expect(named.toSorted()).toEqual(Object.keys(commands).toSorted());
});
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
const repository = readFileSync(place('../../../README.md'), 'utf8');
/** The file in the repository's README that uses this function. */
const fileWith = (name: string): string =>
  [...repository.matchAll(/```js\n([\s\S]*?)```/g)]
    .map(([, code = '']) => code)
    .find((code) => code.includes('export default') && code.includes(name)) ?? '';

test('the file of losses in the repository’s README is solved', () => {
  writeFileSync(join(cwd, 'mine.mjs'), fileWith('problemFromLosses'));
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

test('the GAN in the repository’s README is trained, stopped with Ctrl-C, resumed, sampled, exported', async () => {
  writeFileSync(join(cwd, 'mygan.mjs'), fileWith('ganGame'));
  const commands = /(npx stillpoint train mygan[\s\S]*?)```/
    .exec(repository)![1]!
    .trim()
    .split('\n')
    .map((line) => /^npx stillpoint (.*?) *#/.exec(line)![1]!.split(' '));
  expect(commands.map(([name]) => name)).toEqual('train resume sample evaluate export report'.split(' '));
  const [train, resume, ...more] = commands;
  const bin = place('../bin/stillpoint.mjs');
  const child = spawn(process.execPath, [bin, ...train!, '--quiet'], { cwd });
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (status) => resolve(status));
  });
  const checkpoint = join(cwd, 'run', 'checkpoints', 'step-000000000.safetensors');
  while (child.exitCode === null && !existsSync(checkpoint)) await sleep(10);
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  // the budget is cut down to a few calls more than were made
  const { calls } = readRun(join(cwd, 'run')).checkpoints.latest().entry;
  const cut = [...resume!, '--oracle-calls', String(calls + 20)];
  for (const args of [cut, ...more])
    expect(execFileSync(process.execPath, [bin, ...args], { cwd, encoding: 'utf8', stdio: 'pipe' })).not.toBe(
      '',
    );
  expect(readRun(join(cwd, 'run')).checkpoints.latest().entry.calls).toBe(calls + 20);
  expect(readFileSync(join(cwd, 'samples.csv'), 'utf8').trim().split('\n')).toHaveLength(1001);
  for (const name of ['generator/generator.onnx', 'generator/generator.safetensors', 'run/report.html'])
    expect(existsSync(join(cwd, name)), name).toBe(true);
});
