import { InputError, formatSpec, number, overLipschitz, stepSize, waxpy } from '@stillpoint/operators';
import { bilinear, gameFrom } from '@stillpoint/problems';
import { describe, expect, it } from 'vitest';
import { gda, lookahead, method, momentum, rapp, solve, startAt, strict, transform } from '../src/index.js';
import { familyOf, methodFrom, methods, oracleOf, specOf, transforms } from '../src/registry.js';

// A method as a stranger writes one: a row of its own, and nothing else touched.
const ᾱ = number({
  about: 'length of the second step, as a share of the first',
  above: 0,
  to: 1,
  default: 0.5,
});
const mine = method({
  name: 'mine',
  group: 'weak Minty',
  about: 'a shorter second step',
  when: 'in this test',
  assumptions: 'weak Minty',
  reference: 'Diakonikolas, Daskalakis, Jordan 2021',
  options: {
    stepSize: stepSize({
      fallback: 'ᾱ/L',
      fromFacts({ lipschitz }, { of, share }) {
        const [shorter, unit] = [of(ᾱ), overLipschitz(lipschitz)];
        return shorter === undefined || unit === undefined ? undefined : shorter * unit * share;
      },
    }),
    shorter: ᾱ,
  },
  calls: () => 2,
  memory: 2,
  check({ shorter }) {
    if (shorter === 0.75) throw new InputError('mine: shorter is 0.75; expected any other number');
  },
  init: startAt,
  begin(space, { stepSize: given, shorter }) {
    const γ = typeof given === 'number' ? given : NaN;
    const w = space.vector();
    return function* (s) {
      s.k++;
      waxpy(w, s.z, -γ, yield s.z);
      waxpy(s.z, s.z, -γ * shorter, yield w);
    };
  },
});
const rows = [...methods, mine.row];
const from = (spec: string, facts = {}): ReturnType<typeof methodFrom> =>
  methodFrom(spec, facts, (built) => built, rows);

describe('a user’s method', () => {
  it('is built from a spec, from options and by wrappers, and is printed as the spec that builds it', () => {
    const built = from('lookahead(mine(stepSize=0.25), steps=2)');
    expect(built).toMatchObject({
      name: 'lookahead',
      options: { method: { name: 'mine', options: { stepSize: 0.25, shorter: 0.5 } }, steps: 2, weight: 0.5 },
    });
    const text = formatSpec(specOf(built));
    expect(text).toBe('lookahead(mine(stepSize=0.25, shorter=0.5), steps=2, weight=0.5)');
    expect(from(text).options).toEqual(built.options);
    expect(lookahead(mine({ stepSize: 0.25 }), { steps: 2 }).options).toEqual(built.options);
  });
  it('makes its steps, and passes strict', () => {
    const [game, start] = [bilinear(), Float64Array.of(1, 0)];
    // F(x, y) = (y, −x): w = (1, γ), z⁺ = (1 − ᾱγ², ᾱγ)
    expect(Array.from(solve(game, mine({ stepSize: 0.5 }), { start, steps: 1 }).z)).toEqual([0.875, 0.25]);
    const method = mine({ stepSize: 0.5 });
    const sealed = strict(method, (watch) => watch(mine({ stepSize: 0.5 })));
    expect(solve(game, sealed, { start, steps: 30 }).z).toEqual(solve(game, method, { start, steps: 30 }).z);
    expect(oracleOf('mine(stepSize=1)', {}, undefined, rows)).toEqual({ first: 2, perStep: 2 });
    expect(solve(game, method, { start, steps: 3 }).calls).toBe(6);
    expect(familyOf('lookahead(mine)', rows)).toBe('gradient');
  });
  it('takes its defaults from the facts and from its other options, before the default of the table', () => {
    expect(from('mine', { lipschitz: 4 }).options).toEqual({ stepSize: 0.125, shorter: 0.5 });
    expect(from('mine(shorter=0.25)', { lipschitz: 4 }).options).toEqual({ stepSize: 0.0625, shorter: 0.25 });
    expect(() => from('mine')).toThrow('method mine needs stepSize');
    expect(() => from('mine(shorter=2)', { lipschitz: 4 })).toThrow('mine: shorter is 2; expected');
    expect(() => from('mine(stepSize=1, shorter=0.75)')).toThrow('expected any other number');
    // a wrapper's share of the step size: lookahead makes five steps of a baseline at once
    const share = { options: { method: { options: { stepSize: 0.05 } } } };
    expect(from('lookahead(gda, steps=5)', { lipschitz: 4 })).toMatchObject(share);
  });
  it('has a row with what lists, docs and the conformance matrix read', () => {
    const { name, group, takes, wraps, family, needs, options } = mine.row;
    expect({ name, group, takes, wraps, family, needs }).toEqual({
      name: 'mine',
      group: 'weak Minty',
      takes: [],
      wraps: false,
      family: 'gradient',
      needs: [],
    });
    expect(Object.keys(options)).toEqual(
      Object.keys(methods.find((row) => row.name === 'gda')!.options).concat('shorter'),
    );
  });
  it('that needs something that a problem lacks is refused before the first step', () => {
    const needy = method({
      name: 'needy',
      group: 'stochastic',
      about: 'counts terms',
      when: 'in this test',
      assumptions: 'a finite sum',
      reference: 'none',
      options: {},
      needs: ['terms'],
      calls: () => 1,
      memory: 1,
      init: (space, z0) => ({ z: space.copy(z0), seen: space.terms }),
      begin: () =>
        function* (s) {
          yield s.z;
        },
    });
    expect(() => solve(bilinear(), needy(), { steps: 1 })).toThrow(
      'needy needs a problem with terms, a finite sum; this one has none',
    );
  });
});

describe('every method', () => {
  it.each(methods.map((row) => [row.name, row] as const))(
    '%s: its default is the one of its table',
    (_, row) => {
      const inner = row.takes.map((kind) =>
        kind === 'method' ? gda({ stepSize: 0.5 }) : transforms[0]!.build({}),
      );
      const facts = { ...gameFrom('bilinear').facts, termLipschitz: 1, convexTerms: true };
      const { options } = row.from({}, facts, inner);
      for (const [name, option] of Object.entries(row.options)) {
        const value: unknown = Reflect.get(Object(options), name);
        if (option.fromFacts === undefined) expect(value, name).toEqual(option.default);
        else expect(option.accepts(Reflect.get(Object(options), name)), name).toBe(true);
      }
    },
  );
  it('reads the options of the methods that it made, and of no others', () => {
    expect(rapp.optionsOf(rapp({ stepSize: 0.5 }))).toEqual({ stepSize: 0.5, innerSteps: 3, weight: 0.5 });
    expect(rapp.optionsOf(gda({ stepSize: 0.5 }))).toBeUndefined();
    expect(lookahead.optionsOf(lookahead(gda({ stepSize: 1 })))).toEqual({
      method: { name: 'gda', options: { stepSize: 1 } },
      steps: 5,
      weight: 0.5,
    });
    expect(transform.optionsOf(transform(gda({ stepSize: 1 }), momentum()))).toEqual({
      method: { name: 'gda', options: { stepSize: 1 } },
      transform: { name: 'momentum', options: { decay: 0.9, nesterov: false } },
    });
    expect(() => rapp.optionsOf({ name: 'rapp', options: { stepsize: 1 } })).toThrow(
      'unknown option of method rapp "stepsize"; did you mean stepSize?',
    );
    const { name, options } = gda({ stepSize: 1 });
    expect(() => transform.optionsOf({ name: 'transform', options: { method: { name, options } } })).toThrow(
      'transform: its transform is undefined; expected plain data, { name, options }',
    );
  });
});
