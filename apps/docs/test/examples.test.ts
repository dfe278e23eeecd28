import { expect, it } from 'vitest';
import { agrees, readPages, runPage } from './examples.js';

const pages = readPages().filter(({ blocks }) => blocks.length > 0);

it.each(pages)('every example of $name runs and prints what the page shows', async (page) => {
  for (const { block, status, expected, output, shown } of await runPage(page)) {
    expect(status, `line ${block.line}:\n${output}`).toBe(expected);
    if (shown !== undefined && !agrees(shown, output)) expect(output, `line ${block.line}`).toBe(shown);
  }
});

it('every block that shows an output follows one that is run', () => {
  for (const { name, blocks } of pages) for (const [i, { words, line }] of blocks.entries()) if (words.includes('output')) expect(['js', 'sh'], `${name}, line ${line}`).toContain(blocks[i - 1]?.language);
});
