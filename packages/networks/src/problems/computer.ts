import type * as tf from '@tensorflow/tfjs-core';
import {
  compile,
  floatingPointOperations,
  graphOf,
  type Compiled,
  type EngineName,
} from '@stillpoint/engine';
import type { Problem } from '@stillpoint/operators';
import type { NamedDense } from './samples.js';
import { shapesOf, type Source } from './source.js';
import type { Layout } from './tensors.js';

type T = tf.Tensor;
/** Named tensors. */
export type Tensors = { readonly [name: string]: T };
/** A function to compile: of named vectors, one tensor for each player, and of a sample. */
export type Body = (
  vectors: { readonly [name: string]: readonly T[] },
  sample: Tensors,
) => { readonly [output: string]: T };

/** Runs functions of z, of other vectors and of a sample on the engine. */
export interface Computer {
  /** Compiles `body` for samples of this shape, unless that was done before, and runs it. */
  readonly run: (
    body: Body,
    sample: NamedDense,
    vectors: { readonly [name: string]: Float32Array },
    out?: { readonly [output: string]: Float32Array },
  ) => Promise<{ readonly [output: string]: Float32Array }>;
  /** Whether the code of `body` takes samples of this shape. */
  readonly takes: (body: Body, sample: NamedDense) => boolean;
  /** The floating-point operations of `body` on the first sample. */
  readonly operations: (body: Body, vectors: readonly string[]) => number;
  /** The engine, after a first function has been compiled. */
  readonly compiled: (body: Body) => Promise<Compiled<string, string>>;
  readonly dispose: () => Promise<void>;
}

/**
 * Makes the computer of a problem. Vectors have the length of z and are split among the players, except those
 * of `lengths`, which are passed as they are.
 */
export function computerFor(
  { players }: Layout,
  source: Source,
  options: { readonly engine: EngineName | 'auto'; readonly threads: number },
  lengths: { readonly [vector: string]: number } = {},
): Computer {
  const made = new Map<Body, Map<string, Promise<Compiled<string, string>>>>();
  const partsOf = (name: string): readonly (readonly [input: string, start: number, end: number])[] =>
    lengths[name] === undefined
      ? players.map(({ start, end }, p) => [`${name} ${p}`, start, end] as const)
      : [[name, 0, lengths[name]]];
  const inputsFor = (
    sample: NamedDense,
    vectors: readonly string[],
  ): { readonly [input: string]: readonly number[] } => ({
    ...Object.fromEntries(
      vectors.flatMap((name) => partsOf(name).map(([input, start, end]) => [input, [end - start]])),
    ),
    ...Object.fromEntries(Object.entries(shapesOf(sample)).map(([name, shape]) => [`sample ${name}`, shape])),
  });
  const traced =
    (body: Body, vectors: readonly string[]) =>
    (x: Tensors): { readonly [output: string]: T } =>
      body(
        Object.fromEntries(vectors.map((name) => [name, partsOf(name).map(([input]) => x[input]!)])),
        Object.fromEntries(Object.keys(source.first).map((name) => [name, x[`sample ${name}`]!])),
      );
  const graphFor = (
    body: Body,
    sample: NamedDense,
    vectors: readonly string[],
  ): Promise<Compiled<string, string>> => {
    const shapes = JSON.stringify(shapesOf(sample));
    let own = made.get(body);
    if (own === undefined) made.set(body, (own = new Map()));
    let graph = own.get(shapes);
    if (graph === undefined) {
      graph = compile(traced(body, vectors), { inputs: inputsFor(sample, vectors), ...options });
      own.set(shapes, graph);
    }
    return graph;
  };
  /** Settles when the run before has ended: a compiled function runs once at a time. */
  let before: Promise<unknown> = Promise.resolve();
  return {
    async run(body, sample, vectors, out = {}) {
      const names = Object.keys(vectors);
      const feeds: { [name: string]: Float32Array } = {};
      for (const name of names)
        for (const [input, start, end] of partsOf(name)) feeds[input] = vectors[name]!.subarray(start, end);
      for (const [name, { values }] of Object.entries(sample)) feeds[`sample ${name}`] = values;
      const graph = await graphFor(body, sample, names);
      const now = before.then(() => graph.run(feeds, out));
      before = now.catch(() => {}); // whoever asked for it gets the error
      return now;
    },
    takes(body, sample) {
      try {
        graphOf(traced(body, ['z']), inputsFor(sample, ['z']));
        return true;
      } catch {
        return false; // the same code has been traced for other shapes: it is these that do not fit
      }
    },
    operations: (body, vectors) =>
      floatingPointOperations(graphOf(traced(body, vectors), inputsFor(source.first, vectors))),
    compiled: (body) => graphFor(body, source.first, ['z']),
    async dispose() {
      for (const own of made.values())
        // whoever asked for a graph that does not compile has the error
        for (const graph of own.values()) await (await graph.catch(() => undefined))?.dispose();
    },
  };
}

/** Prices as shares of the operations of one gradient, each counted when it is first read. */
export function pricesFor(
  gradient: () => number,
  counts: { readonly [price: string]: () => number },
): NonNullable<Problem['prices']> {
  let unit: number | undefined;
  const prices = {};
  for (const [name, count] of Object.entries(counts)) {
    let known: number | undefined;
    Object.defineProperty(prices, name, {
      enumerable: true,
      get: () => (known ??= count() / (unit ??= gradient())),
    });
  }
  return prices;
}
