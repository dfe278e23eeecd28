import { spawnSync } from 'node:child_process';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError, contentHash, equalData } from '@stillpoint/operators';
import { folder } from '../../../testing/folder.js';
import { createRun, noteKinds, openRun, readRun, type RunDirectory } from '../src/run.js';
import { rotated, type Stored } from '../src/run/store.js';
import { histogramOf, restartRecord, summaryRecord } from '../src/tensorboard.js';
import { withFaults } from './faults.js';
import { records } from './records.js';
import { beginning, bytesOf, indexOf, listed, namesIn, orphan, pictureOf, pointOf } from './runs.js';

const time = '2026-01-02T03:04:05.678Z';
const fresh = (): string => join(folder(), 'run');
const text = (...path: readonly string[]): string => readFileSync(join(...path), 'utf8');
const row = (step: number): Parameters<RunDirectory['record']>[0] => ({
  step,
  calls: 2 * step,
  seconds: step / 4,
  values: { 'loss/d': step === 2 ? null : -step, fid: Math.abs(step - 3) },
});

/** A run of so many steps, with a checkpoint and a picture at each; closed. */
function made(path: string, steps: number, good: readonly number[] = []): string {
  return withFaults(
    () => undefined,
    () => makeRun(path, steps, good),
  );
}

function makeRun(path: string, steps: number, good: readonly number[]): string {
  const run = createRun(path, beginning, { keep: 2, best: { metric: 'fid', better: 'lower' } });
  run.note({ step: 0, kind: 'begun', message: 'It began.', time });
  for (let step = 1; step <= steps; step++) {
    run.record(row(step));
    const { png, ...size } = pictureOf(step);
    run.picture({ step, calls: 2 * step }, png, size);
    run.checkpoint(bytesOf(step), { step, calls: 2 * step, values: row(step).values });
    if (good.includes(step)) run.good(step);
  }
  run.close();
  return path;
}

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
    expect(text(path, 'metrics.jsonl')).toBe(`${JSON.stringify(row(1))}\n`);
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

describe('what is given', () => {
  const create = (...args: readonly unknown[]): unknown => Reflect.apply(createRun, undefined, args);
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  it.each<[string, unknown, unknown, RegExp]>([
    ['no beginning', null, {}, /a run begins with null; expected \{ config/],
    ['a text as config', { ...beginning, config: 'a' }, {}, /config is "a"; expected an object/],
    ['NaN', { ...beginning, config: { a: { b: [1, NaN] } } }, {}, /config.a.b.1 is NaN; expected what JSON/],
    ['a vector', { ...beginning, config: { a: Float32Array.of(1) } }, {}, /config.a is a Float32Array/],
    ['a date', { ...beginning, environment: { at: new Date(0) } }, {}, /environment.at is /],
    ['a cycle', { ...beginning, config: cyclic }, {}, /^config.self.*nested more than 500 levels deep/],
    ['keep 0', beginning, { keep: 0 }, /keep is 0; expected a whole number of checkpoints ≥ 1/],
    ['keep as text', beginning, { keep: '3' }, /keep is "3"/],
    ['best as text', beginning, { best: 'fid' }, /best is "fid"; expected \{ metric/],
    ['best without a direction', beginning, { best: { metric: 'fid' } }, /best is \{metric: "fid"\}/],
    ['options as number', beginning, 3, /options are 3; expected \{ keep, best \}/],
    ['files as list', { ...beginning, files: [] }, {}, /files are \[\]; expected contents by name/],
    ['a file outside', { ...beginning, files: { '../a': '' } }, {}, /"..\/a" cannot be in a run/],
    ['a hidden file', { ...beginning, files: { '.a': '' } }, {}, /".a" cannot be in a run/],
    ['a partial file', { ...beginning, files: { 'a.partial-1': '' } }, {}, /cannot be in a run/],
    ['a file of the run', { ...beginning, files: { 'Run.json': '' } }, {}, /Run.json has the name of a part/],
    ['a lock', { ...beginning, files: { 'lock.a.1': '' } }, {}, /lock.a.1 has the name of a part/],
    ['a number as file', { ...beginning, files: { a: 1 } }, {}, /the file a is 1; expected text/],
  ])('refuses %s, and makes no folder', (_, begin, options, message) => {
    const path = fresh();
    expect(() => create(path, begin, options)).toThrow(InputError);
    expect(() => create(path, begin, options)).toThrow(message);
    expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('to a run that is open is checked before anything is written', () => {
    const path = fresh();
    const run = createRun(path, beginning);
    const { png, ...size } = pictureOf(1);
    run.record(row(5));
    run.checkpoint(bytesOf(5), { step: 5, calls: 5, values: {} });
    const before = namesIn(path).map((name) => [name, lstatSync(join(path, name)).size]);
    const call = (name: keyof RunDirectory, ...args: readonly unknown[]): void => {
      const method: unknown = run[name];
      if (typeof method === 'function') Reflect.apply(method, run, args);
    };
    const bytes = bytesOf(6);
    const at = { step: 6, calls: 6, values: {} };
    const cut = bytes.subarray(0, bytes.length - 8);
    for (const [name, args, message] of [
      ['record', [null], /the row is null; expected an object/],
      ['record', [{ ...row(6), step: -1 }], /step is -1; expected a whole number from 0/],
      ['record', [{ ...row(6), step: 2 ** 53 }], /step is 9007199254740992/],
      ['record', [{ ...row(6), calls: NaN }], /calls is NaN; expected a finite number ≥ 0/],
      ['record', [{ ...row(6), seconds: -1 }], /seconds is -1/],
      ['record', [{ ...row(6), values: [] }], /values is \[\]; expected an object/],
      ['record', [{ ...row(6), values: { a: '1' } }], /the value a is "1"; expected a number or null/],
      ['record', [{ ...row(6), values: { 'a\n': 1 } }], /"a\\n" of a value has a control character/],
      ['record', [{ ...row(6), values: { '': 1 } }], /the name "" of a value is empty/],
      ['record', [row(4)], /a row of step 4 after one of step 5; expected rows in order: rewind\(4\)/],
      ['note', [{ step: 1, kind: 'begn', message: '', time }], /kind of note "begn"; did you mean begun\?/],
      ['note', [{ step: 1, kind: 3, message: '', time }], /kind is 3; expected one of: begun/],
      ['note', [{ step: 1, kind: 'begun', message: 1, time }], /message is 1; expected text/],
      ['note', [{ step: 1, kind: 'begun', message: '', time: 'now' }], /time is "now"; expected text as new/],
      ['note', [{ step: 1, kind: 'begun', message: '', time, data: [NaN] }], /data.0 is NaN/],
      ['picture', [{ step: 1 }, png, size], /calls is undefined/],
      ['picture', [{ step: 1, calls: 1 }, png.subarray(9), size], /bytes are not a PNG file/],
      [
        'picture',
        [{ step: 1, calls: 1 }, png, { width: 1, height: 1 }],
        /size is \{width: 1, height: 1\}; expected/,
      ],
      ['live', [[1]], /png is \[1\]; expected a PNG file/],
      ['histograms', [1.5, {}], /step is 1.5/],
      ['histograms', [1, null], /tensors are null/],
      ['histograms', [1, { a: [1] }], /the tensor a is \[1\]; expected a Float32Array/],
      ['checkpoint', ['a', at], /the checkpoint is "a"; expected the bytes that encodeCheckpoint returns/],
      ['checkpoint', [bytes], /second argument is undefined/],
      ['checkpoint', [bytes, { ...at, values: 1 }], /values is 1/],
      ['checkpoint', [new Uint8Array(100), at], /its header is not JSON|states no checksum/],
      ['checkpoint', [cut, at], /bytes of tensors; its header states/],
      ['checkpoint', [bytes, { ...at, step: 4 }], /a checkpoint of step 4 after one of step 5/],
      ['good', ['1'], /step is "1"/],
      ['rewind', [-1], /step is -1/],
    ] as const) {
      expect(() => call(name, ...args), String(message)).toThrow(InputError);
      expect(() => call(name, ...args)).toThrow(message);
    }
    expect(namesIn(path).map((name) => [name, lstatSync(join(path, name)).size])).toEqual(before);
    for (const kind of noteKinds) run.note({ step: 1, kind, message: '', time });
    expect(run.notes().map(({ kind }) => kind)).toEqual(noteKinds);
    run.close();
  });

  it('a folder that holds something is not taken, and said to hold what it does', () => {
    const place = folder();
    writeFileSync(join(place, 'file'), '');
    expect(() => createRun(join(place, 'file'), beginning)).toThrow(
      /file is a file; expected an empty folder/,
    );
    expect(() => createRun(place, beginning)).toThrow(
      `${place} holds files already (file); expected an empty`,
    );
    const path = made(join(place, 'deep', 'run'), 1);
    const before = namesIn(path);
    expect(() => createRun(path, beginning)).toThrow(`${path} holds a run already: resume continues it`);
    expect(namesIn(path)).toEqual(before);
    mkdirSync(join(place, 'empty'));
    createRun(join(place, 'empty'), beginning).close();
    for (const [wrong, why] of [
      [join(place, 'none'), 'there is none; expected the folder of a run'],
      [join(place, 'file'), 'there is a file; expected the folder of a run'],
      [place, 'is no run: it has no run.json'],
    ] as const)
      for (const open of [openRun, readRun]) {
        expect(() => open(wrong)).toThrow(InputError);
        expect(() => open(wrong)).toThrow(why);
      }
    expect(() => Reflect.apply(openRun, undefined, [3])).toThrow('run 3; expected a file’s path');
    expect(readdirSync(place).sort()).toEqual(['deep', 'empty', 'file']);
  });
});

describe('what is found', () => {
  it('a settings file that was changed is not taken for the run’s own', () => {
    for (const name of ['config.json', 'environment.json', 'identity.safetensors', 'run.json']) {
      const path = made(fresh(), 1);
      const changed = readFileSync(join(path, name), 'latin1').replace(/[0-8](?=[^0-9]*$)/, (x) =>
        String(+x + 1),
      );
      writeFileSync(join(path, name), name === 'config.json' ? '{"method":"gda"}\n' : changed, 'latin1');
      for (const open of [openRun, readRun])
        expect(() => open(path), name).toThrow(
          /is damaged, or was changed by hand; expected it as the run wrote it/,
        );
    }
  });
  it('a run of a later version is not', () => {
    const path = made(fresh(), 1);
    const { checksum: _, ...about } = JSON.parse(text(path, 'run.json'));
    const later = { ...about, format: 2 };
    writeFileSync(
      join(path, 'run.json'),
      JSON.stringify({ ...later, checksum: contentHash(JSON.stringify(later)) }),
    );
    expect(() => openRun(path)).toThrow(
      `${join(path, 'run.json')}: its format is 2; expected 1: a later version of Stillpoint has written it`,
    );
  });
  it('a last line that is not whole is dropped, and the next row follows the whole ones', () => {
    const path = made(fresh(), 2);
    writeFileSync(join(path, 'metrics.jsonl'), `${text(path, 'metrics.jsonl')}{"step":3,"calls":6,"sec`);
    expect(readRun(path).metrics()).toEqual([1, 2].map(row));
    const run = openRun(path);
    run.record(row(3));
    run.close();
    expect(readRun(path).metrics()).toEqual([1, 2, 3].map(row));
    expect(
      readRun(path)
        .notes()
        .map(({ kind }) => kind),
    ).toEqual(['begun']);
  });
  it.each([
    ['no JSON', '\0\0\0\0'],
    ['no row', '{"step":1}'],
    ['a name given twice', '{"step":1,"step":2,"calls":1,"seconds":1,"values":{}}'],
    ['deep JSON', `${'['.repeat(9999)}${']'.repeat(9999)}`],
    ['a number that is too large', '{"step":1,"calls":1e999,"seconds":1,"values":{}}'],
    ['an endless line', 'x'.repeat(2 ** 24 + 1)],
    ['bytes that are no text', Buffer.of(255, 254)],
  ])('a line that says nothing (%s) is named by who reads, and removed by who goes on', (_, line) => {
    const path = made(fresh(), 3);
    const lines = text(path, 'metrics.jsonl').split('\n');
    writeFileSync(
      join(path, 'metrics.jsonl'),
      Buffer.concat([
        Buffer.from(`${lines[0]}\n`),
        Buffer.from(line),
        Buffer.from(`\n${lines.slice(1).join('\n')}`),
      ]),
    );
    const place = `${join(path, 'metrics.jsonl')}, line 2`;
    expect(() => readRun(path).metrics()).toThrow(InputError);
    expect(() => readRun(path).metrics()).toThrow(place);
    const run = openRun(path);
    expect(run.metrics()).toEqual([1, 2, 3].map(row));
    expect(run.notes().at(-1)).toMatchObject({ step: 3, kind: 'warning' });
    expect(run.notes().at(-1)?.message).toContain(`1 damaged line was removed: ${place}`);
    run.close();
  });
  it('a link, a folder or a pipe in the place of a file is neither followed nor read', () => {
    const outside = join(folder(), 'outside');
    const replace = (path: string, name: string, by: (at: string) => void): void => {
      rmSync(join(path, name), { recursive: true, force: true });
      by(join(path, name));
    };
    const link = (at: string): void => symlinkSync(outside, at);
    const pipe = (at: string): void => void spawnSync('mkfifo', [at]);
    const kinds: readonly (readonly [(at: string) => void, string])[] = [
      [link, 'is a link'],
      [mkdirSync, 'is a folder'],
      ...(process.platform === 'win32' ? [] : [[pipe, 'is no regular file'] as const]),
    ];
    for (const [by, why] of kinds) {
      for (const name of [
        'config.json',
        'run.json',
        'metrics.jsonl',
        'notes.jsonl',
        'samples/pictures.jsonl',
      ]) {
        const path = made(fresh(), 2);
        replace(path, name, by);
        expect(() => openRun(path), `${name} ${why}`).toThrow(
          `${join(path, name)} ${why}; expected a file of the run itself`,
        );
        expect(namesIn(path).filter((file) => file.startsWith('lock'))).toEqual([]);
      }
      const path = made(fresh(), 3);
      replace(path, 'checkpoints/step-000000003.safetensors', by);
      const run = openRun(path);
      expect(run.checkpoints.latest().entry.step).toBe(2);
      expect(run.checkpoints.latest().damaged[0]).toContain(`safetensors ${why}; expected a file`);
      replace(path, 'samples/latest.png', by);
      expect(() => run.live(pictureOf(1).png)).toThrow(
        `latest.png ${why}; expected a file of the run itself`,
      );
      replace(path, 'metrics.csv', by);
      expect(() => run.close()).toThrow(`metrics.csv ${why}`);
    }
    for (const name of ['checkpoints', 'samples', 'tensorboard']) {
      const path = made(fresh(), 2);
      renameSync(join(path, name), outside);
      symlinkSync(outside, join(path, name));
      const before = namesIn(outside);
      expect(() => openRun(path), name).toThrow(
        `${join(path, name)} is a link; expected a folder of the run itself`,
      );
      expect(namesIn(outside)).toEqual(before);
      rmSync(outside, { recursive: true });
    }
  });
  it('a checkpoint that states huge sizes is refused by its first bytes', () => {
    const path = made(fresh(), 2);
    const file = join(path, 'checkpoints', 'step-000000002.safetensors');
    const whole = readFileSync(file);
    const length = Number(whole.readBigUInt64LE());
    const header = JSON.parse(whole.subarray(8, 8 + length).toString());
    const written = (change: (all: typeof header) => void): Buffer => {
      const copy = structuredClone(header);
      change(copy);
      const text = Buffer.from(JSON.stringify(copy));
      const start = Buffer.alloc(8);
      start.writeBigUInt64LE(BigInt(text.length));
      return Buffer.concat([start, text, whole.subarray(8 + length)]);
    };
    const huge = Buffer.from(whole);
    huge.writeBigUInt64LE(2n ** 62n);
    for (const [bytes, why] of [
      [huge, /truncated or no safetensors file/],
      [written((all) => (all['state.z'].data_offsets = [0, 2 ** 50])), /its header states 1125899906842624/],
      [written((all) => (all['state.z'].data_offsets = 'a')), /"state.z" has no place in it/],
      [written((all) => (all['__metadata__'].stillpoint_run = '{"step":2}')), /calls is undefined/],
      [written((all) => delete all['__metadata__'].stillpoint_run), /its entry is undefined/],
      [
        written((all) => {
          const entry = JSON.parse(all['__metadata__'].stillpoint_run);
          all['__metadata__'].stillpoint_run = JSON.stringify({ ...entry, values: { fid: -1 } });
        }),
        /its step, calls or values are damaged/,
      ],
      [Buffer.alloc(0), /with 0 bytes/],
    ] as const) {
      writeFileSync(file, bytes);
      const { entry, damaged } = readRun(path).checkpoints.latest();
      expect(entry.step).toBe(1);
      expect(damaged).toHaveLength(1);
      expect(damaged[0]).toMatch(why);
    }
    writeFileSync(file, '');
    truncateSync(file, 2 ** 43); // 8 TB without a block on the disk
    expect(readRun(path).checkpoints.latest().entry.step).toBe(1);
    rmSync(file);
    cpSync(join(path, 'checkpoints', 'step-000000001.safetensors'), file);
    expect(readRun(path).checkpoints.latest().damaged[0]).toContain(
      'it is the checkpoint of step 1, by another name',
    );
  });
});

describe('a lock', () => {
  const lockOf = (path: string): string => join(path, `lock.${hostname()}.${process.pid}`);
  const change = (path: string, parts: object): void =>
    writeFileSync(lockOf(path), JSON.stringify({ ...JSON.parse(text(lockOf(path))), ...parts }));

  it('names process and machine, refuses a second writer and lets readers read', () => {
    const path = fresh();
    const run = createRun(path, beginning);
    expect(JSON.parse(text(lockOf(path)))).toMatchObject({ process: process.pid, host: hostname() });
    expect(() => openRun(path)).toThrow(InputError);
    expect(() => openRun(path)).toThrow(
      `${path}: this process writes it already; expected one writer: close it`,
    );
    expect(readRun(path).metrics()).toEqual([]);
    run.close();
    openRun(path).close();
  });
  it('of a process that lives holds, of one that has ended does not', () => {
    const path = fresh();
    createRun(path, beginning);
    change(path, { process: process.ppid, started: null });
    renameSync(lockOf(path), join(path, 'lock.here.1'));
    expect(() => openRun(path)).toThrow(
      `process ${process.ppid} writes it; expected one writer: stop that process`,
    );
    expect(namesIn(path).filter((name) => name.startsWith('lock'))).toEqual(['lock.here.1']);
    orphan(path);
    openRun(path).close();
    expect(namesIn(path).filter((name) => name.startsWith('lock'))).toEqual([]);
  });
  it.skipIf(process.platform !== 'linux')('of an earlier process with the same number does not hold', () => {
    const path = fresh();
    createRun(path, beginning);
    change(path, { started: '1' });
    openRun(path).close();
  });
  it('of another machine holds, since its process cannot be seen; a damaged one too', () => {
    const path = fresh();
    createRun(path, beginning);
    change(path, { host: 'elsewhere' });
    expect(() => openRun(path)).toThrow(
      `process ${process.pid} on the machine "elsewhere" writes it, which cannot be checked from here; if it has ended, delete ${lockOf(path)}`,
    );
    for (const content of ['', '{', '[]', '{"process":0}', 'x'.repeat(5000)]) {
      writeFileSync(lockOf(path), content);
      expect(() => openRun(path), content.slice(0, 9)).toThrow(
        'should name the process that writes it, but is damaged',
      );
    }
    rmSync(lockOf(path));
    openRun(path).close();
  });
});
