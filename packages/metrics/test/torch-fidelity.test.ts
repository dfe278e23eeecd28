import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { classifierScore, frechetDistance, kernelDistance, precisionRecall } from '../src/index.js';

// Made by bench/pytorch/metrics.py: figures of torch-fidelity on random features and logits, in float64.
const published: {
  readonly dim: number;
  readonly classes: number;
  readonly real: readonly number[];
  readonly fake: readonly number[];
  readonly logits: readonly number[];
  readonly frechetDistance: number;
  readonly kernelDistance: number;
  readonly precision: number;
  readonly recall: number;
  readonly scores: { readonly [splits: string]: { readonly mean: number; readonly std: number } };
} = JSON.parse(readFileSync(new URL('fixtures/torch-fidelity.json', import.meta.url), 'utf8'));

const { dim, classes } = published;
const [real, fake, logits] = [
  Float64Array.from(published.real),
  Float64Array.from(published.fake),
  Float64Array.from(published.logits),
];
const sets = { real, fake };

describe('torch-fidelity’s figures on random features', () => {
  it('the Fréchet distance, whose square roots of eigenvalues lose half of the digits there', () => {
    const { distance } = frechetDistance(sets, { dim });
    expect(Math.abs(distance / published.frechetDistance - 1)).toBeLessThan(1e-8);
  });
  it('the kernel distance of as many examples of both sets, in one block', () => {
    const first = real.subarray(0, fake.length);
    const { distance, error } = kernelDistance({ real: first, fake }, { dim, block: fake.length / dim });
    // the same sums in another order: their error is bounded by ours
    expect(Math.abs(distance - published.kernelDistance)).toBeLessThan(2 * error);
  });
  it('precision and recall, of three neighbours with the surface', () => {
    const { precision, recall } = precisionRecall(sets, { dim, k: 3 });
    expect([precision, recall].map(Math.fround)).toEqual([published.precision, published.recall]);
  });
  it.each(Object.entries(published.scores))('the inception score in %s splits', (splits, { mean, std }) => {
    const { score, spread } = classifierScore(logits, {
      classes,
      features: 'random',
      splits: Number(splits),
    });
    expect(score).toBeCloseTo(mean, 12);
    expect(spread).toBeCloseTo(std, 12);
  });
});
