import { describe, test } from 'vitest';
import { loadNative } from '../src/load.js';
import { expandFilterGradients } from '../src/passes/filters.js';
import { optimise } from '../src/passes/index.js';
import { findBlockSize } from '../src/run/blocks.js';
import { expectSame } from './graphs.js';
import { randomGraph } from './random-graphs.js';

const loaded = await loadNative();
const size = loaded.found ? await findBlockSize(loaded.module) : 1;

// Ten operations on values about 1, each adding up at most 600 terms in another order: 600·2⁻²⁴ of their size, doubled at
// most from one operation to the next half of the time. A wrong pass is wrong in the first digit.
const tolerance = 2 ** 5 * 600 * 2 ** -24;

describe('graphs drawn at random compute the same after all passes', () => {
  const seeds = Array.from({ length: 150 }, (_, i) => i);
  test.for(seeds)('%i', async (seed) => {
    const graph = randomGraph(seed, Math.max(8, size));
    const plain = expandFilterGradients(1)(graph); // which the runtime does not know
    await expectSame(plain, optimise(graph), tolerance);
    if (size > 1) await expectSame(plain, optimise(graph, size), tolerance);
  });
});
