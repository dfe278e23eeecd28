import { describe, expect, it } from 'vitest';
import { formatSpec, parseSpec, type Spec } from '@stillpoint/operators';
import { methodFrom, specOf } from '@stillpoint/optimizers/registry';
import { gameFrom } from '@stillpoint/problems';
import type { Run } from '@stillpoint/tracking';
import { compareOnGame, gameMethods, gamePresets, playedFrom } from '../src/index.js';

/**
 * |1 − λ + λ(1 − γs)^τ|: what lookahead(gda) multiplies an eigenvector of F's matrix by, s = re + im·i its
 * eigenvalue.
 */
function multiplier(γ: number, τ: number, λ: number, re: number, im: number): number {
  let [x, y] = [1, 0];
  for (let k = 0; k < τ; k++) [x, y] = [x * (1 - γ * re) + y * γ * im, y * (1 - γ * re) - x * γ * im];
  return Math.hypot(1 - λ + λ * x, λ * y);
}

/**
 * The greatest over the boundary of |s| ≤ 1, Re s ≥ 0, where a polynomial's modulus is greatest over the
 * whole half disc.
 */
function greatest(γ: number, τ: number, λ: number): number {
  const n = 2000;
  const along = Array.from({ length: n + 1 }, (_, i) => [
    multiplier(γ, τ, λ, 0, i / n),
    multiplier(γ, τ, λ, Math.sin((Math.PI * i) / (2 * n)), Math.cos((Math.PI * i) / (2 * n))),
  ]);
  return Math.max(...along.flat());
}

describe('the methods that run on a game by default', () => {
  it('are named by specs that can be typed', () => {
    expect(gameMethods).toEqual([
      'gda',
      'alternating-gda',
      'extragradient',
      'past-extragradient',
      'rapp',
      'lookahead(gda, steps=5)',
      'lookahead(extragradient, steps=50, weight=0.65)',
      'adam',
      'extra-adam',
    ]);
  });
  const lookaheads = gameMethods.filter((spec) => spec.startsWith('lookahead'));
  it('run lookahead(gda) where its map is nonexpansive on every normal monotone matrix: 1/L and 20 steps is not', () => {
    expect(formatSpec(specOf(methodFrom(lookaheads[0] ?? '', { lipschitz: 1 })))).toBe(
      'lookahead(gda(stepSize=0.2), steps=5, weight=0.5)',
    );
    expect(greatest(0.2, 5, 0.5)).toBeLessThanOrEqual(1 + 1e-15);
    expect(greatest(1, 20, 0.5)).toBeGreaterThan(500);
  });
  it.each([
    'bilinear',
    'linear',
    'quadratic',
    'random-comonotone(comonotone=0)',
    'matrix-game',
    'cournot',
    'lq-game',
  ])('lookahead converges by default on %s, a monotone game, within the default budget', async (name) => {
    const { runs } = await compareOnGame(gameFrom(name), { title: name, methods: lookaheads });
    expect(runs.map(({ status }) => status)).toEqual(['converged', 'converged']);
  });
  it('contain one that leaves the cycle of forsaken and those of polar within the default budget', async () => {
    for (const name of ['forsaken', 'polar']) {
      const { runs } = await compareOnGame(gameFrom(name), { title: name, methods: gameMethods });
      expect(runs.filter(({ status }) => status === 'converged').map(({ label }) => label)).toEqual([
        'lookahead(extragradient, steps=50, weight=0.65)',
      ]);
    }
  });
});

const stepSizeIn = ({ options, inner: [inner] }: Spec): number => {
  const { stepSize } = options;
  if (typeof stepSize === 'number') return stepSize;
  return inner === undefined ? NaN : stepSizeIn(inner);
};

describe.each(gamePresets)('preset $name', (preset) => {
  it('shows a failure and a cure: gda and adam do not converge, at least two others do', async () => {
    const { runs, about, verdict } = await compareOnGame(gameFrom(preset.game), preset);
    const converged = runs.filter(({ status }) => status === 'converged').map(({ label }) => label);
    expect(converged.length).toBeGreaterThanOrEqual(2);
    expect(converged).not.toContain('gda');
    expect(converged).not.toContain('adam');
    expect(about.startsWith(preset.about)).toBe(true);
    expect(verdict[0]).toContain(`converged on ${preset.game} with the fewest oracle calls`);
  });
  it('keeps every step size below 1/L', () => {
    const L = gameFrom(preset.game).facts?.lipschitz ?? NaN;
    for (const spec of preset.methods) expect(stepSizeIn(parseSpec(spec)) * L).toBeLessThan(1);
  });
});

it('a method that draws random numbers gets seeds on an exact problem; where none draws there are none', async () => {
  const methods = ['gda', 'saga', 'lookahead(saga, steps=2)'];
  const compared = async (given: readonly string[], seeds: number): Promise<readonly Run[]> =>
    (
      await compareOnGame(playedFrom('ridge(examples=10, dimension=3)'), {
        title: 'sum',
        methods: given,
        seeds,
        calls: 3,
      })
    ).runs;
  const runs = await compared(methods, 2);
  expect(runs.map(({ seed }) => seed)).toEqual([1, 2, 1, 2, 1, 2]);
  const residuals = runs.map(({ values }) => values['residual']);
  expect(residuals[0]).toBe(residuals[1]);
  expect(residuals[2]).not.toBe(residuals[3]);
  expect(residuals[4]).not.toBe(residuals[5]);
  expect((await compared(['gda'], 2)).map(({ seed }) => seed)).toEqual([null]);
});

it('a comparison of hundreds of methods still finds the window to draw', async () => {
  const methods = Array.from({ length: 300 }, (_, i) => `gda(stepSize=${0.001 + i * 1e-5})`);
  const { plots } = await compareOnGame(gameFrom('bilinear'), { title: 'many', methods, calls: 600 });
  const [plane] = plots;
  expect(plane?.draw === 'plane' && plane.x[1]).toBeGreaterThan(Math.SQRT2);
});
