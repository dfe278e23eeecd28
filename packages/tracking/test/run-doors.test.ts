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
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError, contentHash } from '@stillpoint/operators';
import { folder } from '../../../testing/folder.js';
import { createRun, noteKinds, openRun, readRun, type RunDirectory } from '../src/run.js';
import { sealed } from '../src/run/sealed.js';
import { beginning, bytesOf, fresh, made, namesIn, orphan, pictureOf, row, text, time } from './runs.js';

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
    // a run that has lost its first file is none that was never begun: its checkpoints stay
    const lost = join(place, 'lost');
    createRun(lost, beginning).checkpoint(bytesOf(1), { step: 1, calls: 1, values: {} });
    orphan(lost);
    rmSync(join(lost, 'run.json'));
    const left = namesIn(lost);
    expect(() => createRun(lost, beginning)).toThrow(
      `${lost} holds files already (checkpoints, config.json, `,
    );
    expect(namesIn(lost)).toEqual(left);
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
    expect(readdirSync(place).sort()).toEqual(['deep', 'empty', 'file', 'lost']);
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
    ['no row', sealed('{"step":1}')],
    ['a name given twice', sealed('{"step":1,"step":2,"calls":1,"seconds":1,"values":{}}')],
    ['no checksum', '{"step":1,"calls":1,"seconds":1,"values":{}}'],
    ['a digit that was changed', sealed('{"step":1,"calls":2,"seconds":1,"values":{}}').replace('2', '3')],
    ['deep JSON', `${'['.repeat(9999)}${']'.repeat(9999)}`],
    ['a number that is too large', sealed('{"step":1,"calls":1e999,"seconds":1,"values":{}}')],
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
      run.rewind(2);
      expect(
        lstatSync(join(path, 'checkpoints/step-000000003.safetensors'), {
          throwIfNoEntry: false,
        })?.isDirectory(),
      ).toBe(by === mkdirSync ? true : undefined);
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
