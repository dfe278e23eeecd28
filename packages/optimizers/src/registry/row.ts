import {
  InputError,
  parseOptions,
  type Data,
  type Facts,
  type Given,
  type Method,
  type OptionTable,
  type State,
} from '@stillpoint/operators';
import { inverse } from '../options.js';
import type { Transform } from '../transforms/transform.js';

/** Which methods may be ranked in one table: their step sizes and their noise mean different things. */
export type Family = 'gradient' | 'adam';

/** Under which heading the docs list a method. */
export type Group =
  | 'baseline'
  | 'monotone'
  | 'single-call'
  | 'weak Minty'
  | 'anchored'
  | 'proximal point'
  | 'adaptive'
  | 'stochastic'
  | 'mirror'
  | 'second-order'
  | 'Adam'
  | 'wrapper';

/** Oracle calls: of the first step, and of every later one; where steps differ, the least and the most. */
export interface Oracle {
  readonly first: number;
  readonly perStep: number;
  /** Where steps differ in cost: the most that one can take; `perStep` is the least. */
  readonly atMost?: number;
}

export interface Words {
  readonly name: string;
  readonly group: Group;
  /** One sentence: what it does. */
  readonly about: string;
  /** Under what the theory holds, and how much of it there is. */
  readonly assumptions: string;
  /** When to take it, and when not. */
  readonly when: string;
  /** Vectors of the game's length held in all, z included. */
  readonly memory: string;
  /** Every entry is treated alike, so that many starts may be stacked in one vector. */
  readonly elementwise: boolean;
  readonly reference: string;
  /** The number of players it needs. Default: any. */
  readonly players?: number;
  /** Made for games without constraints: under them a solution where F ≠ 0 need not be a fixed point. */
  readonly unconstrained?: boolean;
  /** Asks for products with the Jacobian, too. */
  readonly products?: boolean;
}

/** A row of the registry: the only place that names a method outside its file. */
export interface MethodRow extends Words {
  readonly options: OptionTable<Given>;
  /** Whether it takes a method: `lookahead(adam(…), …)`. */
  readonly wraps: boolean;
  /** Whether it takes a transform after the method: `transform(gda(…), clip-by-norm(…))`. */
  readonly directs: boolean;
  /** Of a wrapper: the inner method's. */
  readonly family: Family | 'inner';
  /** The step size where none is given, from what the game states; undefined where it states too little. */
  step(given: Given, facts: Facts): number | undefined;
  /** The weight `penalty` where none is given. */
  penalty?(facts: Facts): number | undefined;
  /** Of a wrapper: what the default step size of the method inside is multiplied by. */
  innerShare?(given: Given, inner: MethodRow): number;
  /** The oracle calls it declares with these options. */
  oracle(given: Given, inner?: Oracle): Oracle;
  /** Builds it from options and what it wraps. @throws InputError for an unknown or unacceptable one. */
  build(given: Given, inner?: Method<State>, transform?: Transform): Method<State>;
}

/**
 * The default step size: `step` is what 1/L is multiplied by, for those whose theory wants less; `stepFrom` a
 * rule of its own.
 */
export interface StepRule<O> {
  step?(given: Partial<O>): number;
  stepFrom?(facts: Facts): number | undefined;
  penalty?(facts: Facts): number | undefined;
}

export function row<O extends object>(
  words: Words & StepRule<O> & { readonly family: Family; oracle(options: O): number | Oracle },
  options: OptionTable<O>,
  make: (options: O) => Method<State>,
): MethodRow {
  const parse = (given: Given): O => parseOptions(`method ${words.name}`, options, given);
  return {
    ...words,
    options,
    wraps: false,
    directs: false,
    build: (given) => make(parse(given)),
    step(given, facts) {
      if (words.stepFrom) return words.stepFrom(facts);
      const unit = inverse(facts.lipschitz);
      return unit === undefined ? undefined : (words.step?.(partly(options, given)) ?? 1) * unit;
    },
    oracle(given) {
      const told = words.oracle(parse(given));
      return typeof told === 'number' ? { first: told, perStep: told } : told;
    },
  };
}

/** Of what was given only what the table accepts: a wrong value is told when the whole is parsed. */
function partly<O extends object>(table: OptionTable<O>, given: Given): Partial<O> {
  const isPart = (value: object): value is Partial<O> => Object.keys(value).every((name) => name in table);
  const rows: { readonly [name: string]: { accepts(value: Data): boolean } } = table;
  const accepted = Object.fromEntries(
    Object.entries(given).filter(([name, value]) => rows[name]?.accepts(value) === true),
  );
  return isPart(accepted) ? accepted : {};
}

export function wrapperRow<O extends object>(
  words: Omit<Words, 'group'> & Pick<MethodRow, 'innerShare'>,
  options: OptionTable<O>,
  make: (inner: Method<State>, options: O) => Method<State>,
): MethodRow {
  return {
    ...words,
    options,
    wraps: true,
    directs: false,
    family: 'inner',
    group: 'wrapper',
    step: () => undefined,
    build(given, inner) {
      if (inner === undefined)
        throw new InputError(`${words.name} needs a method to wrap: ${words.name}(gda, …)`);
      return make(inner, parseOptions(`method ${words.name}`, options, given));
    },
    oracle: (_, inner) => inner ?? { first: 1, perStep: 1 },
  };
}

/** A wrapper that takes a method and a transform. */
export function directingRow(
  words: Omit<Words, 'group'>,
  make: (inner: Method<State>, direction: Transform) => Method<State>,
): MethodRow {
  return {
    ...words,
    options: {},
    wraps: true,
    directs: true,
    family: 'inner',
    group: 'wrapper',
    step: () => undefined,
    build(given, inner, direction) {
      if (inner === undefined || direction === undefined)
        throw new InputError(
          `${words.name} needs a method and a transform: ${words.name}(gda, clip-by-norm(threshold=1))`,
        );
      parseOptions(`method ${words.name}`, {}, given);
      return make(inner, direction);
    },
    oracle: (_, inner) => inner ?? { first: 1, perStep: 1 },
  };
}
