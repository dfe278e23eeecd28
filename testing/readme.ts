import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { format } from 'node:util';
import { describe, expect, it, vi } from 'vitest';

/**
 * Tests a package's README: each example runs on the sources, and prints what its comments say; the first one
 * prints something. While it runs an example is in a file beside the test, where it can import the package by
 * name.
 */
export function testReadme(readme: URL): void {
  const examples = Array.from(
    readFileSync(readme, 'utf8').matchAll(/```js\n([\s\S]*?)```/g),
    ([, code = '']) => code,
  );
  const said = (code: string): string[] => Array.from(code.matchAll(/\/\/ → (.*)/g), ([, line = '']) => line);
  describe('the README', () => {
    it.each(examples.map((code, i) => [i + 1, code] as const))(
      'example %i runs on the sources and prints what its comments say',
      async (i, code) => {
        const place = new URL(`./test/.readme-${process.pid}-${i}.mjs`, readme);
        const log = vi.spyOn(console, 'log').mockImplementation(() => {});
        await writeFile(place, code);
        try {
          await import(place.href);
          const printed = log.mock.calls.map((line) => format(...line)).join('\n');
          expect(printed).toBe(said(code).join('\n'));
        } finally {
          log.mockRestore();
          await rm(place, { force: true });
        }
      },
    );
    it('has a first example that prints', () => {
      expect(said(examples[0] ?? '')).not.toEqual([]);
    });
  });
}
