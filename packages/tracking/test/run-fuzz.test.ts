import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { InputError, equalData, uniform } from '@stillpoint/operators';
import { folder } from '../../../testing/folder.js';
import { steps } from '../../../testing/long.js';
import { createRun, openRun, readRun, type RunDirectory } from '../src/run.js';
import { withFaults } from './faults.js';
import { beginning, bytesOf, pictureOf, pointOf } from './runs.js';

const STEPS = [1, 2, 3, 4, 5] as const;
const row = (step: number): Parameters<RunDirectory['record']>[0] => ({
  step,
  calls: 2 * step,
  seconds: step / 4,
  values: { fid: Math.abs(step - 2), loss: 1 / step },
});
const file = (step: number, ending = 'safetensors'): string => `checkpoints/step-00000000${step}.${ending}`;

/** A run with a checkpoint at each step, of which those of 2 and 4 are good. */
function made(path: string): void {
  const run = createRun(path, beginning, { keep: 5, best: { metric: 'fid', better: 'lower' } });
  for (const step of STEPS) {
    run.record(row(step));
    run.note({ step, kind: 'warning', message: `At ${step}.`, time: '2026-01-02T03:04:05.678Z' });
    const { png, ...size } = pictureOf(step);
    run.picture({ step, calls: 2 * step }, png, size);
    run.checkpoint(bytesOf(step), { step, calls: 2 * step, values: row(step).values });
    if (step % 2 === 0) run.good(step);
  }
  run.close();
}

const FIXED = ['run.json', 'config.json', 'environment.json', 'identity.safetensors'];
const LINES = ['metrics.jsonl', 'notes.jsonl', 'samples/pictures.jsonl'];
const CHECKPOINTS = STEPS.map((step) => file(step));
const MARKS = [file(2, 'good'), file(4, 'good')];
const TARGETS = [...FIXED, ...LINES, ...CHECKPOINTS, ...CHECKPOINTS, ...MARKS, 'checkpoints/index.json'];

/** The numbers of a case, each in [0, 1). */
const randoms = (call: number): Float64Array =>
  uniform(new Float64Array(24), { seed: 1, purpose: 'corrupt', call });
const below = (u: number, limit: number): number => Math.floor(u * limit);

/** The bytes of a file, corrupted in one of ten ways. `other` is what another file holds. */
function corrupted(bytes: Buffer, other: Buffer, [kind = 0, a = 0, b = 0, ...rest]: Float64Array): Buffer {
  const at = below(a, bytes.length);
  const end = Math.min(bytes.length, at + 1 + below(b, 40));
  const noise = Buffer.from(rest.map((u) => below(u, 256)));
  const copy = Buffer.from(bytes);
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(2n ** BigInt(below(a, 64)));
  switch (below(kind, 10)) {
    case 0:
      copy[at]! ^= 1 << below(b, 8);
      return copy;
    case 1:
      return copy.subarray(0, at);
    case 2:
      return copy.fill(0, at, end);
    case 3:
      return Buffer.concat([copy.subarray(0, at), noise, copy.subarray(at)]);
    case 4:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(end)]);
    case 5:
      return other;
    case 6:
      return Buffer.concat([start, copy.subarray(8)]); // the length of a safetensors header
    case 7:
      return noise.subarray(0, below(b, noise.length));
    case 8:
      return Buffer.concat([copy, copy]);
    default:
      copy.set(noise.subarray(0, end - at), at);
      return copy;
  }
}

/** What `act` returns; undefined if it throws an InputError. Any other error is a fault. */
function orRefused<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** Checks that all that a run returns is as it was written, where file `name` is corrupt. */
function checkRead(path: string, name: string): 'refused' | 'read' {
  const run = orRefused(() => readRun(path));
  if (run === undefined) {
    expect(FIXED).toContain(name);
    return 'refused';
  }
  expect(JSON.stringify([run.config, run.environment])).toBe(
    JSON.stringify([beginning.config, beginning.environment]),
  );
  expect(equalData(run.identity, beginning.identity)).toBe(true);
  const rows = orRefused(() => run.metrics());
  if (name !== 'metrics.jsonl') expect(rows).toEqual(STEPS.map(row));
  // some may be gone, or be there twice; none is another
  for (const found of rows ?? []) expect(found).toEqual(row(found.step));
  const notes = orRefused(() => run.notes());
  if (name !== 'notes.jsonl') expect(notes?.length).toBe(STEPS.length);
  const pictures = orRefused(() => run.pictures());
  if (name !== 'samples/pictures.jsonl') expect(pictures?.map(({ step }) => step)).toEqual(STEPS);

  const { checkpoints } = run;
  const whole = STEPS.filter((step) => file(step) !== name);
  const listed = checkpoints.list().map(({ step }) => step);
  for (const step of whole) expect(listed).toContain(step);
  for (const step of STEPS) {
    const found = orRefused(() => checkpoints.at(step));
    if (file(step) !== name) expect(found).toBeDefined();
    if (found === undefined) continue;
    // an index or a file that is whole after all: the corruption changed nothing
    expect(pointOf(found)).toBe(step);
    expect([found.entry.calls, found.entry.values]).toEqual([2 * step, row(step).values]);
    if (found.entry.good) expect([2, 4]).toContain(step);
  }
  expect(checkpoints.latest().entry.step).toBeGreaterThanOrEqual(whole.at(-1)!);
  const good = checkpoints.lastGood();
  expect([2, 4]).toContain(good.entry.step);
  expect(good.entry.good).toBe(true);
  if (![file(4), file(4, 'good')].includes(name)) expect(good.entry.step).toBe(4);
  const best = checkpoints.best().entry.step;
  if (name === file(2)) expect([2, 1]).toContain(best);
  else expect(best).toBe(2);
  return 'read';
}

/** Goes on with a run of which file `name` is corrupt; nothing that was whole is lost. */
function checkGoOn(path: string, name: string): void {
  const run = orRefused(() => openRun(path));
  if (run === undefined) return expect(FIXED).toContain(name);
  const from = run.checkpoints.latest().entry.step;
  run.rewind(from);
  const next = from + 1;
  run.record(row(next));
  run.checkpoint(bytesOf(next), { step: next, calls: 2 * next, values: row(next).values });
  run.good(next);
  run.close();
  const found = readRun(path);
  expect(found.metrics().at(-1)).toEqual(row(next));
  expect(found.checkpoints.lastGood().entry).toMatchObject({ step: next, good: true });
  // five are kept, and the best beside: of those up to `from`, rotation removes none but the first
  for (const step of STEPS)
    if (file(step) !== name && step <= from && step > 1)
      expect(pointOf(found.checkpoints.at(step))).toBe(step);
}

const timeout = steps(60_000, 3_600_000);
it(
  'a run of which any file is corrupt returns what was written or throws an InputError, and goes on',
  { timeout },
  () => {
    const path = join(folder(), 'run');
    const quick = (act: () => void): void => withFaults(() => undefined, act);
    quick(() => made(path));
    const whole = new Map(TARGETS.map((name) => [name, readFileSync(join(path, name))]));
    const cases = steps(500, 10_000);
    const counts = { refused: 0, read: 0 };
    for (let i = 0; i < cases; i++) {
      const [target = 0, from = 0, ...rest] = randoms(i);
      const name = TARGETS[below(target, TARGETS.length)]!;
      const other = TARGETS[below(from, TARGETS.length)]!;
      const bytes = corrupted(whole.get(name)!, whole.get(other)!, Float64Array.from(rest));
      writeFileSync(join(path, name), bytes);
      try {
        counts[checkRead(path, name)]++;
        if (i % 10 === 0) {
          const copy = join(folder(), 'copy');
          cpSync(path, copy, { recursive: true });
          quick(() => checkGoOn(copy, name));
          rmSync(copy, { recursive: true });
        }
      } catch (error) {
        throw new Error(`case ${i}: ${name} with ${bytes.length} bytes`, { cause: error });
      }
      writeFileSync(join(path, name), whole.get(name)!);
    }
    expect(counts.refused + counts.read).toBe(cases);
    expect(counts.refused).toBeGreaterThan(cases / 10);
    expect(checkRead(path, '')).toBe('read');
  },
);
