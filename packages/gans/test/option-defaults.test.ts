import { expect, it } from 'vitest';
import { losses, models, penalties } from '../src/index.js';
import { optionsOf } from '../../../testing/options.js';

it.each([
  ['losses', losses],
  ['models', models],
  ['penalties', penalties],
])('the options of all %s are as they were: what they accept, and defaults', async (kind, rows) => {
  await expect(optionsOf(rows)).toMatchFileSnapshot(`options/${kind}.txt`);
});
