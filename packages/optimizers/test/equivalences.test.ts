import { describe, expect, it } from 'vitest';
import { normal, type Game, type Method, type State, type Vector } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import {
  adam,
  alternatingAdam,
  extraAdam,
  extragradient,
  gda,
  iterate,
  lookahead,
  pastExtragradient,
  rapp,
  rappAdam,
  solve,
} from '../src/index.js';

const { constraint: _, ...forsaken }: Game = gameFrom('forsaken');
const run = (
  method: Method<State>,
  steps: number,
  game: Game = forsaken,
  start: Vector = Float64Array.of(0.4, -0.3),
): number[] => Array.from(solve(game, method, { steps, start }).z);
const same = (a: readonly number[], b: readonly number[], digits = 13): void =>
  a.forEach((x, i) => expect(x).toBeCloseTo(b[i] ?? NaN, digits));
const F = (z: readonly number[]): readonly [number, number] => {
  const out = new Float64Array(2);
  forsaken.operator(Float64Array.from(z), out);
  return [out[0] ?? 0, out[1] ?? 0];
};
const [γ, λ] = [0.07, 0.3];

describe('identities (unconstrained)', () => {
  it('rapp with τ = 1 is gda with step λγ', () =>
    same(run(rapp({ stepSize: γ, innerSteps: 1, weight: λ }), 40), run(gda({ stepSize: λ * γ }), 40)));
  it('rapp with τ = 2 is EG+: z⁺ = z − λγF(z − γF(z))', () => {
    let z: readonly number[] = [0.4, -0.3];
    for (let k = 0; k < 40; k++) {
      const g = F(z);
      const w = F(z.map((x, i) => x - γ * (g[i] ?? 0)));
      z = z.map((x, i) => x - λ * γ * (w[i] ?? 0));
    }
    same(run(rapp({ stepSize: γ, innerSteps: 2, weight: λ }), 40), z);
  });
  it('rapp with τ = 2, λ = 1 is extragradient', () =>
    same(run(rapp({ stepSize: γ, innerSteps: 2, weight: 1 }), 40), run(extragradient({ stepSize: γ }), 40)));
  it('lookahead with τ = 2 on gda is the average of gda and EG+: z − λγ(F(z) + F(z − γF(z)))', () => {
    let z: readonly number[] = [0.4, -0.3];
    for (let k = 0; k < 20; k++) {
      const g = F(z);
      const w = F(z.map((x, i) => x - γ * (g[i] ?? 0)));
      z = z.map((x, i) => x - λ * γ * ((g[i] ?? 0) + (w[i] ?? 0)));
    }
    same(run(lookahead(gda({ stepSize: γ }), { steps: 2, weight: λ }), 40), z);
  });
  it('lookahead with λ = 1 or τ = 1, λ = 1 is the method itself, moments included', () => {
    for (const method of [gda({ stepSize: γ }), adam({ stepSize: γ }), pastExtragradient({ stepSize: γ })])
      same(run(lookahead(method, { steps: 4, weight: 1 }), 40), run(method, 40));
  });
  it('past-extragradient is OGDA: w⁺ = w − 2γF(w) + γF(w₋), seen at the extrapolated points', () => {
    const asked: number[][] = [];
    const spy: Game = {
      ...forsaken,
      operator: (z, out) => {
        asked.push(Array.from(z));
        forsaken.operator(z, out);
      },
    };
    const states = iterate(spy, pastExtragradient({ stepSize: γ }), Float64Array.of(0.4, -0.3));
    for (let k = 0; k < 30; k++) states.next();
    for (let k = 1; k + 1 < 30; k++) {
      const [now, past] = [F(asked[k] ?? []), F(asked[k - 1] ?? [])];
      same(
        asked[k + 1] ?? [],
        (asked[k] ?? []).map((x, i) => x - 2 * γ * (now[i] ?? 0) + γ * (past[i] ?? 0)),
      );
    }
  });
  it('a step size per player equals one step size if they agree, and scales players alone if not', () => {
    expect(run(extragradient({ stepSize: [γ, γ] }), 40)).toEqual(run(extragradient({ stepSize: γ }), 40));
    const [g0, g1] = F([0.4, -0.3]);
    same(run(gda({ stepSize: [0.1, 0.02] }), 1), [0.4 - 0.1 * g0, -0.3 - 0.02 * g1]);
  });
  it('rapp-adam with τ = 1, λ = 1 is adam; extra-adam asks where rapp-adam does in its first two inner steps', () => {
    same(run(rappAdam({ stepSize: γ, innerSteps: 1, weight: 1 }), 40), run(adam({ stepSize: γ }), 40));
    same(run(rappAdam({ stepSize: γ, innerSteps: 2, weight: 1 }), 40), run(extraAdam({ stepSize: γ }), 40));
  });
});

describe('Adam as PyTorch computes it', () => {
  it('three steps by hand on a linear gradient', () => {
    let [x, m, v] = [1, 0, 0];
    for (let t = 1; t <= 3; t++) {
      const g = 2 * x;
      m = 0.5 * m + 0.5 * g;
      v = 0.9 * v + 0.1 * g * g;
      x -= (0.1 * (m / (1 - 0.5 ** t))) / (Math.sqrt(v / (1 - 0.9 ** t)) + 1e-8);
    }
    const quadratic: Game = {
      name: 'q',
      dim: 1,
      players: [{ name: 'x', start: 0, end: 1 }],
      operator: (z, out) => {
        out[0] = 2 * (z[0] ?? 0);
      },
    };
    // ten roundings a step
    same(run(adam({ stepSize: 0.1, beta1: 0.5, beta2: 0.9 }), 3, quadratic, Float64Array.of(1)), [x], 14);
  });
  it('torch.optim.Adam(lr=.01, betas=(.5, .999)) on Σ(x⁴ − x²) from (1, −.5, 2), 5 steps (torch 2.13.0, float64)', () => {
    const quartic: Game = {
      name: 'q',
      dim: 3,
      players: [{ name: 'x', start: 0, end: 3 }],
      operator: (z, out) => {
        for (let i = 0; i < 3; i++) out[i] = 4 * (z[i] ?? 0) ** 3 - 2 * (z[i] ?? 0);
      },
    };
    same(
      run(adam({ stepSize: 0.01, beta1: 0.5 }), 5, quartic, Float64Array.of(1, -0.5, 2)),
      [0.9513424288141877, -0.5493577245728165, 1.9504208715389688],
      14,
    );
  });
  it('the first step moves every coordinate by γ against the sign of its gradient', () => {
    const start = Float64Array.of(0.4, -0.3);
    run(adam({ stepSize: γ }), 1).forEach((x, i) =>
      expect(x).toBeCloseTo((start[i] ?? 0) - γ * Math.sign(F([0.4, -0.3])[i] ?? 0), 7),
    );
  });
  it('extra-adam: both half steps advance one set of moments (two steps by hand)', () => {
    const [β1, β2, ε] = [0.9, 0.999, 1e-8];
    const m = [0, 0];
    const v = [0, 0];
    let t = 0;
    const direction = (g: readonly number[]): number[] => {
      t++;
      return g.map((x, i) => {
        m[i] = β1 * (m[i] ?? 0) + (1 - β1) * x;
        v[i] = β2 * (v[i] ?? 0) + (1 - β2) * x * x;
        return (m[i] ?? 0) / (1 - β1 ** t) / (Math.sqrt((v[i] ?? 0) / (1 - β2 ** t)) + ε);
      });
    };
    let z: number[] = [0.4, -0.3];
    for (let k = 0; k < 2; k++) {
      const d = direction(F(z));
      const e = direction(F(z.map((x, i) => x - γ * (d[i] ?? 0))));
      z = z.map((x, i) => x - γ * (e[i] ?? 0));
    }
    same(run(extraAdam({ stepSize: γ }), 2), z, 14);
  });
  it('alternating-adam with order [0,0,1] moves player 0 twice, the second time with its advanced moments', () => {
    const single = (player: number, steps: number, start: Vector): number[] => {
      const frozen: Game = {
        ...forsaken,
        operator: (z, out) => {
          forsaken.operator(z, out);
          out[1 - player] = 0;
        },
      };
      return run(adam({ stepSize: γ }), steps, frozen, start);
    };
    const twice = single(0, 2, Float64Array.of(0.4, -0.3));
    same(run(alternatingAdam({ stepSize: γ, order: [0, 0, 1] }), 1), single(1, 1, Float64Array.from(twice)));
  });
});

describe('closed form of the inner loop', () => {
  it('on a normal F, rapp’s inner error contracts by exactly γL per inner step', () => {
    const game = gameFrom('linear(lipschitz=2, weakMinty=-0.1)');
    const start = normal(new Float64Array(2), { seed: 3, purpose: 'start' });
    const inner = (τ: number): number[] =>
      run(rapp({ stepSize: 0.4, innerSteps: τ, weight: 1 }), 1, game, start);
    const limit = inner(400);
    const error = (τ: number): number => Math.hypot(...inner(τ).map((x, i) => x - (limit[i] ?? 0)));
    for (let τ = 1; τ < 30; τ++) expect(error(τ + 1) / error(τ)).toBeCloseTo(0.8, 10);
  });
});
