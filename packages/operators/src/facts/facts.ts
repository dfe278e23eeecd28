import type { Facts } from '../contracts/index.js';

/**
 * Facts that are computed when they are first read, each once. A function that returns undefined states
 * nothing.
 */
export function lazyFacts(make: { readonly [Name in keyof Facts]?: () => Facts[Name] }): Facts {
  const facts = {};
  for (const [name, compute] of Object.entries(make)) {
    let known: { readonly value: unknown } | undefined;
    Object.defineProperty(facts, name, {
      enumerable: true,
      configurable: true,
      get: () => (known ??= { value: compute() }).value,
    });
  }
  return facts;
}

/** The same facts with those of `instead` in place of their own. No fact is computed here. */
export function withFacts(facts: Facts, instead: Facts): Facts {
  return Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(facts), ...Object.getOwnPropertyDescriptors(instead) },
  );
}

/** The same facts, with `otherwise()` as L if none is stated. It is called only where L is read. */
export const withLipschitz = (facts: Facts, otherwise: () => number): Facts =>
  withFacts(facts, lazyFacts({ lipschitz: () => facts.lipschitz ?? otherwise() }));

/** The facts that are stated as plain values; those that are computed when read are left out. */
export function statedFacts(facts: Facts): Facts {
  const stated = Object.entries(Object.getOwnPropertyDescriptors(facts)).filter(
    ([, property]) => 'value' in property,
  );
  return Object.fromEntries(stated.map(([name, { value }]) => [name, value]));
}
