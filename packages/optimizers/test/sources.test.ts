import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { methods } from '../src/registry.js';

const root = new URL('../src/', import.meta.url);
const inside = (folder: string): string[] =>
  readdirSync(new URL(folder, root), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? inside(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
  );
const files = ['methods', 'wrappers'].flatMap(inside);
const nameOf = (file: string): string => file.replace(/^.*\/|\.ts$/g, '');
const kebab = (text: string): string => text.toLowerCase().replaceAll(' ', '-');
const own = (file: string): Promise<object> => import(`@stillpoint/optimizers/${file.replace(/\.ts$/, '')}`);

const rowOf = (maker: unknown): unknown => Reflect.get(Object(maker), 'row');

/** The formatted lines of a property that begins so, at the indentation of a method's row. */
function linesOf(source: string, property: string): number {
  const lines = source.split('\n');
  const first = lines.findIndex((line) => line.startsWith(`  ${property}`));
  const last = lines.findIndex((line, i) => i >= first && /^ {2}(?:\},|\}\),|\S.*,)$/.test(line));
  return first < 0 || last < 0 ? NaN : last - first + 1;
}

describe.each(files)('%s', (file) => {
  const source = readFileSync(new URL(file, root), 'utf8');
  const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  const row = methods.find(({ name }) => name === nameOf(file));
  it('touches elements only through kernels, and takes memory only from the space', () => {
    const body = code.slice(code.indexOf('init'));
    expect(body).not.toMatch(/\bs\.z\[|\bw\[|\bg\[|\.slice\(|\.subarray\(|\.set\(|new Float(32|64)Array/);
  });
  it('has at most 90 lines as the formatter lays them out, its begin at most 40', () => {
    expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(90);
    expect(linesOf(source, 'begin')).toBeLessThanOrEqual(40);
  });
  it('states its update, its oracle calls and its source', () => {
    expect(source).toMatch(/Oracle calls per[\s*]+step/);
    expect(source).toMatch(/Source:[\s\S]*\d{4}/);
  });
  it('is listed, and lies in the folder of its group', () => {
    expect(row, `${file} has no line in src/methods.ts`).toBeDefined();
    if (file.startsWith('methods/')) expect(file).toBe(`methods/${kebab(row!.group)}/${nameOf(file)}.ts`);
    else expect(row!.group).toBe('wrapper');
  });
  it('exports its method and nothing else, and names no other file of the registry', async () => {
    const exported = Object.entries(await own(file));
    expect(exported.map(([name]) => kebab(name.replace(/[A-Z]/g, ' $&')))).toEqual([nameOf(file)]);
    expect(rowOf(exported[0]![1])).toBe(row);
    expect(code).not.toMatch(/from '[^']*(?:registry|methods|transforms)\.js'/);
  });
});

describe('the package', () => {
  const {
    exports,
    publishConfig,
  }: Record<'exports' | 'publishConfig', Record<string, unknown>> = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  const flat = Object.keys(exports).filter((path) => /^\.\/methods\/[^*/]+$/.test(path));
  it('lets each method of its exports be imported by its bare name', async () => {
    expect(flat.length).toBeGreaterThanOrEqual(39);
    for (const path of flat) {
      const loaded = await own(path.slice(2));
      expect(rowOf(Object.values(loaded)[0])).toMatchObject({ name: nameOf(path) });
    }
  });
  it('publishes the same subpaths, whose files exist', () => {
    const published = Object.entries(Object(publishConfig['exports']));
    expect(published.map(([path]) => path)).toEqual(Object.keys(exports));
    for (const path of flat) {
      const target = String(Object.fromEntries(published)[path]);
      const file = target.replace('./dist/', '').replace(/js$/, 'ts');
      expect(existsSync(new URL(file, root)), target).toBe(true);
      expect(exports[path]).toEqual({ '@stillpoint/source': `./src/${file}`, default: target });
    }
  });
});
