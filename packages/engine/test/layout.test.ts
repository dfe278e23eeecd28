import { describe, expect, test } from 'vitest';
import type { Builder } from '../src/builder.js';
import type { Value } from '../src/graph.js';
import { loadNative } from '../src/load.js';
import type { Window } from '../src/operations.js';
import { fuseBias } from '../src/passes/bias.js';
import { blockConvolutions, fuseActivations, sinkBlocks } from '../src/passes/blocks.js';
import { expandFilterGradients } from '../src/passes/filters.js';
import { optimise } from '../src/passes/index.js';
import { removeDead } from '../src/passes/dead.js';
import { removeIdentities } from '../src/passes/identities.js';
import { reshapeInstead, sinkTransposes } from '../src/passes/layout.js';
import { findBlockSize } from '../src/run/blocks.js';
import { expectSame, graphOf, nodesOf } from './graphs.js';

const first = [0, 3, 1, 2];
const last = [0, 2, 3, 1];
const turn = (build: Builder, x: Value, permutation: readonly number[]): Value =>
  build.add({ op: 'Transpose', permutation }, x);
const window = (
  strides: readonly [number, number] = [1, 1],
  before: readonly [number, number] = [1, 1],
  after = before,
): Window => ({ strides, dilations: [1, 1], before, after });
const operationsOf = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.match(/= (\w+)\(/)?.[1] ?? '');
// a convolution adds up to 600 products of numbers below 1: √600 roundings of a sum of that size
const tolerance = 600 * 2 ** -24;

const loaded = await loadNative();
const size = loaded.found ? await findBlockSize(loaded.module) : 1;

test('sinkTransposes moves a pair together over a bias, an activation and a mask, and removes it', async () => {
  const graph = graphOf({ x: [2, 3, 4, 5], b: [3] }, (build, { x, b }) => {
    const h = build.add({ op: 'Add' }, turn(build, x!, last), b!);
    const y = build.add({ op: 'LeakyRelu', alpha: 0.2 }, h);
    return {
      y: turn(
        build,
        build.add(
          { op: 'Where' },
          build.add({ op: 'Greater' }, h, build.constant(0, [])),
          y,
          build.constant(1, []),
        ),
        first,
      ),
    };
  });
  const after = removeDead(removeIdentities(sinkTransposes(graph)));
  expect(operationsOf(nodesOf(after))).toEqual(['Reshape', 'Add', 'LeakyRelu', 'Greater', 'Where']);
  await expectSame(graph, after);
});

test('sinkTransposes leaves an operation whose other operand would have to be transposed instead', () => {
  const graph = graphOf({ x: [2, 3, 4, 5], u: [2, 4, 5, 3] }, (build, { x, u }) => ({
    y: build.add({ op: 'Mul' }, turn(build, x!, last), u!),
  }));
  expect(sinkTransposes(graph)).toEqual(graph);
});

test('sinkTransposes moves transposes behind sums, joins, cuts and pads', async () => {
  const graph = graphOf({ x: [2, 3, 4, 5], u: [2, 3, 4, 5] }, (build, { x, u }) => {
    const [a, b] = [turn(build, x!, last), turn(build, u!, last)];
    const [left, right] = build.addMany({ op: 'Split', axis: 3, sizes: [1, 2] }, [a]);
    return {
      channels: build.add({ op: 'ReduceSum', axes: [0, 1, 2], keepDims: false }, a),
      kept: build.add({ op: 'ReduceMean', axes: [1, 2], keepDims: true }, a),
      turned: build.add({ op: 'ReduceMax', axes: [1], keepDims: false }, a),
      joined: build.add({ op: 'Concat', axis: 3 }, a, b),
      cut: build.add({ op: 'Slice', begin: [0, 1, 0, 2], end: [2, 4, 5, 3], strides: [1, 2, 1, 1] }, a),
      padded: build.add({ op: 'Pad', before: [0, 1, 0, 2], after: [0, 0, 3, 0], value: 0.5 }, a),
      left: left!,
      right: right!,
    };
  });
  const after = removeDead(sinkTransposes(graph));
  await expectSame(graph, after, 60 * 2 ** -24); // sums of 40 in another order
  expect(nodesOf(after)[0]).toContain('Split(%0) axis=1');
  expect(nodesOf(after).find((line) => line.includes('ReduceSum'))).toContain('axes=[0,2,3]');
});

test('reshapeInstead makes a transpose of axes of size 1 a reshape', async () => {
  const graph = graphOf({ x: [2, 4, 5, 1], u: [2, 4, 5, 3] }, (build, { x, u }) => ({
    grey: turn(build, x!, first),
    colour: turn(build, u!, first),
  }));
  expect(operationsOf(nodesOf(reshapeInstead(graph)))).toEqual(['Reshape', 'Transpose']);
  await expectSame(graph, reshapeInstead(graph));
});

test('fuseBias makes a bias part of a convolution, if nothing else uses the result without it', async () => {
  const shapes = { x: [2, 3, 4, 4], w: [5, 3, 3, 3], b: [5] };
  const convolve = (build: Builder, x: Value, w: Value): Value =>
    build.add({ op: 'Conv', window: window() }, x, w);
  const graph = graphOf(shapes, (build, { x, w, b }) => ({
    y: build.add({ op: 'Add' }, convolve(build, x!, w!), build.add({ op: 'Reshape', shape: [5, 1, 1] }, b!)),
  }));
  const after = removeDead(fuseBias(graph));
  expect(operationsOf(nodesOf(removeIdentities(after))).at(-1)).toBe('Conv');
  await expectSame(graph, after, tolerance);
  const twice = graphOf(shapes, (build, { x, w, b }) => {
    const h = convolve(build, x!, w!);
    return { h, y: build.add({ op: 'Add' }, h, build.add({ op: 'Reshape', shape: [5, 1, 1] }, b!)) };
  });
  expect(fuseBias(twice)).toEqual(twice);
});

describe.skipIf(size === 1)(`in blocks of ${size} channels`, () => {
  const c = 2 * size;
  const cases: {
    readonly [name: string]: readonly [
      shapes: { readonly [name: string]: readonly number[] },
      body: (build: Builder, v: { readonly [name: string]: Value }) => Value,
    ];
  } = {
    convolution: [
      { x: [2, c, 6, 5], w: [size, c, 3, 3], b: [size] },
      (build, { x, w, b }) => build.add({ op: 'Conv', window: window([2, 1]) }, x!, w!, b!),
    ],
    'convolution of an image with few channels': [
      { x: [2, 3, 6, 5], w: [c, 3, 3, 3], b: [c] },
      (build, { x, w, b }) => build.add({ op: 'Conv', window: window([2, 1]) }, x!, w!, b!),
    ],
    'transposed convolution': [
      { y: [2, size, 4, 3], w: [size, c, 4, 2] },
      (build, { y, w }) =>
        build.add({ op: 'ConvTranspose', window: window([2, 1], [1, 0], [1, 0]), size: [8, 4] }, y!, w!),
    ],
    'transposed convolution, three phases': [
      { y: [1, size, 3, 3], w: [size, size, 6, 3] },
      (build, { y, w }) =>
        build.add({ op: 'ConvTranspose', window: window([3, 3], [2, 0], [1, 0]), size: [9, 9] }, y!, w!),
    ],
    'filter gradient': [
      { x: [size, 3, 6, 6], dy: [size, size, 3, 3] },
      (build, { x, dy }) =>
        build.add({ op: 'FilterGradient', window: window([2, 2]), kernel: [4, 4] }, x!, dy!),
    ],
  };
  test.for(Object.keys(cases))('%s: computes the same in blocks', async (name) => {
    const [shapes, body] = cases[name]!;
    const graph = graphOf(shapes, (build, inputs) => ({ y: body(build, inputs) }));
    const plain = expandFilterGradients(1)(graph);
    const after = expandFilterGradients(size)(blockConvolutions(size)(graph));
    expect(operationsOf(nodesOf(after))).toContain('BlockedConv');
    expect(operationsOf(nodesOf(after)).some((op) => op === 'Conv' || op === 'ConvTranspose')).toBe(false);
    await expectSame(plain, after, tolerance);
  });

  test('a convolution whose channels are not multiples of the block stays', () => {
    const graph = graphOf(
      { x: [2, c, 6, 5], w: [size + 1, c, 3, 3], v: [c, c, 3, 3] },
      (build, { x, w, v }) => ({
        y: build.add({ op: 'Conv', window: window() }, x!, w!),
        z: build.add({ op: 'ConvTranspose', window: window([2, 2]), size: [12, 9] }, x!, v!),
      }),
    );
    expect(blockConvolutions(size)(graph)).toEqual(graph);
  });

  test('sinkBlocks and fuseActivations keep everything between two convolutions in blocks', async () => {
    const graph = graphOf(
      { x: [2, size, 6, 6], w: [size, size, 3, 3], v: [size, size, 3, 3] },
      (build, { x, w, v }) => {
        const h = build.add(
          { op: 'LeakyRelu', alpha: 0.2 },
          build.add({ op: 'Conv', window: window() }, x!, w!),
        );
        return { y: build.add({ op: 'Relu' }, build.add({ op: 'Conv', window: window() }, h, v!)) };
      },
    );
    const after = fuseActivations(removeDead(sinkBlocks(blockConvolutions(size)(graph))));
    expect(operationsOf(nodesOf(removeDead(after)))).toEqual([
      'Block',
      'Reshape',
      'Transpose',
      'BlockedConv',
      'Reshape',
      'Transpose',
      'BlockedConv',
      'Unblock',
    ]);
    await expectSame(graph, after, tolerance);
  });

  test('an activation stays separate if something else uses its operand', async () => {
    const graph = graphOf({ x: [2, size, 6, 6], w: [size, size, 3, 3] }, (build, { x, w }) => {
      const h = build.add({ op: 'Conv', window: window() }, x!, w!);
      return { h, y: build.add({ op: 'Relu' }, h) };
    });
    const after = optimise(graph, size);
    expect(operationsOf(nodesOf(after))).toContain('Relu');
    await expectSame(graph, after, tolerance);
  });
});

test('the block size is 1 for a runtime without blocked operations, or with an unknown size of them', async () => {
  const broken = {
    Tensor: class {
      readonly data = undefined;
      readonly dims = [];
    },
    InferenceSession: {
      create: () => Promise.reject(new Error('ReorderInput is not a registered function')),
    },
    env: {},
  };
  expect(await findBlockSize(broken)).toBe(1);
});
