import { describe, expect, it } from 'vitest';
import {
  box,
  naturalResidual,
  norm,
  normal,
  projection,
  type Game,
  type Vector,
} from '@stillpoint/operators';
import { gameFrom, oneSidedOnly } from '../src/index.js';

// one-sided-only: what its docstring states, at random points of the set.

const F = (game: Game, z: Vector): Float64Array => {
  const out = new Float64Array(game.dim);
  game.operator(z, out);
  return out;
};
const inner = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0);

describe.each([1, 2, 7])('one-sided-only(dimension=%i)', (n) => {
  const game = oneSidedOnly({ dimension: n });
  const onSet = projection(box({ lower: [-1, 0], upper: [1, 1] }));
  const points = Array.from({ length: 300 }, (_, call) => {
    const z = normal(new Float64Array(n + 2), { seed: 4, purpose: 'points', call }, 0, 3 ** ((call % 7) - 3));
    onSet(z, n, n + 2);
    return z;
  });
  it('⟨F_x, x⟩ = s‖x‖² ≥ ‖x‖² for every y, and ‖∇_y f‖ = (½‖x‖² + 1)√(1 + u²) ≥ 1', () => {
    for (const z of points) {
      const [g, u, v, r] = [F(game, z), z[n]!, z[n + 1]!, norm(z, 0, n)];
      const oneSide = inner(g.subarray(0, n), z);
      expect(Math.abs(oneSide / ((1 + v + (u * u) / 2) * r * r) - 1)).toBeLessThan((n + 8) * 2 ** -51);
      expect(oneSide).toBeGreaterThanOrEqual(r * r * (1 - (n + 8) * 2 ** -51));
      const steep = ((r * r) / 2 + 1) * Math.hypot(u, 1);
      expect(Math.abs(norm(g, n, n + 2) / steep - 1)).toBeLessThan((n + 8) * 2 ** -51);
      expect(norm(g, n, n + 2)).toBeGreaterThanOrEqual(1);
    }
  });
  it('no z* of the set has a full MVI: the point of the proof has ⟨F(z), z − z*⟩ ≤ −¼(½‖x*‖² + 1)', () => {
    for (const star of [
      ...points,
      ...[-1, 0, 1].map((u) => Float64Array.of(...Array<number>(n).fill(0), u, 1)),
    ]) {
      const z = star.slice();
      z[n] = star[n]! >= 0 ? -0.5 : 0.5;
      const product = inner(
        F(game, z),
        z.map((x, i) => x - star[i]!),
      );
      expect(product).toBeLessThanOrEqual((-(norm(star, 0, n) ** 2 / 2 + 1) / 4) * (1 - 1e-12));
    }
  });
  it('is not monotone: along u the product of differences is negative', () => {
    const [a, b] = [0.5, -0.5].map((u) => Float64Array.of(...Array<number>(n).fill(0), u, 1));
    const [Fa, Fb] = [F(game, a!), F(game, b!)];
    const along = (from: number, to: number): number =>
      inner(Fa.map((x, i) => x - Fb[i]!).subarray(from, to), a!.map((x, i) => x - b![i]!).subarray(from, to));
    expect(along(n, n + 2)).toBe(-1);
  });
  it('the three solutions have no residual, and a gradient of y that is not 0', () => {
    for (const u of [-1, 0, 1]) {
      const z = Float64Array.of(...Array<number>(n).fill(0), u, 1);
      expect(naturalResidual(game, z, new Float64Array(n + 2))).toBe(0);
      expect(Array.from(F(game, z), Math.abs)).toEqual([...Array<number>(n).fill(0), Math.abs(u), 1]);
    }
  });
  it('starts where it is told, and knows to which solution that leads', () => {
    for (const side of [-0.25, 0, 1]) {
      const { start, facts } = gameFrom(`one-sided-only(dimension=${n}, start=-2, side=${side})`);
      expect(start).toEqual([...Array<number>(n).fill(-2), side, 0]);
      expect(facts!.solution!.slice(n)).toEqual([Math.sign(side), 1]);
    }
    expect(() => oneSidedOnly({ side: 2 })).toThrow('side is 2');
  });
});
