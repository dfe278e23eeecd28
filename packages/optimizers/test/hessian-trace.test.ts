import { describe, expect, it } from 'vitest';
import { normal, type Game } from '@stillpoint/operators';
import { problemFrom } from '@stillpoint/problems';
import { hessianTrace, probeAsync, probed } from '../src/index.js';

/** ½zᵀHz. */
const quadratic = (H: Float64Array, n: number): Game => ({
  name: 'quadratic',
  dim: n,
  players: [{ name: 'x', start: 0, end: n }],
  start: Array<number>(n).fill(0),
  operator(z, out) {
    for (let i = 0; i < n; i++) out[i] = Array.from(z).reduce((sum, x, j) => sum + H[i * n + j]! * x, 0);
  },
  jacobianVector(_, v, out) {
    for (let i = 0; i < n; i++) out[i] = Array.from(v).reduce((sum, x, j) => sum + H[i * n + j]! * x, 0);
  },
});

describe('hessianTrace', () => {
  const n = 12;
  const half = normal(new Float64Array(n * n), { seed: 2, purpose: 'H' });
  const H = half.map((x, at) => x + half[(at % n) * n + Math.floor(at / n)]!);
  const traceOf = (from: number, to: number): number => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += H[i * n + i]!;
    return sum;
  };
  it('of a diagonal Hessian is exact from one draw', () => {
    const D = new Float64Array(n * n);
    for (let i = 0; i < n; i++) D[i * n + i] = i + 1;
    expect(
      probed(quadratic(D, n), new Float64Array(n), hessianTrace(new Float64Array(n), { draws: 1 })),
    ).toEqual({ trace: (n * (n + 1)) / 2, deviation: 0 });
  });
  it.each([
    [0, n],
    [3, 8],
  ])('of entries %i to %i is within 4 of its deviations, which are those that theory has', (start, end) => {
    const z = new Float64Array(n);
    const draws = 4000;
    const { trace, deviation } = probed(quadratic(H, n), z, hessianTrace(z, { draws, start, end }));
    let off = 0;
    for (let i = start; i < end; i++)
      for (let j = start; j < end; j++) if (i !== j) off += H[i * n + j]! ** 2;
    const expected = Math.sqrt((2 * off) / draws);
    // a deviation estimated from 4,000 draws is right to 1.1 % · √(kurtosis of up to 9)
    expect(deviation / expected).toBeGreaterThan(0.9);
    expect(deviation / expected).toBeLessThan(1.1);
    expect(Math.abs(trace - traceOf(start, end))).toBeLessThan(4 * expected);
  });
  it('is in the unit of the loss, and the same of a problem that waits', async () => {
    const { exact } = problemFrom('two-moons(examples=60)');
    const z = Float64Array.from(exact.start!);
    const once = probed(exact, z, hessianTrace(z));
    const waiting = {
      ...exact,
      operator: (...args: Parameters<Game['operator']>) => Promise.resolve(exact.operator(...args)),
    };
    expect((await probeAsync(waiting, z, hessianTrace(z))).value).toEqual(once);
  });
  it('refuses draws and entries that are none', () => {
    const z = new Float64Array(3);
    expect(() => hessianTrace(z, { draws: 0 })).toThrow('draws is 0; expected a whole number > 0');
    expect(() => hessianTrace(z, { start: 2, end: 5 })).toThrow(
      'entries 2 to 5; expected some of the 3 of z',
    );
  });
});
