import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { layers } from '@tensorflow/tfjs-layers';
import { expect, test, vi } from 'vitest';
import type { Builder } from '../src/builder.js';
import type { Graph, Value } from '../src/graph.js';
import { compile } from '../src/index.js';
import { optimise } from '../src/passes/index.js';
import { expectSame, graphOf } from './graphs.js';

// How much the compiler does is counted in nodes: those that a pass makes, keeps or looks up. Every pass does
// these by a builder, which is counted here. (Times would depend on the machine.)

const counter = vi.hoisted(() => ({ work: 0 }));
vi.mock(import('../src/builder.js'), async (original) => {
  const real = await original();
  const counted: typeof real.createBuilder = (from) => {
    const build = real.createBuilder(from);
    const count = <T>(value: T): T => {
      counter.work++;
      return value;
    };
    return {
      ...build,
      add: (...given) => count(build.add(...given)),
      addMany: (...given) => count(build.addMany(...given)),
      append: (node) => count(build.append(node)),
      producer: (value) => count(build.producer(value)),
    };
  };
  return { ...real, createBuilder: counted };
});

function workOf(graph: Graph): number {
  counter.work = 0;
  optimise(graph, 8);
  return counter.work;
}

const range = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);
const images = [2, 8, 6, 8];
const turned = [2, 6, 8, 8];
const window = { strides: [1, 1], dilations: [1, 1], before: [1, 1], after: [1, 1] } as const;
const last = (build: Builder, x: Value): Value =>
  build.add({ op: 'Transpose', permutation: [0, 2, 3, 1] }, x);
const first = (build: Builder, x: Value): Value =>
  build.add({ op: 'Transpose', permutation: [0, 3, 1, 2] }, x);
const squares = (build: Builder, x: Value, n: number): readonly Value[] =>
  range(n).reduce<Value[]>((all, _) => [...all, build.add({ op: 'Mul' }, all.at(-1)!, all.at(-1)!)], [x]);

/** Graphs of n parts, each with something that a pass looks for. */
const families: { readonly [name: string]: (n: number) => Graph } = {
  'a transposed value, times a product of products': (n) =>
    graphOf({ x: images, y: turned }, (build, { x, y }) => ({
      z: build.add({ op: 'Add' }, last(build, x!), squares(build, y!, n).at(-1)!),
    })),
  'transposed values, each with a product of products': (n) =>
    graphOf({ x: images, y: turned }, (build, { x, y }) => {
      const chain = squares(build, y!, n);
      return { z: chain.reduce((sum, link) => build.add({ op: 'Add' }, sum, link), last(build, x!)) };
    }),
  'a blocked convolution, times a product of products': (n) =>
    graphOf({ x: [2, 8, 8, 8], w: [8, 8, 3, 3], y: [2, 8, 8, 8] }, (build, { x, w, y }) => ({
      z: build.add({ op: 'Mul' }, build.add({ op: 'Conv', window }, x!, w!), squares(build, y!, n).at(-1)!),
    })),
  'convolutions with residual connections': (n) =>
    graphOf({ x: [2, 8, 8, 8], w: [8, 8, 3, 3], b: [8] }, (build, { x, w, b }) => ({
      z: range(n).reduce((h) => {
        const y = last(build, build.add({ op: 'Conv', window }, first(build, h), w!));
        return build.add({ op: 'Add' }, h, build.add({ op: 'Relu' }, build.add({ op: 'Add' }, y, b!)));
      }, x!),
    })),
  'broadcasts that are added up': (n) =>
    graphOf({ x: [4, 1] }, (build, { x }) => ({
      z: range(n).reduce((h) => {
        const wide = build.add({ op: 'Expand', shape: [4, 6] }, h);
        const sum = build.add({ op: 'ReduceSum', axes: [1], keepDims: true }, build.add({ op: 'Exp' }, wide));
        return build.add({ op: 'Mul' }, sum, build.constant(0.5, [4, 1]));
      }, x!),
    })),
  'numbers, reshapes and transposes in a row': (n) =>
    graphOf({ x: [2, 3] }, (build, { x }) => ({
      z: range(n).reduce((h, i) => {
        const scaled = build.add({ op: 'Mul' }, h, build.constant(1 + i / n, []));
        const moved = build.add({ op: 'Transpose', permutation: [1, 0] }, scaled);
        return build.add({ op: 'Reshape', shape: [2, 3] }, moved);
      }, x!),
    })),
  'slices that are joined': (n) =>
    graphOf({ x: [n, 2, 3] }, (build, { x }) => {
      const moved = build.add({ op: 'Transpose', permutation: [0, 2, 1] }, x!);
      const cut = (i: number): Value =>
        build.add({ op: 'Slice', begin: [i, 0, 0], end: [i + 1, 3, 2], strides: [1, 1, 1] }, moved);
      return { z: build.add({ op: 'Concat', axis: 0 }, ...range(n).map(cut)) };
    }),
  'sums and dense layers': (n) =>
    graphOf({ x: [4, 6], w: [6, 6], b: [6] }, (build, { x, w, b }) => ({
      z: range(n).reduce((h) => {
        const product = build.add({ op: 'MatMul', transposeA: false, transposeB: false }, h, w!);
        const rows = build.add({ op: 'ReduceSum', axes: [0], keepDims: true }, product);
        return build.add(
          { op: 'Relu' },
          build.add({ op: 'Add' }, build.add({ op: 'Add' }, product, b!), rows),
        );
      }, x!),
    })),
};

test.for(Object.keys(families))('twice as much of it is about twice the work: %s', (name) => {
  const family = families[name]!;
  const [small, large] = [workOf(family(12)), workOf(family(24))];
  // what is done once makes the quotient smaller than 2; a search per link would make it 4, one per way 2¹²
  expect(large / small).toBeLessThan(2.2);
  expect(large).toBeGreaterThan(24);
});

test('a chain of 20,000 operations is no chain of calls', () => {
  const chain = (build: Builder, x: Value): Value =>
    range(10_000).reduce((h) => build.add({ op: 'Tanh' }, build.add({ op: 'Mul' }, h, h)), x);
  const graph = graphOf({ x: images, y: turned }, (build, { x, y }) => ({
    z: build.add({ op: 'Add' }, last(build, x!), chain(build, y!)),
  }));
  expect(optimise(graph, 8).nodes).toHaveLength(20_002);
});

test('a value that is reached on several ways is the same value afterwards', async () => {
  const graph = graphOf({ x: images, w: [4, 8], v: [8, 384] }, (build, { x, w, v }) => {
    const product = build.add(
      { op: 'MatMul', transposeA: false, transposeB: false },
      build.add({ op: 'Slice', begin: [0, 0], end: [2, 8], strides: [1, 1] }, w!),
      v!,
    );
    const y = build.add({ op: 'Reshape', shape: [2, 6, 8, 8] }, product);
    const links = squares(build, y, 3);
    return {
      z: build.add({ op: 'Sub' }, build.add({ op: 'Mul' }, last(build, x!), links.at(-1)!), links[2]!),
    };
  });
  await expectSame(graph, optimise(graph), 64 * 2 ** -23);
});

test('the graph of layer normalisation does not grow with the images', async () => {
  await tf.setBackend('cpu');
  const nodes = async (side: number): Promise<number> => {
    const layer = layers.layerNormalization({ axis: -1 });
    layer.build([null, side, side, 4]);
    const weights = layer.weights;
    const compiled = await compile(
      ({ x, scale, offset }) => {
        const normalised = (...[v, a, b]: tf.Tensor[]): tf.Scalar => {
          const [gamma, beta] = weights;
          vi.spyOn(gamma!, 'read').mockReturnValue(a!);
          vi.spyOn(beta!, 'read').mockReturnValue(b!);
          const y = layer.call(v!, {});
          return tf.sum(tf.exp(Array.isArray(y) ? y[0]! : y));
        };
        const [dx, da, db] = tf.grads(normalised)([x, scale, offset]);
        return { dx: dx!, da: da!, db: db! };
      },
      { inputs: { x: [3, side, side, 4], scale: [4], offset: [4] }, engine: 'native' },
    );
    await compiled.dispose();
    return compiled.graph!.nodes.length;
  };
  expect(await nodes(5)).toBe(await nodes(4));
});
