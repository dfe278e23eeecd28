// Theorems and multipliers refer to methods by their makers, which read the options back with their types.
import { InputError, type StepSize } from '@stillpoint/operators';
import type { Described } from '../described.js';
import { isNoBound, noBound, type NoBound } from './types.js';

/** Makes the methods or transforms of one name, and reads their options back. */
export interface Maker<O> {
  readonly row: { readonly name: string };
  readonly optionsOf: (made: Described) => O | undefined;
}

/** Whether the maker makes methods of this name. */
export const isOf = ({ row }: Maker<object>, { name }: Described): boolean => row.name === name;

/** What is known of the methods of one maker, as a function of G: the facts of a game, or an eigenvalue. */
export interface Rule<G, R> {
  /** The name of these methods. */
  readonly method: string;
  /**
   * A function that returns what is known of this method, or the reason why nothing is; undefined for a
   * method of another name.
   */
  readonly of: (method: Described) => ((given: G) => R | NoBound) | undefined;
}

/**
 * The options of a method or transform; undefined for another name; a reason if they are not valid, since a
 * caller's own method may have the same name and other options.
 */
export function read<O>(maker: Maker<O>, made: Described): O | NoBound | undefined {
  try {
    return maker.optionsOf(made);
  } catch (error) {
    if (error instanceof InputError) return noBound(error.message);
    throw error;
  }
}

/** The rule that applies `says` to what the maker makes. */
export function about<O extends object, G, R>(
  maker: Maker<O>,
  says: (options: O, given: G) => R | NoBound,
): Rule<G, R> {
  return {
    method: maker.row.name,
    of(method) {
      const options = read(maker, method);
      if (options === undefined) return undefined;
      return (given) => (isNoBound(options) ? options : says(options, given));
    },
  };
}

/** Options whose step size is one number, the same in every step and for every player. */
export type ConstantStep<O> = O & { readonly stepSize: number };
interface Steps {
  readonly stepSize: StepSize;
}

/** What `says` returns if the step size is one number; otherwise a reason. */
export function ifConstant<O extends Steps, R>(
  options: O,
  says: (options: ConstantStep<O>) => R | NoBound,
): R | NoBound {
  const { stepSize } = options;
  return typeof stepSize === 'number'
    ? says({ ...options, stepSize })
    : noBound('its step size is not one constant number');
}

/** As `about`, for step sizes that are one number; otherwise a reason. */
export const aboutConstantStep = <O extends Steps, G, R>(
  maker: Maker<O>,
  says: (options: ConstantStep<O>, given: G) => R | NoBound,
): Rule<G, R> =>
  about(maker, (options, given: G) => ifConstant(options, (constant) => says(constant, given)));

/** What the rules say about a method; undefined if none is about it. */
export function ruleFor<G, R>(
  rules: readonly Rule<G, R>[],
  method: Described,
): ((given: G) => R | NoBound) | undefined {
  return rules.find((rule) => rule.method === method.name)?.of(method);
}
