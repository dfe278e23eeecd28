import { availableParallelism, hostname } from 'node:os';
import type { Job as QueuedJob } from 'bullmq';
import { messageOf } from '@stillpoint/operators';
import { passing } from '../trial/trial-folder.js';
import { processWorker } from '../trial/process-worker.js';
import type { TrialEvent } from '../trial/trial.js';
import { reused, type OpenWorker } from '../trial/worker.js';
import { runAlone } from './alone.js';
import { connect, libraries, type QueueAddress } from './connect.js';
import { KEPT_SECONDS, checkFiles, readJob, type JobReport, type JobResult } from './job.js';

/** What a worker does, for people who watch it. */
export interface ServingEvent {
  readonly kind: 'ready' | 'began' | 'went on' | 'done' | 'stopped' | 'failed' | 'returned' | 'lost';
  /** The job's name; empty of `ready`. */
  readonly name: string;
  readonly message: string;
}

/** Options of {@link serveQueue}. */
export interface Serving extends QueueAddress {
  /** How many trials are run at once. Default: as many as there are processors. */
  readonly processes?: number;
  /**
   * Seconds without a sign of life after which a worker counts as dead, and its trials go to others. Default
   * 30. The signs come from a process that computes nothing, at twice that rate.
   */
  readonly lockSeconds?: number;
  /**
   * Ends the work: running trials write a checkpoint after their step and go back to the queue. Without it
   * the work never ends.
   */
  readonly signal?: AbortSignal;
  /** What runs the trials. Default: a process for each. */
  readonly worker?: OpenWorker;
  readonly onEvent?: (event: ServingEvent) => void;
}

/** So often a job may lose its worker and go on from its checkpoint; one that kills every worker ends so. */
const MOST_STALLS = 100;

/** Writes a checkpoint only while this worker holds the job's lock, since its successor's would be newer. */
const WRITE = `if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[3])
  return 1
end
return 0`;

/** Whether an event is replaced by later ones of its kind. */
const replaced = ({ kind }: TrialEvent): boolean => kind === 'course' || kind === 'prices';

/**
 * Takes trials from a queue and runs them, each in a process of its own, until the signal comes. If this
 * process is killed, another worker goes on with its trials from their last checkpoints, bit for bit on a
 * machine that computes alike; a trial on a game, which takes seconds, begins anew.
 * @throws InputError if there is no Redis, or bullmq and ioredis are not installed.
 */
export async function serveQueue(options: Serving): Promise<void> {
  const { processes = availableParallelism(), lockSeconds = 30, signal, onEvent = () => {} } = options;
  const places = reused(options.worker ?? processWorker);
  const loaded = await libraries();
  const { redis, another, disconnect, name, keys } = await connect(loaded, options);
  const requests = another();
  /** Ends running jobs after their step, and at once. */
  const running = new Map<string, { readonly stop: AbortController; readonly kill: AbortController }>();

  const work = async (job: QueuedJob<unknown, JobResult>, token = ''): Promise<JobResult> => {
    const id = job.id ?? '';
    const said = (kind: ServingEvent['kind'], message = ''): void =>
      onEvent({ kind, name: job.name, message });
    const ends = { stop: new AbortController(), kill: new AbortController() };
    running.set(id, ends);
    try {
      const asked = readJob(job.data);
      checkFiles(asked);
      const from = await redis.getBuffer(keys.checkpoint(id));
      const trial =
        'carry' in asked.trial && from !== null
          ? { ...asked.trial, carry: { ...asked.trial.carry, from: Uint8Array.from(from) } }
          : asked.trial;
      said(from === null ? 'began' : 'went on');
      let events: TrialEvent[] = [];
      let writing: Promise<unknown> = Promise.resolve();
      const report = (event: TrialEvent): void => {
        if (event.kind === 'kept') {
          const lock = `${worker.toKey(id)}:lock`;
          const bytes = Buffer.from(event.bytes);
          writing = writing.then(() =>
            redis.eval(WRITE, 2, lock, keys.checkpoint(id), token, bytes, KEPT_SECONDS),
          );
          return;
        }
        if (replaced(event)) events = events.filter(({ kind }) => kind !== event.kind);
        if (!passing.includes(event.kind)) events.push(event);
        if (event.kind === 'end') return; // a stopped trial may go on
        const live: JobReport = { attempt: job.attemptsStarted, event };
        redis.publish(keys.reports(id), JSON.stringify(live)).catch(() => {}); // only shown meanwhile
      };
      await runAlone(places.open, trial, report, { stop: ends.stop.signal, kill: ends.kill.signal });
      await writing;
      const end = events.at(-1);
      if (signal?.aborted && end?.kind === 'end' && end.status === 'stopped') {
        await job.moveToWait(token);
        said('returned');
        throw new loaded.WaitingError();
      }
      if (end?.kind === 'end' && end.status !== 'stopped') await redis.del(keys.checkpoint(id));
      said(end?.kind === 'end' && end.status === 'stopped' ? 'stopped' : 'done');
      return { events };
    } catch (error) {
      if (error instanceof loaded.WaitingError) throw error;
      if (signal?.aborted && ends.stop.signal.aborted) {
        // its step took too long: it goes on elsewhere from its last checkpoint
        await job.moveToWait(token);
        said('returned');
        throw new loaded.WaitingError();
      }
      said(ends.kill.signal.aborted ? 'lost' : 'failed', messageOf(error));
      throw error;
    } finally {
      running.delete(id);
    }
  };

  const worker = new loaded.Worker<unknown, JobResult>(name, work, {
    connection: another(),
    name: hostname(),
    concurrency: processes,
    lockDuration: 1000 * lockSeconds,
    stalledInterval: 1000 * lockSeconds,
    maxStalledCount: MOST_STALLS,
    removeOnComplete: { age: KEPT_SECONDS },
    removeOnFail: { age: KEPT_SECONDS },
  });
  worker.on('error', () => {}); // of the connection, which is made again
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) running.get(id)?.kill.abort(); // another worker has the job now
  });
  requests.on('message', (_, id) => running.get(id)?.stop.abort());
  await requests.subscribe(keys.requests);
  await worker.waitUntilReady();
  onEvent({ kind: 'ready', name: '', message: name });
  await new Promise<void>((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
  for (const { stop } of running.values()) stop.abort();
  await worker.close();
  places.close();
  disconnect();
}
