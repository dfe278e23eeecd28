import { describe, expect, it } from 'vitest';
import { norm, normal, type Problem, type Vector } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { methodFrom } from '../src/registry.js';
import { bcSegPlus, egPlus, iterate, solve, train } from '../src/index.js';

/** Steps until ‖z − z*‖ < 1e-3, or undefined if that takes more than `most`. */
function iterations(gameSpec: string, methodSpec: string, most: number): number | undefined {
  const game = gameFrom(gameSpec);
  const solution = game.facts?.solution ?? [];
  let k = 0;
  for (const { z } of iterate(game, methodFrom(methodSpec, game.facts))) {
    if (++k > most) return undefined;
    if (Math.hypot(...Array.from(z, (x, i) => x - (solution[i] ?? 0))) < 1e-3) return k;
  }
}
const distanceAfter = (gameSpec: string, methodSpec: string, steps: number): number =>
  solve(gameFrom(gameSpec), methodFrom(methodSpec, gameFrom(gameSpec).facts), { steps }).distance ?? NaN;
const third = `polar(a=${1 / 3})`;

describe('the games of arXiv 2302.09831: which methods converge, and in how many steps', () => {
  it.each([
    ['polar(a=0.75)', 'ceg-plus(stepSize=LIPSCHITZ)', 822],
    ['polar(a=0.75)', 'adaptive-eg-plus(stepSize=LIPSCHITZ)', 801],
    [third, 'forward-backward-forward(stepSize=LIPSCHITZ)', 208],
    [third, 'ceg-plus(stepSize=LIPSCHITZ)', 341],
    [third, 'adaptive-eg-plus(stepSize=LIPSCHITZ)', 340],
    ['global-forsaken', 'forward-backward-forward(stepSize=LIPSCHITZ)', 32],
    ['global-forsaken', 'ceg-plus(stepSize=LIPSCHITZ)', 60],
    ['forsaken', 'curvature-eg-plus(safety=0.8, shrink=0.8)', 158],
    ['polar', 'curvature-eg-plus', 343],
    ['polar(a=0.75)', 'curvature-eg-plus', 354],
  ])('%s: %s, γ = 1/L, in %i', (game, spec, wanted) => {
    expect(
      iterations(game, spec.replace('LIPSCHITZ', String(1 / (gameFrom(game).facts?.lipschitz ?? NaN))), 3000),
    ).toBe(wanted);
  });
  it.each([
    ['forsaken', 'forward-backward-forward'],
    ['forsaken', 'ceg-plus'],
    ['forsaken', 'adaptive-eg-plus'],
    ['polar', 'forward-backward-forward'],
    ['polar', 'ceg-plus'],
    ['polar', 'adaptive-eg-plus'],
    ['polar(a=0.75)', 'forward-backward-forward'],
    ['forsaken', 'app(innerSteps=20)'],
  ])('on %s, %s cycles', (game, spec) => {
    expect(distanceAfter(game, spec, 20_000)).toBeGreaterThan(0.1);
  });
  it('errors after a budget: CurvatureEG+ on forsaken 0.029 at 200, AdaptiveEG+ on global-forsaken 3e-3 at 50', () => {
    expect(distanceAfter('forsaken', 'curvature-eg-plus', 200)).toBeCloseTo(0.029, 3);
    expect(
      distanceAfter(
        'global-forsaken',
        `adaptive-eg-plus(stepSize=${1 / (gameFrom('global-forsaken').facts?.lipschitz ?? NaN)})`,
        50,
      ),
    ).toBeCloseTo(0.003, 3);
  });
  it('the lower bound’s game, ρ = −1/(3L): CEG+ with ᾱ = ½ does not converge, with ¼ it does; Adaptive and Curvature do', () => {
    const hard = 'linear(lipschitz=3, weakMinty=-0.1111111111111111)';
    expect(distanceAfter(hard, `ceg-plus(stepSize=${1 / 3})`, 1000)).toBeGreaterThan(1);
    expect(distanceAfter(hard, `ceg-plus(stepSize=${1 / 3}, relaxation=0.25)`, 1000)).toBeLessThan(1e-12);
    expect(distanceAfter(hard, `adaptive-eg-plus(stepSize=${1 / 3})`, 10_000)).toBeLessThan(1e-6);
    expect(distanceAfter(hard, 'curvature-eg-plus', 10_000)).toBeLessThan(1e-6);
  });
});

/** The linear game plus noise N(0, σ²) on every gradient. */
function noisy(σ: number, ρ: number): Problem<Vector> {
  const game = gameFrom(`linear(weakMinty=${ρ})`);
  return {
    name: 'noisy',
    dim: 2,
    players: game.players,
    start: [1, 1],
    draw: (call) => normal(new Float64Array(2), { seed: 11, purpose: 'noise', call }, 0, σ),
    operator(z, out, { sample: noise }) {
      game.operator(z, out);
      out[0] = (out[0] ?? NaN) + noise![0]!;
      out[1] = (out[1] ?? NaN) + noise![1]!;
    },
  };
}

describe('bc-seg-plus under noise', () => {
  it('converges further than stochastic EG+, which stays at the floor of its constant step', async () => {
    const game = noisy(0.1, -0.1);
    const start = Float64Array.of(1, 1);
    const floor = await train(game, egPlus({ stepSize: 0.5, relaxation: 0.5 }), { start, steps: 20_000 });
    const corrected = await train(
      game,
      bcSegPlus({ stepSize: 0.5, relaxation: { kind: 'power', from: 0.3, steps: 100 } }),
      { start, steps: 20_000 },
    );
    let [sum, n] = [0, 0];
    await train(game, egPlus({ stepSize: 0.5, relaxation: 0.5 }), {
      start,
      steps: 20_000,
      observe: ({ state, ledger }) => {
        if (ledger.steps > 1000) {
          sum += norm(state.z) ** 2;
          n++;
        }
      },
    });
    // z⁺ = mz − ᾱγ(ξ̄ − γμξ): the stationary variance is 2σ²(ᾱγ)²(1 + γ²L²)/(1 − |m|²), m = 1 − ᾱγμ(1 − γμ)
    const [b, a] = [-0.1, Math.sqrt(0.99)];
    const [re, im] = [1 - 0.25 * (b - 0.5 * (b * b - a * a)), -0.25 * (a - 0.5 * 2 * a * b)];
    const variance = (2 * 0.01 * 0.0625 * 1.25) / (1 - re * re - im * im);
    // 19,000 steps of correlation time 1/(1 − |m|) ≈ 20: 1000 samples, 4 % of spread
    expect(sum / n / variance).toBeGreaterThan(0.9);
    expect(sum / n / variance).toBeLessThan(1.1);
    expect(floor.z.every(Number.isFinite)).toBe(true);
    // α = 0.3/201 by then: its own floor is about √α ≈ 4 %
    expect(norm(corrected.z)).toBeLessThan(0.3 * Math.sqrt(variance));
  });
  it('asks the same sample at two points, then another: 3 calls, 2 draws per step', async () => {
    const { checkpoint } = await train(noisy(0.1, 0), bcSegPlus({ stepSize: 0.5 }), {
      start: Float64Array.of(1, 1),
      steps: 7,
    });
    expect([checkpoint.ledger.gradients, checkpoint.draws]).toEqual([
      [21, 21],
      [14, 14],
    ]);
  });
});

describe('Jacobian products under noise', () => {
  it('Jᵀv is never taken by signs on a sample, even if the mean game is zero-sum, since each player has its own noise', async () => {
    const game = { ...noisy(0, -0.2), facts: { zeroSum: true } };
    const start = Float64Array.of(1, 1);
    const consensus = methodFrom('consensus(stepSize=0.1)');
    await expect(train(game, consensus, { start, steps: 1 })).rejects.toThrow('noisy has no Jᵀv');
    const mean = gameFrom('linear(weakMinty=-0.2)');
    const exact = solve(mean, consensus, { start, steps: 20 }).z;
    const given: Problem<Vector> = {
      ...game,
      jacobianVector: (z, v, out, transposed) => mean.jacobianVector?.(z, v, out, transposed),
    };
    expect((await train(given, consensus, { start, steps: 20 })).z).toEqual(exact);
  });
});
