import { messageOf } from '@stillpoint/operators';
import { folderOf } from '../trial/keeper.js';
import type { Trial } from '../trial/trial.js';
import type { OpenWorker, TrialQueue, WorkerReport } from '../trial/worker.js';
import { connect, libraries, within, withoutPassword, type QueueAddress } from './connect.js';
import { readReport } from './job.js';
import { jobsOf, type JobEnd } from './jobs.js';

/** Options of {@link openQueue}. */
export interface QueueOptions extends QueueAddress {
  /** Seconds between two checkpoints of a trial. Default 30, more where writing takes over 1 % of it. */
  readonly checkpointSeconds?: number;
  /**
   * Called with a sentence if trials wait and no worker is connected, once; when the connection to Redis is
   * lost and made again; and if the run directory of a trial could not be written.
   */
  readonly onIdle?: (message: string) => void;
}

/** Milliseconds between two looks at jobs of which no word came, and at whether there are workers. */
const LOOK = 2000;

/** Milliseconds for which the end of the connection waits for a Redis that does not answer. */
const CLOSING = 2000;

/** Words of ends that Redis keeps for those who listen. Each holds the result, which may be large. */
const MOST_EVENTS = 20;

/** Listeners by what they listen to. */
function listeners<T>(): {
  /** Returns what takes it away, and says whether it was the last of its key. */
  readonly add: (key: string, listener: (value: T) => void) => () => boolean;
  readonly tell: (key: string, value: T) => void;
  readonly keys: () => readonly string[];
} {
  const all = new Map<string, Set<(value: T) => void>>();
  return {
    add(key, listener) {
      const set = all.get(key) ?? new Set();
      all.set(key, set.add(listener));
      return () => set.delete(listener) && set.size === 0 && all.delete(key);
    },
    tell(key, value) {
      for (const listener of all.get(key) ?? []) listener(value);
    },
    keys: () => [...all.keys()],
  };
}

/**
 * Opens a queue on which the workers of `serveQueue`, here or on other machines, run trials. A trial with a
 * `keep` has the identity of its numbers: if the queue holds it already, it is not run twice, and its result
 * is taken from there, for a week after its end. Who asked first has its run directory then. An interrupted
 * trial goes on from its last checkpoint. What is reported meanwhile may be incomplete; the record at the end
 * is that of a run without interruption. A job that somebody else stopped, or that Redis lost, is put on the
 * queue again.
 * @throws InputError if there is no Redis, or bullmq and ioredis are not installed.
 */
export async function openQueue(options: QueueOptions): Promise<TrialQueue> {
  const { checkpointSeconds, onIdle = () => {} } = options;
  const loaded = await libraries();
  const { redis, another, disconnect, name, keys } = await connect(loaded, options, onIdle);
  const reports = another();
  const queue = new loaded.Queue<unknown, unknown>(name, {
    connection: redis,
    streams: { events: { maxLen: MOST_EVENTS } },
  });
  const jobs = jobsOf(queue, redis, keys, checkpointSeconds);
  const ends = new loaded.QueueEvents(name, { connection: another() });
  queue.on('error', () => {}); // of the connection, which is made again
  ends.on('error', () => {});
  await ends.waitUntilReady();
  // two trials of this program may be the same job, so each has its listener
  /** What to do at word of a job's end, and at its reports. */
  const ending = listeners<void>();
  const hearing = listeners<unknown>();
  const ended = ({ jobId: id }: { readonly jobId: string }): void => ending.tell(id);
  ends.on('completed', ended);
  ends.on('failed', ended);
  reports.on('message', (channel, text) => hearing.tell(channel, JSON.parse(text)));
  let told = false;
  let alone = 0; // looks in a row without a worker: after a lost connection they come back one by one
  const look = setInterval(() => {
    for (const id of ending.keys()) ending.tell(id); // word of an end may be lost with a connection
    if (told || ending.keys().length === 0) return;
    queue.getWorkersCount().then(
      (count) => {
        alone = count > 0 ? 0 : alone + 1;
        if (alone < 2 || told) return;
        told = true;
        const shown = withoutPassword(options.url);
        const which = options.name === undefined ? '' : ` --queue-name ${options.name}`;
        onIdle(
          `No worker of these versions is connected to the queue ${name} at ${shown}; start one: npx stillpoint worker --queue ${shown}${which}`,
        );
      },
      () => {},
    );
  }, LOOK);

  /** Makes the folder of a trial that has ended; a full disk takes no result away. */
  const keptHere = async (trial: Trial, id: string): Promise<void> => {
    if (!('keep' in trial) || trial.keep === undefined) return;
    const checkpoint = await jobs.checkpointOf(id);
    if (checkpoint === undefined) return;
    try {
      if (folderOf(trial.keep, checkpoint)) await jobs.removeCheckpoint(id);
    } catch (error) {
      onIdle(`The run directory ${trial.keep.path} could not be written: ${messageOf(error)}`);
    }
  };

  const worker: OpenWorker = (on) => {
    let open = true;
    let stopping = false;
    let running: string | undefined;
    /** Ends the listening to the job. */
    let forget = (): void => {};
    const report = (what: WorkerReport): void => {
      if (open) on(what);
    };
    const exit = (reason: string): void => {
      report({ kind: 'exit', reason });
      open = false;
      forget();
    };
    const withdraw = (id: string): void => {
      jobs.withdraw(id).then(
        (gone) => gone && exit('It was taken off the queue before it began.'),
        () => {},
      );
    };
    /** Waits for the end of a job, and passes on what it reports meanwhile. */
    const followed = async (id: string): Promise<JobEnd> => {
      running = id;
      let attempt = 0;
      const channel = keys.reports(id);
      const deaf = hearing.add(channel, (message) => {
        const live = readReport(message);
        if (live.attempt < attempt) return; // of a worker that has lost the job
        if (attempt > 0 && live.attempt > attempt) report({ kind: 'again' });
        attempt = live.attempt;
        report({ kind: 'event', event: live.event });
      });
      forget = () => {
        running = undefined;
        if (deaf()) reports.unsubscribe(channel).catch(() => {});
      };
      await reports.subscribe(channel);
      if (stopping) withdraw(id); // the word to stop came before there was a job
      return new Promise((resolve, reject) => {
        let looking = false;
        const check = (): void => {
          if (looking) return;
          looking = true;
          jobs
            .endOf(id)
            .then((found) => found && resolve(found), reject)
            .finally(() => (looking = false));
        };
        const unhear = ending.add(id, check);
        const before = forget;
        forget = () => {
          unhear();
          before();
        };
        check();
      });
    };
    /** Runs a trial to its own end: a job that another program stopped or removed is put there again. */
    const made = async (trial: Trial): Promise<void> => {
      let end: JobEnd;
      do {
        const id = await jobs.submit(trial);
        end = await followed(id);
        forget();
        if (end.kind === 'ended') await keptHere(trial, id);
      } while (end.kind !== 'ended' && open && !stopping);
      for (const one of end.reports) report(one);
    };
    queueMicrotask(() => report({ kind: 'ready' }));
    return {
      start(trial) {
        made(trial)
          .catch((error: unknown) => report({ kind: 'error', message: messageOf(error) }))
          .finally(() => {
            forget();
            report({ kind: 'ready' });
          });
      },
      stop() {
        stopping = true;
        if (running !== undefined) withdraw(running);
      },
      leave: () => exit('left'),
      kill: () => exit('It is still on the queue.'),
    };
  };

  return {
    worker,
    async close() {
      clearInterval(look);
      await within(CLOSING, Promise.all([queue.close(), ends.close()]));
      disconnect();
    },
  };
}
