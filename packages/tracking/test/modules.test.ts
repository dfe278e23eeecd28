import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { folder } from '../../../testing/folder.js';
import { hashesOf, moduleDifference, moduleFiles, moduleHash, type ModuleHashes } from '../src/files.js';

function write(root: string, files: { readonly [place: string]: string }): string {
  for (const [place, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, place)), { recursive: true });
    writeFileSync(join(root, place), text);
  }
  return root;
}
const hashes = async (path: string): Promise<ModuleHashes> => hashesOf(await moduleFiles(path));
const places = async (path: string): Promise<readonly string[]> =>
  (await moduleFiles(path)).map(({ place }) => place);

/** Every way to import by a path, a cycle, a JSON file, and what is no import. */
const many = {
  'exp/mine.mjs': `import './a.mjs?once=1'; import b from '../lib/b.mjs'; export * from './c.mjs';
    export { default as d } from './d.js';
    import rows from './rows.json' with { type: 'json' };
    const later = () => import('./e.mjs'); const never = (x) => import(x);
    // import './comment.mjs'
    const text = "import './text.mjs'"; const pattern = /import '.\\/pattern.mjs'/;
    import fs from 'node:fs'; import other from 'a-package'; import '#inner';`,
  'exp/a.mjs': `import './mine.mjs'; import '../lib/b.mjs';`,
  'lib/b.mjs': `import './deep/f.cjs';`,
  'lib/deep/f.cjs': `module.exports = 1; import('./g.mjs');`,
  'lib/deep/g.mjs': '',
  'exp/c.mjs': '',
  'exp/d.js': '',
  'exp/e.mjs': '',
  'exp/rows.json': '[1, 2]',
};

it('a module has the files that it imports by paths, through others too, each once', async () => {
  const root = write(folder(), many);
  expect(await places(join(root, 'exp', 'mine.mjs'))).toEqual([
    'mine.mjs',
    'a.mjs',
    '../lib/b.mjs',
    '../lib/deep/f.cjs',
    '../lib/deep/g.mjs',
    'c.mjs',
    'd.js',
    'rows.json',
    'e.mjs',
  ]);
});

it('its hash is that of the same files elsewhere, and another after a change of any of them', async () => {
  const [here, there] = [write(folder(), many), write(folder(), many)];
  const main = (root: string): string => join(root, 'exp', 'mine.mjs');
  const first = await hashes(main(here));
  expect(await hashes(main(there))).toEqual(first);
  const seen = new Set([moduleHash(first)]);
  for (const [place, text] of Object.entries(many)) {
    writeFileSync(join(there, place), `${text}\n`);
    const now = await hashes(main(there));
    const from = relative('exp', place);
    expect(moduleDifference(now, first)).toBe(
      from === 'mine.mjs' ? 'the file itself' : `${from}, which it imports`,
    );
    seen.add(moduleHash(now));
    write(there, many);
  }
  expect(seen.size).toBe(Object.keys(many).length + 1);
});

it('a file that is not there counts, and counts otherwise once it is; so does a folder', async () => {
  const root = write(folder(), { 'mine.mjs': `import('./option.mjs').catch(() => {}); import('./lib');` });
  mkdirSync(join(root, 'lib'));
  const before = await hashes(join(root, 'mine.mjs'));
  expect(before).toEqual({ itself: expect.any(String), lib: null, 'option.mjs': null });
  write(root, { 'option.mjs': '' });
  expect(moduleDifference(await hashes(join(root, 'mine.mjs')), before)).toBe('option.mjs, which it imports');
  await expect(moduleFiles(join(root, 'lib'))).rejects.toThrow('there is no file');
});

it('links lead to their files, and imports go on from there, as in Node', async () => {
  const root = write(folder(), {
    'real/mine.mjs': `import './helper.mjs'; import './leaf.mjs';`,
    'real/helper.mjs': '',
    'far/leaf.mjs': `import './more.mjs';`,
    'far/more.mjs': '',
  });
  symlinkSync(join(root, 'real', 'mine.mjs'), join(root, 'link.mjs'));
  symlinkSync(join(root, 'far', 'leaf.mjs'), join(root, 'real', 'leaf.mjs'));
  const files = await moduleFiles(join(root, 'link.mjs'));
  expect(files.map(({ place, linked }) => [place, linked])).toEqual([
    ['mine.mjs', false],
    ['helper.mjs', false],
    ['leaf.mjs', true],
    ['../far/more.mjs', false],
  ]);
});

it('a whole path or URL is the same file from every folder', async () => {
  const root = write(folder(), { 'data/a.mjs': `import './b.mjs';`, 'data/b.mjs': '' });
  const a = join(root, 'data', 'a.mjs');
  write(root, { 'x/mine.mjs': `import '${pathToFileURL(a).href}';` });
  expect(await places(join(root, 'x', 'mine.mjs'))).toEqual(['mine.mjs', a, join(root, 'data', 'b.mjs')]);
});

it('what imports cannot be told of a file is an error that names it', async () => {
  const root = write(folder(), { 'mine.mjs': `import './odd.mjs';`, 'odd.mjs': 'const open = `${' });
  await expect(moduleFiles(join(root, 'mine.mjs'))).rejects.toThrow(
    new RegExp(`^what ${join(root, 'odd.mjs')} imports cannot be read: .*; expected JavaScript`),
  );
});
