import { expect, it } from 'vitest';
import { wide } from '../width.mjs';

const long = 'x'.repeat(120);
it.each([
  [`// ${long}`, 1],
  [` * ${long}`, 1],
  [`const a = b${long};`, 1],
  [`const a = 1; // ${long}`, 1],
  [`// '${long}'`, 1],
  [`// https://${long}`, 0],
  [`const a = '${long}';`, 0],
  [`const a = \`${long}\`;`, 0],
  [`expect(a).toMatch(/${long}/);`, 0],
])('%s', (line, found) => expect(wide('a.ts', line)).toHaveLength(found));
it('counts no line of a template, and names the others', () => {
  expect(wide('a.ts', `const a = \`\n${long}\n\`;\nconst b = c${long};`)).toEqual([
    'a.ts:4: 132 columns; expected at most 110',
  ]);
});
