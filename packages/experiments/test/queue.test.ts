import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findEngines } from '@stillpoint/engine';
import type { Section } from '@stillpoint/tracking';
import { folder } from '../../../testing/folder.js';
import { hasRedis, startRedis, type RedisServer } from '../../../testing/redis.js';
import {
  compareOnGan,
  federateTrials,
  inlineWorker,
  presets,
  runTrials,
  type GameTrial,
  type FederatedTrials,
  type OpenWorker,
  type Trial,
  type TrialQueue,
  type TrialRecord,
} from '../src/index.js';
import { serving } from './serving.js';
import { onRing, ring, unneeded, withoutSeconds } from './small-ring.js';
import { openQueue } from '../src/queue.js';

/** A section without seconds, and without how many runs were made at once: both differ. */
function ofWhatWasRun(section: Section): Section {
  const { settings, ...rest } = withoutSeconds(section);
  return { ...rest, settings: { ...settings, engine: '' } };
}

let server: RedisServer;
let number = 0;

async function withQueue<T>(name: string, use: (queue: TrialQueue) => Promise<T>): Promise<T> {
  const queue = await openQueue({ url: server.url, name, checkpointSeconds: 0 });
  try {
    return await use(queue);
  } finally {
    await queue.close();
  }
}

/** A trial that takes no time. */
const bilinear = (steps: number): GameTrial => ({
  kind: 'game',
  game: { spec: 'bilinear' },
  method: 'extragradient(stepSize=0.3)',
  seed: null,
  start: [1, 1],
  steps,
  tolerance: 1e-8,
});

describe.skipIf(!hasRedis)('trials on a queue', () => {
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());
  const fresh = (): { readonly url: string; readonly name: string } => ({
    url: server.url,
    name: `queue-${++number}`,
  });

  it('give the comparison that local ones give; asked for again, nothing is run', async () => {
    const place = fresh();
    const whole = ofWhatWasRun(await compareOnGan(ring, { ...onRing, worker: inlineWorker() }));
    const worker = serving(place);
    const compared = (): Promise<Section> =>
      withQueue(place.name, (queue) =>
        compareOnGan(ring, { ...onRing, folder: join(folder(), 'trials'), queue }),
      );
    expect(ofWhatWasRun(await compared())).toEqual(whole);
    await worker.stop();
    expect(worker.said.map(({ kind }) => kind).toSorted()).toEqual([
      'began',
      'began',
      'done',
      'done',
      'ready',
    ]);
    const idle = serving({ ...place, worker: unneeded });
    expect(ofWhatWasRun(await compared())).toEqual(whole);
    await idle.stop();
    expect(idle.said.map(({ kind }) => kind)).toEqual(['ready']);
  });

  it('go on elsewhere, bit for bit, when their worker is stopped', async () => {
    const place = fresh();
    const trials = join(folder(), 'trials');
    const whole = ofWhatWasRun(await compareOnGan(ring, { ...onRing, worker: inlineWorker() }));
    const workers = [serving({ ...place, processes: 1 })];
    let stops = 0;
    const section = await withQueue(place.name, (queue) =>
      compareOnGan(ring, {
        ...onRing,
        folder: trials,
        queue,
        onProgress(records) {
          const done = records.reduce((sum, { growing }) => sum + (growing['loss D']?.x.length ?? 0), 0);
          if (done < 25 * (stops + 1) || stops === 3) return;
          stops++;
          const gone = workers.at(-1)!.stop();
          void gone.then(() => workers.push(serving({ ...place, processes: 1 })));
        },
      }),
    );
    await workers.at(-1)!.stop();
    expect(ofWhatWasRun(section)).toEqual(whole);
    expect(stops).toBe(3);
    const kinds = workers.flatMap(({ said }) => said.map(({ kind }) => kind));
    expect(kinds.filter((kind) => kind === 'went on').length).toBeGreaterThanOrEqual(2);
    expect(kinds.filter((kind) => kind === 'done')).toHaveLength(2);
  });

  it('are withdrawn and stopped with the program that asked, and go on when it asks again', async () => {
    const place = fresh();
    const trials = join(folder(), 'trials');
    const whole = ofWhatWasRun(await compareOnGan(ring, { ...onRing, worker: inlineWorker() }));
    const worker = serving({ ...place, processes: 1 });
    const stop = new AbortController();
    const partial = await withQueue(place.name, (queue) =>
      compareOnGan(ring, {
        ...onRing,
        folder: trials,
        queue,
        signal: stop.signal,
        onProgress(records) {
          if (records.some(({ growing }) => (growing['loss D']?.x.length ?? 0) >= 15)) stop.abort();
        },
      }),
    );
    expect(partial.runs.map(({ status }) => status)).toEqual(['stopped', 'stopped']);
    const connection = new Redis(server.url);
    const counts = await new Queue(await fullName(place.name), { connection }).getJobCounts();
    connection.disconnect();
    expect(counts).toMatchObject({ waiting: 0, active: 0 });
    const section = await withQueue(place.name, (queue) =>
      compareOnGan(ring, { ...onRing, folder: trials, queue }),
    );
    await worker.stop();
    expect(ofWhatWasRun(section)).toEqual(whole);
    expect(worker.said.map(({ kind }) => kind)).toContain('went on');
  });

  it('on games and files of one’s own give what they give here, if the worker has the same files', async () => {
    const place = fresh();
    const file = join(folder(), 'mine.mjs');
    const code =
      'export default { players: { x: 1, y: 1 }, start: [1, 1], operator: ([x, y], out) => { out[0] = y + 0.1 * x; out[1] = -x; } };\n';
    writeFileSync(file, code);
    const mine = { module: pathToFileURL(file).href, name: 'mine.mjs' };
    const trial = (game: GameTrial['game']): GameTrial => ({
      kind: 'game',
      game,
      method: 'extragradient(stepSize=0.3)',
      seed: null,
      start: [1, 1],
      steps: 500,
      tolerance: 1e-8,
    });
    const trials = [trial(mine), trial({ spec: 'bilinear' })];
    const here = await runTrials(trials, { processes: 1, worker: inlineWorker() });
    const worker = serving(place);
    const given = (open?: (queue: TrialQueue) => OpenWorker): Promise<typeof here> =>
      withQueue(place.name, (queue) =>
        runTrials(trials, { processes: 2, worker: open ? open(queue) : queue.worker }),
      );
    const there = await given();
    expect(here.map(({ status }) => status)).toEqual(['converged', 'converged']);
    expect(there.map((record) => ({ ...record, seconds: 0 }))).toEqual(
      here.map((record) => ({ ...record, seconds: 0 })),
    );
    // the file changes between the question and the work
    await worker.stop();
    const late = given();
    await new Promise((resolve) => setTimeout(resolve, 500));
    writeFileSync(file, `${code}// changed`);
    const other = serving(place);
    const [changed, same] = await late;
    await other.stop();
    expect(changed).toMatchObject({ status: 'failed' });
    expect(changed!.message).toMatch(
      /mine\.mjs is not the one of the program that asked \(what differs: the file itself\); expected the same/,
    );
    expect(same).toMatchObject({ status: 'converged' });
    expect(other.said.map(({ kind }) => kind).toSorted()).toEqual(['failed', 'ready']);
  });

  it('that are equal, in one program, have one job and a record each', async () => {
    const worker = serving(fresh());
    const [first, second] = await withQueue(`queue-${number}`, (queue) =>
      runTrials([bilinear(20), bilinear(20)], { processes: 2, worker: queue.worker }),
    );
    await worker.stop();
    expect(first).toMatchObject({ status: 'budget' });
    expect(second).toEqual(first);
    expect(worker.said.map(({ kind }) => kind)).toEqual(['ready', 'began', 'done']);
  });

  it('go on for one program when another that asked for the same is stopped, or Redis loses them', async () => {
    const { url, name } = fresh();
    const [kept, left] = await Promise.all([openQueue({ url, name }), openQueue({ url, name })]);
    const stop = new AbortController();
    const of = (queue: TrialQueue, signal?: AbortSignal): Promise<readonly TrialRecord<GameTrial>[]> =>
      runTrials([bilinear(20)], { processes: 1, worker: queue.worker, ...(signal && { signal }) });
    const [one, other] = [of(kept), of(left, stop.signal)];
    const connection = new Redis(url);
    await expect.poll(() => connection.keys(`bull:${name}-*:meta`), { timeout: 10_000 }).toHaveLength(1);
    const queue = new Queue(await fullName(name), { connection });
    await expect.poll(() => queue.getWaitingCount(), { timeout: 10_000 }).toBe(1);
    stop.abort();
    expect((await other)[0]).toMatchObject({ status: 'stopped' });
    await expect.poll(() => queue.getWaitingCount(), { timeout: 10_000 }).toBe(1);
    await connection.flushdb();
    await expect.poll(() => queue.getWaitingCount(), { timeout: 10_000 }).toBe(1);
    const worker = serving({ url, name });
    expect((await one)[0]).toMatchObject({ status: 'budget' });
    await worker.stop();
    await Promise.all([queue.close(), kept.close(), left.close()]);
    connection.disconnect();
  });

  it('of data that are others where the worker is fail with words', async () => {
    const place = fresh();
    const roll = { ...presets.find(({ name }) => name === 'swiss-roll')!, batch: 8, samples: 16 };
    const file = join(folder(), 'points.csv');
    const write = (shift: number): void =>
      writeFileSync(
        file,
        Array.from({ length: 40 }, (_, i) => `${Math.sin(i) + shift},${Math.cos(i)}`).join('\n'),
      );
    write(0);
    const asked = withQueue(place.name, (queue) =>
      compareOnGan(roll, {
        methods: ['adam(stepSize=0.002)'],
        seeds: 1,
        calls: 10,
        data: file,
        folder: join(folder(), 'trials'),
        queue,
      }),
    );
    const connection = new Redis(server.url);
    await expect
      .poll(() => connection.keys(`bull:${place.name}-*:wait`), { timeout: 10_000 })
      .toHaveLength(1);
    connection.disconnect();
    write(1);
    const worker = serving(place);
    const { runs } = await asked;
    await worker.stop();
    expect(runs).toMatchObject([{ status: 'failed' }]);
    expect(runs[0]!.message).toMatch(
      /points\.csv.* are not those of the program that asked; expected the same/,
    );
  });

  it('are the local steps of a federation as well, bit for bit', async () => {
    const place = fresh();
    const workers = [serving(place), serving(place)];
    const asked: FederatedTrials = {
      problem: { spec: 'min-max-auc(dimension=3, examples=60, batch=4)' },
      method: 'coda(stepSize=0.3, steps=10)',
      workers: 4,
      every: 5,
      rounds: 6,
    };
    const here = await federateTrials({ ...asked, worker: inlineWorker() });
    const there = await withQueue(place.name, (queue) => federateTrials({ ...asked, queue }));
    for (const worker of workers) await worker.stop();
    expect(there).toEqual(here);
    const done = workers.map(({ said }) => said.filter(({ kind }) => kind === 'done').length);
    expect(done.reduce((sum, n) => sum + n)).toBe(24);
    // messages as large as the state are not kept
    const connection = new Redis(server.url);
    const queue = new Queue(await fullName(place.name), { connection });
    expect(await queue.getJobCounts()).toMatchObject({ completed: 0, failed: 0, waiting: 0 });
    await queue.close();
    connection.disconnect();
  });

  it('that are of another shape fail with words, and the worker goes on', async () => {
    const place = fresh();
    const worker = serving(place);
    await expect.poll(() => worker.said.length).toBe(1);
    const connection = new Redis(server.url);
    const queue = new Queue(worker.said[0]!.message, { connection });
    const job = await queue.add('wrong', { trial: { kind: 'game', game: { spec: 'bilinear' } }, files: [] });
    await expect.poll(() => job.getState()).toBe('failed');
    expect((await queue.getJob(job.id!))?.failedReason).toMatch(/another shape: trial\.method/);
    const [record] = await withQueue(place.name, ({ worker: open }) =>
      runTrials([bilinear(5)], { processes: 1, worker: open }),
    );
    expect(record).toMatchObject({ status: 'budget' });
    await worker.stop();
    await queue.close();
    connection.disconnect();
  });

  it('wait if no worker is there, and the program that asked is told once', async () => {
    const { url, name } = fresh();
    const said: string[] = [];
    const queue = await openQueue({ url, name, onIdle: (message) => said.push(message) });
    const stop = new AbortController();
    const waiting = runTrials([bilinear(5)], { processes: 1, worker: queue.worker, signal: stop.signal });
    await expect.poll(() => said.length, { timeout: 10_000 }).toBe(1);
    stop.abort();
    expect((await waiting)[0]).toMatchObject({ status: 'stopped' });
    await queue.close();
    expect(said[0]).toMatch(
      new RegExp(
        `^No worker of these versions .* npx stillpoint worker --queue redis:.* --queue-name ${name}$`,
      ),
    );
  });
});

it('a comparison names the engine in what it sends: auto may be another one elsewhere', async () => {
  const sent: Trial[] = [];
  const worker: OpenWorker = (on) => {
    queueMicrotask(() => on({ kind: 'ready' }));
    return {
      start(trial) {
        sent.push(trial);
        on({ kind: 'error', message: 'not run' });
        on({ kind: 'ready' });
      },
      stop() {},
      leave: () => on({ kind: 'exit', reason: 'left' }),
      kill() {},
    };
  };
  const { runs } = await compareOnGan(ring, { ...onRing, queue: { worker, close: async () => {} } });
  expect(runs.map(({ message }) => message)).toEqual(['not run', 'not run']);
  const [found] = (await findEngines(['native', 'wasm'])).filter((status) => status.found);
  expect(sent).toMatchObject([{ engine: found!.engine }, { engine: found!.engine }]);
});

/** The queue's name with the versions. */
async function fullName(name: string): Promise<string> {
  const redis = new Redis(server.url);
  const keys = await redis.keys(`bull:${name}-*:meta`);
  redis.disconnect();
  return keys[0]!.split(':')[1]!;
}
