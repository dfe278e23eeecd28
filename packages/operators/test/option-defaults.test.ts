import { expect, it } from 'vitest';
import { proxes } from '../src/index.js';
import { optionsOf } from '../../../testing/options.js';

it('the options of all proximal functions are as they were: what they accept, and defaults', async () => {
  await expect(optionsOf(proxes)).toMatchFileSnapshot('options/proximal-functions.txt');
});
