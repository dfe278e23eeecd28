import { readFile, rm, writeFile } from 'node:fs/promises';
import { format } from 'node:util';
import { expect, test, vi } from 'vitest';

test('the README’s first example runs, on the sources, and prints what its comments say', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const code = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const said = Array.from(code.matchAll(/\/\/ → (.*)/g), ([, words]) => words);
  // here the package finds itself by name
  const place = new URL(`./.readme-${process.pid}.mjs`, import.meta.url);
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await writeFile(place, code);
  try {
    await import(place.href);
  } finally {
    await rm(place, { force: true });
  }
  expect(said).not.toEqual([]);
  expect(
    log.mock.calls
      .map((line) => format(...line))
      .join('\n')
      .split('\n'),
  ).toEqual(said);
});
