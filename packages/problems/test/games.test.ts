import { describe, expect, it } from 'vitest';
import { eigh, naturalResidual, normal, svd, type Game, type Vector } from '@stillpoint/operators';
import { gameFrom, problems, problemsOf } from '../src/index.js';

/** States neither L nor ρ nor a solution: what a contributor may begin with. */
const bare: Game = {
  name: 'bare',
  dim: 2,
  players: [
    { name: 'x', start: 0, end: 1 },
    { name: 'y', start: 1, end: 2 },
  ],
  start: [0.5, -0.5],
  operator(z, out) {
    out[0] = z[0]! ** 3 + z[1]!;
    out[1] = z[1]! ** 3 - z[0]!;
  },
  jacobianVector(z, v, out, transposed) {
    const turn = transposed ? -1 : 1;
    out[0] = 3 * z[0]! ** 2 * v[0]! + turn * v[1]!;
    out[1] = 3 * z[1]! ** 2 * v[1]! - turn * v[0]!;
  },
};

/** Beside the defaults of all rows: other dimensions, players and cases. */
const all = [
  bare,
  // of new kinds, too: minimisations are in minimisations.test.ts, sampled games below
  ...problems
    .filter(({ kind }) => kind.name !== 'minimisation' && kind.name !== 'sampled game')
    .map((row) => row.build({}).exact),
  ...[
    'polar(a=0.75)',
    'linear(lipschitz=3, weakMinty=-0.2)',
    'random-comonotone(dimension=4, lipschitz=3, comonotone=0.1, seed=3)',
    'random-comonotone(dimension=12, lipschitz=2, comonotone=-0.45)',
    'matrix-game(matrix=[[2,-1],[-1,1]])',
    'matrix-game(matrix=[[1,0],[2,3]])',
    'random-matrix-game(rows=3, columns=7)',
    'random-matrix-game(rows=9, columns=4, seed=6)',
    'quadratic(convex=[[1,1],[1,1]], coupling=[[2,0],[0,0]], concave=[[1,0],[0,0]])',
    'quadratic(convex=[[-1]], coupling=[[2,1]], concave=[[1,0.5],[0.5,3]], offset=[1,2,3])',
    'markov-game(states=3, discount=0.3, seed=10)',
    'ratio-game(reward=[[-1,0.49],[-0.49,0]], stopping=[[0.5,0.5],[1,1]])',
    'cournot(costs=[1,9.5,2,3])',
    'traffic(bridge=false)',
    'traffic(demand=3)',
    'traffic(demand=12)',
    'lq-game(horizon=5, growth=0.9, price=20)',
  ].map((spec) => gameFrom(spec)),
  ...problemsOf('sampled game').rows.map(
    (row) =>
      row.build({
        ...('dimension' in row.options && { dimension: 5, batch: 2 }),
        ...('gradients' in row.options && { gradients: 'sum' }),
      }).exact,
  ),
];
const F = (game: Game, z: ArrayLike<number>): Float64Array => {
  const out = new Float64Array(game.dim);
  game.operator(Float64Array.from(z), out);
  return out;
};
const points = (game: Game, n: number, radius: number): Float64Array[] =>
  Array.from({ length: n }, (_, call) =>
    normal(new Float64Array(game.dim), { seed: 2, purpose: 'points', call }, 0, radius / 2),
  );
const onDomain = (game: Game, z: Float64Array): Float64Array => {
  game.constraint?.prox(z, 1);
  return z;
};
const unit = (n: number, i: number): Float64Array =>
  Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0));
/** `[dim, dim]`, row after row, from products. */
const jacobian = (game: Game, z: Vector): Float64Array => {
  const n = game.dim;
  const J = new Float64Array(n * n).fill(NaN);
  for (let j = 0; j < n; j++) {
    const column = new Float64Array(n).fill(NaN);
    game.jacobianVector?.(z, unit(n, j), column, false);
    for (let i = 0; i < n; i++) J[i * n + j] = column[i] ?? NaN;
  }
  return J;
};
const differences = (game: Game, z: Vector, v: Float64Array): Float64Array => {
  const h = 2 ** -17;
  const [up, down] = [
    F(
      game,
      z.map((x, i) => x + h * (v[i] ?? 0)),
    ),
    F(
      game,
      z.map((x, i) => x - h * (v[i] ?? 0)),
    ),
  ];
  return up.map((x, i) => (x - (down[i] ?? 0)) / (2 * h));
};
const inner = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

describe.each(all)('$name', (game) => {
  const { lipschitz, weakMinty, comonotone, solution } = game.facts ?? {};
  /** F's Jacobian where it is the same everywhere. */
  const constant = (): Float64Array | undefined => {
    const J = jacobian(game, new Float64Array(n));
    return points(game, 3, 1).every((z) => jacobian(game, onDomain(game, z)).every((x, i) => x === J[i]))
      ? J
      : undefined;
  };
  const n = game.dim;
  const size = (z: ArrayLike<number>): number => Math.sqrt(inner(z, z));
  it('stands still at its solution; a linear one without constraints states none only where it has a kernel', () => {
    if (solution === undefined) {
      const J = game.constraint ? undefined : constant();
      if (J !== undefined) expect(svd(J, n, n).values[n - 1]).toBeLessThan(1e-13);
      return;
    }
    // A linear solve of n unknowns rounds to about n·2⁻⁵² of |F| at the start's distance; the old closed
    // forms to 1e-16.
    const scale = Math.max(...F(game, new Float64Array(n).fill(0.5)).map(Math.abs), lipschitz ?? 1);
    expect(naturalResidual(game, Float64Array.from(solution), new Float64Array(n))).toBeLessThanOrEqual(
      20 * n * 2 ** -52 * scale,
    );
    expect(
      size(onDomain(game, Float64Array.from(solution)).map((x, i) => x - (solution[i] ?? NaN))),
    ).toBeLessThan(1e-15 * n * Math.max(1, size(solution)));
  });
  it('starts inside its constraints, away from a solution', () => {
    const start = Float64Array.from(game.start ?? []);
    expect(start.length).toBe(n);
    const moved = size(onDomain(game, start.slice()).map((x, i) => x - (start[i] ?? NaN)));
    // the source starts outside
    if (game.name === 'global-forsaken') expect(moved).toBeCloseTo(Math.hypot(1.2, 1.2) - 4 / 3, 14);
    else expect(moved).toBeLessThan(1e-14 * Math.max(1, size(start)));
    expect(naturalResidual(game, start, new Float64Array(n))).toBeGreaterThan(1e-3);
    // an entropy step keeps zeros
    if (game.facts?.mirror === 'entropy') start.forEach((x) => expect(x).toBeGreaterThan(0));
  });
  it('has the Jacobian that central differences find, and its transpose', () => {
    for (const z of points(game, 20, 1)) {
      onDomain(game, z); // the ratio game has poles outside
      const J = jacobian(game, z);
      const scale = Math.max(1, ...J.map(Math.abs));
      for (let j = 0; j < n; j++)
        differences(game, z, unit(n, j)).forEach((x, i) =>
          expect(Math.abs(x - (J[i * n + j] ?? NaN))).toBeLessThan(5e-8 * scale),
        ); // h² · third derivative, < 100 here
      const [t, v] = [new Float64Array(n), normal(new Float64Array(n), { seed: 3, purpose: 'direction' })];
      game.jacobianVector?.(z, v, t, true);
      for (let j = 0; j < n; j++)
        expect(
          Math.abs(
            (t[j] ?? NaN) -
              inner(
                Array.from({ length: n }, (_, i) => J[i * n + j] ?? NaN),
                v,
              ),
          ),
        ).toBeLessThan(1e-14 * n * scale * size(v));
    }
  });
  it.runIf('losses' in game)('has losses whose gradients are F', () => {
    const h = 2 ** -17;
    const loss = (z: Float64Array, player: number): number => {
      const out = new Float64Array(game.players.length);
      game.losses?.(z, out);
      return out[player] ?? NaN;
    };
    for (const z of points(game, 20, 1)) {
      onDomain(game, z);
      const wanted = F(game, z);
      game.players.forEach(({ start, end }, player) => {
        for (let i = start; i < end; i++) {
          const [up, down] = [z.map((x, j) => (i === j ? x + h : x)), z.map((x, j) => (i === j ? x - h : x))];
          expect(
            Math.abs((loss(up, player) - loss(down, player)) / (2 * h) - (wanted[i] ?? NaN)),
          ).toBeLessThan(5e-8 * Math.max(1, lipschitz ?? 1));
        }
      });
      if (game.facts?.zeroSum) expect(loss(z, 0) + loss(z, 1)).toBe(0);
    }
  });
  it.runIf(lipschitz !== undefined)(
    'never stretches more than L on its domain; where F is linear exactly L',
    () => {
      const L = lipschitz ?? NaN;
      const largest = (J: Float64Array): number => svd(J, n, n).values[0] ?? NaN;
      const stretch = (z: Float64Array): number => largest(jacobian(game, z));
      for (const z of points(game, n === 2 ? 4000 : 60, 3))
        expect(stretch(onDomain(game, z))).toBeLessThanOrEqual(L * (1 + 1e-13));
      const J = constant();
      if (J !== undefined) expect(Math.abs(largest(J) / L - 1)).toBeLessThan(1e-14 * n);
    },
  );
  it.runIf(weakMinty !== undefined && solution !== undefined)('obeys weak Minty with the stated ρ', () => {
    if (weakMinty === undefined || solution === undefined) throw new Error('not stated');
    for (const z of points(game, n === 2 ? 4000 : 500, 3)) {
      const g = F(game, onDomain(game, z));
      const away = z.map((x, i) => x - (solution[i] ?? NaN));
      expect(inner(g, away)).toBeGreaterThanOrEqual(
        weakMinty * inner(g, g) - 1e-13 * size(g) * (size(g) + size(away)),
      );
    }
  });
  it.runIf(comonotone !== undefined)('is comonotone with the stated ρ, and with no better', () => {
    if (comonotone === undefined) throw new Error('not stated');
    // Points of the graph of A + F: z = (I + A)⁻¹w, v = F(z) + w − z.
    const graph = points(game, 300, 20).map((w) => {
      const z = onDomain(game, w.slice());
      return { z, v: F(game, z).map((x, i) => x + ((w[i] ?? NaN) - (z[i] ?? NaN))) };
    });
    graph.forEach(({ z, v }, k) => {
      const other = graph[(k + 1) % graph.length];
      const [dv, dz] = [v.map((x, i) => x - (other?.v[i] ?? NaN)), z.map((x, i) => x - (other?.z[i] ?? NaN))];
      expect(inner(dv, dz)).toBeGreaterThanOrEqual(
        comonotone * inner(dv, dv) - 1e-13 * n * size(dv) * (size(dv) + size(dz)),
      );
    });
    if (game.constraint) {
      // two values at one point: 0 = ⟨v − v′, z − z′⟩ ≥ ρ‖v − v′‖² leaves ρ ≤ 0
      const w = Float64Array.from({ length: n }, (_, i) => 100 * Math.cos(i) - 150);
      const z = onDomain(game, w.slice());
      const further = onDomain(
        game,
        w.map((x, i) => 2 * x - (z[i] ?? NaN)),
      );
      expect(size(w.map((x, i) => x - (z[i] ?? NaN)))).toBeGreaterThan(1);
      expect(size(further.map((x, i) => x - (z[i] ?? NaN)))).toBeLessThan(1e-12);
      return expect(comonotone).toBe(0);
    }
    if (constant() === undefined) {
      // far along an axis, where φ″ = cosh: ⟨JΔz, Δz⟩/‖JΔz‖² falls to 0
      const z = Float64Array.from({ length: n }, (_, i) => (i === 0 ? 20 : 0));
      const Jz = jacobian(game, z).filter((_, at) => at % n === 0);
      expect(comonotone).toBe(0);
      return expect((Jz[0] ?? NaN) / inner(Jz, Jz)).toBeLessThan(1e-8);
    }
    // Linear: the least ⟨Jz, z⟩/‖Jz‖² is the least eigenvalue of sym J⁺ on the range of J; J⁺ = Σ right
    // leftᵀ/value.
    const { values, left, right } = svd(jacobian(game, new Float64Array(n)), n, n);
    const rank = values.filter((s) => s > 1e-12).length;
    const symmetric = Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      const cross = Array.from(
        { length: rank },
        (_value, k) =>
          ((right[k * n + i] ?? 0) * (left[k * n + j] ?? 0) +
            (right[k * n + j] ?? 0) * (left[k * n + i] ?? 0)) /
          (2 * (values[k] ?? NaN)),
      ).reduce((sum, x) => sum + x, 0);
      const kernel = Array.from(
        { length: n - rank },
        (_value, k) => (right[(rank + k) * n + i] ?? 0) * (right[(rank + k) * n + j] ?? 0),
      ).reduce((sum, x) => sum + x, 0);
      return cross + 1e6 * kernel; // out of the way
    });
    expect(Math.abs((eigh(symmetric).values[0] ?? NaN) - comonotone)).toBeLessThan(
      (1e-12 * n) / (values[rank - 1] ?? NaN) + (rank < n ? 1e-8 : 0),
    );
  });
  it('projects one player alone onto what the others leave it', () => {
    const z = normal(new Float64Array(n), { seed: 4, purpose: 'points' });
    if (game.constraint?.joint) {
      z[0] = 0.3;
      z[1] = 9;
    }
    game.players.forEach(({ start, end }, player) => {
      if (game.constraint?.joint && player === 0) return;
      const alone = z.slice();
      game.constraint?.prox(alone, 1, player);
      for (let i = 0; i < n; i++) if (i < start || i >= end) expect(alone[i]).toBe(z[i]);
      const again = alone.slice();
      game.constraint?.prox(again, 1, player);
      again.forEach((x, i) => expect(Math.abs(x - (alone[i] ?? NaN))).toBeLessThan(1e-15 * n * 10));
      if (game.constraint?.joint) game.constraint?.prox(again, 1);
      again.forEach((x, i) => expect(Math.abs(x - (alone[i] ?? NaN))).toBeLessThan(1e-15 * n * 10));
    });
  });
});

/** L and ρ as the code of arXiv 2302.09831 states them; F computed by hand at the default starts. */
describe('golden values', () => {
  it.each([
    ['forsaken', [1, -0.8], [-1.75, -0.70368]],
    ['polar', [1, 0.5], [-0.328125, 1.0859375]],
    ['polar(a=0.75)', [1, 0.5], [-0.37109375, 1.064453125]],
    ['global-forsaken', [1.2, 1.2], [1.117897142857143, -1.282102857142857]],
    ['bilinear', [2, 3], [3, -2]],
  ])('F of %s at %j', (name, z, wanted) =>
    F(gameFrom(name), z).forEach((x, i) => expect(x).toBeCloseTo(wanted[i] ?? NaN, 14)),
  );
  it('F of polar(a=1/3)', () =>
    F(gameFrom(`polar(a=${1 / 3})`), [1, 0.5]).forEach((x, i) =>
      expect(x).toBeCloseTo([-0.4427083333333333, 1.0286458333333333][i] ?? NaN, 14),
    ));
  it.each([
    ['forsaken', 12.402569],
    ['polar', 18.547952],
    ['polar(a=0.75)', 13.93839],
    [`polar(a=${1 / 3})`, 6.30609],
    ['global-forsaken', 3.022398],
  ])('L of %s', (name, L) => expect(gameFrom(name).facts?.lipschitz).toBeCloseTo(L, 6));
  it.each([
    ['polar', -50176 / 1050977],
    ['polar(a=0.75)', -602112 / 16798825],
    [`polar(a=${1 / 3})`, -150528 / 9439585],
  ])('ρ of %s', (name, ρ) => expect(gameFrom(name).facts?.weakMinty).toBeCloseTo(ρ, 15));
  it('L of forsaken and of global-forsaken is attained at a corner of the box around them', () => {
    for (const [name, corner] of [
      ['forsaken', 1.5],
      ['global-forsaken', 4 / 3],
    ] as const) {
      let largest = 0;
      for (let i = 0; i <= 1000; i++)
        largest = Math.max(
          largest,
          svd(jacobian(gameFrom(name), Float64Array.of(corner, -corner + (2 * corner * i) / 1000)), 2, 2)
            .values[0] ?? NaN,
        );
      expect(largest / (gameFrom(name).facts?.lipschitz ?? NaN)).toBeLessThanOrEqual(1 + 1e-14);
      expect(largest / (gameFrom(name).facts?.lipschitz ?? NaN)).toBeGreaterThan(0.9999);
    }
  });
  it('L of polar is attained at the corner', () =>
    expect(svd(jacobian(gameFrom('polar'), Float64Array.of(1.1, 1.1)), 2, 2).values[0]).toBeCloseTo(
      gameFrom('polar').facts?.lipschitz ?? NaN,
      12,
    ));
  it.each([1, 0.75, 1 / 3])('ρ of polar(a=%s) is attained at (0, −5/(4√2))', (a) => {
    const [game, z] = [gameFrom(`polar(a=${a})`), [0, -5 / (4 * Math.SQRT2)]];
    expect(inner(F(game, z), z) / inner(F(game, z), F(game, z))).toBeCloseTo(
      game.facts?.weakMinty ?? NaN,
      14,
    );
  });
  it('ρ of global-forsaken is attained, to its six digits', () => {
    const game = gameFrom('global-forsaken');
    const z = [
      1.0863937681716245 * Math.cos(4.820547526949104),
      1.0863937681716245 * Math.sin(4.820547526949104),
    ];
    const [a = 0, b = 0] = F(game, z);
    expect((a * (z[0] ?? 0) + b * (z[1] ?? 0)) / (a * a + b * b)).toBeCloseTo(-0.119732, 6);
  });
  it('linear: L and ρ are exact, eigenvalues b ± ia', () => {
    const [p = 0, q = 0, r = 0, s = 0] = jacobian(
      gameFrom('linear(lipschitz=3, weakMinty=-0.1111111111111111)'),
      new Float64Array(2),
    );
    expect([p, s]).toEqual([-1, -1]);
    expect(q).toBeCloseTo(2 * Math.SQRT2, 15);
    expect(r).toBe(-q);
  });
});

describe('names', () => {
  it('a game is named by its full spec, so that a checkpoint of another is noticed', () =>
    expect(gameFrom('polar(a=0.75)').name).toBe('polar(a=0.75)'));
  it.each([
    ['blinear', 'did you mean bilinear?'],
    ['polar(b=1)', 'unknown option of game polar "b"'],
    ['polar(a=0)', 'a is 0; expected a number > 0'],
    ['polar(bilinear)', 'takes options only'],
    ['linear(lipschitz=2, weakMinty=-1)', 'expected |weakMinty| <= 1/lipschitz = 0.5'],
  ])('%s is refused', (spec, message) => expect(() => gameFrom(spec)).toThrow(message));
});
