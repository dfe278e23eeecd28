import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { type Builder, createBuilder } from '../src/builder.js';
import { compile } from '../src/compile.js';
import type { Graph, Value } from '../src/graph.js';
import { loadGradients } from '../src/load.js';
import { infer } from '../src/operations.js';
import { fuseBias } from '../src/passes/bias.js';
import { sinkBroadcasts } from '../src/passes/broadcasts.js';
import { foldConstants } from '../src/passes/constants.js';
import { removeDead } from '../src/passes/dead.js';
import { removeDuplicates } from '../src/passes/duplicates.js';
import { removeIdentities } from '../src/passes/identities.js';
import { optimise } from '../src/passes/index.js';
import { simplifyMasks } from '../src/passes/masks.js';
import { type Pass, rewrite } from '../src/passes/rewrite.js';
import { sumByProducts } from '../src/passes/sums.js';
import { trace } from '../src/trace/trace.js';
import { expectSame, graphOf, nodesOf } from './graphs.js';
import { gan, ganInputs } from './helpers.js';

const scalarLoss = (build: Builder, x: Value): Value =>
  build.add({ op: 'ReduceSum', axes: x.shape.map((_, i) => i), keepDims: false }, x);

/** A graph that every pass changes. */
const everything = graphOf({ x: [4, 3], w: [3, 5], b: [5], s: [1, 1] }, (build, { x, w, b, s }) => {
  const ones = build.constant(1, [4, 5]);
  const product = build.add({ op: 'MatMul', transposeA: false, transposeB: false }, x!, w!);
  const again = build.add({ op: 'MatMul', transposeA: false, transposeB: false }, x!, w!);
  const h = build.add({ op: 'Add' }, product, b!);
  const relu = build.add({ op: 'Relu' }, h);
  const spread = build.add({ op: 'Mul' }, s!, ones);
  const share = build.add({ op: 'Div' }, spread, build.constant(20, []));
  const mask = build.add(
    { op: 'Cast', to: 'float32' },
    build.add({ op: 'Greater' }, h, build.constant(0, [])),
  );
  const dh = build.add({ op: 'Mul' }, share, mask);
  build.add({ op: 'Exp' }, dh);
  const expanded = build.add({ op: 'Expand', shape: [4, 5] }, b!);
  const sums = {
    all: scalarLoss(build, expanded),
    along: build.add({ op: 'ReduceSum', axes: [1], keepDims: false }, expanded),
    across: build.add({ op: 'ReduceSum', axes: [0], keepDims: true }, expanded),
  };
  const reshaped = build.add(
    { op: 'Reshape', shape: [2, 10] },
    build.add({ op: 'Reshape', shape: [20] }, dh),
  );
  return {
    ...sums,
    relu,
    dh,
    reshaped,
    loss: scalarLoss(build, relu),
    rows: build.add({ op: 'ReduceSum', axes: [0], keepDims: true }, h),
    twice: build.add({ op: 'Add' }, again, build.constant(0, [])),
    flat: scalarLoss(build, share),
  };
});

const passes: { readonly [name: string]: Pass } = {
  removeDead,
  removeDuplicates,
  foldConstants,
  removeIdentities,
  sinkBroadcasts,
  fuseBias,
  simplifyMasks,
  sumByProducts,
  optimise,
};

describe('outputs are unchanged', () => {
  // one multiplication for a sum of equal numbers, and Gemm's own order of additions: a few roundings
  test.for(Object.keys(passes))('by %s', (name) =>
    expectSame(everything, passes[name]!(everything), 8 * 2 ** -23),
  );

  test('by all passes on the gradients of a GAN, and by a second round', async () => {
    await loadGradients();
    const graph = trace(gan, ganInputs(8));
    const optimised = optimise(graph);
    await expectSame(graph, optimised, 1e-6);
    // with more nodes some pass has no effect any more
    expect([graph.nodes.length, optimised.nodes.length]).toEqual([178, 109]);
    expect(optimise(optimised).nodes.length).toBe(optimised.nodes.length);
  });

  test('by constants that are minus zero', () =>
    expectSame(
      ...((): [Graph, Graph] => {
        const graph = graphOf({ x: [2] }, (build, { x }) => ({
          y: build.add({ op: 'Div' }, x!, build.constant(-0, [2])),
          z: build.add({ op: 'Div' }, x!, build.constant(0, [2])),
        }));
        return [graph, optimise(graph)];
      })(),
    ));
});

test('a pass that finds nothing to change returns the same objects', () => {
  const graph = graphOf({ x: [2] }, (build, { x }) => ({ y: build.add({ op: 'Exp' }, x!) }));
  for (const pass of Object.values(passes)) expect(pass(graph)).toEqual(graph);
});

test('removeDead removes nodes that no output needs, and keeps every input', () => {
  const graph = graphOf({ x: [2], unused: [3] }, (build, { x }) => {
    build.add({ op: 'Exp' }, build.add({ op: 'Neg' }, x!));
    return { y: build.add({ op: 'Abs' }, x!) };
  });
  expect(nodesOf(removeDead(graph))).toEqual(['%2 = Abs(%0) float32[2]']);
  expect(removeDead(graph).inputs).toHaveLength(2);
});

test('removeDuplicates distinguishes attributes, operands and constants', () => {
  const graph = graphOf({ x: [2, 2] }, (build, { x }) => {
    const scaled = (c: number, shape: readonly number[] = []): Value =>
      build.add({ op: 'Mul' }, x!, build.constant(c, shape));
    const sum = (axis: number): Value => build.add({ op: 'ReduceSum', axes: [axis], keepDims: false }, x!);
    return {
      a: scaled(2),
      b: scaled(2),
      c: scaled(3),
      d: scaled(2, [2, 2]),
      e: sum(0),
      f: sum(0),
      g: sum(1),
    };
  });
  const after = removeDuplicates(graph);
  expect(after.nodes).toHaveLength(5);
  const [a, b, c] = after.outputs.map(({ value }) => value);
  expect(a).toBe(b);
  expect(a).not.toBe(c);
});

test("foldConstants computes the constant in a mean's gradient, rounded as float32", () => {
  const graph = graphOf({ x: [256, 1] }, (build, { x }) => {
    const dy = build.add({ op: 'Reshape', shape: [1, 1] }, build.constant(1, []));
    const spread = build.add({ op: 'Mul' }, dy, build.constant(1, [256, 1]));
    return { y: build.add({ op: 'Mul' }, x!, build.add({ op: 'Div' }, spread, build.constant(3, []))) };
  });
  expect(nodesOf(foldConstants(graph))).toEqual([
    `%1 = Mul(%0, ${Math.fround(1 / 3)}float32[256,1]) float32[256,1]`,
  ]);
  expect(nodesOf(optimise(graph))).toEqual([`%1 = Mul(%0, ${Math.fround(1 / 3)}) float32[256,1]`]);
});

test('removeIdentities: neutral operands, pairs of moves, moves to the same shape', () => {
  const graph = graphOf({ x: [2, 3] }, (build, { x }) => {
    const [zero, one] = [build.constant(0, []), build.constant(1, [])];
    const swap = { op: 'Transpose', permutation: [1, 0] } as const;
    return {
      a: build.add({ op: 'Add' }, zero, x!),
      b: build.add({ op: 'Div' }, x!, one),
      c: build.add(swap, build.add(swap, x!)),
      d: build.add({ op: 'Reshape', shape: [2, 3] }, build.add({ op: 'Reshape', shape: [6] }, x!)),
      e: build.add({ op: 'Neg' }, build.add({ op: 'Neg' }, x!)),
      f: build.add({ op: 'Sub' }, zero, x!),
      g: build.add({ op: 'Div' }, one, x!),
      h: build.add({ op: 'Mul' }, x!, build.constant(1, [4, 2, 3])),
    };
  });
  const after = removeDead(removeIdentities(graph));
  expect(nodesOf(after)).toEqual([
    '%1 = Sub(0, %0) float32[2,3]',
    '%2 = Div(1, %0) float32[2,3]',
    '%3 = Expand(%0) shape=[4,2,3] float32[4,2,3]',
  ]);
});

test('sinkBroadcasts removes expansions before elementwise operations, and multiplies instead of adding equal numbers', () => {
  const graph = graphOf({ x: [256, 4], dy: [1, 1] }, (build, { x, dy }) => {
    const spread = build.add({ op: 'Expand', shape: [256, 4] }, dy!);
    return {
      y: build.add({ op: 'Mul' }, x!, build.add({ op: 'Neg' }, spread)),
      bias: build.add({ op: 'ReduceSum', axes: [0], keepDims: false }, spread),
    };
  });
  expect(nodesOf(removeDead(sinkBroadcasts(graph)))).toEqual([
    '%2 = Neg(%1) float32[1,1]',
    '%3 = Mul(%0, %2) float32[256,4]',
    '%4 = Mul(%1, 256) float32[1,1]',
    '%5 = Reshape(%4) shape=[1] float32[1]',
    '%6 = Expand(%5) shape=[4] float32[4]',
  ]);
});

test('fuseBias leaves a product that is needed twice, and a bias that is not a row', () => {
  const product = (build: Builder, x: Value, w: Value): Value =>
    build.add({ op: 'MatMul', transposeA: false, transposeB: true }, x, w);
  const shapes = { x: [4, 3], w: [5, 3], b: [5], c: [4, 1] };
  const fused = graphOf(shapes, (build, { x, w, b }) => ({
    y: build.add({ op: 'Add' }, b!, product(build, x!, w!)),
  }));
  expect(nodesOf(removeDead(fuseBias(fused)))).toEqual([
    '%4 = Gemm(%0, %1, %2) transposeA=false transposeB=true float32[4,5]',
  ]);
  const twice = graphOf(shapes, (build, { x, w, b }) => {
    const p = product(build, x!, w!);
    return { p, y: build.add({ op: 'Add' }, p, b!) };
  });
  const column = graphOf(shapes, (build, { x, w, c }) => ({
    y: build.add({ op: 'Add' }, product(build, x!, w!), c!),
  }));
  for (const graph of [twice, column]) expect(fuseBias(graph)).toEqual(graph);
});

test('simplifyMasks computes the mask from the activation', () => {
  const graph = graphOf({ x: [4], dy: [4] }, (build, { x, dy }) => {
    const mask = build.add(
      { op: 'Cast', to: 'float32' },
      build.add({ op: 'Greater' }, x!, build.constant(0, [])),
    );
    return { dx: build.add({ op: 'Mul' }, dy!, mask), y: build.add({ op: 'Relu' }, x!) };
  });
  const after = graphOf({ x: [4], dy: [4] }, (build, { x, dy }) => {
    const y = build.add({ op: 'Relu' }, x!);
    const mask = build.add(
      { op: 'Cast', to: 'float32' },
      build.add({ op: 'Greater' }, x!, build.constant(0, [])),
    );
    return { y, dx: build.add({ op: 'Mul' }, dy!, mask) };
  });
  expect(nodesOf(removeDead(simplifyMasks(after)))).toEqual([
    '%2 = Relu(%0) float32[4]',
    '%3 = HardSigmoid(%2) alpha=1.7014118346046923e+38 beta=0 float32[4]',
    '%4 = Mul(%1, %3) float32[4]',
  ]);
  // the relu comes after the mask, so its output cannot be used
  expect(nodesOf(removeDead(simplifyMasks(graph)))).toEqual(nodesOf(graph));
});

test('simplifyMasks leaves a mask alone that is counted or returned', async () => {
  const graph = graphOf({ x: [4] }, (build, { x }) => {
    const mask = build.add(
      { op: 'Cast', to: 'float32' },
      build.add({ op: 'Greater' }, build.add({ op: 'Relu' }, x!), build.constant(0, [])),
    );
    return { mask, count: scalarLoss(build, mask) };
  });
  expect(nodesOf(simplifyMasks(graph))).toEqual(nodesOf(graph));
  const { run, dispose } = await compile(
    ({ x }) => ({ mask: tf.cast(tf.greater(tf.relu(x), 0), 'float32') }),
    { inputs: { x: [4] }, engine: 'native' },
  );
  expect(Array.from((await run({ x: Float32Array.of(NaN, 1e-40, 2, -1) })).mask)).toEqual([0, 1, 1, 0]);
  await dispose();
});

test('simplifyMasks multiplies by the slope of a leaky relu, 1 or α exactly, and leaves other selections alone', async () => {
  const leaky = (factor: number): Graph =>
    graphOf({ x: [5], dy: [5] }, (build, { x, dy }) => ({
      dx: build.add(
        { op: 'Where' },
        build.add({ op: 'Greater' }, x!, build.constant(0, [])),
        dy!,
        build.add({ op: 'Mul' }, dy!, build.constant(factor, [])),
      ),
    }));
  const after = removeDead(simplifyMasks(leaky(0.2)));
  expect(nodesOf(after)).toEqual([
    '%2 = Greater(%0, 0) bool[5]',
    '%3 = Cast(%2) to="float32" float32[5]',
    '%4 = HardSigmoid(%3) alpha=1 beta=0.2 float32[5]',
    '%5 = Mul(%1, %4) float32[5]',
  ]);
  await expectSame(leaky(0.2), after, 0);
  for (const factor of [0, 1, 2, -0.5])
    expect(nodesOf(simplifyMasks(leaky(factor))).join()).toContain('Where');
});

test('sumByProducts replaces sums over the rows of matrices, and no others', () => {
  const graph = graphOf({ x: [6, 3], t: [2, 3, 4] }, (build, { x, t }) => {
    const sum = (v: Value, axes: readonly number[]): Value =>
      build.add({ op: 'ReduceSum', axes, keepDims: false }, v);
    return { rows: sum(x!, [0]), columns: sum(x!, [1]), all: sum(x!, [0, 1]), cube: sum(t!, [0]) };
  });
  expect(nodesOf(sumByProducts(graph)).map((line) => line.replace(/ .*= /, ' '))).toEqual([
    '%2 MatMul(1float32[1,6], %0) transposeA=false transposeB=false float32[1,3]',
    '%3 Reshape(%2) shape=[3] float32[3]',
    '%4 ReduceSum(%0) axes=[1] keepDims=false float32[6]',
    '%5 ReduceSum(%0) axes=[0,1] keepDims=false float32[]',
    '%6 ReduceSum(%1) axes=[0] keepDims=false float32[3,4]',
  ]);
});

test('a pass that changes a type is refused', () => {
  const graph = graphOf({ x: [2] }, (build, { x }) => ({ y: build.add({ op: 'Exp' }, x!) }));
  expect(() => rewrite(graph, (_, build) => [build.constant(0, [3])])).toThrow(
    'a pass replaced Exp float32[2] by float32[3]',
  );
});

test('operands that do not fit are refused when a node is made', () => {
  const build = createBuilder();
  const [a, b, i] = [build.input('a', [2, 3]), build.input('b', [4]), build.constant(1, [2, 3], 'int32')];
  expect(() => build.add({ op: 'Add' }, a, b)).toThrow('shapes [2,3] and [4] do not broadcast');
  expect(() => build.add({ op: 'Add' }, a, i)).toThrow('the types differ');
  expect(() => build.add({ op: 'Sqrt' }, i)).toThrow("Sqrt of int32; cast it first: tf.cast(x, 'float32')");
  expect(() => build.add({ op: 'Reshape', shape: [7] }, a)).toThrow('cannot reshape float32[2,3] to [7]');
  expect(() => build.add({ op: 'MatMul', transposeA: false, transposeB: false }, a, a)).toThrow(
    'the inner sizes differ',
  );
  expect(infer({ op: 'MatMul', transposeA: true, transposeB: false }, [a, a])).toEqual([
    { shape: [3, 3], dtype: 'float32' },
  ]);
});

describe('a dense layer before or after images', () => {
  const count = (graph: Graph, op: string): number =>
    graph.nodes.filter(({ operation }) => operation.op === op).length;
  const nhwc = (build: Builder, x: Value): Value =>
    build.add({ op: 'Transpose', permutation: [0, 2, 3, 1] }, x);
  /** Conv's activation [n, c, h, w], flattened as tfjs has it, times w, and the gradients of both. */
  const head = (n: number, outputs: number): Graph =>
    graphOf({ x: [n, 6, 4, 4], w: [96, outputs], dy: [n, outputs] }, (build, { x, w, dy }) => {
      const flat = build.add({ op: 'Reshape', shape: [n, 96] }, nhwc(build, build.add({ op: 'Relu' }, x!)));
      const y = build.add({ op: 'MatMul', transposeA: false, transposeB: false }, flat, w!);
      const dw = build.add({ op: 'MatMul', transposeA: true, transposeB: false }, flat, dy!);
      const back = build.add(
        { op: 'Reshape', shape: [n, 4, 4, 6] },
        build.add({ op: 'MatMul', transposeA: false, transposeB: true }, dy!, w!),
      );
      const mask = nhwc(
        build,
        build.add({ op: 'Cast', to: 'float32' }, build.add({ op: 'Greater' }, x!, build.constant(0, []))),
      );
      return {
        y,
        dw,
        dx: build.add({ op: 'Transpose', permutation: [0, 3, 1, 2] }, build.add({ op: 'Mul' }, back, mask)),
      };
    });
  test.for([
    [16, 1],
    [64, 10],
  ] as const)('%i examples, %i outputs: the weights are reordered, no image is', async ([n, outputs]) => {
    const graph = head(n, outputs);
    const optimised = optimise(graph);
    await expectSame(graph, optimised, 96 * 2 ** -23);
    for (const {
      operation,
      inputs: [x],
    } of optimised.nodes)
      if (operation.op === 'Transpose') expect(x?.shape).toContain(outputs); // weights only
    expect(count(optimised, 'MatMul')).toBe(3);
  });
  test('with many weights, or many terms per entry, no product is computed twice', () => {
    for (const [n, outputs] of [
      [2, 64],
      [256, 32],
    ] as const)
      expect(count(optimise(head(n, outputs)), 'MatMul')).toBe(3);
    const generator = graphOf({ z: [512, 64], w: [64, 96] }, (build, { z, w }) => {
      const images = build.add(
        { op: 'Reshape', shape: [512, 4, 4, 6] },
        build.add({ op: 'MatMul', transposeA: false, transposeB: false }, z!, w!),
      );
      const moved = build.add(
        { op: 'Transpose', permutation: [0, 3, 1, 2] },
        build.add({ op: 'Relu' }, images),
      );
      const mask = build.add(
        { op: 'Cast', to: 'float32' },
        build.add({ op: 'Greater' }, images, build.constant(0, [])),
      );
      return { moved, back: build.add({ op: 'Mul' }, nhwc(build, build.add({ op: 'Exp' }, moved)), mask) };
    });
    expect(count(optimise(generator), 'MatMul')).toBe(1);
  });
});
