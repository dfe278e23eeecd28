import {
  defaultPrices,
  parseRows,
  withFactDefaults,
  type Facts,
  type Full,
  type Given,
  type GivenOf,
  type Method,
  type MethodEnd,
  type OptionRows,
  type Prices,
  type State,
  type Step,
  type Vector,
} from '@stillpoint/operators';
import { calledLike, fields, type Described } from './described.js';
import type { Reference } from './references/reference.js';
import { checkNeeds, checkPlayers, type Need, type SpaceWith } from './needs.js';
import { moveTo } from './point.js';
import { taking, type Parts, type Takes, type Taking } from './takes.js';
import type { Transform } from './transforms/transform.js';

export type { Parts, Takes } from './takes.js';

/**
 * Only methods of one family may be ranked in one table: between families, step sizes and noise mean
 * different things.
 */
export type Family = 'gradient' | 'adam' | 'sampler';

/** Headings under which methods are listed, in order. In kebab-case they name the folders of their files. */
export const groups = [
  'baseline',
  'monotone',
  'single-call',
  'weak Minty',
  'anchored',
  'proximal point',
  'adaptive',
  'greedy',
  'stochastic',
  'clipping',
  'finite sums',
  'mirror',
  'projection-free',
  'second-order',
  'least squares',
  'quantised',
  'Adam',
  'samplers',
  'wrapper',
] as const;
/** The heading under which a method is listed. */
export type Group = (typeof groups)[number];

/**
 * The price of steps in calls: of the first one and of every later one; if later steps differ, the least and
 * the most.
 */
export interface Calls {
  readonly first: number;
  readonly perStep: number;
  /** If steps differ in cost, the most that one can cost; `perStep` is then the least. */
  readonly atMost?: number;
}

type Taken<P extends Takes> = { readonly [I in keyof P]: Parts[P[I]] };

interface Declared<T extends OptionRows> {
  readonly name: string;
  /** One sentence: what it does. */
  readonly about: string;
  /** When to take it, and when not. */
  readonly when: string;
  /** The conditions of the theory, and what it guarantees. */
  readonly assumptions: string;
  /** Authors, year and number, as `Yoon, Ryu 2021, arXiv 2102.07922`; semicolons separate publications. */
  readonly reference: string;
  /** Those of them that the list of references does not have. Default: none. */
  readonly publications?: readonly Reference[];
  /** How many vectors of the game's length it holds, z included; in words if the number varies. */
  readonly memory: number | string;
  /**
   * Whether every entry is treated alike, so that many starts may be stacked in one vector. Default: false.
   */
  readonly elementwise?: boolean;
  /** Whether its steps differ in cost, as with an inner loop. Default: false. */
  readonly uneven?: boolean;
  /** It draws from a distribution: no residual judges it, and its budget ends it. Default: false. */
  readonly sampler?: boolean;
  /** The number of players it needs. Default: any. */
  readonly players?: number;
  /**
   * Whether it is made for games without constraints: with them a solution at which F ≠ 0 need not be a fixed
   * point. Default: false.
   */
  readonly unconstrained?: boolean;
  /** The options: the only place where limits and defaults are stated. */
  readonly options: T;
}

/** A row of the registry of methods: what a method states about itself, and how it is built from a spec. */
export interface MethodRow extends Declared<OptionRows> {
  readonly group: Group;
  readonly takes: Takes;
  /** Whether it takes a method: `lookahead(adam(…), …)`. */
  readonly wraps: boolean;
  /** What it asks of a problem besides gradients. */
  readonly needs: readonly Need[];
  /** `inner`: that of the method which it takes. */
  readonly family: Family | 'inner';
  /**
   * The calls per step that it declares with these options, at a problem's prices. Default:
   * `defaultPrices(2)`.
   * @param terms the terms of a finite sum: a gradient of one of n costs 1/n. Default: 1.
   */
  calls(given: Given, facts?: Facts, prices?: Prices, inner?: Calls, terms?: number): Calls;
  /** What the default step size of the method inside is multiplied by. */
  innerShare(given: Given, inner: MethodRow): number;
  /**
   * Builds it from options that came from a spec or a file, and from what it takes.
   * @param facts of the problem: they supply the options that were not given.
   * @param share what its default step size is multiplied by.
   * @throws InputError for an unknown or unacceptable option.
   */
  readonly from: (
    given: Given,
    facts?: Facts,
    taken?: readonly (Method<State> | Transform)[],
    share?: number,
  ) => Method<State>;
}

/** The arguments of a call with options: options may be left out if every option has a default. */
type Call<T extends OptionRows> =
  Record<never, never> extends GivenOf<T> ? [options?: GivenOf<T>] : [options: GivenOf<T>];

/** What a registry lists. */
export interface Listed {
  readonly row: MethodRow;
}
/** Makes a method from what it takes, if anything, and typed options. */
export interface MethodMaker<
  T extends OptionRows,
  S extends State,
  P extends Takes = readonly [],
> extends Listed {
  (...args: [...taken: Taken<P>, ...options: Call<T>]): Method<S>;
  /** The same as `row.from`: builds it from options that came from a spec or a file. */
  readonly from: MethodRow['from'];
  /**
   * The options of a method that this maker made, and what it takes, from its name and options alone;
   * undefined for any other name. @throws InputError if a method of this name has options that this maker
   * does not accept.
   */
  readonly optionsOf: (made: Described) => (Full<T> & { readonly [K in P[number]]: Described }) | undefined;
}
/** The options of the methods that a maker makes. */
export type OptionsOf<M extends Reads> = NonNullable<ReturnType<M['optionsOf']>>;
/** A maker that reads the options of the methods that it made. */
export interface Reads {
  /** The options; undefined for a method of another maker. */
  readonly optionsOf: (made: Described) => object | undefined;
}

/** What a method reads: every option with its value, and what it takes. */
type With<T extends OptionRows, P extends Takes> = Full<T> & Pick<Parts, P[number]>;

/** S, the type of the state, is inferred from `init` alone. */
interface Steps<T extends OptionRows, S extends State, P extends Takes, N extends Need = never> {
  /** Checks conditions that involve several options. @throws InputError if one does not hold. */
  readonly check?: (options: Full<T>) => void;
  /** The state of a run that begins at z₀: plain data. */
  readonly init: (space: SpaceWith<N>, z0: Vector, options: With<T, P>) => S;
  /** Moves every live point to z; gradients, moments and counters stay. Default: moves z alone. */
  readonly restart?: (state: NoInfer<S>, z: Vector, options: With<T, P>) => void;
  /** Points worth evaluating besides z, by name: last, slow, average. */
  readonly points?: (state: NoInfer<S>, options: With<T, P>) => { readonly [name: string]: Vector };
  /** What it counted, by name: how many times a clip engaged. */
  readonly figures?: (state: NoInfer<S>, options: With<T, P>) => { readonly [name: string]: number };
  /** Its own stopping rule: how a run ended; undefined while it goes on. */
  readonly ended?: (state: NoInfer<S>, options: With<T, P>) => MethodEnd | undefined;
  /** Called once per run. The returned closure holds scratch only; everything else is in the state. */
  readonly begin: (space: SpaceWith<N>, options: With<T, P>) => Step<NoInfer<S>>;
}
/** A method as its file writes it: the argument of `method`. */
export interface MethodFile<T extends OptionRows, S extends State, N extends Need>
  extends Declared<T>, Steps<T, S, readonly [], N> {
  readonly needs?: readonly N[];
  readonly group: Group;
  /** Default: `gradient`. */
  readonly family?: Family;
  /**
   * Calls per step at these prices, a joint gradient being 1 and that of one of n terms 1/n; a `Calls` if
   * steps differ.
   */
  readonly calls: (options: Full<T>, prices: Prices, terms: number) => number | Calls;
}
/**
 * A method that takes others, as its file writes it: the argument of `wrapper`. What it takes is among the
 * options that it reads.
 */
export interface WrapperFile<T extends OptionRows, S extends State, P extends Takes>
  extends Declared<T>, Steps<T, S, P> {
  readonly takes: P;
  /** What the default step size of the method inside is multiplied by. Default: 1. */
  readonly innerShare?: (options: Full<T>, inner: MethodRow) => number;
  readonly restart: (state: NoInfer<S>, z: Vector, options: With<T, P>) => void;
}

/** Makes a method from its file, the only place that names it. */
export function method<const T extends OptionRows, S extends State, const N extends Need = never>(
  file: MethodFile<T, S, N>,
): MethodMaker<T, S> {
  const {
    group,
    family = 'gradient',
    calls,
    check: _check,
    init: _init,
    restart: _restart,
    points: _points,
    figures: _figures,
    ended: _ended,
    begin: _begin,
    needs = [],
    ...declared
  } = file;
  const callsOf = (options: Full<T>, prices: Prices, terms: number): Calls =>
    perStep(calls(options, prices, terms));
  const kinds = { group, family, needs, takes: [] as const, calls: callsOf, innerShare: () => 1 };
  return maker(declared, file, kinds, nothing);
}

/** A method takes nothing; so a page without wrappers is spared the code that reads what they take. */
const nothing: Taking<readonly []> = {
  parts: () => ({}),
  describe: () => ({}),
  described: () => ({}),
  own: (options) => options,
};

/** Makes a method that takes others from its file. The state of the method inside is a `State`. */
export function wrapper<const T extends OptionRows, S extends State, const P extends Takes>(
  file: WrapperFile<T, S, P>,
): MethodMaker<T, S, P> {
  const {
    takes,
    innerShare = () => 1,
    check: _check,
    init: _init,
    restart: _restart,
    points: _points,
    figures: _figures,
    ended: _ended,
    begin: _begin,
    ...declared
  } = file;
  const callsOf = (_: Full<T>, __: Prices, ___: number, inner: Calls = perStep(1)): Calls => inner;
  const kinds = { group: 'wrapper', family: 'inner', needs: [], takes, calls: callsOf, innerShare } as const;
  return maker<T, S, P, never>(declared, file, kinds, taking(takes));
}

const usualPrices = defaultPrices(2);
const perStep = (calls: number | Calls): Calls =>
  typeof calls === 'number' ? { first: calls, perStep: calls } : calls;

interface Kinds<T extends OptionRows, P extends Takes, N extends Need> extends Pick<
  MethodRow,
  'group' | 'family'
> {
  readonly needs: readonly N[];
  readonly takes: P;
  readonly calls: (options: Full<T>, prices: Prices, terms: number, inner?: Calls) => Calls;
  readonly innerShare: (options: Full<T>, inner: MethodRow) => number;
}

/**
 * Makes every method and wrapper. Options from a spec, a typed call or a call without types are all checked
 * here.
 */
function maker<T extends OptionRows, S extends State, P extends Takes, N extends Need>(
  declared: Declared<T>,
  { check, init, restart = moveTo, points, figures, ended, begin }: Steps<T, S, P, N>,
  { calls, innerShare, ...kinds }: Kinds<T, P, N>,
  { parts: partsOf, describe, described, own: withoutParts }: Taking<P>,
): MethodMaker<T, S, P> {
  const { name, options: table } = declared;
  const { takes, needs } = kinds;
  const parse = (given: unknown): Full<T> & Given => {
    const options = parseRows(`method ${name}`, table, given);
    check?.(options);
    return options;
  };
  const build = (taken: readonly unknown[], given: unknown): Method<S> => {
    const parts = partsOf(name, taken);
    const own = parse(given);
    const options = { ...parts, ...own };
    const { uneven, sampler } = parts.method ?? declared;
    return {
      name,
      options: { ...describe(parts), ...own },
      ...(uneven ? { uneven } : {}),
      ...(sampler ? { sampler } : {}),
      init(space, z0) {
        checkPlayers(declared, space);
        checkNeeds(name, needs, space);
        return init(space, z0, options);
      },
      restart: (state, z) => restart(state, z, options),
      ...(points === undefined ? {} : { points: (state) => points(state, options) }),
      ...(figures === undefined ? {} : { figures: (state) => figures(state, options) }),
      ...(ended === undefined ? {} : { ended: (state) => ended(state, options) }),
      begin(space) {
        checkPlayers(declared, space);
        checkNeeds(name, needs, space);
        return begin(space, options);
      },
    };
  };
  const row: MethodRow = {
    ...declared,
    ...kinds,
    wraps: takes.includes('method'),
    calls: (given, facts = {}, prices = usualPrices, inner?: Calls, terms = 1) =>
      calls(parse(withFactDefaults(table, given, facts, 1)), prices, terms, inner),
    innerShare: (given, inner) => innerShare(parse(given), inner),
    from: (given, facts = {}, taken = [], share = 1) =>
      build(taken, withFactDefaults(table, given, facts, share)),
  };
  const make = (...args: readonly unknown[]): Method<S> =>
    build(args.slice(0, takes.length), args[takes.length]);
  const optionsOf = (made: Described): (Full<T> & { readonly [K in P[number]]: Described }) | undefined => {
    if (made.name !== name) return undefined;
    const options = fields(made.options);
    return { ...described(name, options), ...parse(withoutParts(options)) };
  };
  return Object.assign(calledLike(name, make), { row, from: row.from, optionsOf });
}
