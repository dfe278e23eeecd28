// How theorems and multipliers name methods: by their makers, which read the options back with their types.
import { InputError, type StepSize } from '@stillpoint/operators';
import type { Described } from '../described.js';
import { isReason, no, type NoBound } from './types.js';

/** What makes the methods or transforms of one name, and reads their options back. */
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
  /** What is known of this method, or why nothing is; undefined of a method of another name. */
  readonly of: (method: Described) => ((given: G) => R | NoBound) | undefined;
}

/**
 * The options of a method or transform; undefined of another maker's; or why they are none: a caller's own
 * method may have the name of one of these and options that it does not accept.
 */
export function read<O>(maker: Maker<O>, made: Described): O | NoBound | undefined {
  try {
    return maker.optionsOf(made);
  } catch (error) {
    if (error instanceof InputError) return no(error.message);
    throw error;
  }
}

/** The rule that says this of what the maker makes. */
export function about<O extends object, G, R>(
  maker: Maker<O>,
  says: (options: O, given: G) => R | NoBound,
): Rule<G, R> {
  return {
    method: maker.row.name,
    of(method) {
      const options = read(maker, method);
      if (options === undefined) return undefined;
      return (given) => (isReason(options) ? options : says(options, given));
    },
  };
}

/** Options whose step size is one number, the same in every step and for every player. */
export type ConstantStep<O> = O & { readonly stepSize: number };
interface Steps {
  readonly stepSize: StepSize;
}

/** What is said where the step size is one number; else that it is not. */
export function ifConstant<O extends Steps, R>(
  options: O,
  says: (options: ConstantStep<O>) => R | NoBound,
): R | NoBound {
  const { stepSize } = options;
  return typeof stepSize === 'number'
    ? says({ ...options, stepSize })
    : no('its step size is not one constant number');
}

/** As `about`, where the step size is one number. */
export const aboutConstantStep = <O extends Steps, G, R>(
  maker: Maker<O>,
  says: (options: ConstantStep<O>, given: G) => R | NoBound,
): Rule<G, R> =>
  about(maker, (options, given: G) => ifConstant(options, (constant) => says(constant, given)));

/** What the rules say of a method; undefined where none is about it. */
export function ruleFor<G, R>(
  rules: readonly Rule<G, R>[],
  method: Described,
): ((given: G) => R | NoBound) | undefined {
  return rules.find((rule) => rule.method === method.name)?.of(method);
}
