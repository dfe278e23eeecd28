import { describe, expect, it } from 'vitest';
import { entropyStep, naturalResidual, type Game, type Method, type State } from '@stillpoint/operators';
import { dualityGap, gameFrom } from '@stillpoint/problems';
import { iterate, mirrorProx, optimisticMirrorDescent, solve } from '../src/index.js';
import { methodFrom } from '../src/registry.js';

const uniform = (game: Game): Float64Array =>
  Float64Array.from(
    game.players.flatMap(({ start, end }) => Array<number>(end - start).fill(1 / (end - start))),
  );
const largest = (game: Game): number =>
  Math.max(
    ...game.players.flatMap(({ start, end }) =>
      Array.from({ length: end - start }, (_, i) => {
        const v = new Float64Array(game.dim);
        v[start + i] = 1;
        const column = new Float64Array(game.dim);
        game.jacobianVector?.(v, v, column, false);
        return Math.max(...column.map(Math.abs));
      }),
    ),
  );

/** The gap of the mean of the points w where every `stride`-th question was asked, for K steps. */
function gapOfMean(game: Game, method: Method<State>, K: number, stride: number): number {
  const mean = new Float64Array(game.dim);
  let asked = 0;
  const spy: Game = {
    ...game,
    operator(z, out) {
      if (++asked % stride === 0)
        for (let i = 0; i < z.length; i++) mean[i] = (mean[i] ?? 0) + (z[i] ?? 0) / K;
      game.operator(z, out);
    },
  };
  const states = iterate(spy, method, uniform(game));
  for (let k = 0; k < K; k++) states.next();
  return dualityGap(game, mean);
}

describe('mirror-prox with entropy on matrix games', () => {
  it('from the uniform point, γ = 1/L, L = max |a_ij|: the gap of the mean of w is at most (ln m + ln n)L/K (Nemirovski 2004)', () => {
    let tightest = 0;
    for (const [rows, columns, seed] of [
      [5, 5, 1],
      [3, 8, 2],
      [12, 4, 3],
      [2, 2, 4],
    ] as const) {
      const game = gameFrom(`random-matrix-game(rows=${rows}, columns=${columns}, seed=${seed})`);
      const L = largest(game);
      for (const K of [1, 3, 10, 100, 400]) {
        const bound = ((Math.log(rows) + Math.log(columns)) * L) / K;
        const gap = gapOfMean(game, mirrorProx({ stepSize: 1 / L, mirror: 'entropy' }), K, 2);
        expect(gap).toBeLessThanOrEqual(bound);
        tightest = Math.max(tightest, gap / bound);
      }
    }
    expect(tightest).toBeGreaterThan(0.1); // the bound says something
  });
  it('two steps, computed by hand: multiplicative weights', () => {
    const game = gameFrom('matrix-game');
    const z0 = Float64Array.from(game.start ?? []);
    const F = (z: Float64Array): Float64Array => {
      const out = new Float64Array(6);
      game.operator(z, out);
      return out;
    };
    const P = (z: Float64Array, g: Float64Array): Float64Array => {
      const weights = z.map((x, i) => x * Math.exp(-0.3 * (g[i] ?? 0)));
      const sums = [0, 3].map((from) => weights.slice(from, from + 3).reduce((sum, x) => sum + x, 0));
      return weights.map((x, i) => x / (sums[i < 3 ? 0 : 1] ?? NaN));
    };
    let z: Float64Array = z0;
    for (let k = 0; k < 2; k++) z = P(z, F(P(z, F(z))));
    Array.from(solve(game, mirrorProx({ stepSize: 0.3, mirror: 'entropy' }), { steps: 2 }).z).forEach(
      (x, i) => expect(x).toBeCloseTo(z[i] ?? NaN, 15),
    );
    let [y, g]: Float64Array[] = [z0, new Float64Array(6)];
    for (let k = 0; k < 2; k++) {
      g = F(P(y ?? z0, g ?? z0));
      y = P(y ?? z0, g);
    }
    Array.from(
      solve(game, optimisticMirrorDescent({ stepSize: 0.3, mirror: 'entropy' }), { steps: 2 }).z,
    ).forEach((x, i) => expect(x).toBeCloseTo(y?.[i] ?? NaN, 15));
  });
  it('takes the game’s mirror if none is given, and the Euclidean one on other games', () => {
    expect(methodFrom('mirror-prox', gameFrom('matrix-game').facts).options).toMatchObject({
      mirror: 'entropy',
    });
    expect(methodFrom('mirror-prox', gameFrom('bilinear').facts).options).toMatchObject({
      mirror: 'euclidean',
    });
    expect(() => methodFrom('mirror-prox(mirror=hyperbolic, stepSize=1)')).toThrow(
      'mirror is hyperbolic; expected one of euclidean, entropy',
    );
  });
  it('outside the simplex the entropy map throws an error that says so', () => {
    const shifted = { ...gameFrom('matrix-game'), start: [0.5, -0.2, 0.7, 0.2, 0.3, 0.5] };
    expect(() => solve(shifted, mirrorProx({ stepSize: 0.1, mirror: 'entropy' }), { steps: 1 })).toThrow(
      'the entropy mirror map needs entries >= 0; entry 1 is -0.2',
    );
    expect(() =>
      solve(gameFrom('forsaken'), mirrorProx({ stepSize: 0.1, mirror: 'entropy' }), { steps: 1 }),
    ).toThrow('player x has one entry, which the entropy mirror map never changes');
  });
  it('the last iterate reaches the mixed solution of rock, paper, scissors', () => {
    for (const spec of ['mirror-prox', 'optimistic-mirror-descent(stepSize=0.25)']) {
      const { z, distance } = solve(
        gameFrom('matrix-game'),
        methodFrom(spec, gameFrom('matrix-game').facts),
        { steps: 3000 },
      );
      expect(distance).toBeLessThan(1e-10);
      expect(dualityGap(gameFrom('matrix-game'), z)).toBeLessThan(1e-10);
    }
  });
  it('an entry that is 0 stays 0, and huge gradients do not overflow', () => {
    const z = Float64Array.of(0, 0.5, 0.5);
    entropyStep(z, z, 1, Float64Array.of(-1e300, 1e300, -1e300));
    expect(Array.from(z)).toEqual([0, 0, 1]);
  });
});

describe('every constrained method that takes any game solves matrix games', () => {
  it.each([
    'extragradient(stepSize=SAFE)',
    'forward-backward-forward',
    'past-extragradient(stepSize=SAFE)',
    'forward-reflected-backward',
    'projected-reflected-gradient',
    'graal',
    'adaptive-graal',
    'ceg-plus',
    'adaptive-eg-plus',
    'rapp(stepSize=SAFE, innerSteps=6)',
    'km(stepSize=SAFE)',
    'proximal-point',
    'lookahead(extragradient)',
    'mirror-prox',
  ])('%s', (spec) => {
    for (const name of [
      'matrix-game',
      'random-matrix-game(rows=3, columns=3, seed=1)',
      'matrix-game(matrix=[[2,-1],[-1,1]])',
    ]) {
      const game = gameFrom(name);
      const { z } = solve(
        game,
        methodFrom(spec.replace('SAFE', String(0.45 / (game.facts?.lipschitz ?? NaN))), game.facts),
        { steps: 30_000, tolerance: 1e-9 },
      );
      expect(naturalResidual(game, z, new Float64Array(game.dim)), name).toBeLessThan(1e-6);
    }
  });
  it('the average of gda converges, and gda itself cycles along the boundary: gap O(1/√K)', () => {
    const game = gameFrom('matrix-game');
    const gap = (spec: string): number =>
      dualityGap(game, solve(game, methodFrom(spec, game.facts), { steps: 20_000 }).z);
    expect(gap('gda(stepSize=0.02)')).toBeGreaterThan(0.2);
    expect(gap('average(gda(stepSize=0.02))')).toBeLessThan(0.045); // D²/(2γK) + γG²/2 with D² ≤ 4, G² ≤ 4
  });
});
