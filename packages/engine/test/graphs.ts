import { expect } from 'vitest';
import { type Builder, createBuilder } from '../src/builder.js';
import { emit, inputName, outputName } from '../src/emit/emit.js';
import { type Graph, printGraph, type Value } from '../src/graph.js';
import { loadNative } from '../src/load.js';
import { type Feeds, feedsOf, type Shapes, worstError } from './helpers.js';

type Outputs = { readonly [name: string]: Value };

export function graphOf(
  shapes: Shapes,
  body: (build: Builder, inputs: { readonly [name: string]: Value }) => Outputs,
): Graph {
  const build = createBuilder();
  const inputs = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, build.input(name, shape)]),
  );
  return build.finish(Object.entries(body(build, inputs)).map(([name, value]) => ({ name, value })));
}

/** A graph's nodes as text, without inputs and outputs. */
export const nodesOf = (graph: Graph): readonly string[] =>
  printGraph(graph)
    .split('\n')
    .filter((line) => line.startsWith('%'));

/** The runtime's own optimiser: off, so that a wrong pass cannot hide behind it, or on, as graphs are run. */
type Level = 'disabled' | 'all';

async function evaluate(graph: Graph, feeds: Feeds, level: Level): Promise<Feeds> {
  const loaded = await loadNative();
  if (!loaded.found) throw new Error(loaded.reason);
  const { Tensor, InferenceSession } = loaded.module;
  const session = await InferenceSession.create(emit(graph), {
    graphOptimizationLevel: level,
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const results = await session.run(
    Object.fromEntries(
      graph.inputs.map(({ name, value }) => [
        inputName(name),
        new Tensor('float32', feeds[name]!, value.shape),
      ]),
    ),
  );
  await session.release();
  return Object.fromEntries(
    graph.outputs.map(({ name }) => {
      const data = results[outputName(name)]?.data;
      if (!(data instanceof Float32Array)) throw new Error(`no output ${name}`);
      return [name, data];
    }),
  );
}

/**
 * Expects two graphs to compute the same, to a tolerance relative to max(1, |value|); the second with the
 * runtime's optimiser at `level`.
 */
export async function expectSame(
  before: Graph,
  after: Graph,
  tolerance = 0,
  level: Level = 'disabled',
): Promise<void> {
  const feeds = feedsOf(Object.fromEntries(before.inputs.map(({ name, value }) => [name, value.shape])));
  const [expected, got] = [await evaluate(before, feeds, 'disabled'), await evaluate(after, feeds, level)];
  expect(Object.keys(got)).toEqual(Object.keys(expected));
  for (const name of Object.keys(expected))
    expect(worstError(got[name]!, expected[name]!), name).toBeLessThanOrEqual(tolerance);
}
