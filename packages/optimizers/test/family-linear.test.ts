import { describe, expect, it } from 'vitest';
import { norm, type Game, type Method, type State } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import {
  adaptiveEgPlus,
  adaptiveGraal,
  anchoredPopov,
  bcSegPlus,
  cegPlus,
  competitiveGradient,
  consensus,
  doubleLoopHalpern,
  eagC,
  eagV,
  egPlus,
  feg,
  followTheRidge,
  forwardBackwardForward,
  gda,
  graal,
  halpern,
  iterate,
  km,
  multiStepExtragradient,
  ogda,
  ogdaPlus,
  projectedReflectedGradient,
  proximalPoint,
  solve,
  symplecticAdjustment,
} from '../src/index.js';

// On the linear game z = x + iy moves in the complex plane: F(z) = μ̄z, μ = b + ia. Every method is a
// recursion of complex numbers there, written down once more below, independently of vectors.

type C = readonly [re: number, im: number];
const add = (...zs: readonly C[]): C => zs.reduce((a, b) => [a[0] + b[0], a[1] + b[1]], [0, 0]);
const mul = (a: C, b: C): C => [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]];
const times = (c: number, a: C): C => [c * a[0], c * a[1]];
const over = (a: C, b: C): C => times(1 / (b[0] ** 2 + b[1] ** 2), mul(a, [b[0], -b[1]]));
const one: C = [1, 0];

const [L, ρ] = [1.3, -0.15];
const [b, a] = [L * L * ρ, L * Math.sqrt(1 - L * L * ρ * ρ)];
const μ: C = [b, -a];
const F = (z: C): C => mul(μ, z);
const game = gameFrom(`linear(lipschitz=${L}, weakMinty=${ρ})`);
const z0: C = [1, 0.5];
const K = 25;

/**
 * 25 steps of a few roundings each, amplified by at most 2 per step on the way: far below 1e-12 of the size
 * reached.
 */
function follows(method: Method<State>, step: (z: C, k: number) => C, from: Game = game): void {
  let z = z0;
  let k = 0;
  for (const state of iterate(from, method, Float64Array.from(z0))) {
    z = step(z, k++);
    const size = Math.max(1, Math.hypot(...z));
    expect(Math.abs((state.z[0] ?? NaN) - z[0]) / size, `step ${k}`).toBeLessThan(1e-12);
    expect(Math.abs((state.z[1] ?? NaN) - z[1]) / size, `step ${k}`).toBeLessThan(1e-12);
    if (k === K) return;
  }
}
const γ = 0.4;

describe('recursions on the linear game, ρL = −0.195', () => {
  it.each([0.2, 0.5, 0.9])('EG+, CEG+ (ᾱ = %f): z⁺ = (1 − ᾱγμ(1 − γμ))z', (ᾱ) => {
    const m = add(one, times(-ᾱ * γ, mul(μ, add(one, times(-γ, μ)))));
    follows(egPlus({ stepSize: γ, relaxation: ᾱ }), (z) => mul(m, z));
    follows(cegPlus({ stepSize: γ, relaxation: ᾱ }), (z) => mul(m, z));
  });
  it('forward-backward-forward', () =>
    follows(forwardBackwardForward({ stepSize: γ }), (z) =>
      mul(add(one, times(-γ, mul(μ, add(one, times(-γ, μ))))), z),
    ));
  it.each([1, 2, 3, 7])('multi-step extragradient (τ = %i): z⁺ = (1 − ᾱγμ(1 − γμ/τ)^τ)z', (τ) => {
    let look = one;
    for (let t = 0; t < τ; t++) look = mul(look, add(one, times(-γ / τ, μ)));
    follows(multiStepExtragradient({ stepSize: γ, innerSteps: τ, relaxation: 0.3 }), (z) =>
      mul(add(one, times(-0.3 * γ, mul(μ, look))), z),
    );
  });
  it('ogda, first step gda’s', () => {
    let last = z0;
    follows(ogda({ stepSize: γ }), (z) => {
      const next = add(z, times(-2 * γ, F(z)), times(γ, F(last)));
      last = z;
      return next;
    });
  });
  it('ogda-plus', () => {
    let last = z0;
    follows(ogdaPlus({ stepSize: 0.2, relaxation: 0.6 }), (z) => {
      const next = add(z, times(-0.2 * 1.6, F(z)), times(0.2, F(last)));
      last = z;
      return next;
    });
  });
  it('projected-reflected-gradient', () => {
    let last = z0;
    follows(projectedReflectedGradient({ stepSize: γ }), (z) => {
      const next = add(z, times(-γ, F(add(times(2, z), times(-1, last)))));
      last = z;
      return next;
    });
  });
  it('graal, φ = (1 + √5)/2', () => {
    const φ = (1 + Math.sqrt(5)) / 2;
    let bar = z0;
    follows(graal({ stepSize: γ }), (z) => {
      bar = times(1 / φ, add(times(φ - 1, z), bar));
      return add(bar, times(-γ, F(z)));
    });
  });
  it('adaptive-graal: on a game that stretches everything by L the local estimate is 1/L', () => {
    let [bar, last, step, θ] = [z0, z0, 0.05, 1];
    follows(adaptiveGraal({ stepSize: 0.05 }), (z, k) => {
      if (k > 0) {
        const before = step;
        step = Math.min((1 / 1.5 + 1 / 2.25) * before, (1.5 * θ) / (4 * before) / L ** 2);
        θ = (1.5 * step) / before;
      }
      bar = times(1 / 1.5, add(times(0.5, z), bar));
      last = z;
      return add(bar, times(-step, F(last)));
    });
  });
  it('halpern, β = 1/(k + 2)', () =>
    follows(halpern({ stepSize: γ }), (z, k) =>
      add(times(1 / (k + 2), z0), times(1 - 1 / (k + 2), add(z, times(-γ, F(z))))),
    ));
  it('eag-c, β = 1/(k + 2)', () =>
    follows(eagC({ stepSize: γ }), (z, k) => {
      const anchored = add(z, times(1 / (k + 2), add(z0, times(-1, z))));
      return add(anchored, times(-γ, F(add(anchored, times(-γ, F(z))))));
    }));
  it('eag-v: γ falls as the source says', () => {
    let step = 0.618 / L;
    follows(eagV({ stepSize: step, lipschitz: L }), (z, k) => {
      const anchored = add(z, times(1 / (k + 2), add(z0, times(-1, z))));
      const next = add(anchored, times(-step, F(add(anchored, times(-step, F(z))))));
      const square = step * step * L * L;
      step = (step / (1 - square)) * (1 - ((k + 2) ** 2 / ((k + 1) * (k + 3))) * square);
      return next;
    });
    expect(step).toBeGreaterThan(0.4 / L); // a positive limit
  });
  it('feg, β = 1/(k + 1)', () =>
    follows(feg({ stepSize: 1 / L, comonotone: ρ }), (z, k) => {
      const β = 1 / (k + 1);
      const anchored = add(z, times(β, add(z0, times(-1, z))));
      const w = add(anchored, times(-(1 - β) * (1 / L + 2 * ρ), F(z)));
      return add(anchored, times(-1 / L, F(w)), times(-(1 - β) * 2 * ρ, F(z)));
    }));
  it('anchored-popov, g₋₁ = 0', () => {
    let g: C = [0, 0];
    follows(anchoredPopov({ stepSize: 0.15 }), (z, k) => {
      const anchored = add(z, times(1 / (k + 2), add(z0, times(-1, z))));
      g = F(add(anchored, times(-0.15, g)));
      return add(anchored, times(-0.15, g));
    });
  });
  it.each([0.5, 3])('proximal point, γ = %f: 1/(1 + γμ)', (step) => {
    follows(proximalPoint({ stepSize: step, tolerance: 1e-15, innerSteps: 5000 }), (z) =>
      over(z, add(one, times(step, μ))),
    );
  });
  it('proximal point with γ = 40/L on a monotone game, to its relative error', () => {
    const μ2: C = [0.1, -Math.sqrt(0.99)];
    let z = z0;
    for (const state of iterate(
      gameFrom('linear(weakMinty=0.1)'),
      proximalPoint({ stepSize: 40, tolerance: 1e-6, innerSteps: 5000 }),
      Float64Array.from(z0),
    )) {
      const exact = over(z, add(one, times(40, μ2)));
      const moved = Math.hypot((state.z[0] ?? NaN) - z[0], (state.z[1] ?? NaN) - z[1]);
      expect(Math.hypot((state.z[0] ?? NaN) - exact[0], (state.z[1] ?? NaN) - exact[1])).toBeLessThanOrEqual(
        1e-6 * moved,
      );
      z = [state.z[0] ?? NaN, state.z[1] ?? NaN];
      if (Math.hypot(...z) < 1e-6) return;
    }
  });
  it('double-loop-halpern with exact resolvents: β = 1/(k + 2), α = 1 + ρ/γ', () => {
    const α = 1 + ρ / 0.7;
    follows(
      doubleLoopHalpern({ stepSize: 0.7, comonotone: ρ, tolerance: 1e-15, innerSteps: 5000 }),
      (z, k) => {
        const relaxed = add(times(1 - α, z), times(α, over(z, add(one, times(0.7, μ)))));
        return add(times(1 / (k + 2), z0), times(1 - 1 / (k + 2), relaxed));
      },
    );
  });
  it('km with a tiny error is the relaxed proximal point', () => {
    follows(km({ stepSize: γ, weight: 0.3, tolerance: 1e-14, innerSteps: 500 }), (z) =>
      add(times(0.7, z), times(0.3, over(z, add(one, times(γ, μ))))),
    );
  });
  it('km: the error of every step is within ε/(k + 1)²', () => {
    for (const ε of [1, 0.1, 0.001]) {
      let z = z0;
      let k = 0;
      for (const state of iterate(
        game,
        km({ stepSize: 0.7, weight: 0.3, tolerance: ε, innerSteps: 1000 }),
        Float64Array.from(z0),
      )) {
        const wanted = add(times(0.7, z), times(0.3, over(z, add(one, times(0.7, μ)))));
        k++;
        z = [state.z[0] ?? NaN, state.z[1] ?? NaN];
        expect(Math.hypot(z[0] - wanted[0], z[1] - wanted[1])).toBeLessThanOrEqual((0.3 * ε) / k ** 2);
        if (k === K) break;
      }
    }
  });
  it('adaptive-eg-plus: α = σ/γ + ⟨z̄ − z, Hz̄ − Hz⟩/‖Hz̄ − Hz‖²', () =>
    follows(adaptiveEgPlus({ stepSize: γ, weight: 1.2 }), (z) => {
      const bar = add(z, times(-γ, F(z)));
      const d = times(-γ, F(bar));
      const inner = (u: C, v: C): number => u[0] * v[0] + u[1] * v[1];
      const α = -0.99 / 2 + inner(add(bar, times(-1, z)), d) / inner(d, d);
      return add(z, times(1.2 * α, d));
    }));
  it('bc-seg-plus without noise is CEG+ with ᾱ = α_k', () => {
    follows(bcSegPlus({ stepSize: γ, relaxation: { kind: 'power', from: 0.5, steps: 5 } }), (z, k) =>
      add(z, times((-0.5 / (1 + k / 5)) * γ, F(add(z, times(-γ, F(z)))))),
    );
  });
  it.each([0, 0.5, 2])('consensus (c = %f): 1 − γ(μ + c|μ|²)', (c) =>
    follows(consensus({ stepSize: 0.2, penalty: c }), (z) =>
      mul(add(one, times(-0.2, add(μ, [c * L * L, 0]))), z),
    ),
  );
  it.each([0.5, 2])('symplectic adjustment (λ = %f), sign not aligned: F + λ𝒜ᵀF, 𝒜 = −ia', (λ) => {
    follows(symplecticAdjustment({ stepSize: 0.2, penalty: λ, align: false }), (z) =>
      add(z, times(-0.2, add(F(z), times(λ, mul([0, a], F(z)))))),
    );
  });
  it('competitive gradient descent: Δ = −γF/(1 − iaγ)', () =>
    follows(competitiveGradient({ stepSize: γ }), (z) => add(z, times(-γ, over(F(z), [1, -a * γ])))));
  it('follow the ridge: y also moves by J_yy⁻¹J_yx γF_x = −(a/b)γF_x', () => {
    follows(followTheRidge({ stepSize: 0.2 }), (z) => {
      const f = F(z);
      return [z[0] - 0.2 * f[0], z[1] - 0.2 * f[1] - (a / b) * 0.2 * f[0]];
    });
  });
});

describe('stability', () => {
  const last = (method: Method<State>, steps: number, on: Game = game): number =>
    norm(solve(on, method, { steps, start: Float64Array.from(z0) }).z);
  it('forward-reflected-backward with 2F(z) − F(z₋) converges on a rotation; monviso adds F(z₋), which explodes', () => {
    expect(last(ogda({ stepSize: 0.3 }), 400, gameFrom('bilinear'))).toBeLessThan(1e-8);
    let [z, before]: C[] = [z0, z0];
    for (let k = 0; k < 400; k++) {
      const G = (u: C | undefined): C => mul([0, -1], u ?? z0);
      [z, before] = [add(z ?? z0, times(-0.6, G(z)), times(-0.3, G(before))), z];
    }
    expect(Math.hypot(...(z ?? z0))).toBeGreaterThan(1e40);
  });
  it('CEG+ at γ = 1/L contracts exactly where 2c + ᾱ < 1, ρ = −c/L (lower bound of arXiv 2302.09831)', () => {
    for (const c of [0.05, 0.125, 0.25, 0.4, 0.45])
      for (const ᾱ of [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.85]) {
        if (Math.abs(2 * c + ᾱ - 1) < 1e-9) continue;
        const grown =
          last(cegPlus({ stepSize: 1, relaxation: ᾱ }), 300, gameFrom(`linear(weakMinty=${-c})`)) /
          Math.hypot(...z0);
        if (2 * c + ᾱ < 1) expect(grown, `c ${c}, ᾱ ${ᾱ}`).toBeLessThan(1);
        else expect(grown, `c ${c}, ᾱ ${ᾱ}`).toBeGreaterThan(1);
      }
  });
  it('more exploration reaches a more negative ρ: −1/2, −0.5764, −0.6736 for τ = 1, 2, ∞ at γ = 1/L and small ᾱ', () => {
    const grows = (τ: number, ρL: number): boolean =>
      last(
        multiStepExtragradient({ stepSize: 1, innerSteps: τ, relaxation: 1e-4 }),
        1,
        gameFrom(`linear(weakMinty=${ρL})`),
      ) > Math.hypot(...z0);
    for (const [τ, threshold] of [
      [1, -0.5],
      [2, -0.57639],
      [400, -0.67361],
    ] as const)
      expect([grows(τ, threshold + 0.002), grows(τ, threshold - 0.002)]).toEqual([false, true]);
  });
  it('the conic range: at ρL = −0.8 RAPP and the double loop converge, but EG+ does not', () => {
    const hard = gameFrom('linear(weakMinty=-0.8)');
    expect(last(egPlus({ stepSize: 1, relaxation: 0.01 }), 3000, hard)).toBeGreaterThan(1.2);
    const run = solve(hard, doubleLoopHalpern({ stepSize: 0.99, comonotone: -0.8 }), {
      steps: 400,
      start: Float64Array.from(z0),
    });
    expect(run.residual).toBeLessThan(0.05);
    expect(
      solve(hard, doubleLoopHalpern({ stepSize: 0.99, comonotone: -0.8 }), {
        steps: 4000,
        start: Float64Array.from(z0),
      }).residual,
    ).toBeLessThan(0.005);
  });
  it('follow-the-ridge is stable at a local minimax point where gda is not, and unstable at a point that is not one and at which gda is stable', () => {
    const quadratic = (xx: number, xy: number, yy: number): Game => ({
      // f = ½xx·x² + xy·xy + ½yy·y²
      name: 'f',
      dim: 2,
      players: [
        { name: 'x', start: 0, end: 1 },
        { name: 'y', start: 1, end: 2 },
      ],
      facts: { zeroSum: true },
      operator(z, out) {
        out[0] = xx * (z[0] ?? 0) + xy * (z[1] ?? 0);
        out[1] = -xy * (z[0] ?? 0) - yy * (z[1] ?? 0);
      },
    });
    const minimax = quadratic(-6, 4, -2); // −3x² + 4xy − y²: f_yy < 0 < f_xx − f_xy²/f_yy
    const neither = quadratic(6, 4, 2); // 3x² + 4xy + y²: f_yy > 0
    expect(last(followTheRidge({ stepSize: 0.05 }), 600, minimax)).toBeLessThan(1e-6);
    expect(last(gda({ stepSize: 0.05 }), 600, minimax)).toBeGreaterThan(1e3);
    expect(last(gda({ stepSize: 0.05 }), 600, neither)).toBeLessThan(1e-6);
    expect(last(followTheRidge({ stepSize: 0.05 }), 600, neither)).toBeGreaterThan(1e3);
  });
  it('the symplectic adjustment, aligned, is attracted by a stable point and repelled by an unstable one', () => {
    const step = (spec: string): number =>
      last(symplecticAdjustment({ stepSize: 0.01, penalty: 1 }), 1, gameFrom(spec)) / Math.hypot(...z0);
    expect(step('linear(weakMinty=0.3)')).toBeLessThan(1);
    expect(step('linear(lipschitz=20, weakMinty=-0.04)')).toBeGreaterThan(1);
  });
  it('adaptive-graal needs no constant: from step sizes over six decades it solves xy', () => {
    for (const first of [1e-4, 1e-2, 1, 100])
      expect(
        solve(gameFrom('bilinear'), adaptiveGraal({ stepSize: first }), { steps: 3000, tolerance: 1e-8 })
          .status,
      ).toBe('converged');
  });
});
