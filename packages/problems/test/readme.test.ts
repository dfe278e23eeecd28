import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { testReadme } from '../../../testing/readme.js';
import { problems } from '../src/index.js';

testReadme(new URL('../README.md', import.meta.url));

it('the table of the README has every problem', () => {
  const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const missing = problems.filter(({ name }) => !new RegExp(`\`${name}(\`|\\()`).test(text));
  expect(missing.map(({ name }) => name)).toEqual([]);
});
