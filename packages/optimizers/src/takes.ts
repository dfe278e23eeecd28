import { InputError, shown, type Given, type Method, type State } from '@stillpoint/operators';
import { checkMethod, checkTransform, isDescribed, type Described } from './described.js';
import type { Transform } from './transforms/transform.js';

/** What a method may take besides options. The parser of specs builds it; no method's file imports one. */
export interface Parts {
  readonly method: Method<State>;
  readonly transform: Transform;
}
/** The kinds of what it takes, in order: `transform(gda, momentum)` takes a method and a transform. */
export type Takes = readonly (keyof Parts)[];

/** How a maker reads what it takes. That of a method, which takes nothing, is in method.ts. */
export interface Taking<P extends Takes> {
  /** What a method takes, by kind. @throws InputError if a part is not of its kind. */
  readonly parts: (owner: string, taken: readonly unknown[]) => Pick<Parts, P[number]> & Partial<Parts>;
  /** The parts as { name, options }. */
  readonly describe: (parts: Partial<Parts>) => Given;
  /** What a method was made of, by kind. @throws InputError if its options lack a part. */
  readonly described: (owner: string, options: Given) => { readonly [K in P[number]]: Described };
  /** The options without the parts. */
  readonly own: (options: Given) => Given;
}

/** How a wrapper reads what it takes. */
export function taking<P extends Takes>(takes: P): Taking<P>;
// each part is checked to be of its kind, which TypeScript cannot follow through the loops
export function taking(takes: Takes): { readonly [K in keyof Taking<Takes>]: (...given: never[]) => object } {
  return {
    parts(owner: string, taken: readonly unknown[]) {
      for (const [i, kind] of takes.entries())
        (kind === 'method' ? checkMethod : checkTransform)(owner, taken[i]);
      return Object.fromEntries(takes.map((kind, i) => [kind, taken[i]]));
    },
    describe: (parts: Partial<Parts>) =>
      Object.fromEntries(
        Object.entries(parts).map(([kind, { name, options }]: [string, Described]) => [
          kind,
          { name, options },
        ]),
      ),
    described(owner: string, options: Given) {
      for (const kind of takes)
        if (!isDescribed(options[kind]))
          throw new InputError(
            `${owner}: its ${kind} is ${shown(options[kind])}; expected plain data, { name, options }`,
          );
      return Object.fromEntries(takes.map((kind) => [kind, options[kind]]));
    },
    own: (options: Given) =>
      Object.fromEntries(Object.entries(options).filter(([name]) => !takes.some((kind) => kind === name))),
  };
}
