import { describe, expect, it } from 'vitest';
import { norm, normal, type Facts, type Game, type Vector } from '@stillpoint/operators';
import { affineGame, gameFrom } from '@stillpoint/problems';
import {
  bound,
  boundOn,
  conicity,
  innerStepsFor,
  lowerBound,
  multiplier,
  resolventAt,
  resolventError,
  restrictedGap,
} from '../src/certificates.js';
import { iterate } from '../src/index.js';
import { methodFrom } from '../src/registry.js';

const outward: Facts = { lipschitz: 1, comonotone: -0.2, weakMinty: -0.2 };
const monotone: Facts = { lipschitz: 2, comonotone: 0, weakMinty: 0 };
const reasonOf = (spec: string, facts: Facts, constrained = false): string => {
  const told = bound(methodFrom(spec, facts), facts, 1, { constrained });
  return 'reason' in told ? told.reason : `bounded by ${told.theorem}`;
};

describe('outside its conditions a bound is replaced by a reason', () => {
  it.each([
    ['extragradient(stepSize=0.5)', outward, 'ρ = -0.2'],
    ['eg-plus(stepSize=0.4)', outward, 'γ = 0.4 lies outside (−2ρ, 1/L] = (0.4, 1]'],
    ['eg-plus(stepSize=1.01)', outward, 'γ = 1.01 lies outside'],
    ['ceg-plus(stepSize=1, relaxation=0.6)', outward, 'ᾱ = 0.6 lies outside (0, 1 + 2ρ/γ) = (0, 0.6)'],
    ['gda(stepSize=0.1)', outward, 'F is not known to be cocoercive'],
    ['gda(stepSize=0.2)', { lipschitz: 1, comonotone: 0.1 }, 'γ = 0.2 is not below 2/ℓ = 2ρ = 0.2'],
    ['halpern(stepSize=0.1)', monotone, 'F is not known to be cocoercive'],
    ['eag-c(stepSize=0.125)', outward, 'F is not monotone: ρ = -0.2'],
    ['eag-c(stepSize=0.07)', monotone, 'γ = 0.07 is above 1/(8L) = 0.0625'],
    ['eag-v(stepSize=0.3)', monotone, 'γ₀ = 0.3 is not 0.618/L = 0.309'],
    [
      'feg(stepSize=1, comonotone=-0.1)',
      outward,
      'the option comonotone = -0.1 is above the game’s ρ = -0.2',
    ],
    ['feg(stepSize=0.6)', monotone, 'γ = 0.6 is above 1/L = 0.5'],
    ['past-extragradient(stepSize=0.25)', monotone, 'γ = 0.25 is not below 1/(2L) = 0.25'],
    ['forward-reflected-backward(stepSize=0.25)', monotone, 'γ = 0.25 is not below 1/(2L) = 0.25'],
    ['ogda(stepSize=0.1, optimism=0.5)', monotone, 'optimism = 1; found 0.5'],
    [
      'ogda-plus(stepSize=0.2, relaxation=0.5)',
      monotone,
      'γ = 0.2 is above (1 − ᾱ)/((1 + ᾱ)L) = 0.166666666667',
    ],
    [
      'ogda-plus(stepSize=0.101, relaxation=0.8)',
      { lipschitz: 1, weakMinty: -0.05 },
      'γ + 2ρ = 0.001 is below ᾱγ(ᾱ + R²)/(1 + ᾱ) = 0.0362',
    ],
    ['extragradient(stepSize=0.5)', monotone, 'γ = 0.5 lies outside (0, 1/L) = (0, 0.5)'],
    ['rapp(stepSize=1, innerSteps=5, weight=0.5)', outward, 'γ = 1 is not below 1/L = 1'],
    ['rapp(stepSize=0.15, innerSteps=50, weight=0.3)', outward, 'γ = 0.15 is not above −ρ = 0.2'],
    [
      'rapp(stepSize=0.3, innerSteps=50, weight=0.7)',
      outward,
      'λ = 0.7 is not below 1/α = 2(γ + ρ)/γ = 0.666666666667',
    ],
    ['km(stepSize=0.3)', outward, 'γ = 0.3 is below −2ρ = 0.4, where J is not nonexpansive'],
    [
      'km(stepSize=0.4, innerSteps=1, tolerance=1e-9)',
      monotone,
      '1 inner steps at γL = 0.8 are not certain to reach the tolerance',
    ],
    ['proximal-point(stepSize=5)', outward, 'γ = 5 is not below 1/(|ρ|L²)'],
    ['adaptive-eg-plus(stepSize=0.3)', outward, 'σ = -0.1485 lies outside (−γ/2, ρ] = (-0.15, -0.2]'],
    [
      'adaptive-eg-plus(stepSize=0.5, weakMinty=-0.1)',
      outward,
      'σ = -0.1 lies outside (−γ/2, ρ] = (-0.25, -0.2]',
    ],
    ['lookahead(gda(stepSize=0.9), steps=2, weight=0.5)', monotone, '2ρ = 0 is not above −(1 − 2λ)γ'],
    [
      'lookahead(gda(stepSize=0.3), steps=2, weight=0.45)',
      monotone,
      '2ρ = 0 is below λγ − (1 − λ)γ(1 − γ²L²) = 0.0294',
    ],
    [
      'lookahead(lookahead(extragradient(stepSize=0.3), steps=2), steps=3)',
      monotone,
      'steps = 3 of the outer lookahead is not a multiple of the inner one’s 2',
    ],
    ['graal(stepSize=0.1)', monotone, 'no bound is implemented for graal'],
    ['eg-plus(stepSize=[0.5,0.6])', monotone, 'its step size is not one constant number'],
    ['eg-plus(stepSize={kind=power,from=0.4,steps=9})', monotone, 'its step size is not one constant number'],
    ['lookahead(gda(stepSize=[0.5,0.6]), steps=2)', monotone, 'its step size is not one constant number'],
    [
      'lookahead(average(extragradient(stepSize=0.1)))',
      monotone,
      'of average inside: no descent in every step is known for average',
    ],
    ['mirror-prox(stepSize=0.1, mirror=entropy)', monotone, 'other mirror maps than the Euclidean'],
  ] as const)('%s', (spec, facts, reason) => expect(reasonOf(spec, facts)).toContain(reason));
  it.each([
    ['eg-plus(stepSize=0.3)', monotone, 'with them take ceg-plus'],
    [
      'ceg-plus(stepSize=0.5)',
      { ...outward, where: 'everywhere' },
      'the game has constraints, and only weakMinty ≥ 0',
    ],
    ['ceg-plus(stepSize=0.5)', monotone, 'ceg-plus evaluates F outside the constraints'],
    ['forward-backward-forward(stepSize=0.2)', monotone, 'forward-backward-forward evaluates F outside'],
    ['lookahead(ceg-plus(stepSize=0.5), steps=2)', monotone, 'ceg-plus evaluates F outside'],
    ['eag-v(stepSize=0.309)', monotone, 'its theory is without constraints'],
    ['past-extragradient(stepSize=0.1)', monotone, 'with them take forward-reflected-backward'],
    ['ogda-plus(stepSize=0.1)', monotone, 'its theory is without constraints'],
    ['lookahead(gda(stepSize=0.1), steps=2, weight=0.3)', monotone, 'its theory is without constraints'],
    ['rapp(stepSize=0.4, innerSteps=2)', monotone, 'with constraints and τ = 2 no descent is known'],
  ] as const)('with constraints: %s', (spec, facts, reason) =>
    expect(reasonOf(spec, facts, true)).toContain(reason),
  );
  it('there is none for a game without facts, or without a solution from which to measure the distance', () => {
    expect(bound(methodFrom('gda(stepSize=0.1)'), {}, 1)).toEqual({ reason: 'the game states no lipschitz' });
    expect(bound(methodFrom('gda(stepSize=0.1)'), monotone, NaN)).toEqual({
      reason: 'the distance from the start to a solution is NaN',
    });
    const game = gameFrom('linear(lipschitz=2, weakMinty=0)');
    const { solution: _, ...unsolved } = game.facts ?? {};
    expect(
      boundOn({ facts: unsolved }, methodFrom('extragradient(stepSize=0.4)'), Float64Array.of(1, 1)),
    ).toEqual({ reason: 'the game states no solution to take the distance to' });
  });
  it('refuses options as their methods do', () => {
    const given = { stepSize: 0.3, comonotone: -0.2 };
    expect(bound({ name: 'feg', options: given }, outward, 1)).toEqual({
      reason: 'feg: comonotone is -0.2; expected a number above −stepSize/2 = -0.15',
    });
    for (const [spec, message] of [
      [
        'feg(stepSize=0.3, comonotone=-0.2)',
        'feg: comonotone is -0.2; expected a number above −stepSize/2 = -0.15',
      ],
      ['eag-v(stepSize=1, lipschitz=1)', 'eag-v: stepSize is 1; expected a number below 3/(4L) = 0.75'],
      [
        'double-loop-halpern(stepSize=0.5, comonotone=-0.6)',
        'double-loop-halpern: comonotone is -0.6; expected a number above −stepSize = -0.5',
      ],
      [
        'adaptive-eg-plus(stepSize=0.5, weakMinty=-5)',
        'adaptive-eg-plus: weakMinty is -5; expected a number above −stepSize/2 = -0.25',
      ],
    ] as const)
      expect(() => methodFrom(spec)).toThrow(message);
  });
});

/** A rotation with stretch: the linear game with these constants, F(z) = conj(μ)z in complex notation. */
const turn = (L: number, ρ: number): Game => gameFrom(`linear(lipschitz=${L}, weakMinty=${ρ})`);
const eigenvalue = (L: number, ρ: number): readonly [number, number] => [
  L * L * ρ,
  L * Math.sqrt(1 - L * L * ρ * ρ),
];

describe('the spectral multiplier agrees with runs', () => {
  const specs = [
    'gda(stepSize=0.4)',
    'extragradient(stepSize=0.7)',
    'forward-backward-forward(stepSize=0.9)',
    'mirror-prox(stepSize=0.3, mirror=euclidean)',
    'eg-plus(stepSize=0.8, relaxation=0.3)',
    'ceg-plus(stepSize=0.8, relaxation=0.6)',
    'multi-step-extragradient(stepSize=0.9, innerSteps=3, relaxation=0.4)',
    'rapp(stepSize=0.9, innerSteps=7, weight=0.4)',
    'app(stepSize=0.5, innerSteps=4)',
    'km(stepSize=0.6, weight=0.3, tolerance=1e-13, innerSteps=400)',
    'proximal-point(stepSize=0.6, tolerance=1e-14, innerSteps=1000)',
    'heavy-ball(stepSize=0.3, momentum=0.4)',
    'ogda(stepSize=0.3)',
    'ogda(stepSize=0.3, optimism=0.7)',
    'ogda-plus(stepSize=0.3, relaxation=0.5)',
    'forward-reflected-backward(stepSize=0.4)',
    'past-extragradient(stepSize=0.4)',
    'projected-reflected-gradient(stepSize=0.3)',
    'graal(stepSize=0.5)',
    'lookahead(gda(stepSize=0.5), steps=5, weight=0.4)',
    'lookahead(ogda(stepSize=0.3), steps=3, weight=0.5)',
    'lookahead(projected-reflected-gradient(stepSize=0.3), steps=4, weight=0.5)',
    'lookahead(graal(stepSize=0.5), steps=4, weight=0.5)',
    'lookahead(past-extragradient(stepSize=0.3), steps=3, weight=0.7)',
    'lookahead(lookahead(gda(stepSize=0.3), steps=3, weight=0.5), steps=9, weight=0.5)',
    'transform(gda(stepSize=0.2), momentum(decay=-0.4))',
    'transform(gda(stepSize=0.2), momentum(decay=0.3, nesterov=true))',
  ];
  it.each(specs.flatMap((spec) => [-0.15, 0.1, 0.5].map((ρ) => [spec, ρ] as const)))(
    '%s, ρ = %f',
    (spec, ρ) => {
      const game = turn(1, ρ);
      const told = multiplier(methodFrom(spec, game.facts), eigenvalue(1, ρ));
      if ('reason' in told) throw new Error(told.reason);
      const states = iterate(game, methodFrom(spec, game.facts), Float64Array.of(1, 0.5));
      let z: Vector = Float64Array.of(1, 0.5);
      const periods = (n: number): number => {
        for (let k = 0; k < n * told.period; k++) z = states.next().value.z;
        return norm(z);
      };
      if (told.scalar) {
        // remembers nothing: exact in every period, to its rounding or its resolvent's error
        const [before, after] = [periods(1), periods(10)];
        expect((after / before) ** (1 / 10) / told.radius).toBeCloseTo(1, 10);
      } else {
        // a 2 by 2 complex matrix: its nth power has a norm between rⁿ/C and C·n·rⁿ, so over 60 periods the
        // logarithm is within log(2C²)/60 a period
        const [before, after] = [periods(60), periods(60)];
        const far = Math.log(after / before) / 60;
        expect(Math.abs(far - Math.log(told.radius))).toBeLessThan(
          0.06 + 0.02 * Math.abs(Math.log(told.radius)),
        );
      }
    },
  );
  it('values of the reference, L = 3, ρ = −1/9: CEG+ at 1/L with ᾱ = 1, ½, ⅓, ¼; the relaxed resolvent', () => {
    const μ = eigenvalue(3, -1 / 9);
    const radius = (spec: string): number => {
      const told = multiplier(methodFrom(spec), μ);
      return 'reason' in told ? NaN : told.radius;
    };
    for (const [ᾱ, wanted] of [
      [1, 1.66667],
      [0.5, 1.10554],
      [1 / 3, 1],
      [0.25, 0.97183],
    ])
      expect(radius(`ceg-plus(stepSize=${1 / 3}, relaxation=${ᾱ})`)).toBeCloseTo(wanted ?? NaN, 5);
    for (const [λ, wanted] of [
      [0.1, 0.95263],
      [0.3, 0.87607],
      [0.5, 0.82916],
      [0.9, 0.84113],
    ])
      expect(radius(`km(stepSize=${1 / 3}, weight=${λ})`)).toBeCloseTo(wanted ?? NaN, 5);
  });
  it('is a reason if a method is not a fixed linear map', () => {
    for (const [spec, reason] of [
      ['adam(stepSize=0.1)', 'does not act on linear games by one fixed linear map'],
      ['eag-c(stepSize=0.1)', 'does not act'],
      ['gda(stepSize=[0.1,0.2])', 'not one constant number'],
      ['lookahead(lookahead(gda(stepSize=0.1), steps=2), steps=3)', 'not a multiple'],
    ] as const) {
      expect(multiplier(methodFrom(spec), [0, 1])).toEqual({ reason: expect.stringContaining(reason) });
    }
  });
});

describe('the lower bound of CEG+', () => {
  it('is the multiplier at γ = 1/L on the game with ρ = −c/L, and contracts exactly for 2c + ᾱ < 1', () => {
    for (let c = 0; c < 1; c += 1 / 16)
      for (let ᾱ = 1 / 16; ᾱ <= 1; ᾱ += 1 / 16) {
        // all of them exact in binary
        const told = multiplier(
          { name: 'ceg-plus', options: { stepSize: 1, relaxation: ᾱ } },
          eigenvalue(1, -c),
        );
        const { contracts, radius } = lowerBound(c, ᾱ);
        expect('radius' in told && told.radius).toBeCloseTo(radius, 14);
        expect(contracts).toBe(2 * c + ᾱ < 1);
        if (2 * c + ᾱ !== 1) expect(radius < 1).toBe(contracts);
        else expect(radius).toBeCloseTo(1, 14);
      }
  });
});

describe('the resolvent’s constants', () => {
  it('J is α-conically nonexpansive, (J − (1 − α)I)/α has norm 1, on a game where that is attained', () => {
    for (const [ρ, γ] of [
      [-0.3, 0.4],
      [-0.3, 0.7],
      [0, 0.5],
      [0.4, 0.5],
    ] as const) {
      const α = conicity(γ, ρ);
      const J = resolventAt(turn(1, ρ), Float64Array.of(1, 0), γ);
      // the game attains ρ everywhere
      expect(Math.hypot((J[0] ?? NaN) - (1 - α), J[1] ?? NaN) / α).toBeCloseTo(1, 12);
      expect(α <= 1).toBe(γ >= -2 * ρ);
    }
  });
  it('the error after τ steps is exactly (γL)^τ on the linear game', () => {
    const [game, γ] = [turn(1, -0.1), 0.8];
    const z = Float64Array.of(1, 0.5);
    const J = resolventAt(game, z, γ);
    const away = Math.hypot((z[0] ?? NaN) - (J[0] ?? NaN), (z[1] ?? NaN) - (J[1] ?? NaN));
    const states = iterate(game, methodFrom('app(stepSize=0.8, innerSteps=6)'), z.slice());
    const { z: w } = states.next().value;
    expect(
      Math.hypot((w[0] ?? NaN) - (J[0] ?? NaN), (w[1] ?? NaN) - (J[1] ?? NaN)) /
        (resolventError(0.8, 6) * away),
    ).toBeCloseTo(1, 11);
  });
  it('the number of inner steps that certifies a tolerance is enough, and infinite if the inner loop is not known to converge', () => {
    expect(innerStepsFor(5, 1, -0.2, 0.1)).toBe(Infinity);
    for (const [γ, ρ, σ] of [
      [0.5, -0.3, 1e-3],
      [4, 0, 1e-6],
      [0.9, 0.2, 1e-9],
    ] as const) {
      const steps = innerStepsFor(γ, 1, ρ, σ);
      const game = turn(1, ρ);
      let calls = 0;
      const counting: Game = {
        ...game,
        operator: (z, out) => {
          calls++;
          game.operator(z, out);
        },
      };
      iterate(
        counting,
        methodFrom(`proximal-point(stepSize=${γ}, tolerance=${σ}, innerSteps=100000)`),
        Float64Array.of(1, 0.5),
      ).next();
      expect(calls).toBeLessThanOrEqual(2 * steps);
    }
  });
});

describe('the restricted gap', () => {
  const gapOf = (game: Game, z: number[], around: number[], radius: number): number => {
    const told = restrictedGap(game, Float64Array.from(z), { around, radius });
    if (typeof told !== 'number') throw new Error(told.reason);
    return told;
  };
  it('of xy around 0 is R‖z‖: ⟨F(u), z − u⟩ = ⟨Mu, z⟩', () => {
    for (const z of [
      [1, 0],
      [0.3, -0.4],
      [0, 0],
    ])
      expect(gapOf(gameFrom('bilinear'), z, [0, 0], 2)).toBeCloseTo(2 * Math.hypot(...z), 13);
  });
  it('of F(u) = u is ‖z‖²/4 while z/2 lies in the ball, and at its edge beyond: R‖z‖ − R²', () => {
    const identity = affineGame({
      name: 'identity',
      players: [{ name: 'x', start: 0, end: 2 }],
      M: Float64Array.of(1, 0, 0, 1),
      q: new Float64Array(2),
      start: [0, 0],
      facts: {},
    });
    expect(gapOf(identity, [0.6, 0.8], [0, 0], 1)).toBeCloseTo(1 / 4, 13);
    expect(gapOf(identity, [3, 4], [0, 0], 1)).toBeCloseTo(5 - 1, 13);
  });
  it('is no less than the value at any point of the ball, nearly attained by the best of 20,000, and 0 at a solution inside', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const game = gameFrom(`random-comonotone(dimension=2, comonotone=0.1, seed=${seed})`);
      const [z, around, radius] = [normal(new Float64Array(2), { seed, purpose: 'z' }), [0.2, -0.1], 1.5];
      const gap = gapOf(game, Array.from(z), around, radius);
      let best = -Infinity;
      const F = new Float64Array(2);
      for (let k = 0; k < 20_000; k++) {
        const [r, t] = [
          radius * Math.sqrt((((k * 0.618034) % 1) + 1 / 40) / (1 + 1 / 40)),
          2 * Math.PI * ((k * 0.754878) % 1),
        ];
        const u = Float64Array.of(
          0.2 + Math.min(r, radius) * Math.cos(t),
          -0.1 + Math.min(r, radius) * Math.sin(t),
        );
        game.operator(u, F);
        best = Math.max(
          best,
          F.reduce((sum, f, i) => sum + f * ((z[i] ?? NaN) - (u[i] ?? NaN)), 0),
        );
      }
      expect(best).toBeLessThanOrEqual(gap + 1e-12);
      expect(best).toBeGreaterThan(gap - 0.02 * (1 + Math.abs(gap)));
      expect(gapOf(game, [...(game.facts?.solution ?? [])], around, radius)).toBeCloseTo(0, 12);
    }
  });
  it('is a reason if it cannot be certified', () => {
    const z = Float64Array.of(1, 1);
    for (const [name, reason] of [
      ['global-forsaken', 'constraints'],
      ['linear(lipschitz=1, weakMinty=-0.2)', 'not monotone'],
    ] as const)
      expect(restrictedGap(gameFrom(name), z, { around: [0, 0], radius: 1 })).toEqual({
        reason: expect.stringContaining(reason),
      });
    const { constraint: _, ...curved }: Game = gameFrom('global-forsaken');
    expect(restrictedGap(curved, z, { around: [0, 0], radius: 1 })).toEqual({
      reason: expect.stringContaining('not affine'),
    });
    expect(restrictedGap(gameFrom('bilinear'), z, { around: [0], radius: 1 })).toEqual({
      reason: expect.stringContaining('expected 2'),
    });
  });
});
