import { processWorker } from './process-worker.js';
import { ended, enter, recordOf, type TrialRecord } from './record.js';
import type { Trial } from './trial.js';
import type { OpenWorker, TrialWorker, WorkerReport } from './worker.js';

/** Options of {@link runTrials}. */
export interface PoolOptions<T extends Trial = Trial> {
  /** How many workers run at once. */
  readonly processes: number;
  /** What runs the trials. Default: a process for each worker. */
  readonly worker?: OpenWorker;
  /** The record of a trial that has ended before, which is not run again. Default: all are run. */
  readonly ended?: (trial: T) => TrialRecord<T> | undefined;
  /**
   * Called whenever a trial has reported something. If it throws, all trials are ended and `runTrials`
   * rejects with its error.
   */
  readonly onProgress?: (records: readonly TrialRecord<T>[]) => void;
  /**
   * Stops each running trial after its current step, and begins no more. A step that takes longer than 300 ms
   * is not waited for; 3 s if trials keep folders, so that they can write a checkpoint.
   */
  readonly signal?: AbortSignal;
}

/** Milliseconds after the signal at which a worker that has not stopped is ended. */
const GRACE = 300;
const GRACE_TO_WRITE = 3000;

/**
 * Runs trials in several workers. If a trial fails or its worker dies, the others go on, and a new worker
 * takes the place of a dead one. Resolves once all trials have ended or, after the signal, once the running
 * ones have. Records keep what was reported; a trial that never began stays `waiting`.
 */
export async function runTrials<T extends Trial>(
  trials: readonly T[],
  { processes, worker: open = processWorker, ended: endedBefore, onProgress, signal }: PoolOptions<T>,
): Promise<readonly TrialRecord<T>[]> {
  const records = trials.map((trial) => endedBefore?.(trial) ?? recordOf(trial));
  const queue = records.filter((record) => !ended(record));
  const workers = new Set<TrialWorker>();
  const broken: { error?: unknown } = {};
  // what stops on a game has nothing to write
  const writes = trials.some((trial) => 'keep' in trial && trial.kind !== 'game');
  const stop = (): void => {
    queue.length = 0;
    for (const worker of workers) worker.stop();
    setTimeout(
      () => {
        for (const worker of workers) worker.kill();
      },
      writes ? GRACE_TO_WRITE : GRACE,
    ).unref();
  };
  const progress = (): void => {
    if ('error' in broken) return;
    try {
      onProgress?.(records);
    } catch (error) {
      broken.error = error;
      stop();
    }
  };

  /** Opens one worker; resolves at its end. */
  const shift = (): Promise<void> =>
    new Promise((resolve) => {
      let record: TrialRecord<T> | undefined;
      let ready = false;
      const take = (): TrialRecord<T> | undefined => {
        const next = queue.shift();
        if (next) next.status = 'running';
        return next;
      };
      const fail = (message: string): void => {
        if (record?.status === 'running') Object.assign(record, { status: 'failed', message });
      };
      const hear = (report: WorkerReport): void => {
        if (report.kind === 'event') {
          if (record?.status === 'running') enter(record, report.event);
        } else if (report.kind === 'again') {
          if (record?.status === 'running')
            Object.assign(record, recordOf(record.trial), { status: 'running' });
        } else if (report.kind === 'error') {
          fail(report.message);
        } else if (report.kind === 'ready') {
          fail('It ended without saying how.');
          ready = true;
          record = take();
          if (record) worker.start(record.trial);
          else worker.leave();
        } else {
          workers.delete(worker);
          // it died before it took a trial: without failing one, its successors would die the same way for
          // ever
          if (!ready) record = take();
          if (signal?.aborted && record?.status === 'running') {
            Object.assign(record, { status: 'stopped', message: stopped(record) });
          }
          fail(report.reason);
          resolve();
        }
        progress();
      };
      const worker = open(hear);
      workers.add(worker);
    });

  if (queue.length === 0) progress();
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  const lane = async (): Promise<void> => {
    while (queue.length > 0) await shift();
  };
  await Promise.all(Array.from({ length: Math.min(processes, queue.length) }, lane));
  signal?.removeEventListener('abort', stop);
  if ('error' in broken) throw broken.error;
  return records;
}

/** The message of a trial whose last step was not waited for. */
const stopped = ({ ledger: { steps } }: TrialRecord): string =>
  steps === 0
    ? 'Stopped before its first step had ended.'
    : `Stopped after ${steps} steps, during one that was not waited for.`;
