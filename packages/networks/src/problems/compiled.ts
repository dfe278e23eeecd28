import type * as tf from '@tensorflow/tfjs-core';
import {
  compile,
  floatingPointOperations,
  graphOf,
  type Compiled,
  type EngineName,
} from '@stillpoint/engine';
import {
  InputError,
  constraintOf,
  distance,
  isFiniteVector,
  norm,
  normal,
  proxFrom,
  shown,
  sizeOf,
  unknownName,
  waxpy,
  type Asked,
  type Constraint,
  type Facts,
  type Problem,
  type ProximalFunction,
  type Terms,
  type Vector,
} from '@stillpoint/operators';
import type { NamedDense, NamedNumbers } from './samples.js';
import { shapesOf, type Source, type SourceOptions } from './source.js';
import { startAt, type Layout } from './tensors.js';

/** Options that {@link problemFromLosses} and {@link problemFromResiduals} share. */
export interface FromOptions<D extends NamedNumbers> extends SourceOptions<D> {
  /** In messages and reports. Default `own problem`. */
  readonly name?: string;
  /** Constants that hold for this problem, exact or proven. Default: none are known. */
  readonly facts?: Facts;
  /** What computes the problem. Default `auto`: native if onnxruntime-node loads, else wasm. */
  readonly engine?: EngineName | 'auto';
  /** Threads of one evaluation. Default 1. */
  readonly threads?: number;
}

/** The names of the shared options. */
export const sharedOptions = ['name', 'data', 'batch', 'draw', 'seed', 'facts', 'engine', 'threads'] as const;

/** A problem that an engine computes in float32: of losses, of residuals, or a GAN. */
export interface EngineProblem<Sample = unknown> extends Problem<Sample> {
  /** The engine that computes it. A checkpoint keeps this. */
  readonly engine: { readonly name: EngineName; readonly version: string; readonly threads: number };
  /** The engine in use, in one line for people. */
  readonly about: string;
  /** A start for the flat vector: a pure function of the seed. */
  readonly initialise: (seed: number) => Float32Array;
  /** Waits until running computations end, then frees the engine's memory. */
  readonly dispose: () => Promise<void>;
}

/** A problem of losses or residuals. */
export interface CompiledProblem extends EngineProblem<NamedDense> {
  /** That of `initialise(0)`. */
  readonly start: Float32Array;
  /** Each player's tensors in z, by name, as views: row-major values. */
  readonly tensors: (z: Vector) => { readonly [player: string]: { readonly [tensor: string]: Vector } };
}

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
      for (const own of made.values()) for (const graph of own.values()) await (await graph).dispose();
    },
  };
}

/** The name in messages. @throws InputError for an option that is not known. */
export function ownerOf(caller: string, options: unknown, names: readonly string[]): string {
  if (options === null || typeof options !== 'object')
    throw new InputError(`${caller} takes an object of options; found ${shown(options)}`);
  for (const key of Object.keys(options))
    if (!names.includes(key)) throw unknownName(`option of ${caller}`, key, names);
  const name: unknown = Reflect.get(options, 'name') ?? 'own problem';
  if (typeof name !== 'string') throw new InputError(`${caller}: name is ${shown(name)}; expected a string`);
  return name;
}

/** The sample of a question, or everything. @throws InputError if there is neither. */
export function seenBy(owner: string, { whole }: Source, { sample }: Asked<NamedDense>): NamedDense {
  const all = sample ?? whole;
  if (all === undefined) throw new InputError(`${owner} has draws only: it cannot be asked without a sample`);
  return all;
}

/** z, which must be a float32 vector. */
export function float32(owner: string, z: Vector): Float32Array {
  if (z instanceof Float32Array) return z;
  throw new InputError(`${owner} runs in float32; start it from a Float32Array, as its start is`);
}

/** A mean of rows may differ by so much of them, by rounding in float32. */
const ROUNDED = 2 ** -10;

/**
 * Whether F of three rows, the first, the middle and the last, is the mean of F of each. It is tested beside
 * the start, where a gradient may vanish that elsewhere is none of a mean, as that of a variance at 0; at the
 * start only if F is finite nowhere else. A problem of one row is the mean of its rows; code that does not
 * take fewer rows, as where a player has an entry for each row, is none.
 */
export async function isMean(
  computer: Computer,
  joint: Body,
  operator: (z: Vector, out: Vector, asked: Asked<NamedDense>) => Promise<void>,
  terms: Terms<NamedDense>,
  start: Float32Array,
): Promise<boolean> {
  if (terms.count < 2) return true;
  const rows = [...new Set([0, terms.count >> 1, terms.count - 1])];
  const samples = [...rows.map((row) => [row]), rows].map((some) => terms.sample(some));
  if (!samples.every((sample) => computer.takes(joint, sample))) return false;
  const at = async (z: Float32Array): Promise<readonly Float32Array[]> => {
    const found: Float32Array[] = [];
    for (const sample of samples) {
      const out = new Float32Array(z.length);
      await operator(z, out, { player: undefined, sample, losses: undefined, buffers: {} });
      found.push(out);
    }
    return found;
  };
  const beside = normal(new Float32Array(start.length), { seed: 0, purpose: 'rows' }, 0, 0.1);
  waxpy(beside, start, 1, beside);
  const near = await at(beside);
  const found = near.every(isFiniteVector) ? near : await at(start);
  const [each, all] = [found.slice(0, -1), found.at(-1)!];
  const mean = start.slice().fill(0);
  for (const one of each) waxpy(mean, mean, 1 / rows.length, one);
  return distance(mean, all) <= ROUNDED * each.reduce((sum, one) => sum + norm(one), 0);
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

/** The constraint, and its names for the identity. @throws InputError for an unknown player or set. */
export function constraintFor(
  owner: string,
  { players }: Layout,
  given: { readonly [player: string]: string | ProximalFunction | undefined },
): { readonly constraint?: Constraint; readonly names: readonly (string | null)[] } {
  const names = players.map(({ name }) => name);
  for (const key of Object.keys(given))
    if (!names.includes(key)) throw unknownName(`player of ${owner} in its constraint`, key, names);
  const sets = names.map((name) => {
    const set = given[name];
    return typeof set === 'string' ? proxFrom(set) : (set ?? null);
  });
  return {
    names: sets.map((set) => set?.name ?? null),
    ...(sets.some((set) => set !== null) && { constraint: constraintOf(players, sets) }),
  };
}

/** What does not depend on how F is computed: the parts of a problem that its layout and source determine. */
export function commonParts(
  layout: Layout,
  { draw }: Source,
): Pick<CompiledProblem, 'dim' | 'players' | 'start' | 'blocks' | 'draw' | 'initialise' | 'tensors'> {
  const { dim, players, blocks } = layout;
  return {
    dim,
    players,
    start: startAt(layout, 0),
    blocks: blocks.map(({ name, offset, shape, player }) => ({ name, offset, shape, player })),
    ...(draw && { draw }),
    initialise: (seed) => startAt(layout, seed),
    tensors: (z) =>
      Object.fromEntries(
        players.map(({ name }, p) => {
          const own = blocks.filter(({ player }) => player === p);
          return [
            name,
            Object.fromEntries(
              own.map(({ tensor, offset, shape }) => [tensor, z.subarray(offset, offset + sizeOf(shape))]),
            ),
          ];
        }),
      ),
  };
}
