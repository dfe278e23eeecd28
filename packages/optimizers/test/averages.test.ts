import { describe, expect, it } from 'vitest';
import type { Method, State } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { average, ema, extragradient, iterate, solve } from '../src/index.js';
import { methodFrom } from '../src/registry.js';
import { box, run, same, start, γ } from './forsaken.js';

describe('averages', () => {
  const iterates = (n: number): number[][] => {
    const states = iterate(box, extragradient({ stepSize: γ }), start);
    return Array.from({ length: n }, () => Array.from(states.next().value.z));
  };
  it.each([0, 1, 3])('average with power %i weighs step k by kᵖ-like growth: Σ w_k z_k / Σ w_k', (p) => {
    const points = iterates(25);
    const weights = points.map((_, j) => {
      // the weight that later shrinking leaves of (p + 1)/(k + p)
      const k = j + 1;
      let w = (p + 1) / (k + p);
      for (let i = k + 1; i <= 25; i++) w *= 1 - (p + 1) / (i + p);
      return w;
    });
    expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 13);
    if (p === 0) weights.forEach((w) => expect(w).toBeCloseTo(1 / 25, 14));
    same(
      run(average(extragradient({ stepSize: γ }), { power: p }), 25, box),
      [0, 1].map((i) => points.reduce((sum, z, k) => sum + (weights[k] ?? 0) * (z[i] ?? 0), 0)),
    );
  });
  it('ema is βz + (1 − β)w from z₀', () => {
    let z = [0.4, -0.3];
    for (const w of iterates(25)) z = z.map((x, i) => 0.9 * x + 0.1 * (w[i] ?? 0));
    same(run(ema(extragradient({ stepSize: γ }), { decay: 0.9 }), 25, box), z);
  });
  it('does not change the method: `last` is its point without the average', () => {
    const wrapped: readonly Method<State>[] = [
      average(extragradient({ stepSize: γ })),
      ema(extragradient({ stepSize: γ })),
    ];
    for (const method of wrapped) {
      same(
        Array.from(method.points?.(solve(box, method, { steps: 25, start }).checkpoint.state)['last'] ?? []),
        iterates(25).at(-1) ?? [],
      );
    }
  });
  it('alternating gda cycles on xy, its average converges like 1/K', () => {
    const xy = gameFrom('bilinear');
    const far = (K: number): number =>
      Math.hypot(...run(methodFrom('average(alternating-gda(stepSize=0.1))'), K, xy, Float64Array.of(1, 1)));
    expect(
      Math.hypot(...run(methodFrom('alternating-gda(stepSize=0.1)'), 4000, xy, Float64Array.of(1, 1))),
    ).toBeGreaterThan(1);
    // the sum of a rotation by about γ a step stays within (2/γ)·√2
    for (const K of [400, 4000]) expect(far(K)).toBeLessThan(40 / K);
  });
});
