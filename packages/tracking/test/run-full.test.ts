import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messageOf } from '@stillpoint/operators';
import { folder } from '../../../testing/folder.js';
import { wholeName } from '../src/files.js';
import { createRun, readRun, type RunDirectory } from '../src/run.js';
import { compiled } from './compiled.js';
import { withFaults } from './faults.js';
import { callsOf, checkFound, empty, history, row, stride, timeout, type Model } from './histories.js';
import { beginning, bytesOf, namesIn } from './runs.js';

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
