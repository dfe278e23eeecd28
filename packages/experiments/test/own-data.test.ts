import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFrom, type Dataset, type ImageSet, type PointSet } from '@stillpoint/datasets';
import { slicedWasserstein } from '@stillpoint/metrics';
import { identityDifference, type Data } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import { folder } from '../../../testing/folder.js';
import { compareOnGan, inlineWorker, measurerOf, presets, type GanPreset } from '../src/index.js';

const roll = presets.find(({ name }) => name === 'swiss-roll')!;
const COUNT = 60;
const coordinates = (i: number): readonly [number, number] => [Math.cos(i), i / COUNT];

/** A file of points with a column of labels, and its path. */
function pointsFile(): string {
  const path = join(folder(), 'points.csv');
  const rows = Array.from({ length: COUNT }, (_, i) => [...coordinates(i), 'ab'[i % 2]].join());
  writeFileSync(path, ['x,y,kind', ...rows, ''].join('\n'));
  return path;
}
const withLabels = (path: string, more = ''): string =>
  `csv(path=${JSON.stringify(path)}, label=kind${more})`;
const measured = (dataset: string, more: Partial<GanPreset> = {}): GanPreset => ({
  ...roll,
  dataset,
  metrics: ['sliced-wasserstein(projections=8)'],
  samples: 50,
  ...more,
});
type Finite = PointSet | ImageSet;
const isFinite = (set: Dataset): set is Finite => 'values' in set && 'count' in set;
const finite = async (spec: string): Promise<{ readonly train: Finite; readonly test?: Finite }> => {
  const { train, test } = await dataFrom(spec);
  if (!isFinite(train)) throw new Error(`${spec} is no finite set`);
  return { train, ...(test && { test }) };
};

describe('a preset measured on a user’s points', () => {
  it('compares as many generated points as are held out with these, whatever is asked for', async () => {
    const spec = withLabels(pointsFile());
    const { columns, measure, settings } = await measurerOf(measured(spec));
    const { train, test } = await finite(spec);
    expect([train.count, test?.count]).toEqual([54, 6]);
    const fake = Float32Array.from({ length: 2 * 50 }, (_, i) => Math.sin(3 * i));
    const options = { dim: 2, projections: 8 };
    const real = test!.values();
    expect(await measure(fake)).toEqual({
      slicedWasserstein: slicedWasserstein(fake.subarray(0, 2 * 6), real, options),
    });
    const trained = train.batch(6, { seed: 0, call: 0 });
    expect(columns[0]?.best).toBe(slicedWasserstein(trained, real, options));
    expect(settings['sliced Wasserstein']).toContain(
      '; 6 generated against 6 held-out points, and 6 real ones',
    );
    expect(settings['samples per measurement']).toBe('6');
  });
  it.each([', heldOut=0', ', heldOut=0, header=true'])(
    'says so where nothing is held out (%s)',
    async (more) => {
      const { settings } = await measurerOf(measured(withLabels(pointsFile(), more)));
      expect(settings['sliced Wasserstein']).toContain(
        '; 50 generated against 50 real ones, of the 60 trained on',
      );
    },
  );
  it('takes few points without labels: their last batch has a smaller number than that of other sets', async () => {
    const path = join(folder(), 'few.csv');
    writeFileSync(path, '0 1\n2 3\n4 5\n');
    const { settings, reach } = await measurerOf(measured(`csv(path=${JSON.stringify(path)}, heldOut=0)`));
    expect(settings['sliced Wasserstein']).toContain('real ones, of the 3 trained on');
    expect(reach).toBeCloseTo(5 * 1.15, 6);
  });
  it('finds copies of training points, and refuses metrics of a mixture', async () => {
    const spec = withLabels(pointsFile());
    const memory = { metrics: ['memorisation'], headline: 'memorisation' };
    const { measure } = await measurerOf(measured(spec, memory));
    const { train } = await finite(spec);
    expect(await measure(train.values(0, 50))).toEqual({ memorisation: 100 });
    await expect(measurerOf(measured(spec, { metrics: ['modes'], headline: 'modes' }))).rejects.toThrow(
      /metric modes needs a known mixture; data set csv\(path=.*\) is none: expected one, such as ring or grid, or metrics of any data/,
    );
  });
});

describe('a comparison on other data', () => {
  const options = {
    methods: ['adam(stepSize=0.001)'],
    seeds: 1,
    calls: 6,
    engine: 'cpu',
    model: 'mlp(latent=2, generator=[4], discriminator=[4], classes=2)',
    worker: inlineWorker({}),
  } as const;
  const identityOf = async (data: string): Promise<Data> => {
    const { runs } = await compareOnGan(measured('swiss-roll'), { ...options, data });
    expect(runs.map(({ status, message }) => [status, message])).toEqual([['budget', expect.any(String)]]);
    return runs[0]!.identity;
  };
  it('names the data, drops the goal of the preset, and gives networks the labels', async () => {
    const spec = withLabels(pointsFile());
    const section = await compareOnGan(measured('swiss-roll'), { ...options, data: spec });
    expect(section.title).toBe('csv, by the preset swiss-roll');
    expect([section.goal, roll.goal]).toEqual([undefined, expect.anything()]);
    expect(section.settings['data']).toBe(
      `${spec}: 60 points of points.csv, 2 coordinates as they are; 54 of them, the other 6 are held out`,
    );
    expect(section.about).toContain(spec);
    expect(section.settings['networks']).toContain('2 labels beside its input');
  });
  it('has an identity by content: the same at another path, not of other points there', async () => {
    const path = pointsFile();
    const moved = join(folder(), 'moved.csv');
    cpSync(path, moved);
    const first = await identityOf(withLabels(path));
    expect(identityDifference(first, await identityOf(withLabels(moved)))).toBe(undefined);
    writeFileSync(moved, `x,y,kind\n0,0,a\n1,1,b\n${'2,2,b\n'.repeat(COUNT)}`);
    expect(identityDifference(first, await identityOf(withLabels(moved)))).toMatch(/^dataset\.points: /);
  });
  it('takes the path of a file or a folder', async () => {
    const path = join(folder(), 'plain.csv');
    writeFileSync(path, Array.from({ length: 20 }, (_, i) => `${coordinates(i).join()}\n`).join(''));
    const model = 'mlp(latent=2, generator=[4], discriminator=[4])';
    const section = await compareOnGan(measured('ring'), { ...options, model, data: path });
    expect(section.settings['data']).toMatch(/^csv\(path=".*plain\.csv"\): 20 points of plain\.csv/);
  });
});
