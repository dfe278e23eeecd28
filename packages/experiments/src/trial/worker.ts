import { availableParallelism } from 'node:os';
import { InputError, messageOf } from '@stillpoint/operators';
import { runTrial, type Given } from './run.js';
import type { FromTrial } from './messages.js';
import type { Trial } from './trial.js';

/**
 * A report of a worker: about its trial; that what it reported of it so far is void, since the trial is
 * reported anew; or that the worker itself has ended and takes no more trials.
 */
export type WorkerReport =
  | FromTrial
  | { readonly kind: 'again' }
  | { readonly kind: 'exit'; readonly reason: string };

/** Runs one trial after another, in this process or in another. */
export interface TrialWorker {
  /** Begins a trial. To be called once after each `ready`. */
  start(trial: Trial): void;
  /** Asks the running trial to end after its current step. */
  stop(): void;
  /** Ends a worker that runs no trial. */
  leave(): void;
  /** Ends the worker at once, even during a trial. */
  kill(): void;
}

/** Opens a worker, which sends its reports to `on`; the first says that it is ready. */
export type OpenWorker = (on: (report: WorkerReport) => void) => TrialWorker;

/** A queue from which workers, here or on other machines, take trials. */
export interface TrialQueue {
  /** For `runTrials`: each of its workers is a place for one trial on the queue. */
  readonly worker: OpenWorker;
  /** Ends the connection. Trials that are still on the queue remain there. */
  close(): Promise<void>;
}

/** Where a comparison runs its trials. */
export interface Places {
  /**
   * A queue, as `openQueue` of `@stillpoint/experiments/queue` opens it: all trials are put on it at once,
   * and its workers run them. Objects cannot be sent to it. Default: processes of this program.
   */
  readonly queue?: TrialQueue;
  /** How many runs are made at once without a queue. Default: as many as there are processors. */
  readonly processes?: number;
  /** What runs the trials. Default: a process for each, or this process if there are objects. */
  readonly worker?: OpenWorker;
}

/**
 * What `runTrials` is given. @param inline for objects, which need this process. @throws InputError for
 * objects and a queue.
 */
export function placesFor(
  { queue, processes, worker }: Places,
  inline?: OpenWorker,
): { readonly processes: number; readonly worker?: OpenWorker } {
  if (inline !== undefined && queue !== undefined)
    throw new InputError('objects cannot be sent to a queue; expected specs and files');
  if (queue !== undefined) return { processes: Infinity, worker: queue.worker };
  if (worker !== undefined) return { processes: processes ?? availableParallelism(), worker };
  return inline === undefined
    ? { processes: processes ?? availableParallelism() }
    : { processes: 1, worker: inline };
}

/** Workers that remain for the next trials when they are to leave. */
export interface ReusedWorkers {
  readonly open: OpenWorker;
  /** Ends those that run no trial, and from now on the others when they are to leave. */
  close(): void;
}

/** Opens workers by `open`, and as few as there are trials at once. */
export function reused(open: OpenWorker): ReusedWorkers {
  interface Kept {
    readonly worker: TrialWorker;
    on: (report: WorkerReport) => void;
  }
  const idle: Kept[] = [];
  let closed = false;
  const begin = (on: Kept['on']): Kept => {
    const kept: Kept = { worker: open((report) => kept.on(report)), on };
    return kept;
  };
  return {
    open(on) {
      const before = idle.pop();
      const kept = before ?? begin(on);
      kept.on = on;
      if (before !== undefined) queueMicrotask(() => on({ kind: 'ready' }));
      return {
        start: (trial) => kept.worker.start(trial),
        stop: () => kept.worker.stop(),
        kill: () => kept.worker.kill(),
        leave() {
          if (closed) return kept.worker.leave();
          kept.on = (report) => {
            if (report.kind === 'exit' && idle.includes(kept)) idle.splice(idle.indexOf(kept), 1);
          };
          idle.push(kept);
          on({ kind: 'exit', reason: 'left' });
        },
      };
    },
    close() {
      closed = true;
      for (const { worker } of idle.splice(0)) worker.leave();
    },
  };
}

/**
 * Workers in this process, for games that are objects, which cannot be sent to another process, and for
 * tests. `kill` cannot end a trial's current step: the trial ends after it, and its reports are no longer
 * passed on.
 */
export function inlineWorker(given: Given = {}): OpenWorker {
  const all: Given = { loaded: new Map(), ...given };
  return (on) => {
    let open = true;
    let stop = new AbortController();
    const report = (what: WorkerReport): void => {
      if (open) on(what);
    };
    const exit = (reason: string): void => {
      report({ kind: 'exit', reason });
      open = false;
      stop.abort();
    };
    queueMicrotask(() => report({ kind: 'ready' }));
    return {
      start(trial) {
        stop = new AbortController();
        runTrial(trial, (event) => report({ kind: 'event', event }), stop.signal, all)
          .catch((error: unknown) => report({ kind: 'error', message: messageOf(error) }))
          .finally(() => report({ kind: 'ready' }));
      },
      stop: () => stop.abort(),
      leave: () => exit('left'),
      kill: () => exit('was ended'),
    };
  };
}
