import { availableParallelism, hostname } from 'node:os';
import type { Job as QueuedJob } from 'bullmq';
import { InputError, messageOf, shown } from '@stillpoint/operators';
import { passing } from '../trial/trial-folder.js';
import { processWorker } from '../trial/process-worker.js';
import type { TrialEvent } from '../trial/trial.js';
import { reused, type OpenWorker, type ReusedWorkers } from '../trial/worker.js';
import { GRACE, runAlone } from './alone.js';
import { connect, libraries, within, type QueueAddress } from './connect.js';
import {
  KEPT_SECONDS,
  NOT_WAITED,
  checkFiles,
  readJob,
  type Job,
  type JobReport,
  type JobResult,
} from './job.js';

/** What a worker does, for people who watch it. */
export interface ServingEvent {
  readonly kind:
    | 'ready'
    | 'began'
    | 'went on'
    | 'done'
    | 'stopped'
    | 'failed'
    | 'returned'
    | 'lost'
    /** A checkpoint could not be written to the queue, and the trial goes on without it. */
    | 'unkept'
    /** The connection to Redis was lost, or made again. */
    | 'connection';
  /** The job's name; empty of `ready` and `connection`. */
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
  /** Called with everything that the worker does. */
  readonly onEvent?: (event: ServingEvent) => void;
}

/** So often a job may lose its worker and go on from its checkpoint; one that kills every worker ends so. */
const MOST_STALLS = 100;

/** Milliseconds for which the end of the work waits for its trials, and for Redis to take them back. */
const CLOSING = GRACE + 10_000;

/** Writes a checkpoint only while this worker holds the job's lock, since its successor's would be newer. */
const WRITE = `if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[3])
  return 1
end
return 0`;

/** Whether an event is replaced by later ones of its kind. */
const replaced = ({ kind }: TrialEvent): boolean => kind === 'course' || kind === 'prices';

/** @throws InputError for numbers with which nothing would be run, or no lock be kept. */
function checkServing(processes: number, lockSeconds: number): void {
  if (!(Number.isSafeInteger(processes) && processes >= 1))
    throw new InputError(`processes is ${shown(processes)}; expected a whole number >= 1`);
  if (!(Number.isFinite(lockSeconds) && lockSeconds > 0))
    throw new InputError(`lockSeconds is ${shown(lockSeconds)}; expected a number > 0, such as 30`);
}

/**
 * Takes trials from a queue and runs them, each in a process of its own, until the signal comes. If this
 * process is killed, another worker goes on with its trials from their last checkpoints, bit for bit on a
 * machine that computes alike; a trial on a game, which takes seconds, begins anew.
 * @throws InputError if there is no Redis, or bullmq and ioredis are not installed.
 */
export async function serveQueue(options: Serving): Promise<void> {
  const { processes = availableParallelism(), lockSeconds = 30, signal, onEvent = () => {} } = options;
  checkServing(processes, lockSeconds);
  const open = options.worker ?? processWorker;
  const places = reused(open);
  // a process keeps what it has loaded of a file, and of what it imports, so that another program gets others
  let ofFiles = { key: '', places: reused(open) };
  const placesFor = ({ files, asker }: Job): ReusedWorkers => {
    if (files.length === 0) return places;
    const key = JSON.stringify([asker, files]);
    if (ofFiles.key !== key) {
      ofFiles.places.close();
      ofFiles = { key, places: reused(open) };
    }
    return ofFiles.places;
  };
  const loaded = await libraries();
  const { redis, another, disconnect, name, keys } = await connect(loaded, options, (message) =>
    onEvent({ kind: 'connection', name: '', message }),
  );
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
      await checkFiles(asked);
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
          writing = writing
            .then(() => redis.eval(WRITE, 2, lock, keys.checkpoint(id), token, bytes, KEPT_SECONDS))
            .catch((error: unknown) => said('unkept', messageOf(error))); // as where Redis is full
          return;
        }
        if (replaced(event)) events = events.filter(({ kind }) => kind !== event.kind);
        if (!passing.includes(event.kind)) events.push(event);
        if (event.kind === 'end') return; // a stopped trial may go on
        const live: JobReport = { attempt: job.attemptsStarted, event };
        redis.publish(keys.reports(id), JSON.stringify(live)).catch(() => {}); // only shown meanwhile
      };
      await runAlone(placesFor(asked).open, trial, report, {
        stop: ends.stop.signal,
        kill: ends.kill.signal,
      });
      await writing;
      const end = events.at(-1);
      if (signal?.aborted && end?.kind === 'end' && end.status === 'stopped') {
        await job.moveToWait(token);
        said('returned');
        throw new loaded.WaitingError();
      }
      const isWanted = 'carry' in asked.trial && asked.trial.carry?.whole === true;
      if (end?.kind === 'end' && end.status !== 'stopped' && !isWanted) await redis.del(keys.checkpoint(id));
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
      if (ends.stop.signal.aborted && !ends.kill.signal.aborted) {
        said('stopped');
        throw new Error(NOT_WAITED, { cause: error });
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
  // without an answer of Redis the trials go to others when their locks are over
  if (!(await within(CLOSING, worker.close()))) worker.disconnect().catch(() => {});
  for (const { kill } of running.values()) kill.abort();
  places.close();
  ofFiles.places.close();
  disconnect();
}
