import { describe, expect, test } from 'vitest';
import type { Builder } from '../src/builder.js';
import type { Graph, Value } from '../src/graph.js';
import type { Pair, Window } from '../src/operations.js';
import { expandFilterGradients } from '../src/passes/filters.js';
import { optimise } from '../src/passes/index.js';
import { slid } from '../src/windows.js';
import { expectSame, graphOf, nodesOf } from './graphs.js';

/** A gradient in a filter of some window. */
interface Case {
  readonly x: readonly [n: number, i: number, h: number, w: number];
  readonly o: number;
  readonly kernel: Pair;
  readonly window: Window;
}

const plain: Window = { strides: [1, 1], dilations: [1, 1], before: [1, 1], after: [1, 1] };
const cases: { readonly [name: string]: Case } = {
  'three taps each way': { x: [3, 5, 6, 7], o: 4, kernel: [3, 3], window: plain },
  'many channels': { x: [2, 18, 5, 6], o: 20, kernel: [3, 3], window: plain },
  'few channels of dy': { x: [2, 18, 5, 6], o: 3, kernel: [3, 2], window: plain },
  'few channels of x': { x: [2, 3, 5, 6], o: 18, kernel: [2, 3], window: plain },
  'taps apart, other padding on each side': {
    x: [2, 4, 9, 8],
    o: 17,
    kernel: [3, 2],
    window: { ...plain, dilations: [2, 3], before: [3, 0], after: [1, 2] },
  },
  'taps apart, few channels of dy': {
    x: [2, 17, 9, 8],
    o: 2,
    kernel: [3, 2],
    window: { ...plain, dilations: [2, 3], before: [3, 0], after: [1, 2] },
  },
  'padding beyond the filter': {
    x: [2, 17, 4, 5],
    o: 2,
    kernel: [3, 3],
    window: { ...plain, before: [4, 3], after: [3, 4] },
  },
  'steps of two, a last column that no window reaches': {
    x: [3, 2, 5, 8],
    o: 4,
    kernel: [3, 3],
    window: { ...plain, strides: [2, 2] },
  },
};

const turn = (build: Builder, x: Value, permutation: readonly number[]): Value =>
  build.add({ op: 'Transpose', permutation }, x);

const outputOf = ({ x: [n, , h, w], o, kernel, window }: Case): readonly number[] => [
  n,
  o,
  ...slid([h, w], kernel, window),
];

/** dW[o, i, r, c] = Σ x[n, i, h·s + r·d − p, w·s + c·d − p] dy[n, o, h, w], tap by tap over padded x. */
function byDefinition(the: Case): Graph {
  const { x: shape, o, kernel, window } = the;
  const { strides, dilations, before, after } = window;
  const [n, i] = shape;
  const [, , height, width] = outputOf(the);
  return graphOf({ x: shape, dy: outputOf(the) }, (build, { x, dy }) => {
    const padded = build.add({ op: 'Pad', before: [0, 0, ...before], after: [0, 0, ...after], value: 0 }, x!);
    const rows = (v: Value, channels: number): Value =>
      build.add({ op: 'Reshape', shape: [channels, n * height! * width!] }, turn(build, v, [1, 0, 2, 3]));
    const taps = Array.from({ length: kernel[0] * kernel[1] }, (_, t) => {
      const [r, c] = [Math.floor(t / kernel[1]) * dilations[0], (t % kernel[1]) * dilations[1]];
      const end = [n, i, r + (height! - 1) * strides[0] + 1, c + (width! - 1) * strides[1] + 1];
      const seen = build.add({ op: 'Slice', begin: [0, 0, r, c], end, strides: [1, 1, ...strides] }, padded);
      return build.add(
        { op: 'Reshape', shape: [o, i, 1] },
        build.add({ op: 'MatMul', transposeA: false, transposeB: true }, rows(dy!, o), rows(seen, i)),
      );
    });
    const all = build.add({ op: 'Concat', axis: 2 }, ...taps);
    return { dw: build.add({ op: 'Reshape', shape: [o, i, ...kernel] }, all) };
  });
}

const gradientOf = (the: Case): Graph =>
  graphOf({ x: the.x, dy: outputOf(the) }, (build, { x, dy }) => ({
    dw: build.add({ op: 'FilterGradient', window: the.window, kernel: the.kernel }, x!, dy!),
  }));

/** Sums of at most 3·42 products: as many roundings of a sum of that size. */
const tolerance = 126 * 2 ** -24;

describe('the gradient in a filter is that of its definition', () => {
  test.for(Object.keys(cases))('%s', async (name) => {
    const the = cases[name]!;
    await expectSame(byDefinition(the), expandFilterGradients(1)(gradientOf(the)), tolerance);
    await expectSame(byDefinition(the), optimise(gradientOf(the)), tolerance);
  });
});

const countOf = (graph: Graph, op: string): number =>
  nodesOf(graph).filter((line) => line.includes(` ${op}(`)).length;

test('a gradient over many places is a product per tap, and one product if there are few channels', () => {
  const large: Case = { x: [1, 32, 16, 16], o: 32, kernel: [3, 3], window: plain };
  expect(countOf(expandFilterGradients(16)(gradientOf(large)), 'MatMul')).toBe(9);
  expect(countOf(expandFilterGradients(16)(gradientOf({ ...large, x: [1, 3, 32, 32] })), 'MatMul')).toBe(1);
  expect(
    countOf(expandFilterGradients(16)(gradientOf({ ...large, x: [1, 64, 32, 32], o: 3 })), 'MatMul'),
  ).toBe(1);
});

test('a gradient over few places is a convolution where the runtime has blocks, and products elsewhere', () => {
  const small: Case = { x: [16, 32, 4, 4], o: 32, kernel: [3, 3], window: plain };
  expect(countOf(expandFilterGradients(16)(gradientOf(small)), 'BlockedConv')).toBe(1);
  expect(countOf(expandFilterGradients(1)(gradientOf(small)), 'MatMul')).toBe(9);
});

test('transposes stay in front of the taps, so that each image is moved once', () => {
  const the: Case = { x: [2, 18, 5, 6], o: 20, kernel: [3, 3], window: plain };
  expect(countOf(optimise(gradientOf(the)), 'Transpose')).toBe(3); // x, dy and the result
});
