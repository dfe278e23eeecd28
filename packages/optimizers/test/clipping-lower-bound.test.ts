import { describe, expect, it } from 'vitest';
import { norm, type Game, type Method, type State } from '@stillpoint/operators';
import { problemFrom } from '@stillpoint/problems';
import { boundOn } from '../src/certificates.js';
import { gda, iterate } from '../src/index.js';
import { methodFrom } from '../src/registry.js';

/** The options of the problem, and what its docstring derives from them. */
function instance(L0: number, L1: number, M: number, ε: number, d: number) {
  const spec = `clipping-lower-bound(L0=${L0}, L1=${L1}, gradient=${M}, accuracy=${ε}, distance=${d})`;
  const growth = Math.log(1 + (L1 * M) / L0);
  /** t(d), by ln cosh v = v − ln 2 + ln(1 + exp(−2v)). */
  const v = (L0 * d) / (2 * ε);
  const flat = ((4 * ε ** 2) / L0) * (v - Math.LN2 + Math.log1p(Math.exp(-2 * v)));
  return {
    game: problemFrom(spec).exact,
    L0,
    L1,
    M,
    ε,
    d,
    flat,
    x0: growth / L1,
    steep: M / L1 - (L0 * growth) / L1 ** 2,
    /** H: from here on gradient descent does not converge. */
    longest: (2 * growth) / (L1 * M),
    /** So many steps it needs below. */
    least: (L1 * M * (flat - (2 * ε ** 2 * Math.log(3)) / L0)) / (8 * ε ** 2 * growth),
  };
}
const instances = [
  instance(1, 10, 100, 0.02, 25),
  instance(2, 1, 30, 0.1, 40),
  instance(0.5, 4, 1000, 0.05, 3),
  instance(3, 0.2, 7, 0.5, 20),
];

/** ‖∇f‖ after each step. */
function* slopes(game: Game, method: Method<State>): Generator<number> {
  const F = new Float64Array(2);
  for (const { z } of iterate(game, method)) {
    game.operator(z, F);
    yield norm(F);
  }
}
/** Steps until ‖∇f‖ ≤ ε. */
function stepsTo(ε: number, game: Game, method: Method<State>): number {
  let k = 0;
  for (const slope of slopes(game, method)) {
    k++;
    if (slope <= ε) return k;
  }
  throw new Error('the run never ends');
}

describe.each(instances)('L₀ = $L0, L₁ = $L1, M = $M, ε = $ε, d = $d', (known) => {
  const { game, L0, L1, M, ε, d, x0, flat, steep, longest, least } = known;
  const at = (x: number, y: number): { F: Float64Array; J: Float64Array; f: number } => {
    const [z, F, J, f] = [
      Float64Array.of(x, y),
      new Float64Array(2),
      new Float64Array(2),
      new Float64Array(1),
    ];
    game.operator(z, F);
    game.jacobianVector!(z, Float64Array.of(1, 1), J, false); // ∇²f is diagonal
    game.losses!(z, f);
    return { F, J, f: f[0]! };
  };
  it('starts with slope M along x and below 2ε along y, at the values of its two parts', () => {
    expect(game.start).toEqual([expect.closeTo(x0, 14), d]);
    const { F } = at(x0, d);
    expect(F[0]! / M).toBeCloseTo(1, 12);
    expect(F[1]! / (2 * ε)).toBeCloseTo(Math.tanh((L0 * d) / (2 * ε)), 14);
    expect(at(x0, 0).f / steep).toBeCloseTo(1, 10); // two terms that cancel in part, M/L₁ the larger
    expect(at(0, d).f / flat).toBeCloseTo(1, 12);
    expect(at(x0, d).f / (steep + flat)).toBeCloseTo(1, 10);
    expect(flat).toBeLessThanOrEqual(2 * ε * d);
  });
  it('is (L₀, L₁)-smooth, along x with equality', () => {
    for (let i = -30; i <= 30; i++)
      for (let j = -30; j <= 30; j++) {
        const [x, y] = [(i * x0) / 25, (Math.sign(j) * 2 ** (Math.abs(j) - 20) * ε) / L0];
        const { F, J } = at(x, y);
        const most = Math.max(Math.abs(J[0]!), Math.abs(J[1]!));
        expect(most).toBeLessThanOrEqual((L0 + L1 * norm(F)) * (1 + 2 ** -50));
        if (j === 0) expect(most / (L0 + L1 * norm(F))).toBeCloseTo(1, 14);
      }
    expect(at(0, 0).J[1]).toBe(L0);
  });
  it('gradient descent from H on: ‖∇f‖ ≥ M for ever; just at H, x changes its sign and nothing else', () => {
    for (const factor of [1 + 1e-6, 1.01, 1.3, 2, 10, 1000]) {
      let k = 0;
      for (const slope of slopes(game, gda({ stepSize: factor * longest }))) {
        if (!Number.isFinite(slope) || ++k > 500) break; // it overflows within some steps
        expect(slope).toBeGreaterThanOrEqual(M * (1 - 1e-12));
      }
    }
    const { value } = iterate(game, gda({ stepSize: longest })).next();
    expect(value?.z[0]).toBeCloseTo(-x0, 12);
  });
  it('below H it takes the steps that the docstring derives, and the fewer the longer it is', () => {
    let before = Infinity;
    for (const factor of [0.2, 0.5, 0.9, 0.99]) {
      const h = factor * longest;
      const k = stepsTo(ε, game, gda({ stepSize: h }));
      expect(k).toBeGreaterThanOrEqual((d - (ε * Math.log(3)) / L0) / (2 * ε * h));
      expect(k).toBeGreaterThan(least);
      expect(k).toBeLessThanOrEqual(before);
      before = k;
    }
  });
  it('clipped gradient with its one pair of defaults arrives within the count of its theorem', () => {
    const method = methodFrom('clipped-gradient', game.facts);
    const bounded = boundOn(game, method, Float64Array.from(game.start!));
    if ('reason' in bounded) throw new Error(bounded.reason);
    const [η, c] = [1 / (2 * L0), (2 * L0) / (3 * L1)];
    const count = Math.ceil((2 * (steep + flat)) / (η * ε * Math.min(ε, c)));
    expect(bounded.at(count)).toBeLessThanOrEqual(ε ** 2 * (1 + 1e-9));
    expect(bounded.at(count - 1)).toBeGreaterThan(ε ** 2 * (1 - 1e-9));
    expect(stepsTo(ε, game, method)).toBeLessThanOrEqual(count);
  });
});

it('with M = 10⁴ the theorem of clipped gradient needs less than the best step size of gradient descent', () => {
  const { game, steep, flat, ε, L0, least } = instance(1, 10, 1e4, 0.02, 250);
  const count = (4 * L0 * (steep + flat)) / ε ** 2;
  expect(count).toBeLessThan(least);
  // both parts one after the other: the steep one in steps of the length ηc = 1/30
  expect(stepsTo(ε, game, methodFrom('clipped-gradient', game.facts))).toBeLessThan(count / 400);
});
