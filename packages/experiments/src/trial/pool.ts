import { processWorker } from './process-worker.js';
import { enter, recordOf, type TrialRecord } from './record.js';
import type { Trial } from './trial.js';
import type { OpenWorker, TrialWorker, WorkerReport } from './worker.js';

/** How trials are run: options of {@link runTrials}. */
export interface PoolOptions<T extends Trial = Trial> {
  /** Workers at once. */
  readonly processes: number;
  /** What runs the trials. Default: processes of their own. */
  readonly worker?: OpenWorker;
  /**
   * Called whenever a trial has reported something. If it throws, all trials are ended and the error is
   * passed on.
   */
  readonly onProgress?: (records: readonly TrialRecord<T>[]) => void;
  /**
   * Stops what runs, after the step under way, and begins nothing more. A step that lasts is not waited for.
   */
  readonly signal?: AbortSignal;
}

/** Milliseconds from the signal until a worker that has not stopped is ended. */
const GRACE = 300;

/**
 * Runs trials, each in one of several workers. A trial that fails, or whose worker dies, fails alone: another
 * worker takes its place. Resolves once all trials have ended or, after the signal, once those under way
 * have. Records keep what was reported; a trial that never began is left as `waiting`.
 */
export async function runTrials<T extends Trial>(
  trials: readonly T[],
  { processes, worker: open = processWorker, onProgress, signal }: PoolOptions<T>,
): Promise<readonly TrialRecord<T>[]> {
  const records = trials.map(recordOf);
  const queue = [...records];
  const workers = new Set<TrialWorker>();
  const broken: { error?: unknown } = {};
  const stop = (): void => {
    queue.length = 0;
    for (const worker of workers) worker.stop();
    setTimeout(() => {
      for (const worker of workers) worker.kill();
    }, GRACE).unref();
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

  /** One worker, from its opening to its end. */
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
          // it died before it could take a trial; its successor would die the same way, forever
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

  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  const lane = async (): Promise<void> => {
    while (queue.length > 0) await shift();
  };
  await Promise.all(Array.from({ length: Math.min(processes, trials.length) }, lane));
  signal?.removeEventListener('abort', stop);
  if ('error' in broken) throw broken.error;
  return records;
}

/** Where a trial stood whose step was not waited for. */
const stopped = ({ ledger: { steps } }: TrialRecord): string =>
  steps === 0
    ? 'Stopped before its first step had ended.'
    : `Stopped after ${steps} steps, during one that was not waited for.`;
