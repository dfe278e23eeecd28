import { describe, expect, it } from 'vitest';
import { eigh, normal, uniform } from '@stillpoint/operators';
import { affineGame, dualityGap, gameFrom, matrixGame } from '../src/index.js';

const F = (spec: string, z: readonly number[]): number[] => {
  const game = gameFrom(spec);
  const out = new Float64Array(game.dim);
  game.operator(Float64Array.from(z), out);
  return Array.from(out);
};
const solution = (spec: string): readonly number[] => gameFrom(spec).facts?.solution ?? [];
const near = (found: readonly number[], wanted: readonly number[], digits = 14): void => {
  expect(found.length).toBe(wanted.length);
  found.forEach((x, i) => expect(x).toBeCloseTo(wanted[i] ?? NaN, digits));
};

/**
 * All equilibria at corners of the sets of equilibria, of integer games up to 3 by 3, without rounding: from
 * the square submatrices K of A shifted to be positive, y ∝ adj(K)1, x ∝ 1ᵀadj(K) (Shapley, Snow 1950).
 */
function corners(A: readonly (readonly number[])[]): readonly string[] {
  const [m, n] = [A.length, A[0]?.length ?? 0];
  const B = A.map((row) => row.map((a) => a + 1 - Math.min(...A.flat())));
  const subsets = (size: number): number[][] =>
    Array.from({ length: 2 ** size - 1 }, (_, s) =>
      Array.from({ length: size }, (_i, i) => i).filter((i) => ((s + 1) >> i) % 2 === 1),
    );
  const minor = (K: number[][], i: number, j: number): number[][] =>
    K.filter((_, p) => p !== i).map((row) => row.filter((_, q) => q !== j));
  const det = (K: number[][]): number =>
    K.length === 0
      ? 1
      : (K[0] ?? []).reduce((sum, x, j) => sum + (j % 2 === 0 ? x : -x) * det(minor(K, 0, j)), 0);
  const found = new Set<string>();
  for (const rows of subsets(m))
    for (const columns of subsets(n)) {
      if (rows.length !== columns.length) continue;
      const K = rows.map((i) => columns.map((j) => B[i]?.[j] ?? NaN));
      const adjoint = K.map((_, j) => K.map((_row, i) => ((i + j) % 2 === 0 ? 1 : -1) * det(minor(K, i, j))));
      const total = adjoint.flat().reduce((sum, c) => sum + c, 0);
      if (det(K) === 0 || total === 0) continue;
      // all times |total|
      const [x, y, v] = [Array<number>(m).fill(0), Array<number>(n).fill(0), det(K) * Math.sign(total)];
      rows.forEach((i, p) => {
        x[i] = adjoint.reduce((sum, row) => sum + (row[p] ?? NaN), 0) * Math.sign(total);
      });
      columns.forEach((j, q) => {
        y[j] = (adjoint[q] ?? []).reduce((sum, c) => sum + c, 0) * Math.sign(total);
      });
      const best =
        B.every((row) => row.reduce((sum, b, j) => sum + b * (y[j] ?? NaN), 0) >= v) &&
        y.every((_, j) => B.reduce((sum, row, i) => sum + (row[j] ?? NaN) * (x[i] ?? NaN), 0) <= v);
      if (best && [...x, ...y].every((weight) => weight >= 0))
        found.add([...x, ...y].map((weight) => (weight / Math.abs(total)).toFixed(12)).join());
    }
  return [...found];
}

describe('matrix games', () => {
  it('F = (Ay, −Aᵀx) by hand, less the mean 3.5 of A; the losses keep it', () => {
    const z = [0.25, 0.75, 0.5, 0.5, 0];
    near(
      F('matrix-game(matrix=[[1,2,3],[4,5,6]])', z),
      [1.5, 4.5, -3.25, -4.25, -5.25].map((x, i) => x - (i < 2 ? 3.5 : -3.5)),
    );
    const losses = new Float64Array(2);
    gameFrom('matrix-game(matrix=[[1,2,3],[4,5,6]])').losses?.(Float64Array.from(z), losses);
    near(Array.from(losses), [3.75, -3.75]); // xᵀAy
  });
  it('a constant added to all payoffs changes neither F nor L', () => {
    const [game, shifted] = ['[[2,-1],[-1,1]]', '[[10002,9999],[9999,10001]]'].map((matrix) =>
      gameFrom(`matrix-game(matrix=${matrix})`),
    );
    const z = Float64Array.of(0.3, 0.7, 0.1, 0.9);
    const [a, b] = [game, shifted].map((g) => {
      const out = new Float64Array(4);
      g?.operator(z, out);
      return Array.from(out);
    });
    expect(b).toEqual(a); // the entries are whole numbers: nothing is rounded
    expect(shifted?.facts?.lipschitz).toBe(game?.facts?.lipschitz);
    expect(shifted?.facts?.mirrorLipschitz).toBe(1.5);
  });
  it('rock, paper, scissors: a third each; the gap there is 0', () => {
    near(solution('matrix-game'), Array<number>(6).fill(1 / 3), 15);
    expect(dualityGap(gameFrom('matrix-game'), Float64Array.from(solution('matrix-game')))).toBeCloseTo(
      0,
      15,
    );
  });
  it('[[2, −1], [−1, 1]]: x = y = (2/5, 3/5), value 1/5', () => {
    near(solution('matrix-game(matrix=[[2,-1],[-1,1]])'), [0.4, 0.6, 0.4, 0.6], 15);
    near(
      F('matrix-game(matrix=[[2,-1],[-1,1]])', [0.4, 0.6, 0.4, 0.6]),
      [0.2, 0.2, -0.2, -0.2].map((x, i) => x - (i < 2 ? 0.25 : -0.25)),
      15,
    );
  });
  it('a saddle in pure choices, by hand', () => {
    near(solution('matrix-game(matrix=[[1,0],[2,3]])'), [1, 0, 1, 0], 15);
    // row 1 pays 3 at most, and column 0 brings 3 at least
    near(solution('matrix-game(matrix=[[5,1,4],[3,2,2.5],[6,-3,7]])'), [0, 1, 0, 1, 0, 0], 15);
  });
  it('2 by 3 by hand: the third column is never played', () =>
    near(solution('matrix-game(matrix=[[2,-1,-2],[-1,1,-3]])'), [0.4, 0.6, 0.4, 0.6, 0], 15));
  it.each(['[[0,0],[0,0]]', '[[1,1],[2,3]]', '[[1,0],[1,0]]', '[[0,1,-1],[-1,0,1],[1,-1,0],[1,-1,0]]'])(
    'more than one equilibrium of %s: none is stated',
    (matrix) => expect(gameFrom(`matrix-game(matrix=${matrix})`).facts?.solution).toBeUndefined(),
  );
  it('an equilibrium is stated exactly where there is only one: 3,000 integer games up to 3 by 3, against all corners without rounding', () => {
    let stated = 0;
    for (let call = 0; call < 3000; call++) {
      const random = uniform(new Float64Array(11), { seed: 6, purpose: 'integer games', call });
      const [m, n] = [1 + Math.floor(3 * (random[9] ?? 0)), 1 + Math.floor(3 * (random[10] ?? 0))];
      const matrix = Array.from({ length: m }, (_, i) =>
        Array.from({ length: n }, (_entry, j) => Math.floor(5 * (random[3 * i + j] ?? 0)) - 2),
      );
      const [all, found] = [corners(matrix), matrixGame({ matrix }).facts?.solution];
      expect(all.length).toBeGreaterThan(0);
      expect(
        found === undefined ? [] : [found.map((weight) => weight.toFixed(12)).join()],
        JSON.stringify(matrix),
      ).toEqual(all.length === 1 ? all : []);
      if (found !== undefined) stated++;
    }
    expect(stated).toBeGreaterThan(1000);
    expect(stated).toBeLessThan(2900);
  });
  it('the stated equilibria of random games leave no gap, and nearly all games state one', () => {
    let stated = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const game = gameFrom(
        `random-matrix-game(rows=${1 + (seed % 9)}, columns=${1 + ((7 * seed) % 11)}, seed=${seed})`,
      );
      if (game.facts?.solution === undefined) continue;
      stated++;
      expect(Math.abs(dualityGap(game, Float64Array.from(game.facts.solution)))).toBeLessThan(
        1e-13 * game.dim,
      );
    }
    expect(stated).toBeGreaterThanOrEqual(58); // ties have probability 0; rounding may look like one
  });
  it('a large game too, and one larger than is solved', () => {
    const game = gameFrom('random-matrix-game(rows=60, columns=80)');
    expect(Math.abs(dualityGap(game, Float64Array.from(game.facts?.solution ?? [])))).toBeLessThan(1e-12);
    expect(gameFrom('random-matrix-game(rows=1, columns=10001)').facts).toMatchObject({ comonotone: 0 });
    expect(gameFrom('random-matrix-game(rows=1, columns=10001)').facts?.solution).toBeUndefined();
  });
  it('equal payoffs state L = 0, and F is 0', () => {
    const game = gameFrom('matrix-game(matrix=[[0.1,0.1],[0.1,0.1]])');
    expect(game.facts?.lipschitz).toBe(0);
    expect(F('matrix-game(matrix=[[0.1,0.1],[0.1,0.1]])', [0.5, 0.5, 0.2, 0.8]).map(Math.abs)).toEqual([
      0, 0, 0, 0,
    ]);
  });
  it('the gap is what a player gains at most: never negative, and the largest over vertices', () => {
    const game = gameFrom('random-matrix-game(rows=4, columns=3)');
    for (let call = 0; call < 50; call++) {
      const z = normal(new Float64Array(7), { seed: 5, purpose: 'points', call });
      game.constraint?.prox(z, 1);
      const g = new Float64Array(7);
      game.operator(z, g);
      let best = -Infinity;
      for (let i = 0; i < 4; i++)
        for (let j = 0; j < 3; j++) {
          // ⟨F(z), z − u⟩ at the vertex u = (e_i, e_j)
          best = Math.max(
            best,
            g.reduce((sum, x, k) => sum + x * ((z[k] ?? 0) - (k === i || k === 4 + j ? 1 : 0)), 0),
          );
        }
      expect(dualityGap(game, z)).toBeCloseTo(best, 13);
      expect(dualityGap(game, z)).toBeGreaterThanOrEqual(-1e-14);
    }
  });
  it('a seed gives the same game, another seed another', () => {
    const at = [0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2];
    expect(F('random-matrix-game(seed=3)', at)).toEqual(F('random-matrix-game(seed=3)', at));
    expect(F('random-matrix-game(seed=3)', at)).not.toEqual(F('random-matrix-game(seed=4)', at));
  });
});

describe('ratio games (the numbers of AxelBohm/OGDA_for_weak_Minty)', () => {
  it('F(0, 1, 0, 1) = (0.1875, 0, −3, 0)', () => near(F('ratio-game', [0, 1, 0, 1]), [0.1875, 0, -3, 0]));
  it('the mixed equilibrium is (.951941, ·, .050485, ·), by det(R − vS) = 0', () => {
    expect(solution('ratio-game')[0]).toBeCloseTo(0.951941, 6);
    expect(solution('ratio-game')[2]).toBeCloseTo(0.050485, 6);
  });
  it('the other setting has the pure one (0, 1, 0, 1)', () =>
    expect(solution('ratio-game(reward=[[-1,0.49],[-0.49,0]], stopping=[[0.5,0.5],[1,1]])')).toEqual([
      0, 1, 0, 1,
    ]));
});

describe('quadratic games', () => {
  it('F of a small one by hand: Px + Ay + p, Qy − Aᵀx + q', () =>
    near(F('quadratic(convex=[[2]], coupling=[[1,3]], concave=[[1,0],[0,4]], offset=[1,0,-1])', [1, 2, -1]), [
      2 + 2 - 3 + 1,
      2 - 1,
      -4 - 3 - 1,
    ]));
  it('L and ρ of ½p x² + a xy − ½q y² with p = q: p/(p² + a²) and √(p² + a²)', () => {
    const {
      lipschitz,
      comonotone,
      solution: at,
    } = gameFrom('quadratic(convex=[[-0.3]], coupling=[[2]], concave=[[-0.3]], offset=[1,1])').facts ?? {};
    expect(lipschitz).toBeCloseTo(Math.hypot(0.3, 2), 14);
    expect(comonotone).toBeCloseTo(-0.3 / (0.09 + 4), 14);
    near(at ?? [], [(0.3 + 2) / (0.09 + 4), (0.3 - 2) / (0.09 + 4)]); // −M⁻¹(1, 1)
  });
  it('ρ of singular ones: 1 where F is a projection, 0 where it only rotates, none where F grows along its kernel', () => {
    expect(
      gameFrom('quadratic(convex=[[1,0],[0,0]], coupling=[[0],[0]], concave=[[1]])').facts?.comonotone,
    ).toBeCloseTo(1, 14);
    expect(
      gameFrom('quadratic(convex=[[0,0],[0,0]], coupling=[[3],[4]], concave=[[0]])').facts,
    ).toMatchObject({ comonotone: expect.closeTo(0, 14), lipschitz: expect.closeTo(5, 14) });
    expect(
      gameFrom('quadratic(convex=[[1]], coupling=[[1]], concave=[[-1]])').facts?.comonotone,
    ).toBeUndefined(); // M = [[1, 1], [−1, −1]]: M² = 0
  });
  it('constraints take from an affine F its ρ, unless it is monotone', () => {
    const parts = {
      name: 'g',
      players: [{ name: 'x', start: 0, end: 2 }],
      q: Float64Array.of(1, 2),
      start: [0, 0],
      constraint: { prox: (): void => {} },
    };
    expect(affineGame({ ...parts, M: Float64Array.of(2, 1, -1, 2) }).facts).toEqual({
      lipschitz: expect.closeTo(Math.sqrt(5), 14),
      comonotone: 0,
      weakMinty: 0,
      cocoercive: expect.closeTo(0.4, 14),
      stronglyMonotone: expect.closeTo(2, 14),
      where: 'everywhere',
    });
    expect(affineGame({ ...parts, M: Float64Array.of(-0.1, 1, -1, -0.1) }).facts).toEqual({
      lipschitz: expect.closeTo(Math.hypot(0.1, 1), 14),
      where: 'everywhere',
    });
  });
  it.each([
    ['quadratic(convex=[[1,2],[0,1]])', 'convex is not a symmetric square matrix'],
    ['quadratic(coupling=[[1,2]])', 'coupling has 1 rows of 2; expected 2 rows of 2'],
    ['quadratic(offset=[1])', 'offset has 1 entries; expected 4'],
    ['quadratic(convex=[[1,2],[3]])', 'expected rows of numbers, all of one length'],
    ['random-comonotone(dimension=5)', 'expected an even number'],
    ['random-comonotone(comonotone=2)', 'expected |comonotone| <= 1/lipschitz'],
  ])('%s is refused', (spec, message) => expect(() => gameFrom(spec)).toThrow(message));
});

describe('equilibrium problems', () => {
  it('linear Cournot is the gradient of a convex quadratic: cocoercive with 1/L alone, strongly monotone with b + d', () => {
    const { facts } = gameFrom('cournot');
    expect(facts?.cocoercive).toBeCloseTo(1 / 4.5, 14); // L = (n + 1)b + d = 4.5
    expect(facts?.stronglyMonotone).toBeCloseTo(1.5, 13);
    expect(facts?.comonotone).toBe(0); // of F with its constraints
  });
  it('Cournot: three firms by hand, S = (30 − 6)/4.5', () =>
    near(
      solution('cournot'),
      [1, 2, 3].map((c) => (10 - c - 24 / 4.5) / 1.5),
    ));
  it('Cournot: a firm whose cost is above the price sells nothing, the rest as if it were not there', () => {
    const three = solution('cournot(costs=[1,2,3])');
    near(solution('cournot(costs=[1,9.5,2,3])'), [three[0] ?? 0, 0, three[1] ?? 0, three[2] ?? 0]);
  });
  it('Braess: six travellers take 92 with the bridge, 83 without it', () => {
    near(solution('traffic'), [2, 2, 2]);
    near(F('traffic', [2, 2, 2]), [92, 92, 92]);
    near(solution('traffic(bridge=false)'), [3, 3]);
    near(F('traffic(bridge=false)', [3, 3]), [83, 83]);
  });
  it('few travellers all take the bridge, many none', () => {
    near(solution('traffic(demand=3)'), [0, 0, 3]);
    near(solution('traffic(demand=12)'), [6, 6, 0]);
  });
  it('robust control: the closed-loop cost of one step is a·s²/2 with the Riccati recursion’s a', () => {
    // horizon 1: min over x max over y ½((g + x + y)² + x² − θy²): x = −θg/(2θ − 1), y = g/(2θ − 1)
    near(solution('lq-game(horizon=1, growth=1.5, price=4)'), [(-4 * 1.5) / 7, 1.5 / 7]);
  });
  it('robust control over T steps is the dynamic programme’s solution along its path from s₀ = 1', () => {
    const [T, g, θ] = [3, 1, 8];
    let a = 1; // cost to go ½a s², a_T = 1 on the last state
    const gains: number[] = [];
    for (let t = T - 1; t >= 0; t--) {
      // s⁺ = gs + x + y; x = −aλ, y = aλ/θ with λ = s⁺ = gs/(1 + a(1 − 1/θ))
      const shrink = g / (1 + a * (1 - 1 / θ));
      gains.unshift(a * shrink);
      a = (t > 0 ? 1 : 0) + a * g * shrink;
    }
    let s = 1;
    const [x, y]: number[][] = [[], []];
    for (const k of gains) {
      x?.push(-k * s);
      y?.push((k * s) / θ);
      s = g * s - k * s + (k * s) / θ;
    }
    near(solution('lq-game'), [...(x ?? []), ...(y ?? [])], 13);
  });
  it('a price too low is refused', () =>
    expect(() => gameFrom('lq-game(price=2)')).toThrow('raise the price'));
  it('the price must exceed the largest eigenvalue of BᵀB, where ρ passes 0', () => {
    const B = [
      [1, 0, 0],
      [1, 1, 0],
      [1, 1, 1],
    ];
    const gram = Float64Array.from({ length: 9 }, (_, at) =>
      B.reduce((sum, row) => sum + (row[Math.floor(at / 3)] ?? 0) * (row[at % 3] ?? 0), 0),
    );
    const threshold = eigh(gram).values[2] ?? NaN;
    expect(() => gameFrom(`lq-game(price=${threshold - 1e-6})`)).toThrow('raise the price');
    expect(gameFrom(`lq-game(price=${threshold + 1e-6})`).facts?.comonotone).toBeGreaterThanOrEqual(0);
  });
});

describe('Markov games', () => {
  it('with no discount ahead (γ = 0) is a matrix game in each state', () => {
    const game = gameFrom('markov-game(discount=0, states=3)');
    const z = Float64Array.from(game.facts?.solution ?? []);
    const values = new Float64Array(2);
    game.losses?.(z, values);
    // no single deviation in one state helps: the value is bilinear in (x(s), y(s))
    for (let at = 0; at < z.length; at += 2)
      for (const choice of [0, 1]) {
        const other = z.slice();
        [other[at], other[at + 1]] = [1 - choice, choice];
        const changed = new Float64Array(2);
        game.losses?.(other, changed);
        if (at < 6) expect(changed[0]).toBeGreaterThanOrEqual((values[0] ?? NaN) - 1e-14);
        else expect(changed[0]).toBeLessThanOrEqual((values[0] ?? NaN) + 1e-14);
      }
  });
  it('Shapley’s equilibrium: no stationary deviation of either player helps, tried on all pure ones', () => {
    for (const seed of [3, 7, 8]) {
      const game = gameFrom(`markov-game(seed=${seed}, discount=0.8)`);
      const z = Float64Array.from(game.facts?.solution ?? []);
      const value = (at: Float64Array): number => {
        const out = new Float64Array(2);
        game.losses?.(at, out);
        return out[0] ?? NaN;
      };
      for (let policy = 0; policy < 4; policy++)
        for (const player of [0, 1]) {
          const other = z.slice();
          for (const s of [0, 1])
            [other[4 * player + 2 * s], other[4 * player + 2 * s + 1]] =
              (policy >> s) % 2 === 0 ? [1, 0] : [0, 1];
          if (player === 0) expect(value(other)).toBeGreaterThanOrEqual(value(z) - 1e-13);
          else expect(value(other)).toBeLessThanOrEqual(value(z) + 1e-13);
        }
    }
  });
});

describe('constants at the limit of rounding', () => {
  const game = (M: readonly number[], n: number): ReturnType<typeof affineGame> =>
    affineGame({
      name: 'g',
      players: [{ name: 'x', start: 0, end: n }],
      M: Float64Array.from(M),
      q: new Float64Array(n),
      start: Array<number>(n).fill(1),
    });
  it('a small ρ < 0 beside an ill-conditioned block is not rounded to 0', () => {
    const { facts } = game([1e-6, 0, 0, 0, -1e-9, 1, 0, -1, -1e-9], 3);
    expect(facts?.comonotone).toBeCloseTo(-1e-9, 15);
    expect(game([1e-12, 0, 0, 0, -0.02, 1, 0, -1, -0.02], 3).facts?.comonotone).toBeCloseTo(
      -0.02 / (1 + 0.02 ** 2),
      9,
    );
  });
  it('a monotone one that only rounding makes negative is 0', () =>
    expect(gameFrom('quadratic').facts?.comonotone).toBeGreaterThanOrEqual(0));
  it('strong monotonicity of rounding size is not stated', () =>
    expect(game([1, 1, 1, 1 + 1e-16], 2).facts?.stronglyMonotone).toBeUndefined());
});
