import { describe, expect, it } from 'vitest';
import {
  box,
  decodeCheckpoint,
  distance,
  encodeCheckpoint,
  normal,
  projection,
  simplex,
  type Game,
  type Vector,
} from '@stillpoint/operators';
import {
  iterate,
  competitiveGradient,
  proximalPoint,
  rapp,
  resolvent,
  solve,
  spaceFor,
} from '../src/index.js';

const n = 6;
const players = [
  { name: 'x', start: 0, end: 3 },
  { name: 'y', start: 3, end: 6 },
];

/** A random affine operator: skew plus `push` times the identity, with a constraint. */
function affine(call: number, push: number, constraint?: Game['constraint']): Game {
  const A = normal(new Float64Array(n * n), { seed: 21, purpose: 'matrix', call });
  const c = normal(new Float64Array(n), { seed: 21, purpose: 'offset', call });
  return {
    name: 'affine',
    dim: n,
    players,
    ...(constraint ? { constraint } : {}),
    operator(z, out) {
      for (let i = 0; i < n; i++) {
        let sum = (c[i] ?? 0) + push * (z[i] ?? 0);
        for (let j = 0; j < n; j++) sum += (((A[i * n + j] ?? 0) - (A[j * n + i] ?? 0)) / 4) * (z[j] ?? 0);
        out[i] = sum;
      }
    },
  };
}
function resolved(game: Game, z: Vector, γ: number, error: number): { w: Vector; residual: number } {
  const space = spaceFor(game, z);
  const w = space.vector();
  const asking = resolvent(space, { stepSize: γ, innerSteps: 100_000 })(w, z, () => error);
  const out = new Float64Array(n);
  for (let turn = asking.next(); ;) {
    if (turn.done) return { w, residual: turn.value.residual };
    game.operator(ArrayBuffer.isView(turn.value) ? turn.value : turn.value.at, out);
    turn = asking.next(out);
  }
}
const clamp = projection(box({ lower: -0.7, upper: 0.9 }));
const onto = projection(simplex());
const constraints: readonly (readonly [string, Game['constraint']])[] = [
  ['no constraints', undefined],
  ['a box', { prox: (z) => clamp(z) }],
  [
    'two simplices',
    {
      prox(z) {
        onto(z, 0, 3);
        onto(z, 3, 6);
      },
    },
  ],
];

describe.each(constraints)('the resolvent by forward–backward–forward steps, %s', (_, constraint) => {
  it.each([0.1, 1, 30])(
    'γ = %f: its error is at most the residual it reports, and w solves w = (I + γA)⁻¹(z − γF(w))',
    (γ) => {
      for (let call = 0; call < 20; call++) {
        const game = affine(call, 0.05, constraint);
        const z = normal(new Float64Array(n), { seed: 22, purpose: 'points', call });
        const exact = resolved(game, z, γ, 1e-13).w;
        // The optimality condition is checked with a small step: w is fixed under w ↦ (I + γηA)⁻¹(w − η(w − z
        // + γF(w))).
        const F = new Float64Array(n);
        game.operator(exact, F);
        const moved = exact.map((w, i) => w - 0.1 * (w - (z[i] ?? 0) + γ * (F[i] ?? 0)));
        game.constraint?.prox(moved, 0.1 * γ);
        expect(distance(moved, exact)).toBeLessThan(1e-11 * (1 + γ));
        for (const error of [1, 0.1, 1e-4]) {
          const { w, residual } = resolved(game, z, γ, error);
          expect(residual).toBeLessThanOrEqual(error + 1e-12);
          // I + γS is strongly monotone with constant 1
          expect(distance(w, exact)).toBeLessThanOrEqual(residual * (1 + 1e-9) + 1e-11);
        }
      }
    },
  );
});

describe('rapp under constraints', () => {
  it('with γL < 1 and many inner steps takes the resolvent; (z − w)/γ + F(w) − F(w₋) lies in S(w)', () => {
    const γ = 0.12; // ‖A − Aᵀ‖/4 is below 4 for these
    for (let call = 0; call < 20; call++) {
      const game = affine(call, 0.05, { prox: (z) => clamp(z) });
      const z = normal(new Float64Array(n), { seed: 23, purpose: 'points', call });
      const w = solve(game, rapp({ stepSize: γ, innerSteps: 200, weight: 1 }), { start: z, steps: 1 }).z;
      expect(distance(w, resolved(game, z, γ, 1e-13).w)).toBeLessThan(1e-11);
    }
  });
  it('its resolvent residual falls at the rate of the exact method under constraints, too: ‖z − Jz‖² ≤ D²/(λ(1 − λ)(K + 1))', () => {
    for (let call = 0; call < 10; call++) {
      const game = affine(call, 0.01, { prox: (z) => clamp(z) });
      const start = normal(new Float64Array(n), { seed: 24, purpose: 'points', call });
      const solution = solve(game, rapp({ stepSize: 0.12, innerSteps: 100, weight: 1 }), {
        start,
        steps: 60_000,
        tolerance: 1e-12,
      });
      expect(solution.status).toBe('converged');
      let K = 0;
      for (const { z } of iterate(game, rapp({ stepSize: 0.12, innerSteps: 100, weight: 0.4 }), start)) {
        K++;
        const gap = distance(z, resolved(game, z, 0.12, 1e-13).w);
        expect(gap ** 2).toBeLessThanOrEqual(
          (distance(start, solution.z) ** 2 / (0.4 * 0.6 * (K + 1))) * (1 + 1e-6),
        );
        if (K === 40) break;
      }
    }
  });
});

/** out = Mv or Mᵀv of an affine operator F(z) = Mz + c. */
function product(game: Game, v: Vector, out: Vector, transposed: boolean): void {
  const columns = Array.from({ length: n }, (_, j) => {
    const [at, origin] = [new Float64Array(n), new Float64Array(n)];
    game.operator(
      Float64Array.from({ length: n }, (_unused, i) => (i === j ? 1 : 0)),
      at,
    );
    game.operator(new Float64Array(n), origin);
    return at.map((x, i) => x - origin[i]!);
  });
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += (transposed ? columns[i]![j]! : columns[j]![i]!) * v[j]!;
    out[i] = sum;
  }
}

describe('a run whose inner solver runs out of iterations', () => {
  const game = affine(1, 0.05, undefined);
  const z = normal(new Float64Array(n), { seed: 25, purpose: 'points' });
  it('reports it with a count, that of the whole run also after a checkpoint', () => {
    const short = proximalPoint({ stepSize: 10, innerSteps: 1 });
    const first = solve(game, short, { start: z, steps: 7 });
    expect(first.warnings).toEqual([
      '7 times in 7 steps, the resolvent’s inner loop made all innerSteps = 1 steps without coming within its tolerance',
    ]);
    const from = decodeCheckpoint(encodeCheckpoint(first.checkpoint));
    const { warnings, checkpoint } = solve(game, short, { from, steps: 8 });
    const straight = solve(game, short, { start: z, steps: 8 });
    expect(warnings).toEqual([first.warnings[0]!.replace('7 times in 7 steps', '8 times in 8 steps')]);
    expect([straight.warnings, straight.checkpoint]).toEqual([warnings, checkpoint]);
    const damaged = { ...first.checkpoint, notes: { 'the inner loop': 0.5 } };
    expect(() => decodeCheckpoint(encodeCheckpoint(damaged))).toThrow('it lacks a part');
  });
  it('reports it for conjugate gradients, which end after n iterations on n unknowns except for rounding', () => {
    const coupled: Game = {
      ...game,
      jacobianVector: (_, v, out, transposed) => product(game, v, out, transposed),
    };
    const few = competitiveGradient({ stepSize: 1, innerSteps: 2 });
    expect(solve(coupled, few, { start: z, steps: 3 }).warnings).toEqual([
      '3 times in 3 steps, conjugate gradients made all innerSteps = 2 iterations without coming within tolerance = 1e-10',
    ]);
    const enough = competitiveGradient({ stepSize: 1 });
    expect(solve(coupled, enough, { start: z, steps: 3 }).warnings).toEqual([]);
  });
  it('continues if the game states no start, in the precision of its checkpoint', () => {
    const method = proximalPoint({ stepSize: 0.1 });
    const start = Float32Array.from(z);
    const whole = solve(game, method, { start, steps: 9 });
    const half = solve(game, method, { start, steps: 4 }).checkpoint;
    expect(solve(game, method, { from: half, steps: 9 }).z).toEqual(whole.z);
  });
  it('reports nothing if the solver came within its tolerance', () => {
    expect(solve(game, proximalPoint({ stepSize: 0.1 }), { start: z, steps: 7 }).warnings).toEqual([]);
  });
});
