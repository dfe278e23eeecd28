import { expect, it } from 'vitest';
import { datasets } from '../src/index.js';
import { optionsOf } from '../../../testing/options.js';

it('the options of all data sets are as they were: what they accept, and defaults', async () => {
  await expect(optionsOf(datasets)).toMatchFileSnapshot('options/data-sets.txt');
});
