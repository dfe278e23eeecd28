import { expect, it } from 'vitest';
import { extractorRegistry } from '../src/index.js';
import { papers } from '../src/papers.js';
import { optionsOf } from '../../../testing/options.js';

it('what can be chosen of a paper’s figure is as it was: what each option accepts, and defaults', async () => {
  const figures = papers.flatMap((paper) =>
    paper.figures.flatMap(({ name, options }) =>
      options === undefined ? [] : [{ name: `${paper.name}/${name}`, options }],
    ),
  );
  await expect(optionsOf(figures)).toMatchFileSnapshot('options/figures.txt');
});
it('the options of all extractors are as they were', async () => {
  await expect(optionsOf(extractorRegistry.rows)).toMatchFileSnapshot('options/extractors.txt');
});
