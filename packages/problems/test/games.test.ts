import { describe, expect, it } from 'vitest';
import { naturalResidual, normal, type Game, type Vector } from '@stillpoint/operators';
import { gameFrom, games } from '../src/index.js';

const all = [...games.map((row) => row.build({})), gameFrom('polar(a=0.75)'), gameFrom('linear(lipschitz=3, weakMinty=-0.2)')];
const F = (game: Game, z: ArrayLike<number>): Float64Array => {
  const out = new Float64Array(2);
  game.operator(Float64Array.from(z), out);
  return out;
};
const points = (n: number, radius: number): Float64Array[] => Array.from({ length: n }, (_, call) => normal(new Float64Array(2), { seed: 2, purpose: 'points', call }, 0, radius / 2));
const onDomain = (game: Game, z: Float64Array): Float64Array => {
  game.resolve?.(z, 1);
  return z;
};
const jacobian = (game: Game, z: Vector): readonly number[] => {
  const [a, b] = [new Float64Array(2), new Float64Array(2)];
  game.jacobianVector?.(z, Float64Array.of(1, 0), a, false);
  game.jacobianVector?.(z, Float64Array.of(0, 1), b, false);
  return [a[0] ?? 0, b[0] ?? 0, a[1] ?? 0, b[1] ?? 0];
};
/** Largest singular value of [[p, q], [r, s]]. */
const spectral = ([p = 0, q = 0, r = 0, s = 0]: readonly number[]): number => (Math.hypot(p + s, r - q) + Math.hypot(p - s, r + q)) / 2;

describe.each(all)('$name', (game) => {
  const { lipschitz = NaN, weakMinty, solution = [] } = game.facts ?? {};
  it('stands still at its solution', () => {
    expect(naturalResidual(game, Float64Array.from(solution), new Float64Array(2))).toBeLessThanOrEqual(1e-16);
  });
  it('has the Jacobian that central differences find, and its transpose', () => {
    const h = 2 ** -17;
    for (const z of points(20, 1)) {
      const [p = 0, q = 0, r = 0, s = 0] = jacobian(game, z);
      for (const [v, w] of [[[1, 0], [p, r]], [[0, 1], [q, s]]] as const) {
        const [up, down] = [F(game, z.map((x, i) => x + h * (v[i] ?? 0))), F(game, z.map((x, i) => x - h * (v[i] ?? 0)))];
        w.forEach((x, i) => expect(((up[i] ?? 0) - (down[i] ?? 0)) / (2 * h)).toBeCloseTo(x, 7)); // h² · third derivative, < 100 here
      }
      const t = new Float64Array(2);
      game.jacobianVector?.(z, Float64Array.of(2, -3), t, true);
      expect(t[0]).toBeCloseTo(2 * p - 3 * r, 12);
      expect(t[1]).toBeCloseTo(2 * q - 3 * s, 12);
    }
  });
  it('has losses whose gradients are F', () => {
    if (!game.losses) return expect(game.name).toMatch(/^polar/);
    const h = 2 ** -17;
    const loss = (z: Float64Array, player: number): number => {
      const out = new Float64Array(2);
      game.losses?.(z, out);
      return out[player] ?? NaN;
    };
    for (const z of points(20, 1)) for (const i of [0, 1]) {
      const [up, down] = [z.map((x, j) => (i === j ? x + h : x)), z.map((x, j) => (i === j ? x - h : x))];
      expect((loss(up, i) - loss(down, i)) / (2 * h)).toBeCloseTo(F(game, z)[i] ?? NaN, 7);
    }
  });
  it('never stretches more than L on its domain', () => {
    for (const z of points(4000, 3)) expect(spectral(jacobian(game, onDomain(game, z)))).toBeLessThanOrEqual(lipschitz * (1 + 1e-14));
  });
  it('obeys weak Minty with the stated ρ', () => {
    if (weakMinty === undefined) return expect(game.name).toBe('forsaken');
    for (const z of points(4000, 3)) {
      onDomain(game, z);
      const g = F(game, z);
      const [a, b] = [g[0] ?? 0, g[1] ?? 0];
      expect(a * (z[0] ?? 0) + b * (z[1] ?? 0)).toBeGreaterThanOrEqual(weakMinty * (a * a + b * b) - 1e-14 * (a * a + b * b));
    }
  });
  it('projects one player alone onto what the other leaves it', () => {
    const z = Float64Array.of(0.3, 9);
    game.resolve?.(z, 1, 1);
    expect(z[0]).toBe(0.3);
    if (game.resolve) {
      const both = z.slice();
      game.resolve(both, 1);
      expect(Math.abs((both[1] ?? 0) - (z[1] ?? 0))).toBeLessThan(1e-15);
    }
  });
});

/** L and ρ as the code of arXiv 2302.09831 states them; F computed by hand at the default starts. */
describe('golden values', () => {
  it.each([
    ['forsaken', [1, -0.8], [-1.75, -0.70368]], ['polar', [1, 0.5], [-0.328125, 1.0859375]], ['polar(a=0.75)', [1, 0.5], [-0.37109375, 1.064453125]],
    ['global-forsaken', [1.2, 1.2], [1.117897142857143, -1.282102857142857]], ['bilinear', [2, 3], [3, -2]],
  ])('F of %s at %j', (name, z, wanted) => F(gameFrom(name), z).forEach((x, i) => expect(x).toBeCloseTo(wanted[i] ?? NaN, 14)));
  it('F of polar(a=1/3)', () => F(gameFrom(`polar(a=${1 / 3})`), [1, 0.5]).forEach((x, i) => expect(x).toBeCloseTo([-0.4427083333333333, 1.0286458333333333][i] ?? NaN, 14)));
  it.each([['forsaken', 12.402569], ['polar', 18.547952], ['polar(a=0.75)', 13.93839], [`polar(a=${1 / 3})`, 6.30609], ['global-forsaken', 3.022398]])('L of %s', (name, L) => expect(gameFrom(name).facts?.lipschitz).toBeCloseTo(L, 6));
  it.each([['polar', -50176 / 1050977], ['polar(a=0.75)', -602112 / 16798825], [`polar(a=${1 / 3})`, -150528 / 9439585]])('ρ of %s', (name, ρ) => expect(gameFrom(name).facts?.weakMinty).toBeCloseTo(ρ, 15));
  it('L of polar is attained at the corner', () => expect(spectral(jacobian(gameFrom('polar'), Float64Array.of(1.1, 1.1)))).toBeCloseTo(gameFrom('polar').facts?.lipschitz ?? NaN, 12));
  it('ρ of global-forsaken is attained, to its six digits', () => {
    const game = gameFrom('global-forsaken');
    const z = [1.0863937681716245 * Math.cos(4.820547526949104), 1.0863937681716245 * Math.sin(4.820547526949104)];
    const [a = 0, b = 0] = F(game, z);
    expect((a * (z[0] ?? 0) + b * (z[1] ?? 0)) / (a * a + b * b)).toBeCloseTo(-0.119732, 6);
  });
  it('linear: L and ρ are exact, eigenvalues b ± ia', () => {
    const [p = 0, q = 0, r = 0, s = 0] = jacobian(gameFrom('linear(lipschitz=3, weakMinty=-0.1111111111111111)'), new Float64Array(2));
    expect([p, s]).toEqual([-1, -1]);
    expect(q).toBeCloseTo(2 * Math.SQRT2, 15);
    expect(r).toBe(-q);
  });
});

describe('names', () => {
  it('a game is named by its full spec, so that a checkpoint of another is noticed', () => expect(gameFrom('polar(a=0.75)').name).toBe('polar(a=0.75)'));
  it.each([['blinear', 'did you mean bilinear?'], ['polar(b=1)', 'unknown option of game polar "b"'], ['polar(a=0)', 'a is 0; expected a number > 0'], ['polar(bilinear)', 'takes options only'], ['linear(lipschitz=2, weakMinty=-1)', 'expected |weakMinty| <= 1/lipschitz = 0.5']])('%s is refused', (spec, message) => expect(() => gameFrom(spec)).toThrow(message));
});
