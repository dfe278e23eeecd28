import { describe, expect, it } from 'vitest';
import { metricRow, metrics } from '../src/index.js';

describe('the registry of metrics', () => {
  it('says which way is better, in what unit, and how far one can get', () => {
    for (const { name, about, from, unit, better, ceiling, floor, reference } of metrics) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(about && from && unit && reference).toBeTruthy();
      expect(better === 'higher' ? ceiling : floor).toBeDefined();
    }
    expect(metricRow('high-quality').ceiling).toBeCloseTo(0.98889, 5);
  });
  it('suggests the nearest name', () => {
    expect(() => metricRow('sliced-wassserstein')).toThrow(
      'unknown metric "sliced-wassserstein"; did you mean sliced-wasserstein?',
    );
  });
});
