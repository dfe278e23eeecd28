import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '@stillpoint/operators';
import { folder } from '../../../testing/folder.js';
import { openEvents } from '../src/files.js';
import { openNew } from '../src/files/growing.js';
import { restartRecord, summaryRecord, versionRecord } from '../src/tensorboard.js';
import { compiled } from './compiled.js';
import { records } from './records.js';

let sources: string;
beforeAll(() => {
  sources = compiled();
});
const loss = (step: number): Parameters<typeof summaryRecord>[0] => ({
  wallTime: 1000 + step,
  step,
  values: { loss: step / 2 },
});
const names = (place: string): readonly string[] => readdirSync(place).sort();

describe('openEvents', () => {
  it('writes each event when it is given: the file is the records so far', () => {
    const place = folder();
    const file = openEvents(place, { wallTime: 1000.5 });
    const content = [versionRecord(1000.5)];
    expect(readFileSync(file.path)).toEqual(Buffer.concat(content));
    for (const step of [0, 1]) {
      file.write(loss(step));
      content.push(summaryRecord(loss(step)));
      expect(readFileSync(file.path)).toEqual(Buffer.concat(content));
    }
    file.close();
    file.close();
    expect(readFileSync(file.path)).toEqual(Buffer.concat(content));
    expect(() => file.write(loss(2))).toThrow('is finished');
    expect(names(place)).toHaveLength(1);
    expect(names(place)[0]).toBe(`events.out.tfevents.0000001000.${hostname()}.${process.pid}`);
  });

  it('begins a file of a run that goes on with the step', () => {
    const { path } = openEvents(folder(), { wallTime: 1000, from: 7 });
    expect(readFileSync(path)).toEqual(Buffer.concat([versionRecord(1000), restartRecord(1000, 7)]));
  });

  it('names each file later than all in the folder, whatever the clock says', () => {
    const place = folder();
    writeFileSync(join(place, 'events.out.tfevents.0000002000.elsewhere.9'), '');
    writeFileSync(join(place, 'results.json'), '{}');
    const paths = [3000, 3000, 100].map((wallTime) => openEvents(place, { wallTime }).path);
    const all = names(place).filter((name) => name !== 'results.json');
    expect(paths.map((path) => path.slice(place.length + 1))).toEqual(all.slice(1));
    expect(all.map((name) => name.split('.')[3])).toEqual(
      ['2000', '3000', '3001', '3002'].map((seconds) => seconds.padStart(10, '0')),
    );
  });

  it('never writes into a file that is there: another process has just made it', () => {
    const { path } = openEvents(folder(), { wallTime: 1000 });
    expect(() => openNew(path)).toThrow(`${path} cannot be written: EEXIST`);
    expect(readFileSync(path)).toEqual(Buffer.from(versionRecord(1000)));
  });

  it('leaves the file as it is when an event is wrong', () => {
    const file = openEvents(folder(), { wallTime: 1000 });
    expect(() => file.write({ wallTime: 1, step: NaN, values: {} })).toThrow(InputError);
    file.write(loss(1));
    expect(records(readFileSync(file.path))).toHaveLength(2);
  });

  it('names a folder or an option that is wrong', () => {
    const place = folder();
    writeFileSync(join(place, 'file'), '');
    const open = (...args: readonly unknown[]): unknown => Reflect.apply(openEvents, undefined, args);
    const options = { wallTime: 1000 };
    for (const wrong of [
      [join(place, 'none'), options],
      [join(place, 'file'), options],
      ['', options],
      [3, options],
      [place],
      [place, {}],
      [place, { wallTime: Date.now() }],
      [place, { wallTime: 1, from: '3' }],
    ])
      expect(() => open(...wrong)).toThrow(InputError);
    expect(() => open(join(place, 'none'), options)).toThrow(`"${join(place, 'none')}": there is none`);
    expect(names(place)).toEqual(['file']);
  });

  it.skipIf(process.getuid?.() === 0)('reports a folder that accepts no file', () => {
    const place = join(folder(), 'closed');
    mkdirSync(place);
    chmodSync(place, 0o500);
    expect(() => openEvents(place, { wallTime: 1 })).toThrow(/tfevents.* cannot be written: EACCES/);
  });
});

describe('a process that is killed while it writes events', () => {
  it('leaves every event that was written before, in order; the next process goes on in a later file', async () => {
    const script = join(sources, 'events.mjs');
    writeFileSync(
      script,
      `import { writeSync } from 'node:fs';
import { openEvents } from './files.mjs';
const file = openEvents(process.argv[2], { wallTime: 1000 });
for (let step = 0; ; step++) {
  file.write({ wallTime: 1000 + step, step, values: { loss: step / 2 } });
  if (step === 100) writeSync(1, '.');
}`,
    );
    const place = folder();
    for (const wait of [0, 3, 11])
      await new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [script, place], { stdio: ['ignore', 'pipe', 'inherit'] });
        child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), wait));
        child.on('error', reject).on('close', resolve);
      });
    expect(names(place).map((name) => name.split('.')[3])).toEqual([
      '0000001000',
      '0000001001',
      '0000001002',
    ]);
    for (const name of names(place)) {
      const found = records(readFileSync(join(place, name)));
      const written = found.map((_, i) => (i === 0 ? versionRecord(1000) : summaryRecord(loss(i - 1))));
      expect(found.length).toBeGreaterThan(100);
      expect(Buffer.concat(found)).toEqual(Buffer.concat(written.flatMap(records)));
    }
  });
});

it.skipIf(process.platform === 'win32')('a disk that is full leaves the whole events', () => {
  const place = folder();
  const script = join(sources, 'full.mjs');
  writeFileSync(
    script,
    `import { openEvents } from './files.mjs';
const file = openEvents('.', { wallTime: 1000 });
const write = (step) => file.write({ wallTime: 1000 + step, step, values: { loss: step / 2 } });
const messages = [];
for (let step = 0; messages.length < 2; step++) try { write(step); } catch (error) { messages.push(error.message); }
file.close();
openEvents('.', { wallTime: 1000 });
console.log(JSON.stringify(messages));`,
  );
  // a limit on the length of files stands for the disk
  const { status, stdout } = spawnSync(
    'bash',
    ['-c', 'ulimit -f 8; exec "$0" "$1"', process.execPath, script],
    {
      cwd: place,
      encoding: 'utf8',
    },
  );
  const [full, next] = names(place).map((name) => readFileSync(join(place, name)));
  const why = `${names(place)[0]} cannot be written: EFBIG: file too large, write`;
  expect([status, JSON.parse(stdout)]).toEqual([0, [why, why]]);
  const content = records(full!).map((_, i) => (i === 0 ? versionRecord(1000) : summaryRecord(loss(i - 1))));
  expect(content.length).toBeGreaterThan(100);
  expect(full).toEqual(Buffer.concat(content));
  expect(next).toEqual(Buffer.from(versionRecord(1000)));
});
