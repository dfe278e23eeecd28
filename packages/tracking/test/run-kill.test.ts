import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messageOf } from '@stillpoint/operators';
import { folder } from '../../../testing/folder.js';
import { steps as length } from '../../../testing/long.js';
import { wholeName } from '../src/files.js';
import { createRun, openRun, readRun, type RunDirectory } from '../src/run.js';
import { compiled } from './compiled.js';
import { withFaults } from './faults.js';
import { beginning, bytesOf, indexOf, namesIn, orphan, pictureOf, pointOf } from './runs.js';

/** What a run holds, as it should. */
interface Model {
  readonly rows: readonly number[];
  readonly notes: number;
  readonly pictures: readonly number[];
  /** Checkpoints that may be there, by step: their point. Rotation is a matter of its own test. */
  readonly points: { readonly [step: number]: number };
  /** Steps of checkpoints marked as good. */
  readonly good: readonly number[];
}

const time = '2026-01-02T03:04:05.678Z';
const row = (step: number): Parameters<RunDirectory['record']>[0] => ({
  step,
  calls: step,
  seconds: step,
  values: { fid: Math.abs(3 - step) },
});
const empty: Model = { rows: [], notes: 0, pictures: [], points: {}, good: [] };

type Act = readonly [act: (run: RunDirectory) => void, after: (model: Model) => Model];
const record = (step: number): Act => [
  (run) => run.record(row(step)),
  (model) => ({ ...model, rows: [...model.rows, step] }),
];
const note = (step: number): Act => [
  (run) => run.note({ step, kind: 'warning', message: 'w'.repeat(step), time }),
  (model) => ({ ...model, notes: model.notes + 1 }),
];
const picture = (step: number): Act => [
  (run) => {
    const { png, ...size } = pictureOf(step);
    run.picture({ step, calls: step }, png, size);
    run.live(png);
    run.histograms(step, { png: Float32Array.from(png) });
  },
  (model) => ({ ...model, pictures: [...model.pictures, step] }),
];
const checkpoint = (step: number, point = step): Act => [
  (run) => run.checkpoint(bytesOf(step, point), { step, calls: step, values: row(step).values }),
  (model) => ({
    ...model,
    points: { ...model.points, [step]: point },
    good: model.good.filter((one) => one !== step),
  }),
];
const good = (step: number): Act => [
  (run) => run.good(step),
  (model) => ({ ...model, good: [...model.good, step] }),
];
const rewind = (step: number): Act => [
  (run) => run.rewind(step),
  (model) => ({
    ...model,
    rows: model.rows.filter((one) => one <= step),
    pictures: model.pictures.filter((one) => one <= step),
    points: Object.fromEntries(Object.entries(model.points).filter(([one]) => Number(one) <= step)),
    good: model.good.filter((one) => one <= step),
  }),
];

/** A run in which everything happens: rotation, a way back, the same steps again with other points. */
const history: readonly Act[] = [
  [note(0), record(1), picture(1), checkpoint(1), good(1)],
  [record(2), checkpoint(2), record(3), picture(3), checkpoint(3), good(3)],
  [record(4), checkpoint(4), record(5), picture(5), checkpoint(5), note(5)],
  [rewind(3), note(3), record(4), picture(4), checkpoint(4, 40), good(4)],
  [checkpoint(4, 41), record(5), checkpoint(5, 50), record(6), checkpoint(6, 60)],
].flat();

/** Makes the run of the history until something throws; returns what must be there, and what may be. */
function lived(path: string): { readonly before: Model | undefined; readonly after: Model } {
  let [before, after]: [Model | undefined, Model] = [undefined, empty];
  try {
    const run = createRun(path, beginning, { keep: 2, best: { metric: 'fid', better: 'lower' } });
    before = empty;
    for (const [act, then] of history) {
      after = then(before);
      act(run);
      before = after;
    }
    run.close();
  } catch {
    // killed, or a full disk
  }
  return { before, after };
}

const stepsOf = (points: { readonly [step: number]: number }): readonly number[] =>
  Object.keys(points).map(Number);

/** Checks what is found against what must be there and what may be. */
function checkFound(path: string, before: Model, after: Model): void {
  const run = readRun(path);
  expect([before.rows, after.rows]).toContainEqual(run.metrics().map(({ step }) => step));
  expect(run.metrics()).toEqual(run.metrics().map(({ step }) => row(step)));
  expect([before.notes, after.notes]).toContain(run.notes().length);
  const shown = run.pictures().map(({ step }) => step);
  expect([before.pictures, after.pictures]).toContainEqual(shown);
  for (const { step, png } of run.pictures()) expect(png).toEqual(Buffer.from(pictureOf(step).png));
  const list = run.checkpoints.list();
  for (const entry of list) {
    const point = pointOf(run.checkpoints.at(entry.step));
    expect([before.points[entry.step], after.points[entry.step]]).toContain(point);
    expect([entry.calls, entry.values]).toEqual([entry.step, row(entry.step).values]);
    if (entry.good) {
      const marked = [before, after].filter((model) => model.good.includes(entry.step));
      expect(marked.map((model) => model.points[entry.step])).toContain(point);
    }
  }
  const newest = (model: Model): number => Math.max(...stepsOf(model.points));
  if (stepsOf(before.points).length === 0) return;
  const least = Math.min(newest(before), newest(after));
  const { entry, damaged } = run.checkpoints.latest();
  expect(entry.step).toBeGreaterThanOrEqual(least);
  expect(damaged).toEqual([]);
  if (before.good.length > 0 && after.good.length > 0) {
    const found = run.checkpoints.lastGood().entry;
    expect(found.good).toBe(true);
    expect(found.step).toBeGreaterThanOrEqual(Math.min(before.good.at(-1)!, after.good.at(-1)!));
  }
  const best = list.find((one) => one.best)!;
  for (const { step } of list)
    expect(row(best.step).values['fid']).toBeLessThanOrEqual(row(step).values['fid']!);
}

/** Goes on with a run as a program would, and checks that everything is in order. */
function goOn(path: string): void {
  const run = openRun(path);
  const from = run.checkpoints.list().at(-1)?.step ?? 0;
  run.rewind(from);
  run.record(row(from + 1));
  run.checkpoint(bytesOf(from + 1), { step: from + 1, calls: from + 1, values: {} });
  run.good(from + 1);
  run.close();
  const found = readRun(path);
  expect(found.metrics().map(({ step }) => step)).toEqual(Array.from({ length: from + 1 }, (_, i) => i + 1));
  expect(found.checkpoints.lastGood().entry).toMatchObject({ step: from + 1, good: true });
  expect(indexOf(path)).toEqual({ format: 1, checkpoints: found.checkpoints.list() });
  for (const name of namesIn(path)) expect([name, name.startsWith('lock')]).toEqual([wholeName(name), false]);
  const marks = namesIn(path).filter((name) => name.endsWith('.good'));
  for (const mark of marks) expect(existsSync(join(path, mark.replace('.good', '.safetensors')))).toBe(true);
}

/** In milliseconds. */
const timeout = length(60_000, 3_600_000);

/** Every call is the last one in the long form; each seventh otherwise, so that all kinds of calls are. */
const stride = length(7, 1);

/** How many changing calls the whole history makes. */
const callsOf = (): number => {
  let calls = 0;
  withFaults(
    (call) => void (calls = call),
    () => lived(join(folder(), 'run')),
  );
  return calls;
};

describe('a process that dies', () => {
  it(
    'at any of its calls to the file system leaves a run that goes on: all that was written before is there',
    { timeout },
    () => {
      const calls = callsOf();
      expect(calls).toBeGreaterThan(300);
      let begun = 0;
      for (let dies = 1; dies <= calls; dies += stride) {
        const path = join(folder(), 'run');
        const killed = new Error('killed');
        const { before, after } = withFaults(
          (call) => (call >= dies ? killed : undefined),
          () => lived(path),
        );
        if (existsSync(path)) orphan(path);
        if (existsSync(join(path, 'run.json'))) begun++;
        else expect(before, `call ${dies}`).toBeUndefined();
        if (before === undefined && !existsSync(join(path, 'run.json'))) createRun(path, beginning).close(); // begins anew, over what is left
        else checkFound(path, before ?? empty, after);
        withFaults(
          () => undefined,
          () => goOn(path),
        );
      }
      expect(begun).toBeGreaterThan((calls - 40) / stride); // most die within the run
    },
  );

  it('is killed at random, again and again: the run ends as if it had not been', { timeout }, async () => {
    const sources = compiled();
    const script = join(sources, 'train.mjs');
    writeFileSync(
      script,
      `import { writeSync, existsSync } from 'node:fs';
import { createRun, openRun } from './run.mjs';
import { decodeCheckpoint, emptyLedger, encodeCheckpoint } from './operators.mjs';
const path = process.argv[2];
const run = existsSync(path + '/run.json') ? openRun(path) : createRun(path, { config: {}, environment: {}, identity: 1 }, { best: { metric: 'fid', better: 'lower' } });
let [step, z] = [0, 1];
if (run.checkpoints.list().length > 0) {
  const found = decodeCheckpoint(run.checkpoints.latest().bytes);
  [step, z] = [found.ledger.steps, found.state.z[0]];
}
run.rewind(step);
if (step % 2) run.good(step); // the kill may have come before the mark
writeSync(1, '.');
while (step < Number(process.argv[3])) {
  step++;
  z = (z * 1.1) % 1 + 0.1;
  run.record({ step, calls: step, seconds: 0, values: { fid: z } });
  if (step % 3) continue;
  const state = { z: new Float64Array(20_000).fill(z) };
  run.checkpoint(encodeCheckpoint({ game: 'g', method: 'm', options: {}, seed: 0, state, ledger: { ...emptyLedger(1), steps: step }, draws: [], last: null, buffers: {} }), { step, calls: step, values: { fid: z } });
  writeSync(1, 'checkpoint ' + step + '\\n');
  if (step % 2) {
    run.good(step);
    writeSync(1, 'good ' + step + '\\n');
  }
}
run.close();
writeSync(1, 'end');`,
    );
    /** Runs the script to a step, or until it is killed a while after so many checkpoints. */
    const ran = (
      path: string,
      last: number,
      kill?: { readonly after: number; readonly wait: number },
    ): Promise<{ readonly output: string; readonly signal: NodeJS.Signals | null }> =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [script, path, String(last)], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        let output = '';
        child.stdout.on('data', (data: Buffer) => {
          output += String(data);
          const made = output.split('checkpoint').length - 1;
          if (kill !== undefined && made >= kill.after) setTimeout(() => child.kill('SIGKILL'), kill.wait);
        });
        child.on('error', reject).on('close', (_, signal) => resolve({ output, signal }));
      });
    const [path, whole] = [join(folder(), 'run'), join(folder(), 'run')];
    let [atLeast, goodAtLeast] = [0, 0];
    for (let kill = 0; kill < length(10, 100); kill++) {
      const { output, signal } = await ran(path, Infinity, { after: kill % 4, wait: (kill * 13) % 9 });
      expect(signal).toBe('SIGKILL');
      const last = (what: string): number =>
        Math.max(
          0,
          ...Array.from(output.matchAll(new RegExp(`${what} (\\d+)\n`, 'g')), ([, step]) => Number(step)),
        );
      [atLeast, goodAtLeast] = [Math.max(atLeast, last('checkpoint')), Math.max(goodAtLeast, last('good'))];
      const found = readRun(path);
      const { checkpoints } = found;
      const rows = found.metrics().map(({ step }) => step);
      expect(rows).toEqual(rows.map((_, i) => i + 1));
      expect(rows.length).toBeGreaterThanOrEqual(atLeast);
      if (atLeast > 0) expect(checkpoints.latest()).toMatchObject({ damaged: [] });
      if (atLeast > 0) expect(checkpoints.latest().entry.step).toBeGreaterThanOrEqual(atLeast);
      if (goodAtLeast > 0) expect(checkpoints.lastGood().entry).toMatchObject({ good: true });
      if (goodAtLeast > 0) expect(checkpoints.lastGood().entry.step).toBeGreaterThanOrEqual(goodAtLeast);
    }
    expect(goodAtLeast).toBeGreaterThan(0);
    const end = readRun(path).metrics().length + 30;
    for (const at of [path, whole]) expect((await ran(at, end)).output).toMatch(/end$/);
    for (const name of ['metrics.jsonl', 'metrics.csv', 'checkpoints/index.json'])
      expect(readFileSync(join(path, name), 'utf8'), name).toBe(readFileSync(join(whole, name), 'utf8'));
    const files = readdirSync(join(whole, 'checkpoints'));
    expect(readdirSync(join(path, 'checkpoints'))).toEqual(files);
    for (const name of files)
      expect(
        readFileSync(join(path, 'checkpoints', name)).equals(readFileSync(join(whole, 'checkpoints', name))),
      ).toBe(true);
  });
});

describe('a disk that is full', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const WRITING = ['writeSync', 'writeFileSync', 'mkdirSync'];

  it(
    'at any write: the error names a file, no part of one stays, and the run goes on once there is room',
    { timeout },
    () => {
      const calls = callsOf();
      let failed = 0;
      for (let fills = 1; fills <= calls; fills += stride) {
        const path = join(folder(), 'run');
        let room = true;
        let [run, before, after]: [RunDirectory | undefined, Model, Model] = [undefined, empty, empty];
        let message: string | undefined;
        withFaults(
          (call, name) => {
            if (call === fills) room = false;
            return !room && WRITING.includes(name) ? full : undefined;
          },
          () => {
            try {
              run = createRun(path, beginning, { keep: 2, best: { metric: 'fid', better: 'lower' } });
              for (const [act, then] of history) {
                after = then(before);
                act(run);
                before = after;
              }
            } catch (error) {
              message = messageOf(error);
            }
            if (run === undefined) {
              expect(existsSync(path)).toBe(false);
              expect(message).toMatch(/ENOSPC/);
              return;
            }
            if (message === undefined) return;
            failed++;
            expect(message).toMatch(new RegExp(`^${path}/[^ ]+ cannot be written: ENOSPC`));
            expect(namesIn(path).filter((name) => wholeName(name) !== name)).toEqual([]);
            for (const name of ['metrics.jsonl', 'notes.jsonl'])
              if (existsSync(join(path, name)))
                expect(readFileSync(join(path, name), 'utf8')).toMatch(/(^|\n)$/);
            checkFound(path, before, after);
            room = true;
            const from = readRun(path).checkpoints.list().at(-1)?.step ?? 0;
            run.rewind(from);
            run.record(row(from + 1));
            run.checkpoint(bytesOf(from + 1), { step: from + 1, calls: from + 1, values: {} });
            run.close();
            expect(
              readRun(path)
                .metrics()
                .map(({ step }) => step),
            ).toEqual(Array.from({ length: from + 1 }, (_, i) => i + 1));
            expect(readRun(path).checkpoints.latest().entry.step).toBe(from + 1);
          },
        );
      }
      expect(failed).toBeGreaterThan(100 / stride);
    },
  );

  // a file system of this process and its children alone, which ends with them
  const mounting = (place: string, ...then: readonly string[]): ReturnType<typeof spawnSync> => {
    const code = 'mount -t tmpfs -o size=200k tmpfs "$0" && cd "$0" && exec "$@"';
    return spawnSync('unshare', ['-rm', 'sh', '-c', code, place, ...then]);
  };
  const mayMount = mounting(folder(), 'true').status === 0;
  if (!mayMount)
    process.stderr.write('Skipped: a run on a small file system. This user may not mount one.\n');

  it.skipIf(!mayMount)('for real: the checkpoints before stay, and are read', () => {
    const script = join(compiled(), 'fill.mjs');
    writeFileSync(
      script,
      `import { readdirSync } from 'node:fs';
import { createRun, readRun } from './run.mjs';
import { decodeCheckpoint, emptyLedger, encodeCheckpoint } from './operators.mjs';
const run = createRun('run', { config: {}, environment: {}, identity: 1 }, { keep: 99 });
const messages = [];
const attempt = (act) => { try { act(); } catch (error) { messages.push(error.name + ': ' + error.message); } };
let made = 0;
for (let step = 1; messages.length === 0; step++) attempt(() => {
  run.record({ step, calls: step, seconds: 0, values: {} });
  const state = { z: new Float64Array(100).fill(step) };
  run.checkpoint(encodeCheckpoint({ game: 'g', method: 'm', options: {}, seed: 0, state, ledger: { ...emptyLedger(1), steps: step }, draws: [], last: null, buffers: {} }), { step, calls: step, values: {} });
  run.good(step);
  made = step;
});
const { checkpoints } = readRun('run');
const points = checkpoints.list().map(({ step }) => decodeCheckpoint(checkpoints.at(step).bytes).state.z[99]);
const good = checkpoints.lastGood().entry;
const rows = readRun('run').metrics().length;
attempt(() => run.close());
console.log(JSON.stringify({ made, messages, points, good, rows, names: readdirSync('run', { recursive: true }) }));`,
    );
    const { stdout, stderr } = mounting(folder(), process.execPath, script);
    expect(String(stderr)).toBe('');
    const { made, messages, points, good: last, rows, names } = JSON.parse(String(stdout));
    expect(made).toBeGreaterThan(5);
    expect(messages).toEqual([
      expect.stringMatching(/^Error: run\/[^ ]+ cannot be written: ENOSPC/),
      expect.stringMatching(/^Error: run\/metrics.csv cannot be written: ENOSPC/),
    ]);
    // the file or the mark of the next may have fit
    expect(points.length).toBeGreaterThanOrEqual(made);
    expect(points).toEqual(points.map((_: number, at: number) => at + 1));
    expect(last.good).toBe(true);
    expect(last.step).toBeGreaterThanOrEqual(made);
    expect(rows).toBeGreaterThanOrEqual(made);
    expect(names.filter((name: string) => wholeName(name) !== name || name.startsWith('lock'))).toEqual([]);
  });
});

describe('a checkpoint', () => {
  it('is written after all rows are on the disk; older ones are removed after it and the index are', () => {
    const run = createRun(join(folder(), 'run'), beginning, { keep: 1 });
    const at = (step: number): Parameters<RunDirectory['checkpoint']>[1] => ({ step, calls: 1, values: {} });
    run.checkpoint(bytesOf(1), at(1));
    run.record(row(2));
    run.note({ step: 2, kind: 'warning', message: '', time });
    const { png, ...size } = pictureOf(2);
    run.picture({ step: 2, calls: 2 }, png, size);
    const calls: string[] = [];
    withFaults(
      (_, name, args) => {
        const path = String(args.findLast((arg) => typeof arg === 'string' && arg.includes('run')) ?? '');
        if (['fsyncSync', 'renameSync', 'rmSync'].includes(name))
          calls.push(`${name} ${wholeName(path.split(/[\\/]/).at(-1) ?? '')}`.trim());
      },
      () => run.checkpoint(bytesOf(2), at(2)),
    );
    const [index, file] = ['index.json', 'step-000000002.safetensors'];
    const flushed = (name: string): readonly string[] => ['fsyncSync', `renameSync ${name}`, 'fsyncSync'];
    expect(calls).toEqual(
      [
        ['fsyncSync', 'fsyncSync', 'fsyncSync', 'fsyncSync'], // rows, notes, pictures, events
        flushed(file), // its content, then the folder that names it
        flushed(index),
        ['rmSync step-000000001.safetensors', 'rmSync step-000000001.good', 'fsyncSync'],
      ].flat(),
    );
    run.close();
  });
});

describe('a row', () => {
  it('is written by one write to each of its two files; it reads and flushes none, whatever came before', () => {
    const run = createRun(join(folder(), 'run'), beginning);
    run.record(row(1));
    for (let i = 0; i < 100; i++) {
      const calls: string[] = [];
      withFaults(
        (_, name) => void calls.push(name),
        () => run.record(row(i + 1)),
      );
      expect(calls).toEqual(['writeSync', 'writeSync']);
    }
    run.close();
  });
});
