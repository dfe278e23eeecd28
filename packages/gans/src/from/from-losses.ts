import * as tf from '@tensorflow/tfjs-core';
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
  contentHash,
  distance,
  norm,
  proxFrom,
  shown,
  sizeOf,
  unknownName,
  type Asked,
  type Facts,
  type Problem,
  type ProximalFunction,
  type Vector,
} from '@stillpoint/operators';
import { product, transposedProduct, type LossOf } from './products.js';
import type { NamedDense, NamedNumbers } from './samples.js';
import { shapesOf, sourceOf, type SourceOptions } from './source.js';
import { layoutOf, startAt, tensorsOf, type Layout, type PlayerTensors, type TensorsOf } from './tensors.js';

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

/** Options of {@link problemFromLosses}. */
export interface LossesOptions<P extends PlayerTensors, D extends NamedNumbers> extends FromOptions<D> {
  /**
   * Each player's tensors: a shape, or a shape with its start. Matrices given by shape alone start at
   * N(0, 1/inputs), lists and numbers at N(0, 1/100). Players move in this order when they alternate.
   */
  readonly players: P;
  /**
   * One loss per player, a scalar each, in tfjs code that can be traced: a function of all tensors and of a
   * sample, or of all data. Each player minimises its own. With `data`, a loss should be a mean over rows.
   */
  readonly losses: (
    players: TensorsOf<P>,
    sample: { readonly [name in keyof D]: tf.Tensor },
  ) => { readonly [player in keyof P]: tf.Tensor };
  /**
   * The set that a player's tensors stay in, or another proximal function: a spec, or a function of
   * @stillpoint/operators. Default: none.
   */
  readonly constraint?: { readonly [player in keyof P]?: string | ProximalFunction };
}

/** A problem that an engine computes in float32. */
export interface CompiledProblem extends Problem<NamedDense> {
  readonly start: Float32Array;
  /** The engine that computes it. A checkpoint keeps this. */
  readonly engine: { readonly name: EngineName; readonly version: string; readonly threads: number };
  /** The engine in use, and how the problem can be judged, for people. */
  readonly about: string;
  /** A start for the flat vector: a pure function of the seed. `start` is that of seed 0. */
  readonly initialise: (seed: number) => Float32Array;
  /** Each player's tensors in z, by name, as views: row-major values. */
  readonly tensors: (z: Vector) => { readonly [player: string]: { readonly [tensor: string]: Vector } };
  /** Waits until running computations end, then frees the engine's memory. */
  readonly dispose: () => Promise<void>;
}

type T = tf.Tensor;
type Tensors = { readonly [name: string]: T };
/** Two rows' mean may differ by so much of them, by rounding in float32. */
const ROUNDED = 2 ** -10;

const known = [
  'name',
  'players',
  'losses',
  'data',
  'batch',
  'draw',
  'seed',
  'constraint',
  'facts',
  'engine',
  'threads',
];

/**
 * Makes a problem of losses in tfjs code: any number of players, each with named tensors and a loss of its
 * own. F stacks each player's gradient of its own loss; products with its Jacobian are exact; all run on the
 * engine, in float32, asynchronously (`train`, `solveAsync`). With `data`, methods may ask for any rows.
 *
 * Costs: one graph for all players, one for each player alone, one for the losses and two for the products,
 * each compiled when it is first needed, for each number of rows. Prices count floating-point operations of
 * these graphs.
 * @throws InputError for options that are not valid, and if the losses are not one scalar per player.
 */
export async function problemFromLosses<
  const P extends PlayerTensors,
  D extends NamedNumbers = { readonly [name: string]: never },
>(options: LossesOptions<P, D>): Promise<CompiledProblem> {
  const owner = ownerOf('problemFromLosses', options, known);
  const { losses: lossesOf, players: given, constraint = {}, facts, engine = 'auto', threads = 1 } = options;
  if (typeof lossesOf !== 'function')
    throw new InputError(
      `${owner}: losses is ${shown(lossesOf)}; expected a function, as ({ x, y }, { data }) => ({ x: loss, y: tf.neg(loss) })`,
    );
  const layout = layoutOf(owner, given);
  const { dim, players, blocks } = layout;
  const source = sourceOf(owner, options);

  /** All losses, checked, from flat parts of z. */
  const evaluate = (flats: readonly T[], sample: Tensors): readonly tf.Scalar[] => {
    const named = Object.fromEntries(
      players.map(({ name }, p) => [name, tensorsOf(layout, p, flats[p]!)] as const),
    );
    // the names of players, tensors and samples are those of the options, which TypeScript cannot follow
    return checkedLosses(owner, layout, Reflect.apply(lossesOf, undefined, [named, sample]));
  };
  const lossOf =
    (p: number, sample: Tensors): LossOf =>
    (flats) =>
      evaluate(flats, sample)[p]!;
  const part = (p: number, name: string): string => `${name}${p}`;
  const flatsOf = (x: Tensors, name: string): readonly T[] => players.map((_, p) => x[part(p, name)]!);
  const sampleOf = (x: Tensors): Tensors =>
    Object.fromEntries(Object.keys(source.first).map((name) => [name, x[`sample ${name}`]!]));
  const inputsFor = (
    sample: NamedDense,
    ...vectors: readonly string[]
  ): { [name: string]: readonly number[] } => ({
    ...Object.fromEntries(
      vectors.flatMap((name) => players.map(({ start, end }, p) => [part(p, name), [end - start]])),
    ),
    ...Object.fromEntries(Object.entries(shapesOf(sample)).map(([name, shape]) => [`sample ${name}`, shape])),
  });

  const gradientOf = (p: number, x: Tensors): { readonly value: tf.Scalar; readonly grad: T } => {
    const flats = flatsOf(x, 'z');
    return slopeOf(owner, players[p]!.name, (own) => lossOf(p, sampleOf(x))(flats.with(p, own)), flats[p]!);
  };
  const bodies = {
    joint: (x: Tensors) => {
      const all = players.map((_, p) => gradientOf(p, x));
      return {
        gradient: tf.concat(all.map(({ grad }) => grad)),
        losses: tf.stack(all.map(({ value }) => value)),
      };
    },
    losses: (x: Tensors) => ({ losses: tf.stack([...evaluate(flatsOf(x, 'z'), sampleOf(x))]) }),
    product: (x: Tensors) => ({
      product: product(
        players.map((_, p) => lossOf(p, sampleOf(x))),
        flatsOf(x, 'z'),
        flatsOf(x, 'v'),
      ),
    }),
    transposed: (x: Tensors) => ({
      product: transposedProduct(
        players.map((_, p) => lossOf(p, sampleOf(x))),
        flatsOf(x, 'z'),
        flatsOf(x, 'v'),
      ),
    }),
  };
  const only = (p: number) => (x: Tensors) => {
    const { value, grad } = gradientOf(p, x);
    return { gradient: grad, loss: value };
  };

  const made = new Map<string, Promise<Compiled<string, string>>>();
  const run = async (
    what: string,
    body: (x: Tensors) => { readonly [name: string]: T },
    sample: NamedDense,
    vectors: { readonly [name: string]: Float32Array },
    out: { readonly [name: string]: Float32Array },
  ): Promise<{ readonly [name: string]: Float32Array }> => {
    const key = `${what} ${JSON.stringify(shapesOf(sample))}`;
    let graph = made.get(key);
    if (graph === undefined) {
      graph = compile(body, { inputs: inputsFor(sample, ...Object.keys(vectors)), engine, threads });
      made.set(key, graph);
    }
    const feeds: { [name: string]: Float32Array } = {};
    for (const [name, z] of Object.entries(vectors))
      for (const [p, { start, end }] of players.entries()) feeds[part(p, name)] = z.subarray(start, end);
    for (const [name, { values }] of Object.entries(sample)) feeds[`sample ${name}`] = values;
    return (await graph).run(feeds, out);
  };
  const seen = ({ sample }: Asked<NamedDense>): NamedDense => {
    const all = sample ?? source.whole;
    if (all === undefined)
      throw new InputError(`${owner} has draws only: it cannot be asked without a sample`);
    return all;
  };
  const flat = (z: Vector): Float32Array => {
    if (z instanceof Float32Array) return z;
    throw new InputError(`${owner} runs in float32; start it from a Float32Array, as its start is`);
  };

  const operator = async (z: Vector, out: Vector, asked: Asked<NamedDense>): Promise<void> => {
    const { player, losses } = asked;
    const sample = seen(asked);
    const [at, into] = [flat(z), flat(out)];
    if (player === undefined) {
      const { losses: values } = await run('joint', bodies.joint, sample, { z: at }, { gradient: into });
      losses?.set(values!);
      return;
    }
    const { start, end } = players[player]!;
    const gradient = into.subarray(start, end);
    const { loss } = await run(`only ${player}`, only(player), sample, { z: at }, { gradient });
    if (losses) losses[player] = loss![0]!;
  };
  const start = startAt(layout, 0);
  const first = await compile(bodies.joint, { inputs: inputsFor(source.first, 'z'), engine, threads });
  made.set(`joint ${JSON.stringify(shapesOf(source.first))}`, Promise.resolve(first));
  const { engine: chosen, version, about } = first;
  const sums = source.terms && (await isMean(operator, source.terms.sample, source.rows, start));
  const priced = pricesFor(
    () => floatingPointOperations(graphOf(bodies.joint, inputsFor(source.first, 'z'))),
    {
      losses: () => floatingPointOperations(graphOf(bodies.losses, inputsFor(source.first, 'z'))),
      product: () => floatingPointOperations(graphOf(bodies.product, inputsFor(source.first, 'z', 'v'))),
      transposedProduct: () =>
        floatingPointOperations(graphOf(bodies.transposed, inputsFor(source.first, 'z', 'v'))),
    },
  );
  const sets = setsOf(owner, layout, constraint);
  return {
    name: owner,
    identity: {
      kind: 'losses',
      players: blocks.map(({ name, shape }) => ({ name, shape })),
      losses: contentHash(String(lossesOf)),
      source: source.identity,
      constraint: sets.map((set) => set?.name ?? null),
    },
    dim,
    players,
    start,
    blocks: blocks.map(({ name, offset, shape, player }) => ({ name, offset, shape, player })),
    engine: { name: chosen, version, threads },
    about:
      sums === false
        ? `${about}; the loss of several rows is not the mean of the losses of each, so no method may ask for single rows`
        : about,
    operator,
    ...(source.draw && { draw: source.draw }),
    ...(sums && source.terms && { terms: source.terms }),
    ...(sets.some((set) => set !== null) && { constraint: constraintOf(players, sets) }),
    async losses(z, out, asked) {
      const { losses: values } = await run('losses', bodies.losses, seen(asked), { z: flat(z) }, {});
      out.set(values!);
    },
    async jacobianVector(z, v, out, transposed, asked) {
      const [what, body] = transposed
        ? (['transposed', bodies.transposed] as const)
        : (['product', bodies.product] as const);
      await run(what, body, seen(asked), { z: flat(z), v: flat(v) }, { product: flat(out) });
    },
    prices: priced,
    ...(facts && { facts }),
    initialise: (seed) => startAt(layout, seed),
    tensors: (z) =>
      Object.fromEntries(
        players.map(({ name }, p) => [
          name,
          Object.fromEntries(
            blocks
              .filter(({ player }) => player === p)
              .map(
                ({ tensor, offset, shape }) => [tensor, z.subarray(offset, offset + sizeOf(shape))] as const,
              ),
          ),
        ]),
      ),
    async dispose() {
      for (const graph of made.values()) await (await graph).dispose();
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

function checkedLosses(owner: string, { players }: Layout, returned: unknown): readonly tf.Scalar[] {
  const names = players.map(({ name }) => name);
  if (returned === null || typeof returned !== 'object' || returned instanceof tf.Tensor)
    throw new InputError(
      `${owner}: losses returns ${returned instanceof tf.Tensor ? 'a tensor' : shown(returned)}; expected a loss for each player: { ${names.map((name) => `${name}: …`).join(', ')} }`,
    );
  for (const key of Object.keys(returned))
    if (!names.includes(key)) throw unknownName(`loss of ${owner} for a player`, key, names);
  return names.map((name) => {
    const loss: unknown = Reflect.get(returned, name);
    if (!(loss instanceof tf.Tensor) || loss.size !== 1)
      throw new InputError(
        `${owner}: the loss of ${name} is ${loss instanceof tf.Tensor ? `a tensor of shape [${loss.shape.join(',')}]` : shown(loss)}; expected a scalar, as tf.mean(…) returns`,
      );
    return tf.reshape(loss, []);
  });
}

function slopeOf(
  owner: string,
  player: string,
  loss: (own: T) => tf.Scalar,
  own: T,
): { readonly value: tf.Scalar; readonly grad: T } {
  try {
    return tf.valueAndGrad(loss)(own);
  } catch (cause) {
    if (cause instanceof Error && /Cannot compute gradient of y=f\(x\)/.test(cause.message))
      throw new InputError(`${owner}: the loss of ${player} does not depend on the tensors of ${player}`, {
        cause,
      });
    throw cause;
  }
}

/** Whether F of two rows is the mean of F of each. A problem of one row is the mean of its rows. */
async function isMean(
  operator: (z: Vector, out: Vector, asked: Asked<NamedDense>) => Promise<void>,
  sample: (rows: readonly number[]) => NamedDense,
  rows: number,
  z: Float32Array,
): Promise<boolean> {
  if (rows < 2) return true;
  const at = async (some: readonly number[]): Promise<Float32Array> => {
    const out = new Float32Array(z.length);
    await operator(z, out, { player: undefined, sample: sample(some), losses: undefined, buffers: {} });
    return out;
  };
  const [a, b, both] = [await at([0]), await at([1]), await at([0, 1])];
  const mean = a.map((x, i) => (x + b[i]!) / 2);
  return distance(mean, both) <= ROUNDED * (norm(a) + norm(b));
}

/** Prices as shares of the gradient's floating-point operations, each counted when it is first read. */
export function pricesFor<K extends string>(
  gradient: () => number,
  counts: { readonly [price in K]: () => number },
): { readonly [price in K]: number };
// every price is defined below, which TypeScript cannot follow through the loop
export function pricesFor(
  gradient: () => number,
  counts: { readonly [price: string]: () => number },
): object {
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

function setsOf(
  owner: string,
  { players }: Layout,
  given: { readonly [player: string]: string | ProximalFunction | undefined },
): readonly (ProximalFunction | null)[] {
  const names = players.map(({ name }) => name);
  for (const key of Object.keys(given))
    if (!names.includes(key)) throw unknownName(`player of ${owner} in its constraint`, key, names);
  return names.map((name) => {
    const set = given[name];
    return typeof set === 'string' ? proxFrom(set) : (set ?? null);
  });
}
