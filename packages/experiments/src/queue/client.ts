import { messageOf } from '@stillpoint/operators';
import type { Trial } from '../trial/trial.js';
import type { OpenWorker, TrialQueue, WorkerReport } from '../trial/worker.js';
import { connect, libraries, withoutPassword, type QueueAddress } from './connect.js';
import { KEPT_SECONDS, jobId, jobOf, readReport, readResult } from './job.js';

/** Options of {@link openQueue}. */
export interface QueueOptions extends QueueAddress {
  /** Seconds between two checkpoints of a trial. Default 30, more where writing takes over 1 % of it. */
  readonly checkpointSeconds?: number;
  /** Called once with a sentence if trials wait and no worker is connected. */
  readonly onIdle?: (message: string) => void;
}

/** Milliseconds between two looks at jobs of which no word came, and at whether there are workers. */
const LOOK = 2000;

/** What a trial's job is called where queues are looked at. */
function nameOf(trial: Trial): string {
  if (trial.kind === 'field') return 'the arrows of a game’s field';
  const { method, seed } = trial;
  const words = typeof method === 'string' ? method : 'name' in method ? method.name : 'a method';
  if (trial.kind === 'local') return `${words}, worker ${trial.worker} up to step ${trial.steps}`;
  return seed === null ? words : `${words}, seed ${seed}`;
}

/**
 * Opens a queue on which the workers of `serveQueue`, here or on other machines, run trials. A trial with a
 * `keep` has the identity of its numbers: if the queue holds it already, it is not run twice, and its result
 * is taken from there, for a week after its end. An interrupted trial goes on from its last checkpoint. What
 * is reported meanwhile may be incomplete; the record at the end is that of a run without interruption.
 * @throws InputError if there is no Redis, or bullmq and ioredis are not installed.
 */
export async function openQueue(options: QueueOptions): Promise<TrialQueue> {
  const { checkpointSeconds, onIdle = () => {} } = options;
  const loaded = await libraries();
  const { redis, another, disconnect, name, keys } = await connect(loaded, options);
  const reports = another();
  const queue = new loaded.Queue<unknown, unknown>(name, { connection: redis });
  const ends = new loaded.QueueEvents(name, { connection: another() });
  queue.on('error', () => {}); // of the connection, which is made again
  ends.on('error', () => {});
  await ends.waitUntilReady();
  /** What to do at word of a job's end, and at its reports. */
  const ending = new Map<string, () => void>();
  const hearing = new Map<string, (report: unknown) => void>();
  const ended = ({ jobId: id }: { readonly jobId: string }): void => ending.get(id)?.();
  ends.on('completed', ended);
  ends.on('failed', ended);
  reports.on('message', (channel, text) => hearing.get(channel)?.(JSON.parse(text)));
  let told = false;
  const look = setInterval(() => {
    for (const check of ending.values()) check(); // word of an end may be lost with a connection
    if (told || ending.size === 0) return;
    queue.getWorkersCount().then(
      (count) => {
        if (count > 0 || told) return;
        told = true;
        onIdle(
          `No worker is connected to the queue at ${withoutPassword(options.url)}; start one: npx stillpoint worker --queue ${withoutPassword(options.url)}`,
        );
      },
      () => {},
    );
  }, LOOK);

  /** Puts a trial on the queue, unless it is there; returns the job's id. */
  const submitted = async (trial: Trial): Promise<string> => {
    const id = jobId(trial);
    const before = id === undefined ? undefined : await queue.getJob(id);
    if (before !== undefined) {
      const state = await before.getState();
      const over = state === 'failed' || (state === 'completed' && isStopped(before.returnvalue));
      if (!over) return before.id ?? '';
      await before.remove(); // to be run again, from its checkpoint if it has one
    }
    const job = await queue.add(nameOf(trial), jobOf(trial, checkpointSeconds), {
      ...(id === undefined ? {} : { jobId: id }),
      removeOnComplete: { age: KEPT_SECONDS },
      removeOnFail: { age: KEPT_SECONDS },
    });
    return job.id ?? '';
  };

  const worker: OpenWorker = (on) => {
    let open = true;
    let running: string | undefined;
    const report = (what: WorkerReport): void => {
      if (open) on(what);
    };
    const exit = (reason: string): void => {
      report({ kind: 'exit', reason });
      open = false;
      forget();
    };
    const forget = (): void => {
      if (running === undefined) return;
      ending.delete(running);
      hearing.delete(keys.reports(running));
      reports.unsubscribe(keys.reports(running)).catch(() => {});
      running = undefined;
    };
    /** Waits for the end of a job, and passes on what it reports meanwhile. */
    const followed = async (id: string): Promise<void> => {
      running = id;
      let attempt = 0;
      hearing.set(keys.reports(id), (message) => {
        const live = readReport(message);
        if (live.attempt < attempt) return; // of a worker that has lost the job
        if (attempt > 0 && live.attempt > attempt) report({ kind: 'again' });
        attempt = live.attempt;
        report({ kind: 'event', event: live.event });
      });
      await reports.subscribe(keys.reports(id));
      const end = await new Promise<WorkerReport | readonly WorkerReport[]>((resolve, reject) => {
        let looking = false;
        const check = (): void => {
          if (looking) return;
          looking = true;
          endOf(id)
            .then((found) => found && resolve(found), reject)
            .finally(() => (looking = false));
        };
        ending.set(id, check);
        check();
      });
      for (const one of [end].flat()) report(one);
    };
    queueMicrotask(() => report({ kind: 'ready' }));
    return {
      start(trial) {
        submitted(trial)
          .then(followed)
          .catch((error: unknown) => report({ kind: 'error', message: messageOf(error) }))
          .finally(() => {
            forget();
            report({ kind: 'ready' });
          });
      },
      stop() {
        if (running === undefined) return;
        const id = running;
        withdrawn(id).then(
          (gone) => gone && exit('It was taken off the queue before it began.'),
          () => {},
        );
      },
      leave: () => exit('left'),
      kill: () => exit('It is still on the queue.'),
    };
  };

  /** What to report of a job that has ended; undefined of one that has not. */
  async function endOf(id: string): Promise<readonly WorkerReport[] | undefined> {
    const job = await queue.getJob(id);
    if (job === undefined) return [{ kind: 'error', message: 'Its job was removed from the queue.' }];
    const state = await job.getState();
    if (state === 'failed') return [{ kind: 'error', message: job.failedReason }];
    if (state !== 'completed') return undefined;
    const { events } = readResult((await queue.getJob(id))?.returnvalue);
    return [{ kind: 'again' }, ...events.map((event) => ({ kind: 'event', event }) as const)];
  }

  /** Takes a job off the queue; one that runs is asked to stop instead, and false is returned. */
  async function withdrawn(id: string): Promise<boolean> {
    const job = await queue.getJob(id);
    if (job === undefined) return true;
    const state = await job.getState();
    if (state !== 'active') return job.remove().then(() => true);
    await redis.publish(keys.requests, id);
    return false;
  }

  return {
    worker,
    async close() {
      clearInterval(look);
      await Promise.all([queue.close(), ends.close()]);
      disconnect();
    },
  };
}

/** Whether a job's result is that of a trial that was stopped. */
function isStopped(result: unknown): boolean {
  const end = readResult(result).events.at(-1);
  return end?.kind === 'end' && end.status === 'stopped';
}
