import { describe, expect, it } from 'vitest';
import type { Facts } from '@stillpoint/operators';
import { bound, certified, multiplier } from '../src/certificates.js';
import { methodFrom, methods } from '../src/registry.js';

const monotone: Facts = { lipschitz: 2, comonotone: 0, weakMinty: 0 };

describe('rules are about methods of the registry', () => {
  const facts: Facts = {
    lipschitz: 1,
    comonotone: 0.3,
    cocoercive: 0.4,
    stronglyMonotone: 0.1,
    termLipschitz: 1,
    convexTerms: true,
    termVariance: 1,
    generalisedSmooth: { L0: 1, L1: 2 },
  };
  /** At their defaults, but for the inner steps, of which there are enough; wrappers are around gda. */
  const built = methods.map(({ name, takes, options }) => {
    const inside = takes.map((kind) => (kind === 'method' ? 'gda' : 'momentum'));
    const enough = options['innerSteps'] === undefined ? [] : ['innerSteps=1000'];
    return methodFrom(`${name}(${[...inside, ...enough].join(', ')})`, facts);
  });
  const namesOf = (these: typeof built): readonly string[] => these.map(({ name }) => name).toSorted();
  it('bounds: those of the listed methods, and each applies to its method', () => {
    const bounded = built.filter(
      (method) => 'key' in bound(method, facts, 1, { terms: 5, diameter: 1, above: 1 }),
    );
    expect(namesOf(bounded)).toEqual(certified.toSorted());
    expect(certified).toHaveLength(28);
  });
  it('multipliers', () => {
    const linear = built.filter((method) => 'radius' in multiplier(method, [0.1, 0.9]));
    expect(namesOf(linear)).toEqual([
      'app',
      'ceg-plus',
      'eg-plus',
      'extragradient',
      'forward-backward-forward',
      'forward-reflected-backward',
      'gda',
      'graal',
      'heavy-ball',
      'km',
      'lookahead',
      'mirror-prox',
      'multi-step-extragradient',
      'ogda',
      'ogda-plus',
      'past-extragradient',
      'projected-reflected-gradient',
      'proximal-point',
      'rapp',
      'transform',
    ]);
  });
});

describe('reading options', () => {
  it('a user’s method with the name of a registered one and other options has no bound', () => {
    const own = { name: 'gda', options: { stepSize: 0.1, mass: 2 } };
    const reason = expect.stringContaining('unknown option of method gda "mass"');
    expect(bound(own, monotone, 1)).toEqual({ reason });
    expect(multiplier(own, [0, 1])).toEqual({ reason });
    const around = { name: 'lookahead', options: { method: own, steps: 2, weight: 0.5 } };
    expect(bound(around, monotone, 1)).toEqual({ reason });
    const empty = { name: 'lookahead', options: { steps: 2, weight: 0.5 } };
    expect(bound(empty, monotone, 1)).toEqual({
      reason: 'lookahead: its method is undefined; expected plain data, { name, options }',
    });
  });
  it.each(['lipschitz', 'weakMinty', 'comonotone', 'cocoercive', 'stronglyMonotone'] as const)(
    'refuses a %s that is no number, which no theorem may take for a large one',
    (fact) => {
      for (const value of [NaN, null, '1'])
        expect(() =>
          bound(methodFrom('extragradient(stepSize=0.1)'), { ...monotone, [fact]: value }, 1),
        ).toThrow(`bound: facts.${fact} is`);
    },
  );
});
