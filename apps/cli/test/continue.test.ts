import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readResults, type Section } from '@stillpoint/tracking';
import { readRun } from '@stillpoint/tracking/run';
import { binary, folder, stillpoint } from './run.js';

const methods = 'extra-adam(stepSize=0.002); lookahead(alternating-adam(stepSize=0.002), steps=7)';
const compared = (out: string, calls: number): string[] =>
  [
    ['compare', 'ring', '--model', 'mlp(generator=[32,32], discriminator=[32,32])'],
    ['--methods', methods, '--seeds', '1', '--oracle-calls', String(calls)],
    ['--quiet', '--out', out],
  ].flat();

/** The sections of results, without seconds. */
function sectionsIn(out: string): readonly object[] {
  const { sections } = readResults(readFileSync(join(out, 'results.json'), 'utf8'));
  return sections.map((section: Section) => ({
    ...section,
    runs: section.runs.map(({ seconds: _, series: { seconds: __, ...series }, ...run }) => ({
      ...run,
      values: { ...run.values, secondsToTarget: null },
      series,
    })),
  }));
}

/** The run directories of a comparison whose folder exists. */
const trialsIn = (out: string): readonly string[] =>
  existsSync(join(out, 'trials'))
    ? readdirSync(join(out, 'trials')).map((name) => join(out, 'trials', name))
    : [];

/** What the notes of a run directory report, in order. */
const kindsIn = (path: string): readonly string[] =>
  readRun(path)
    .notes()
    .map(({ kind }) => kind);

/** Runs a comparison, and sends a signal once a run of its two is behind its first steps. */
async function interrupted(out: string, cwd: string, calls: number, signal: NodeJS.Signals): Promise<number> {
  const child = spawn(process.execPath, [binary, ...compared(out, calls), '--checkpoint-seconds', '0'], {
    cwd,
    stdio: 'ignore',
  });
  let status: number | null | undefined;
  child.on('exit', (code) => (status = code));
  const deep = (): boolean => {
    const steps = trialsIn(join(cwd, out)).map((path) =>
      Math.max(
        0,
        ...(existsSync(join(path, 'checkpoints')) ? readdirSync(join(path, 'checkpoints')) : []).map((name) =>
          Number(/^step-(\d+)\.safetensors$/.exec(name)?.[1] ?? 0),
        ),
      ),
    );
    return steps.some((step) => step > 20);
  };
  while (status === undefined) {
    await sleep(10);
    if (deep()) child.kill(signal);
  }
  return status ?? 0;
}

describe('compare --continue', () => {
  const CALLS = 4000;
  it('goes on after Ctrl-C and after SIGKILL, bit for bit, and reads what has ended', async () => {
    const cwd = folder();
    expect(stillpoint(compared('whole', CALLS), cwd).status).toBe(0);
    expect(await interrupted('out', cwd, CALLS, 'SIGKILL')).toBe(0);
    await sleep(500); // the processes of its runs see that it has gone
    // two processes take turns as they can: one may have ended, or not have begun
    const killed = trialsIn(join(cwd, 'out')).flatMap((path) => {
      const [newest] = readRun(path).checkpoints.list().toReversed();
      return newest === undefined || kindsIn(path).includes('ended') ? [] : [{ path, step: newest.step }];
    });
    expect(killed).not.toHaveLength(0);
    const refused = stillpoint(compared('out', CALLS), cwd);
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('give --continue')]);
    const on = stillpoint([...compared('out', CALLS), '--continue'], cwd);
    expect([on.status, on.stderr]).toEqual([0, expect.not.stringContaining('failed')]);
    expect(sectionsIn(join(cwd, 'out'))).toEqual(sectionsIn(join(cwd, 'whole')));
    expect(trialsIn(join(cwd, 'out'))).toHaveLength(2);
    for (const path of trialsIn(join(cwd, 'out'))) {
      const resumed = readRun(path)
        .notes()
        .filter(({ kind }) => kind === 'resumed');
      expect(resumed.map(({ step }) => step)).toEqual(
        killed.filter((run) => run.path === path).map(({ step }) => step),
      );
      expect(kindsIn(path).filter((kind) => kind === 'ended')).toHaveLength(1);
    }
    // once more: both are read, and their folders stay as they were
    const times = trialsIn(join(cwd, 'out')).map((path) => statSync(join(path, 'notes.jsonl')).mtimeMs);
    expect(stillpoint([...compared('out', CALLS), '--continue'], cwd).status).toBe(0);
    expect(sectionsIn(join(cwd, 'out'))).toEqual(sectionsIn(join(cwd, 'whole')));
    expect(trialsIn(join(cwd, 'out')).map((path) => statSync(join(path, 'notes.jsonl')).mtimeMs)).toEqual(
      times,
    );
    const { command } = readResults(readFileSync(join(cwd, 'out', 'results.json'), 'utf8'));
    expect(command).not.toContain('--continue');
  }, 120_000);

  it('Ctrl-C says how to go on; sample reads the run directory of a trial', async () => {
    const cwd = folder();
    expect(await interrupted('out', cwd, 200_000, 'SIGINT')).toBe(130);
    const stepOf = (path: string): number => readRun(path).checkpoints.list().at(-1)?.step ?? 0;
    const trial = trialsIn(join(cwd, 'out')).toSorted((a, b) => stepOf(b) - stepOf(a))[0]!;
    expect(stepOf(trial)).toBeGreaterThan(20);
    const sampled = stillpoint(['sample', trial, '--count', '5', '--out', 'examples.csv'], cwd);
    expect(sampled.stderr).toBe('');
    expect(sampled.status).toBe(0);
    const report = stillpoint(['report', trial], cwd);
    expect([report.status, report.stderr]).toEqual([
      2,
      expect.stringMatching(/is a run of a comparison, .*: stillpoint report .*out; expected runs of train/),
    ]);
  }, 60_000);

  it('reads what has ended of a file with networks, and runs what is new', () => {
    const cwd = folder();
    writeFileSync(
      join(cwd, 'mine.mjs'),
      `export default ({ tf, problemFromLosses }) => problemFromLosses({
        players: { x: { w: [2] }, y: { v: [2] } },
        losses: ({ x, y }) => { const f = tf.sum(tf.mul(x.w, y.v)); return { x: f, y: tf.neg(f) }; },
        engine: 'cpu',
      });`,
    );
    const args = [
      'compare',
      'mine.mjs',
      '--methods',
      'extragradient(stepSize=0.5)',
      '--out',
      'out',
      '--quiet',
    ];
    const run = (...more: readonly string[]): object => {
      const { status, stderr } = stillpoint([...args, '--oracle-calls', '40', ...more], cwd);
      expect([status, stderr]).toEqual([0, '']);
      return sectionsIn(join(cwd, 'out'));
    };
    const first = run();
    const [trial] = trialsIn(join(cwd, 'out'));
    const time = statSync(join(trial!, 'notes.jsonl')).mtimeMs;
    expect(run('--continue')).toEqual(first);
    expect(statSync(join(trial!, 'notes.jsonl')).mtimeMs).toBe(time);
    run('--continue', '--seeds', '2');
    expect(trialsIn(join(cwd, 'out'))).toHaveLength(2);
    // a changed file is another problem
    writeFileSync(join(cwd, 'mine.mjs'), `${readFileSync(join(cwd, 'mine.mjs'), 'utf8')}// changed\n`);
    run('--continue');
    expect(trialsIn(join(cwd, 'out'))).toHaveLength(3);
  });

  it('reads what has ended on a game, and makes the others again', () => {
    const cwd = folder();
    const args = ['compare', 'bilinear', '--methods', 'gda; extragradient', '--out', 'out', '--quiet'];
    expect(stillpoint(args, cwd).status).toBe(0);
    const [whole, trials] = [sectionsIn(join(cwd, 'out')), trialsIn(join(cwd, 'out'))];
    expect(trials).toHaveLength(2);
    const noted = (path: string): number => statSync(join(path, 'notes.jsonl')).mtimeMs;
    const [kept, removed] = [noted(trials[0]!), noted(trials[1]!)];
    rmSync(join(trials[1]!, 'checkpoints'), { recursive: true }); // as of a run that was killed
    expect(stillpoint([...args, '--continue'], cwd)).toMatchObject({ status: 0, stderr: '' });
    expect(sectionsIn(join(cwd, 'out'))).toEqual(whole);
    expect(trialsIn(join(cwd, 'out'))).toEqual(trials);
    expect(noted(trials[0]!)).toBe(kept);
    expect(noted(trials[1]!)).toBeGreaterThan(removed);
    for (const command of ['resume', 'sample']) {
      const { status, stderr } = stillpoint([command, trials[0]!], cwd);
      expect([status, stderr]).toEqual([2, expect.stringContaining('is a run of a comparison on a game')]);
    }
  }, 60_000);

  it('is refused while another program writes to the folder', async () => {
    const cwd = folder();
    const run = [...compared('out', 200_000), '--continue'];
    const child = spawn(process.execPath, [binary, ...run], { cwd, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    await expect.poll(() => existsSync(join(cwd, 'out', 'trials')), { timeout: 30_000 }).toBe(true);
    const { status, stderr } = stillpoint(run, cwd);
    expect([status, stderr]).toEqual([
      2,
      `stillpoint: --out out: process ${child.pid} writes it; expected one writer: stop that process, or wait until it ends\n`,
    ]);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(readdirSync(join(cwd, 'out')).filter((name) => name.startsWith('lock'))).toEqual([]);
  }, 60_000);

  it('is refused with other files in the folder, with --overwrite and without --out', () => {
    const cwd = folder();
    mkdirSync(join(cwd, 'other'));
    writeFileSync(join(cwd, 'other', 'thesis.tex'), '');
    const refusal = (...args: readonly string[]): string => {
      const { status, stderr } = stillpoint(['compare', ...args], cwd);
      expect(status).toBe(2);
      return stderr;
    };
    expect(refusal('ring', '--out', 'other', '--continue')).toContain('holds files that no comparison wrote');
    expect(refusal('ring', '--out', 'x', '--continue', '--overwrite')).toContain('exclude each other');
    expect(refusal('ring', '--continue')).toContain('--continue needs the folder');
    expect(refusal('spiral', '--out', 'x', '--checkpoint-seconds', '1')).toContain(
      '--checkpoint-seconds is for presets of GANs and files with networks; a run on a game is kept when it ends',
    );
    expect(refusal('ring', '--target', 'high-qualty>=3')).toContain('high-quality');
  });

  it('--overwrite removes the runs of an earlier report, and nothing else', () => {
    const cwd = folder();
    const few = [...compared('out', 10), '--overwrite'];
    const first = stillpoint(few, cwd);
    expect(first.status, first.stdout + first.stderr).toBe(0);
    writeFileSync(join(cwd, 'out', 'trials', 'mine.txt'), '');
    const before = trialsIn(join(cwd, 'out'));
    expect(before).toHaveLength(3);
    expect(stillpoint([...few, '--loss', 'hinge'], cwd).status).toBe(0);
    const after = trialsIn(join(cwd, 'out'));
    expect(after).toHaveLength(3);
    expect(after.filter((path) => before.includes(path))).toEqual([join(cwd, 'out', 'trials', 'mine.txt')]);
  });
});
