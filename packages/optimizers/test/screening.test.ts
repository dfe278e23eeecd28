import { describe, expect, it } from 'vitest';
import { distance, norm, type Game, type Vector } from '@stillpoint/operators';
import { penalisedRegression, userGame, type OptionsOfProblem } from '@stillpoint/problems';
import { keptAtoms } from '../src/certificates.js';
import { conditionalGradient, gda, iterate, solve } from '../src/index.js';
import { gradientAt, whole } from './penalised.js';

const methods = [conditionalGradient(), conditionalGradient({ step: 'line-search' })];

/** The groups that the solution uses, and a value that F* is not below, by proximal gradient steps. */
function solved(game: Game): {
  readonly support: readonly number[];
  readonly least: number;
  readonly z: Vector;
} {
  const { z, gap } = solve(game, gda({ stepSize: 1 / game.facts!.lipschitz! }), {
    steps: 4000,
    tolerance: 1e-13,
  });
  expect(gap).toBeLessThan(1e-10);
  const { groups } = game.constraint!.atoms!;
  const support = Array.from(groups.keys()).filter(
    (g) => norm(z, groups[g]!.start, groups[g]!.end) > 1e-6 * groups[g]!.norm,
  );
  return { support, least: whole(game, z) - gap!, z };
}
/** What the rule says at z, and the gap there. */
function screenedAt(game: Game, z: Vector) {
  const gradient = gradientAt(game, z);
  const [gap, lipschitz] = [game.gap!(z, gradient), game.facts!.lipschitz!];
  return { gap, gradient, kept: keptAtoms(game.constraint!.atoms!, { z, gradient, gap, lipschitz }) };
}

const instances: readonly (readonly [
  string,
  Partial<OptionsOfProblem<typeof penalisedRegression>>,
  readonly number[],
])[] = [
  ...[1, 2, 3].map((seed) => [`200 × 50, seed ${seed}`, { seed, nonzeros: 4 }, [0, 1, 2, 3]] as const),
  ...[1, 2, 3].map(
    (seed) => [`400 × 50, seed ${seed}`, { seed, nonzeros: 4, examples: 400 }, [0, 1, 2, 3]] as const,
  ),
  ['groups of two', { nonzeros: 4, group: 2 }, [0, 1]],
  ['groups of two, atoms of unequal norm', { nonzeros: 4, group: 2, ratio: 4 }, [0, 1]],
];

describe.each(instances)('%s', (_, options, expected) => {
  const game = penalisedRegression(options);
  const { support, least } = solved(game);
  it('has the support that it was made with', () => expect(support).toEqual(expected));
  it.each(methods)(
    'gap ≥ F − F* at every step, no atom of the solution is dropped, and the others are by t = 200',
    (method) => {
      let t = 0;
      for (const { z } of iterate(game, method)) {
        const { gap, kept } = screenedAt(game, z);
        expect(gap).toBeGreaterThanOrEqual(whole(game, z) - least - 1e-10); // F* is at most 1e-10 above least
        for (const g of support) expect(kept).toContain(g);
        if (++t === 200) return expect(kept).toEqual(support);
      }
    },
  );
  it('the least gap so far is at most (27/4)·L·D²/(t + 2), D the longest way to a linear minimiser', () => {
    // Jaggi 2013, theorem 2: 2·(27/8)·C/(t + 2) with the curvature C ≤ L·D², for 2/(t + 2)
    let [t, D, smallest] = [0, 0, Infinity];
    const s = new Float64Array(game.dim);
    for (const z of [new Float64Array(game.dim), ...firstPoints(game, 300)]) {
      const { gap, gradient } = screenedAt(game, z);
      game.constraint!.lmo!(gradient, s);
      [D, smallest] = [Math.max(D, distance(z, s)), Math.min(smallest, gap)];
      expect(smallest * (t++ + 2)).toBeLessThanOrEqual((27 / 4) * game.facts!.lipschitz! * D ** 2);
    }
  });
});

function firstPoints(game: Game, count: number): Vector[] {
  const run = iterate(game, conditionalGradient());
  return Array.from({ length: count }, () => run.next().value.z.slice());
}

describe('atoms of unequal norm, f = ½‖x − (2, 1)‖² and ½κ² with atoms of length 0.1 and 10', () => {
  // x* = b − λ/norms where both entries are > 0; λ = κ(x*) = Σ (bᵢ/normᵢ)/(1 + Σ 1/normᵢ²)
  const [b, lengths] = [
    [2, 1],
    [0.1, 10],
  ] as const;
  const λ = (b[0] / 0.1 + b[1] / 10) / (1 + 1 / 0.1 ** 2 + 1 / 10 ** 2);
  const solution = b.map((x, i) => x - λ / lengths[i]!);
  const game: Game = {
    ...userGame(
      {
        players: { x: 2 },
        start: [0, 0],
        constraint: 'squared-gauge(atomic-ball(norms=[0.1,10]))',
        operator: (x: Vector, out: Vector) => b.forEach((c, i) => (out[i] = x[i]! - c)),
        losses: (x: Vector, out: Vector) => (out[0] = b.reduce((sum, c, i) => sum + (x[i]! - c) ** 2 / 2, 0)),
      },
      'two atoms',
    ),
    facts: { lipschitz: 1, comonotone: 0 },
  };
  it('its solution uses both', () => {
    expect(Math.min(...solution)).toBeGreaterThan(0.01);
    expect(screenedAt(game, Float64Array.from(solution)).gap).toBeLessThan(1e-12);
  });
  it('the rule for equal norms, with 2‖p‖, drops one of them at the start; that with ‖p‖ + ‖p̂‖ none', () => {
    const { gap, gradient, kept } = screenedAt(game, new Float64Array(2));
    expect(gap).toBeCloseTo(50, 12); // σ²/2 with σ = 10·1
    const scores = gradient.map((x, i) => Math.abs(x) * lengths[i]!);
    const dropped = Array.from(scores.keys()).filter(
      (i) => scores[i]! < Math.max(...scores) - 2 * lengths[i]! * Math.sqrt(2 * gap),
    );
    expect(dropped).toEqual([0]); // 0.2 < 10 − 2·0.1·10
    expect(kept).toEqual([0, 1]);
  });
  it('it drops none at any later step either', () => {
    let t = 0;
    for (const { z } of iterate(game, conditionalGradient())) {
      expect(screenedAt(game, z).kept).toEqual([0, 1]);
      if (++t === 500) break;
    }
  });
});

it('of atoms of equal norm the rule is the paper’s, with 2‖p‖, and does not depend on the unit of f', () => {
  const game = penalisedRegression({ seed: 4 });
  for (const z of firstPoints(game, 40)) {
    const { gap, gradient, kept } = screenedAt(game, z);
    const lipschitz = game.facts!.lipschitz!;
    const sizes = Array.from(gradient, Math.abs);
    const least = Math.max(...sizes) - 2 * Math.sqrt(2 * lipschitz * gap);
    expect(kept).toEqual(Array.from(sizes.keys()).filter((i) => !(sizes[i]! < least)));
    const unit = 2 ** 30;
    const { groups: atoms } = game.constraint!.atoms!;
    const other = {
      z,
      gradient: gradient.map((x) => unit * x),
      gap: unit * gap,
      lipschitz: unit * lipschitz,
    };
    expect(keptAtoms({ groups: atoms }, other)).toEqual(kept);
  }
});

describe('keptAtoms', () => {
  const atoms = penalisedRegression({ dimension: 3, nonzeros: 1 }).constraint!.atoms!;
  const z = new Float64Array(3);
  it('drops no atom for a difference that rounding may have made', () => {
    // a solution with two atoms, where the gap that was computed is 0
    const [z, gradient] = [Float64Array.of(3, 2, 0), Float64Array.of(-0.1 - 0.2, -0.3, 0.29)];
    expect(gradient[0]).not.toBe(gradient[1]);
    expect(keptAtoms(atoms, { z, gradient, gap: 0, lipschitz: 1 })).toEqual([0, 1]);
  });
  it('refuses what is no gap and no L', () => {
    const gradient = Float64Array.of(1, 2, 3);
    for (const [gap, lipschitz] of [
      [NaN, 1],
      [1, -1],
      [-1, 1],
    ] as const)
      expect(() => keptAtoms(atoms, { z, gradient, gap, lipschitz })).toThrow(
        `keptAtoms: gap is ${gap} and lipschitz ${lipschitz}; expected numbers >= 0`,
      );
  });
  it('refuses what has no atoms, and vectors of another length', () => {
    const rest = { gap: 0, lipschitz: 1 };
    expect(() => keptAtoms(undefined, { z, gradient: z, ...rest })).toThrow('keptAtoms: found no atoms');
    for (const [one, other] of [
      [z.slice(0, 2), z],
      [z, z.slice(0, 2)],
    ] as const)
      expect(() => keptAtoms(atoms, { z: one, gradient: other, ...rest })).toThrow(
        'expected 3, those of the atoms',
      );
  });
  it('drops nothing for a gradient that is not finite', () => {
    for (const bad of [NaN, Infinity])
      expect(keptAtoms(atoms, { z, gradient: Float64Array.of(1, bad, 3), gap: 0, lipschitz: 1 })).toContain(
        1,
      );
    expect(keptAtoms(atoms, { z, gradient: Float64Array.of(NaN, 1, 3), gap: 0, lipschitz: 1 })).toEqual([
      0, 1, 2,
    ]);
  });
});

it('a gap that is beyond the range of numbers is NaN, not 0', () => {
  const game = penalisedRegression({ dimension: 3, nonzeros: 1, weight: 1e-200 });
  const z = Float64Array.of(1e150, 0, 0);
  expect(game.gap!(z, gradientAt(game, z))).toBeNaN();
});

it('fewer examples than entries and ρ = 0.02: 2/(t + 2) blows up, the line search does not', () => {
  const game = penalisedRegression({ examples: 50, dimension: 200, nonzeros: 4, weight: 0.02 });
  const first = whole(game, new Float64Array(game.dim));
  const [open, searched] = methods.map((method) => {
    const run = iterate(game, method);
    return Array.from({ length: 100 }, () => whole(game, run.next().value.z));
  });
  expect(Math.max(...open!)).toBeGreaterThan(1e6 * first);
  searched!.reduce((before, now) => {
    expect(now).toBeLessThanOrEqual(before * (1 + 2 ** -46));
    return now;
  }, first);
});
