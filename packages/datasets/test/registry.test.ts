import { describe, expect, it } from 'vitest';
import { datasetFrom, datasets, grid, ring, swissRoll } from '../src/index.js';

describe('the registry of data sets', () => {
  it('builds every row with its defaults', async () => {
    expect(datasets.map(({ name }) => name)).toEqual([
      'ring',
      'grid',
      'four-gaussians',
      'swiss-roll',
      'fashion-mnist',
      'stacked-fashion',
      'king-james',
      'image-folder',
      'npy',
      'csv',
      'idx',
      'cifar10',
      'cifar100',
      'text',
    ]);
    for (const { name, about, options, reference, build } of datasets) {
      if ('path' in options) continue; // its default would be a file: file-rows.test.ts builds it
      const { train } = await build({});
      expect(train.name).toBe(name);
      expect(about && reference && train.describe).toBeTruthy();
      expect(train.batch(2, { seed: 1, call: 0 })).toHaveLength(2 * train.shape.reduce((a, b) => a * b, 1));
    }
  });

  it('reads specs', async () => {
    const { train, mixture, test } = await datasetFrom('ring(modes=5, radius=2)');
    expect([mixture?.centres, test]).toEqual([ring({ modes: 5, radius: 2 }).centres, undefined]);
    expect(train.batch(3, { seed: 1, call: 0 })).toEqual(
      ring({ modes: 5, radius: 2 }).batch(3, { seed: 1, call: 0 }),
    );
    expect((await datasetFrom('fashion-mnist')).test?.count).toBe(2000);
    expect((await datasetFrom('grid')).mixture?.centres).toEqual(grid().centres);
    const given = await datasetFrom('grid(convention=wgan-gp, side=3)');
    expect([given.mixture?.centres, given.mixture?.deviation]).toEqual([
      grid({ convention: 'wgan-gp', side: 3 }).centres,
      0.05 / 2.828,
    ]);
    expect((await datasetFrom('ring(convention=wgan-gp, radius=3)')).mixture?.centres).toEqual(
      ring({ radius: 3 }).centres,
    );
    const roll = await datasetFrom('swiss-roll(noise=0, divisor=1)');
    expect([roll.mixture, roll.test]).toEqual([undefined, undefined]);
    expect(roll.train.batch(3, { seed: 1, call: 0 })).toEqual(
      swissRoll({ noise: 0, divisor: 1 }).batch(3, { seed: 1, call: 0 }),
    );
  });

  it('refuses unknown names, options and values, and names the nearest known one', async () => {
    await expect(datasetFrom('rings')).rejects.toThrow('unknown dataset "rings"; did you mean ring?');
    await expect(datasetFrom('ring(mode=8)')).rejects.toThrow(
      'unknown option of dataset ring "mode"; did you mean modes?',
    );
    await expect(datasetFrom('ring(modes=1.5)')).rejects.toThrow(
      'dataset ring: modes is 1.5; expected a whole number >= 1',
    );
    await expect(datasetFrom('grid(spacing=0)')).rejects.toThrow(
      'dataset grid: spacing is 0; expected a number > 0',
    );
    await expect(datasetFrom('grid(convention=veegan)')).rejects.toThrow(
      'dataset grid: convention is veegan; expected pacgan or wgan-gp',
    );
    await expect(datasetFrom('swissroll')).rejects.toThrow(
      'unknown dataset "swissroll"; did you mean swiss-roll?',
    );
    await expect(datasetFrom('fashion-mnist(source=3)')).rejects.toThrow(
      'source is 3; expected embedded, full or',
    );
    await expect(datasetFrom('ring(fashion-mnist)')).rejects.toThrow('takes options only');
  });
});
