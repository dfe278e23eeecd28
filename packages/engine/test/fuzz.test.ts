import { describe, test } from 'vitest';
import type { Value } from '../src/graph.js';
import { loadNative } from '../src/load.js';
import type { Window } from '../src/operations.js';
import { expandFilterGradients } from '../src/passes/filters.js';
import { optimise } from '../src/passes/index.js';
import { findBlockSize } from '../src/run/blocks.js';
import { expectSame, graphOf } from './graphs.js';
import { randomGraph } from './random-graphs.js';

const loaded = await loadNative();
const size = loaded.found ? await findBlockSize(loaded.module) : 1;

// Twelve operations on values about 1, of which each adds up at most 600 terms in another order: √600
// roundings of 2⁻²⁴ as a rule, 600 at worst, on either side. A wrong pass changes the first digits.
const tolerance = 2 * 600 * 2 ** -24;

describe('graphs drawn at random compute the same after all passes', () => {
  const seeds = Array.from({ length: 250 }, (_, i) => i);
  test.for(seeds)('%i', async (seed) => {
    const graph = randomGraph(seed, Math.max(8, size), 12);
    const plain = expandFilterGradients(1)(graph); // the runtime has no FilterGradient
    await expectSame(plain, optimise(graph), tolerance);
    if (size > 1) await expectSame(plain, optimise(graph, size), tolerance);
    await expectSame(plain, optimise(graph, size), tolerance, 'all');
  });
});

// These were found with many more random graphs.
describe('graphs that an earlier version computed wrongly', () => {
  test('a filter whose windows all lie in the padding has gradient zero', async () => {
    const window: Window = { strides: [1, 2], dilations: [1, 1], before: [0, 1], after: [0, 0] };
    const graph = graphOf({ x: [1, 2, 3, 1], dy: [1, 4, 3, 1], t: [4, 2, 1, 1] }, (build, { x, dy, t }) => ({
      y: build.add({ op: 'Mul' }, build.add({ op: 'FilterGradient', window, kernel: [1, 1] }, x!, dy!), t!),
    }));
    const none = graphOf({ x: [1, 2, 3, 1], dy: [1, 4, 3, 1], t: [4, 2, 1, 1] }, (build, { t }) => ({
      y: build.add({ op: 'Mul' }, build.constant(0, []), t!),
    }));
    await expectSame(none, optimise(graph), 0, 'all');
  });

  test.for(['MaxPool', 'AveragePool'] as const)(
    'a %s includes the zeros of a Pad before it, in a window larger than the padding or not',
    async (op) => {
      for (const kernel of [
        [2, 2],
        [2, 1],
      ] as const) {
        const graph = graphOf({ x: [2, 3, 4, 4] }, (build, { x }) => {
          const padded = build.add(
            { op: 'Pad', before: [0, 0, 1, 1], after: [0, 0, 0, 1], value: 0 },
            build.add({ op: 'Sub' }, x!, build.constant(2, [])),
          );
          return {
            y: build.add(
              { op, kernel, window: { strides: [1, 1], dilations: [1, 1], before: [0, 0], after: [0, 0] } },
              padded,
            ),
          };
        });
        await expectSame(graph, optimise(graph), 2 ** -23, 'all'); // an average of four, in another order
      }
    },
  );

  test('products of a value scaled once and scaled twice', async () => {
    const graph = graphOf({ x: [2, 4, 3], v: [4, 5], w: [4, 5] }, (build, { x, v, w }) => {
      const once = build.add({ op: 'Mul' }, x!, build.constant(0.25, []));
      const product = (a: Value, b: Value): Value =>
        build.add({ op: 'MatMul', transposeA: true, transposeB: false }, a, b);
      return { y: product(build.add({ op: 'Mul' }, build.constant(-1, []), once), v!), z: product(once, w!) };
    });
    await expectSame(graph, optimise(graph), 8 * 2 ** -24, 'all'); // sums of four products below 1
  });
});
