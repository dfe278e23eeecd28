import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { methods } from '../src/registry.js';

const files = ['methods', 'wrappers'].flatMap((folder) =>
  readdirSync(new URL(`../src/${folder}`, import.meta.url)).map((name) => `${folder}/${name}`),
);

describe.each(files)('%s', (file) => {
  const source = readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8');
  const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  it('touches elements only through kernels, and takes memory only from the space', () => {
    const body = code.slice(code.indexOf('init'));
    expect(body).not.toMatch(/\bs\.z\[|\bw\[|\bg\[|\.slice\(|\.subarray\(|\.set\(|new Float(32|64)Array/);
  });
  it('is one screen of code, imports aside', () => {
    const own = code
      .replace(/^import [^;]*;\n/gm, '')
      .split('\n')
      .filter((line) => line.trim() !== '');
    expect(own.length).toBeLessThanOrEqual(90);
  });
  it('says its update, its oracle calls and its source', () => {
    expect(source).toMatch(/Oracle calls per step/);
    expect(source).toMatch(/Source:[\s\S]*\d{4}/);
  });
  it('has a row', () =>
    expect(
      methods.map((row) => row.name),
      `${file} has no row in src/registry`,
    ).toContain(file.replace(/^.*\/|\.ts$/g, '')));
  it('can be imported by its own name', async () => {
    const name = `@stillpoint/optimizers/${file.replace(/\.ts$/, '')}`;
    const loaded: object = await import(name);
    expect(Object.values(loaded).some((value) => typeof value === 'function')).toBe(true);
  });
});
