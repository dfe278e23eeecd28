import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '@stillpoint/operators';
import { folder as fresh } from '../../../testing/folder.js';
import {
  checkWritable,
  discardFolders,
  makeFolders,
  openGrowing,
  wholeName,
  writeWhole,
} from '../src/files.js';
import { withFaults } from './faults.js';
import { compiled } from './compiled.js';

let sources: string;
beforeAll(() => {
  sources = compiled();
});
let made = 0;
const text = (...path: readonly string[]): string => readFileSync(join(...path), 'utf8');

/** A script beside the compiled sources. */
function script(code: string): string {
  const path = join(sources, `script-${++made}.mjs`);
  writeFileSync(
    path,
    `import { writeSync } from 'node:fs';\nimport { openGrowing, writeWhole } from './files.mjs';\n${code}`,
  );
  return path;
}

/** Runs a script that never ends, waits until it has written something, and kills it `wait` ms later. */
function killed(path: string, cwd: string, wait: number): Promise<NodeJS.Signals | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), wait));
    child.on('error', reject);
    child.on('close', (_, signal) => resolve(signal));
  });
}

/** Folders, in each of which a script was killed, after another wait: two at a time. */
async function killedIn(path: string): Promise<readonly string[]> {
  const folders = Array.from({ length: 10 }, fresh);
  for (let i = 0; i < folders.length; i += 2) {
    const pair = folders.slice(i, i + 2).map((folder, j) => killed(path, folder, (7 * (i + j)) % 25));
    expect(await Promise.all(pair)).toEqual(['SIGKILL', 'SIGKILL']);
  }
  return folders;
}

const LINES = 1 << 15;
/** Version n of a file, half a megabyte: every line says which. */
const version = (n: number): string => `${String(n).padStart(15)}\n`.repeat(LINES);
/** Which version a file holds; null for none that is whole. */
function versionOf(path: string): number | null {
  const found = text(path);
  const n = Number.parseInt(found, 10);
  return found === version(n) ? n : null;
}
const VERSION = `const version = (n) => (String(n).padStart(15) + '\\n').repeat(${LINES});\n`;

describe('a process that is killed while it writes', () => {
  it('leaves every file whole, and two that are written together at most one version apart', async () => {
    const writer = script(
      `${VERSION}for (let n = 1; ; n++) {\n  writeWhole({ a: version(n), b: version(n) });\n  if (n === 1) writeSync(1, '.');\n}`,
    );
    let halves = 0;
    for (const folder of await killedIn(writer)) {
      const [a, b] = [versionOf(join(folder, 'a')), versionOf(join(folder, 'b'))];
      expect([a, b]).not.toContain(null);
      expect([0, 1]).toContain(Number(a) - Number(b)); // a takes its place before b
      const left = readdirSync(folder).filter((name) => name !== wholeName(name));
      for (const name of left) expect(['a', 'b']).toContain(wholeName(name));
      if (left.length > 0) halves++;
    }
    expect(halves).toBeGreaterThan(0); // kills did come in the middle
  });
  it('leaves what was there where a growing file had not come to its end', async () => {
    const writer = script(
      `${VERSION}for (let n = 1; ; n++) {\n  const file = openGrowing('a');\n  const piece = version(n).slice(0, ${LINES / 4});\n  for (let i = 0; i < 64; i++) file.append(piece);\n  file.finish();\n  if (n === 1) writeSync(1, '.');\n}`,
    );
    let halves = 0;
    for (const folder of await killedIn(writer)) {
      expect(versionOf(join(folder, 'a'))).not.toBeNull();
      if (readdirSync(folder).length > 1) halves++;
    }
    expect(halves).toBeGreaterThan(0);
  });
});

describe('writeWhole', () => {
  it('writes several files, text and bytes, over old ones or anew, and leaves no other', () => {
    const folder = fresh();
    writeFileSync(join(folder, 'a'), 'old');
    writeWhole({ [join(folder, 'a')]: 'né', [join(folder, 'b')]: Uint8Array.of(0, 255) });
    expect([text(folder, 'a'), [...readFileSync(join(folder, 'b'))]]).toEqual(['né', [0, 255]]);
    expect(readdirSync(folder).sort()).toEqual(['a', 'b']);
  });
  it('through links, also a chain, and one to where nothing is yet: they stay links', () => {
    const folder = fresh();
    mkdirSync(join(folder, 'far'));
    writeFileSync(join(folder, 'far', 'there'), 'old');
    symlinkSync(join('far', 'there'), join(folder, 'one'));
    symlinkSync('one', join(folder, 'two'));
    symlinkSync(join('far', 'new'), join(folder, 'ahead'));
    symlinkSync('far', join(folder, 'short'));
    symlinkSync(join('..', 'up'), join(folder, 'far', 'up')); // from far, not from the link to it
    writeWhole({
      [join(folder, 'two')]: '2',
      [join(folder, 'ahead')]: '3',
      [join(folder, 'short', 'up')]: '4',
    });
    for (const link of ['one', 'two', 'ahead', 'short', 'far/up'])
      expect(lstatSync(join(folder, link)).isSymbolicLink(), link).toBe(true);
    expect(['far/there', 'far/new', 'up'].map((name) => text(folder, name))).toEqual(['2', '3', '4']);
    expect(readdirSync(join(folder, 'far')).sort()).toEqual(['new', 'there', 'up']);
  });
  it.skipIf(process.platform === 'win32')('keeps the permissions of a file it replaces', () => {
    const path = join(fresh(), 'secret');
    for (const mode of [0o600, 0o666]) {
      writeFileSync(path, 'old', { mode });
      expect(spawnSync('chmod', [mode.toString(8), path]).status).toBe(0);
      writeWhole({ [path]: 'new' });
      expect([statSync(path).mode & 0o777, text(path)]).toEqual([mode, 'new']);
    }
  });
  it('of several files, one of which cannot be written, writes none', () => {
    const folder = fresh();
    const a = join(folder, 'a');
    writeFileSync(a, 'old');
    mkdirSync(join(folder, 'folder'));
    symlinkSync('loop', join(folder, 'loop'));
    symlinkSync('a', join(folder, 'alias'));
    const before = readdirSync(folder);
    for (const [name, why] of [
      ['a/b', 'ENOTDIR'],
      ['no/b', 'ENOENT'],
      ['folder', 'is a folder'],
      ['loop', 'ELOOP'],
      ['b'.repeat(300), 'ENAMETOOLONG'],
      ['alias', `two of them are ${a}`],
    ] as const) {
      const bad = join(folder, name);
      const write = (): void => writeWhole({ [a]: 'new', [bad]: 'new' });
      expect(write, name).toThrow(`${a}, ${bad} cannot be written: `);
      expect(write, name).toThrow(why);
      expect([text(a), readdirSync(folder)], name).toEqual(['old', before]);
    }
  });
  it.skipIf(process.platform === 'win32')('on a disk that is full leaves the old files, and no other', () => {
    const folder = fresh();
    writeFileSync(join(folder, 'b'), 'old');
    const writer = script(
      `try { writeWhole({ a: 'small', b: 'x'.repeat(10_000) }); } catch (error) { writeSync(1, error.message); }`,
    );
    // a limit on the length of files stands for the disk: a write stops in its middle, then one fails
    const { stdout } = spawnSync('bash', ['-c', 'ulimit -f 8; exec "$0" "$1"', process.execPath, writer], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stdout).toBe('a, b cannot be written: EFBIG: file too large, write');
    expect([readdirSync(folder), text(folder, 'b')]).toEqual([['b'], 'old']);
  });
  it('refuses what is no path and no content before it writes anything', () => {
    const folder = fresh();
    const write = (content: unknown): unknown =>
      Reflect.apply(writeWhole, undefined, [{ [join(folder, 'a')]: 'x', [join(folder, 'b')]: content }]);
    for (const content of [null, 1, [1], new Float64Array(2), {}])
      expect(() => write(content)).toThrow(/b: the content is .*; expected text or a Uint8Array/);
    expect(() => writeWhole({ [join(folder, 'a')]: 'x', '': 'x' })).toThrow(InputError);
    for (const files of [null, undefined, 'a'])
      expect(() => Reflect.apply(writeWhole, undefined, [files])).toThrow(
        /^the files are .*; expected an object/,
      );
    for (const path of ['', null, 3])
      expect(() => Reflect.apply(openGrowing, undefined, [path])).toThrow(/; expected a file’s path$/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a growing file', () => {
  it('has its pieces in the partial file at once, and takes its name at the end', () => {
    const folder = fresh();
    writeFileSync(join(folder, 'a'), 'old');
    const file = openGrowing(join(folder, 'a'));
    const [partial = ''] = readdirSync(folder).filter((name) => name !== 'a');
    expect(wholeName(partial)).toBe('a');
    file.append('1,2\n');
    file.append(Uint8Array.of(51, 10));
    expect([text(folder, 'a'), text(folder, partial)]).toEqual(['old', '1,2\n3\n']);
    file.finish();
    file.finish(); // once more changes nothing
    expect([text(folder, 'a'), readdirSync(folder)]).toEqual(['1,2\n3\n', ['a']]);
    expect(() => file.append('4\n')).toThrow(/a is finished: nothing can be added$/);
  });
  it('through a link, which stays one', () => {
    const folder = fresh();
    symlinkSync('there', join(folder, 'link'));
    const file = openGrowing(join(folder, 'link'));
    file.append('x');
    file.finish();
    expect([lstatSync(join(folder, 'link')).isSymbolicLink(), text(folder, 'there')]).toEqual([true, 'x']);
  });
  it.skipIf(process.platform === 'win32')(
    'on a disk that is full keeps whole pieces only, and takes no other',
    () => {
      const folder = fresh();
      const writer = script(
        `const file = openGrowing('a');\nfor (const digit of '1239') try { file.append(digit.repeat(digit === '9' ? 9 : 3000)); } catch (error) { writeSync(1, digit + ': ' + error.message + '\\n'); }\nfile.finish();`,
      );
      const { status, stdout } = spawnSync(
        'bash',
        ['-c', 'ulimit -f 8; exec "$0" "$1"', process.execPath, writer],
        { cwd: folder, encoding: 'utf8' },
      );
      const why = 'a cannot be written: EFBIG: file too large, write';
      expect([status, stdout]).toEqual([0, `3: ${why}\n9: ${why}\n`]);
      expect(readdirSync(folder)).toEqual(['a']);
      expect(text(folder, 'a')).toBe('1'.repeat(3000) + '2'.repeat(3000));
    },
  );
  it('whose folder is removed meanwhile, or was never there: an error that names it, and nothing is left', () => {
    const folder = fresh();
    const path = join(folder, 'within', 'a');
    expect(() => openGrowing(path)).toThrow(`${path} cannot be written: ENOENT`);
    mkdirSync(join(folder, 'within'));
    const file = openGrowing(path);
    rmSync(join(folder, 'within'), { recursive: true });
    file.append('x');
    expect(() => file.finish()).toThrow(`${path} cannot be written: ENOENT`);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('checkWritable', () => {
  it('leaves nothing where a file can be written', () => {
    const folder = fresh();
    checkWritable('--out', join(folder, 'a'));
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(join(folder, 'a'), 'old');
    checkWritable('--out', join(folder, 'a'));
    expect([readdirSync(folder), text(folder, 'a')]).toEqual([['a'], 'old']);
  });
  it('names the path where none can, and leaves nothing', () => {
    const folder = fresh();
    writeFileSync(join(folder, 'file'), '');
    symlinkSync(join('no', 'b'), join(folder, 'ahead'));
    const before = readdirSync(folder);
    for (const [path, why] of [
      [join(folder, 'no', 'a'), 'there is no folder'],
      [join(folder, 'file', 'a'), 'there is no folder'],
      [folder, 'is a folder; expected a file'],
      [join(folder, 'ahead'), 'cannot be written: ENOENT'],
      [join(folder, 'a'.repeat(300)), 'cannot be accessed: ENAMETOOLONG'],
      ...(process.platform === 'linux'
        ? [
            ['/proc/a', 'cannot be written: '],
            ['/dev/null', 'no regular file'],
          ]
        : []),
    ] as const) {
      const check = (): void => checkWritable('--out', path);
      expect(check, path).toThrow(InputError);
      expect(check, path).toThrow(path.slice(0, 40));
      expect(check, path).toThrow(why);
    }
    expect(() => checkWritable('--out', '')).toThrow('--out ""; expected a file’s path');
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe('folders', () => {
  it('are made with those above them, and taken back while empty', () => {
    const root = fresh();
    const folders = makeFolders(join(root, 'a', '..', 'b', 'c'));
    expect(folders).toEqual([join(root, 'b'), join(root, 'b', 'c')]);
    writeFileSync(join(root, 'b', 'kept'), '');
    discardFolders(folders);
    expect(readdirSync(join(root, 'b'))).toEqual(['kept']);
  });
  it('that exist are left as they are', () => expect(makeFolders(fresh())).toEqual([]));
  it.runIf(process.platform === 'linux').each(['/proc/x/y', '/dev/fd/x/y/z'])(
    '%s is refused; Node’s own recursive mkdir never returns',
    (path) => expect(() => makeFolders(path)).toThrow(/ENOENT|EPERM|EACCES/),
  );
  it('a folder that another process makes meanwhile is no error, and not among those made', () => {
    const root = fresh();
    const path = join(root, 'trials', 'one');
    let first = true;
    const made = withFaults(
      (_, name, [at]) => {
        if (name === 'mkdirSync' && first) {
          first = false;
          execFileSync('mkdir', [String(at)]);
        }
        return undefined;
      },
      () => makeFolders(path),
    );
    expect(made).toEqual([path]);
    expect(readdirSync(join(root, 'trials'))).toEqual(['one']);
  });
  it('nothing is left of a path that can be made in part only', () => {
    const root = fresh();
    expect(() => makeFolders(join(root, 'a', 'b'.repeat(300)))).toThrow('ENAMETOOLONG');
    expect(readdirSync(root)).toEqual([]);
    writeFileSync(join(root, 'file'), '');
    expect(() => makeFolders(join(root, 'file'))).toThrow(/file is no folder$/);
    expect(() => makeFolders(join(root, 'file', 'b'))).toThrow(/file is no folder$/);
  });
});

it('only these sources need Node: the main entry is for browsers too', () => {
  const source = fileURLToPath(new URL('../src', import.meta.url));
  const needing = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && /from '(node:|.*\/files)/.test(text(source, name)))
    .map((name) => name.replaceAll('\\', '/').replace(/\/.*|\.ts$/, ''));
  expect(new Set(needing)).toEqual(new Set(['files', 'run']));
});
