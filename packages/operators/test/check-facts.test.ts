import { describe, expect, it } from 'vitest';
import {
  box,
  InputError,
  checkFacts,
  givenFacts,
  lazyFacts,
  projection,
  statedFacts,
  withFacts,
  type Facts,
  type Game,
  type GeneralisedSmooth,
  type Vector,
} from '../src/index.js';

/** F(z) = (2x + y, 2y − x): L = √5, μ = 2, 1/ℓ = 2/5, solution 0. */
const game = (facts: Facts, more: Partial<Game> = {}): Game => ({
  name: 'g',
  dim: 2,
  players: [
    { name: 'x', start: 0, end: 1 },
    { name: 'y', start: 1, end: 2 },
  ],
  facts,
  operator(z, out) {
    out[0] = 2 * z[0]! + z[1]!;
    out[1] = 2 * z[1]! - z[0]!;
  },
  ...more,
});
const start = Float64Array.of(1, -0.5);

describe('true facts are accepted', () => {
  it.each<Facts>([
    {},
    { lipschitz: Math.sqrt(5) },
    { lipschitz: 50 },
    {
      lipschitz: 2.24,
      comonotone: 0.4,
      weakMinty: 0.4,
      cocoercive: 0.4,
      stronglyMonotone: 2,
      solution: [0, 0],
    },
    { comonotone: -1, weakMinty: 0 },
    { solution: [1e-6, 0] },
  ])('%j', (facts) => expect(() => checkFacts(game(facts), start)).not.toThrow());
});

describe('facts of terms', () => {
  /** F(z) = mean of cᵢz: L of a term is 3, that of F is 1. */
  const sum = (facts: Facts, slopes = [3, -1, 1]): Game => ({
    name: 'sum',
    dim: 1,
    players: [{ name: 'x', start: 0, end: 1 }],
    facts,
    terms: { count: 3, sample: (indices) => indices },
    operator(z, out, { sample } = {}) {
      const chosen = Array.isArray(sample) ? sample.map((i: number) => slopes[i]!) : slopes;
      out[0] = (chosen.reduce((total, c) => total + c, 0) / chosen.length) * z[0]!;
    },
  });
  const at = Float64Array.of(1);
  it('that are true are taken; those of a problem without terms are not tried', () => {
    expect(() => checkFacts(sum({ termLipschitz: 3, lipschitz: 1, convexTerms: false }), at)).not.toThrow();
    expect(() => checkFacts(sum({ convexTerms: true }, [3, 0, 1]), at)).not.toThrow();
    expect(() => checkFacts(game({ termLipschitz: 0.1 }), start)).not.toThrow();
  });
  it.each<[Facts, string]>([
    [{ termLipschitz: 2 }, 'sum: facts.termLipschitz is 2, but term 0 changes by 3 times the distance'],
    [{ convexTerms: true }, 'sum: facts.convexTerms is true, but ⟨ΔF, Δz⟩/‖Δz‖² of term 1 is -1 between'],
    [{ stronglyMonotone: 4, termLipschitz: 3 }, 'facts.stronglyMonotone is 4 beside termLipschitz 3'],
  ])('that are not are refused: %j', (facts, message) =>
    expect(() => checkFacts(sum(facts), at)).toThrow(message),
  );
});

describe('(L₀, L₁)-smoothness', () => {
  /** f = eˣ, (0, 1)-smooth, with equality in the bound that follows between two points. */
  const exponential = (generalisedSmooth: GeneralisedSmooth, more: Partial<Game> = {}): Game => ({
    name: 'e',
    dim: 1,
    players: [{ name: 'x', start: 0, end: 1 }],
    facts: { generalisedSmooth },
    operator(z, out) {
      out[0] = Math.exp(z[0]!);
    },
    ...more,
  });
  const at = Float64Array.of(1);
  it('that is true is taken, also with equality', () => {
    for (const pair of [
      { L0: 0, L1: 1 },
      { L0: 3, L1: 1 },
      { L0: 0, L1: 0.1, below: 3 }, // not tried
    ])
      expect(() => checkFacts(exponential(pair), at)).not.toThrow();
    const linear = (z: Vector, out: Vector): void => void (out[0] = 2 * z[0]!);
    expect(() => checkFacts(exponential({ L0: 2, L1: 0 }, { operator: linear }), at)).not.toThrow();
  });
  it.each([
    { L0: 0, L1: 0.9 },
    { L0: 0.5, L1: 0 },
  ])('that is false is refused: %j', (pair) =>
    expect(() => checkFacts(exponential(pair), at)).toThrow(
      `e: facts.generalisedSmooth is { L0: ${pair.L0}, L1: ${pair.L1} }, but F changes by `,
    ),
  );
  it('of a game bounds its Jacobian; `below` is of one player', () => {
    // F is linear with ‖J‖ = √5
    const of = (pair: GeneralisedSmooth) => (): void => checkFacts(game({ generalisedSmooth: pair }), start);
    expect(of({ L0: Math.sqrt(5), L1: 0 })).not.toThrow();
    expect(of({ L0: 2.2, L1: 0 })).toThrow('g: facts.generalisedSmooth is { L0: 2.2, L1: 0 }, but F changes');
    expect(of({ L0: 9, L1: 0, below: 3 })).toThrow(
      'g: facts.generalisedSmooth has below = 3, a value of the loss of one player; found 2 players',
    );
  });
  it.each([[1, 2], { L0: 1 }, { L0: -1, L1: 1 }, { L0: 1, L1: 1, below: '3' }, { L0: 1, L1: 1, L2: 1 }])(
    'that is no pair is refused: %j',
    (generalisedSmooth) =>
      expect(() => givenFacts({ generalisedSmooth }, 1, (what) => new InputError(what))).toThrow(
        'expected { L0, L1 } or { L0, L1, below }, L0 and L1 numbers >= 0, below a number',
      ),
  );
});

describe('false facts are refused, with the number that contradicts them', () => {
  it.each<[Facts, string]>([
    [{ lipschitz: 2 }, 'facts.lipschitz is 2, but F changes by 2.236'],
    [{ comonotone: 0.9 }, 'facts.comonotone is 0.9, but ⟨ΔF, Δz⟩/‖ΔF‖² is 0.4'],
    [{ cocoercive: 0.5 }, 'facts.cocoercive is 0.5, but'],
    [{ stronglyMonotone: 2.1 }, 'facts.stronglyMonotone is 2.1, but ⟨ΔF, Δz⟩/‖Δz‖² is 2'],
    [{ weakMinty: -0.4, comonotone: 0.4 }, 'facts.weakMinty is -0.4 beside comonotone 0.4'],
    [{ stronglyMonotone: 3, lipschitz: 2.5 }, 'facts.stronglyMonotone is 3 beside lipschitz 2.5'],
    [{ solution: [1, 1] }, 'facts.solution is not a solution: the residual there is 3.16228'],
    [{ weakMinty: 0.7, solution: [0, 0] }, 'facts.weakMinty is 0.7, but'],
    [{ zeroSum: true, lipschitz: 3 }, ''],
  ])('%j', (facts, message) =>
    message === ''
      ? expect(() => checkFacts(game(facts), start)).not.toThrow()
      : expect(() => checkFacts(game(facts), start)).toThrow(message),
  );
  it('zeroSum of losses that do not add up, or of slopes that do not', () => {
    expect(() =>
      checkFacts(
        game(
          { zeroSum: true },
          {
            losses: (_, out) => {
              out[0] = 1;
              out[1] = 1;
            },
          },
        ),
        start,
      ),
    ).toThrow('there are losses of 1 and 1 near the start');
    expect(() =>
      checkFacts(
        game(
          { zeroSum: true },
          {
            operator: (z, out) => {
              out[0] = z[1]!;
              out[1] = z[0]!;
            },
          },
        ),
        start,
      ),
    ).toThrow('their mixed slopes are');
  });
  it('a solution outside the constraints', () => {
    const inBox = projection(box({ lower: 0.5, upper: 1 }));
    expect(() =>
      checkFacts(game({ solution: [0, 0] }, { constraint: { prox: (z) => inBox(z) } }), start),
    ).toThrow(/facts\.solution (is not a solution|lies outside)/);
  });
});

it('facts that are computed when they are read are neither read nor checked', () => {
  const facts = lazyFacts({
    lipschitz: () => {
      throw new Error('read');
    },
    comonotone: () => 7,
  });
  expect(() => checkFacts(game(facts), start)).not.toThrow();
  expect(Object.keys(statedFacts(facts))).toEqual([]);
  expect(withFacts(facts, { lipschitz: 3 })).toMatchObject({ lipschitz: 3, comonotone: 7 });
});
it('lazy facts are computed once', () => {
  let calls = 0;
  const facts = lazyFacts({ lipschitz: () => ++calls });
  const copy = withFacts(facts, { comonotone: 0 });
  expect([facts.lipschitz, facts.lipschitz, copy.lipschitz]).toEqual([1, 1, 1]);
});
