import { describe, expect, test } from 'vitest';
import { InputError, uniform } from '@stillpoint/operators';
import { steps } from '../../../testing/long.js';
import { checkedConfig, presets, trainConfig, trainTable } from '../src/index.js';

describe('settings of a training run', () => {
  test.each(presets.map(({ name }) => name))('%s: every default is filled in, once and for all', (preset) => {
    const config = trainConfig('test', { preset });
    expect(Object.keys(config).sort()).toEqual(Object.keys(trainTable).sort());
    for (const key of ['data', 'model', 'loss', 'batch', 'method', 'calls', 'best', 'recordEvery'] as const)
      expect(config[key], key).not.toBeNull();
    // what config.json holds is read again by resume
    expect(trainConfig('again', JSON.parse(JSON.stringify(config)))).toEqual(config);
  });

  test('what is given replaces what the preset states', () => {
    const config = trainConfig('test', { preset: 'ring', calls: 1000, loss: 'hinge', metrics: ['modes'] });
    expect(config).toMatchObject({
      calls: 1000,
      loss: 'hinge',
      metrics: ['modes'],
      best: 'modes',
      recordEvery: 5,
      measureEvery: 50,
      pictureEvery: 100,
    });
  });

  test('data by path become a spec, and networks that fit them are chosen', async () => {
    const config = await checkedConfig(trainConfig('test', { data: 'fashion-mnist' }));
    expect(config).toMatchObject({ data: 'fashion-mnist', model: 'dcgan(channels=16)' });
    const points = await checkedConfig(trainConfig('test', { data: 'swiss-roll' }));
    expect(points.model).toContain('mlp');
  });

  test.each([
    [{}, 'names nothing to train'],
    [{ preset: 'rign' }, 'unknown preset "rign"; did you mean ring'],
    [{ preset: 'ring', bacth: 3 }, 'unknown option of test "bacth"; did you mean batch'],
    [{ preset: 'ring', calls: 0 }, 'calls is 0; expected a whole number >= 1'],
    [{ preset: 'ring', tries: NaN }, 'tries is NaN; expected a whole number >= 0'],
    [{ preset: 'ring', onNonFinite: 'ignore' }, 'expected one of stop, skip, halve, back'],
    [{ preset: 'ring', best: 'recall' }, 'best is recall; expected one of the metrics modes'],
    [{ file: 'mine.mjs', batch: 3 }, 'batch is 3; expected it in mine.mjs'],
    [{ file: 'mine.mjs', preset: 'ring' }, 'preset is ring; expected it in mine.mjs'],
    [['ring'], 'expected an object'],
  ])('%j is refused', (given, words) => {
    expect(() => trainConfig('test', given)).toThrow(InputError);
    expect(() => trainConfig('test', given)).toThrow(words);
  });

  test.each([
    [{ preset: 'ring', method: 'adamm' }, 'unknown method "adamm"; did you mean adam'],
    [{ data: 'fashion-mnist', model: 'resnet-classifir' }, 'did you mean resnet-classifier'],
    [{ data: 'fashion-mnist', model: 'dcgn' }, 'did you mean dcgan'],
    [{ preset: 'ring', loss: 'hing' }, 'did you mean hinge'],
    [{ preset: 'ring', initialisation: 'gradcosin' }, 'did you mean gradcosine'],
    [{ preset: 'ring', initialisation: 'gradcosine(bound=0)' }, 'bound is 0; expected a number > 0'],
    [{ preset: 'ring', model: 'dcgan' }, 'model dcgan makes images'],
    [{ preset: 'ring', metrics: ['mode'] }, 'unknown metric "mode"'],
  ])('%j is refused before any work', async (given, words) => {
    await expect(checkedConfig(trainConfig('test', given))).rejects.toThrow(words);
  });

  test('any JSON is settings or an InputError', () => {
    const count = steps(500, 10_000);
    const keys = [...Object.keys(trainTable), '__proto__', 'constructor', 'other'];
    const random = uniform(new Float32Array(16 * count), { seed: 1, purpose: 'configs', call: 0 });
    let at = 0;
    const next = (n: number): number => Math.floor(random[at++ % random.length]! * n);
    const values: readonly unknown[] = [
      null,
      true,
      -1,
      0,
      1,
      3.5,
      1e308,
      2 ** 53,
      '',
      'ring',
      'hinge',
      'mine.mjs',
      'a(b=',
      [],
      ['modes'],
      [1],
      {},
      { name: 'ring' },
      '\u0000',
      'x'.repeat(5000),
    ];
    let made = 0;
    for (let i = 0; i < count; i++) {
      const entries = Array.from({ length: 1 + next(3) }, () => [
        keys[next(keys.length)]!,
        values[next(values.length)],
      ]);
      const text = JSON.stringify(Object.fromEntries([['preset', 'ring'], ...entries]));
      try {
        const config = trainConfig('test', JSON.parse(text));
        expect(trainConfig('again', JSON.parse(JSON.stringify(config))), text).toEqual(config);
        made++;
      } catch (error) {
        if (!(error instanceof InputError)) throw new Error(`${text}: ${String(error)}`, { cause: error });
      }
    }
    expect(made).toBeGreaterThan(count / 50);
  });
});
