import { spawn } from 'node:child_process';
import { readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { InputError } from '@stillpoint/operators';
import { createRun, openRun, readRun } from '../src/run.js';
import { placeHere } from '../src/run/lock.js';
import { compiled } from './compiled.js';
import { beginning, fresh, namesIn, orphan, text } from './runs.js';

describe('a lock', () => {
  const lockOf = (path: string): string =>
    join(path, readdirSync(path).find((name) => name.startsWith('lock.')) ?? 'none');
  const change = (path: string, parts: object): void =>
    writeFileSync(lockOf(path), JSON.stringify({ ...JSON.parse(text(lockOf(path))), ...parts }));

  it('names process and machine, refuses a second writer and lets readers read', () => {
    const path = fresh();
    const run = createRun(path, beginning);
    expect(JSON.parse(text(lockOf(path)))).toMatchObject({
      process: process.pid,
      host: hostname(),
      ...placeHere(),
    });
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
    change(path, { host: 'elsewhere', boot: 'another' });
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
  it('that cannot be checked holds for ten minutes after the last sign of life, and says so', () => {
    const path = fresh();
    const first = createRun(path, beginning);
    const aged = (minutes: number): void => {
      const then = new Date(Date.now() - minutes * 60_000);
      utimesSync(lockOf(path), then, then);
    };
    change(path, { host: 'elsewhere', boot: 'another' });
    aged(9.5);
    expect(() => openRun(path)).toThrow(
      'without a sign of life for 10 minutes it no longer holds, and the last was 9 minutes ago',
    );
    aged(10.5);
    const second = openRun(path);
    // the first writes nothing any more, though it may have been stopped only
    const row = { step: 1, calls: 1, seconds: 1, values: { x: 1 } };
    expect(() => first.record(row)).toThrow(`the run ${path} no longer belongs to this process`);
    second.record(row);
    first.close();
    expect(readRun(path).metrics()).toEqual([row]);
    expect(() => openRun(path)).toThrow('this process writes it already'); // the lock of the second is there
    second.close();
    openRun(path).close();
  });
  it('that is damaged holds as long', () => {
    const path = fresh();
    createRun(path, beginning);
    writeFileSync(lockOf(path), '{');
    const then = new Date(Date.now() - 11 * 60_000);
    utimesSync(lockOf(path), then, then);
    openRun(path).close();
  });
  it('of a process here holds without signs of life, as while a step takes long', () => {
    const path = fresh();
    createRun(path, beginning);
    const then = new Date(Date.now() - 60 * 60_000);
    utimesSync(lockOf(path), then, then);
    expect(() => openRun(path)).toThrow('this process writes it already');
  });
  it('is given a sign of life every ten seconds, until the run is closed', () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const path = fresh();
      const run = createRun(path, beginning);
      const [lock, before] = [lockOf(path), text(lockOf(path))];
      const then = new Date(1000 * Math.floor(Date.now() / 1000 - 3600));
      utimesSync(lock, then, then);
      vi.advanceTimersByTime(9_999);
      expect(statSync(lock).mtimeMs).toBe(then.getTime());
      vi.advanceTimersByTime(1);
      expect(statSync(lock).mtimeMs).toBeGreaterThan(then.getTime());
      expect(text(lock)).toBe(before);
      run.close();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
  it('is given one with what is written, too, where no timer fires', () => {
    const path = fresh();
    const run = createRun(path, beginning);
    const then = new Date(1000 * Math.floor(Date.now() / 1000 - 3600));
    utimesSync(lockOf(path), then, then);
    const row = (step: number) => ({ step, calls: step, seconds: 1, values: { x: 1 } });
    run.record(row(1));
    expect(statSync(lockOf(path)).mtimeMs).toBe(then.getTime()); // the last is of less than ten seconds ago
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 10_001);
    run.record(row(2));
    now.mockRestore();
    expect(statSync(lockOf(path)).mtimeMs).toBeGreaterThan(then.getTime());
    run.close();
  });
  it('of a process of which it is not known when it started holds as long', () => {
    const path = fresh();
    createRun(path, beginning);
    change(path, { started: null });
    expect(() => openRun(path)).toThrow('this process writes it already');
    const then = new Date(Date.now() - 11 * 60_000);
    utimesSync(lockOf(path), then, then);
    openRun(path).close();
  });
  it.skipIf(process.platform !== 'linux')(
    'of a container holds in another, whatever process has its number here, and its machine’s name or not',
    () => {
      for (const place of [{ processes: 'pid:[1]' }, { boot: 'another' }, { boot: null, processes: null }])
        for (const pid of [process.pid, process.ppid, 2 ** 30]) {
          const path = fresh();
          createRun(path, beginning);
          change(path, { ...place, process: pid, host: 'elsewhere' });
          expect(() => openRun(path)).toThrow(`process ${pid} on the machine "elsewhere" writes it`);
          if (place.boot !== null) {
            change(path, { host: hostname(), system: null });
            expect(() => openRun(path)).toThrow(
              `on the machine "${hostname()}", or in a container of that name, writes it, which cannot be checked`,
            );
          }
          expect(namesIn(path).filter((name) => name.startsWith('lock'))).toHaveLength(1);
          rmSync(lockOf(path));
          openRun(path).close();
        }
    },
  );
  it.skipIf(process.platform !== 'linux')(
    'of this place is checked here, also by another name of the machine',
    () => {
      const path = fresh();
      createRun(path, beginning);
      change(path, { host: 'renamed' });
      expect(() => openRun(path)).toThrow('this process writes it already');
      change(path, { process: 2 ** 30 });
      openRun(path).close();
    },
  );
  it.skipIf(placeHere().system === null || placeHere().boot === null)(
    'of before a restart of the machine does not hold, but in a container it may be another machine’s',
    () => {
      const path = fresh();
      createRun(path, beginning);
      change(path, { boot: 'before' });
      if (placeHere().processes === 'pid:[4026531836]') openRun(path).close();
      else expect(() => openRun(path)).toThrow('which cannot be checked from here');
    },
  );
  it('is taken by at most one of several processes that want it at once, and by the next when that is killed', async () => {
    const path = fresh();
    createRun(path, beginning).close();
    const script = join(compiled(), 'open.mjs');
    writeFileSync(
      script,
      `import { writeSync } from 'node:fs';
import { openRun } from './run.mjs';
while (Date.now() < Number(process.argv[3])); // all at once
try {
  openRun(process.argv[2]);
  writeSync(1, 'open');
} catch (error) {
  writeSync(1, error.name + ': ' + error.message);
}
setInterval(() => {}, 1000);`,
    );
    for (let round = 0; round < 3; round++) {
      const at = Date.now() + 500;
      const children = Array.from({ length: 4 }, () =>
        spawn(process.execPath, [script, path, String(at)], { stdio: ['ignore', 'pipe', 'inherit'] }),
      );
      const output = await Promise.all(
        children.map(
          (child) =>
            new Promise<string>((resolve, reject) => {
              child.stdout.once('data', (data: Buffer) => resolve(String(data)));
              child.on('error', reject);
            }),
        ),
      );
      expect(output.filter((said) => said === 'open').length).toBeLessThanOrEqual(1);
      for (const said of output)
        expect(said).toMatch(
          /^open$|^InputError: .*process \d+ writes it; expected one writer: stop that process/,
        );
      for (const child of children) {
        const ended = new Promise((resolve) => child.on('close', resolve));
        child.kill('SIGKILL');
        await ended;
      }
      openRun(path).close();
      expect(namesIn(path).filter((name) => name.startsWith('lock'))).toEqual([]);
    }
  });
});
