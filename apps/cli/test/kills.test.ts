import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { decodeCheckpoint, uniform } from '@stillpoint/operators';
import { readRun } from '@stillpoint/tracking/run';
import { binary, folder, stillpoint } from './run.js';

// `npm run test:kills` makes 100 kills; CI makes 10.
const KILLS = Number(process.env['STILLPOINT_KILLS'] ?? 10);

const settings = [
  'ring',
  '--method',
  'lookahead(ema(alternating-adam(stepSize=0.002, beta1=0.5), decay=0.99), steps=7)',
  '--set',
  'model=mlp(generator=[32,32], discriminator=[32,32])',
  '--set',
  'checkpointSeconds=0',
  '--set',
  'samples=500',
  '--oracle-calls',
  String(600 * KILLS),
];

/** Whether this process writes the run in this folder: it has a lock. */
const isWritten = (path: string, pid: number | undefined): boolean =>
  existsSync(path) && readdirSync(path).some((name) => name.startsWith('lock.') && name.endsWith(`.${pid}`));

/**
 * Starts the program and kills it so many milliseconds after it has opened its run; returns whether it was
 * still running.
 */
async function killedAfter(args: readonly string[], cwd: string, path: string, ms: number): Promise<boolean> {
  const child = spawn(process.execPath, [binary, ...args], { cwd, stdio: 'ignore' });
  let signal: NodeJS.Signals | null | undefined;
  child.on('exit', (_, name) => (signal = name));
  let opened: number | undefined;
  while (signal === undefined) {
    await sleep(5);
    if (opened === undefined && isWritten(path, child.pid)) opened = performance.now();
    if (opened !== undefined && performance.now() - opened >= ms) child.kill('SIGKILL');
  }
  return signal === 'SIGKILL';
}

/** What a run leaves, without seconds and times, which no two runs share. */
function leftBy(path: string): object {
  const run = readRun(path);
  const { bytes, entry } = run.checkpoints.latest();
  const { run: kept, ...checkpoint } = decodeCheckpoint(bytes);
  const { seconds: _, ...rest }: { readonly seconds?: unknown } = Object(kept);
  return {
    checkpoint,
    rest,
    step: entry.step,
    rows: run.metrics().map(({ seconds: __, ...row }) => row),
    pictures: run.pictures().map(({ step, calls, png }) => ({ step, calls, png: Buffer.from(png) })),
  };
}

test(
  `a run that is killed ${KILLS} times, and moved, is the run that was not`,
  { timeout: 60_000 + 20_000 * KILLS },
  async () => {
    const cwd = folder();
    expect(stillpoint(['train', ...settings, '--out', 'whole', '--quiet'], cwd).stderr).toBe('');
    const [first, ...more] = readRun(join(cwd, 'whole')).notes();
    // longer than a share of the run, since what a life did after its last checkpoint is lost
    const life = (1.5 * (Date.parse(more.at(-1)!.time) - Date.parse(first!.time))) / KILLS;
    const moments = uniform(new Float32Array(4 * KILLS), { seed: KILLS, purpose: 'kills', call: 0 });
    const argsOf = (at: string): readonly string[] =>
      existsSync(join(cwd, at, 'run.json')) ? ['resume', at] : ['train', ...settings, '--out', at];
    let [at, kills, ended] = ['killed-0', 0, false];
    while (kills < KILLS && !ended) {
      const args = argsOf(at);
      ended = !(await killedAfter(args, cwd, join(cwd, at), life * moments[kills % moments.length]!));
      if (!ended) kills++;
      if (kills % 3 === 0 && existsSync(join(cwd, at, 'run.json'))) {
        const next = `killed-${kills}`;
        if (next !== at) renameSync(join(cwd, at), join(cwd, next));
        at = next;
      }
    }
    if (KILLS > 10) process.stdout.write(`killed ${kills} times\n`);
    expect(kills).toBeGreaterThanOrEqual(KILLS / 2);
    if (!ended) {
      const { status, stderr } = stillpoint([...argsOf(at), '--quiet'], cwd);
      // killed after its end: there is nothing left to do
      expect(status === 0 || stderr.includes('has used its budget'), stderr).toBe(true);
    }
    expect(leftBy(join(cwd, at))).toEqual(leftBy(join(cwd, 'whole')));
    // nothing half-written stays behind
    const left = readdirSync(join(cwd, at), { recursive: true }).map(String);
    expect(left.filter((name) => /partial|lock/.test(name))).toEqual([]);
    expect(readFileSync(join(cwd, at, 'report.html'), 'utf8')).toContain('</html>');
  },
);
