import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readResults, type Section } from '@stillpoint/tracking';
import { readRun } from '@stillpoint/tracking/run';
import { hasRedis, startRedis, type RedisServer } from '../../../testing/redis.js';
import { binary, blocking, folder, stillpoint } from './run.js';

/** How many workers are killed; more by the variable that `npm run test:kills` sets. */
const KILLS = Number(process.env['STILLPOINT_KILLS'] ?? 3);

/** Milliseconds for a test whose processes share the processors with others. */
const LONG = 60_000 * Math.max(4, KILLS);

const swept = (out: string, calls: number): string[] =>
  [
    ['sweep', 'ring', '--model', 'mlp(generator=[32,32], discriminator=[32,32])', '--out', out],
    ['--methods', 'lookahead(alternating-adam, steps=7)', '--vary', 'stepSize=0.001,0.002'],
    ['--seeds', '1', '--oracle-calls', String(calls), '--checkpoint-seconds', '0', '--quiet'],
  ].flat();

/** The sections of results, without seconds and how many runs were made at once. */
function sectionsIn(out: string): readonly object[] {
  const { sections } = readResults(readFileSync(join(out, 'results.json'), 'utf8'));
  return sections.map(({ settings, ...section }: Section) => ({
    ...section,
    settings: { ...settings, engine: '' },
    runs: section.runs.map(({ seconds: _, series: { seconds: __, ...series }, ...run }) => ({
      ...run,
      values: { ...run.values, secondsToTarget: null },
      series,
    })),
  }));
}

/** The rows of the run directories of a comparison, without seconds. */
const runsIn = (out: string): object =>
  Object.fromEntries(
    readdirSync(join(out, 'trials')).map((name) => [
      name,
      readRun(join(out, 'trials', name))
        .metrics()
        .map(({ seconds: _, values: { seconds: __, ...values }, ...row }) => ({ ...row, values })),
    ]),
  );

/** A worker in a process of its own, with what it says. */
interface Worker {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

describe.skipIf(!hasRedis)('sweep and worker', () => {
  let server: RedisServer;
  let redis: Redis;
  const workers: Worker[] = [];
  /** Programs that asked, which would wait for ever for Redis where a test fails. */
  const clients: ChildProcess[] = [];
  const client = (args: readonly string[], cwd: string): ChildProcess => {
    const child = spawn(process.execPath, [binary, ...args], { cwd, stdio: 'ignore' });
    clients.push(child);
    return child;
  };
  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    for (const child of [...workers.map((one) => one.child), ...clients]) child.kill('SIGKILL');
    redis.disconnect();
    await server.stop();
  });

  /** The checkpoints that Redis holds, as a text that changes with each. */
  const checkpoints = async (name = 'killed'): Promise<string> => {
    const all = await Promise.all((await redis.keys(`${name}-*:checkpoint:*`)).map((key) => redis.get(key)));
    return all.join();
  };

  const worker = (...more: string[]): Worker => {
    const child = spawn(process.execPath, [binary, 'worker', '--queue', server.url, ...more], {
      cwd: folder(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let text = '';
    child.stderr.on('data', (part: Buffer) => (text += part.toString()));
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    const made = { child, said: () => text, ended };
    workers.push(made);
    return made;
  };

  it(
    'workers that are killed are replaced: nothing is lost, nothing is made twice, bit for bit',
    async () => {
      const cwd = folder();
      const calls = 1000 * Math.max(1, KILLS / 4);
      expect(stillpoint(swept('whole', calls), cwd).status).toBe(0);
      const quick = ['--queue-name', 'killed', '--lock-seconds', '1', '--processes', '1'];
      const program = client([...swept('out', calls), '--queue', server.url, '--queue-name', 'killed'], cwd);
      let status: number | null | undefined;
      program.on('exit', (code) => (status = code));
      let [kills, before] = [0, ''];
      let current = worker(...quick);
      while (status === undefined) {
        await sleep(20);
        if (kills === KILLS) continue;
        // a worker is killed after its first checkpoint, at moments that differ from kill to kill
        const kept = await checkpoints();
        if (kept === '' || kept === before) continue;
        await sleep((kills * 97) % 300);
        current.child.kill('SIGKILL');
        await current.ended;
        [kills, before] = [kills + 1, await checkpoints()];
        current = worker(...quick);
      }
      expect(status).toBe(0);
      expect(kills).toBe(KILLS);
      expect(sectionsIn(join(cwd, 'out'))).toEqual(sectionsIn(join(cwd, 'whole')));
      const runs = runsIn(join(cwd, 'out'));
      expect(Object.keys(runs)).toHaveLength(2);
      expect(runs).toEqual(runsIn(join(cwd, 'whole')));
      expect(await checkpoints()).toBe('');
      const [name = ''] = Object.keys(runs);
      const sampled = ['sample', join('out', 'trials', name), '--count', '3', '--out', 'samples.csv'];
      expect(stillpoint(sampled, cwd).status).toBe(0);
      const said = workers.map((one) => one.said()).join('');
      expect(said.match(/: done\n/g)).toHaveLength(2);
      expect(said.match(/: went on from its checkpoint\n/g)!.length).toBeGreaterThanOrEqual(KILLS - 1);
      current.child.kill('SIGINT');
      expect(await current.ended).toBe(130);
    },
    LONG,
  );

  it(
    'a worker that is stopped by Ctrl-C gives its run back, and another goes on with it',
    async () => {
      const cwd = folder();
      const flags = ['--queue-name', 'stopped'];
      const program = client([...swept('out', 1500), '--queue', server.url, ...flags], cwd);
      const ended = new Promise<number | null>((resolve) => program.on('exit', resolve));
      const first = worker(...flags, '--processes', '1');
      await expect.poll(() => checkpoints('stopped'), { timeout: LONG / 2 }).not.toBe('');
      first.child.kill('SIGINT');
      expect(await first.ended).toBe(130);
      expect(first.said()).toMatch(/: given back to the queue with its checkpoint\n/);
      const second = worker(...flags);
      expect(await ended).toBe(0);
      expect(second.said()).toMatch(/: went on from its checkpoint\n/);
      const [section] = sectionsIn(join(cwd, 'out'));
      expect(section).toMatchObject({ runs: Array.from({ length: 2 }, () => ({ status: 'budget' })) });
    },
    LONG,
  );

  /** A game some of whose calls take longer than the lock, during which its process hears nothing. */
  const slow = (cwd: string, times: number): string => {
    const wait = `if (n++ > 2 && n < ${4 + times}) ${blocking(1300)}`;
    writeFileSync(
      join(cwd, 'slow.mjs'),
      `let n = 0;
       export default { players: { x: 1 }, start: [1], operator: (z, out) => { ${wait} out[0] = z[0]; } };`,
    );
    return 'slow.mjs';
  };
  const asked = (cwd: string, name: string, times: number): Promise<number | null> => {
    const methods = ['--methods', 'gda(stepSize=0.5)', '--steps', '2', '--start', '1', '--quiet'];
    const program = client(
      ['compare', slow(cwd, times), ...methods, '--queue', server.url, '--queue-name', name],
      cwd,
    );
    return new Promise((resolve) => program.on('exit', resolve));
  };

  it(
    'steps that take longer than the lock do not lose it: nothing is made twice',
    async () => {
      const flags = ['--queue-name', 'slow', '--lock-seconds', '1'];
      const both = [worker(...flags), worker(...flags)];
      expect(await asked(folder(), 'slow', 3)).toBe(0);
      const said = both.map((one) => one.said()).join('');
      expect(said.match(/gda\(stepSize=0.5\): began/g)).toHaveLength(1);
      expect(said.match(/gda\(stepSize=0.5\): done/g)).toHaveLength(1);
      for (const { child } of both) child.kill('SIGKILL');
    },
    LONG,
  );

  it(
    'a worker that was frozen finds its run in other hands, and drops it',
    async () => {
      const flags = ['--queue-name', 'frozen', '--lock-seconds', '1'];
      const first = worker(...flags);
      const ended = asked(folder(), 'frozen', 8);
      await expect.poll(() => first.said(), { timeout: 30_000 }).toMatch(/: began/);
      first.child.kill('SIGSTOP');
      const second = worker(...flags);
      await expect.poll(() => second.said(), { timeout: 30_000 }).toMatch(/: began/);
      first.child.kill('SIGCONT');
      expect(await ended).toBe(0);
      await expect.poll(() => first.said(), { timeout: 30_000 }).toMatch(/: lost/);
      expect(first.said()).not.toMatch(/gda\(stepSize=0.5\): done/);
      expect(second.said().match(/gda\(stepSize=0.5\): done/g)).toHaveLength(1);
    },
    LONG,
  );

  it(
    'a file of which an import was edited is read again, though the worker is the same',
    async () => {
      const cwd = folder();
      const flags = ['--queue', server.url, '--queue-name', 'edited'];
      const residual = (slope: number): unknown => {
        writeFileSync(join(cwd, 'slope.mjs'), `export const slope = ${slope};`);
        const methods = ['--methods', 'gda(stepSize=0.5)', '--steps', '1', '--quiet', '--overwrite'];
        expect(stillpoint(['compare', 'edited.mjs', ...methods, ...flags, '--out', 'out'], cwd).status).toBe(
          0,
        );
        return readResults(readFileSync(join(cwd, 'out', 'results.json'), 'utf8')).sections[0]!.runs[0]!
          .values['residual'];
      };
      writeFileSync(
        join(cwd, 'edited.mjs'),
        `import { slope } from './slope.mjs';
        export default { players: { x: 1 }, start: [1], operator: (z, out) => { out[0] = slope * z[0]; } };`,
      );
      const one = worker('--queue-name', 'edited', '--processes', '1');
      expect(residual(1)).toBe(0.5);
      expect(residual(2)).toBe(0);
      one.child.kill('SIGINT');
      expect(await one.ended).toBe(130);
    },
    LONG,
  );

  it(
    'a run of a file with networks leaves a directory here, which --continue reads without the queue',
    () => {
      const cwd = folder();
      writeFileSync(
        join(cwd, 'mine.mjs'),
        `export default ({ tf, problemFromLosses }) => problemFromLosses({
          players: { fit: { w: { shape: [2], fill: (values) => values.set([1, -1]) } } },
          losses: ({ fit }) => ({ fit: tf.sum(tf.square(fit.w)) }) });`,
      );
      worker('--queue-name', 'networks');
      const asked = ['compare', 'mine.mjs', '--methods', 'gda(stepSize=0.1)', '--oracle-calls', '30'];
      const queue = ['--queue', server.url, '--queue-name', 'networks', '--quiet', '--out', 'out'];
      expect(stillpoint([...asked, ...queue], cwd)).toMatchObject({ status: 0, stderr: '' });
      const [name = ''] = readdirSync(join(cwd, 'out', 'trials'));
      // without the queue, the run that has ended is read
      const read = [...asked, '--out', 'out', '--continue', '--quiet', '--json'];
      expect(JSON.parse(stillpoint(read, cwd).stdout)).toMatchObject({
        sections: [{ runs: [{ status: 'budget', calls: 30 }] }],
      });
      expect(
        readRun(join(cwd, 'out', 'trials', name))
          .notes()
          .map(({ message }) => message)[0],
      ).toBe('A run of a comparison, made by a worker of a queue.');
      expect(readdirSync(join(cwd, 'out', 'trials'))).toEqual([name]);
    },
    LONG,
  );

  it(
    'tune and games go over the queue too',
    () => {
      worker('--queue-name', 'others');
      const queue = ['--queue', server.url, '--queue-name', 'others', '--quiet'];
      const game = ['bilinear', '--methods', 'gda; extragradient', '--vary', 'stepSize=0.1,0.3', '--json'];
      const [here, there] = [[], queue].map((more) => {
        const { status, stdout } = stillpoint(['sweep', ...game, ...more]);
        expect(status).toBe(0);
        const { sections }: { sections: readonly { runs: readonly object[] }[] } = JSON.parse(stdout);
        return sections.map(({ runs, ...section }) => ({
          ...section,
          runs: runs.map((run) => ({ ...run, seconds: 0 })),
        }));
      });
      expect(here![0]!.runs).toHaveLength(4);
      expect(there).toEqual(here);
      const tuned = ['tune', 'ring', '--methods', 'adam', '--trials', '2', '--oracle-calls', '40', '--json'];
      const results = [[], queue].map((more) => {
        const { stdout } = stillpoint([...tuned, ...more]);
        const { methods }: { methods: unknown } = JSON.parse(stdout);
        return methods;
      });
      expect(results[1]).toEqual(results[0]);
    },
    LONG,
  );
});

describe('what sweep and worker refuse', () => {
  it.each([
    [['sweep', 'ring'], 'sweep needs --vary'],
    [['sweep', 'bilinear', '--vary', 'stepSize=1'], 'sweep needs --methods'],
    [['sweep', 'ring', '--vary', 'stepsize=1'], '"stepsize"; did you mean stepSize?'],
    [['sweep', 'ring', '--vary', 'stepSize='], 'expected an option with its values'],
    [['sweep', 'ring', '--vary', 'stepSize=1', '--vary', 'stepSize=2'], '--vary gives stepSize twice'],
    [['sweep', 'ring', '--vary', 'stepSize=x(1'], 'expected an option with its values'],
    [['sweep', 'ring', '--vary', 'stepSize=-1'], 'stepSize'],
    [['compare', 'bilinear', '--queue-name', 'x'], '--queue-name needs --queue'],
    [
      ['compare', 'bilinear', '--queue', 'redis://127.0.0.1:1'],
      'no Redis can be used at redis://127.0.0.1:1',
    ],
    [['worker'], 'worker needs the address of a queue'],
    [['worker', 'redis://127.0.0.1:1'], 'did you mean --queue redis://127.0.0.1:1?'],
    [['worker', '--queue', 'localhost'], 'expected redis://host:6379'],
    [['worker', '--queue', 'redis://x', '--lock-seconds', '0'], 'expected at least 1'],
  ])('%j', (args, words) => {
    const { status, stderr } = stillpoint(args);
    expect(stderr).toContain(words);
    expect(status).toBe(2);
  });
});
