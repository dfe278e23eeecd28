import { expect, it } from 'vitest';
import { minimisations } from '../src/minimisations/registry.js';
import { games, sampledGames } from '../src/index.js';
import { optionsOf } from '../../../testing/options.js';

it.each([
  ['games', games],
  ['minimisations', minimisations],
  ['sampled-games', sampledGames],
])('the options of all %s are as they were: what they accept, and defaults', async (kind, rows) => {
  await expect(optionsOf(rows)).toMatchFileSnapshot(`options/${kind}.txt`);
});
