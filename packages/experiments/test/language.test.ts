import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SmoothnessPoint } from '@stillpoint/optimizers/drivers';
import { InputError } from '@stillpoint/operators';
import type { Measure } from '@stillpoint/tracking';
import { checkedConfig, measurerOf, presets, trainConfig, trainedBy, trainRun } from '../src/index.js';
import { reproduce } from '../src/papers.js';
import { contenders, languageModel } from '../src/papers/clipping/language-model.js';
import { languageRuns, smoothnessValues, type LanguageSize } from '../src/papers/clipping/language-runs.js';
import { judged } from '../src/papers/reproduce.js';
import { tableSection, type Row } from '../src/papers/runs.js';
import { folder } from '../../../testing/folder.js';
import { memorySink } from './memory-sink.js';

const given = {
  data: 'king-james(length=9)',
  model: 'lstm(units=4, embedding=3)',
  batch: 4,
  calls: 20,
  method: 'clipped-gradient(stepSize=4, threshold=0.5)',
};

describe('a text as the data of a training run', () => {
  it('trains a language model: its loss falls, and its network is that of the config', async () => {
    const config = await checkedConfig(trainConfig('test', { ...given, calls: 60 }));
    expect([config.loss, config.model]).toEqual([null, given.model]);
    const trained = await trainedBy(config);
    const sink = memorySink();
    const { status } = await trainRun(config, trained, sink);
    await trained.dispose();
    expect(status).toBe('budget');
    // table 62·3, LSTM (3 + 4 + 1)·16, dense (4 + 1)·62
    expect(trained.problem.dim).toBe(62 * 3 + 8 * 16 + 5 * 62);
    const losses = sink.kept.rows.flatMap(({ values }) => values['full loss model'] ?? []);
    expect(Math.abs(losses[0]! - Math.log(62))).toBeLessThan(0.2);
    expect(losses.at(-1)!).toBeLessThan(losses[0]! - 0.5);
  });

  it('has an LSTM unless it says otherwise', async () => {
    const config = await checkedConfig(trainConfig('test', { data: 'king-james' }));
    expect(config.model).toBe('lstm');
  });

  it.each([
    [{ loss: 'hinge' }, 'loss is hinge, but king-james(length=9) is a text'],
    [{ constrainD: 'box' }, 'constrainD is box, but king-james(length=9) is a text'],
    [{ model: 'mpl' }, 'unknown network "mpl"; did you mean mlp?'],
    [{ model: 'dcgan-generator' }, 'network dcgan-generator: its outputs have shape [8,62]'],
  ])('refuses %j', async (more, message) => {
    const outcome = checkedConfig(trainConfig('test', { ...given, ...more }));
    await expect(outcome).rejects.toThrow(message);
    await expect(outcome).rejects.toBeInstanceOf(InputError);
  });

  it('is refused by what compares GANs', async () => {
    const ring = presets.find(({ name }) => name === 'ring')!;
    const outcome = measurerOf({ ...ring, dataset: 'king-james' });
    await expect(outcome).rejects.toThrow('ring is a GAN, and king-james is a text');
    await expect(outcome).rejects.toBeInstanceOf(InputError);
  });
});

const tiny: LanguageSize = {
  data: 'king-james',
  time: 6,
  batch: 4,
  measured: 8,
  heldOut: 8,
  network: 'lstm(embedding=3, units=4)',
  steps: 44,
  every: 4,
  seeds: 2,
  firstSeed: 1,
};
const clip = (threshold: number) => ({
  label: `clip ${threshold}`,
  method: `clipped-gradient(stepSize=2, threshold=${threshold})`,
});
const gda = { label: 'gda', method: 'gda(stepSize=2)' };
const run = async (
  size: LanguageSize = tiny,
  of = [gda, clip(1e6), clip(1e-6)],
  signal?: AbortSignal,
): Promise<readonly Row[]> =>
  (await languageRuns(of, size, { engine: 'auto', ...(signal ? { signal } : {}) })).rows;

/** Pearson’s correlation, written down anew. */
function pearson(a: readonly number[], b: readonly number[]): number {
  const mean = (v: readonly number[]): number => v.reduce((s, x) => s + x, 0) / v.length;
  const [p, q] = [mean(a), mean(b)];
  const sum = (f: (i: number) => number): number => a.reduce((s, _, i) => s + f(i), 0);
  const product = sum((i) => (a[i]! - p) * (b[i]! - q));
  return product / Math.sqrt(sum((i) => (a[i]! - p) ** 2) * sum((i) => (b[i]! - q) ** 2));
}

describe('runs of a language model', () => {
  it('a clip that never engages changes nothing, one that always does is counted', async () => {
    const [plain, never, always] = await run({ ...tiny, seeds: 1 });
    expect(never!.series).toEqual(plain!.series);
    expect([plain, never, always].map((row) => row!.values['engaged'])).toEqual([null, 0, 1]);
    expect(plain!.calls).toBe(44);
    // with steps of 2e-6 the loss stays where it was, but for rounding
    const held = always!.series!['held-out loss']!.y.map(Number);
    expect(Math.abs(held.at(-1)! - held[0]!)).toBeLessThan(1e-3);
  });

  it('a seed gives all methods the same start and windows, and another seed others', async () => {
    const rows = await run({ ...tiny, steps: 4 }, [gda, clip(1e6)]);
    expect(rows.map(({ label, seed }) => [label, seed])).toEqual([
      ['gda', 1],
      ['clip 1000000', 1],
      ['gda', 2],
      ['clip 1000000', 2],
    ]);
    const [one, same, other] = rows.map(({ series }) => series);
    expect(same).toEqual(one);
    expect(other!['training loss']!.y[0]).not.toBe(one!['training loss']!.y[0]);
    expect(await run({ ...tiny, steps: 4 }, [gda, clip(1e6)])).toEqual(rows);
  });

  it('measures every so many-th step, and states the correlation of the points that it keeps', async () => {
    const [row] = await run({ ...tiny, seeds: 1 }, [gda]);
    const { x, y } = row!.series!['smoothness over gradient']!;
    expect([x.length, y.length]).toEqual([11, 11]); // steps 1, 5, …, 41
    const logs = [x, y].map((values) => values.map((value) => Math.log(value!)));
    expect(Math.abs(row!.values['correlation']! - pearson(logs[0]!, logs[1]!))).toBeLessThan(1e-12);
    const late = logs.map((values) => values.slice(2)); // without the first tenth of eleven, rounded up
    expect(Math.abs(row!.values['late correlation']! - pearson(late[0]!, late[1]!))).toBeLessThan(1e-12);
  });

  it('takes a text of the user’s and other seeds, and refuses what is no text', async () => {
    const path = join(folder(), 'book.txt');
    writeFileSync(path, 'to be, or not to be, that is the question. '.repeat(20));
    const chosen = languageModel.with!({
      data: `text(path="${path}")`,
      firstSeed: 11,
      seeds: 1,
      time: 6,
      units: 2,
      steps: 40,
    });
    const [made] = await reproduce([chosen], {
      quick: true,
      processes: 1,
    });
    const [section] = made!.sections;
    expect(section!.title).toBe(`A character LSTM on text(path="${path}")`);
    expect(section!.runs.map(({ seed }) => seed)).toEqual(Array(7).fill(11));
    expect(section!.settings['runs']).toContain('40 steps, 1 seed;');
    await expect(run({ ...tiny, data: 'ring' })).rejects.toThrow('ring is no text; expected a text');
    await expect(run({ ...tiny, data: `text(path="${path}", heldOut=0)` })).rejects.toThrow(
      'has no part that is held out',
    );
  });

  it('ends when it is stopped', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await run(tiny, [gda], stop.signal)).toEqual([]);
  });
});

describe('the values of measured steps', () => {
  const along = (smoothness: (gradient: number) => number): SmoothnessPoint[] =>
    Array.from({ length: 40 }, (_, i) => ({ gradient: 1 + i / 10, smoothness: smoothness(1 + i / 10) }));
  it('are those of a line, and of a power', () => {
    const line = smoothnessValues(along((g) => 3 + 2 * g));
    for (const [column, value] of Object.entries({ L0: 3, L1: 2, threshold: 1 }))
      expect(Math.abs(line[column]! - value), column).toBeLessThan(1e-6);
    const [up, down] = [smoothnessValues(along((g) => g ** 3)), smoothnessValues(along((g) => 1 / g))];
    expect(Math.abs(up['correlation']! - 1)).toBeLessThan(1e-12);
    expect(Math.abs(down['correlation']! + 1)).toBeLessThan(1e-12);
    expect(up['threshold']).toBeNull(); // L₀ = 0
    expect(smoothnessValues([])).toEqual({});
  });
});

describe('the claims of clipping/language-model', () => {
  const values: { readonly [name in keyof typeof contenders]: { correlation: number; loss: Measure } } = {
    long: { correlation: 0.9, loss: 1.4 },
    longPlain: { correlation: 0.2, loss: null },
    best: { correlation: 0.6, loss: 1.5 },
    shorter: { correlation: 0.5, loss: 1.5 },
    short: { correlation: 0.4, loss: 1.7 },
    shortClipped: { correlation: 0.3, loss: 1.8 },
    momentum: { correlation: 0.7, loss: 1.45 },
  };
  type Name = keyof typeof contenders;
  /** The verdicts where one value of the second seed is another. */
  const verdicts = (name: Name = 'long', changed: object = {}, drop?: Name, quick = false) => {
    const rows: Row[] = [1, 2].flatMap((seed) =>
      (['long', 'longPlain', 'best', 'shorter', 'short', 'shortClipped', 'momentum'] as const)
        .filter((one) => one !== drop || seed === 1)
        .map((one) => ({
          ...contenders[one],
          seed,
          values: { ...values[one], ...(one === name && seed === 2 ? changed : {}) },
        })),
    );
    const frame = { title: 't', problem: 'p', about: '', columns: [], verdict: [], identity: {} };
    const section = tableSection({
      ...frame,
      columns: [{ name: 'loss', label: 'loss', better: 'lower', digits: 3 }],
      rows,
    });
    return Object.fromEntries(
      languageModel.claims.map((claim) => [claim.name, judged(claim, [section], quick).verdict]),
    );
  };
  const held = { strong: 'scaled down', weak: 'scaled down', stronger: 'scaled down', faster: 'scaled down' };
  it('hold where each seed is so', () => expect(verdicts()).toEqual(held));
  it.each<[Name, object, object]>([
    ['long', { correlation: 0.79 }, { strong: 'not reproduced' }],
    ['shortClipped', { correlation: 0.5 }, { weak: 'not reproduced' }],
    ['short', { correlation: 0.5 }, { weak: 'not reproduced' }],
    ['momentum', { correlation: 0.95 }, { stronger: 'not reproduced' }],
    ['long', { correlation: null }, { strong: 'not reproduced', stronger: 'not reproduced' }],
    ['best', { loss: 1.39 }, { faster: 'not reproduced' }],
    ['long', { loss: null }, { faster: 'not reproduced' }],
  ])('do not hold where one seed of %s has %j', (name, changed, broken) =>
    expect(verdicts(name, changed)).toEqual({ ...held, ...broken }),
  );
  it('are not tried in the quick form, and where runs are missing', () => {
    const none = 'not tried here';
    expect(Object.values(verdicts('long', {}, undefined, true))).toEqual([none, none, none, none]);
    expect(verdicts('long', {}, 'momentum')).toEqual({ ...held, stronger: none, faster: none });
  });
});
