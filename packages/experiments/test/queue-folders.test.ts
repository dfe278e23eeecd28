import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeCheckpoint } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import type { Section } from '@stillpoint/tracking';
import { createRun, readRun } from '@stillpoint/tracking/run';
import { folder } from '../../../testing/folder.js';
import { hasRedis, startRedis, type RedisServer } from '../../../testing/redis.js';
import {
  compareOnGame,
  compareOnGan,
  inlineWorker,
  type GanComparison,
  type TrialQueue,
} from '../src/index.js';
import { openQueue } from '../src/queue.js';
import { serving } from './serving.js';
import { onRing, ring, unneeded, withoutSeconds } from './small-ring.js';

/** What a run directory holds, without seconds and times. */
const contentOf = (path: string): object => {
  const run = readRun(path);
  const { state, ledger } = decodeCheckpoint(run.checkpoints.latest().bytes);
  return {
    config: run.config,
    environment: run.environment,
    identity: run.identity,
    rows: run
      .metrics()
      .map(({ seconds: _, values: { seconds: __, ...values }, ...row }) => ({ ...row, values })),
    notes: run.notes().map(({ kind, step, data }) => ({ kind, step, data })),
    pictures: run.pictures().map(({ path: _, png, ...picture }) => ({ ...picture, png: [...png] })),
    checkpoints: run.checkpoints.list().map(({ step, calls }) => ({ step, calls })),
    state,
    ledger,
  };
};
const contents = (trials: string): object =>
  Object.fromEntries(readdirSync(trials).map((name) => [name, contentOf(join(trials, name))]));

/** Found everywhere. A queue names the engine, which would be `auto` in the settings of local runs. */
const engine = 'wasm';
let server: RedisServer;
let number = 0;
const fresh = (): { readonly url: string; readonly name: string } => ({
  url: server.url,
  name: `folders-${++number}`,
});

describe.skipIf(!hasRedis)('the run directories of a queue', () => {
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  const compared = async (
    place: { readonly url: string; readonly name: string },
    trials: string,
    more: GanComparison = {},
    said: string[] = [],
  ): Promise<Section> => {
    const queue: TrialQueue = await openQueue({
      ...place,
      checkpointSeconds: 0,
      onIdle: (message) => said.push(message),
    });
    try {
      return await compareOnGan(ring, { ...onRing, engine, ...more, folder: trials, queue });
    } finally {
      await queue.close();
    }
  };
  /** Checkpoints in Redis. */
  const carried = async ({ url, name }: { readonly url: string; readonly name: string }): Promise<number> => {
    const redis = new Redis(url);
    const keys = await redis.keys(`${name}-*:checkpoint:*`);
    redis.disconnect();
    return keys.length;
  };

  it('are those of runs here, also of a run whose worker was stopped, and --continue reads them', async () => {
    const [place, here, there] = [fresh(), join(folder(), 'trials'), join(folder(), 'trials')];
    // long enough that word of a stop arrives before the end
    const long: GanComparison = { ...onRing, engine, calls: 2701 };
    const whole = withoutSeconds(await compareOnGan(ring, { ...long, folder: here, worker: inlineWorker() }));
    const workers = [serving({ ...place, processes: 1 })];
    const onProgress: GanComparison['onProgress'] = (records) => {
      const done = records.reduce((sum, { growing }) => sum + (growing['loss D']?.x.length ?? 0), 0);
      if (workers.length > 1 || done < 15) return;
      workers.push(serving({ ...place, processes: 1 }));
      void workers[0]!.stop();
    };
    await compared(place, there, { ...long, onProgress });
    for (const worker of workers) await worker.stop();
    expect(workers.flatMap(({ said }) => said).map(({ kind }) => kind)).toContain('went on');
    expect(Object.keys(contents(there))).toHaveLength(2);
    expect(contents(there)).toEqual(contents(here));
    // read from there, as after an interruption, nothing is run
    const read = await compareOnGan(ring, { ...long, folder: there, worker: unneeded });
    expect(withoutSeconds(read)).toEqual(whole);
    expect(await carried(place)).toBe(0);
  });

  it('are made by the first that asks; another gets the result, without a directory', async () => {
    const [place, first, second] = [fresh(), join(folder(), 'trials'), join(folder(), 'trials')];
    const worker = serving(place);
    const one = await compared(place, first);
    await worker.stop();
    const other = await compared(place, second);
    expect(withoutSeconds(other).runs).toEqual(withoutSeconds(one).runs);
    expect(readdirSync(first)).toHaveLength(2);
    expect(() => readdirSync(second)).toThrow('ENOENT');
  });

  it('on games are those of runs here, too', async () => {
    const [place, here, there] = [fresh(), join(folder(), 'trials'), join(folder(), 'trials')];
    const spec = 'quadratic(coupling=[[2,1],[1,3]])';
    const game = gameFrom(spec);
    const options = { title: 'mine', methods: ['gda', 'extragradient'], calls: 300, source: { spec } };
    const local = await compareOnGame(game, { ...options, folder: here, worker: inlineWorker() });
    const worker = serving(place);
    const queue = await openQueue(place);
    const sent = await compareOnGame(game, { ...options, folder: there, queue });
    await queue.close();
    await worker.stop();
    expect(withoutSeconds(sent)).toEqual(withoutSeconds(local));
    expect(Object.keys(contents(there))).toHaveLength(2);
    expect(contents(there)).toEqual(contents(here));
    expect(await carried(place)).toBe(0);
    expect(await compareOnGame(game, { ...options, folder: there, worker: unneeded })).toEqual(sent);
  });

  it('that cannot be written are named, and take no result away', async () => {
    const [place, trials] = [fresh(), join(folder(), 'trials')];
    const said: string[] = [];
    const worker = serving(place);
    const local: GanComparison = { ...onRing, engine, methods: ['extra-adam(stepSize=0.002)'] };
    const here = join(folder(), 'trials');
    await compareOnGan(ring, { ...local, folder: here, worker: inlineWorker() });
    const [name = ''] = readdirSync(here);
    const identity = readFileSync(join(here, name, 'trial.json'), 'utf8');
    const path = join(trials, name);
    const busy = createRun(path, {
      config: {},
      environment: {},
      identity: null,
      files: { 'trial.json': identity },
    });
    const { runs } = await compared(place, trials, {}, said);
    await worker.stop();
    busy.close();
    expect(runs.map(({ status }) => status)).toEqual(['budget', 'budget']);
    expect(said).toEqual([
      expect.stringMatching(/^The run directory .* could not be written: .*this process writes it already/),
    ]);
    expect(readRun(path).metrics()).toEqual([]);
  });
});
