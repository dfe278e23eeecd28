import { describe, expect, it } from 'vitest';
import { distance, norm, uniform, type Facts, type Game, type Vector } from '@stillpoint/operators';
import { gameFrom, problemFrom } from '@stillpoint/problems';
import { bound, boundOn, measureFor, type Bound } from '../src/certificates.js';
import { iterate, solve } from '../src/index.js';
import { methodFrom } from '../src/registry.js';

/**
 * F(z) = S(r)·Qz/r, S(r) = L₀(exp(L₁r) − 1)/L₁, Q the turn by an angle: ‖J‖ = S′ = L₀ + L₁‖F‖ and ‖F‖ = S, so
 * that (L₀, L₁) and Γ hold with equality, and ρ = cos/L₀ is exact if it is negative; 0 else.
 */
function spiral(L0: number, L1: number, angle: number, start: readonly number[]): Game {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return {
    name: `spiral ${L0} ${L1} ${angle}`,
    dim: 2,
    players: [
      { name: 'x', start: 0, end: 1 },
      { name: 'y', start: 1, end: 2 },
    ],
    start,
    operator(z, out) {
      const [x, y] = [z[0]!, z[1]!];
      const r = norm(z);
      const slope = r > 0 ? ((L0 / L1) * Math.expm1(L1 * r)) / r : L0;
      out[0] = slope * (c * x + s * y);
      out[1] = slope * (c * y - s * x);
    },
    facts: {
      generalisedSmooth: { L0, L1 },
      weakMinty: Math.min(0, c) / L0,
      solution: [0, 0],
    },
  };
}
const between = (low: number, high: number, share: number): number => low + (high - low) * share;
const F = (game: Game, z: Vector): Float64Array => {
  const out = new Float64Array(game.dim);
  game.operator(z, out);
  return out;
};
const told = (game: Game, spec: string, start = game.start!): Bound => {
  const outcome = boundOn(game, methodFrom(spec, game.facts), Float64Array.from(start));
  if ('reason' in outcome) throw new Error(`${spec} on ${game.name}: ${outcome.reason}`);
  return outcome;
};

/** A method, the size of its step where ‖F‖ = G, and the largest q up to G ≤ Γ. */
interface Stepping {
  readonly spec: string;
  readonly ᾱ: number;
  readonly size: (G: number) => number;
  readonly q: (Γ: number) => number;
}
const pairOf = ({ generalisedSmooth, lipschitz }: Facts): { readonly L0: number; readonly L1: number } =>
  generalisedSmooth ?? { L0: lipschitz!, L1: 0 };
const grown = (L1: number, t: number): number => (L1 === 0 ? t : Math.expm1(L1 * t) / L1);

const clipped = (facts: Facts, γ: number, c: number, ᾱ: number): Stepping => {
  const { L0, L1 } = pairOf(facts);
  return {
    spec: `clipped-extragradient(stepSize=${γ}, threshold=${c}, relaxation=${ᾱ})`,
    ᾱ,
    size: (G) => γ * Math.min(1, c / G),
    q: (Γ) => ((L0 + L1 * Math.min(Γ, c)) * grown(L1, γ * Math.min(Γ, c))) / Math.min(Γ, c),
  };
};
/** With a pair that is `more` times the game’s. */
const following = (facts: Facts, q: number, ᾱ: number, more: number): Stepping => {
  const [L0, L1] = [pairOf(facts).L0 * more, pairOf(facts).L1 * more];
  return {
    spec: `generalised-smooth-extragradient(L0=${L0}, L1=${L1}, change=${q}, relaxation=${ᾱ})`,
    ᾱ,
    size: (G) => (L1 === 0 ? q / L0 : Math.log(1 + (q * L1 * G) / (L0 + L1 * G)) / (L1 * G)),
    q: () => q,
  };
};

/** γ for which q(c) is a number: exp(L₁γc) = 1 + qL₁c/(L₀ + L₁c). */
const stepFor = (q: number, c: number, { generalisedSmooth, lipschitz }: Facts): number => {
  const { L0, L1 } = generalisedSmooth ?? { L0: lipschitz!, L1: 0 };
  return L1 === 0 ? q / L0 : Math.log1p((q * L1 * c) / (L0 + L1 * c)) / (L1 * c);
};

const { PI } = Math;
const monotone: readonly Game[] = [
  gameFrom('exponential-saddle(start=8)'),
  gameFrom('exponential-saddle(rate=0.5, coupling=3, dimension=2, start=6)'),
  gameFrom('bilinear'), // by L alone
  gameFrom('random-comonotone(comonotone=0, dimension=6)'),
  spiral(1, 1, PI / 2, [3, 4]),
  spiral(2, 0.3, 1.2, [-9, 2]),
  problemFrom('exponential(start=8, dimension=3)').exact,
];
/** Near enough that the shortest step is longer than −2ρ/(1 − ᾱ). */
const weak: readonly Game[] = [
  spiral(1, 1, PI / 2 + 0.03, [0.6, -0.8]),
  spiral(5, 0.2, PI / 2 + 0.05, [2, 2]),
  gameFrom('linear(lipschitz=2, weakMinty=-0.05)'),
];

/** Checks both inequalities in every step; returns the largest shares of theirs that were reached. */
function along(game: Game, { spec, ᾱ, size, q: largest }: Stepping) {
  const bounded = told(game, spec);
  expect(bounded).toMatchObject({
    key: 'extragradient-generalised-smooth',
    theorem: 'extragradient, clipped or not, under (L₀, L₁)-smoothness, after Korpelevich 1976',
    measure: 'best ‖F(z)‖²',
  });
  const measure = measureFor(bounded, game);
  const { solution = [], weakMinty = 0 } = game.facts!;
  let z: Vector = Float64Array.from(game.start!);
  // the constants of the proof, written out again
  const { L0, L1 } = pairOf(game.facts!);
  const Γ = L0 * grown(L1, distance(z, solution));
  const q = largest(Γ);
  const m = 1 - ᾱ + (2 * Math.min(0, weakMinty)) / size(Γ);
  const s = ᾱ * (1 - q ** 2 + m * (m < 0 ? 1 + q : 1 - q) ** 2);
  const stated = /here q = (.*), s = (.*)$/.exec(bounded.statement)!;
  expect(Number(stated[1]) / q).toBeCloseTo(1, 9);
  expect(Number(stated[2]) / s).toBeCloseTo(1, 6);
  expect(bounded.at(0)).toBeGreaterThanOrEqual(measure({ z }) * (1 - 1e-12)); // Γ
  let [descent, rate, k] = [0, 0, 0];
  for (const state of iterate(game, methodFrom(spec))) {
    const before = distance(z, solution) ** 2;
    const G = norm(F(game, z));
    const fall = s * (size(G) * G) ** 2;
    z = state.z.slice();
    const after = distance(z, solution) ** 2;
    // rounding of z and of F, whose values near 0 are sums of larger ones
    expect(before - after, `${game.name}, ${spec}, step ${k}`).toBeGreaterThanOrEqual(
      fall * (1 - 1e-9) - 1e-13 * before,
    );
    descent = Math.max(descent, fall / (before - after));
    const value = measure(state);
    expect(value).toBeLessThanOrEqual(bounded.at(++k) * (1 + 1e-9));
    if (bounded.at(k) < bounded.at(0)) rate = Math.max(rate, value / bounded.at(k)); // Γ no longer decides
    if (k >= 100) break;
  }
  return { descent, rate };
}

/** `reaches`: observations, four fifths of the largest shares that were seen. */
describe.each<{
  readonly name: string;
  readonly make: (facts: Facts, q: number, ᾱ: number, third: number) => Stepping;
  readonly reaches: readonly [rate: number, weakDescent: number];
}>([
  {
    name: 'clipped',
    make(facts, q, ᾱ, third) {
      const c = 10 ** between(-1.5, 2, third) * pairOf(facts).L0;
      return clipped(facts, stepFor(q, c, facts), c, ᾱ);
    },
    reaches: [0.29, 0.6],
  },
  {
    name: 'following ‖F‖',
    make: (facts, q, ᾱ, third) => following(facts, q, ᾱ, third < 0.5 ? 1 : 2 * third),
    reaches: [0.29, 0.52],
  },
])('extragradient under (L₀, L₁)-smoothness, $name', ({ make, reaches }) => {
  it('‖z − z*‖² falls by s·h²G² in every step, and the best ‖F‖² is within its bound: monotone games', () => {
    let [descent, rate] = [0, 0];
    for (const game of monotone)
      for (let seed = 1; seed <= 12; seed++) {
        const [a, b, e] = uniform(new Float64Array(3), { seed, purpose: game.name });
        const q = seed === 12 ? 0.999 : between(0.1, 0.99, a!);
        const ᾱ = seed % 3 === 0 ? between(0.3, 1, e!) : 1;
        const reached = along(game, make(game.facts!, q, ᾱ, b!));
        descent = Math.max(descent, reached.descent);
        rate = Math.max(rate, reached.rate);
      }
    // on the bilinear game with ᾱ = 1 a step is an equality
    expect(descent).toBeCloseTo(1, 6);
    expect(rate).toBeGreaterThan(reaches[0]);
  });
  it('and under weak Minty, ρ < 0, with ᾱ < 1', () => {
    let descent = 0;
    for (const game of weak)
      for (let seed = 1; seed <= 8; seed++) {
        const [a, b, e] = uniform(new Float64Array(3), { seed, purpose: game.name });
        const made = make(game.facts!, between(0.6, 0.8, a!), between(0.3, 0.6, e!), between(0.5, 0.7, b!));
        descent = Math.max(descent, along(game, made).descent);
      }
    expect(descent).toBeGreaterThan(reaches[1]);
  });
});

it('extragradient has the same descent, also under weak Minty where −2ρ(1 + γL) < γ(1 − γL)', () => {
  const plain = (γ: number, q: (Γ: number) => number): Stepping => ({
    spec: `extragradient(stepSize=${γ})`,
    ᾱ: 1,
    size: () => γ,
    q,
  });
  const game = gameFrom('linear(lipschitz=1, weakMinty=-0.05)');
  for (const γ of [0.15, 0.4, 0.7])
    along(
      game,
      plain(γ, () => γ),
    );
  // at γ = ½ the left-hand side is −3ρ, the right-hand side ¼
  for (const [ρ, holds] of [
    [-0.083, true],
    [-0.084, false],
  ] as const) {
    const near = gameFrom(`linear(lipschitz=1, weakMinty=${ρ})`);
    const outcome = boundOn(near, methodFrom('extragradient(stepSize=0.5)'), Float64Array.of(1, 1));
    expect('reason' in outcome).toBe(!holds);
  }
  const growing = spiral(1, 1, PI / 2 + 0.005, [0.6, -0.8]);
  along(
    growing,
    plain(0.2, (Γ) => ((1 + Γ) * Math.expm1(0.2 * Γ)) / Γ),
  );
});

describe('step sizes', () => {
  it('that follow ‖F‖: w = z − hF(z) by its formula, at least as long as clipped ones with the same q', () => {
    for (const [L0, L1, q] of [
      [2, 3, 0.7],
      [0, 0.5, 0.9],
      [4, 1e-9, 0.2],
      [1e-3, 40, 1],
    ] as const)
      for (const G of [1e-6, 0.1, 1, 7, 1e5]) {
        const asked: number[] = [];
        const game: Game = {
          name: 'constant',
          dim: 1,
          players: [{ name: 'x', start: 0, end: 1 }],
          start: [0],
          operator(z, out) {
            asked.push(z[0]!);
            out[0] = G;
          },
        };
        const spec = `generalised-smooth-extragradient(L0=${L0}, L1=${L1}, change=${q}, relaxation=0.5)`;
        const { z } = solve(game, methodFrom(spec), { steps: 1 });
        const u = (q * L1 * G) / (L0 + L1 * G);
        // ln(1 + u)/u by its series where u is small
        const h =
          ((q / (L0 + L1 * G)) * (u < 1e-4 ? 1 - u / 2 + u ** 2 / 3 : Math.log(1 + u))) / (u < 1e-4 ? 1 : u);
        expect(asked.some((x) => Math.abs(-x / (h * G) - 1) < 1e-11)).toBe(true);
        expect(-z[0]! / (h * G)).toBeCloseTo(0.5, 11);
        for (const c of [0.01, 1, 100])
          if (L0 > 0)
            expect(stepFor(q, c, { generalisedSmooth: { L0, L1 } }) * Math.min(1, c / G)).toBeLessThanOrEqual(
              h * (1 + 1e-9),
            );
      }
  });
});

describe('from far, on exponential-saddle(start=12)', () => {
  const game = gameFrom('exponential-saddle(start=12)');
  const stepsTo = (ε: number, spec: string): number => {
    let k = 0;
    for (const { z } of iterate(game, methodFrom(spec, game.facts))) {
      k++;
      if (norm(F(game, z)) <= ε) return k;
    }
    throw new Error('the run never ends');
  };
  it('extragradient diverges with every step size from 1/L near the solution down to a thousandth of it', () => {
    // ‖J(0)‖ = √2, ‖J‖ = cosh 12 = 81377 at the start
    for (let factor = 1; factor >= 2 ** -10; factor /= 2) {
      const { status } = solve(game, methodFrom(`extragradient(stepSize=${(0.7 / Math.SQRT2) * factor})`), {
        steps: 2000,
      });
      expect(['diverged', 'non-finite'], `${factor}`).toContain(status);
    }
  });
  it('converges if it is clipped, within the count of its theorem, D²/((1 − q²)γ²ε²)', () => {
    const bounded = told(game, 'clipped-extragradient');
    const γ = 0.37 / Math.SQRT2;
    const q = 2.5 * Math.expm1((0.37 * 2) / 3); // with c = 2L₀/(3L₁): (L₀ + L₁c)/(L₁c) = 5/2
    expect(q).toBeCloseTo(0.6994, 4);
    for (const ε of [0.5, 1e-2, 1e-6]) {
      const count = 288 / ((1 - q * q) * γ ** 2 * ε ** 2);
      expect(bounded.at(count) / ε ** 2).toBeCloseTo(1, 9);
      const k = stepsTo(ε, 'clipped-extragradient');
      expect(k).toBeLessThan(count);
      // clipped steps have the length γc = 0.174, the way is 17 long, and F turns on it
      expect(k).toBeLessThan(300);
    }
    // steps that follow ‖F‖ have the length ln(1.7)/L₁ = 0.375 far away, more than twice as long
    const other = told(game, 'generalised-smooth-extragradient');
    for (const ε of [0.5, 1e-2, 1e-6]) {
      const length = Math.log(1 + (0.7 * ε) / (1 + ε)) / Math.SQRT2; // hG at G = ε
      expect(other.at(288 / ((1 - 0.7 ** 2) * length ** 2)) / ε ** 2).toBeCloseTo(1, 6);
      expect(stepsTo(ε, 'generalised-smooth-extragradient')).toBeLessThan(
        0.6 * stepsTo(ε, 'clipped-extragradient'),
      );
    }
    // before that count F is bounded by the distance alone
    const Γ = Math.expm1(Math.SQRT2 * Math.sqrt(288));
    expect(bounded.at(0) / Γ ** 2).toBeCloseTo(1, 9);
    expect(bounded.at(100)).toBe(bounded.at(0));
  });
  it('is proven for extragradient, too, with a step size that is exponentially short', () => {
    const Γ = Math.expm1(Math.SQRT2 * Math.sqrt(288));
    const longest = Math.log1p(Γ / (1 + Γ)) / (Math.SQRT2 * Γ); // q = 1
    expect(told(game, `extragradient(stepSize=${longest * (1 - 1e-6)})`).key).toBe(
      'extragradient-generalised-smooth',
    );
    expect(
      boundOn(
        game,
        methodFrom(`extragradient(stepSize=${longest * (1 + 1e-6)})`),
        Float64Array.from(game.start!),
      ),
    ).toHaveProperty('reason', expect.stringMatching(/^q = 1.* is not below 1: .*, the smaller of c and Γ/));
  });
});

describe('without their conditions there is a reason', () => {
  const facts: Facts = { generalisedSmooth: { L0: 1, L1: 1 }, weakMinty: 0 };
  const reason = (spec: string, given: Facts, distance = 1, constrained = false): string => {
    const outcome = bound(methodFrom(spec), given, distance, { constrained });
    return 'reason' in outcome ? outcome.reason : outcome.key;
  };
  const proven = 'extragradient-generalised-smooth';
  const half = 'clipped-extragradient(stepSize=0.4, threshold=1, relaxation=0.5)';
  // q = 2(exp(γ) − 1) with c = 1 is 1 for γ = ln(3/2) = 0.4055
  it.each<[string, Facts, string]>([
    ['clipped-extragradient(stepSize=0.4054, threshold=1)', facts, proven],
    [
      'clipped-extragradient(stepSize=0.4055, threshold=1)',
      facts,
      'is not below 1: it is (L₀ + L₁G)(exp(L₁γG) − 1)/(L₁G) for G = 1, the smaller',
    ],
    ['clipped-extragradient(stepSize=0.9, threshold=1)', { lipschitz: 1, comonotone: 0 }, proven],
    [
      'clipped-extragradient(stepSize=1, threshold=1)',
      { lipschitz: 1, comonotone: 0 },
      'q = 1 is not below 1',
    ],
    // Γ = e − 1, so the shortest step is 0.4/1.718 = 0.2328 and m = ½ + 2ρ/0.2328; with q = 2(exp(0.4) − 1)
    // = 0.98365 s = 0 at m = −(1 − q)/(1 + q) = −0.00824
    [half, { ...facts, weakMinty: -0.05915 }, proven],
    [
      half,
      { ...facts, weakMinty: -0.0592 },
      'ρ = -0.0592 is too far below 0 for the shortest step, h = 0.2327',
    ],
    [half, { weakMinty: 0 }, 'the game states neither (L₀, L₁) (facts.generalisedSmooth) nor lipschitz'],
    [half, { lipschitz: 1 }, 'the game states neither weakMinty nor comonotone'],
    [
      half,
      { ...facts, generalisedSmooth: { L0: 1, L1: 1, below: 3 } },
      '(L₀, L₁) is stated where f ≤ 3 only',
    ],
    ['clipped-extragradient(stepSize={kind=power, from=0.1, steps=9})', facts, 'is not one constant number'],
    ['generalised-smooth-extragradient(L0=1, L1=1)', facts, proven],
    ['generalised-smooth-extragradient(L0=2, L1=3)', facts, proven],
    [
      'generalised-smooth-extragradient(L0=2, L1=0.9)',
      facts,
      'its options (L0, L1) = (2, 0.9) are not both at least the problem’s (1, 1)',
    ],
    ['generalised-smooth-extragradient(L0=1, L1=1, change=1)', facts, 'q = 1 is not below 1'],
    // extragradient keeps its theorems and its reasons where an L is stated
    ['extragradient(stepSize=0.5)', { lipschitz: 1, weakMinty: 0 }, 'korpelevich'],
    ['extragradient(stepSize=2)', { lipschitz: 1, weakMinty: 0 }, 'γ = 2 lies outside'],
  ])('%s, %j: %s', (spec, given, expected) => expect(reason(spec, given)).toContain(expected));
  it('with constraints, and without a solution', () => {
    expect(reason(half, facts, 1, true)).toBe('its theory is without constraints');
    const { facts: stated, ...game } = gameFrom('exponential-saddle');
    const { solution: _, ...rest } = { ...stated };
    expect(
      boundOn({ ...game, facts: rest }, methodFrom('clipped-extragradient', rest), Float64Array.of(1, 1)),
    ).toEqual({ reason: 'the game states no solution to take the distance to' });
  });
});
