import { describe, expect, it } from 'vitest';
import { gameFrom } from '@stillpoint/problems';
import { solve } from '../src/index.js';
import { methodFrom } from '../src/registry.js';
import { run, start } from './forsaken.js';

describe('schedules', () => {
  const linear = gameFrom('linear(lipschitz=1, weakMinty=0.5)');
  it.each([
    ['{kind=linear, from=0.4, to=0.1, steps=10}', (k: number) => 0.4 - 0.3 * Math.min(k / 10, 1)],
    [
      '{kind=cosine, from=0.4, to=0, steps=8}',
      (k: number) => 0.2 * (1 + Math.cos((Math.PI * Math.min(k, 8)) / 8)),
    ],
    ['{kind=exponential, from=0.4, to=0.1, steps=10}', (k: number) => 0.4 * 0.25 ** Math.min(k / 10, 1)],
    ['{kind=power, from=0.4, steps=5}', (k: number) => 0.4 / (1 + k / 5)],
    [
      '{kind=power, from=0.4, steps=5, power=0.5, warmup=4}',
      (k: number) => (0.4 / Math.sqrt(1 + k / 5)) * Math.min((k + 1) / 4, 1),
    ],
  ] as const)('gda(stepSize=%s): the multiplier of n steps is Π (1 − γ_k μ)', (text, rate) => {
    const [b, a] = [0.5, Math.sqrt(0.75)]; // |1 − γ(b − ia)|² = (1 − γb)² + (γa)²
    let length = Math.hypot(1, 0.5);
    for (let k = 0; k < 20; k++) length *= Math.hypot(1 - rate(k) * b, rate(k) * a);
    expect(
      Math.hypot(...run(methodFrom(`gda(stepSize=${text})`), 20, linear, Float64Array.of(1, 0.5))),
    ).toBeCloseTo(length, 13);
  });
  it('a schedule per player, saved half-way and continued', () => {
    const method = methodFrom('extragradient(stepSize=[{kind=cosine, from=0.4, to=0.01, steps=30}, 0.2])');
    const half = solve(linear, method, { steps: 11, start });
    expect(Array.from(solve(linear, method, { steps: 25, start, from: half.checkpoint }).z)).toEqual(
      run(method, 25, linear),
    );
  });
  it.each([
    '{kind=cosine, from=0.4, steps=8}',
    '{kind=cosin, from=0.4, to=0, steps=8}',
    '{kind=exponential, from=0.4, to=0, steps=8}',
    '{kind=power, from=0.4, steps=8, to=1}',
    '{kind=linear, from=-1, to=0, steps=8}',
  ])('%s is refused', (text) => {
    expect(() => methodFrom(`gda(stepSize=${text})`)).toThrow(
      'expected a number > 0, or one per player as [a,b], or schedules as {kind=cosine',
    );
  });
});
