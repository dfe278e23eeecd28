import { describe, expect, it } from 'vitest';
import { naturalResidual, norm, normal, projection, box, type Vector } from '@stillpoint/operators';
import { gameFrom, oneSided } from '../src/index.js';

// one-sided: what its docstring states, at random points of the set.

const F = (game: ReturnType<typeof oneSided>, z: Vector): Float64Array => {
  const out = new Float64Array(game.dim);
  game.operator(z, out);
  return out;
};

describe.each([1, 2, 7])('one-sided(dimension=%i)', (n) => {
  const game = oneSided({ dimension: n });
  const points = Array.from({ length: 300 }, (_, call) => {
    const z = normal(new Float64Array(n + 1), { seed: 4, purpose: 'points', call }, 0, 3 ** ((call % 7) - 3));
    projection(box({ lower: 0, upper: 1 }))(z, n, n + 1);
    return z;
  });
  it('⟨F_x, x − x*⟩ = (1 + y)‖x‖² for every y, the full product adds (1 − y)(½‖x‖² + 1), and ∂f/∂y ≥ 1', () => {
    for (const z of points) {
      const [g, y, r] = [F(game, z), z[n]!, norm(z, 0, n)];
      let oneSide = 0;
      for (let i = 0; i < n; i++) oneSide += g[i]! * z[i]!;
      expect(Math.abs(oneSide / ((1 + y) * r * r) - 1)).toBeLessThan((n + 8) * 2 ** -52);
      const full = oneSide + g[n]! * (y - 1);
      expect(Math.abs(full / ((1 + y) * r * r + (1 - y) * ((r * r) / 2 + 1)) - 1)).toBeLessThan(
        (n + 8) * 2 ** -51,
      );
      expect(-g[n]!).toBeGreaterThanOrEqual(1);
    }
  });
  it('its solution is x = 0, y = 1: the residual vanishes there, the gradient of y does not', () => {
    const z = Float64Array.from(game.facts!.solution!);
    expect(naturalResidual(game, z, new Float64Array(n + 1))).toBe(0);
    expect(Array.from(F(game, z))).toEqual([...Array<number>(n).fill(0), -1]);
  });
  it('‖J‖ = (a + √(a² + 4r²))/2 ≤ 1 + ‖F‖, with equality at the solution', () => {
    const J = (z: Vector, v: Vector, transposed: boolean): Float64Array => {
      const out = new Float64Array(n + 1);
      game.jacobianVector!(z, v, out, transposed);
      return out;
    };
    for (const z of points) {
      const [a, r] = [1 + z[n]!, norm(z, 0, n)];
      const stated = (a + Math.hypot(a, 2 * r)) / 2;
      expect(stated).toBeLessThanOrEqual((1 + norm(F(game, z))) * (1 + 2 ** -50));
      // the first eigenvector of JᵀJ, [[a² + r², ar], [ar, r²]] on the plane of x and y
      const v = Float64Array.from(z, (x, i) => (i < n ? (x / r) * (stated ** 2 - r * r) : a * r));
      expect(Math.abs(norm(J(z, v, false)) / norm(v) / stated - 1)).toBeLessThan(1e-12);
      // no direction is stretched more
      let w: Float64Array = normal(new Float64Array(n + 1), { seed: 5, purpose: 'power' });
      for (let k = 0; k < 40; k++) {
        const size = norm(w);
        w = w.map((x) => x / size);
        w = J(z, J(z, w, false), true);
      }
      expect(Math.sqrt(norm(w))).toBeLessThanOrEqual(stated * (1 + 1e-12));
    }
    const end = Float64Array.from(game.facts!.solution!);
    expect(1 + norm(F(game, end))).toBe(2);
    expect(
      norm(
        J(
          end,
          Float64Array.from(end, (_, i) => Number(i === 0)),
          false,
        ),
      ),
    ).toBe(2);
  });
  it('starts where it is told', () => {
    expect(gameFrom(`one-sided(dimension=${n}, start=-2)`).start).toEqual([...Array<number>(n).fill(-2), 0]);
  });
});
