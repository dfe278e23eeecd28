import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { agrees, docs, readPages, runPage } from './examples.js';

const pages = readPages().filter(({ blocks }) => blocks.length > 0);

it.each(pages)('every example of $name runs and prints what the page shows', async (page) => {
  for (const { block, status, expected, output, shown } of await runPage(page)) {
    expect(status, `line ${block.line}:\n${output}`).toBe(expected);
    if (shown !== undefined && !agrees(shown, output)) expect(output, `line ${block.line}`).toBe(shown);
  }
});

it('every block that shows an output follows one that is run', () => {
  for (const { name, blocks } of pages)
    for (const [i, { words, line }] of blocks.entries())
      if (words.includes('output'))
        expect(['js', 'sh'], `${name}, line ${line}`).toContain(blocks[i - 1]?.language);
});

it('every block that is run is followed by what it prints', () => {
  for (const { name, blocks } of pages)
    for (const [i, { language, words, line }] of blocks.entries()) {
      const notRun = words.some((word) => word === 'not-run' || word.startsWith('file='));
      if (notRun || !['js', 'sh'].includes(language)) continue;
      expect(blocks[i + 1]?.words, `${name}, line ${line}`).toContain('output');
    }
});

it('the method of one’s own in the guide moves z to where arithmetic says', () => {
  const { blocks = [] } = pages.find(({ name }) => name === 'guide/contract.md') ?? {};
  const output = blocks.find(({ words, text }) => words.includes('output') && text.includes('drawn:'))?.text;
  // F(x, y) = (y + ξ, −x), γ = ½, ξ = 0, ¼, −¼: w = z − γF(z), z⁺ = z − γF(w), all in sums of powers of 2.
  let [x, y] = [1, 1];
  for (const noise of [0, 0.25, -0.25]) {
    const w = [x - (y + noise) / 2, y + x / 2] as const;
    [x, y] = [x - (w[1] + noise) / 2, y + w[0] / 2];
  }
  expect(output).toContain(`z is now ${x} ${y}\n`);
});

it('every figure that a command of the page on curves draws is there and shown, and no other', () => {
  const { blocks = [] } = pages.find(({ name }) => name === 'guide/what-curves.md') ?? {};
  const drawn = blocks.flatMap(({ words, text }) => {
    const names = words.find((word) => word.startsWith('draws='))?.slice('draws='.length);
    const run = /--out (\S+)/.exec(text)?.[1];
    return names?.split(',').map((name) => `${run}-${name}.svg`) ?? [];
  });
  const page = readFileSync(join(docs, 'pages', 'guide', 'what-curves.md'), 'utf8');
  const shown = [...page.matchAll(/\(\/curves\/([^)]+)\)/g)].map(([, name]) => name);
  expect(drawn.length).toBeGreaterThan(10);
  expect(readdirSync(join(docs, 'pages', 'public', 'curves')).sort()).toEqual(drawn.toSorted());
  expect(shown.toSorted()).toEqual(drawn.toSorted());
});
