import { cpSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError, equalData } from '@stillpoint/operators';
import { createRun, openRun, readRun } from '../src/run.js';
import { rotated, type Stored } from '../src/run/store.js';
import { histogramOf, restartRecord, summaryRecord } from '../src/tensorboard.js';
import { records } from './records.js';
import {
  beginning,
  bytesOf,
  fresh,
  indexOf,
  listed,
  made,
  namesIn,
  pictureOf,
  pointOf,
  row,
  text,
  time,
} from './runs.js';

describe('a run', () => {
  it('has the stated files, from which all is read again as it was given', () => {
    const path = fresh();
    const run = createRun(
      path,
      { ...beginning, files: { 'own.mjs': 'export {};\n', data: Uint8Array.of(0, 255) } },
      { best: { metric: 'fid', better: 'lower' } },
    );
    const note = { step: 0, kind: 'begun', message: 'It – began.', time, data: { a: [1, null] } } as const;
    run.note(note);
    run.record(row(1));
    const grid = pictureOf(1);
    run.picture({ step: 1, calls: 2 }, grid.png, { width: grid.width, height: grid.height });
    run.live(grid.png);
    run.checkpoint(bytesOf(1), { step: 1, calls: 2, values: { fid: 2, x: null } });
    const seen = (): void => {
      const found = readRun(path);
      expect(JSON.stringify(found.config)).toBe(JSON.stringify(beginning.config));
      expect(found.environment).toEqual(beginning.environment);
      expect(equalData(found.identity, beginning.identity)).toBe(true);
      expect(found.metrics()).toEqual([row(1)]);
      expect(found.notes()).toEqual([note]);
      expect(found.pictures()).toEqual([
        {
          step: 1,
          calls: 2,
          width: grid.width,
          height: grid.height,
          path: join(path, 'samples', 'step-000001.png'),
          png: Buffer.from(grid.png),
        },
      ]);
      expect(found.checkpoints.list()).toEqual([
        {
          step: 1,
          calls: 2,
          values: { fid: 2, x: null },
          file: 'checkpoints/step-000000001.safetensors',
          good: false,
          best: true,
        },
      ]);
      expect(indexOf(path)).toEqual({ format: 1, checkpoints: found.checkpoints.list() });
    };
    seen();
    expect(readdirSync(path).filter((name) => name.startsWith('lock'))).toHaveLength(1);
    run.close();
    run.close();
    seen();
    const [events] = readdirSync(join(path, 'tensorboard'));
    expect(namesIn(path)).toEqual(
      [
        ['run.json', 'config.json', 'environment.json', 'identity.safetensors', 'own.mjs', 'data'],
        ['metrics.jsonl', 'metrics.csv', 'notes.jsonl'],
        ['samples', 'samples/step-000001.png', 'samples/latest.png', 'samples/pictures.jsonl'],
        ['checkpoints', 'checkpoints/index.json', 'checkpoints/step-000000001.safetensors'],
        ['tensorboard', `tensorboard/${events}`],
      ]
        .flat()
        .sort(),
    );
    expect([text(path, 'own.mjs'), [...readFileSync(join(path, 'data'))]]).toEqual([
      'export {};\n',
      [0, 255],
    ]);
    expect(readFileSync(join(path, 'samples/latest.png'))).toEqual(Buffer.from(grid.png));
    const line = text(path, 'metrics.jsonl');
    expect(line).toMatch(/"checksum":"[0-9a-f]{8}"\}\n$/);
    const { checksum: _, ...written }: { checksum: string } = JSON.parse(line);
    expect(written).toEqual(row(1));
    expect(JSON.parse(text(path, 'run.json'))).toMatchObject({
      format: 1,
      keep: 3,
      best: { metric: 'fid', better: 'lower' },
    });
    expect(() => run.record(row(2))).toThrow(`the run ${path} is closed`);
  });

  it('writes all rows as one table when it is closed: a column for each value that some row has', () => {
    const path = fresh();
    const run = createRun(path, beginning);
    run.record({ step: 1, calls: 1.5, seconds: 0, values: { a: 1, 'b,c': NaN } });
    run.record({ step: 2, calls: 3, seconds: 1, values: { ['__proto__']: 7, a: -0.5 } });
    run.close();
    expect(text(path, 'metrics.csv')).toBe(
      'step,calls,seconds,a,"b,c",__proto__\n1,1.5,0,1,,\n2,3,1,-0.5,,7\n',
    );
    expect(readRun(path).metrics()[0]?.values).toEqual({ a: 1, 'b,c': null });
    expect(Object.entries(readRun(path).metrics()[1]!.values)).toEqual([
      ['__proto__', 7],
      ['a', -0.5],
    ]);
  });

  it('writes scalars, pictures and histograms as events, without the tensors that have none', () => {
    const path = fresh();
    const run = createRun(path, beginning);
    const [weights, { png, ...size }] = [Float32Array.of(1, 2, 4), pictureOf(1)];
    run.record({ step: 1, calls: 1, seconds: 0, values: { loss: 0.5, lost: null } });
    run.picture({ step: 1, calls: 1 }, png, size);
    run.histograms(1, { weights, bad: Float32Array.of(1, NaN), empty: new Float64Array(0) });
    run.histograms(1, { bad: Float64Array.of(Infinity) });
    run.close();
    const [name = ''] = readdirSync(join(path, 'tensorboard'));
    const [, ...found] = records(readFileSync(join(path, 'tensorboard', name)));
    const expected = [{ loss: 0.5, lost: NaN }, { samples: { png } }, { weights: histogramOf(weights) }].map(
      (values) => records(summaryRecord({ wallTime: 1, step: 1, values }))[0]!,
    );
    // the first nine bytes are the time
    const rest = (record: Uint8Array): readonly number[] => [...record.subarray(9)];
    expect(found.map(rest)).toEqual(expected.map(rest));
  });

  it('keeps the last checkpoints, the best and the last good', () => {
    const path = made(fresh(), 7, [1, 2]);
    expect(listed(path)).toEqual([
      [2, true, false],
      [3, false, true],
      [6, false, false],
      [7, false, false],
    ]);
    const { checkpoints } = readRun(path);
    expect(
      [checkpoints.latest(), checkpoints.best(), checkpoints.lastGood(), checkpoints.at(6)].map(pointOf),
    ).toEqual([7, 3, 2, 6]);
    expect(() => checkpoints.at(5)).toThrow(
      `${join(path, 'checkpoints')} has no checkpoint of step 5; there are those of the steps 2, 3, 6, 7`,
    );
  });

  it('without a checkpoint, a metric, or a mark says so, or returns the newest', () => {
    const path = fresh();
    const run = createRun(path, beginning);
    for (const name of ['latest', 'lastGood'] as const)
      expect(() => run.checkpoints[name]()).toThrow(
        new InputError(`${join(path, 'checkpoints')} has no checkpoint: it has none yet`),
      );
    expect(() => run.checkpoints.best()).toThrow('the run has no metric by which a checkpoint is best');
    expect(run.checkpoints.isEmpty()).toBe(true);
    run.good(5); // there is none to mark
    run.checkpoint(bytesOf(1), { step: 1, calls: 1, values: {} });
    run.checkpoint(bytesOf(4), { step: 4, calls: 1, values: {} });
    expect(run.checkpoints.lastGood()).toMatchObject({ entry: { step: 4, good: false }, damaged: [] });
    run.good(3);
    expect(run.checkpoints.lastGood()).toMatchObject({ entry: { step: 1, good: true } });
    run.close();
    const other = createRun(fresh(), beginning, { best: { metric: 'a', better: 'higher' } });
    other.checkpoint(bytesOf(1), { step: 1, calls: 1, values: { a: null, b: 1 } });
    expect(() => other.checkpoints.best()).toThrow(
      'has no checkpoint with a number as a; there are those of',
    );
    other.close();
  });

  it('passes over checkpoints that are damaged, and names them; after the marked ones come those before them', () => {
    const path = fresh();
    const run = createRun(path, beginning, { keep: 9, best: { metric: 'a', better: 'higher' } });
    for (let step = 1; step <= 6; step++) {
      run.checkpoint(bytesOf(step), { step, calls: step, values: { a: step } });
      if (step === 2 || step === 4) run.good(step);
    }
    run.close();
    const file = (step: number): string => join(path, 'checkpoints', `step-00000000${step}.safetensors`);
    const { checkpoints } = readRun(path);
    const found = (name: 'latest' | 'best' | 'lastGood'): readonly unknown[] => {
      const { entry, damaged } = checkpoints[name]();
      return [entry.step, entry.good, damaged.length, pointOf(checkpoints[name]())];
    };
    const damage = (step: number): void => {
      const bytes = readFileSync(file(step));
      bytes[bytes.length - 1]! ^= 1;
      writeFileSync(file(step), bytes);
    };
    damage(6); // its tensors
    truncateSync(file(5), 20); // its header
    expect([found('latest'), found('best'), found('lastGood')]).toEqual([
      [4, true, 2, 4],
      [4, true, 1, 4], // the header of 5 does not say what its metric is
      [4, true, 0, 4],
    ]);
    expect(checkpoints.latest().damaged[0]).toMatch(
      new RegExp(`^${file(6)}: it is damaged: its content has the checksum`),
    );
    expect(checkpoints.latest().damaged[1]).toBe(
      `${file(5)}: it is truncated or no safetensors file, with 20 bytes`,
    );
    damage(4);
    expect(found('lastGood')).toEqual([2, true, 1, 2]);
    damage(2);
    expect(found('lastGood')).toEqual([3, false, 2, 3]);
    damage(3);
    damage(1);
    expect(() => checkpoints.lastGood()).toThrow('has no checkpoint; what there is is damaged: ');
    for (let step = 1; step <= 6; step++) truncateSync(file(step), 20);
    expect([checkpoints.list(), checkpoints.isEmpty()]).toEqual([[], false]);
    expect(() => checkpoints.latest()).toThrow('has no checkpoint; what there is is damaged: ');
  });

  it('goes back to a step: rows, pictures, checkpoints and events after it are dropped, notes are not', () => {
    const path = made(fresh(), 7, [2]);
    const run = openRun(path);
    writeFileSync(join(path, 'samples', 'step-000009.png'), ''); // of a process killed before it was listed
    run.note({ step: 7, kind: 'resumed', message: 'It goes on.', time });
    run.rewind(6);
    expect(listed(path).map(([step]) => step)).toEqual([2, 3, 6]);
    run.rewind(3);
    expect(listed(path).map(([step]) => step)).toEqual([2, 3]);
    expect(run.metrics()).toEqual([1, 2, 3].map(row));
    expect(run.pictures().map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(readdirSync(join(path, 'samples')).filter((name) => name.endsWith('png'))).toHaveLength(3);
    expect(run.notes().map(({ kind }) => kind)).toEqual(['begun', 'resumed']);
    expect(indexOf(path)).toEqual({ format: 1, checkpoints: run.checkpoints.list() });
    run.record(row(4));
    run.close();
    expect(readRun(path).metrics()).toEqual([1, 2, 3, 4].map(row));
    const starts = readdirSync(join(path, 'tensorboard'))
      .sort()
      .map((name) => [...records(readFileSync(join(path, 'tensorboard', name)))[1]!.subarray(9)]);
    expect(starts.slice(1)).toEqual(
      [7, 4].map((step) => [...records(restartRecord(1, step))[0]!.subarray(9)]),
    );
  });

  it('of the same step again: the new checkpoint takes the place, and the mark of the old does not hold for it', () => {
    const path = fresh();
    const run = createRun(path, beginning);
    const at = { step: 1, calls: 1, values: {} };
    run.checkpoint(bytesOf(1, 10), at);
    run.good(1);
    run.checkpoint(bytesOf(1, 20), at);
    expect(listed(path)).toEqual([[1, false, false]]);
    expect(pointOf(run.checkpoints.latest())).toBe(20);
    run.good(1);
    expect(listed(path)).toEqual([[1, true, false]]);
    run.close();
  });

  it('copied without the folders that are empty is a run, and one without any is one at its beginning', () => {
    const path = made(fresh(), 2);
    for (const name of ['samples', 'tensorboard', 'checkpoints'])
      rmSync(join(path, name), { recursive: true });
    expect([readRun(path).pictures(), readRun(path).checkpoints.isEmpty()]).toEqual([[], true]);
    const run = openRun(path);
    run.rewind(0);
    run.record(row(1));
    run.checkpoint(bytesOf(1), { step: 1, calls: 1, values: {} });
    run.close();
    expect([readRun(path).metrics(), listed(path)]).toEqual([[row(1)], [[1, false, false]]]);
  });

  it('that begins again drops the row of step 0, which going back to step 0 keeps', () => {
    const path = made(fresh(), 0);
    const run = openRun(path);
    run.record(row(0));
    run.rewind(0);
    expect(run.metrics().map(({ step }) => step)).toEqual([0]);
    run.rewind('start');
    expect(run.metrics()).toEqual([]);
    run.record(row(0));
    run.close();
    expect(
      readRun(path)
        .metrics()
        .map(({ step }) => step),
    ).toEqual([0]);
  });

  it('copied elsewhere is a run there, also if it was copied while it was written', () => {
    const path = fresh();
    const run = createRun(path, beginning);
    run.record(row(1));
    run.checkpoint(bytesOf(1), { step: 1, calls: 1, values: {} });
    const copy = fresh();
    cpSync(path, copy, { recursive: true });
    for (const name of namesIn(copy).filter((file) => /json|csv/.test(file)))
      expect(text(copy, name)).not.toContain(path);
    const other = openRun(copy);
    other.record(row(2));
    expect(pointOf(other.checkpoints.latest())).toBe(1);
    run.record(row(3));
    run.close();
    other.close();
    expect([path, copy].map((at) => readRun(at).metrics().length)).toEqual([2, 2]);
    expect(namesIn(copy).filter((name) => name.startsWith('lock'))).toEqual([]);
  });
});

describe('rotation', () => {
  it('of every history keeps the last, the best and the last good, and nothing else', () => {
    const stored = (step: number, value: number | null, good: boolean): Stored => ({
      step,
      good,
      head: { step, calls: step, values: { v: value }, checksum: '' },
    });
    const values = [null, 0, 1, 1];
    let cases = 0;
    for (let code = 0; code < 8 ** 4; code++) {
      const list = [0, 1, 2, 3].map((i) => {
        const digit = (code >> (3 * i)) & 7;
        return stored(10 * i, values[digit & 3]!, digit >= 4);
      });
      for (const keep of [1, 2]) {
        const gone = rotated(list, keep, { metric: 'v', better: 'lower' });
        const finite = list.flatMap(({ head }) =>
          typeof head === 'string' || head.values['v'] === null ? [] : [head.values['v']!],
        );
        const best = list.find(
          ({ head }) => typeof head !== 'string' && head.values['v'] === Math.min(...finite),
        )?.step;
        const good = list.findLast((file) => file.good)?.step;
        const expected = list
          .map(({ step }) => step)
          .filter((step, i) => i < 4 - keep && step !== best && step !== good);
        expect(gone).toEqual(expected);
        cases++;
      }
    }
    expect(cases).toBe(8192);
  });
  it('leaves damaged files alone, and does not count them', () => {
    const whole = (step: number): Stored => ({
      step,
      good: false,
      head: { step, calls: 0, values: {}, checksum: '' },
    });
    const damaged: Stored = { step: 3, good: false, head: 'damaged' };
    expect(rotated([whole(1), whole(2), damaged, whole(4)], 2, undefined)).toEqual([1]);
  });
});
