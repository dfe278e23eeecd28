import { readFile, rm, writeFile } from 'node:fs/promises';
import { format } from 'node:util';
import { expect, test, vi } from 'vitest';

/**
 * The test of a package's README: its first example runs, on the sources, and prints what its comments say.
 * The example stands in a file beside the test while it runs, for there the package finds itself by name.
 */
export function testReadme(readme: URL): void {
  test('the README’s first example runs, on the sources, and prints what its comments say', async () => {
    const code = /```js\n([\s\S]*?)```/.exec(await readFile(readme, 'utf8'))?.[1] ?? '';
    const said = Array.from(code.matchAll(/\/\/ → (.*)/g), ([, words]) => words);
    const place = new URL(`./test/.readme-${process.pid}.mjs`, readme);
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
}
