import { expect, it } from 'vitest';
import { initialisers } from '../src/initialise/registry.js';
import { layers, networks } from '../src/index.js';
import { optionsOf } from '../../../testing/options.js';

it.each([
  ['networks', networks],
  ['layers', layers],
  ['initialisers', initialisers],
])('the options of all %s are as they were: what they accept, and defaults', async (kind, rows) => {
  await expect(optionsOf(rows)).toMatchFileSnapshot(`options/${kind}.txt`);
});
