import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { registry } from '@stillpoint/operators';
import { expect, it } from 'vitest';
import * as everyProblem from '../src/problems.js';
import { problemFrom, problemKind, problems } from '../src/index.js';

const src = fileURLToPath(new URL('../src/', import.meta.url));
/** What files of src make by one of the kinds: the name of the export, and of the problem. */
const made = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.startsWith('kinds'))
  .flatMap((path) =>
    Array.from(
      readFileSync(`${src}${path}`, 'utf8').matchAll(/^export const (\w+) = \w+\(\{\n {2}name: '([^']+)'/gm),
      ([, exported = '', name = '']) => ({ path, exported, name }),
    ),
  );
const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

it.each(made)('$name has a line in problems.ts, under its name in camel case', ({ exported, name }) => {
  expect(exported).toBe(camel(name));
  expect(Object.keys(everyProblem)).toContain(exported);
});
it('which are all problems that a spec names', () => {
  expect(made.map(({ name }) => name).toSorted()).toEqual(problems.map(({ name }) => name).toSorted());
});

it('says of which problem it is that `make` throws', () => {
  const puzzle = problemKind<never>({ name: 'puzzle', plural: 'puzzles', about: '' }, () => {
    throw new Error('not reached');
  });
  const boom = puzzle({
    name: 'boom',
    about: 'throws',
    reference: 'nobody',
    options: {},
    make() {
      throw new RangeError('Invalid array length');
    },
  });
  expect(() => boom()).toThrow('puzzle boom: its make throws: Invalid array length');
  expect(() => registry('puzzle', [boom.row]).from('boom')).toThrow('puzzle boom: its make throws');
});
it.each(['Broyden Tridiagonal', 'Ridge', 'a--b', ''])(
  'refuses the name "%s", which no spec can hold',
  (name) => {
    const row = { name, about: '', options: {}, make: () => 1 };
    expect(() => registry('puzzle', [row])).toThrow(
      `a puzzle is named "${name}"; expected words in kebab-case`,
    );
  },
);
it('finds a problem of each kind by its name alone', () => {
  for (const { name } of problems) expect(problemFrom(name).exact.name.split('(')[0]).toBe(name);
});
