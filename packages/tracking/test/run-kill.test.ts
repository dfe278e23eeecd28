import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder } from '../../../testing/folder.js';
import { steps as length } from '../../../testing/long.js';
import { wholeName } from '../src/files.js';
import { createRun, readRun, type RunDirectory } from '../src/run.js';
import { compiled } from './compiled.js';
import { withFaults } from './faults.js';
import { callsOf, checkFound, empty, goOn, lived, row, stride, timeout } from './histories.js';
import { beginning, bytesOf, orphan, pictureOf, time } from './runs.js';

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
        // begins anew, over what is left
        if (before === undefined && !existsSync(join(path, 'run.json'))) createRun(path, beginning).close();
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
