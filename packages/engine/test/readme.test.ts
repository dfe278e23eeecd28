import { readFile, rm, writeFile } from 'node:fs/promises';
import { afterAll, expect, test, vi } from 'vitest';

// The README's first block, run against the sources: only the package's own name is replaced by their place, so no build
// is needed. The file lies beside the tests, where the packages it imports are found.

const place = new URL(`./.readme-${process.pid}.mjs`, import.meta.url);
afterAll(() => rm(place, { force: true }));

test("the README's first example runs and prints what it says", async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const code = readme.match(/```(?:js|ts)\n([\s\S]*?)```/)?.[1] ?? '';
  expect(code).toContain("from '@stillpoint/engine'");
  await writeFile(place, code.replaceAll("'@stillpoint/engine'", JSON.stringify('../src/index.js')));
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
  await import(place.href);
  expect(printed.mock.calls).toEqual([['native', Float32Array.of(2, 4, 6)]]);
  printed.mockRestore();
});
