import { describe, expect, it } from 'vitest';
import { normal, svd, type Game, type Vector } from '@stillpoint/operators';
import { affineGame } from '@stillpoint/problems';
import { spaceFor } from '../src/index.js';
import { power } from '../src/inner/power.js';
import { spectralNorm, startDirection } from '../src/inner/spectral-norm.js';

/** ‖J‖ as the method finds it, from v. */
function found(game: Game, v: Vector): { readonly norm: number; readonly products: number } {
  const out = new Float64Array(game.dim);
  const asking = spectralNorm(spaceFor(game, v))(new Float64Array(game.dim), v);
  let products = 0;
  for (let turn = asking.next(); ;) {
    if (turn.done) return { norm: turn.value, products };
    const query = turn.value;
    if (ArrayBuffer.isView(query) || query.want !== 'product') throw new Error('it asks for products only');
    products++;
    game.jacobianVector?.(query.at, query.along, out, query.transposed === true);
    turn = asking.next(out);
  }
}
const gameOf = (n: number, M: Float64Array): Game =>
  affineGame({
    name: 'M',
    players: [{ name: 'x', start: 0, end: n }],
    M,
    q: new Float64Array(n),
    start: Array<number>(n).fill(0),
    facts: { lipschitz: 1 },
  });

describe('‖J(z)‖ by Lanczos steps', () => {
  it.each([1, 2, 3, 8, 24])('is exact up to 24 entries: %i, to n² roundings', (n) => {
    for (let seed = 1; seed <= 20; seed++) {
      const M = normal(new Float64Array(n * n), { seed, purpose: 'M' });
      const game = gameOf(n, M);
      const { norm, products } = found(game, startDirection(spaceFor(game, new Float64Array(n))));
      expect(Math.abs(norm / (svd(M, n, n).values[0] ?? NaN) - 1)).toBeLessThan(50 * n * n * 2 ** -53);
      expect(products).toBeLessThanOrEqual(2 * n);
    }
  });
  it('of 200 entries: it is right even if two directions are stretched nearly alike', () => {
    const n = 200;
    const M = new Float64Array(n * n);
    // 1, 0.9999, then up to 0.9
    for (let i = 0; i < n; i++) M[i * n + i] = i < 2 ? 1 - 1e-4 * i : 0.9 * (i / n);
    const game = gameOf(n, M);
    const { norm } = found(game, startDirection(spaceFor(game, new Float64Array(n))));
    expect(norm).toBeLessThanOrEqual(1 + 1e-14);
    expect(norm).toBeGreaterThan(1 - 1e-4); // 24 steps: a Ritz value at least between the two
  });
  it('misses no direction if v is nearly 0 on a player, or if v is minus the start direction', () => {
    const game = gameOf(2, Float64Array.of(1, 0, 0, 3));
    expect(found(game, Float64Array.of(1, 1e-48)).norm).toBeCloseTo(3, 14);
    expect(
      found(
        game,
        startDirection(spaceFor(game, new Float64Array(2))).map((x) => -x),
      ).norm,
    ).toBeCloseTo(3, 14);
  });
  it('of zero is zero, and v is finite afterwards', () => {
    const game = gameOf(2, new Float64Array(4));
    const v = Float64Array.of(1, 0);
    expect(found(game, v).norm).toBe(0);
    expect(v.every(Number.isFinite)).toBe(true);
  });
});

describe('whole powers', () => {
  it('are products: within n roundings of the exact power, and exact if that power is exact', () => {
    expect([power(0.9, 0), power(2, 10), power(-0.5, 3), power(0, 0), power(0, 5)]).toEqual([
      1, 1024, -0.125, 1, 0,
    ]);
    for (const x of [0.5, 0.9, 0.999])
      for (let n = 1; n < 3000; n = Math.ceil(n * 1.3))
        expect(Math.abs(power(x, n) - x ** n)).toBeLessThanOrEqual(
          2 * n * 2 ** -53 * x ** n + Number.MIN_VALUE,
        );
  });
});
