import type { EngineName } from '@stillpoint/engine';
import {
  InputError,
  constraintOf,
  constraintPrint,
  contentHash,
  distance,
  givenFacts,
  isFiniteVector,
  norm,
  normal,
  proxFrom,
  shown,
  sizeOf,
  statedFacts,
  unknownName,
  waxpy,
  type Asked,
  type Constraint,
  type Data,
  type Facts,
  type Problem,
  type ProximalFunction,
  type Terms,
  type Vector,
} from '@stillpoint/operators';
import type { Body, Computer } from './computer.js';
import type { NamedDense, NamedNumbers } from './samples.js';
import type { Source, SourceOptions } from './source.js';
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
  /** Floating-point operations of one gradient of all players, the unit of its prices. */
  readonly operations: () => number;
}

/** The facts that are stated, checked. @throws InputError for one that is unknown or has another type. */
function factsOf(owner: string, { dim }: Layout, facts: Facts = {}): Facts {
  givenFacts(statedFacts(facts), dim, (what) => new InputError(`${owner}: ${what}`));
  return facts;
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

/**
 * A function for each of these names, in their order. @throws InputError for other names, and for what is no
 * function.
 */
export function namedIn(
  owner: string,
  option: string,
  given: unknown,
  names: readonly string[],
): readonly (readonly [name: string, made: Function])[] {
  const expected = `expected a function for each level: { ${names.map((name) => `${name}: ({ ${names.join(', ')} }) => …`).join(', ')} }`;
  if (given === null || typeof given !== 'object')
    throw new InputError(`${owner}: ${option} is ${shown(given)}; ${expected}`);
  for (const key of Object.keys(given))
    if (!names.includes(key)) throw unknownName(`level of ${owner} in its ${option}`, key, names);
  return names.map((name) => {
    const made: unknown = Reflect.get(given, name);
    if (typeof made !== 'function')
      throw new InputError(`${owner}: ${option}.${name} is ${shown(made)}; ${expected}`);
    return [name, made] as const;
  });
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
async function isMean(
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

/** The constraint, if there is one. @throws InputError for an unknown player or set. */
export function constraintFor(
  owner: string,
  { players }: Layout,
  given: { readonly [player: string]: string | ProximalFunction | undefined },
): Constraint | undefined {
  const names = players.map(({ name }) => name);
  for (const key of Object.keys(given))
    if (!names.includes(key)) throw unknownName(`player of ${owner} in its constraint`, key, names);
  const sets = names.map((name) => {
    const set = given[name];
    return typeof set === 'string' ? proxFrom(set) : (set ?? null);
  });
  return sets.some((set) => set !== null) ? constraintOf(players, sets) : undefined;
}

/** What an assembled problem is made of. */
export interface Parts {
  readonly owner: string;
  readonly kind: 'losses' | 'residuals' | 'levels';
  /** The user's function, or several in a list: their source is part of the identity. */
  readonly code: unknown;
  /** What else the problem depends on. */
  readonly more?: { readonly [name: string]: Data };
  readonly layout: Layout;
  readonly source: Source;
  readonly constraint: Constraint | undefined;
  readonly facts: Facts | undefined;
  readonly threads: number;
  readonly computer: Computer;
  /** The gradient of all players. */
  readonly joint: Body;
  readonly operator: (z: Vector, out: Vector, asked: Asked<NamedDense>) => Promise<void>;
}

/**
 * A problem without its losses, products and prices. Compiles the joint gradient, and finds out whether the
 * rows of its data are terms. @throws InputError for facts of another type, and as the code throws when it is
 * traced.
 */
export async function assembled({
  owner,
  kind,
  code,
  more,
  layout,
  source,
  constraint,
  facts: given,
  threads,
  computer,
  joint,
  operator,
}: Parts): Promise<Omit<CompiledProblem, 'operations'>> {
  const { dim, players, blocks } = layout;
  const { terms, draw } = source;
  const facts = factsOf(owner, layout, given);
  const start = startAt(layout, 0);
  const { engine, version, about } = await computer.compiled(joint);
  const sums = terms !== undefined && (await isMean(computer, joint, operator, terms, start));
  return {
    name: owner,
    identity: {
      kind,
      tensors: blocks.map(({ name, shape }) => ({ name, shape })),
      code: contentHash(String(code)),
      source: source.identity,
      constraint: constraint === undefined ? null : constraintPrint(constraint, dim),
      ...more,
    },
    engine: { name: engine, version, threads },
    about,
    dim,
    players,
    start,
    blocks: blocks.map(({ name, offset, shape, player }) => ({ name, offset, shape, player })),
    operator,
    ...(draw && { draw }),
    ...(sums && { terms }),
    ...(constraint && { constraint }),
    facts,
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
    dispose: computer.dispose,
  };
}
