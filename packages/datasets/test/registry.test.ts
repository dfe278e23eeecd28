import { describe, expect, it } from 'vitest';
import { datasetFrom, datasets, ring } from '../src/index.js';

describe('the registry of data sets', () => {
  it('builds every row with its defaults', async () => {
    expect(datasets.map(({ name }) => name)).toEqual(['ring', 'fashion-mnist']);
    for (const { name, about, reference, build } of datasets) {
      const { train } = await build({});
      expect(train.name).toBe(name);
      expect(about && reference && train.describe).toBeTruthy();
      expect(train.batch(2, { seed: 1, call: 0 })).toHaveLength(2 * train.shape.reduce((a, b) => a * b, 1));
    }
  });

  it('reads specs', async () => {
    const { train, mixture, test } = await datasetFrom('ring(modes=5, radius=2)');
    expect([mixture?.centres, test]).toEqual([ring({ modes: 5, radius: 2 }).centres, undefined]);
    expect(train.batch(3, { seed: 1, call: 0 })).toEqual(ring({ modes: 5, radius: 2 }).batch(3, { seed: 1, call: 0 }));
    expect((await datasetFrom('fashion-mnist')).test?.count).toBe(2000);
  });

  it('refuses what it does not know, with the nearest that it does', async () => {
    await expect(datasetFrom('rings')).rejects.toThrow('unknown dataset "rings"; did you mean ring?');
    await expect(datasetFrom('ring(mode=8)')).rejects.toThrow('unknown option of dataset ring "mode"; did you mean modes?');
    await expect(datasetFrom('ring(modes=1.5)')).rejects.toThrow('dataset ring: modes is 1.5; expected a whole number >= 1');
    await expect(datasetFrom('fashion-mnist(source=3)')).rejects.toThrow('source is 3; expected embedded, full or');
    await expect(datasetFrom('ring(fashion-mnist)')).rejects.toThrow('takes options only');
  });
});
