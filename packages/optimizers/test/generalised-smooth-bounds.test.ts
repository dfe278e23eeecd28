import { describe, expect, it } from 'vitest';
import { norm, uniform, withFacts, type Facts, type Game, type Vector } from '@stillpoint/operators';
import { gameFrom, problemFrom } from '@stillpoint/problems';
import { bound, boundOn, measureFor, type TheoremKey } from '../src/certificates.js';
import { steepest } from '../src/certificates/generalised-smooth.js';
import { iterate } from '../src/index.js';
import { methodFrom } from '../src/registry.js';

/** f, without facts from which other theorems follow. */
function smoothAlone(spec: string): Game {
  const game = problemFrom(spec).exact;
  return {
    ...game,
    facts: withFacts(game.facts ?? {}, {
      cocoercive: undefined,
      comonotone: undefined,
      stronglyMonotone: undefined,
      solution: undefined,
    }),
  };
}
const problems = [
  'power(start=5)',
  'power(exponent=3, dimension=4, start=20, L1=0.3)',
  'power(exponent=8, start=1.5, L1=6)',
  'exponential(start=8)',
  'exponential(rate=0.3, dimension=3, start=20)',
  'polynomial(start=3)',
  'polynomial(coefficients=[1,2,-9,-4,3,1,0.5], start=-4, L1=2)',
  'logistic(examples=15, dimension=3, regularisation=0.001)', // by L alone
  'gaussian(curvatures=[5,0.1])',
].map((spec) => [spec, smoothAlone(spec)] as const);

const valueOf = (game: Game, z: Vector): number => {
  const loss = new Float64Array(1);
  game.losses!(z, loss);
  return loss[0]!;
};
const pairOf = ({ facts }: Game): { readonly L0: number; readonly L1: number } =>
  facts?.generalisedSmooth ?? { L0: facts!.lipschitz!, L1: 0 };

/** For each theorem specs within its conditions, from two numbers in (0, 1). */
const cases: readonly {
  readonly theorem: TheoremKey;
  readonly spec: (game: Game, a: number, b: number) => string;
  /** The descent that it is derived from: how much f falls in a step at least. */
  readonly falls: (options: { readonly [name: string]: number }, G: number) => number;
  /**
   * So much of a bound is reached by some run at least. An observation: four fifths of the largest share that
   * was seen, so that a bound that becomes looser by a quarter is noticed.
   */
  readonly reaches: number;
}[] = [
  {
    theorem: 'gradient-generalised-smooth',
    spec(game, a) {
      const start = Float64Array.from(game.start!);
      const known = { ...pairOf(game), above: valueOf(game, start) - game.facts!.optimum! };
      return `gda(stepSize=${between(0.1, 1, a) / (known.L0 + 1.5 * known.L1 * steepest(known))})`;
    },
    falls: ({ stepSize: η }, G) => (η! * G ** 2) / 2,
    reaches: 0.13,
  },
  {
    theorem: 'clipped-gradient',
    spec(game, a, b) {
      const { L0, L1 } = pairOf(game);
      const c = 10 ** between(-2, 2, b);
      return `clipped-gradient(stepSize=${between(0.1, 1, a) / (L0 + 1.5 * L1 * c)}, threshold=${c})`;
    },
    falls: ({ stepSize: η, threshold: c }, G) => (η! * G * Math.min(G, c!)) / 2,
    reaches: 0.092,
  },
  {
    theorem: 'normalised-gradient',
    spec(game, a, b) {
      const { L0, L1 } = pairOf(game);
      const η = L1 === 0 ? 10 ** between(-1, 1, a) : between(0.1, 1, a) / (1.5 * L1);
      return `normalised-gradient(stepSize=${η}, offset=${η * L0 * 10 ** b})`;
    },
    falls: ({ stepSize: η, offset: β }, G) => (η! * G ** 2) / (2 * (G + β!)),
    reaches: 0.13,
  },
  ...(['optimal', 'simplified', 'clipped'] as const).map((step) => ({
    theorem: 'generalised-smooth-gradient' as const,
    spec: (game: Game, a: number, b: number): string => {
      const { L0, L1 } = pairOf(game);
      return `generalised-smooth-gradient(L0=${L0 * (1 + a)}, L1=${L1 * (1 + b)}, step=${step})`;
    },
    falls: ({ L0, L1 }: { readonly [name: string]: number }, G: number) =>
      ((step === 'clipped' ? 1 / 2 : 1) * G ** 2) / (2 * L0! + 3 * L1! * G),
    reaches: 0.098,
  })),
];
const between = (low: number, high: number, share: number): number => low + (high - low) * share;

describe.each(cases)('$theorem', ({ theorem, spec, falls, reaches }) => {
  it('its descent holds in every step, and its bound along every run, to which some come near', () => {
    let most = 0;
    for (const [name, game] of problems)
      for (let seed = 1; seed <= 8; seed++) {
        const [a, b] = uniform(new Float64Array(2), { seed, purpose: name });
        // the last one is at the limit of the conditions
        const method = methodFrom(spec(game, seed === 8 ? 1 : a!, b!));
        const told = boundOn(game, method, Float64Array.from(game.start!));
        if ('reason' in told) throw new Error(`${method.name} on ${name}: ${told.reason}`);
        expect(told.key).toBe(theorem);
        const measure = measureFor(told, game);
        const options: { readonly [name: string]: number } = Object.fromEntries(
          Object.entries(method.options ?? {}).filter(
            (entry): entry is [string, number] => typeof entry[1] === 'number',
          ),
        );
        const F = new Float64Array(game.dim);
        let z: Vector = Float64Array.from(game.start!);
        let [before, k] = [valueOf(game, z), 0];
        const largest = before;
        measure({ z });
        for (const state of iterate(game, method)) {
          game.operator(z, F);
          z = state.z.slice();
          const after = valueOf(game, z);
          // rounding of f near its least value, and of the path to it
          expect(before - after, `${name}, step ${k}`).toBeGreaterThanOrEqual(
            falls(options, norm(F)) * (1 - 1e-9) - 1e-12 * (Math.abs(largest) + 1) * 2 ** -10,
          );
          before = after;
          const value = measure(state);
          expect(value).toBeLessThanOrEqual(told.at(++k) * (1 + 1e-9));
          most = Math.max(most, value / told.at(k));
          if (k >= 80) break;
        }
      }
    expect(most).toBeGreaterThan(reaches);
  });
});

describe('what the bounds say', () => {
  const x4 = problemFrom('power(start=10)').exact;
  it('clipped gradient on x⁴: the count of the proof, 2D/(ηε²), and 2D/(ηcε) while ε is above c', () => {
    const told = boundOn(
      x4,
      methodFrom('clipped-gradient(stepSize=0.00625, threshold=16)'),
      Float64Array.of(10),
    );
    if ('reason' in told) throw new Error(told.reason);
    const D = 10 ** 4;
    for (const ε of [0.01, 0.1, 16])
      expect(Math.sqrt(told.at((2 * D) / (0.00625 * ε ** 2)))).toBeCloseTo(ε, 9);
    for (const ε of [16, 1000]) expect(Math.sqrt(told.at((2 * D) / (0.00625 * 16 * ε)))).toBeCloseTo(ε, 9);
    expect(told.at(0)).toBe(Infinity);
    expect(told).toMatchObject({
      theorem: 'clipped gradient under (L₀, L₁)-smoothness, Zhang et al. 2020',
      source: 'arXiv 1905.11881; proof: @stillpoint/optimizers/src/certificates/generalised-smooth.ts',
      measure: 'best ‖F(z)‖²',
    });
  });
  it('Vankov et al.: K ≥ 2L₀D/(aε²) + 3L₁D/(aε) steps are enough for ε', () => {
    for (const [step, a] of [
      ['optimal', 1],
      ['simplified', 1],
      ['clipped', 0.5],
    ] as const) {
      const told = boundOn(
        x4,
        methodFrom(`generalised-smooth-gradient(step=${step})`, x4.facts),
        Float64Array.of(10),
      );
      if ('reason' in told) throw new Error(told.reason);
      for (const ε of [0.01, 1, 100])
        expect(Math.sqrt(told.at((32 * 1e4) / (a * ε ** 2) + (3 * 1e4) / (a * ε))) / ε).toBeCloseTo(1, 9);
    }
  });
  it('the largest gradient below f(z₀) is bounded by what f(z₀) − f* permits, on a grid', () => {
    for (const [, game] of problems.filter(([, { dim }]) => dim === 1)) {
      const { L0, L1 } = pairOf(game);
      for (let i = -400; i <= 400; i++) {
        const z = Float64Array.of(i / 50);
        const F = new Float64Array(1);
        game.operator(z, F);
        const above = valueOf(game, z) - game.facts!.optimum!;
        expect(Math.abs(F[0]!)).toBeLessThanOrEqual(steepest({ L0, L1, above }) * (1 + 1e-9) + 1e-6);
      }
    }
    // equality for a quadratic: G² = 2LD
    expect(steepest({ L0: 3, L1: 0, above: 6 })).toBeCloseTo(6, 14);
  });
});

describe('without their conditions there is a reason', () => {
  const facts: Facts = { generalisedSmooth: { L0: 2, L1: 1 }, optimum: -1 };
  const reason = (spec: string, given: Facts, above: number | undefined = 3, constrained = false): string => {
    const told = bound(methodFrom(spec), given, 1, { above, constrained });
    return 'reason' in told ? told.reason : told.key;
  };
  it.each<[string, Facts, string]>([
    ['clipped-gradient(stepSize=0.2, threshold=2)', facts, 'clipped-gradient'],
    ['clipped-gradient(stepSize=0.21, threshold=2)', facts, 'η(L₀ + 3/2·L₁c) = 1.05 is above 1'],
    ['normalised-gradient(stepSize=0.5, offset=1)', facts, 'normalised-gradient'],
    ['normalised-gradient(stepSize=0.5, offset=0.9)', facts, 'ηL₀ = 1 is above β = 0.9'],
    ['normalised-gradient(stepSize=0.7, offset=9)', facts, '3/2·ηL₁ = 1.05 is above 1'],
    [
      'generalised-smooth-gradient(L0=2, L1=0.9)',
      facts,
      'its options (L0, L1) = (2, 0.9) are not both at least the problem’s (2, 1)',
    ],
    // M² = 9M + 12, M = (9 + √129)/2
    ['gda(stepSize=0.057)', facts, 'gradient-generalised-smooth'],
    ['gda(stepSize=0.058)', facts, 'η = 0.058 is above 1/(L₀ + 3/2·L₁M) = 0.0579'],
    [
      'clipped-gradient(stepSize={kind=power, from=0.1, steps=9}, threshold=2)',
      facts,
      'its step size is not one constant number',
    ],
    [
      'clipped-gradient(stepSize=0.2, threshold=2)',
      { optimum: 0 },
      'the problem states neither (L₀, L₁) (facts.generalisedSmooth) nor lipschitz',
    ],
    ['clipped-gradient(stepSize=0.2, threshold=2)', { optimum: 0, lipschitz: 5 }, 'clipped-gradient'],
    [
      'clipped-gradient(stepSize=0.2, threshold=2)',
      { ...facts, generalisedSmooth: { L0: 2, L1: 1, below: 2 } },
      'clipped-gradient',
    ],
    [
      'clipped-gradient(stepSize=0.2, threshold=2)',
      { ...facts, generalisedSmooth: { L0: 2, L1: 1, below: 1.9 } },
      '(L₀, L₁) is stated where f ≤ 1.9, and f at the start is 2',
    ],
    // other theorems keep their reasons where no pair is stated
    ['gda(stepSize=3)', { lipschitz: 1, optimum: 0 }, 'F is not known to be cocoercive'],
  ])('%s, %j: %s', (spec, given, expected) => expect(reason(spec, given)).toContain(expected));
  it('with constraints, without f*, and without losses', () => {
    const spec = 'clipped-gradient(stepSize=0.2, threshold=2)';
    expect(reason(spec, facts, 3, true)).toBe('its theory is without constraints');
    expect(reason(spec, facts, NaN)).toContain(
      'how far f at the start is above its least value is not known',
    );
    const power = problemFrom('power').exact;
    const silent = { facts: power.facts! };
    expect(boundOn(silent, methodFrom('clipped-gradient', silent.facts), Float64Array.of(1))).toEqual({
      reason:
        'how far f at the start is above its least value is not known: it takes losses and facts.optimum of one player',
    });
    const later = { ...silent, losses: () => Promise.resolve() };
    expect(boundOn(later, methodFrom('clipped-gradient', silent.facts), Float64Array.of(1))).toEqual(
      boundOn(silent, methodFrom('clipped-gradient', silent.facts), Float64Array.of(1)),
    );
    expect(boundOn(gameFrom('bilinear'), methodFrom(spec), Float64Array.of(1, 1))).toHaveProperty('reason');
  });
});
