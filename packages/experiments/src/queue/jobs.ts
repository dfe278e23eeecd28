import { randomUUID } from 'node:crypto';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Trial } from '../trial/trial.js';
import type { WorkerReport } from '../trial/worker.js';
import type { Connected } from './connect.js';
import { KEPT_SECONDS, NOT_WAITED, jobId, jobOf, readResult } from './job.js';

/** How a job ended, and what is to be reported of it. */
export interface JobEnd {
  /** `ended`: by itself. `stopped`: somebody asked for it. `gone`: it is no longer there. */
  readonly kind: 'ended' | 'stopped' | 'gone';
  readonly reports: readonly WorkerReport[];
}

/** What a program does with its jobs. */
export interface Jobs {
  /** Puts a trial on the queue, unless it is there; returns the job's id. */
  submit(trial: Trial): Promise<string>;
  /** How a job ended; undefined of one that has not. */
  endOf(id: string): Promise<JobEnd | undefined>;
  /** The last checkpoint of a job, which Redis keeps until it is removed. */
  checkpointOf(id: string): Promise<Uint8Array | undefined>;
  removeCheckpoint(id: string): Promise<void>;
  /** Takes a job off the queue; one that runs is asked to stop instead, and false is returned. */
  withdraw(id: string): Promise<boolean>;
}

/** What a trial's job is called where queues are looked at. */
function nameOf(trial: Trial): string {
  if (trial.kind === 'field') return 'the arrows of a game’s field';
  const { method, seed } = trial;
  const words = typeof method === 'string' ? method : 'name' in method ? method.name : 'a method';
  if (trial.kind === 'local') return `${words}, worker ${trial.worker} up to step ${trial.steps}`;
  return seed === null ? words : `${words}, seed ${seed}`;
}

const failed = (message: string): readonly WorkerReport[] => [{ kind: 'error', message }];

/** The jobs of a queue. */
export function jobsOf(
  queue: Queue<unknown, unknown>,
  redis: Redis,
  keys: Connected['keys'],
  checkpointSeconds: number | undefined,
): Jobs {
  /** Jobs of this program whose result nobody else can ask for. */
  const own = new Set<string>();
  const asker = randomUUID();
  const endOf = async (id: string): Promise<JobEnd | undefined> => {
    const state = await (await queue.getJob(id))?.getState();
    if (state !== undefined && state !== 'failed' && state !== 'completed' && state !== 'unknown')
      return undefined;
    const job = await queue.getJob(id); // read after its state, so that its result is there
    if (job === undefined || state === undefined || state === 'unknown')
      return { kind: 'gone', reports: failed('Its job was removed from the queue.') };
    if (state === 'failed')
      return {
        kind: job.failedReason === NOT_WAITED ? 'stopped' : 'ended',
        reports: failed(job.failedReason),
      };
    const { events } = readResult(job.returnvalue);
    const last = events.at(-1);
    const kind = last?.kind === 'end' && last.status === 'stopped' ? 'stopped' : 'ended';
    return {
      kind,
      reports: [{ kind: 'again' }, ...events.map((event) => ({ kind: 'event', event }) as const)],
    };
  };
  return {
    async submit(trial) {
      const id = jobId(trial);
      if (id !== undefined) {
        const before = await queue.getJob(id);
        const state = await before?.getState();
        const again = state === 'failed' || (state === 'completed' && (await endOf(id))?.kind === 'stopped');
        // to be run again, from its checkpoint if it has one; another program may have been faster
        if (again) await before?.remove().catch(() => {});
      }
      const job = await queue.add(nameOf(trial), await jobOf(trial, checkpointSeconds, asker), {
        ...(id === undefined ? {} : { jobId: id }),
        removeOnComplete: { age: KEPT_SECONDS },
        removeOnFail: { age: KEPT_SECONDS },
      });
      if (id === undefined && job.id !== undefined) own.add(job.id);
      return job.id ?? '';
    },
    async endOf(id) {
      const end = await endOf(id);
      if (end !== undefined && own.delete(id)) await (await queue.getJob(id))?.remove();
      return end;
    },
    async checkpointOf(id) {
      const bytes = await redis.getBuffer(keys.checkpoint(id));
      return bytes === null ? undefined : Uint8Array.from(bytes);
    },
    async removeCheckpoint(id) {
      await redis.del(keys.checkpoint(id));
    },
    async withdraw(id) {
      const job = await queue.getJob(id);
      if (job === undefined) return true;
      const state = await job.getState();
      if (state === 'completed' || state === 'failed') return false; // its end is on its way
      if (state !== 'active') {
        const gone = await job.remove().then(
          () => true,
          () => false, // it has just begun
        );
        if (gone) return true;
      }
      await redis.publish(keys.requests, id);
      return false;
    },
  };
}
