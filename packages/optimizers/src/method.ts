import {
  InputError,
  defaultPrices,
  parseRows,
  shown,
  withFactDefaults,
  type Constraint,
  type Facts,
  type Full,
  type Given,
  type GivenOf,
  type Method,
  type OptionRows,
  type Prices,
  type Space,
  type State,
  type Step,
  type Vector,
} from '@stillpoint/operators';
import { calledLike, checkMethod, checkTransform, fields, isDescribed, type Described } from './described.js';
import { moveTo } from './point.js';
import type { Transform } from './transforms/transform.js';

/** Which methods may be ranked in one table: their step sizes and their noise mean different things. */
export type Family = 'gradient' | 'adam';

/** Headings under which methods are listed, in order; in kebab-case the folders of their files. */
export const groups = [
  'baseline',
  'monotone',
  'single-call',
  'weak Minty',
  'anchored',
  'proximal point',
  'adaptive',
  'stochastic',
  'mirror',
  'second-order',
  'Adam',
  'wrapper',
] as const;
/** Under which heading a method is listed. */
export type Group = (typeof groups)[number];

/** Calls, priced: of the first step, and of every later one; where steps differ, the least and the most. */
export interface Calls {
  readonly first: number;
  readonly perStep: number;
  /** Where steps differ in cost: the most that one can take; `perStep` is the least. */
  readonly atMost?: number;
}

/** What a method may take besides options: the parser of specs builds it, no method's file names one. */
export interface Parts {
  readonly method: Method<State>;
  readonly transform: Transform;
}
/** The kinds of what it takes, in order: `transform(gda, momentum)` takes a method and a transform. */
export type Takes = readonly (keyof Parts)[];
type Taken<P extends Takes> = { readonly [I in keyof P]: Parts[P[I]] };

interface Said<T extends OptionRows> {
  readonly name: string;
  /** One sentence: what it does. */
  readonly about: string;
  /** When to take it, and when not. */
  readonly when: string;
  /** Under what the theory holds, and how much of it there is. */
  readonly assumptions: string;
  readonly reference: string;
  /** Vectors of the game's length held in all, z included; in words where the number varies. */
  readonly memory: number | string;
  /** Every entry is treated alike, so that many starts may be stacked in one vector. Default: false. */
  readonly elementwise?: boolean;
  /** Its steps differ in cost, as those with an inner loop. Default: false. */
  readonly uneven?: boolean;
  /** The number of players it needs. Default: any. */
  readonly players?: number;
  /** Made for games without constraints: under them a solution where F ≠ 0 need not be a fixed point. */
  readonly unconstrained?: boolean;
  /** What is accepted, and the only place where a default stands. */
  readonly options: T;
}

/** A row of the registry of methods: what a method says of itself, and how it is built from a spec. */
export interface MethodRow extends Said<OptionRows> {
  readonly group: Group;
  readonly takes: Takes;
  /** Whether it takes a method: `lookahead(adam(…), …)`. */
  readonly wraps: boolean;
  /** What it asks of a problem besides gradients. */
  readonly needs: readonly Need[];
  /** Of what takes a method: that method's. */
  readonly family: Family | 'inner';
  /** The calls it declares with these options at a problem's prices, or at the usual ones of two players. */
  calls(given: Given, facts?: Facts, prices?: Prices, inner?: Calls): Calls;
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

/** The arguments of a call with options: none need be given where every option has a default. */
type Call<T extends OptionRows> =
  Record<never, never> extends GivenOf<T> ? [options?: GivenOf<T>] : [options: GivenOf<T>];

/** What a registry lists. */
export interface Listed {
  readonly row: MethodRow;
}
/** Makes a method from typed options, and before them from what it takes. */
export interface MethodMaker<
  T extends OptionRows,
  S extends State,
  P extends Takes = readonly [],
> extends Listed {
  (...args: [...taken: Taken<P>, ...options: Call<T>]): Method<S>;
  /** The row's: builds it from options that came from a spec or a file. */
  readonly from: MethodRow['from'];
  /**
   * The options of a method that this one made, and what it takes, from its name and options alone; undefined
   * of any other. @throws InputError where a method of this name has options that this one does not accept.
   */
  readonly optionsOf: (made: Described) => (Full<T> & { readonly [K in P[number]]: Described }) | undefined;
}
/** The options of the methods that a maker makes. */
export type OptionsOf<M extends Reads> = NonNullable<ReturnType<M['optionsOf']>>;
/** What reads the options of a method that it made. */
export interface Reads {
  /** The options; undefined of a method that another made. */
  readonly optionsOf: (made: Described) => object | undefined;
}

/** What a method reads: every option with its value, and what it takes. */
type With<T extends OptionRows, P extends Takes> = Full<T> & Pick<Parts, P[number]>;

/** What a space holds where a method needs it besides gradients. */
interface Needs {
  readonly terms: Required<Pick<Space, 'terms'>>;
  readonly residuals: Required<Pick<Space, 'residuals'>>;
  readonly losses: Required<Pick<Space, 'losses'>>;
  /** Products with J, which can come from differences of F. */
  readonly products: object;
  /** A constraint that minimises linear functions: `constraint.lmo`. */
  readonly lmo: { readonly constraint: Constraint & Required<Pick<Constraint, 'lmo'>> };
}
/**
 * What a method may need besides gradients. A problem without it is refused before the first step; the space
 * has it in its type.
 */
export type Need = keyof Needs;
/** A space that has what is needed. */
export type SpaceWith<N extends Need> = Space & ([N] extends [never] ? object : Intersection<Needs[N]>);
type Intersection<U> = (U extends unknown ? (u: U) => void : never) extends (both: infer I) => void
  ? I
  : never;

const isThere: { readonly [N in Need]: (space: Space) => boolean } = {
  terms: ({ terms }) => terms !== undefined,
  residuals: ({ residuals }) => residuals !== undefined,
  losses: ({ losses }) => losses === true,
  products: () => true,
  lmo: ({ constraint }) => constraint?.lmo !== undefined,
};
const needInWords: { readonly [N in Need]: string } = {
  terms: 'terms, a finite sum',
  residuals: 'residuals',
  losses: 'losses',
  products: 'products',
  lmo: 'a constraint over which linear functions can be minimised (lmo)',
};
/** Whether a problem has all that a method needs. */
export const fits = ({ needs }: Pick<MethodRow, 'needs'>, space: Space): boolean =>
  needs.every((need) => isThere[need](space));

/** S, the type of the state, is inferred from `init` alone. */
interface Steps<T extends OptionRows, S extends State, P extends Takes, N extends Need = never> {
  /** What no single option can see. @throws InputError */
  readonly check?: (options: Full<T>) => void;
  /** The state of a run that begins at z₀: plain data. */
  readonly init: (space: SpaceWith<N>, z0: Vector, options: With<T, P>) => S;
  /** Every live point moves to z; gradients, moments and counters stay. Default: z moves. */
  readonly restart?: (state: NoInfer<S>, z: Vector, options: With<T, P>) => void;
  /** Points worth evaluating besides z, by name: last, slow, average. */
  readonly points?: (state: NoInfer<S>, options: With<T, P>) => { readonly [name: string]: Vector };
  /** What the run should be read with, by name: how often a clip engaged. */
  readonly figures?: (state: NoInfer<S>, options: With<T, P>) => { readonly [name: string]: number };
  /** Once per run: the closure is scratch, the state is everything else. */
  readonly begin: (space: SpaceWith<N>, options: With<T, P>) => Step<NoInfer<S>>;
}
/** How a method is written. */
export interface MethodFile<T extends OptionRows, S extends State, N extends Need>
  extends Said<T>, Steps<T, S, readonly [], N> {
  readonly needs?: readonly N[];
  readonly group: Group;
  /** Default: `gradient`. */
  readonly family?: Family;
  /** Calls per step at these prices, or what they are where steps differ: a joint gradient is 1. */
  readonly calls: (options: Full<T>, prices: Prices) => number | Calls;
}
/** How a method is written that takes others: what it takes stands among the options that it reads. */
export interface WrapperFile<T extends OptionRows, S extends State, P extends Takes>
  extends Said<T>, Steps<T, S, P> {
  readonly takes: P;
  /** What the default step size of the method inside is multiplied by. Default: 1. */
  readonly innerShare?: (options: Full<T>, inner: MethodRow) => number;
  readonly restart: (state: NoInfer<S>, z: Vector, options: With<T, P>) => void;
}

/** The one way to write a method: everything that names it stands in its file. */
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
    begin: _begin,
    needs = [],
    ...said
  } = file;
  const callsOf = (options: Full<T>, prices: Prices): Calls => perStep(calls(options, prices));
  const kinds = { group, family, needs, takes: [] as const, calls: callsOf, innerShare: () => 1 };
  return maker(said, file, kinds);
}

/** The one way to write a method that takes others; the state of the method inside is a `State`. */
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
    begin: _begin,
    ...said
  } = file;
  const callsOf = (_: Full<T>, __: Prices, inner: Calls = perStep(1)): Calls => inner;
  const kinds = { group: 'wrapper', family: 'inner', needs: [], takes, calls: callsOf, innerShare } as const;
  return maker<T, S, P, never>(said, file, kinds);
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
  readonly calls: (options: Full<T>, prices: Prices, inner?: Calls) => Calls;
  readonly innerShare: (options: Full<T>, inner: MethodRow) => number;
}

/** The one door of all methods: what a spec, a typed call or a call without types gives is checked here. */
function maker<T extends OptionRows, S extends State, P extends Takes, N extends Need>(
  said: Said<T>,
  { check, init, restart = moveTo, points, figures, begin }: Steps<T, S, P, N>,
  { calls, innerShare, ...kinds }: Kinds<T, P, N>,
): MethodMaker<T, S, P> {
  const { name, options: table } = said;
  const { takes, needs } = kinds;
  const parse = (given: unknown): Full<T> & Given => {
    const options = parseRows(`method ${name}`, table, given);
    check?.(options);
    return options;
  };
  const build = (taken: readonly unknown[], given: unknown): Method<S> => {
    const parts = partsOf(name, takes, taken);
    const own = parse(given);
    const options = { ...parts, ...own };
    const uneven = takes.includes('method') ? parts.method?.uneven : said.uneven;
    return {
      name,
      options: { ...describe(parts), ...own },
      ...(uneven ? { uneven } : {}),
      init(space, z0) {
        checkNeeds(name, needs, space);
        return init(space, z0, options);
      },
      restart: (state, z) => restart(state, z, options),
      ...(points === undefined ? {} : { points: (state) => points(state, options) }),
      ...(figures === undefined ? {} : { figures: (state) => figures(state, options) }),
      begin(space) {
        checkNeeds(name, needs, space);
        return begin(space, options);
      },
    };
  };
  const row: MethodRow = {
    ...said,
    ...kinds,
    wraps: takes.includes('method'),
    calls: (given, facts = {}, prices = usualPrices, inner?: Calls) =>
      calls(parse(withFactDefaults(table, given, facts, 1)), prices, inner),
    innerShare: (given, inner) => innerShare(parse(given), inner),
    from: (given, facts = {}, taken = [], share = 1) =>
      build(taken, withFactDefaults(table, given, facts, share)),
  };
  const make = (...args: readonly unknown[]): Method<S> =>
    build(args.slice(0, takes.length), args[takes.length]);
  const optionsOf = (made: Described): (Full<T> & { readonly [K in P[number]]: Described }) | undefined =>
    made.name === name
      ? { ...describedParts(name, takes, made), ...parse(without(takes, fields(made.options))) }
      : undefined;
  return Object.assign(calledLike(name, make), { row, from: row.from, optionsOf });
}

/** @throws InputError where the problem lacks what a method needs. Products can come from differences. */
function checkNeeds<N extends Need>(
  name: string,
  needs: readonly N[],
  space: Space,
): asserts space is SpaceWith<N> {
  for (const need of needs)
    if (!isThere[need](space))
      throw new InputError(`${name} needs a problem with ${needInWords[need]}; this one has none`);
}

/** What a method takes, by kind. @throws InputError where it is something else. */
function partsOf<P extends Takes>(
  owner: string,
  takes: P,
  taken: readonly unknown[],
): Pick<Parts, P[number]> & Partial<Parts>;
// each part is checked to be of its kind, which TypeScript cannot follow through the loop
function partsOf(owner: string, takes: Takes, taken: readonly unknown[]): object {
  for (const [i, kind] of takes.entries())
    (kind === 'method' ? checkMethod : checkTransform)(owner, taken[i]);
  return Object.fromEntries(takes.map((kind, i) => [kind, taken[i]]));
}
/** What a method was made of, by kind. @throws InputError where its options lack one. */
function describedParts<P extends Takes>(
  owner: string,
  takes: P,
  made: Described,
): { readonly [K in P[number]]: Described };
// each part is checked, which TypeScript cannot follow through the loop
function describedParts(owner: string, takes: Takes, { options }: Described): object {
  const given = fields(options);
  for (const kind of takes)
    if (!isDescribed(given[kind]))
      throw new InputError(
        `${owner}: its ${kind} is ${shown(given[kind])}; expected plain data, { name, options }`,
      );
  return Object.fromEntries(takes.map((kind) => [kind, given[kind]]));
}
const describe = (parts: Partial<Parts>): Given =>
  Object.fromEntries(
    Object.entries(parts).map(([kind, { name, options }]: [string, Described]) => [kind, { name, options }]),
  );
const without = (takes: Takes, options: Given): Given =>
  Object.fromEntries(Object.entries(options).filter(([name]) => !takes.some((kind) => kind === name)));
