import { readFile, rm, writeFile } from 'node:fs/promises';
import { format } from 'node:util';
import { expect, test, vi } from 'vitest';

/**
 * Tests a package's README: an example, by default its first, runs on the sources, and prints what its
 * comments say. While it runs the example is in a file beside the test, where it can import the package by
 * name.
 */
export function testReadme(readme: URL, example = 1): void {
  test(`the README’s example ${example} runs on the sources and prints what its comments say`, async () => {
    const examples = (await readFile(readme, 'utf8')).matchAll(/```js\n([\s\S]*?)```/g);
    const code = [...examples][example - 1]?.[1] ?? '';
    const expected = Array.from(code.matchAll(/\/\/ → (.*)/g), ([, line]) => line);
    const place = new URL(`./test/.readme-${process.pid}-${example}.mjs`, readme);
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    await writeFile(place, code);
    try {
      await import(place.href);
    } finally {
      await rm(place, { force: true });
    }
    expect(expected).not.toEqual([]);
    expect(
      log.mock.calls
        .map((line) => format(...line))
        .join('\n')
        .split('\n'),
    ).toEqual(expected);
  });
}
