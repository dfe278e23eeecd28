import { describe, expect, it } from 'vitest';
import { mlp } from '@stillpoint/networks';
import { normal } from '@stillpoint/operators';
import { gradCosine, optimiseInitialisation, probeAsync } from '@stillpoint/optimizers';
import { ganGame, nonSaturating } from '../src/index.js';

describe('GradCosine of a GAN', () => {
  it('is that of each player, and rises for both where their scales are learned, on other draws too', async () => {
    const of = {
      generator: mlp({ sizes: [2, 16, 2] }),
      discriminator: mlp({ sizes: [2, 16, 1] }),
      loss: nonSaturating,
      batch: 8,
      data: {
        name: 'a line',
        shape: [2],
        batch: (size: number, stream: { readonly seed: number; readonly call: number }) =>
          normal(new Float32Array(2 * size), { ...stream, purpose: 'points' }, 1).map((x, at) =>
            at % 2 === 0 ? x : 1,
          ),
      },
    } as const;
    const [game, other] = [await ganGame({ ...of, seed: 1 }), await ganGame({ ...of, seed: 2 })];
    try {
      const start = game.initialise(3);
      const subBatches = 8;
      const { z, scales, calls, ledger } = await optimiseInitialisation(game, {
        start,
        target: 'gc',
        subBatches,
        iterations: 50,
      });
      expect(z).toBeInstanceOf(Float32Array);
      expect(scales.map(({ tensor }) => tensor)).toEqual(game.blocks!.map(({ name }) => name));
      expect(ledger.gradients).toEqual([51 * subBatches, 51 * subBatches]);
      expect(ledger.products).toBe(50 * subBatches * 2);
      // priced by the networks’ operations
      expect(calls).toBeCloseTo(51 * subBatches + game.prices!.product! * ledger.products, 6);
      const cosines = async (at: Float32Array): Promise<readonly number[]> =>
        (await probeAsync(other, at, gradCosine(at, { subBatches: 32 }))).value.map(({ cosine }) => cosine);
      const [before, after] = [await cosines(start), await cosines(Float32Array.from(z))];
      expect(after[0]).toBeGreaterThan(before[0]!);
      expect(after[1]).toBeGreaterThan(before[1]!);
    } finally {
      await Promise.all([game.dispose(), other.dispose()]);
    }
  });
});
